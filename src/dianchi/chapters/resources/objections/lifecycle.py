"""Which acts object to a catalogue entry and have it corrected: check, answer, mend, confirm."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an objection stands."""

    OPEN = "open", Text("待核实", "To be checked"), Tone.WAITING
    ACCEPTED = "accepted", Text("待更正", "To be corrected"), Tone.WAITING
    CORRECTED = "corrected", Text("待确认", "To be confirmed"), Tone.WAITING
    REJECTED = "rejected", Text("不予采纳", "Not accepted"), Tone.STOPPED
    DISPUTED = "disputed", Text("待裁定", "To be ruled on"), Tone.WAITING
    CLOSED = "closed", Text("已办结", "Closed"), Tone.FORCE
    DISMISSED = "dismissed", Text("裁定不成立", "Dismissed"), Tone.STOPPED


ASPECTS = (
    ("DESCRIPTION", Text("名称或摘要", "Name or summary")), ("ITEMS", Text("数据项", "Data items")),
    ("FREQUENCY", Text("更新频率", "Frequency")), ("COVERAGE", Text("空间或时间范围", "Coverage")),
    ("GRADE", Text("分类分级", "Grade")), ("ATTRIBUTE", Text("授权、共享或开放属性", "Authorization, sharing or opening")),
    ("SOURCE", Text("来源单位或来源系统", "Source")), ("OTHER", Text("其他", "Other")),
)  # fmt: skip
RAISERS = frozenset(
    {Role.OPERATOR, Role.DEVELOPER, Role.CONSUMER, Role.IMPLEMENTER, Role.SECTOR, Role.REGISTRAR, Role.BUREAU}
)


class Raising(Inputs):
    """What is wrong in the catalogue, and how it is known."""

    title: str = entry(Text("异议名称", "Title"), min_length=2, max_length=200, example="更新频率与实际不符")
    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue")
    aspect: str = entry(
        Text("异议方面", "Aspect"),
        choices=ASPECTS,
        pattern="^(DESCRIPTION|ITEMS|FREQUENCY|COVERAGE|GRADE|ATTRIBUTE|SOURCE|OTHER)$",
    )
    statement: str = entry(Text("哪里不对", "What is wrong"), widget="long", min_length=4, max_length=2000)
    suggestion: str = entry(Text("建议改为", "How it should read"), widget="long", default="", max_length=2000)
    evidence: str = entry(Text("依据", "How it is known"), widget="long", default="", max_length=1000)


class Answer(Inputs):
    """What the department says to it."""

    answer: str = entry(Text("答复", "Answer"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    published: bool = True
    another_body: bool = True  # a department mends its own entries without objecting to itself
    provider: bool = True
    raiser: bool = True
    in_territory: bool = True
    new_edition: bool = True  # the catalogue says something else since


item_is_published = Guard[Facts](
    lambda f: f.published,
    Refusal("objections.item-not-published", Text("只能对已发布的目录提出异议", "Only a published entry can be objected to"), default(),
            Text("请选择已发布的目录", "Choose a published one"), field="item"),
    on_inputs=True,
)  # fmt: skip
of_another_body = Guard[Facts](
    lambda f: f.another_body,
    Refusal("objections.own-item", Text("本单位的目录请直接拟订变更", "An entry of your own is changed, not objected to"), default(),
            Text("请在目录中办理“拟订变更”", "Prepare a change of it"), field="item"),
    on_inputs=True,
)  # fmt: skip
provider_acts = Guard[Facts](
    lambda f: f.provider,
    Refusal("objections.not-the-provider", Text("只有该资源的提供单位可以答复", "Only the provider of the resource answers"), spec27(21),
            Text("请由数据提供单位办理", "Let the provider do it")),
)  # fmt: skip
raiser_acts = Guard[Facts](
    lambda f: f.raiser,
    Refusal("objections.not-the-raiser", Text("只有提出异议的单位可以办理", "Only who objected may do this"), default(),
            Text("请由提出异议的单位办理", "Let them do it")),
)  # fmt: skip
in_own_territory = Guard[Facts](
    lambda f: f.in_territory,
    Refusal("objections.not-your-territory", Text("由资源所属区划的数据管理部门裁定", "The data administration of its division rules"), spec27(7),
            Text("请由该区划的数据管理部门办理", "Let it do so")),
)  # fmt: skip
catalogue_has_changed = Guard[Facts](
    lambda f: f.new_edition,
    Refusal("objections.catalogue-unchanged", Text("目录尚未更正：异议提出后没有发布新的版次", "Not corrected: no new edition was published since"), default(),
            Text("请先在目录中完成变更", "Change the entry first")),
)  # fmt: skip
_PROVIDER, _BUREAU = {Role.PROVIDER}, {Role.BUREAU}

OBJECTIONS = Lifecycle[Facts](
    "objections",
    Text("目录异议", "Objections to the catalogue"),
    State,
    (
        Act("raise", Text("提出目录异议", "Object"), RAISERS, frozenset(), State.OPEN, spec27(21), (item_is_published, of_another_body), Raising),
        Act("accept", Text("采纳", "Accept"), _PROVIDER, {State.OPEN}, State.ACCEPTED, spec27(21), (provider_acts,), Answer),
        Act("reject", Text("不采纳", "Reject"), _PROVIDER, {State.OPEN}, State.REJECTED, spec27(21), (provider_acts,), Answer, duty=False),
        Act("correct", Text("已更正", "Corrected"), _PROVIDER, {State.ACCEPTED}, State.CORRECTED, spec27(21),
            (provider_acts, catalogue_has_changed), Answer),
        Act("confirm", Text("确认更正", "Confirm"), RAISERS, {State.CORRECTED}, State.CLOSED, default(), (raiser_acts,)),
        Act("dispute", Text("提请裁定", "Dispute"), RAISERS, {State.CORRECTED, State.REJECTED}, State.DISPUTED, default(), (raiser_acts,),
            Reason, duty=False),
        Act("uphold", Text("裁定应当更正", "Rule for it"), _BUREAU, {State.DISPUTED}, State.ACCEPTED, spec27(7), (in_own_territory,), Reason),
        Act("dismiss", Text("裁定异议不成立", "Rule against it"), _BUREAU, {State.DISPUTED}, State.DISMISSED, spec27(7), (in_own_territory,),
            Reason, final=True),
    ),
    (
        Deadline(State.OPEN, workdays("correction.answer-days"), default(), Text("核实并答复", "Check and answer"), _PROVIDER),
        Deadline(State.ACCEPTED, workdays("quality.ticket-days"), default(), Text("更正目录", "Correct the entry"), _PROVIDER),
        Deadline(State.DISPUTED, workdays("catalogue.review-days"), default(), Text("裁定", "Rule"), _BUREAU),
    ),
)  # fmt: skip
