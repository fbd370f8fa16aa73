"""Taking the figures: each is one grouped query; only refusals, which are few, are read one by one."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import TruncMonth

from dianchi.chapters.operation.orders.models import Usage
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.settlement.models import Bill
from dianchi.chapters.operation.tariffs.models import PUBLISHED, Tariff
from dianchi.chapters.resources.supply.models import Load
from dianchi.chapters.supervision.figures.metrics import METRICS
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.workdays import SHANGHAI

YEAR = timedelta(days=365)
MOST_ENTRIES = 20_000  # of the latest ones that are read one by one
SUPPLYING = ("catalogue", "supply", "quality")
NEAR = Decimal("0.95")
Pair = list[float]


def _pair() -> Pair:
    return [0, 0]


@dataclass
class Taken:
    """Figures by division: what is summed, and of how many parts."""

    figures: dict[str, dict[str, Pair]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(_pair)))
    months: dict[str, dict[str, dict[str, float]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    )
    articles: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    steps: dict[str, Pair] = field(default_factory=lambda: defaultdict(_pair))

    def add(self, key: str, region: str, total: float, parts: float = 1) -> None:
        """Into the division itself and every one above it."""
        for code in above(region):
            pair = self.figures[code][key]
            pair[0] += total
            pair[1] += parts

    def add_month(self, series: str, region: str, month: str, total: float) -> None:
        """Into a month of the division and of those above it."""
        for code in above(region):
            self.months[code][series][month] += total


def above(region: str) -> list[str]:
    """The division and those it lies in, up to the province."""
    return list(dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000")))


def take(at: datetime) -> Taken:
    """Every figure as things stand."""
    taken, since = Taken(), at - YEAR
    _counted(taken, since)
    _supply(taken, at, since)
    _flow(taken, since)
    _control(taken, at, since)
    return taken


def _counted(taken: Taken, since: datetime) -> None:
    """The figures that count the cases of one kind in some states, and what was opened in each month."""
    kinds = case_types()
    for metric in METRICS:
        if metric.kind in kinds and metric.key in ("catalogued", "in_service", "requests", "products", "incidents"):
            cases = kinds[metric.kind].model.objects.all()
            cases = cases.filter(state__in=metric.states) if metric.states else cases
            cases = cases.filter(opened_at__gte=since) if metric.key == "incidents" else cases
            for region, n in cases.order_by().values_list("region").annotate(n=Count("pk")):
                taken.add(metric.key, region, n, n)
    for name, series in (("requests", "requests"), ("catalogue", "catalogued"), ("products", "products")):
        _monthly(
            taken, series, kinds[name].model.objects.filter(opened_at__gte=since), "opened_at", "region", Count("pk")
        )


def _monthly(taken: Taken, series: str, rows: Any, moment: str, region: str, total: Any) -> None:
    months = rows.annotate(month=TruncMonth(moment, tzinfo=SHANGHAI)).order_by()
    for code, month, n in months.values_list(region, "month").annotate(n=total):
        taken.add_month(series, code, f"{month:%Y-%m}", float(n or 0))


def _supply(taken: Taken, at: datetime, since: datetime) -> None:
    for name in SUPPLYING:
        finished = Due.objects.filter(case_type=name, due_at__gte=since, due_at__lt=at)
        late = finished.filter(Q(done_at=None) | Q(done_at__gt=F("due_at"))).values_list("case_code", flat=True)
        _by_region(taken, "on_time", name, finished.values_list("case_code", flat=True), lambda n: (n, n))
        _by_region(taken, "on_time", name, late, lambda n: (-n, 0))
    for region, scores in Load.objects.filter(state="in-service").values_list("region", "scores"):
        values = [float(Decimal(str(v))) for v in (scores or {}).values() if v is not None]
        if values:
            taken.add("quality", region, sum(values) / len(values))


def _by_region(
    taken: Taken, key: str, name: str, codes: Iterable[str], made: Callable[[int], tuple[float, float]]
) -> None:
    """Cases named by their codes, counted in their divisions."""
    found = case_types()[name].model.objects.filter(code__in=codes).order_by()
    for region, n in found.values_list("region").annotate(n=Count("pk")):
        taken.add(key, region, *made(n))


def _flow(taken: Taken, since: datetime) -> None:
    span = ExpressionWrapper(F("provisioned_at") - F("opened_at"), output_field=DurationField())
    provided = Request.objects.filter(provisioned_at__isnull=False).annotate(span=span).order_by()
    for region, mean, n in provided.values_list("region").annotate(mean=Avg("span"), n=Count("pk")):
        taken.add("request_days", region, mean.total_seconds() / 86_400 * n, n)
    answers = Usage.objects.filter(at__gte=since).order_by()
    for region, n in answers.values_list("order__region").annotate(n=Count("pk")):
        taken.add("calls", region, n, n)
    _monthly(taken, "calls", answers, "at", "order__region", Count("pk"))
    bills = Bill.objects.filter(opened_at__gte=since).order_by()
    for region, net in bills.values_list("region").annotate(net=Sum("net_fen")):
        taken.add("revenue", region, net)
    _monthly(taken, "revenue", bills, "opened_at", "region", Sum("net_fen"))
    _steps(taken)


def _steps(taken: Taken) -> None:
    """Days between one act on a data request and the next, over the latest entries."""
    entries = Entry.objects.filter(case_type="requests", outcome="done").order_by("-index")
    before: dict[str, datetime] = {}
    for kind, case, at in reversed(entries.values_list("kind", "case_id", "at")[:MOST_ENTRIES]):
        if case in before:
            pair = taken.steps[kind.partition(".")[2]]
            pair[0] += (at - before[case]).total_seconds() / 86_400
            pair[1] += 1
        before[case] = at


def _control(taken: Taken, at: datetime, since: datetime) -> None:
    for name in case_types():
        late = Due.objects.filter(case_type=name, done_at=None, due_at__lte=at).values_list("case_code", flat=True)
        _by_region(taken, "overdue", name, late, lambda n: (n, n))
    near = Tariff.objects.filter(state__in=PUBLISHED, cap_fen__gt=0, highest_fen__gte=F("cap_fen") * NEAR).order_by()
    for region, n in near.values_list("region").annotate(n=Count("pk")):
        taken.add("near_cap", region, n, n)
    _refusals(taken, since)
    _withheld(taken, since)


def _refusals(taken: Taken, since: datetime) -> None:
    refused = Entry.objects.filter(outcome="refused", at__gte=since).order_by("-index")
    rows = list(refused.values_list("case_type", "case_id", "article", "at", "payload")[:MOST_ENTRIES])
    regions = _regions((kind, code) for kind, code, *_ in rows)
    cited = _cited()
    for kind, code, article, moment, payload in rows:
        region = regions.get((kind, code), "530000")
        taken.add("refusals", region, 1)
        taken.add_month("refusals", region, f"{moment.astimezone(SHANGHAI):%Y-%m}", 1)
        for given in json.loads(payload).get("refusals") or [""]:
            taken.articles[cited.get(given, article)] += 1


def _cited() -> dict[str, str]:
    """The provision that each refusal of a lifecycle rests on; what the gate refuses rests on that of its entry."""
    return {
        guard.refusal.code: guard.refusal.article.key
        for kind in case_types().values()
        for act in kind.lifecycle.acts
        for guard in act.provided
        if guard.refusal.article
    }


def _withheld(taken: Taken, since: datetime) -> None:
    delivered = Entry.objects.filter(kind="gate.delivered", at__gte=since, payload__contains='"suppressed":').order_by(
        "-index"
    )
    rows = list(
        delivered.exclude(payload__contains='"suppressed":0').values_list("case_type", "case_id", "payload")[
            :MOST_ENTRIES
        ]
    )
    regions = _regions((kind, code) for kind, code, _ in rows)
    for kind, code, payload in rows:
        n = int(json.loads(payload).get("suppressed") or 0)
        taken.add("small_groups", regions.get((kind, code), "530000"), n, n)


def _regions(cases: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The divisions of cases of any kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, code in cases:
        wanted[kind].add(code)
    found = {}
    for kind, codes in wanted.items():
        if kind in case_types():
            known = case_types()[kind].model.objects.filter(code__in=codes).values_list("code", "region")
            found |= {(kind, code): region for code, region in known}
    return found
