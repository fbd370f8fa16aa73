"""The facts about a disclosure."""

from __future__ import annotations

import re
from datetime import datetime

from dianchi.chapters.supervision.disclosure import packs
from dianchi.chapters.supervision.disclosure.lifecycle import Facts, Year
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.kernel import codes
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.workdays import local_day

_RUN = re.compile(r"[0-9Xx]{11,18}")


def gather(case: Disclosure, by: Actor, at: datetime, inputs: object) -> Facts:
    """Year, wording, party, and whether the record still says what the pack says."""
    if isinstance(inputs, Year):
        return Facts(begun=inputs.year <= local_day(at).year, clean=not _personal(inputs.note, at))
    if not case.state:
        return Facts()
    current = case.state != "drafted" or pack(case.role, case.opened_for, case.opened_at) == case.pack
    return Facts(yours=case.opened_for == by.organisation, own_draft=case.opened_by == by.person, current=current)


def pack(role: str, uscc: str, at: datetime) -> dict[str, object]:
    """The pack as the record gives it."""
    return packs.of_operator(uscc, at) if role == Role.OPERATOR else packs.of_implementer(uscc, at)


def _personal(text: str, at: datetime) -> bool:
    found = _RUN.findall(text)
    return any(codes.is_mobile(run) or codes.is_citizen_id(run, local_day(at)) for run in found)
