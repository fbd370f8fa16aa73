"""Which acts evaluate an operator's year."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an evaluation stands."""

    PLANNED = "planned", Text("待自评", "Self-report due"), Tone.WAITING
    REPORTED = "reported", Text("待评分", "To be scored"), Tone.WAITING
    SCORED = "scored", Text("待反馈", "Feedback due"), Tone.WAITING
    FINAL = "final", Text("已定档", "Final"), Tone.FORCE


class Plan(Inputs):
    """Which agreement and year."""

    agreement: str = entry(Text("授权运营协议", "Agreement"), refers="agreements")
    year: int = entry(Text("年度", "Year"), ge=2024, le=2100, example="2026")


class Report(Inputs):
    """The operator's own report."""

    self_report: str = entry(Text("自评报告", "Self-report"), widget="long", min_length=4, max_length=20000)


class Feedback(Inputs):
    """The operator's answer to the score."""

    feedback: str = entry(Text("反馈意见", "Feedback"), widget="long", min_length=1, max_length=4000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    year_begun: bool = True
    twice: bool = False
    yours: bool = True


year_has_begun = Guard[Facts](
    lambda f: f.year_begun,
    Refusal("evaluation.year-ahead", Text("评估年度尚未开始", "The year has not begun"), default(), field="year"),
    on_inputs=True,
)
once_a_year = Guard[Facts](
    lambda f: not f.twice,
    Refusal(
        "evaluation.planned-already",
        Text("该年度评估已安排", "The year is being evaluated already"),
        default(),
        field="year",
    ),
    on_inputs=True,
)
the_party_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "evaluation.not-the-operator",
        Text("只有被评估的运营机构可以办理", "Only the operator under evaluation may do this"),
        default(),
    ),
)

EVALUATION = Lifecycle[Facts](
    "evaluation",
    Text("运营评估", "Evaluations"),
    State,
    (
        Act("plan", Text("安排评估", "Plan"), {Role.IMPLEMENTER, Role.BUREAU}, frozenset(), State.PLANNED, yn(4),
            (year_has_begun, once_a_year), Plan),
        Act("report", Text("提交自评", "Report"), {Role.OPERATOR}, {State.PLANNED}, State.REPORTED, spec27(14, 9),
            (the_party_itself,), Report),
        Act("score", Text("按记录评分", "Score from the record"), {Role.IMPLEMENTER, Role.BUREAU}, {State.REPORTED},
            State.SCORED, spec27(14, 9),
            help=Text("得分由平台记录按公式计算，不手工填写",
            "Computed from the record by the formulas shown; nothing is entered")),
        Act("answer", Text("反馈", "Answer"), {Role.OPERATOR}, {State.SCORED}, None, spec27(14, 9),
            (the_party_itself,), Feedback, duty=False),
        Act("finalise", Text("定档", "Finalise"), {Role.IMPLEMENTER, Role.BUREAU}, {State.SCORED}, State.FINAL,
            spec27(14, 9), final=True),
    ),
)  # fmt: skip
