"""Which acts calculate, review, approve and pay a distribution."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.distribution.inputs import Opinion, Paid, Reason, Run
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default, price65, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Nothing is paid before it is approved."""

    CALCULATED = "calculated", Text("已测算，待审核", "Calculated"), Tone.WAITING
    REVIEWED = "reviewed", Text("已审核，待批准", "Reviewed"), Tone.WAITING
    APPROVED = "approved", Text("已批准，待支付", "Approved"), Tone.WAITING
    PAID = "paid", Text("已分配", "Paid"), Tone.FORCE
    RETURNED = "returned", Text("退回重算", "Returned"), Tone.DRAFT
    DISPUTED = "disputed", Text("有异议", "Disputed"), Tone.STOPPED


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    months_in_order: bool = True
    months_over: bool = True
    no_overlap: bool = True
    sum_is_whole: bool = True
    parties_once: bool = True
    accounts_closed: bool = True
    something_earned: bool = True
    own_submission: bool = False
    is_beneficiary: bool = True
    paid_as_calculated: bool = True
    by_fiscal_rules: bool = True


agreement_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal("distribution.not-your-agreement", Text("该协议属于另一家运营机构", "The agreement is another operator's"),
            spec27(20), field="agreement"),
)  # fmt: skip
months_are_in_order = Guard[Facts](
    lambda f: f.months_in_order and f.months_over,
    Refusal("distribution.months-not-over", Text("分配期间须先后有序，且已经结束", "The months must run forward and be over"),
            default(), Text("请核对起止月份", "Check the months"), field="to_month"),
    on_inputs=True,
)  # fmt: skip
distributed_once = Guard[Facts](
    lambda f: f.no_overlap,
    Refusal("distribution.months-distributed", Text("该期间的收益已在另一次分配中", "Another run distributes these months"),
            spec27(20), Text("请核对已有的分配", "Check the runs there are"), field="from_month"),
    on_inputs=True,
)  # fmt: skip
shares_are_whole = Guard[Facts](
    lambda f: f.sum_is_whole and f.parties_once,
    Refusal("distribution.shares-not-whole", Text("各方比例合计须为百分之百，每类对象只列一次", "Shares sum to 100 per cent and name each party once"),
            spec27(20), Text("请按协议约定的比例填写", "Enter them as the agreement says"), field="shares"),
    on_inputs=True,
)  # fmt: skip
accounts_are_closed = Guard[Facts](
    lambda f: f.accounts_closed,
    Refusal("distribution.accounts-missing", Text("期间内有月份没有授权业务的单独核算", "A month of these has no separate accounts"),
            price65(5), Text("请先完成各月结账", "Close every month first"), ("R30",), "to_month"),
    on_inputs=True,
)  # fmt: skip
something_is_earned = Guard[Facts](
    lambda f: f.something_earned,
    Refusal("distribution.nothing-earned", Text("期间内没有可分配的净收入", "There is no net revenue to distribute"), spec27(20),
            field="to_month"),
    on_inputs=True,
)  # fmt: skip
reviewer_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal("distribution.own-submission", Text("不能审核或批准本机构提交的分配", "You cannot approve what your own organisation submitted"),
            default(), Text("请由实施机构审核、授权主体批准", "The institution reviews, the authorizing body approves"), ("R66",)),
)  # fmt: skip
actor_is_a_beneficiary = Guard[Facts](
    lambda f: f.is_beneficiary,
    Refusal("distribution.not-a-beneficiary", Text("只有分配对象可以提出异议", "Only a beneficiary may object"), default()),
)  # fmt: skip
paid_as_calculated = Guard[Facts](
    lambda f: f.paid_as_calculated,
    Refusal("distribution.paid-otherwise", Text("支付记录与批准的分配结果不一致", "The payments are not what was approved"),
            spec27(20), Text("每一分配对象一笔，金额一致", "One for each beneficiary, of the same amount"), field="payments"),
    on_inputs=True,
)  # fmt: skip
paid_by_fiscal_rules = Guard[Facts](
    lambda f: f.by_fiscal_rules,
    Refusal("distribution.organ-paid-directly", Text("行政机关和财政的收益须经财政缴拨", "Money for organs goes through the treasury"),
            default(), Text("请经财政缴拨后登记凭证", "Pay it through the treasury and record the proof"), field="payments"),
    on_inputs=True,
)  # fmt: skip
_SOUND = (
    agreement_is_yours,
    months_are_in_order,
    distributed_once,
    shares_are_whole,
    accounts_are_closed,
    something_is_earned,
)

DISTRIBUTION = Lifecycle[Facts](
    "distribution",
    Text("收益分配", "Revenue distribution"),
    State,
    (
        Act("calculate", Text("测算分配", "Calculate"), {Role.OPERATOR}, frozenset(), State.CALCULATED, spec27(20), _SOUND, Run,
            help=Text("净收入由账单汇总，贡献按血缘、调用和质量计量", "Revenue from the bills; contribution by lineage, calls and quality"),
            document=Text("收益分配测算表", "Calculation of the distribution")),
        Act("recalculate", Text("重新测算", "Calculate again"), {Role.OPERATOR}, {State.RETURNED, State.DISPUTED},
            State.CALCULATED, spec27(20), _SOUND, Run),
        Act("review", Text("审核", "Review"), {Role.IMPLEMENTER}, {State.CALCULATED}, State.REVIEWED, spec27(20),
            (reviewer_is_another,), Opinion),
        Act("approve", Text("批准", "Approve"), {Role.AUTHORIZER}, {State.REVIEWED}, State.APPROVED, spec27(20),
            (reviewer_is_another,), Opinion, sensitive=True, document=Text("收益分配批准书", "Approval of the distribution")),
        Act("return", Text("退回重算", "Return"), {Role.IMPLEMENTER, Role.AUTHORIZER}, {State.CALCULATED, State.REVIEWED},
            State.RETURNED, spec27(20), (reviewer_is_another,), Reason, duty=False),
        Act("dispute", Text("提出异议", "Object"), {Role.PROVIDER, Role.DEVELOPER}, {State.CALCULATED, State.REVIEWED},
            State.DISPUTED, spec27(20), (actor_is_a_beneficiary,), Reason, duty=False),
        Act("pay", Text("登记支付", "Record the payments"), {Role.OPERATOR}, {State.APPROVED}, State.PAID, spec27(20),
            (agreement_is_yours, paid_as_calculated, paid_by_fiscal_rules), Paid, final=True, sensitive=True),
    ),
    (
        Deadline(State.CALCULATED, workdays("settlement.review-days"), default(),
                 Text("审核收益分配", "Review the distribution"), {Role.IMPLEMENTER}),
    ),
)  # fmt: skip
