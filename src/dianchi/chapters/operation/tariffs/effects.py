"""What acts on tariffs change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.tariffs import facts
from dianchi.chapters.operation.tariffs.lifecycle import TARIFF
from dianchi.chapters.operation.tariffs.models import Tariff
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.purposes import Purpose


def cap(case: Tariff, doing: Doing) -> None:
    """The tariff is its product's."""
    product = case.product
    case.title, case.operator, case.developer = product.title, product.operator, product.developer
    case.free = Purpose(product.purpose).free


def price(case: Tariff, doing: Doing) -> None:
    """When it was published is what consumers go by."""
    case.priced_at = doing.at


CASE = CaseType(TARIFF, Tariff, facts.gather, {"cap": cap, "price": price}, prefix="SF")
