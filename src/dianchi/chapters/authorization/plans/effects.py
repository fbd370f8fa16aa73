"""What the acts of a plan change besides its state."""

from __future__ import annotations

from dianchi.chapters.authorization.plans import facts
from dianchi.chapters.authorization.plans.lifecycle import PLAN
from dianchi.chapters.authorization.plans.models import Plan
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.memberships.experts import expert, ids, listed
from dianchi.kernel.actors import PLATFORM


def draft(case: Plan, doing: Doing) -> None:
    """A plan lies where its authorization lies."""
    case.region = case.authorization.region


def submit(case: Plan, doing: Doing) -> None:
    """Who submitted may not approve; who is invited is known by id from now on."""
    case.submitted_by, case.experts = doing.by.person, listed(expert(u, doing.at) for u in doing.inputs.experts)
    case.departments = list(dict.fromkeys(doing.inputs.departments))


def invite(case: Plan, doing: Doing) -> None:
    """Those invited before stay invited."""
    earlier, asked = Plan.objects.values_list("experts", "departments").get(pk=case.pk)
    case.experts = listed([*ids(earlier), *(expert(u, doing.at) for u in doing.inputs.experts)])
    case.departments = list(dict.fromkeys([*asked, *doing.inputs.departments]))


def recuse(case: Plan, doing: Doing) -> None:
    """Who steps back is no longer invited; the opinion counts no more."""
    case.experts = listed(i for i in ids(case.experts) if i != doing.by.person)


def approve(case: Plan, doing: Doing) -> None:
    """The plan that it replaces is in force no more."""
    if case.replaces is not None:
        perform("plans", "supersede", by=PLATFORM, at=doing.at, code=case.replaces.code)


CASE = CaseType(
    PLAN, Plan, facts.gather,
    {"draft": draft, "revise": draft, "submit": submit, "invite": invite, "recuse": recuse, "approve": approve}, prefix="FA",
)  # fmt: skip
