"""What acts on products change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.products import facts, kinds
from dianchi.chapters.operation.products.lifecycle import PRODUCT
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.requests.queries import grant
from dianchi.foundation.cases.registry import CaseType, Doing


def write(case: Product, doing: Doing) -> None:
    """Every change is a new edition: its digest is taken anew and earlier reviews count for nothing."""
    request = case.request
    case.operator, case.developer, case.implementer = request.operator, request.developer, request.implementer
    case.purpose = request.purpose
    case.edition += 1
    case.plan_digest = kinds.digest(case.written, grant(request, doing.at))
    case.approved_digest = case.submitted_by = ""


def submit(case: Product, doing: Doing) -> None:
    """Who submitted may not review."""
    case.submitted_by = doing.by.person


def approve(case: Product, doing: Doing) -> None:
    """What leaves from now on is what was reviewed."""
    case.approved_digest = case.plan_digest


CASE = CaseType(
    PRODUCT,
    Product,
    facts.gather,
    {"draft": write, "revise": write, "submit": submit, "approve": approve},
    prefix="CP",
)
