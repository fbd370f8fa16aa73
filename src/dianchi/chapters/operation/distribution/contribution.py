"""How much each provider contributed: the answers that its resources went into, by quality and value.

Lineage: an answer comes from its product, the product from its request, the request from resources of providers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count

from dianchi.chapters.operation.orders.models import Usage
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.chapters.resources.supply.queries import current
from dianchi.kernel.workdays import SHANGHAI, end_of


def of_resources(operator: str, from_on: date, to_on: date) -> dict[str, int]:
    """In how many delivered answers each resource had a part, free answers included."""
    since = datetime.combine(from_on, datetime.min.time(), SHANGHAI)
    answers = Usage.objects.filter(order__operator=operator, at__gte=since, at__lt=end_of(to_on))
    calls = dict(answers.values_list("order__product_id").annotate(n=Count("pk")).order_by("order__product_id"))
    found: dict[str, int] = {}
    for product in Product.objects.filter(pk__in=calls).select_related("request"):
        for code in sorted(set(product.request.resources)):
            found[code] = found.get(code, 0) + calls[product.pk]
    return found


def quality(resource: str) -> Fraction:
    """The mean of the quality scores of the load in service, between 0 and 1; 1 where nothing was measured."""
    load = current(resource)
    scores = [Fraction(Decimal(str(v))) for v in (load.scores if load else {}).values() if v is not None]
    return sum(scores, Fraction()) / len(scores) if scores else Fraction(1)


def of_providers(operator: str, from_on: date, to_on: date, values: Mapping[str, Decimal]) -> dict[str, Fraction]:
    """Calls × quality × value, summed over the resources of each provider."""
    calls = of_resources(operator, from_on, to_on)
    found: dict[str, Fraction] = {}
    for item in items(calls):
        weight = calls[item.code] * quality(item.code) * Fraction(values.get(item.code, Decimal(1)))
        found[item.provider] = found.get(item.provider, Fraction()) + weight
    return {provider: weight for provider, weight in found.items() if weight}
