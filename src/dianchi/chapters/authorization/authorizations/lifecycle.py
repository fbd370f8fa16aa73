"""Which acts authorize a scope: whole-region as the rule, a sector where really needed and jointly with its authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import Article, cite, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an authorization stands."""

    PROPOSED = "proposed", Text("待审定", "Proposed"), Tone.WAITING
    APPROVED = "approved", Text("已审定", "Approved"), Tone.FORCE
    SUSPENDED = "suspended", Text("已暂停", "Suspended"), Tone.STOPPED
    TERMINATED = "terminated", Text("已终止", "Terminated"), Tone.STOPPED


MODES = (
    ("WHOLE", Text("整体授权", "Whole region")),
    ("SECTOR", Text("分领域授权", "Sector")),
    ("SCENARIO", Text("依场景授权", "Scenario")),
)


class Proposal(Inputs):
    """Mode, level, scope and term."""

    title: str = entry(Text("名称", "Name"), min_length=2, max_length=200, example="云南省公共数据资源整体授权运营")
    mode: str = entry(Text("授权模式", "Mode"), choices=MODES, pattern="^(WHOLE|SECTOR|SCENARIO)$")
    region: Annotated[str, AfterValidator(codes.division)] = entry(
        Text("区划", "Division"), widget="region", example="530000"
    )
    sector: str = entry(Text("领域", "Sector"), default="", max_length=40, example="卫生健康")
    necessity: str = entry(
        Text("必要性说明", "Necessity"), default="", widget="long", max_length=2000,
        help=Text("分领域授权须说明确有必要", "A sector authorization must say why it is really needed"),
    )  # fmt: skip
    prefecture_coordination: str = entry(
        Text("州市统筹文号", "Document of the prefecture's coordination"), default="", max_length=100,
        help=Text("县级开展须在州市数据管理部门统筹下进行", "A county acts under its prefecture's coordination"),
    )  # fmt: skip
    resources: list[str] = entry(Text("授权资源目录编号", "Catalogue codes in scope"), min_length=1, refers="catalogue")
    starts_on: date = entry(Text("起始日期", "From"), example="2026-01-01")
    ends_on: date = entry(Text("终止日期", "To"), example="2030-12-31")


class Endorsement(Inputs):
    """The sector authority's consent."""

    sector_document: str = entry(
        Text("意见文号", "Document"), min_length=2, max_length=100, example="云卫办函〔2026〕8号"
    )


class Approval(Inputs):
    """The decision of the authorizing body."""

    decision_document: str = entry(
        Text("审定文号", "Decision"), min_length=2, max_length=100, example="云政函〔2026〕12号"
    )


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask; tuples hold the titles of the resources concerned."""

    mode: str = "WHOLE"
    scenario_mode_on: bool = False
    necessity: bool = True
    endorsed: bool = False
    county: bool = False
    coordinated: bool = False
    term_in_order: bool = True
    own_proposal: bool = False
    own_organisation: bool = False  # the actor's organisation proposed it
    in_territory: bool = True  # the division lies where the actor's organisation is in charge
    unknown: tuple[str, ...] = ()
    ungraded: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    unconsented: tuple[str, ...] = ()
    unassessed: tuple[str, ...] = ()


def _resources(
    code: str, zh: str, en: str, article: Article, remedy: Text, rules: tuple[str, ...], which: str
) -> Guard[Facts]:
    """A guard that no resource in scope has a certain defect."""
    return Guard[Facts](
        lambda f: not getattr(f, which),
        Refusal(
            f"authorizations.{code}", Text(zh + "：{names}", en + ": {names}"), article, remedy, rules, "resources"
        ),
        naming=lambda f: {"names": "、".join(getattr(f, which))},
    )


scenario_mode_is_on = Guard[Facts](
    lambda f: f.mode != "SCENARIO" or f.scenario_mode_on,
    Refusal("authorizations.scenario-mode-off", Text("本省未启用依场景授权模式", "Scenario authorization is switched off here"), yn(2),
            Text("请选择整体授权或分领域授权", "Choose whole or sector authorization"), ("R10",), "mode"),
)  # fmt: skip
sector_is_needed = Guard[Facts](
    lambda f: f.mode != "SECTOR" or f.necessity,
    Refusal("authorizations.sector-necessity-missing", Text("分领域授权须说明必要性和所属领域", "A sector authorization needs its sector and necessity"),
            yn(2), Text("请填写领域和必要性说明", "Enter sector and necessity"), field="necessity"),
)  # fmt: skip
wants_endorsement = Guard[Facts](
    lambda f: f.mode == "SECTOR" and not f.endorsed,
    Refusal("authorizations.nothing-to-endorse", Text("无需同意：不是分领域授权，或者已经同意", "Nothing to endorse: no sector authorization, or endorsed already"),
            yn(2), Text("请由授权主体审定", "The authorizing body decides")),
)  # fmt: skip
sector_is_another_body = Guard[Facts](
    lambda f: not f.own_organisation,
    Refusal("authorizations.own-organisation", Text("行业主管部门不得同意本机构提出的授权", "The sector authority cannot endorse what its own organisation proposed"),
            yn(2), Text("请由另一机构的行业主管部门出具意见", "Another body must endorse it"), ("R8", "R66")),
)  # fmt: skip
sector_has_endorsed = Guard[Facts](
    lambda f: f.mode != "SECTOR" or f.endorsed,
    Refusal("authorizations.sector-approval-missing", Text("不能审定：分领域授权须由实施机构会同行业主管部门办理，尚缺行业主管部门同意", "Cannot approve: the sector authority has not consented"),
            yn(2), Text("请行业主管部门出具意见", "Ask the sector authority to endorse it"), ("R8",)),
)  # fmt: skip
county_is_coordinated = Guard[Facts](
    lambda f: not f.county or f.coordinated,
    Refusal("authorizations.county-not-coordinated", Text("县级开展授权运营须在州市数据管理部门统筹下进行，缺少统筹文件", "A county needs its prefecture's coordination document"),
            yn(2), Text("请填写州市统筹文号", "Enter the coordination document"), ("R9",), "prefecture_coordination"),
)  # fmt: skip
term_in_order = Guard[Facts](
    lambda f: f.term_in_order,
    Refusal("authorizations.term-reversed", Text("终止日期须晚于起始日期", "The term must end after it begins"), spec27(9, 6), field="ends_on"),
)  # fmt: skip
another_person = Guard[Facts](
    lambda f: not f.own_proposal,
    Refusal("authorizations.own-proposal", Text("不能审定自己提出的授权", "You cannot approve your own proposal"), cite("GBT22239"),
            Text("请由另一名人员审定", "Another person must approve it"), ("R66",)),
)  # fmt: skip
in_own_territory = Guard[Facts](
    lambda f: f.in_territory,
    Refusal("authorizations.not-your-territory", Text("该区划不由您所在机构管辖", "The division is not your organisation's territory"), spec27(7),
            Text("请由本级或上级机构办理", "Let the body in charge of it act"), field="region"),
)  # fmt: skip
GRADE_FIRST = Text("请先由数据提供单位分类分级", "Let the provider grade them first")
TAKE_OUT = Text("请移出授权范围", "Take them out of the scope")
all_known = _resources(
    "unknown-resources", "资源未在已发布目录中", "Not on the published catalogue", spec27(9, 5), TAKE_OUT, (), "unknown"
)
all_graded = _resources("not-graded", "资源尚未分类分级", "Not graded yet", spec27(5), GRADE_FIRST, ("R4",), "ungraded")
none_core = _resources(
    "core-data", "核心数据不得纳入授权范围", "Core data may not be in scope", cite("DSL", 21), TAKE_OUT, ("R2",), "core"
)
none_secret = _resources("state-secret", "涉及国家秘密", "State secrets", cite("YNPD", 2), TAKE_OUT, ("R1",), "secret")
none_forbidden = _resources(
    "forbidden", "不予授权的资源", "May not be authorized", spec27(5), TAKE_OUT, ("R6",), "forbidden"
)
all_consented = _resources("sharer-consent-missing", "共享取得的数据缺少共享单位同意", "The sharer's consent is missing", spec27(5),
                           Text("请取得共享单位同意", "Obtain the sharer's consent"), ("R5",), "unconsented")  # fmt: skip
all_assessed = _resources("important-not-assessed", "重要数据缺少风险评估", "Important data without a risk assessment", cite("NDR", 31),
                          Text("请先完成风险评估", "Assess the risk first"), ("R3",), "unassessed")  # fmt: skip
SCOPE = (all_known, all_graded, none_core, none_secret, none_forbidden, all_consented, all_assessed)
FORM = (in_own_territory, scenario_mode_is_on, sector_is_needed, county_is_coordinated, term_in_order)

AUTHORIZATION = Lifecycle[Facts](
    "authorizations",
    Text("授权", "Authorizations"),
    State,
    (
        Act("propose", Text("提出授权", "Propose"), {Role.IMPLEMENTER}, frozenset(), State.PROPOSED, spec27(5), (*FORM, *SCOPE), Proposal,
            sensitive=True),
        Act("endorse", Text("同意", "Endorse"), {Role.SECTOR}, {State.PROPOSED}, None, yn(2),
            (in_own_territory, wants_endorsement, sector_is_another_body), Endorsement),
        Act("approve", Text("审定", "Approve"), {Role.AUTHORIZER}, {State.PROPOSED}, State.APPROVED, spec27(11),
            (another_person, sector_has_endorsed, *FORM, *SCOPE), Approval, sensitive=True),
        Act("suspend", Text("暂停", "Suspend"), {Role.BUREAU, Role.AUTHORIZER}, {State.APPROVED}, State.SUSPENDED, spec27(14, 9),
            (in_own_territory,), Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), {Role.AUTHORIZER}, {State.SUSPENDED}, State.APPROVED, spec27(14, 9),
            (in_own_territory, *SCOPE), Reason, duty=False),
        Act("terminate", Text("终止", "Terminate"), {Role.AUTHORIZER}, {State.APPROVED, State.SUSPENDED}, State.TERMINATED, spec27(14, 12),
            (in_own_territory,), Reason, duty=False, final=True),
    ),
)  # fmt: skip
