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
from dianchi.kernel.law.articles import Article, cite, default, spec27, yn
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


INTERESTS = (
    ("national-security", Text("危害国家安全", "National security")),
    ("public-interest", Text("损害公共利益", "The public interest")),
    ("trade-secret", Text("侵犯商业秘密", "Trade secrets")),
    ("privacy", Text("侵犯个人隐私", "Privacy")),
    ("personal-information", Text("侵害个人信息权益", "Rights in personal information")),
)


class Step(Inputs):
    """One step by which an activity of earlier days is brought into line."""

    what: str = entry(Text("整改事项", "What is mended"), min_length=2, max_length=200)
    due_on: date = entry(Text("完成期限", "By when"))
    responsible: str = entry(Text("责任单位", "By whom"), min_length=2, max_length=120)


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
    overlap_reason: str = entry(
        Text("与其他授权重叠的说明", "Overlap with another authorization"), default="", widget="long", max_length=1000,
        help=Text("资源同时在另一项授权内的须说明；需要分开的先从原授权划出", "Needed where a resource is in another authorization too; or carve it out there first"),
    )  # fmt: skip
    legacy: bool = entry(
        Text("办法施行前已经开展", "Begun before the measures"), default=False,
        help=Text("已经开展的活动应当逐步规范，须填写整改计划", "Such an activity is brought into line step by step"),
    )  # fmt: skip
    rectification: list[Step] = entry(Text("整改计划", "Plan of rectification"), default=[], max_length=40)
    separate_platform: str = entry(
        Text("现有独立运营平台", "Separate platform that exists"), default="", max_length=200,
        help=Text("仅存量活动填写；不得新建，并须列入整改计划并入省级平台", "Of an earlier activity only; it is merged into the provincial platform"),
    )  # fmt: skip


class Flag(Inputs):
    """A resource whose operation would harm a protected interest."""

    resource: str = entry(Text("资源", "Resource"), refers="catalogue", max_length=40)
    interest: str = entry(Text("受到危害的权益", "Interest harmed"), choices=INTERESTS, max_length=24)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Clearance(Inputs):
    """Why a flag is taken off."""

    resource: str = entry(Text("资源", "Resource"), refers="catalogue", max_length=40)
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class CarveOut(Inputs):
    """What is taken out of this authorization for another."""

    into: str = entry(Text("划入的授权", "Authorization that receives it"), refers="authorizations")
    carved: list[str] = entry(Text("划出的资源", "Resources taken out"), min_length=1, refers="catalogue")
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Mended(Inputs):
    """A step of the rectification that is done."""

    what: str = entry(Text("整改事项", "What is mended"), min_length=2, max_length=200)
    done_on: date = entry(Text("完成日期", "Done on"))
    evidence: str = entry(Text("证明材料", "Evidence"), min_length=2, max_length=300)


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
    harmful: tuple[str, ...] = ()
    overlapping: tuple[str, ...] = ()
    overlap_explained: bool = False
    legacy: bool = False
    rectification: bool = False  # there is a plan
    separate_platform: bool = False
    in_scope: bool = True  # the resources entered are this authorization's
    receiver_holds: bool = True  # the other authorization stands and holds what is carved out
    step_open: bool = True
    proposer: bool = True
    flagged: bool = True


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
none_harmful = _resources("harms-protected-interests", "经认定危害受保护权益的资源", "Found to harm a protected interest", spec27(5), TAKE_OUT, ("R7",),
                          "harmful")  # fmt: skip
overlap_is_explained = Guard[Facts](
    lambda f: not f.overlapping or f.overlap_explained,
    Refusal("authorizations.overlap-not-explained", Text("资源同时在另一项授权范围内：{names}", "Also in the scope of another authorization: {names}"), default(),
            Text("请先从原授权划出，或者说明重叠的理由", "Carve them out there, or say why they overlap"), ("R8",), "overlap_reason"),
    naming=lambda f: {"names": "、".join(f.overlapping)},
)  # fmt: skip
legacy_is_mended = Guard[Facts](
    lambda f: not f.legacy or f.rectification,
    Refusal("authorizations.no-rectification-plan", Text("办法施行前已经开展的活动须有整改计划", "An activity begun before the measures needs a plan of rectification"),
            spec27(24), Text("请填写整改事项、期限和责任单位", "Enter what is mended, by when and by whom"), field="rectification"),
)  # fmt: skip
no_separate_platform = Guard[Facts](
    lambda f: not f.separate_platform or f.legacy,
    Refusal("authorizations.separate-platform", Text("不得新建独立的授权运营平台，应使用全省统一平台", "No separate platform may be started; use the province's"), yn(2),
            Text("请使用全省统一平台；已有平台的按存量活动列明整改", "Use it; an existing one is declared as an earlier activity and merged"), ("R12",), "separate_platform"),
)  # fmt: skip
resources_are_in_scope = Guard[Facts](
    lambda f: f.in_scope,
    Refusal("authorizations.not-in-scope", Text("所填资源不在本授权范围内", "Not in this authorization's scope"), spec27(5), field="resource"),
    on_inputs=True,
)  # fmt: skip
receiver_holds_them = Guard[Facts](
    lambda f: f.receiver_holds,
    Refusal("authorizations.receiver-does-not-hold", Text("划入的授权未提出这些资源，或者已经终止", "The receiving authorization does not hold them, or has ended"), yn(2),
            Text("请先在划入的授权中列入这些资源", "Propose them there first"), field="into"),
    on_inputs=True,
)  # fmt: skip
step_is_open = Guard[Facts](
    lambda f: f.step_open,
    Refusal("authorizations.no-such-step", Text("整改计划中没有这一未完成事项", "The plan has no such open step"), spec27(24), field="what"),
    on_inputs=True,
)  # fmt: skip
proposer_acts = Guard[Facts](
    lambda f: f.proposer,
    Refusal("authorizations.not-the-proposer", Text("只有提出该授权的实施机构可以办理", "Only the institution that proposed it may do this"), spec27(8)),
)  # fmt: skip
flag_exists = Guard[Facts](
    lambda f: f.flagged,
    Refusal("authorizations.not-flagged", Text("该资源没有被标注", "The resource is not flagged"), spec27(5), field="resource"),
    on_inputs=True,
)  # fmt: skip
SCOPE = (all_known, all_graded, none_core, none_secret, none_forbidden, all_consented, all_assessed, none_harmful)
FORM = (
    in_own_territory,
    scenario_mode_is_on,
    sector_is_needed,
    county_is_coordinated,
    term_in_order,
    overlap_is_explained,
    legacy_is_mended,
    no_separate_platform,
)

LIVE = {State.PROPOSED, State.APPROVED, State.SUSPENDED}

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
            (another_person, sector_has_endorsed, *FORM, *SCOPE), Approval, sensitive=True, document=Text("授权审定意见", "Decision on the authorization")),
        Act("flag", Text("标注危害权益", "Flag a harm"), {Role.BUREAU, Role.SECTOR, Role.PROVIDER}, LIVE, None, spec27(5), (in_own_territory, resources_are_in_scope),
            Flag, duty=False, sensitive=True),
        Act("clear", Text("解除标注", "Take a flag off"), {Role.AUTHORIZER}, LIVE, None, spec27(5), (in_own_territory, flag_exists), Clearance, duty=False,
            sensitive=True),
        Act("carve-out", Text("划出资源", "Carve out"), {Role.AUTHORIZER}, {State.APPROVED, State.SUSPENDED}, None, yn(2),
            (in_own_territory, resources_are_in_scope, receiver_holds_them), CarveOut, duty=False, sensitive=True),
        Act("rectify", Text("报告整改", "Report a step"), {Role.IMPLEMENTER}, LIVE, None, spec27(24), (proposer_acts, step_is_open), Mended, duty=False),
        Act("suspend", Text("暂停", "Suspend"), {Role.BUREAU, Role.AUTHORIZER}, {State.APPROVED}, State.SUSPENDED, spec27(14, 9),
            (in_own_territory,), Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), {Role.AUTHORIZER}, {State.SUSPENDED}, State.APPROVED, spec27(14, 9),
            (in_own_territory, *SCOPE), Reason, duty=False),
        Act("terminate", Text("终止", "Terminate"), {Role.AUTHORIZER}, {State.APPROVED, State.SUSPENDED}, State.TERMINATED, spec27(14, 12),
            (in_own_territory,), Reason, duty=False, final=True),
    ),
)  # fmt: skip
