"""The facts about a tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from dianchi.chapters.operation.pricing.formulas import expected_fen
from dianchi.chapters.operation.pricing.lifecycle import State as PricingState
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.products.lifecycle import State as ProductState
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.charges import Charge, Terms
from dianchi.chapters.operation.tariffs.inputs import Cap, NewCap, Price
from dianchi.chapters.operation.tariffs.lifecycle import Facts, State
from dianchi.chapters.operation.tariffs.models import Tariff
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor
from dianchi.kernel.purposes import Purpose
from dianchi.kernel.workdays import due_months

_STANDING = (ProductState.APPROVED, ProductState.LISTED, ProductState.DELISTED)


def gather(case: Tariff, by: Actor, at: datetime, inputs: object) -> Facts:
    """The product, its purpose and the permitted revenue as they stand now."""
    if isinstance(inputs, Cap):
        return _of_cap(case, by, inputs)
    if not case.state:
        return Facts()
    over = case.trial_since is not None and _year_over(case, at)
    facts = Facts(
        product_stands=case.product.state in _STANDING,
        revenue_verified=case.trial or _verified(case.pricing, case.product),
        yours=case.operator == by.organisation,
        on_trial=case.trial,
        reported=case.trial or bool(case.report_number),
        unreported=not case.report_number,
        trial_year_over=over,
        formal_due=case.trial and over and case.state != State.APPLYING,
    )
    if isinstance(inputs, Price):
        return _of_price(facts, case, inputs)
    return _of_new_cap(facts, case, by, inputs) if isinstance(inputs, NewCap) else facts


def _year_over(case: Tariff, at: datetime) -> bool:
    months = int(value("trial.full-year-months", case.region))
    return at >= due_months(case.trial_since, months)


def _of_price(facts: Facts, case: Tariff, inputs: Price) -> Facts:
    terms = Terms.of(inputs.model_dump(mode="json"))
    highest = terms.highest()
    return replace(
        facts,
        under_the_cap=highest <= case.cap_fen,
        free_is_free=highest == 0 or not Purpose(case.product.purpose).free,
        fits_unit=case.unit in terms.kind.units,
        well_formed=_well_formed(terms),
    )


def _well_formed(terms: Terms) -> bool:
    """Whether the parts of the charge are there and say one thing."""
    if terms.kind is Charge.FREE:
        return terms.price_fen == 0
    if terms.kind is Charge.PACKAGE:
        return terms.included > 0
    if terms.kind is not Charge.TIERED:
        return not terms.blocks
    bounds = [b.up_to for b in terms.blocks]
    return len(bounds) > 1 and bounds[-1] == 0 and all(0 < a < b for a, b in pairwise(bounds[:-1])) and bounds[0] > 0


def _of_new_cap(facts: Facts, case: Tariff, by: Actor, inputs: NewCap) -> Facts:
    pricing = Pricing.objects.visible_to(by).filter(code=inputs.pricing).first()
    standing = pricing or case.pricing
    still_trial = case.trial and pricing is None and case.state != State.APPLYING
    return replace(
        facts,
        revenue_verified=still_trial or _verified(standing, case.product),
        inside_revenue=standing is None or _inside(standing, inputs, case.region, case),
        free_is_free=inputs.cap_fen == 0 or not Purpose(case.product.purpose).free,
        above_the_price=case.highest_fen is None or inputs.cap_fen >= case.highest_fen,
    )


def _of_cap(case: Tariff, by: Actor, inputs: Cap) -> Facts:
    product = Product.objects.visible_to(by).filter(code=inputs.product).first()
    pricing = Pricing.objects.visible_to(by).filter(code=inputs.pricing).first()
    if product is None or (inputs.pricing and pricing is None):
        return Facts()  # the door refuses references that the actor may not see
    return Facts(
        product_stands=product.state in _STANDING,
        no_other=not Tariff.objects.filter(product=product).exclude(state=State.WITHDRAWN).exists(),
        service_fee=inputs.covers == "SERVICE_FEE",
        revenue_verified=inputs.trial or _verified(pricing, product),
        inside_revenue=pricing is None or _inside(pricing, inputs, case.region),
        free_is_free=inputs.cap_fen == 0 or not Purpose(product.purpose).free,
    )


def _verified(pricing: Pricing | None, product: Product) -> bool:
    return (
        pricing is not None
        and pricing.state == PricingState.VERIFIED
        and pricing.agreement_id == product.request.contract.agreement_id
    )


def _inside(pricing: Pricing, inputs: NewCap, region: str, itself: Tariff | None = None) -> bool:
    """Whether all caps under the permitted revenue, this one included, can earn no more than it."""
    if not value("pricing.block-caps-above-mpr", region):
        return True
    others = Tariff.objects.filter(pricing=pricing).exclude(state=State.WITHDRAWN).exclude(pk=itself and itself.pk)
    caps = [*others.values_list("cap_fen", "forecast_volume"), (inputs.cap_fen, inputs.forecast_volume)]
    return expected_fen(caps) <= pricing.mpr_fen
