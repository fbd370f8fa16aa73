"""The facts about a catalogue item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue import editions, uses
from dianchi.chapters.resources.catalogue.guards import Facts
from dianchi.chapters.resources.catalogue.models import Item as Case
from dianchi.chapters.resources.catalogue.statements import Change, Grading, Item
from dianchi.chapters.resources.catalogue.states import State
from dianchi.engines.classify import Grade
from dianchi.engines.quality import Contract
from dianchi.engines.quality.yaml import from_dict
from dianchi.foundation.cases.figures import value
from dianchi.kernel import codes
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import Invalid


def gather(case: Case, by: Actor, at: datetime, inputs: Any) -> Facts:
    """Grade, secrecy and uses as they stand, or as they would with the inputs."""
    said = inputs.proposal if isinstance(inputs, Change) else inputs if isinstance(inputs, Item) else case
    grade = _grade(inputs)
    own = not case.state or case.opened_for == by.organisation
    return Facts(
        provider=own,
        in_charge=own or (Role.BUREAU in by.roles and case.region.startswith(by.territory)),
        own_submission=bool(case.submitted_by) and case.submitted_by == by.person,
        graded=bool(case.grade),
        core=case.grade == "CORE",
        secret=case.state_secret or (isinstance(inputs, Change) and said.state_secret),
        grounded=said.attribute in ("", "ALLOWED") or bool(said.ground),
        core_in_use=grade == "CORE" and case.state == State.PUBLISHED,
        prepared=bool(case.proposal),
        under_review=case.change_stage == "submitted",
        withdrawal_asked=case.withdrawal_asked,
        **(_loosening(case, inputs) if isinstance(inputs, Grading) and case.state == State.PUBLISHED else {}),
        **(_items(case, said, inputs, grade) if isinstance(inputs, Item | Grading | Change) else {}),
        **(_differs(case, inputs) if isinstance(inputs, Change) else {}),
    )


def _grade(inputs: Any) -> str:
    if isinstance(inputs, Grading):
        return str(inputs.grade)
    return str(inputs.proposed_grade) if isinstance(inputs, Change) else ""


def _differs(case: Case, inputs: Change) -> dict[str, Any]:
    after = inputs.proposal.model_dump(mode="json") | {"grade": inputs.proposed_grade}
    after["coverage"] = after["coverage"] or [case.region]
    return {"differs": bool(editions.difference(editions.content(case), after))}


def _items(case: Case, said: Any, inputs: Any, grade: str) -> dict[str, Any]:
    """What is to be said of the data items, the subject and the contract."""
    columns = _columns(said.items if isinstance(inputs, Change) or inputs.items is None else inputs.items)
    names = [c["name"] for c in columns]
    contract = _contract(said.contract)
    somebody = said.subject_type != "none"
    least = int(value("guard.min-subjects", case.region))
    return {
        "repeated": tuple(name for name, times in Counter(names).items() if times > 1),
        "unknown_uses": _named(columns, uses.unknown),
        "unknown_categories": _named(columns, uses.unknown_category),
        "widened": _named(columns, uses.too_wide) if somebody else (),
        "incomplete": _named(columns, uses.incomplete),
        "about_somebody": not somebody and any(uses.identifies(c) for c in columns),
        "subject_named": not somebody or said.subject_column in names,
        "enough_subjects": not somebody or said.min_subjects >= least,
        "least": least,
        "contract_reads": contract is not None or not said.contract,
        "not_promised": tuple(n for n in names if n not in contract) if contract else (),
        "coverage_known": _coverage_known(said),
        "grade_too_low": said.subject_type == "person" and bool(grade) and uses.too_low(grade, columns),
        "below_its_items": bool(grade) and uses.below_its_items(grade, columns),
    }


def _coverage_known(said: Any) -> bool:
    begins, ends = said.covers_from_on, said.covers_to_on
    return all(codes.is_division(c) for c in said.coverage) and (begins is None or ends is None or begins <= ends)


def _loosening(case: Case, inputs: Grading) -> dict[str, Any]:
    """What a grading would give away of an item that others may be using already."""
    lowered = bool(case.grade) and Grade.of(inputs.grade) < Grade.of(case.grade)
    if inputs.items is None:
        return {"lowered": lowered}
    before, after = ({c["name"]: c for c in _columns(items)} for items in (case.items, inputs.items))
    shared = [name for name in before if name in after and uses.loosened(before[name], after[name])]
    return {"lowered": lowered, "loosened": (*sorted(before.keys() ^ after.keys()), *shared)}


def _columns(items: Iterable[Any]) -> list[dict[str, Any]]:
    return [c if isinstance(c, dict) else c.model_dump() for c in items]


def _named(columns: list[dict[str, Any]], failing: Any) -> tuple[str, ...]:
    return tuple(c["name"] for c in columns if failing(c))


def _contract(plain: dict[str, object]) -> frozenset[str] | None:
    """The columns that the contract promises; None where there is none or it does not read."""
    if not plain:
        return None
    try:
        contract: Contract = from_dict(plain)
    except Invalid:
        return None
    return frozenset(c.name for c in contract.columns)
