"""Which acts close and check a month of the authorized business."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.costs import CLASS_PATTERN, CLASSES, SERVES, SERVES_PATTERN
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """A month counts as accounted for once it is closed; the institution checks it."""

    CLOSED = "closed", Text("已结账，待核对", "Closed, to be checked"), Tone.WAITING
    CHECKED = "checked", Text("已核对", "Checked"), Tone.FORCE
    RETURNED = "returned", Text("退回更正", "Returned"), Tone.DRAFT


class CostLine(Inputs):
    """One cost of the month, in fen."""

    kind: str = entry(Text("成本类别", "Class"), choices=CLASSES, pattern=CLASS_PATTERN)
    name: str = entry(Text("项目", "Item"), min_length=2, max_length=100)
    amount_fen: int = entry(Text("金额", "Amount"), widget="fen", ge=0)
    serves: str = entry(Text("服务对象", "Serves"), default="paid", choices=SERVES, pattern=SERVES_PATTERN)


class Closing(Inputs):
    """The month and its costs; the revenue is that of the bills."""

    agreement: str = entry(Text("授权运营协议", "Authorization agreement"), refers="agreements")
    month: str = entry(
        Text("月份", "Month"), pattern=r"^20\d\d-(0[1-9]|1[0-2])$", example="2026-03",
        help=Text("按公历月单独核算", "Accounts are kept apart for each calendar month"),
    )  # fmt: skip
    costs: tuple[CostLine, ...] = entry(
        Text("成本", "Costs"), default=(), help=Text("收入由账单汇总，不手工填写", "Revenue comes from the bills and is not entered"),
    )  # fmt: skip
    note: str = entry(Text("说明", "Note"), default="", widget="long", max_length=2000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    in_term: bool = True
    over: bool = True
    first: bool = True
    none_missing: bool = True
    all_billed: bool = True
    own_submission: bool = False


agreement_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "accounts.not-your-agreement",
        Text("该授权运营协议属于另一家运营机构", "The agreement is another operator's"),
        price65(5),
        field="agreement",
    ),
)
month_is_in_term = Guard[Facts](
    lambda f: f.in_term,
    Refusal(
        "accounts.month-outside-the-term",
        Text("该月份不在协议期限内", "The month lies outside the agreement's term"),
        price65(5),
        field="month",
    ),
    on_inputs=True,
)
month_is_over = Guard[Facts](
    lambda f: f.over,
    Refusal(
        "accounts.month-not-over",
        Text("该月份尚未结束", "The month is not over"),
        price65(5),
        Text("请在月份结束后结账", "Close it afterwards"),
        field="month",
    ),
    on_inputs=True,
)
closed_once = Guard[Facts](
    lambda f: f.first,
    Refusal(
        "accounts.month-closed",
        Text("该月份已结账", "The month is closed already"),
        price65(5),
        Text("请在已有事项中更正", "Correct the one there is"),
        field="month",
    ),
    on_inputs=True,
)
no_month_is_missing = Guard[Facts](
    lambda f: f.none_missing,
    Refusal(
        "accounts.month-missing",
        Text(
            "此前有月份没有授权业务的单独核算", "An earlier month has no separate accounts of the authorized business"
        ),
        price65(5),
        Text("请先为此前各月结账", "Close the months before first"),
        ("R30",),
        "month",
    ),
    on_inputs=True,
)
all_use_is_billed = Guard[Facts](
    lambda f: f.all_billed,
    Refusal(
        "accounts.use-not-billed",
        Text("该月份还有已交付而未出账的用量", "Use of that month is delivered and not billed yet"),
        price65(5),
        Text("请先出账", "Draw the bills first"),
        field="month",
    ),
    on_inputs=True,
)
checker_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal(
        "accounts.own-submission",
        Text("不能核对本机构提交的账", "You cannot check what your own organisation submitted"),
        default(),
        Text("请由实施机构核对", "The implementing institution checks it"),
        ("R66",),
    ),
)
_SOUND = (agreement_is_yours, month_is_in_term, month_is_over, closed_once, no_month_is_missing, all_use_is_billed)

ACCOUNTS = Lifecycle[Facts](
    "accounts",
    Text("独立核算", "Separate accounts"),
    State,
    (
        Act("close", Text("月度结账", "Close the month"), {Role.OPERATOR}, frozenset(), State.CLOSED, price65(5), _SOUND,
            Closing, document=Text("授权业务月度核算表", "Monthly accounts of the authorized business")),
        Act("revise", Text("更正", "Correct"), {Role.OPERATOR}, {State.RETURNED}, State.CLOSED, price65(5), _SOUND, Closing),
        Act("check", Text("核对", "Check"), {Role.IMPLEMENTER}, {State.CLOSED}, State.CHECKED, spec27(21),
            (checker_is_another,)),
        Act("return", Text("退回更正", "Return"), {Role.IMPLEMENTER}, {State.CLOSED}, State.RETURNED, spec27(21),
            (checker_is_another,), Reason, duty=False),
    ),
    (
        Deadline(State.CLOSED, workdays("accounts.check-days"), spec27(21),
                 Text("核对授权业务月度核算", "Check the month's accounts"), {Role.IMPLEMENTER}),
    ),
)  # fmt: skip
