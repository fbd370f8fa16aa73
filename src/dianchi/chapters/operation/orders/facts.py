"""The facts about an order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.orders.balance import balance
from dianchi.chapters.operation.orders.dealings import CorrectionOf, Dealings, RefundOf, Refusing
from dianchi.chapters.operation.orders.keys import is_network, is_signing_key, longest_term
from dianchi.chapters.operation.orders.lifecycle import Facts, KeyTerms, Ordering
from dianchi.chapters.operation.orders.models import ApiKey, Correction, Order, Usage
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
        "charged": price is not None and price.charged,
        "identified": is_active(consumer) and is_active(product.operator),
        "same_organisation": consumer == product.operator,
        "yours": not case.state or _yours(case, by),
        "is_consumer": not case.state or by.organisation == case.consumer,
        "is_operator": not case.state or by.organisation == case.operator,
    }
    if case.state == "active":
        facts["key_live"] = ApiKey.objects.filter(order=case, revoked_at=None, retires_at=None).exists()
    if isinstance(inputs, KeyTerms):
        facts |= {
            "networks_sound": all(is_network(text) for text in inputs.networks),
            "signing_key_sound": not inputs.signing_key or is_signing_key(inputs.signing_key),
            "expiry_sound": inputs.expires_on is None
            or local_day(at) < inputs.expires_on <= longest_term(case.region, at),
        }
    if isinstance(inputs, Ordering):
        facts |= {
            "purpose_fits": purpose == product.purpose,
            "source_seen": inputs.source_seen,
            "term_ahead": inputs.ends_on > local_day(at),
        }
    if case.state:
        facts["dealings"] = _dealings(case, inputs, identified=bool(facts["identified"]))
    return Facts(**facts)


def _dealings(case: Order, inputs: object, *, identified: bool) -> Dealings:
    """Grounds, balance and corrections."""
    found = Dealings(prepaid=case.prepaid)
    if case.prepaid:
        stands = balance(case)
        found = replace(found, balance_low=stands.low)
        if isinstance(inputs, RefundOf):
            found = replace(found, refund_within=inputs.amount_fen <= stands.left_fen)
    if isinstance(inputs, Refusing):
        found = replace(found, ground_on_record=inputs.ground != "IDENTITY" or not identified)
    if isinstance(inputs, CorrectionOf):
        usage = Usage.objects.filter(order=case, ledger_index=inputs.ledger_index, billable=True)
        corrected = Correction.objects.filter(ledger_index=inputs.ledger_index)
        found = replace(found, delivery_known=usage.exists(), not_corrected=not corrected.exists())
    return found


def _yours(case: Order, by: Actor) -> bool:
    return (by.plays(Role.CONSUMER) and by.organisation == case.consumer) or (
        by.plays(Role.OPERATOR) and by.organisation == case.operator
    )
