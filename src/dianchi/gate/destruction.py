"""Destroying what an exit leaves behind: keys of the lake, what developers keep inside, and the certificate of it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from dianchi.chapters.supervision.exits import standing
from dianchi.chapters.supervision.exits.models import Exit
from dianchi.chapters.supervision.exits.queries import to_destroy
from dianchi.engines.lake import Destroyed
from dianchi.foundation.cases.perform import Done, perform, refusals
from dianchi.foundation.cases.registry import get_case
from dianchi.gate.store import lake
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError, Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

log = logging.getLogger("dianchi.gate.destruction")
STILL_KEPT = Refusal(
    "exits.own-data-kept", Text("开发主体的自有数据或者结果尚未销毁", "Own data or results of a developer are still kept"),
    cite("PIPL", 21), Text("平台随后自动销毁，请稍候", "The platform destroys them shortly"), ("R52",),
)  # fmt: skip
_QUARANTINE = "-quarantine"


def sweep(at: datetime) -> int:
    """Destroy for every exit whose destruction was ordered; how many were done."""
    done = 0
    for case in to_destroy():
        try:
            destroy(case.code, at)
            done += 1
        except DomainError as refused:  # one exit must not keep the others from theirs
            log.warning("%s: %s", case.code, refused)
    return done


def destroy(code: str, at: datetime) -> Done:
    """Destroy and certify. It may be taken up again wherever it died: what is destroyed tells the same once more."""
    case: Exit = get_case("exits", code, PLATFORM)
    if reasons := refusals("exits", "destroy", by=PLATFORM, at=at, case=case):
        raise RuleBroken(*reasons)
    own = _own(case)
    gone, kept = standing.tables(case, at)
    held = lake().resources()
    found = [lake().destroy(t, at) for name in gone for t in held if t == name or t.startswith(name + _QUARANTINE)]
    certificate = {
        "exit": case.code, "subject": case.subject.code, "party": case.party, "tables": [_told(d) for d in found],
        "own": own,
        "kept": [{"resource": resource, "agreement": agreement} for resource, agreement in sorted(kept.items())],
        "witnesses": [w["organisation"] for w in case.witnesses], "destroyed_at": at.isoformat(),
    }  # fmt: skip
    certificate["digest"] = canonical.sm3(certificate)
    return perform("exits", "destroy", by=PLATFORM, at=at, code=case.code, inputs={"certificate": certificate})


def _told(destroyed: Destroyed) -> dict[str, Any]:
    return {
        "resource": destroyed.resource, "key_id": destroyed.key_id, "files": destroyed.files, "rows": destroyed.rows,
        "bytes": destroyed.bytes, "digest": destroyed.digest, "digests": list(destroyed.sm3),
    }  # fmt: skip


def _own(case: Exit) -> list[dict[str, Any]]:
    """Own data and results that the platform destroyed once the agreement had ended; TryLater while any is left."""
    if standing.own(case, ("in-use", "isolated", "ended")):
        raise TryLater(STILL_KEPT)
    gone = standing.own(case, ("destroyed",))
    return [{"kind": c.lifecycle.name, "code": c.code, "bytes": c.destroyed_bytes or 0} for c in gone]
