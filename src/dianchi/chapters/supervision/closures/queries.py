"""Questions about closures."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from dianchi.chapters.supervision.closures.lifecycle import EVERYTHING, State
from dianchi.chapters.supervision.closures.models import Closure
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

SHUT = Refusal(
    "gate.shut",
    Text("出口已关停，停止交付", "The gate is shut; nothing is delivered"),
    cite("NDR", 11),
    Text("请向运营机构或数据管理部门了解恢复时间", "Ask the operator or the data administration when it reopens"),
)


def is_shut(product: str, order: str, developer: str, operator: str, resources: Iterable[str]) -> bool:
    """Whether any closure in force covers a delivery."""
    covers = Q(scope=EVERYTHING) | Q(scope="PRODUCT", target=product) | Q(scope="ORDER", target=order)
    covers |= Q(scope="DEVELOPER", target=developer) | Q(scope="OPERATOR", target=operator)
    covers |= Q(scope="RESOURCE", target__in=list(resources))
    return Closure.objects.filter(covers, state=State.SHUT).exists()


def still_shut(code: str) -> bool:
    """Whether a closure is in force."""
    return Closure.objects.filter(code=code, state=State.SHUT).exists()
