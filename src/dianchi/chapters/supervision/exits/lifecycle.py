"""Which acts lead a party out, and what must be done before it is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.chapters.supervision.exits.steps import CHOICES
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days
from dianchi.kernel.text import Text


class State(CaseState):
    """Nothing stops before it is confirmed; nothing is closed while a step is open."""

    NOTICED = "noticed", Text("拟退出", "Exit announced"), Tone.WAITING
    EXITING = "exiting", Text("退出办理中", "Exit under way"), Tone.STOPPED
    EXITED = "exited", Text("已退出", "Exited"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤销", "Withdrawn"), Tone.DRAFT


GROUNDS = (
    ("EXPIRY", Text("期限届满", "The term ended")), ("CONDITION", Text("约定的终止条件成就", "An agreed condition came about")),
    ("BREACH", Text("违约且未按期改正", "A breach not corrected in time")), ("DISSOLVED", Text("合并、分立、解散或者破产", "Merger, split, dissolution or bankruptcy")),
    ("QUALIFICATION", Text("丧失资格条件", "Qualification lost")), ("POLICY", Text("法律政策变化", "Law or policy changed")),
    ("FORCE-MAJEURE", Text("不可抗力", "Force majeure")), ("REFUSAL", Text("拒绝监督", "Supervision refused")),
    ("VOLUNTARY", Text("协商退出", "By consent")),
)  # fmt: skip


class Notice(Inputs):
    """What ends, and why."""

    title: str = entry(Text("事由", "Subject"), min_length=4, max_length=200, example="旅游统计开发利用协议退出")
    agreement: str = entry(
        Text("授权运营协议", "Authorization agreement"),
        default="",
        refers="agreements",
        help=Text("运营机构退出时填写", "If an operator leaves"),
    )
    contract: str = entry(
        Text("开发利用协议", "Development agreement"),
        default="",
        refers="contracts",
        help=Text("开发主体退出时填写", "If a developer leaves"),
    )
    ground: str = entry(Text("退出事由", "Ground"), choices=GROUNDS,
                        pattern="^(EXPIRY|CONDITION|BREACH|DISSOLVED|QUALIFICATION|POLICY|FORCE-MAJEURE|REFUSAL|VOLUNTARY)$")  # fmt: skip
    correction: str = entry(
        Text("督促整改事项", "Correction"),
        default="",
        refers="corrections",
        help=Text("因违约或者拒绝监督退出的，须先经督促整改", "Needed for a breach or refusal"),
    )
    receiver: str = entry(
        Text("承接单位", "Receiver"),
        default="",
        max_length=18,
        widget="organisation",
        help=Text("合并、分立、解散、破产的，由承接单位继续履行义务", "On merger, split, dissolution or bankruptcy"),
    )
    plan: str = entry(Text("退出安排", "How it is done"), widget="long", min_length=4, max_length=4000)


class Completion(Inputs):
    """One step as done."""

    step: str = entry(Text("退出事项", "Step"), choices=CHOICES, pattern="^[A-Z]{4,9}$")
    proof: str = entry(
        Text("完成情况和证据", "What was done, with evidence"), widget="long", min_length=4, max_length=4000
    )
    document_number: str = entry(Text("文书或者清单编号", "Number of the document or list"), default="", max_length=60)


class Witness(Inputs):
    """Who witnesses the destruction."""

    name: str = entry(Text("见证人", "Witness"), min_length=2, max_length=60, personal=True)
    statement: str = entry(Text("见证意见", "Statement"), widget="long", min_length=4, max_length=1000)


class Destruction(Inputs):
    """What the platform destroyed, by digest."""

    certificate: dict[str, object] = entry(Text("销毁证明", "Certificate of destruction"))


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=400)


class Closing(Inputs):
    """How it ended."""

    conclusion: str = entry(Text("退出结论", "Conclusion"), widget="long", min_length=4, max_length=2000)
    exited_on: date = entry(Text("退出日期", "Exited on"))


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    one_subject: bool = True
    standing: bool = True  # the actor may open an exit of this agreement
    already: bool = False
    ladder: bool = True
    receiver: bool = True
    own_notice: bool = False
    step_done: bool = False
    step_known: bool = True
    step_ready: bool = True
    step: Text | None = None
    shown: Text | None = None
    independent: bool = True
    witnessed_already: bool = False
    witnesses: bool = True
    stopped: bool = True  # nothing runs on the data any more
    ordered: bool = False
    may_destroy: bool = True  # it was ordered
    destroyed: bool = False
    open_steps: tuple[Text, ...] = ()
    out_already: bool = True


_S9, _S12, _PIPL21 = spec27(14, 9), spec27(14, 12), cite("PIPL", 21)
one_agreement_ends = Guard[Facts](
    lambda f: f.one_subject,
    Refusal("exits.one-agreement", Text("请填写授权运营协议或者开发利用协议其中一项", "Name one agreement, of either kind"), _S12, field="agreement"),
    on_inputs=True,
)  # fmt: skip
a_party_or_supervision = Guard[Facts](
    lambda f: f.standing,
    Refusal("exits.not-a-party", Text("只有协议当事方和数据管理部门可以提出退出", "Only a party or the administration opens an exit"), _S12, field="agreement"),
    on_inputs=True,
)  # fmt: skip
not_under_way = Guard[Facts](
    lambda f: not f.already,
    Refusal("exits.under-way", Text("该协议的退出正在办理或者已办结", "Its exit is under way or done"), _S12, Text("请办理已有的退出事项", "Go on with it"), field="agreement"),
    on_inputs=True,
)  # fmt: skip
ladder_was_climbed = Guard[Facts](
    lambda f: f.ladder,
    Refusal("exits.no-ladder", Text("因违约或者拒绝监督退出的，须先经督促整改并转入退出", "A breach or refusal leads to exit only by way of a correction"), _S12,
            Text("请先办理督促整改", "Take the correction first"), field="correction"),
    on_inputs=True,
)  # fmt: skip
receiver_is_named = Guard[Facts](
    lambda f: f.receiver,
    Refusal("exits.no-receiver", Text("合并、分立、解散、破产的须有承接单位", "Name who takes over the duties"), cite("NDR", 14),
            Text("请填写已在平台登记的承接单位", "Name a receiver that is on record"), field="receiver"),
    on_inputs=True,
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_notice,
    Refusal("exits.own-notice", Text("不能确认自己提出的退出", "You cannot confirm an exit that you opened"), cite("GBT22239"),
            Text("请由另一名人员确认", "Another person must confirm it"), ("R66",)),
)  # fmt: skip
step_is_open = Guard[Facts](
    lambda f: not f.step_done, Refusal("exits.step-done", Text("该事项已完成", "This step is done"), _S9, field="step"), on_inputs=True
)  # fmt: skip
step_is_listed = Guard[Facts](
    lambda f: f.step_known, Refusal("exits.step-unknown", Text("没有这一退出事项", "There is no such step"), _S9, field="step"), on_inputs=True
)  # fmt: skip
step_is_ready = Guard[Facts](
    lambda f: f.step_ready,
    Refusal("exits.step-not-ready", Text("“{step}”尚不能登记完成", "“{step}” cannot be ticked yet"), _S9,
            Text("须先做到：{shown}", "First this must be so: {shown}"), ("R73",), "step"),
    on_inputs=True,
    naming=lambda f: {"step": f.step or "", "shown": f.shown or ""},
)  # fmt: skip
witness_is_independent = Guard[Facts](
    lambda f: f.independent,
    Refusal("exits.witness-concerned", Text("退出的单位不能见证自己的销毁", "The party that leaves does not witness its own destruction"), default(),
            Text("请由其他机构的人员见证", "Somebody of another organisation must"), ("R74",)),
)  # fmt: skip
witnesses_once = Guard[Facts](
    lambda f: not f.witnessed_already,
    Refusal("exits.witnessed-already", Text("您已见证，须由另一人再作见证", "You have witnessed; another must too"), default(), rules=("R66",)),
)  # fmt: skip
two_witnesses = Guard[Facts](
    lambda f: f.witnesses,
    Refusal("exits.witnesses-missing", Text("数据销毁须有两名见证人", "A destruction takes two witnesses"), _PIPL21,
            Text("请另一名见证人办理", "Let another witness come"), ("R52", "R73")),
)  # fmt: skip
nothing_runs = Guard[Facts](
    lambda f: f.stopped,
    Refusal("exits.still-running", Text("仍有订单、申请或者产品在用，不能销毁数据", "Orders, requests or products still run; the data cannot be destroyed"), _PIPL21,
            Text("请先停止交付、关闭密钥、下架产品", "Stop deliveries, close keys, delist products first"), ("R73",)),
)  # fmt: skip
not_yet_ordered = Guard[Facts](
    lambda f: not f.ordered, Refusal("exits.destruction-ordered", Text("销毁已下达", "The destruction is ordered"), _PIPL21)
)  # fmt: skip
not_yet_destroyed = Guard[Facts](
    lambda f: not f.destroyed, Refusal("exits.destroyed-already", Text("数据已销毁", "The data are destroyed"), _PIPL21)
)  # fmt: skip
destruction_was_ordered = Guard[Facts](
    lambda f: f.may_destroy, Refusal("exits.destruction-not-ordered", Text("销毁尚未下达", "The destruction is not ordered"), _PIPL21)
)  # fmt: skip
ten_steps_are_done = Guard[Facts](
    lambda f: not f.open_steps,
    Refusal("exits.steps-open", Text("尚有退出事项未完成：{steps}", "Steps are still open: {steps}"), _S9,
            Text("请逐项完成并登记证据", "Do them one by one and record the evidence"), ("R73",)),
    naming=lambda f: {"steps": _listed(f.open_steps)},
)  # fmt: skip
is_out = Guard[Facts](
    lambda f: f.out_already,
    Refusal("exits.date-ahead", Text("退出日期不能晚于今天", "It cannot lie ahead"), _S9, field="exited_on"),
    on_inputs=True,
)  # fmt: skip


def _listed(steps: tuple[Text, ...]) -> Text:
    return Text("、".join(str(s) for s in steps), ", ".join(s.en for s in steps))


OPENERS = {Role.BUREAU, Role.IMPLEMENTER, Role.OPERATOR, Role.DEVELOPER}
WITNESSES = {Role.BUREAU, Role.IMPLEMENTER, Role.PROVIDER, Role.AUDITOR}
_DOERS = {Role.BUREAU, Role.IMPLEMENTER, Role.OPERATOR, Role.DEVELOPER}
_RUNNING = {State.EXITING}

EXIT = Lifecycle[Facts](
    "exits",
    Text("退出", "Exits"),
    State,
    (
        Act("announce", Text("提出退出", "Announce"), OPENERS, frozenset(), State.NOTICED, _S12,
            (one_agreement_ends, a_party_or_supervision, not_under_way, ladder_was_climbed, receiver_is_named), Notice),
        Act("confirm", Text("确认退出", "Confirm"), {Role.BUREAU}, {State.NOTICED}, State.EXITING, _S12, (another_person,), Reason, final=True, sensitive=True,
            document=Text("终止和退出通知书", "Notice of termination and exit"),
            help=Text("协议即时终止，所列全部事项随之停止，不能撤回", "The agreement ends at once and everything listed stops; it cannot be undone")),
        Act("complete", Text("登记完成事项", "Tick a step"), _DOERS, _RUNNING, None, _S9, (step_is_listed, step_is_open, step_is_ready), Completion),
        Act("witness", Text("见证销毁", "Witness"), WITNESSES, _RUNNING, None, _PIPL21, (witness_is_independent, witnesses_once, not_yet_ordered), Witness,
            duty=False),
        Act("order-destruction", Text("下达销毁", "Order the destruction"), {Role.BUREAU, Role.IMPLEMENTER}, _RUNNING, None, _PIPL21,
            (two_witnesses, nothing_runs, not_yet_ordered), Reason, final=True, sensitive=True,
            help=Text("平台随即销毁有关数据的密钥，不可恢复", "The platform then destroys the keys for good")),
        Act("destroy", Text("销毁数据", "Destroy"), {Role.SYSTEM}, _RUNNING, None, _PIPL21, (destruction_was_ordered, not_yet_destroyed), Destruction,
            document=Text("数据销毁证明", "Certificate of destruction")),
        Act("close", Text("办结退出", "Close"), {Role.BUREAU}, _RUNNING, State.EXITED, _S9, (ten_steps_are_done, is_out), Closing, final=True, sensitive=True,
            document=Text("退出办结通知书", "Notice that the exit is closed")),
        Act("withdraw", Text("撤销", "Withdraw"), OPENERS, {State.NOTICED}, State.WITHDRAWN, _S12, (), Reason, duty=False),
    ),
    (
        Deadline(State.EXITING, days("exit.completion-days"), default(), Text("完成全部退出事项", "Do all ten steps"), _DOERS),
    ),
)  # fmt: skip
