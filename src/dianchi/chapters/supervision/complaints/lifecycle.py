"""Which acts receive and answer a complaint, and by when."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.supervision.complaints.kinds import KINDS, PATTERN
from dianchi.kernel.actors import OFFICIALS, Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """The answer clock runs from receipt and waits while the complainant supplements."""

    RECEIVED = "received", Text("待受理", "To be acknowledged"), Tone.WAITING
    ACKNOWLEDGED = "acknowledged", Text("办理中", "Being handled"), Tone.WAITING
    WAITING = "waiting", Text("待补充材料", "Waits for the complainant"), Tone.WAITING
    ANSWERED = "answered", Text("已答复", "Answered"), Tone.FORCE
    DECLINED = "declined", Text("不予受理", "Declined"), Tone.STOPPED
    CLOSED = "closed", Text("已办结", "Closed"), Tone.FORCE


class Complaint(Inputs):
    """What somebody brings forward."""

    kind: str = entry(Text("事项类型", "Kind"), choices=KINDS, pattern=PATTERN)
    title: str = entry(Text("标题", "Title"), min_length=4, max_length=200, example="产品说明与实际不符")
    against: str = entry(Text("涉及的单位或产品", "Organisation or product"), default="", max_length=200)
    text: str = entry(Text("具体情况", "What happened"), widget="long", min_length=10, max_length=4000, personal=True)
    name: str = entry(Text("姓名或单位名称", "Your name"), default="", max_length=60, personal=True,
                      help=Text("可以匿名；个人信息权利请求和信息公开申请须实名", "May be left empty, except to exercise rights or ask for information"))  # fmt: skip
    contact: str = entry(Text("联系方式", "Contact"), default="", max_length=120, personal=True,
                         help=Text("电话或者电子邮箱，仅供办理人员联系", "Telephone or mail, for those who handle it"))  # fmt: skip
    consent: bool = entry(Text("同意为办理本事项使用以上信息", "The above may be used to handle this"), default=False)


class Acknowledgement(Inputs):
    """Who handles it."""

    handler: str = entry(
        Text("承办单位", "Handled by"), default="", max_length=18, widget="organisation",
        help=Text("留空为本机构；不得为被投诉单位", "Empty for your own; never the one complained of"),
    )  # fmt: skip
    note: str = entry(Text("受理说明", "Note"), default="", widget="long", max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Question(Inputs):
    """What the complainant is asked for."""

    question: str = entry(Text("需要补充的内容", "What is needed"), widget="long", min_length=4, max_length=1000)


class Supplied(Inputs):
    """What the complainant adds."""

    supplement: str = entry(
        Text("补充内容", "What you add"), widget="long", min_length=2, max_length=4000, personal=True
    )


class Finding(Inputs):
    """What the handling body found."""

    finding: str = entry(Text("调查情况", "What was found"), widget="long", min_length=4, max_length=4000)


class Answer(Inputs):
    """What the complainant is told."""

    outcome: str = entry(
        Text("处理结果", "Outcome"), pattern="^(UPHELD|PARTLY|UNFOUNDED|PROVIDED|REFUSED)$",
        choices=(
            ("UPHELD", Text("属实", "Well founded")), ("PARTLY", Text("部分属实", "Partly founded")), ("UNFOUNDED", Text("不属实", "Unfounded")),
            ("PROVIDED", Text("予以提供或者满足", "Provided")), ("REFUSED", Text("不予提供并说明理由", "Refused with reasons")),
        ),
    )  # fmt: skip
    answer: str = entry(Text("答复内容", "Answer"), widget="long", min_length=4, max_length=4000)


class Extension(Inputs):
    """Why it takes longer."""

    extension: str = entry(Text("延期理由", "Why it takes longer"), widget="long", min_length=4, max_length=1000)


class Clue(Inputs):
    """Where the clue was handed to."""

    transferred_to: str = entry(Text("移送机关", "Handed to"), min_length=2, max_length=200, example="纪检监察机关")


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    named: bool = True  # who asks is named where that is needed
    consented: bool = True  # who gives name or contact agrees to their use
    handler_known: bool = True
    handler_independent: bool = True
    yours: bool = True  # the actor handles it
    own_complaint: bool = True
    found: bool = True  # the handling body has reported
    gain_unreported: bool = False
    can_extend: bool = True
    is_gain: bool = True


_NDR20, _GIO33 = cite("NDR", 20), cite("GIO", 33)

asker_is_named = Guard[Facts](
    lambda f: f.named,
    Refusal("complaints.not-named", Text("该类事项须实名并留联系方式", "This kind needs your name and contact"), cite("PIPL", 47),
            Text("请填写姓名和联系方式", "Enter them"), field="name"),
    on_inputs=True,
)  # fmt: skip
use_is_agreed_to = Guard[Facts](
    lambda f: f.consented,
    Refusal("complaints.no-consent", Text("填写姓名或者联系方式的，须同意为办理使用", "Agree to the use of what you enter about yourself"), cite("PIPL", 13),
            Text("请勾选同意，或者匿名提交", "Tick it, or leave name and contact empty"), field="consent"),
    on_inputs=True,
)  # fmt: skip
handler_is_known = Guard[Facts](
    lambda f: f.handler_known,
    Refusal("complaints.handler-unknown", Text("承办单位未在平台登记", "The handling body is not on record"), _NDR20,
            Text("请核对统一社会信用代码", "Check its code"), field="handler"),
    on_inputs=True,
)  # fmt: skip
handler_is_independent = Guard[Facts](
    lambda f: f.handler_independent,
    Refusal("complaints.handler-concerned", Text("不得交由被投诉单位自行办理", "The one complained of does not handle it"), _NDR20,
            Text("请指定其他单位", "Name another body"), ("R74",), "handler"),
    on_inputs=True,
)  # fmt: skip
the_handler_itself = Guard[Facts](
    lambda f: f.yours, Refusal("complaints.not-yours", Text("只有承办单位可以办理", "Only the handling body does this"), _NDR20)
)  # fmt: skip
ones_own_complaint = Guard[Facts](
    lambda f: f.own_complaint,
    Refusal("complaints.not-your-complaint", Text("只有提出人可以补充或者申请复核", "Only who brought it forward does this"), _NDR20),
)  # fmt: skip
is_looked_into = Guard[Facts](
    lambda f: f.found,
    Refusal("complaints.not-looked-into", Text("承办单位尚未反馈调查情况", "The handling body has not reported yet"), _NDR20,
            Text("请先由承办单位填写调查情况", "Let it report first")),
)  # fmt: skip
gain_is_reported = Guard[Facts](
    lambda f: not f.gain_unreported,
    Refusal("complaints.gain-not-transferred", Text("反映以数据谋私的，须先移送纪检监察机关", "A report of private gain goes to the discipline body first"), spec27(23),
            Text("请先移送", "Hand it over first"), ("R75",)),
)  # fmt: skip
concerns_gain = Guard[Facts](
    lambda f: f.is_gain,
    Refusal("complaints.nothing-to-transfer", Text("已移送，或者不属于应移送的事项", "It was handed over, or need not be"), spec27(23), rules=("R75",)),
)  # fmt: skip
may_be_extended = Guard[Facts](
    lambda f: f.can_extend,
    Refusal("complaints.not-extendable", Text("只有信息公开申请可以延期，且只延一次、在期限届满前", "Only a request for information is extended, once, before its end"),
            _GIO33, rules=("E33",)),
)  # fmt: skip

# Anybody may complain: the public through the platform itself, and whoever has an account.
ANYBODY = frozenset({Role.SYSTEM, Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.PROVIDER} | OFFICIALS)
HANDLERS = {Role.BUREAU, Role.IMPLEMENTER, Role.REGISTRAR, Role.PRICE, Role.SECTOR}
_OPEN = {State.ACKNOWLEDGED}

COMPLAINT = Lifecycle[Facts](
    "complaints",
    Text("投诉举报", "Complaints"),
    State,
    (
        Act("lodge", Text("提出", "Bring forward"), ANYBODY, frozenset(), State.RECEIVED, _NDR20, (asker_is_named, use_is_agreed_to), Complaint),
        Act("acknowledge", Text("受理", "Acknowledge"), {Role.BUREAU}, {State.RECEIVED}, State.ACKNOWLEDGED, _NDR20,
            (handler_is_known, handler_is_independent), Acknowledgement, document=Text("受理通知", "Acknowledgement")),
        Act("decline", Text("不予受理", "Decline"), {Role.BUREAU}, {State.RECEIVED}, State.DECLINED, _NDR20, (gain_is_reported,), Reason, duty=False),
        Act("ask", Text("要求补充", "Ask for more"), {Role.BUREAU}, _OPEN, State.WAITING, _NDR20, (), Question, duty=False,
            help=Text("补充期间不计入答复期限", "The answer clock waits meanwhile")),
        Act("supply", Text("补充材料", "Supplement"), ANYBODY, {State.WAITING}, State.ACKNOWLEDGED, _NDR20, (ones_own_complaint,), Supplied, duty=False),
        Act("resume", Text("恢复办理", "Go on without it"), {Role.BUREAU}, {State.WAITING}, State.ACKNOWLEDGED, _NDR20, (), Reason, duty=False),
        Act("find", Text("反馈调查情况", "Report what was found"), HANDLERS, _OPEN, None, _NDR20, (the_handler_itself,), Finding),
        Act("extend", Text("延期答复", "Extend"), {Role.BUREAU}, _OPEN, None, _GIO33, (may_be_extended,), Extension, duty=False,
            document=Text("延期答复告知书", "Notice of extension")),
        Act("transfer", Text("移送纪检监察机关", "Hand to the discipline body"), {Role.BUREAU}, {State.RECEIVED, State.ACKNOWLEDGED, State.WAITING}, None,
            spec27(23), (concerns_gain,), Clue),
        Act("answer", Text("答复", "Answer"), {Role.BUREAU}, _OPEN, State.ANSWERED, _NDR20, (is_looked_into, gain_is_reported), Answer,
            document=Text("答复意见书", "Answer")),
        Act("review", Text("申请复核", "Ask for review"), ANYBODY, {State.ANSWERED}, State.ACKNOWLEDGED, _NDR20, (ones_own_complaint,), Reason, duty=False),
        Act("close", Text("办结", "Close"), {Role.BUREAU}, {State.ANSWERED}, State.CLOSED, _NDR20, (), duty=False),
    ),
    (
        Deadline(State.RECEIVED, workdays("complaint.acknowledge-days"), _NDR20, Text("受理并回执", "Acknowledge it"), {Role.BUREAU}),
        Deadline(State.RECEIVED, workdays("complaint.answer-days"), _NDR20, Text("答复投诉人", "Answer the complainant"), {Role.BUREAU},
                 since="counts_from", when="complaint_clock", also=frozenset({State.ACKNOWLEDGED}), pauses=frozenset({State.WAITING})),
        Deadline(State.RECEIVED, workdays("disclosure.request-days"), _GIO33, Text("答复信息公开申请", "Answer the request"), {Role.BUREAU}, clock="E33",
                 since="counts_from", when="information_clock", also=frozenset({State.ACKNOWLEDGED}), pauses=frozenset({State.WAITING})),
        Deadline(State.ACKNOWLEDGED, workdays("disclosure.request-extension-days"), _GIO33, Text("答复延期的申请", "Answer the extended request"),
                 {Role.BUREAU}, clock="E33", since="extended_from", when="extension_clock", pauses=frozenset({State.WAITING})),
    ),
)  # fmt: skip
