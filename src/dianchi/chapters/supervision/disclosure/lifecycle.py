"""Which acts disclose a year."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, yearly
from dianchi.kernel.text import Text, join


class State(CaseState):
    """A pack is public once another person has approved it."""

    DUE = "due", Text("待披露", "Due"), Tone.WAITING
    DRAFTED = "drafted", Text("待审定", "To be approved"), Tone.WAITING
    PUBLISHED = "published", Text("已披露", "Published"), Tone.FORCE
    REPLACED = "replaced", Text("已更正", "Corrected by a later one"), Tone.STOPPED


ROLES = (
    ("implementer", Text("实施机构", "Implementing institution")),
    ("operator", Text("运营机构", "Operator")),
)


class Call(Inputs):
    """Whose year must be disclosed."""

    year: int = entry(Text("年度", "Year"), ge=2024, le=2100, example="2026")
    body: str = entry(
        Text("披露主体", "Disclosing body"), default="", widget="organisation", pattern="^$|^[0-9A-Z]{18}$",
        help=Text("为本机构披露时不填", "Empty for one's own"),
    )  # fmt: skip
    role: str = entry(
        Text("角色", "Role"), default="", choices=ROLES, pattern="^(|implementer|operator)$",
        help=Text("不填则按本机构的角色", "The role of one's organisation if empty"),
    )  # fmt: skip


class Draft(Inputs):
    """What a person adds to what the record says."""

    contact: str = entry(
        Text("联系方式", "Contact"), default="", max_length=120, example="0871-12345678",
        help=Text("填写单位固定电话或者信箱，不填个人信息", "An office number; no personal information"),
    )  # fmt: skip
    note: str = entry(
        Text("补充说明", "Note"), default="", widget="long", max_length=4000,
        help=Text("不得含国家秘密、商业秘密和个人信息", "No secrets, trade secrets or personal information"),
    )  # fmt: skip


class Correction(Inputs):
    """Why the published pack is replaced, openly."""

    correction: str = entry(Text("更正说明", "Correction"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    begun: bool = True
    first: bool = True
    takes_part: bool = True
    forbidden: tuple[Text, ...] = ()  # kinds of content that must not be disclosed
    forbidden_in_pack: tuple[Text, ...] = ()
    yours: bool = True
    own_draft: bool = False
    current: bool = True  # the pack is still what the record says
    agrees: bool = True  # ledger, prices and orders say the same
    drafted: bool = True


year_has_begun = Guard[Facts](
    lambda f: f.begun,
    Refusal("disclosure.year-ahead", Text("披露年度尚未开始", "The year has not begun"), default(), field="year"),
    on_inputs=True,
)
called_once = Guard[Facts](
    lambda f: f.first,
    Refusal("disclosure.year-called", Text("该年度的披露已在办理或者已公布", "That year's disclosure is under way or published"),
            spec27(18), Text("请在已有事项中办理；已公布的先办理更正", "Continue with the one there is; what is published is corrected first"),
            field="year"),
    on_inputs=True,
)  # fmt: skip
body_takes_part = Guard[Facts](
    lambda f: f.takes_part,
    Refusal("disclosure.no-operation", Text("该机构在该年度没有授权运营活动", "The body had no authorized operation in that year"),
            spec27(18), Text("请核对机构、角色和年度", "Check body, role and year"), field="body"),
    on_inputs=True,
)  # fmt: skip
nothing_forbidden = Guard[Facts](
    lambda f: not f.forbidden,
    Refusal("disclosure.forbidden-content", Text("填写的内容疑似含有：{kinds}", "What was entered seems to hold {kinds}"), cite("GIO", 15),
            Text("请删除后再提交", "Remove it and submit again"), ("R72",), "note"),
    on_inputs=True,
    naming=lambda f: {"kinds": join(f.forbidden)},
)  # fmt: skip
nothing_forbidden_in_pack = Guard[Facts](
    lambda f: not f.forbidden_in_pack,
    Refusal("disclosure.pack-holds-forbidden", Text("披露内容疑似含有：{kinds}", "The pack seems to hold {kinds}"), cite("GIO", 14),
            Text("请更正所引用的事项名称或者简介后重新生成", "Mend the titles or summaries that it quotes and generate it again"), ("R72",)),
    naming=lambda f: {"kinds": join(f.forbidden_in_pack)},
)  # fmt: skip
the_party_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal("disclosure.not-yours", Text("只有披露主体可以办理", "Only the disclosing body may do this"), spec27(18)),
)
another_person = Guard[Facts](
    lambda f: not f.own_draft,
    Refusal("disclosure.own-draft", Text("不能审定自己起草的披露", "You cannot approve your own draft"), cite("GBT22239"),
            Text("请由另一名人员审定", "Another person must approve it"), ("R66",)),
)  # fmt: skip
agrees_with_the_record = Guard[Facts](
    lambda f: f.current,
    Refusal("disclosure.record-has-moved", Text("平台记录已变化，披露内容与记录不一致", "The record has moved on; the pack no longer agrees with it"), spec27(18),
            Text("请重新生成", "Generate it again"), ("R71",)),
)  # fmt: skip
books_agree = Guard[Facts](
    lambda f: f.agrees,
    Refusal("disclosure.books-differ", Text("披露内容与账本、收费标准或者订单的核对不一致", "Ledger, prices or orders say otherwise than the pack"), spec27(19),
            Text("请查明差异后重新生成", "Find out why and generate it again"), ("R71",)),
)  # fmt: skip
_BODIES = {Role.IMPLEMENTER, Role.OPERATOR}

DISCLOSURE = Lifecycle[Facts](
    "disclosure",
    Text("信息披露", "Disclosures"),
    State,
    (
        Act("call", Text("启动披露", "Begin"), {*_BODIES, Role.SYSTEM}, frozenset(), State.DUE, spec27(18),
            (year_has_begun, called_once, body_takes_part), Call,
            help=Text("每年一月一日平台为各披露主体启动上一年度披露", "Each New Year the platform begins the past year's for every body")),
        Act("draft", Text("生成披露", "Generate"), _BODIES, {State.DUE, State.DRAFTED}, State.DRAFTED, spec27(18),
            (the_party_itself, nothing_forbidden), Draft,
            help=Text("内容由平台记录生成", "Its contents are generated from the record")),
        Act("publish", Text("审定公布", "Approve and publish"), _BODIES, {State.DRAFTED}, State.PUBLISHED, spec27(18),
            (the_party_itself, another_person, agrees_with_the_record, books_agree, nothing_forbidden_in_pack),
            document=Text("年度信息披露", "Yearly disclosure")),
        Act("correct", Text("更正", "Correct"), _BODIES, {State.PUBLISHED}, State.REPLACED, spec27(18),
            (the_party_itself, nothing_forbidden), Correction, duty=False,
            help=Text("原版本继续公开，另行生成新版本", "The earlier edition stays public; a new one follows")),
    ),
    (
        Deadline(State.DUE, yearly("disclosure.due"), cite("DISC"),
                 Text("披露上一年度授权运营情况", "Disclose the past year's operation"), _BODIES, clock="E15",
                 since="year_ended_on", also=frozenset({State.DRAFTED})),
    ),
)  # fmt: skip
