"""Prices for everybody, public statistics, disclosures as tables, and the calculator of permitted revenue."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.operation.pricing.formulas import (
    Cost,
    Revenue,
    Step,
    Tax,
    deviation,
    excess_fen,
    expected_fen,
    permitted_revenue,
    spread_evenly,
    step_after,
)
from dianchi.chapters.operation.tariffs.charges import Charge, Terms
from dianchi.chapters.operation.tariffs.inputs import UNITS
from dianchi.chapters.operation.tariffs.queries import price_list, terms_of
from dianchi.chapters.supervision.disclosure import queries as disclosures
from dianchi.foundation.cases.figures import value
from dianchi.interfaces.web import parties, public, say
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor
from dianchi.kernel.costs import CLASSES
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.money import plain_yuan, round_half_up
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day

_NOT_DISCLOSED = Refusal(
    "disclosure.not-published", Text("没有这份已发布的披露", "There is no such published disclosure"),
    remedy=Text("请在信息披露栏目查看", "See the list of disclosures"),
)  # fmt: skip


def listed(request: HttpRequest, ending: str = "") -> HttpResponse:
    """The price list as a page, as JSON and as CSV."""
    found = price_list()
    names = parties.names({t.operator for t in found})
    if ending == "json":
        rows = [_price(t, names) for t in found]
        return HttpResponse(
            json.dumps(rows, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
        )
    if ending == "csv":
        rows = [_price(t, names) for t in found]
        head = list(rows[0]) if rows else ["product"]
        return _csv(
            "prices.csv",
            [
                head,
                *([json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for v in r.values()] for r in rows),
            ],
        )
    units = dict(UNITS)
    rows = [
        {"tariff": t, "operator": names.get(t.operator, ""), "unit": units.get(t.unit, t.unit), "charge": Charge(t.charge).label,
         "terms": said(Terms.of(terms_of(t)), t.unit)}
        for t in found
    ]  # fmt: skip
    return render(request, "web/site/prices.html", {"rows": rows})


def _price(t: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "product": t.product.slug, "title": t.title, "operator": names.get(t.operator, t.operator), "purpose": t.product.purpose,
        "unit": t.unit, "cap_yuan": plain_yuan(t.cap_fen), "charge": t.charge, "price_yuan": plain_yuan(t.price_fen or 0),
        "lot": t.lot, "blocks": t.blocks, "included": t.included, "over_yuan": plain_yuan(t.over_fen), "span": t.span,
        "discounts": t.discounts, "trial": t.trial, "effective_on": local_day(t.priced_at).isoformat() if t.priced_at else "",
    }  # fmt: skip


WORDS = {
    "CALL": Text("次", "call"), "ITEM": Text("件", "product"), "SERVICE": Text("次服务", "service"), "TIME": Text("期", "term"),
}  # fmt: skip


def said(terms: Terms, unit: str) -> list[Text]:
    """Terms of charge in words, one sentence each."""
    word = WORDS.get(unit, WORDS["CALL"])

    def money(fen: int) -> str:
        return say.fen(fen)

    if terms.kind is Charge.FREE or (terms.price_fen == 0 and terms.highest() == 0):
        found = [Text("免费", "Free")]
    elif terms.kind is Charge.TIERED:
        found, below = [], 0
        for block in terms.blocks:
            span = (
                Text("第 {a} 至 {b} {unit}", "{unit}s {a} to {b}")
                if block.up_to
                else Text("第 {a} {unit}起", "From {unit} {a}")
            )
            span = span.format(a=f"{below + 1:,}", b=f"{block.up_to:,}", unit=word)
            found.append(
                Text("{span}，每{unit} {price}", "{span}: {price} each").format(
                    span=span, unit=word, price=money(block.price_fen)
                )
            )
            below = block.up_to
    elif terms.kind is Charge.PACKAGE:
        package = Text(
            "每期 {price}，含 {n} {unit}，超出每{unit} {over}",
            "{price} a period with {n} {unit}s; {over} for each beyond",
        )
        found = [
            package.format(price=money(terms.price_fen), n=f"{terms.included:,}", unit=word, over=money(terms.over_fen))
        ]
    elif terms.kind is Charge.TIME:
        found = [
            Text("每{span} {price}", "{price} per {span}").format(span=terms.span.label, price=money(terms.price_fen))
        ]
    elif terms.kind is Charge.FLAT:
        found = [Text("一次性 {price}", "{price} once").format(price=money(terms.price_fen))]
    elif terms.lot > 1:
        lot = Text("每 {n} {unit} {price}", "{price} per {n} {unit}s")
        found = [lot.format(n=f"{terms.lot:,}", unit=word, price=money(terms.price_fen))]
    else:
        found = [Text("每{unit} {price}", "{price} per {unit}").format(unit=word, price=money(terms.price_fen))]
    for d in terms.discounts:
        least = "" if d.ground == "PREPAID" else f" {d.least:,}"
        off = Text("{ground}{least}的，减 {percent}%", "{percent}% off: {ground}{least}")
        found.append(off.format(ground=d.ground.label, least=least, percent=f"{d.percent.normalize():f}"))
    return found


def statistics(request: HttpRequest) -> HttpResponse:
    """Public statistics: live figures of the platform and the list of authorized operators."""
    about = {
        "figures": public.figures(), "authorizations": public.authorizations(), "offers": len(public.offers()),
        "year": local_day(request.at).year - 1,  # type: ignore[attr-defined]
    }  # fmt: skip
    about["missing"] = _overdue(request.at)  # type: ignore[attr-defined]
    return render(request, "web/site/statistics.html", about)


def _overdue(at: datetime) -> list[str]:
    """Who has not disclosed the past year though its day is over."""
    late = disclosures.overdue(at, str(value("disclosure.due")))
    return sorted(parties.names(late).values())


def disclosed_csv(request: HttpRequest, code: str) -> HttpResponse:
    """A published disclosure as rows of section, entry, field and value."""
    found = public.cases("disclosure", "published", "replaced")
    case = found.filter(code=code).first() if found is not None else None
    if case is None:
        raise NotFound(_NOT_DISCLOSED)
    return _csv(f"{code}.csv", disclosures.flat(case))


def _csv(name: str, rows: Iterable[Iterable[Any]]) -> HttpResponse:
    out = StringIO()
    out.write("\ufeff")  # so that spreadsheets read it as UTF-8
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([f"'{v}" if isinstance(v, str) and v[:1] in "=+-@" and v[1:2] else v for v in row])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# The worked example of the price notice's formulas, in yuan: what the calculator shows before anything is entered.
EXAMPLE = {
    "platform": "3200000", "data": "1800000", "people": "2400000", "acquisition": "300000", "period": "700000",
    "subsidy": "600000", "yield": "1.85", "spread": "4.00", "surcharge_base": "360000", "surcharge_rate": "12",
    "income_rate": "25", "cap1": "0.50", "volume1": "8000000", "cap2": "300", "volume2": "5000", "cap3": "12000",
    "volume3": "240", "revenue": "9100000", "years": "2",
}  # fmt: skip
CAPS = (1, 2, 3)


@acting
def what_if(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What would be permitted, whether the caps stay within it, and what a year's revenue would call for."""
    given = {name: request.GET.get(name, example).strip()[:20] for name, example in EXAMPLE.items()}
    numbers = {name: _number(text) for name, text in given.items()}
    wrong = [name for name, n in numbers.items() if n is None]
    about: dict[str, Any] = {"given": given, "classes": CLASSES, "caps": CAPS, "wrong": wrong}
    if not wrong:
        about |= _reckoned({name: n or Decimal(0) for name, n in numbers.items()}, actor.region)
    return render(request, "web/what_if.html", about)


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").replace("，", "") or "0")
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found <= 10**13 else None


def _fen(yuan: Decimal) -> int:
    return int(round_half_up(yuan * 100))


def _reckoned(n: dict[str, Decimal], region: str) -> dict[str, Any]:
    revenue = permitted_revenue(
        [Cost(_fen(n[key])) for key, _ in CLASSES], _fen(n["subsidy"]), n["yield"], n["spread"],
        [Tax("rate", base_fen=_fen(n["surcharge_base"]), rate=n["surcharge_rate"] / 100),
         Tax("income", rate=min(n["income_rate"], Decimal(99)) / 100)],
    )  # fmt: skip
    most = Decimal(value("pricing.max-spread-points", region))
    caps = [(_fen(n[f"cap{i}"]), int(n[f"volume{i}"])) for i in CAPS]
    expected = expected_fen(caps)
    found = {
        "revenue": revenue, "rate": revenue.rate, "most": most, "spread_ok": n["spread"] <= most,
        "expected": expected, "within": expected <= revenue.total_fen, "left": revenue.total_fen - expected,
        "cap_rows": [(i, cap, volume, cap * volume) for i, (cap, volume) in zip(CAPS, caps, strict=True)],
    }  # fmt: skip
    return found | (_after(n, revenue, region) if revenue.total_fen > 0 else {})


def _after(n: dict[str, Decimal], revenue: Revenue, region: str) -> dict[str, Any]:
    """What a year's actual revenue would call for, and what a period of such years would give back."""
    actual, years = _fen(n["revenue"]), max(1, min(3, int(n["years"])))
    off = deviation(actual, revenue.total_fen)
    step = step_after(
        off, Decimal(value("pricing.deviation-threshold", region)), bool(value("pricing.two-sided-deviation", region))
    )
    excess = excess_fen([actual] * years, [revenue.total_fen] * years)
    return {
        "actual": actual, "deviation": round_half_up(off * 100, 2), "caps_change": step is Step.ADJUST_CAPS, "years": years,
        "excess": excess, "smoothed": list(spread_evenly(excess, range(1, years + 1)).values()) if excess else [],
    }  # fmt: skip
