"""Which acts report a year, answer its deviation and close a period."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Period, Tone, workdays, yearly
from dianchi.kernel.text import Text


class State(CaseState):
    """A year is done with once its deviation is answered; a period once its excess is."""

    DUE = "due", Text("待报告", "Due"), Tone.WAITING
    REPORTED = "reported", Text("已报告，待调整", "Reported"), Tone.WAITING
    ANSWERED = "answered", Text("已调整，待审阅", "Answered"), Tone.WAITING
    NOTED = "noted", Text("已审阅", "Noted"), Tone.FORCE
    EVALUATED = "evaluated", Text("周期已评估", "Period evaluated"), Tone.FORCE


class Call(Inputs):
    """Whose year must be reported."""

    agreement: str = entry(Text("授权运营协议", "Authorization agreement"), refers="agreements")
    year: int = entry(Text("年度", "Year"), ge=2024, le=2100, example="2026")


class Report(Inputs):
    """What a person adds to the figures, which all come from the record."""

    overall: str = entry(
        Text("总体经营情况", "The operator's overall business"), widget="long", min_length=4, max_length=8000
    )
    adjustments: str = entry(Text("收费调整情况", "Adjustments of prices"), default="", widget="long", max_length=4000)


class Answer(Inputs):
    """What was done about the deviation."""

    measures: str = entry(Text("调整措施", "Measures"), widget="long", min_length=4, max_length=4000)


class Opinion(Inputs):
    """What the price authority says."""

    opinion: str = entry(Text("审阅意见", "Opinion"), widget="long", min_length=4, max_length=2000)


class Portion(Inputs):
    """A part of the excess and the year from whose permitted revenue it is deducted."""

    year: int = entry(Text("扣减年度", "Deducted from the year"), ge=2024, le=2100)
    amount_fen: int = entry(Text("扣减金额", "Amount"), widget="fen", ge=1)


class PeriodOf(Inputs):
    """The period that ends with this year, and how its excess is given back."""

    from_year: int = entry(Text("周期起始年度", "First year of the period"), ge=2024, le=2100)
    portions: tuple[Portion, ...] = entry(
        Text("超额收入扣减安排", "How the excess is deducted"), default=(), max_length=6,
        help=Text("在下一周期一次扣减，或者平滑到几个年度；合计等于超额收入", "At once in the next period, or smoothed over years; the sum is the excess"),
    )  # fmt: skip
    conclusion: str = entry(Text("评估结论", "Conclusion"), widget="long", min_length=4, max_length=4000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    over: bool = True
    first: bool = True
    revenue_verified: bool = True
    accounts_closed: bool = True
    in_charge: bool = True
    adjusted: bool = True
    not_too_long: bool = True
    all_years_noted: bool = True
    sums_up: bool = True
    into_open_years: bool = True


year_is_over = Guard[Facts](
    lambda f: f.over,
    Refusal("reviews.year-not-over", Text("该年度尚未结束", "The year is not over"), price65(5), field="year"),
    on_inputs=True,
)
reported_once = Guard[Facts](
    lambda f: f.first,
    Refusal("reviews.year-reported", Text("该年度已报告", "The year is reported already"), price65(5), field="year"),
    on_inputs=True,
)
revenue_is_verified = Guard[Facts](
    lambda f: f.revenue_verified,
    Refusal(
        "reviews.revenue-not-verified",
        Text("该年度没有核定的最高准许收入", "The year has no verified permitted revenue"),
        price65(4),
        Text("请先办理核定", "Have it verified first"),
        ("R34",),
        "year",
    ),
    on_inputs=True,
)
accounts_are_closed = Guard[Facts](
    lambda f: f.accounts_closed,
    Refusal(
        "reviews.accounts-missing",
        Text("该年度有月份没有授权业务的单独核算", "A month of the year has no separate accounts"),
        price65(5),
        Text("请运营机构先完成各月结账", "The operator closes every month first"),
        ("R30",),
    ),
)
body_is_in_charge = Guard[Facts](
    lambda f: f.in_charge,
    Refusal(
        "reviews.not-in-charge", Text("该协议不在本机构的地域内", "The agreement is not of your territory"), price65(5)
    ),
)
deviation_is_answered = Guard[Facts](
    lambda f: f.adjusted,
    Refusal(
        "reviews.caps-not-adjusted",
        Text(
            "实际收入偏离超过界限，上限收费标准尚未调整",
            "The revenue deviates beyond the threshold and no cap was adjusted yet",
        ),
        price65(4),
        Text(
            "请先调整上限收费标准；未超过界限的，由运营机构复核具体收费",
            "Adjust the caps first; within the threshold prices are reviewed",
        ),
        ("R40", "E13"),
    ),
)
period_is_not_too_long = Guard[Facts](
    lambda f: f.not_too_long,
    Refusal(
        "reviews.period-too-long",
        Text("评估周期超过最长年限，或者先后颠倒", "The period is longer than allowed, or runs backward"),
        price65(4),
        Text("请按不超过三年的周期评估", "Evaluate at least every three years"),
        ("E12",),
        "from_year",
    ),
    on_inputs=True,
)
all_years_are_noted = Guard[Facts](
    lambda f: f.all_years_noted,
    Refusal(
        "reviews.year-missing",
        Text("周期内有年度尚未审阅或者已经评估", "A year of the period is not noted yet, or was evaluated before"),
        price65(4),
        Text("请先办理各年度的报告和审阅", "Have every year reported and noted first"),
        field="from_year",
    ),
    on_inputs=True,
)
portions_sum_up = Guard[Facts](
    lambda f: f.sums_up,
    Refusal(
        "reviews.excess-not-given-back",
        Text("扣减安排的合计不等于周期超额收入", "The portions do not sum to the excess of the period"),
        price65(4),
        Text("超额收入须全部扣减；没有超额的不填", "The whole excess is deducted; without excess enter none"),
        ("R40",),
        "portions",
    ),
    on_inputs=True,
)
into_open_years = Guard[Facts](
    lambda f: f.into_open_years,
    Refusal(
        "reviews.year-surveyed-already",
        Text(
            "扣减年度须在本周期之后、各列一次，且尚未报送成本",
            "Deduct from years after the period, each once, not surveyed yet",
        ),
        price65(4),
        Text("请选择以后的年度", "Choose later years"),
        field="portions",
    ),
    on_inputs=True,
)

REVIEWS = Lifecycle[Facts](
    "reviews",
    Text("年度价格评价", "Yearly price reviews"),
    State,
    (
        Act("call", Text("启动年度报告", "Begin"), {Role.AUTHORIZER, Role.SYSTEM}, frozenset(), State.DUE, price65(5),
            (year_is_over, reported_once, revenue_is_verified), Call,
            help=Text("每年一月一日平台为已核定收入的协议启动", "Each New Year the platform begins it for every agreement with a verified revenue")),
        Act("report", Text("报告年度经营情况", "Report the year"), {Role.AUTHORIZER}, {State.DUE}, State.REPORTED, price65(5),
            (body_is_in_charge, accounts_are_closed), Report,
            document=Text("年度经营情况报告", "Yearly operating report"),
            help=Text("三月底前报告上一年度；数字由平台记录算出", "By the end of March for the year before; figures come from the record")),
        Act("answer", Text("调整收费", "Answer the deviation"), {Role.AUTHORIZER}, {State.REPORTED}, State.ANSWERED, price65(4),
            (body_is_in_charge, deviation_is_answered), Answer),
        Act("take-note", Text("审阅", "Take note"), {Role.PRICE}, {State.ANSWERED}, State.NOTED, price65(4),
            inputs=Opinion),
        Act("evaluate", Text("评估收费周期", "Evaluate the period"), {Role.PRICE}, {State.NOTED}, State.EVALUATED, price65(4),
            (period_is_not_too_long, all_years_are_noted, portions_sum_up, into_open_years), PeriodOf, duty=False,
            document=Text("收费评估结论", "Evaluation of the price period")),
    ),
    (
        Deadline(State.DUE, yearly("pricing.report-due"), price65(5),
                 Text("报告上一年度经营情况", "Report the past year's operation"), {Role.AUTHORIZER}, clock="E14",
                 since="year_ended_on"),
        Deadline(State.REPORTED, workdays("pricing.answer-days"), default(),
                 Text("按偏离情况调整上限或者具体收费", "Adjust caps or prices as the deviation asks"), {Role.AUTHORIZER}),
        Deadline(State.NOTED, Period("years", "pricing.evaluation-years"), price65(4),
                 Text("评估收费周期", "Evaluate the price period"), {Role.PRICE}, clock="E12", since="period_since"),
    ),
)  # fmt: skip
