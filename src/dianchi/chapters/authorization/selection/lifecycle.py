"""Which acts choose an operator by fair competition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, days
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a selection stands."""

    ANNOUNCED = "announced", Text("已公告", "Announced"), Tone.WAITING
    EVALUATED = "evaluated", Text("已评审", "Evaluated"), Tone.WAITING
    PUBLICIZED = "publicized", Text("候选公示中", "Candidate publicized"), Tone.PUBLICITY
    DETERMINED = "determined", Text("已确定", "Determined"), Tone.FORCE
    FAILED = "failed", Text("选择失败", "Failed"), Tone.STOPPED


METHODS = (
    ("OPEN_TENDER", Text("公开招标", "Open tender")),
    ("INVITED_TENDER", Text("邀请招标", "Invited tender")),
    ("NEGOTIATION", Text("谈判", "Negotiation")),
    ("OTHER", Text("其他公平竞争方式", "Other fair competitive method")),
)


class Announcement(Inputs):
    """Under which plan, by which method and criteria."""

    title: str = entry(Text("名称", "Name"), min_length=2, max_length=200)
    plan: str = entry(Text("实施方案", "Plan"), refers="plans")
    method: str = entry(
        Text("选择方式", "Method"), choices=METHODS, pattern="^(OPEN_TENDER|INVITED_TENDER|NEGOTIATION|OTHER)$"
    )
    legal_basis: str = entry(
        Text("法律依据", "Legal basis"), default="", max_length=500,
        help=Text("采用其他方式的须写明法律依据", "Needed for another method"),
    )  # fmt: skip
    criteria: str = entry(Text("评审标准", "Criteria"), widget="long", min_length=4, max_length=4000)


class Candidate(Inputs):
    """A candidate with its score under the published criteria."""

    uscc: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("统一社会信用代码", "Code"), widget="organisation")
    score: Decimal = entry(Text("得分", "Score"), ge=0, le=100, max_digits=5, decimal_places=2, example="92.5")
    remark: str = entry(Text("评审意见", "Remark"), default="", max_length=300)


class Evaluation(Inputs):
    """All candidates with their scores."""

    candidates: list[Candidate] = entry(Text("候选人", "Candidates"), min_length=1, max_length=50)


class Determination(Inputs):
    """The operator."""

    operator: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("运营机构", "Operator"), widget="organisation")


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    plan_approved: bool = True
    basis_given: bool = True
    organiser: bool = True
    on_record: bool = True
    legal_person: bool = True
    publicity_over: bool = False
    best: bool = True
    separate: bool = True
    once: bool = True  # no candidate stands twice


plan_is_approved = Guard[Facts](
    lambda f: f.plan_approved,
    Refusal("selection.plan-not-approved", Text("不能启动选择：实施方案尚未审定", "Cannot start: the plan is not approved"), spec27(12),
            Text("请先完成实施方案审定", "Have the plan approved first"), ("R14",), "plan"),
)  # fmt: skip
method_has_a_basis = Guard[Facts](
    lambda f: f.basis_given,
    Refusal("selection.no-legal-basis", Text("采用其他方式须写明法律依据", "Another method needs its legal basis"), spec27(12),
            Text("请填写法律依据或改用公开招标、邀请招标、谈判", "Enter it, or choose a listed method"), ("R17",), "legal_basis"),
    on_inputs=True,
)  # fmt: skip
organiser_acts = Guard[Facts](
    lambda f: f.organiser,
    Refusal("selection.not-the-organiser", Text("只有编制方案、组织选择的实施机构可以办理", "Only the institution that drafted the plan and organises the selection may do this"),
            spec27(12), Text("请由该实施机构办理", "Let that institution do it")),
)  # fmt: skip
all_on_record = Guard[Facts](
    lambda f: f.on_record,
    Refusal("selection.candidate-unknown", Text("候选人尚未登记为平台机构", "A candidate is not on record"), spec27(12),
            Text("请系统管理员先登记该机构", "Have it enrolled first"), field="candidates"),
    on_inputs=True,
)  # fmt: skip
all_legal_persons = Guard[Facts](
    lambda f: f.legal_person,
    Refusal("selection.not-a-legal-person", Text("运营机构须具有法人资格", "An operator must be a legal person"), spec27(3),
            Text("请剔除不具备法人资格的候选人", "Remove candidates that are none"), ("R18",), "candidates"),
    on_inputs=True,
)  # fmt: skip
publicity_is_over = Guard[Facts](
    lambda f: f.publicity_over,
    Refusal("selection.publicity-not-over", Text("候选公示期未满", "The publicity of the candidate is not over"), cite("BID", 54),
            Text("请待公示期满", "Wait for its end")),
)  # fmt: skip
the_best_candidate = Guard[Facts](
    lambda f: f.best,
    Refusal("selection.not-the-best", Text("只能确定得分最高的候选人", "Only the candidate with the highest score may be determined"), spec27(6),
            Text("请核对评审结果", "Check the evaluation"), field="operator"),
    on_inputs=True,
)  # fmt: skip
separate_bodies = Guard[Facts](
    lambda f: f.separate,
    Refusal("selection.institution-is-operator", Text("实施机构不得同时担任运营机构", "The implementing institution may not be the operator"), spec27(12),
            Text("请确定其他候选人", "Determine another candidate"), field="operator"),
    on_inputs=True,
)  # fmt: skip
each_candidate_once = Guard[Facts](
    lambda f: f.once,
    Refusal("selection.candidate-twice", Text("同一候选人只能列一次", "A candidate stands twice"), spec27(12), Text("请核对评审结果", "Check the evaluation"),
            field="candidates"),
    on_inputs=True,
)  # fmt: skip
_BY = {Role.IMPLEMENTER}

SELECTION = Lifecycle[Facts](
    "selection",
    Text("运营机构选择", "Operator selection"),
    State,
    (
        Act("announce", Text("公告", "Announce"), _BY, frozenset(), State.ANNOUNCED, spec27(12),
            (organiser_acts, plan_is_approved, method_has_a_basis), Announcement, sensitive=True),
        Act("evaluate", Text("评审", "Evaluate"), _BY, {State.ANNOUNCED}, State.EVALUATED, spec27(12),
            (organiser_acts, plan_is_approved, all_on_record, each_candidate_once, all_legal_persons), Evaluation),
        Act("publicize", Text("公示候选人", "Publicize"), _BY, {State.EVALUATED}, State.PUBLICIZED, cite("BID", 54), (organiser_acts,)),
        Act("determine", Text("确定", "Determine"), _BY, {State.PUBLICIZED}, State.DETERMINED, spec27(12),
            (organiser_acts, plan_is_approved, publicity_is_over, the_best_candidate, separate_bodies), Determination, sensitive=True, final=True),
        Act("fail", Text("宣布失败", "Declare failed"), _BY, {State.ANNOUNCED, State.EVALUATED, State.PUBLICIZED}, State.FAILED, spec27(12),
            (organiser_acts,), Reason, duty=False, final=True),
    ),
    (Deadline(State.PUBLICIZED, days("selection.publicity-days"), cite("BID", 54), Text("候选公示期满", "End of the publicity"), _BY, clock="E35"),),
)  # fmt: skip
