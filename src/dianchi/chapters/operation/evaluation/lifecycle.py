"""Which acts evaluate a year of an operator, a developer or a data provider."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.evaluation.formulas import INDICATORS
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where an evaluation stands."""

    PLANNED = "planned", Text("待自评", "Self-report due"), Tone.WAITING
    REPORTED = "reported", Text("待评分", "To be scored"), Tone.WAITING
    SCORED = "scored", Text("待反馈", "Feedback due"), Tone.WAITING
    FINAL = "final", Text("已定档", "Final"), Tone.FORCE
    RECTIFYING = "rectifying", Text("限期整改", "To be mended"), Tone.WAITING
    MENDED = "mended", Text("整改待复核", "Mended, to be checked"), Tone.WAITING
    CLOSED = "closed", Text("整改办结", "Mended and closed"), Tone.FORCE


SUBJECTS = (
    ("OPERATOR", Text("运营机构", "Operator")),
    ("DEVELOPER", Text("开发主体", "Developer")),
    ("PROVIDER", Text("数据提供单位", "Data provider")),
)
EFFECTS = (
    ("RENEW", Text("可以续约", "May be renewed")),
    ("RECTIFY", Text("整改后方可续约", "Renewed only once mended")),
    ("EXIT", Text("启动退出程序", "Exit begins")),
)
_KEYS = sorted({i.key for indicators in INDICATORS.values() for i in indicators})
_TITLES = {i.key: i.title for indicators in INDICATORS.values() for i in indicators}


class WeightOf(Inputs):
    """The points of one indicator."""

    indicator: str = entry(
        Text("指标", "Indicator"), choices=tuple((k, _TITLES[k]) for k in _KEYS), pattern=f"^({'|'.join(_KEYS)})$"
    )
    points: int = entry(Text("分值", "Points"), ge=0, le=100)


class Plan(Inputs):
    """Which agreement and year, who is evaluated, by which weights."""

    agreement: str = entry(Text("授权运营协议", "Agreement"), refers="agreements")
    year: int = entry(Text("年度", "Year"), ge=2024, le=2100, example="2026")
    subject: str = entry(
        Text("评估对象", "Who is evaluated"), default="OPERATOR", choices=SUBJECTS,
        pattern="^(OPERATOR|DEVELOPER|PROVIDER)$",
    )  # fmt: skip
    body: str = entry(
        Text("被评估机构", "Body evaluated"), default="", widget="organisation", pattern="^$|^[0-9A-Z]{18}$",
        help=Text("评估运营机构时不填", "Empty for the operator of the agreement"),
    )  # fmt: skip
    weights: tuple[WeightOf, ...] = entry(
        Text("指标分值", "Weights"), default=(), max_length=20,
        help=Text("不填则按通用分值；填写的合计一百分", "The usual ones if empty; otherwise they sum to a hundred"),
    )  # fmt: skip


class Report(Inputs):
    """The body's own report."""

    self_report: str = entry(Text("自评报告", "Self-report"), widget="long", min_length=4, max_length=20000)


class Assessment(Inputs):
    """What a third party found on site."""

    assessor: str = entry(Text("第三方机构", "Third party"), widget="organisation", pattern="^[0-9A-Z]{18}$")
    assessment: str = entry(Text("现场评估意见", "What was found"), widget="long", min_length=4, max_length=20000)
    deduction: int = entry(
        Text("扣分", "Points off"), default=0, ge=0, le=20,
        help=Text("以现场发现的问题为据，最多二十分", "For what was found on site, at most twenty"),
    )  # fmt: skip


class Feedback(Inputs):
    """The body's answer to the score."""

    feedback: str = entry(Text("反馈意见", "Feedback"), widget="long", min_length=1, max_length=4000)


class Demands(Inputs):
    """What must be mended."""

    demands: str = entry(Text("整改要求", "What must be mended"), widget="long", min_length=4, max_length=4000)


class Mended(Inputs):
    """What was done about it."""

    rectification: str = entry(Text("整改情况", "What was mended"), widget="long", min_length=4, max_length=8000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    year_begun: bool = True
    twice: bool = False
    yours: bool = True
    weights_whole: bool = True
    body_takes_part: bool = True
    independent: bool = True
    own_evaluation: bool = False
    needs_mending: bool = True


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
weights_are_whole = Guard[Facts](
    lambda f: f.weights_whole,
    Refusal(
        "evaluation.weights-not-whole",
        Text(
            "指标分值须属于该类对象、各列一次，合计一百分",
            "Weights name indicators of the subject once and sum to a hundred",
        ),
        spec27(9, 6),
        Text("请按方案约定的评价标准填写", "Enter the standard that the plan sets"),
        field="weights",
    ),
    on_inputs=True,
)
body_takes_part = Guard[Facts](
    lambda f: f.body_takes_part,
    Refusal(
        "evaluation.body-not-in-the-operation",
        Text("该机构不参与此协议的运营", "The body takes no part in the operation of this agreement"),
        spec27(9, 6),
        Text(
            "请选择协议的运营机构、其开发主体或者数据提供单位",
            "Choose its operator, a developer or a data provider of it",
        ),
        field="body",
    ),
    on_inputs=True,
)
assessor_is_independent = Guard[Facts](
    lambda f: f.independent,
    Refusal(
        "evaluation.assessor-not-independent",
        Text("第三方机构与被评估机构为同一或者关联", "The third party is the body itself or affiliated with it"),
        default(),
        Text("请另选无利害关系的机构", "Choose one without an interest"),
        ("R74",),
        "assessor",
    ),
    on_inputs=True,
)
the_party_itself = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "evaluation.not-the-operator",
        Text("只有被评估的机构可以办理", "Only the body under evaluation may do this"),
        default(),
    ),
)
not_ones_own = Guard[Facts](
    lambda f: not f.own_evaluation,
    Refusal(
        "evaluation.own-evaluation",
        Text("不能评估本机构", "You cannot evaluate your own organisation"),
        default(),
        Text("请由数据管理部门办理", "The data administration does it"),
        ("R66",),
    ),
)
something_needs_mending = Guard[Facts](
    lambda f: f.needs_mending,
    Refusal(
        "evaluation.nothing-to-mend",
        Text("评定等级合格以上，无需整改", "The grade asks for nothing to be mended"),
        default(),
    ),
)
_JUDGES = {Role.IMPLEMENTER, Role.BUREAU}
_SUBJECTS = {Role.OPERATOR, Role.DEVELOPER, Role.PROVIDER}

EVALUATION = Lifecycle[Facts](
    "evaluation",
    Text("运营评估", "Evaluations"),
    State,
    (
        Act("plan", Text("安排评估", "Plan"), _JUDGES, frozenset(), State.PLANNED, yn(4),
            (year_has_begun, once_a_year, weights_are_whole, body_takes_part, not_ones_own), Plan),
        Act("report", Text("提交自评", "Report"), _SUBJECTS, {State.PLANNED}, State.REPORTED, spec27(14, 9),
            (the_party_itself,), Report),
        Act("assess", Text("登记第三方评估", "Record the third party's findings"), _JUDGES, {State.REPORTED}, None,
            spec27(14, 9), (not_ones_own, assessor_is_independent), Assessment, duty=False),
        Act("score", Text("按记录评分", "Score from the record"), _JUDGES, {State.REPORTED}, State.SCORED, spec27(14, 9),
            (not_ones_own,),
            help=Text("得分由平台记录按公式计算，不手工填写",
            "Computed from the record by the formulas shown; nothing is entered")),
        Act("answer", Text("反馈", "Answer"), _SUBJECTS, {State.SCORED}, None, spec27(14, 9),
            (the_party_itself,), Feedback, duty=False),
        Act("finalise", Text("定档", "Finalise"), _JUDGES, {State.SCORED}, State.FINAL, spec27(14, 9), (not_ones_own,),
            final=True, document=Text("评估结果通知书", "Notice of the evaluation")),
        Act("demand", Text("责令整改", "Demand mending"), _JUDGES, {State.FINAL}, State.RECTIFYING, spec27(14, 9),
            (something_needs_mending,), Demands, document=Text("整改通知书", "Order to mend")),
        Act("mend", Text("报告整改", "Report what was mended"), _SUBJECTS, {State.RECTIFYING}, State.MENDED,
            spec27(14, 9), (the_party_itself,), Mended),
        Act("reopen", Text("继续整改", "Not mended yet"), _JUDGES, {State.MENDED}, State.RECTIFYING, spec27(14, 9),
            (not_ones_own,), Demands, duty=False),
        Act("close", Text("整改办结", "Close"), _JUDGES, {State.MENDED}, State.CLOSED, spec27(14, 9), (not_ones_own,)),
    ),
    (
        Deadline(State.RECTIFYING, workdays("evaluation.rectify-days"), default(),
                 Text("完成整改并报告", "Mend it and report"), _SUBJECTS),
    ),
)  # fmt: skip
