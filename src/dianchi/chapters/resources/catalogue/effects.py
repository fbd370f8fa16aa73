"""What the acts of a catalogue item change besides its state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dianchi.chapters.resources.catalogue import editions, facts, notices, search
from dianchi.chapters.resources.catalogue.lifecycle import CATALOGUE
from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.catalogue.suggestions import suggest
from dianchi.foundation.cases.registry import CaseType, Doing, Effect


def draft(case: Item, doing: Doing) -> None:
    """Data of no stated place are those of the department's own division."""
    case.coverage = case.coverage or [case.region]


def keep_items(case: Item, doing: Doing) -> None:
    """A grading without data items leaves them as they are."""
    if doing.inputs.items is None:
        case.items = Item.objects.only("items").get(pk=case.pk).items
    case.graded_at = doing.at


def revise(case: Item, doing: Doing) -> None:
    """Changed content is graded anew (GB/T 43697, annex J), and who changed it may not review it."""
    draft(case, doing)
    case.grade, case.graded_at = "", None
    case.submitted_by = doing.by.person


def submit(case: Item, doing: Doing) -> None:
    """Who submitted may not review."""
    case.submitted_by = doing.by.person


def prepare(case: Item, doing: Doing) -> None:
    """The draft lies beside what is published, which stands."""
    case.change_stage = "draft"
    case.proposal = doing.inputs.proposal.model_dump(mode="json")
    case.proposal["coverage"] = case.proposal["coverage"] or [case.region]


def submit_change(case: Item, doing: Doing) -> None:
    """The change waits for review, by somebody else."""
    case.change_stage, case.proposed_at, case.submitted_by = "submitted", doing.at, doing.by.person


def approve_change(case: Item, doing: Doing) -> None:
    """The proposal is published in place of what stood."""
    for name, said in case.proposal.items():
        setattr(case, name, date.fromisoformat(said) if name.endswith("_on") and said else said)
    case.grade, case.grading_basis, case.graded_at = case.proposed_grade, case.proposed_basis, doing.at
    reason = case.change_reason
    _clear(case)
    _publish(case, doing, reason)
    notices.tell(case, doing.act.name, doing.at, reason)


def return_change(case: Item, doing: Doing) -> None:
    """Back to its draft."""
    case.change_stage = "draft"
    case.proposed_at = doing.at if case.withdrawal_asked else None


def drop_change(case: Item, doing: Doing) -> None:
    """As if it had never been prepared."""
    _clear(case)


def _clear(case: Item) -> None:
    case.proposal, case.change_stage, case.change_reason = {}, "", ""
    case.proposed_grade = case.proposed_basis = ""
    if not case.withdrawal_asked:
        case.proposed_at = None


def publish(case: Item, doing: Doing) -> None:
    """The first edition, or the next where it was suspended and changed."""
    _publish(case, doing, getattr(doing.inputs, "reason", ""))


def _publish(case: Item, doing: Doing, reason: str) -> None:
    editions.keep(case, doing.act.name, doing.at, reason)
    search.put(case, doing.at)


def resume(case: Item, doing: Doing) -> None:
    """It is offered again; those who depend on it hear so."""
    publish(case, doing)
    notices.tell(case, doing.act.name, doing.at, case.reason)


def stop(case: Item, doing: Doing) -> None:
    """It is no longer offered; those who depend on it hear so."""
    search.drop(case)
    _clear(case)
    case.withdrawal_asked = case.withdrawal_asked and doing.act.name == "suspend"
    notices.tell(case, doing.act.name, doing.at, case.reason)


def ask_withdrawal(case: Item, doing: Doing) -> None:
    """It waits for review, by somebody else."""
    case.withdrawal_asked, case.submitted_by = True, doing.by.person
    case.proposed_at = case.proposed_at or doing.at


def refuse_withdrawal(case: Item, doing: Doing) -> None:
    """It stays."""
    case.withdrawal_asked = False
    if case.change_stage != "submitted":
        case.proposed_at = None


def regrade(case: Item, doing: Doing) -> None:
    """A grading of a published item changes what the catalogue says of it."""
    keep_items(case, doing)
    if case.state == "published":
        _publish(case, doing, doing.inputs.grading_basis)


_EFFECTS: dict[str, Effect | Callable[[Item, Doing], None]] = {
    "draft": draft, "grade": regrade, "revise": revise, "submit": submit, "publish": publish, "prepare-change": prepare,
    "submit-change": submit_change, "approve-change": approve_change, "return-change": return_change,
    "drop-change": drop_change, "suspend": stop, "resume": resume, "withdraw": stop, "ask-withdrawal": ask_withdrawal,
    "refuse-withdrawal": refuse_withdrawal,
}  # fmt: skip
CASE = CaseType(CATALOGUE, Item, facts.gather, _EFFECTS, prefix="ML", suggest=suggest)
