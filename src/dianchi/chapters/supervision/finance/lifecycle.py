"""Which acts turn data into an asset, and who must approve it first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Approved before it is done, on record while it stands."""

    DECLARED = "declared", Text("待审批", "To be decided"), Tone.WAITING
    APPROVED = "approved", Text("已批准", "Approved"), Tone.FORCE
    REGISTERED = "registered", Text("已登记", "On the register"), Tone.FORCE
    REFUSED = "refused", Text("不予批准", "Refused"), Tone.STOPPED
    UNAPPROVED = "unapproved", Text("未经批准", "Done without approval"), Tone.STOPPED
    ENDED = "ended", Text("已解除", "Ended"), Tone.DRAFT


KINDS = (
    ("PLEDGE", Text("质押担保", "Pledge")), ("FINANCING", Text("融资", "Financing")),
    ("EQUITY", Text("作价出资入股", "Equity contribution")), ("BALANCE", Text("数据资源入表", "Balance-sheet entry")),
)  # fmt: skip
OBJECTS = (
    ("PRODUCT", Text("产品和服务的经营收益", "Revenue of products and services")),
    ("RIGHT", Text("授权运营的经营权益", "The right to operate")),
    ("RESOURCE", Text("公共数据资源本身", "The public data resource itself")),
)  # fmt: skip
_DISPOSALS = {"PLEDGE", "EQUITY"}  # what would hand the resource itself to another


class Declaration(Inputs):
    """What is planned with which data, for how much."""

    title: str = entry(Text("事项名称", "Title"), min_length=4, max_length=200, example="旅游统计产品收益权质押")
    kind: str = entry(Text("事项类型", "Kind"), choices=KINDS, pattern="^(PLEDGE|FINANCING|EQUITY|BALANCE)$")
    object: str = entry(Text("标的", "Object"), choices=OBJECTS, pattern="^(PRODUCT|RIGHT|RESOURCE)$")
    agreement: str = entry(
        Text("授权运营协议", "Authorization agreement"), default="", refers="agreements", help=Text("运营机构申报时填写", "By an operator"),
    )  # fmt: skip
    contract: str = entry(
        Text("开发利用协议", "Development agreement"), default="", refers="contracts", help=Text("开发主体申报时填写", "By a developer"),
    )  # fmt: skip
    resources: list[str] = entry(Text("涉及的数据资源", "Resources"), min_length=1, refers="catalogue")
    amount_fen: int = entry(Text("金额", "Amount"), ge=0, le=10**15, widget="fen")
    counterparty: str = entry(Text("相对方", "Counterparty"), min_length=2, max_length=200, example="某银行昆明分行")
    valuation: str = entry(Text("评估依据", "Valuation"), widget="long", min_length=4, max_length=2000)
    purpose: str = entry(Text("资金用途", "Purpose"), widget="long", min_length=4, max_length=2000)
    starts_on: date = entry(Text("起始日期", "From"))
    ends_on: date = entry(Text("终止日期", "Until"))
    executed_on: date | None = entry(
        Text("已实施日期", "Done on"), default=None, help=Text("尚未实施的留空", "Empty if it is not done yet")
    )


class Decision(Inputs):
    """The collective decision."""

    minutes_number: str = entry(Text("会议纪要编号", "Number of the minutes"), min_length=2, max_length=60)
    opinion: str = entry(Text("审批意见", "Opinion"), widget="long", min_length=4, max_length=2000)


class Registration(Inputs):
    """As it was done."""

    contract_number: str = entry(
        Text("合同或者凭证编号", "Number of the contract or voucher"), min_length=2, max_length=60
    )
    executed_on: date = entry(Text("实施日期", "Done on"))


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True  # the actor's organisation declared it
    institution: bool = True  # the actor's organisation is the agreement's institution, or supervises
    party: bool = True  # the declarer is the agreement's operator, or a developer under it
    in_force: bool = True
    inside: bool = True  # the resources are those of the agreement
    within_term: bool = True
    executed: bool = False  # it was done already
    disposes: bool = False  # the resource itself would pass to another
    executed_early: bool = False
    executed_ahead: bool = False


_S23, _S22 = spec27(23), spec27(22)
the_declarer = Guard[Facts](
    lambda f: f.yours, Refusal("finance.not-yours", Text("只有申报单位可以办理", "Only who declared it does this"), _S22)
)  # fmt: skip
the_institution = Guard[Facts](
    lambda f: f.institution,
    Refusal("finance.not-the-institution", Text("只有协议的实施机构可以审批", "Only the agreement's institution decides"), _S23),
)  # fmt: skip
a_party_declares = Guard[Facts](
    lambda f: f.party,
    Refusal("finance.not-a-party", Text("申报单位不是该协议的运营机构或其开发主体", "You are neither the agreement's operator nor a developer under it"), _S23,
            Text("请选择本单位的协议", "Choose your own agreement"), ("R31",), "agreement"),
    on_inputs=True,
)  # fmt: skip
agreement_is_in_force = Guard[Facts](
    lambda f: f.in_force,
    Refusal("finance.agreement-not-in-force", Text("授权运营协议未生效或已终止", "The agreement is not in force"), _S23,
            Text("协议生效后再办理", "Wait until it is")),
)  # fmt: skip
resources_are_inside = Guard[Facts](
    lambda f: f.inside,
    Refusal("finance.resources-outside-agreement", Text("涉及的数据资源超出协议范围", "Resources outside the agreement"), _S23,
            Text("请只列协议内的数据资源", "Name resources of the agreement only"), ("R31",), "resources"),
    on_inputs=True,
)  # fmt: skip
term_is_inside = Guard[Facts](
    lambda f: f.within_term,
    Refusal("finance.term-outside-agreement", Text("期限须在协议期限之内且起止有序", "The term must lie inside the agreement's"), _S23,
            Text("请调整起止日期", "Correct the days"), ("R31",), "ends_on"),
    on_inputs=True,
)  # fmt: skip
not_yet_done = Guard[Facts](
    lambda f: not f.executed,
    Refusal("finance.executed-without-approval", Text("该事项未经批准已经实施，不能补批", "It was done without approval; approval cannot follow"), _S23,
            Text("请认定为未经批准并责令解除", "Find it unapproved and have it undone"), ("R31",)),
)  # fmt: skip
resource_itself_stays = Guard[Facts](
    lambda f: not f.disposes,
    Refusal("finance.resource-itself-disposed", Text("公共数据资源本身不得质押或者作价出资", "The public data resource itself is neither pledged nor contributed"), _S23,
            Text("标的请改为产品收益或者经营权益", "Take revenue or the right to operate as the object"), ("R31",)),
)  # fmt: skip
approval_came_first = Guard[Facts](
    lambda f: not f.executed_early,
    Refusal("finance.executed-before-approval", Text("实施日期早于批准日期", "It was done before it was approved"), _S23,
            Text("请核对日期；确属先行实施的按未经批准处理", "Check the day; if so it counts as unapproved"), ("R31",), "executed_on"),
    on_inputs=True,
)  # fmt: skip
done_already = Guard[Facts](
    lambda f: not f.executed_ahead,
    Refusal("finance.executed-in-the-future", Text("实施日期不能晚于今天", "It cannot be done in the future"), _S22, field="executed_on"),
    on_inputs=True,
)  # fmt: skip

_DECLARERS = {Role.OPERATOR, Role.DEVELOPER}
_DECIDERS = {Role.IMPLEMENTER}
_STANDS = (agreement_is_in_force, resources_are_inside, term_is_inside)

FINANCE = Lifecycle[Facts](
    "finance",
    Text("资产化登记", "Assetization register"),
    State,
    (
        Act("declare", Text("申报", "Declare"), _DECLARERS, frozenset(), State.DECLARED, _S23, (a_party_declares, *_STANDS, done_already), Declaration,
            help=Text("质押、融资、出资、入表均须事先申报", "Pledge, financing, equity and booking are declared beforehand")),
        Act("approve", Text("批准", "Approve"), _DECIDERS, {State.DECLARED}, State.APPROVED, _S23,
            (the_institution, not_yet_done, resource_itself_stays, agreement_is_in_force), Decision, sensitive=True, document=Text("资产化事项批复", "Approval")),
        Act("refuse", Text("不予批准", "Refuse"), _DECIDERS, {State.DECLARED}, State.REFUSED, _S23, (the_institution,), Reason, duty=False),
        Act("register", Text("登记实施", "Register"), _DECLARERS, {State.APPROVED}, State.REGISTERED, _S22,
            (the_declarer, agreement_is_in_force, approval_came_first, done_already), Registration),
        Act("denounce", Text("认定未经批准", "Find it unapproved"), {Role.IMPLEMENTER, Role.BUREAU}, {State.DECLARED, State.APPROVED, State.REFUSED},
            State.UNAPPROVED, _S23, (the_institution,), Reason, duty=False,
            help=Text("已实施而未经批准的，认定后应当解除", "Done without approval: it must be undone")),
        Act("end", Text("登记解除", "Record its end"), _DECLARERS, {State.REGISTERED, State.UNAPPROVED}, State.ENDED, cite("SPEC27", 22), (the_declarer,),
            Reason),
    ),
    (Deadline(State.DECLARED, workdays("finance.review-days"), _S23, Text("审批资产化事项", "Decide on it"), _DECIDERS),),
)  # fmt: skip


def disposes(kind: str, what: str) -> bool:
    """Whether the public data resource itself would pass to another."""
    return what == "RESOURCE" and kind in _DISPOSALS
