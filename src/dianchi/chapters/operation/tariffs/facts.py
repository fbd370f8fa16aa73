"""The facts about a tariff."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.pricing.formulas import expected_fen
from dianchi.chapters.operation.pricing.lifecycle import State as PricingState
from dianchi.chapters.operation.pricing.models import Pricing
from dianchi.chapters.operation.products.lifecycle import State as ProductState
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.lifecycle import Cap, Facts, Price, State
from dianchi.chapters.operation.tariffs.models import Tariff
from dianchi.foundation.cases.figures import value
from dianchi.kernel.actors import Actor
from dianchi.kernel.purposes import Purpose

_STANDING = (ProductState.APPROVED, ProductState.LISTED, ProductState.DELISTED)


def gather(case: Tariff, by: Actor, at: datetime, inputs: object) -> Facts:
    """The product, its purpose and the permitted revenue as they stand now."""
    if isinstance(inputs, Cap):
        return _of_cap(case, by, inputs)
    if not case.state:
        return Facts()
    facts = Facts(
        product_stands=case.product.state in _STANDING,
        revenue_verified=case.trial or _verified(case.pricing, case.product),
        yours=case.operator == by.organisation,
    )
    if isinstance(inputs, Price):
        free = Purpose(case.product.purpose).free
        facts = replace(
            facts, under_the_cap=inputs.price_fen <= case.cap_fen, free_is_free=inputs.price_fen == 0 or not free
        )
    return facts


def _of_cap(case: Tariff, by: Actor, inputs: Cap) -> Facts:
    product = Product.objects.visible_to(by).filter(code=inputs.product).first()
    pricing = Pricing.objects.visible_to(by).filter(code=inputs.pricing).first()
    if product is None or (inputs.pricing and pricing is None):
        return Facts()  # the door refuses references that the actor may not see
    return Facts(
        product_stands=product.state in _STANDING,
        no_other=not Tariff.objects.filter(product=product).exclude(state=State.WITHDRAWN).exists(),
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


def _inside(pricing: Pricing, inputs: Cap, region: str) -> bool:
    """Whether all caps under the permitted revenue, this one included, can earn no more than it."""
    if not value("pricing.block-caps-above-mpr", region):
        return True
    others = Tariff.objects.filter(pricing=pricing).exclude(state=State.WITHDRAWN)
    caps = [*others.values_list("cap_fen", "forecast_volume"), (inputs.cap_fen, inputs.forecast_volume)]
    return expected_fen(caps) <= pricing.mpr_fen
