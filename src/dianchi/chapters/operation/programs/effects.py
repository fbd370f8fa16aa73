"""What acts on programs change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.programs import facts
from dianchi.chapters.operation.programs.compiling import plan_digest
from dianchi.chapters.operation.programs.lifecycle import PROGRAM
from dianchi.chapters.operation.programs.models import Program, Version
from dianchi.chapters.operation.programs.queries import digest_of, grant
from dianchi.foundation.cases.registry import CaseType, Doing


def save(case: Program, doing: Doing) -> None:
    """Every save is a version; what was approved before no longer counts."""
    request = case.request
    case.operator, case.developer, case.implementer = request.operator, request.developer, request.implementer
    case.purpose = request.purpose
    case.edition += 1
    case.program_digest = digest_of(case.sql, case.parameters, request.code, case.holdings)
    case.policy_digest = case.approved_digest = case.submitted_by = case.approved_by = ""
    Version.objects.create(
        program_code=case.code, number=case.edition, digest=case.program_digest, title=case.title, sql=case.sql,
        parameters=case.parameters, holdings=case.holdings, note=case.note, saved_by=doing.by.person, saved_at=doing.at,
    )  # fmt: skip


def freeze(case: Program, doing: Doing) -> None:
    """From now on it is known by its digest under this policy; who submitted may not approve."""
    case.submitted_by = doing.by.person
    case.policy_digest = plan_digest(case.sql, case.parameters, grant(case.request, case.holdings, doing.at))


def approve(case: Program, doing: Doing) -> None:
    """What runs from now on is what was frozen."""
    case.approved_digest, case.approved_by = case.policy_digest, doing.by.person


def give_back(case: Program, doing: Doing) -> None:
    """It is open to change again."""
    case.policy_digest = case.submitted_by = ""


CASE = CaseType(
    PROGRAM,
    Program,
    facts.gather,
    {"draft": save, "revise": save, "freeze": freeze, "approve": approve, "return": give_back},
    prefix="CX",
)
