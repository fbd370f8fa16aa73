"""The facts about a disclosure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.supervision.disclosure import packs
from dianchi.chapters.supervision.disclosure.lifecycle import Call, Correction, Draft, Facts
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.chapters.supervision.disclosure.precheck import NAMES, findings
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day


def gather(case: Disclosure, by: Actor, at: datetime, inputs: object) -> Facts:
    """Year, body, wording, party, and whether the record still says what the pack says."""
    if isinstance(inputs, Call):
        body, role = whose(inputs, by)
        others = Disclosure.objects.filter(opened_for=body, role=role, year=inputs.year).exclude(state="replaced")
        return Facts(
            begun=inputs.year <= local_day(at).year,
            first=not others.exists(),
            takes_part=bool(packs.agreements(body, role, inputs.year))
            and (by.plays(Role.SYSTEM) or body == by.organisation),
        )
    if not case.state:
        return Facts()
    drafted = case.state == "drafted"
    return Facts(
        yours=case.opened_for == by.organisation,
        own_draft=case.drafted_by == by.person,
        current=not drafted or _as_drafted(case) == case.pack,
        agrees=not drafted or all(check["said"] == check["found"] for check in case.checks),
        forbidden_in_pack=_kinds([case.pack, case.note, case.contact], at) if drafted else (),
        forbidden=_kinds(inputs.model_dump(), at) if isinstance(inputs, Draft | Correction) else (),
    )


def whose(inputs: Call, by: Actor) -> tuple[str, str]:
    """The body and the role in which it discloses."""
    usual = Role.OPERATOR if by.plays(Role.OPERATOR) else Role.IMPLEMENTER
    return inputs.body or by.organisation, inputs.role or str(usual.value)


def _as_drafted(case: Disclosure) -> Any:
    """What the record says now of the moment at which the pack was drafted."""
    return packs.pack(case.role, case.opened_for, case.year, case.drafted_at or case.opened_at)


def _kinds(value: Any, at: datetime) -> tuple[Text, ...]:
    return tuple(NAMES[kind] for kind in findings(value, local_day(at)))
