"""One entry of the ledger, and its proof checked before the reader's eyes."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.engines.crypto.notes import verifiers_of
from dianchi.foundation import ledger
from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.web import parties, timeline
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import NotFound, TryLater

ALL = frozenset({Role.AUDITOR, Role.AUDIT_ADMIN})  # who may read entries of cases that they cannot see


@acting
def entry(request: HttpRequest, actor: Actor, index: int) -> HttpResponse:
    """What was recorded, and whether the proof holds now."""
    found = _visible(actor, index)
    kind = case_types().get(found.case_type)
    names = parties.names({found.organisation})
    moment = timeline.moment(kind.lifecycle, found, names, {}, ledger.sealed_size()) if kind else None
    about = {"entry": found, "payload": _pretty(found.payload), "kind": kind, "moment": moment, **_checked(index)}
    return render(request, "web/entry.html", about)


@acting
def proof(request: HttpRequest, actor: Actor, index: int) -> HttpResponse:
    """The proof as a file that anyone can check without us."""
    _visible(actor, index)
    response = HttpResponse(ledger.inclusion_proof(index).to_text(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ledger-{index}.tlog-proof"'
    return response


def _checked(index: int) -> dict[str, Any]:
    """The proof and whether it holds under the ledger's key; or why there is none yet."""
    try:
        found = ledger.inclusion_proof(index)
    except TryLater as waiting:
        return {"proof": None, "why": waiting.refusals}
    return {"proof": found, "holds": found.holds(verifiers_of(ledger.ledger_key().public_line))}


def _pretty(payload: str) -> str:
    return json.dumps(json.loads(payload or "{}"), ensure_ascii=False, indent=2)


def _visible(actor: Actor, index: int) -> Any:
    found = timeline.entry(index)
    kind = case_types().get(found.case_type)
    seen = kind is not None and kind.model.objects.visible_to(actor).filter(code=found.case_id).exists()
    if not seen and not actor.roles & ALL:
        raise NotFound(timeline.NO_ENTRY)
    return found
