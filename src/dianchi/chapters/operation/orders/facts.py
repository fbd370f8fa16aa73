"""The facts about an order."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.orders.lifecycle import Facts, Ordering
from dianchi.chapters.operation.orders.models import Order
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.tariffs.queries import price_of
from dianchi.foundation.organisations.queries import is_active
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.purposes import Purpose
from dianchi.kernel.workdays import local_day


def gather(case: Order, by: Actor, at: datetime, inputs: object) -> Facts:
    """Product, price, purpose and parties as they stand."""
    if isinstance(inputs, Ordering):
        product = Product.objects.visible_to(by).filter(code=inputs.product).first()
        purpose, consumer = str(inputs.purpose.value), by.organisation
    elif case.state:
        product, purpose, consumer = case.product, case.purpose, case.consumer
    else:
        return Facts()
    if product is None:
        return Facts()  # the door refuses references that the actor may not see
    price = price_of(product)
    facts = {
        "listed": product.state == "listed",
        "priced": price is not None,
        "free_purpose": Purpose(purpose).free,
        "charged": price is not None and price.price_fen > 0,
        "identified": is_active(consumer) and is_active(product.operator),
        "same_organisation": consumer == product.operator,
        "yours": not case.state or _yours(case, by),
        "is_consumer": not case.state or by.organisation == case.consumer,
        "is_operator": not case.state or by.organisation == case.operator,
    }
    if isinstance(inputs, Ordering):
        facts |= {
            "purpose_fits": purpose == product.purpose,
            "source_seen": inputs.source_seen,
            "term_ahead": inputs.ends_on > local_day(at),
        }
    return Facts(**facts)


def _yours(case: Order, by: Actor) -> bool:
    return (by.plays(Role.CONSUMER) and by.organisation == case.consumer) or (
        by.plays(Role.OPERATOR) and by.organisation == case.operator
    )
