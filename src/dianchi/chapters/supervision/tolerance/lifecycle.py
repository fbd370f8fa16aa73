"""Which acts decide whether an error is tolerated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Decided once it was checked and heard; final once nobody may appeal any more."""

    CLAIMED = "claimed", Text("待核查", "To be checked"), Tone.WAITING
    CHECKED = "checked", Text("待评议", "To be heard"), Tone.WAITING
    HEARD = "heard", Text("待认定", "To be decided"), Tone.WAITING
    DECIDED = "decided", Text("已认定、申诉期内", "Decided, open to appeal"), Tone.PUBLICITY
    APPEALED = "appealed", Text("申诉中", "Under appeal"), Tone.WAITING
    FINAL = "final", Text("已生效", "Final"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


CRITERIA = (
    ("NOT-FORBIDDEN", Text("法律法规未明令禁止", "No law forbids it")),
    ("DECIDED", Text("经过集体决策程序", "It was decided collectively")),
    ("NO-GAIN", Text("没有谋取私利", "Nobody gained privately")),
    ("PUBLIC-AIM", Text("出于公共目的", "The aim was public")),
    ("STOPPED-LOSS", Text("及时止损挽回", "Loss was stopped in time")),
    ("NOT-CONCEALED", Text("没有隐瞒", "Nothing was concealed")),
)  # fmt: skip
RESULTS = (
    ("EXEMPT", Text("免责", "Exempt")), ("MITIGATE", Text("减轻责任", "Mitigated")), ("NOT-APPLICABLE", Text("不适用容错", "Not tolerated")),
)  # fmt: skip
_CRITERION = "^(NOT-FORBIDDEN|DECIDED|NO-GAIN|PUBLIC-AIM|STOPPED-LOSS|NOT-CONCEALED)$"
NO_GAIN = "NO-GAIN"


class Evidence(Inputs):
    """What is said to one criterion."""

    criterion: str = entry(Text("条件", "Criterion"), choices=CRITERIA, pattern=_CRITERION)
    evidence: str = entry(Text("说明和证据", "Evidence"), widget="long", min_length=2, max_length=2000)


class Claim(Inputs):
    """What went wrong and why it should be tolerated."""

    title: str = entry(Text("事项", "Subject"), min_length=4, max_length=200, example="试点场景首批产品下架造成的损失")
    origin: str = entry(Text("关联事项编号", "Case it concerns"), default="", max_length=40)
    event: str = entry(Text("事实经过", "What happened"), widget="long", min_length=4, max_length=4000)
    persons: str = entry(Text("涉及人员", "Persons concerned"), min_length=2, max_length=500, personal=True)
    claim: str = entry(Text("容错请求", "What is asked for"), widget="long", min_length=4, max_length=2000)
    criteria: list[Evidence] = entry(Text("各项条件的说明", "Each criterion"), min_length=1, max_length=6)


class Verified(Inputs):
    """What the check found of one criterion."""

    criterion: str = entry(Text("条件", "Criterion"), choices=CRITERIA, pattern=_CRITERION)
    holds: bool = entry(Text("成立", "Holds"))
    ground: str = entry(Text("理由", "Ground"), widget="long", min_length=2, max_length=2000)


class Check(Inputs):
    """The six criteria as checked, and what makes liability lighter."""

    verified: list[Verified] = entry(Text("逐项核查结果", "Each criterion as checked"), min_length=6, max_length=6)
    early_report: bool = entry(
        Text("主动及时报告", "It was reported early"),
        default=False,
        help=Text("可以从轻或者免除责任", "It makes liability lighter"),
    )
    protected: bool = entry(Text("已采取合理防护措施", "Reasonable protection was in place"), default=False)


class Hearing(Inputs):
    """The hearing as held."""

    heard_on: date = entry(Text("评议日期", "Held on"))
    attendees: str = entry(Text("参加人员", "Present"), min_length=2, max_length=500, personal=True)
    record: str = entry(Text("评议记录", "Record"), widget="long", min_length=4, max_length=4000)


class Decision(Inputs):
    """The decision."""

    result: str = entry(Text("认定结果", "Result"), choices=RESULTS, pattern="^(EXEMPT|MITIGATE|NOT-APPLICABLE)$")
    minutes_number: str = entry(Text("会议纪要编号", "Number of the minutes"), min_length=2, max_length=60)
    grounds: str = entry(Text("认定理由", "Grounds"), widget="long", min_length=4, max_length=4000)
    public: bool = entry(Text("结果公开", "Made public"), default=False)


class Appeal(Inputs):
    """What is wrong with the decision."""

    appeal: str = entry(Text("申诉理由", "Appeal"), widget="long", min_length=4, max_length=4000)


class Clue(Inputs):
    """Where private gain was reported to."""

    transferred_to: str = entry(Text("移送机关", "Handed to"), min_length=2, max_length=200, example="纪检监察机关")


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    not_oneself: bool = True  # who decides is not of the organisation that claims
    each_once: bool = True  # each criterion is spoken to once
    held: bool = True
    supported: bool = True  # the result is one that the checked criteria admit
    own_check: bool = False
    own_decision: bool = False
    gain_unreported: bool = False
    gained: bool = True
    appeal_over: bool = True
    appealed_once: bool = False


_S23 = spec27(23)
the_claimant = Guard[Facts](
    lambda f: f.yours, Refusal("tolerance.not-yours", Text("只有申请单位可以办理", "Only who claimed it does this"), _S23)
)  # fmt: skip
nobodys_own_case = Guard[Facts](
    lambda f: f.not_oneself,
    Refusal("tolerance.own-organisation", Text("不能认定本机构的容错申请", "You cannot decide your own organisation's claim"), default(),
            Text("请由其他机构认定", "Another body must decide it"), ("R74",)),
)  # fmt: skip
every_criterion_once = Guard[Facts](
    lambda f: f.each_once,
    Refusal("tolerance.criterion-repeated", Text("每项条件只能说明一次，核查须六项俱全", "Each criterion once; a check takes all six"), _S23,
            Text("请逐项填写", "Go through them one by one"), field="verified"),
    on_inputs=True,
)  # fmt: skip
hearing_was_held = Guard[Facts](
    lambda f: f.held,
    Refusal("tolerance.hearing-ahead", Text("评议日期不能晚于今天", "The hearing cannot lie ahead"), _S23, field="heard_on"),
    on_inputs=True,
)  # fmt: skip
result_is_supported = Guard[Facts](
    lambda f: f.supported,
    Refusal("tolerance.result-not-supported", Text("核查结果不支持该认定：免责须六项俱全，谋取私利的一律不适用", "The check does not support it: exemption takes all six, private gain admits nothing"),
            _S23, Text("请按核查结果认定", "Decide by the check"), ("R75",), "result"),
    on_inputs=True,
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_check,
    Refusal("tolerance.own-check", Text("不能认定自己核查的事项", "You cannot decide what you checked"), cite("GBT22239"),
            Text("请由另一名人员认定", "Another person must decide it"), ("R66",)),
)  # fmt: skip
another_reviewer = Guard[Facts](
    lambda f: not f.own_decision,
    Refusal("tolerance.own-decision", Text("不能复议自己作出的认定", "You cannot review your own decision"), cite("GBT22239"),
            Text("请由另一名人员复议", "Another person must review it"), ("R66",)),
)  # fmt: skip
gain_is_reported = Guard[Facts](
    lambda f: not f.gain_unreported,
    Refusal("tolerance.gain-not-transferred", Text("查明谋取私利，线索尚未移送", "Private gain was found and the clue not handed over"), _S23,
            Text("请先移送纪检监察机关", "Hand it to the discipline body first"), ("R75",)),
)  # fmt: skip
somebody_gained = Guard[Facts](
    lambda f: f.gained,
    Refusal("tolerance.nothing-to-transfer", Text("未查明谋取私利，或者已经移送", "No private gain was found, or it was handed over"), _S23, rules=("R75",)),
)  # fmt: skip
appeal_time_is_over = Guard[Facts](
    lambda f: f.appeal_over,
    Refusal("tolerance.appeal-open", Text("申诉期未满", "It is still open to appeal"), default(), Text("请待申诉期届满", "Wait until it is over")),
)  # fmt: skip
not_yet_appealed = Guard[Facts](
    lambda f: not f.appealed_once,
    Refusal("tolerance.appealed-already", Text("已申诉一次，认定为终局", "It was appealed once; the decision is final"), default()),
)  # fmt: skip

CLAIMANTS = {Role.OPERATOR, Role.DEVELOPER, Role.IMPLEMENTER, Role.PROVIDER, Role.SECTOR}
_APART = (nobodys_own_case,)

TOLERANCE = Lifecycle[Facts](
    "tolerance",
    Text("容错认定", "Tolerance"),
    State,
    (
        Act("claim", Text("申请容错", "Claim"), CLAIMANTS, frozenset(), State.CLAIMED, _S23, (every_criterion_once,), Claim),
        Act("check", Text("核查", "Check"), {Role.BUREAU}, {State.CLAIMED}, State.CHECKED, _S23, (*_APART, every_criterion_once), Check),
        Act("transfer", Text("移送线索", "Hand over a clue"), {Role.BUREAU}, {State.CHECKED, State.HEARD, State.DECIDED}, None, _S23, (somebody_gained,), Clue),
        Act("hear", Text("评议", "Hear"), {Role.BUREAU}, {State.CHECKED}, State.HEARD, _S23, (*_APART, hearing_was_held), Hearing),
        Act("decide", Text("认定", "Decide"), {Role.AUTHORIZER, Role.BUREAU}, {State.HEARD}, State.DECIDED, _S23,
            (*_APART, another_person, gain_is_reported, result_is_supported), Decision, document=Text("容错认定书", "Decision on tolerance")),
        Act("appeal", Text("申诉", "Appeal"), CLAIMANTS, {State.DECIDED}, State.APPEALED, _S23, (the_claimant, not_yet_appealed), Appeal, duty=False),
        Act("review", Text("复议", "Review"), {Role.AUTHORIZER}, {State.APPEALED}, State.FINAL, _S23,
            (*_APART, another_reviewer, gain_is_reported, result_is_supported), Decision, document=Text("容错复议决定书", "Decision on review")),
        Act("conclude", Text("生效", "Make final"), {Role.SYSTEM, Role.BUREAU}, {State.DECIDED}, State.FINAL, _S23, (appeal_time_is_over,)),
        Act("withdraw", Text("撤回", "Withdraw"), CLAIMANTS, {State.CLAIMED, State.CHECKED}, State.WITHDRAWN, _S23, (the_claimant,), Reason, duty=False),
    ),
    (
        Deadline(State.CLAIMED, workdays("tolerance.check-days"), _S23, Text("核查事实", "Check the facts"), {Role.BUREAU}),
        Deadline(State.DECIDED, workdays("tolerance.appeal-days"), _S23, Text("提出申诉，逾期生效", "Appeal, or it becomes final"), CLAIMANTS, then="conclude"),
    ),
)  # fmt: skip
