"""Which acts disclose a year."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """A pack is public once another person has approved it."""

    DRAFTED = "drafted", Text("待审定", "To be approved"), Tone.WAITING
    PUBLISHED = "published", Text("已披露", "Published"), Tone.FORCE
    REPLACED = "replaced", Text("已更正", "Corrected by a later one"), Tone.STOPPED


class Year(Inputs):
    """Which year."""

    year: int = entry(Text("年度", "Year"), ge=2024, le=2100, example="2026")
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
    clean: bool = True  # no personal identifier in what a person wrote
    yours: bool = True
    own_draft: bool = False
    current: bool = True  # the pack is still what the record says


year_has_begun = Guard[Facts](
    lambda f: f.begun, Refusal("disclosure.year-ahead", Text("披露年度尚未开始", "The year has not begun"), default(), field="year"), on_inputs=True,
)  # fmt: skip
no_personal_information = Guard[Facts](
    lambda f: f.clean,
    Refusal("disclosure.personal-information", Text("披露内容疑似含有个人信息", "The text seems to hold personal information"), cite("GIO", 15),
            Text("请删除证件号码、手机号等内容", "Remove identity and telephone numbers"), ("R72",), "note"),
    on_inputs=True,
)  # fmt: skip
the_party_itself = Guard[Facts](
    lambda f: f.yours, Refusal("disclosure.not-yours", Text("只有披露主体可以办理", "Only the disclosing body may do this"), spec27(18)),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_draft,
    Refusal("disclosure.own-draft", Text("不能审定自己起草的披露", "You cannot approve your own draft"), cite("GBT22239"),
            Text("请由另一名人员审定", "Another person must approve it"), ("R66",)),
)  # fmt: skip
agrees_with_the_record = Guard[Facts](
    lambda f: f.current,
    Refusal("disclosure.record-has-moved", Text("平台记录已变化，披露内容与记录不一致", "The record has moved on; the pack no longer agrees with it"), spec27(18),
            Text("请重新起草", "Draft it again"), ("R71",)),
)  # fmt: skip
_BODIES = {Role.IMPLEMENTER, Role.OPERATOR}

DISCLOSURE = Lifecycle(
    "disclosure",
    Text("信息披露", "Disclosures"),
    State,
    (
        Act("draft", Text("生成披露", "Generate"), _BODIES, frozenset(), State.DRAFTED, spec27(18), (year_has_begun, no_personal_information), Year,
            help=Text("内容由平台记录生成", "Its contents are generated from the record")),
        Act("publish", Text("审定公布", "Approve and publish"), _BODIES, {State.DRAFTED}, State.PUBLISHED, spec27(18),
            (the_party_itself, another_person, agrees_with_the_record), document=Text("年度信息披露", "Yearly disclosure")),
        Act("correct", Text("更正", "Correct"), _BODIES, {State.PUBLISHED}, State.REPLACED, spec27(18), (the_party_itself,), Correction, duty=False),
    ),
)  # fmt: skip
