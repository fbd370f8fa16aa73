"""What acts on tariffs change beside the state."""

from __future__ import annotations

import math

from dianchi.chapters.operation.tariffs import facts
from dianchi.chapters.operation.tariffs.charges import Terms
from dianchi.chapters.operation.tariffs.lifecycle import TARIFF
from dianchi.chapters.operation.tariffs.models import TERMS, Edition, Tariff
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.purposes import Purpose


def cap(case: Tariff, doing: Doing) -> None:
    """The tariff is its product's."""
    product = case.product
    case.title, case.operator, case.developer = product.title, product.operator, product.developer
    case.free = Purpose(product.purpose).free
    case.capped_at = doing.at


def adjust(case: Tariff, doing: Doing) -> None:
    """A new cap is reported anew; under a verified revenue a trial is over."""
    case.capped_at, case.report_number = doing.at, ""
    if case.pricing_id is None:  # not named anew: it stays
        case.pricing_id = Tariff.objects.values_list("pricing_id", flat=True).get(pk=case.pk)
    if case.pricing_id:
        case.trial, case.trial_since = False, None


def price(case: Tariff, doing: Doing) -> None:
    """What is published stays on record, edition by edition: each use is charged by the terms of its own time."""
    case.priced_at = doing.at
    case.trial_since = (case.trial_since or doing.at) if case.trial else None
    terms = {name: getattr(case, name) for name in TERMS}
    terms["charge"], terms["span"] = str(case.charge), str(case.span)
    case.highest_fen = math.ceil(Terms.of(terms).highest())
    number = Edition.objects.filter(product=case.product).count() + 1
    Edition.objects.create(
        tariff=case.code, product=case.product, number=number, published_at=doing.at, unit=case.unit, terms=terms
    )


CASE = CaseType(
    TARIFF, Tariff, facts.gather,
    {"cap": cap, "price": price, "reprice": price, "adjust-cap": adjust, "formalise": adjust}, prefix="SF",
)  # fmt: skip
