"""One call for every door: who it is, then what is released. Doors translate; this is what they translate to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from dianchi.gate import keys, release, watch
from dianchi.gate.keys import Credentials
from dianchi.kernel.errors import DomainError


@dataclass(frozen=True)
class Asked:
    """A product call as a door understood it."""

    credentials: Credentials
    slug: str
    given: Mapping[str, str]
    own: pa.Table | None = None
    call_id: str = ""


def call(asked: Asked, at: datetime) -> release.Answer:
    """Admit the caller and deliver; raises the kernel's errors."""
    shown = asked.credentials
    with watch.timed(shown.door, asked.slug) as seen:
        try:
            secret = keys.admit(shown, at)
            answer = release.deliver(
                secret, asked.slug, asked.given, at, own=asked.own, door=shown.door, source=shown.source,
                call_id=asked.call_id,
            )  # fmt: skip
        except DomainError as refused:
            seen.refused(refused.refusals[0].code)
            raise
        seen.delivered(answer.table.num_rows)
    return answer


def prepared(credentials: Credentials, slug: str, at: datetime) -> release.Prepared:
    """What the caller may call now, without calling it: for schemas, tags and documents."""
    return release.prepare(keys.admit(credentials, at), slug, at)[1]
