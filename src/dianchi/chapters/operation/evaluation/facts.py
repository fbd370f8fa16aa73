"""The facts about an evaluation, and the record that is scored."""

from __future__ import annotations

from datetime import datetime, time

from dianchi.chapters.operation.evaluation.formulas import Record
from dianchi.chapters.operation.evaluation.lifecycle import Facts, Plan
from dianchi.chapters.operation.evaluation.models import Evaluation
from dianchi.chapters.operation.orders.models import Usage
from dianchi.chapters.operation.products.models import Product
from dianchi.foundation.cases.models import Due
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Actor
from dianchi.kernel.workdays import SHANGHAI, local_day


def gather(case: Evaluation, by: Actor, at: datetime, inputs: object) -> Facts:
    """Year, repetition and party."""
    if isinstance(inputs, Plan):
        planned = Evaluation.objects.filter(agreement__code=inputs.agreement, year=inputs.year).exists()
        return Facts(year_begun=inputs.year <= local_day(at).year, twice=planned)
    return Facts(yours=not case.state or case.operator == by.organisation)


def record_of(operator: str, year: int, at: datetime) -> Record:
    """What the platform's own record says of the operator's year."""
    since = datetime.combine(local_day(at).replace(year=year, month=1, day=1), time(), SHANGHAI)
    until = since.replace(year=year + 1)
    codes = list(Product.objects.filter(operator=operator).values_list("code", flat=True))
    mine = Due.objects.filter(case_type="products", case_code__in=codes, due_at__gte=since, due_at__lt=min(until, at))
    late = sum(1 for due in mine if due.done_at is None or due.done_at > due.due_at)
    # Closures stand in chapter 5, above this one: the ledger tells of them.
    shut = Entry.objects.filter(kind="closures.shut", outcome="done", at__gte=since, at__lt=until)
    return Record(
        products=Product.objects.filter(operator=operator, state="listed").count(),
        calls=Usage.objects.filter(order__operator=operator, at__gte=since, at__lt=until).count(),
        overdue=late,
        closures=shut.count(),
    )
