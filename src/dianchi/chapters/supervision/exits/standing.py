"""What still stands of an agreement that ends, asked of the record: no tick replaces it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.authorization.agreements.queries import agreement_in_force, live
from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.operation.holdings.models import Holding
from dianchi.chapters.operation.orders.models import ApiKey
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.runs.models import Run
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.resources.registration.queries import registered
from dianchi.chapters.supervision.closures import reach
from dianchi.chapters.supervision.exits.models import Exit
from dianchi.chapters.supervision.exits.steps import STEPS
from dianchi.kernel.lifecycle import Tone


def reached(case: Exit) -> reach.Reach:
    """Everything that runs on the agreement."""
    return reach.of_agreement(case.agreement_id) if case.agreement_id else reach.of_contract(case.contract_id)


def ended(case: Exit, at: datetime) -> bool:
    """Whether the agreement no longer is in force, so that nothing new can rest on it."""
    subject = case.subject
    alive = agreement_in_force if isinstance(subject, Agreement) else contract_in_force
    return not alive(subject.code, at)


def ready(case: Exit, step: str, at: datetime) -> bool:
    """Whether the record bears out that a step is done; where it cannot know, the evidence stands alone."""
    what = reached(case)
    checks = {
        "FREEZE": lambda: ended(case, at),
        "STOP": lambda: ended(case, at) and not what.orders.exists(),
        "ACCESS": lambda: not _keys(case) and not what.requests.exists(),
        "HANDOVER": lambda: not what.products.exists(),
        "DESTROY": lambda: case.destroyed_at is not None,
        "SETTLE": lambda: not _open_bills(case),
        "REGISTER": lambda: not any(registered(code, at) for code in _products(case).values_list("code", flat=True)),
        "REPORT": lambda: all(getattr(case, s.field) is not None for s in STEPS if s.name != "REPORT"),
    }
    return checks.get(step, lambda: True)()


def stopped(case: Exit, at: datetime) -> bool:
    """Whether nothing runs on the data any more."""
    what = reached(case)
    return ended(case, at) and not (what.orders.exists() or what.requests.exists() or what.products.exists())


def tables(case: Exit, at: datetime) -> tuple[list[str], dict[str, str]]:
    """Resources whose keys must go, and those that stay with the agreement that still authorizes each.

    A developer is never given the lake's data: what it has inside the domain is named by `own`.
    """
    if case.agreement is None:
        return [], {}
    kept: dict[str, str] = {}
    for other in live(at).exclude(pk=case.agreement.pk):
        kept |= {code: other.code for code in other.resources if code in case.agreement.resources}
    return sorted(set(case.agreement.resources) - kept.keys()), kept


def own(case: Exit, states: Iterable[str]) -> list[Holding | Run]:
    """Own data and results of developers under the agreement that stand in these states."""
    by, pk = ("agreement", case.agreement_id) if case.agreement_id else ("pk", case.contract_id)
    holdings = Holding.objects.filter(**{f"contract__{by}": pk}, state__in=states)
    runs = Run.objects.filter(**{f"program__request__contract__{by}": pk}, state__in=states)
    return [*holdings.order_by("code"), *runs.order_by("code")]


def _products(case: Exit) -> QuerySet[Product]:
    if case.agreement_id:
        return Product.objects.filter(request__contract__agreement=case.agreement_id)
    return Product.objects.filter(request__contract=case.contract_id)


def _keys(case: Exit) -> bool:
    live_keys = ApiKey.objects.filter(order__product__in=_products(case), revoked_at=None)
    return bool(live_keys.filter(order__state="active").exists())


def _open_bills(case: Exit) -> bool:
    settled = [s.value for s in Bill.lifecycle.states if s.tone is Tone.FORCE]
    return bool(Bill.objects.filter(order__product__in=_products(case)).exclude(state__in=settled).exists())
