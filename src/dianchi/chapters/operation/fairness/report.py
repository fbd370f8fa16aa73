"""What the record says of an operator's treatment of developers and consumers; findings are for people to weigh.

R27 to R29 warn: a machine sees that like candidates were treated unlike, a person finds whether an objective reason
stands behind it. Each finding names the cases that are its evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from statistics import median
from typing import Any

from dianchi.chapters.operation.contracts.models import Contract
from dianchi.chapters.operation.developers.lifecycle import State
from dianchi.chapters.operation.developers.models import STANDING, Admission
from dianchi.chapters.operation.developers.ranking import score
from dianchi.chapters.operation.orders.models import Usage
from dianchi.foundation.cases.models import Due
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day, workdays_between


@dataclass(frozen=True)
class Decision:
    """How one candidate was treated."""

    case: str
    developer: str
    scenario: str
    invited: bool
    days: int | None  # working days from the material to the decision; None while it waits
    score: Decimal | None
    state: Any
    ground: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """Something that asks for an objective reason: rule, words, and the cases that show it."""

    rule: str
    text: Text
    evidence: tuple[tuple[str, str], ...]  # kind of case and code


@dataclass(frozen=True)
class Report:
    """One operator's report."""

    operator: str
    decisions: tuple[Decision, ...]
    findings: tuple[Finding, ...]


def report(operator: str, at: datetime) -> Report:
    """The report on the operator as the record stands."""
    admissions = list(
        Admission.objects.filter(operator=operator).select_related("scenario").order_by("opened_at", "id")
    )
    decisions = tuple(_decision(a) for a in admissions)
    findings = (
        *_out_of_order(admissions), *_late(admissions, at), *_slower(decisions), *_terms(operator), *_exclusive(operator),
        *_prices(operator),
    )  # fmt: skip
    return Report(operator, decisions, findings)


def _decision(case: Admission) -> Decision:
    acts = Entry.objects.filter(case_type="developers", case_id=case.code, outcome="done").order_by("index")
    when: dict[str, date] = {}
    for kind, moment in acts.values_list("kind", "at"):
        when.setdefault(kind.rpartition(".")[2], local_day(moment))
    ended = min((when[a] for a in ("qualify", "reject") if a in when), default=None)
    began = when.get("submit")
    name = names({case.developer}).get(case.developer, case.developer)
    return Decision(
        case.code, name, case.scenario.title if case.scenario else "", case.invited,
        workdays_between(began, ended) if began and ended else None, score(case), case.lifecycle.state(case.state),
        case.ground, case.reason,
    )  # fmt: skip


def _out_of_order(admissions: list[Admission]) -> list[Finding]:
    """A better candidate turned down by rank while a lesser one of the same scenario was admitted."""
    found = []
    scored = [(a, s) for a in admissions if a.scenario_id and (s := score(a)) is not None]
    for better, high in scored:
        if better.state != State.REJECTED or better.ground != "lower-ranked":
            continue
        lesser = [a for a, s in scored if a.scenario_id == better.scenario_id and a.state in STANDING and s < high]
        if lesser:
            text = Text(
                "得分更高的候选未入选，得分较低的已准入", "A better scored candidate was not chosen, a lesser one was"
            )
            found.append(Finding("R27", text, _cases("developers", [better, *lesser])))
    return found


def _late(admissions: list[Admission], at: datetime) -> list[Finding]:
    late = set(
        Due.objects.filter(case_type="developers", done_at=None, due_at__lte=at, key__startswith=f"{State.UNDER_REVIEW}:")
        .values_list("case_code", flat=True)
    )  # fmt: skip
    waiting = [a for a in admissions if a.code in late]
    text = Text("准入申请逾期未作决定", "Admissions left undecided beyond their time")
    return [Finding("R28", text, _cases("developers", waiting))] if waiting else []


def _slower(decisions: tuple[Decision, ...]) -> list[Finding]:
    """Those who applied by themselves wait more than twice as long as those invited, or the other way round."""
    sides = [[d.days for d in decisions if d.invited is invited and d.days is not None] for invited in (True, False)]
    if min(len(side) for side in sides) < 2:
        return []
    quick, slow = sorted(median(side) for side in sides)
    if slow <= max(2 * quick, 2):
        return []
    text = Text(
        "邀请和自行申请的办理时间相差一倍以上：{a}和{b}个工作日",
        "Invited and self-applied candidates wait very differently: {a} and {b} working days",
    ).format(a=quick, b=slow)
    return [Finding("R27", text, tuple(("developers", d.case) for d in decisions if d.days is not None))]


def _terms(operator: str) -> list[Finding]:
    """Fees that differ between developers of one scenario."""
    found, by_scenario = [], {}
    for contract in Contract.objects.filter(operator=operator, state__in=("signed", "filed")).order_by("id"):
        by_scenario.setdefault(contract.scenario_id, []).append(contract)
    for contracts in by_scenario.values():
        if len({c.fees.strip() for c in contracts}) > 1:
            text = Text("同一场景下各开发主体的费用条款不同", "Developers of one scenario pay under different terms")
            found.append(Finding("R27", text, _cases("contracts", contracts)))
    return found


def _exclusive(operator: str) -> list[Finding]:
    exclusive = list(
        Contract.objects.filter(operator=operator, exclusive=True, state__in=("signed", "filed")).order_by("id")
    )
    text = Text("存在独家开发协议，请核实理由", "Exclusive agreements: weigh their reasons")
    return [Finding("R29", text, _cases("contracts", exclusive))] if exclusive else []


def _prices(operator: str) -> list[Finding]:
    """One product charged at different prices to different consumers on the same day."""
    usage = Usage.objects.filter(order__product__operator=operator, billable=True)
    paid: dict[tuple[str, date], dict[int, set[str]]] = {}
    rows = usage.values_list("product", "at", "price_fen", "order__code").distinct()[:20000]
    for product, moment, fen, order in rows:
        paid.setdefault((product, local_day(moment)), {}).setdefault(fen, set()).add(order)
    found = {}
    for (product, _), by_price in sorted(paid.items()):
        if len(by_price) > 1:
            found[product] = sorted({o for orders in by_price.values() for o in orders})
    text = Text(
        "同一产品同日向不同用户按不同价格收费，请核实折扣依据",
        "One product at different prices on the same day: weigh the ground of the discount",
    )
    return [Finding("R29", text, tuple(("orders", code) for code in codes)) for codes in found.values()]


def _cases(kind: str, cases: list[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((kind, case.code) for case in cases)
