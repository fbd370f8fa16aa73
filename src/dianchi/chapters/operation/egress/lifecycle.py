"""Which acts let a result leave the domain: checked by machine, reviewed by two, decided, delivered."""

from __future__ import annotations

from dianchi.chapters.operation.egress.guards import (
    Facts,
    both_against,
    both_in_favour,
    content_is_unchanged,
    decider_is_independent,
    every_point_holds,
    from_two_organisations,
    human_points_confirmed,
    no_other_request_open,
    one_against_another,
    one_opinion_each,
    result_is_there,
    reviewer_has_no_interest,
    reviewer_is_another,
    the_developer_itself,
    the_operator_itself,
    the_party_itself,
)
from dianchi.kernel.actors import Role
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Lifecycle, Opinions, Tone, workdays
from dianchi.kernel.text import Text

__all__ = ["EGRESS", "Facts", "State"]


class State(CaseState):
    """Nothing leaves but what is approved with the digest that was reviewed."""

    REQUESTED = "requested", Text("自动检查中", "Being checked"), Tone.WAITING
    BLOCKED = "blocked", Text("自动检查未通过", "Failed the checks"), Tone.STOPPED
    UNDER_REVIEW = "under-review", Text("人工审查中", "Under review"), Tone.WAITING
    CONFLICT = "conflict", Text("意见不一致", "Opinions conflict"), Tone.WAITING
    APPROVED = "approved", Text("准予出域", "May leave"), Tone.FORCE
    DELIVERED = "delivered", Text("已交付", "Delivered"), Tone.FORCE
    REFUSED = "refused", Text("不准出域", "Refused"), Tone.STOPPED
    RECALLED = "recalled", Text("已召回", "Recalled"), Tone.STOPPED
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


FORMS = (
    ("statistics", Text("统计结果", "Statistics")),
    ("report", Text("分析报告", "Report")),
    ("dataset", Text("数据集", "Data set")),
    ("model", Text("模型参数", "Model")),
)
POINTS = (
    (1, Text("在授权和协议的范围与场景内", "Within the authorized and agreed scope and scenario"), spec27(21), ("R26",)),
    (2, Text("不是原始数据，与来源不相似", "Not raw data, not similar to the source"), spec27(21), ("R42", "R43")),
    (3, Text("不能还原", "Irreversible"), cite("QZ24"), ("R44",)),
    (4, Text("不含核心数据，重要数据经处理降级", "No core data; important data only once re-graded"), cite("SAFE18", item=1), ("R2", "R3")),
    (5, Text("不含个人信息，或已匿名化，或有同意", "No personal information, or anonymized, or consented to"), cite("PIPL", 23), ("R46", "R47")),
    (6, Text("分组不少于最小主体数", "Groups of at least the least number of subjects"), default(), ("R46",)),
    (7, Text("与其他已出域结果的关联风险", "Linkage risk with other outputs"), spec27(21), ("R50",)),
    (8, Text("不泄露商业秘密", "No trade secret"), spec27(5), ("R7",)),
    (9, Text("内容与说明一致，符合业务规范", "Content matches the description and sector norms"), spec27(14, 3), ()),
    (10, Text("交付形式符合约定", "The form is an agreed one"), default(), ()),
    (11, Text("可溯源：来源链完整并加注标识", "Traceable: complete lineage and a mark"), cite("SAFE18", item=4), ()),
    (12, Text("用途类别已定，与收费规则一致", "The purpose is set and fits the price rule"), cite("PRICE65", 1), ("R32",)),
)  # fmt: skip
POINT_CHOICES = tuple((str(number), title) for number, title, _, _ in POINTS)


class Draft(Inputs):
    """Which result, in what form, for what."""

    title: str = entry(Text("申请名称", "Title"), min_length=2, max_length=200)
    run: str = entry(Text("运行记录", "Run"), refers="runs")
    form: str = entry(Text("交付形式", "Form"), choices=FORMS, pattern="^(statistics|report|dataset|model)$")
    description: str = entry(
        Text("内容说明", "Description"), widget="long", min_length=4, max_length=2000,
        help=Text("写明各字段的含义和统计口径", "Say what each column means and how it was made"),
    )  # fmt: skip
    use: str = entry(Text("出域后的用途", "Use outside"), widget="long", min_length=4, max_length=1000)
    licence: str = entry(
        Text("行业资质或许可", "Sector licence"), default="", max_length=300,
        help=Text("业务需要资质的填写证照编号", "Number of the licence where the business needs one"),
    )  # fmt: skip
    consent: str = entry(
        Text("个人信息处理依据", "Basis for personal information"), default="", widget="long", max_length=1000
    )


class Point(Inputs):
    """What the machine found on one point of the checklist; counts, never a value."""

    number: int = entry(Text("序号", "No."), ge=1, le=12)
    verdict: str = entry(Text("结论", "Verdict"), pattern="^(pass|fail|human)$")
    zh: str = entry(Text("依据", "Evidence"), max_length=1000)
    en: str = entry(Text("依据（英文）", "Evidence in English"), max_length=1000)
    counts: dict[str, int] = entry(Text("计数", "Counts"), default={})


class Checked(Inputs):
    """All twelve points, and the digest they were checked on."""

    points: tuple[Point, ...] = entry(Text("检查结果", "Findings"), min_length=12, max_length=12)


class Review(Inputs):
    """One reviewer's opinion; nobody sees another's until both are in."""

    favourable: bool = entry(Text("同意出域", "May leave"))
    confirmed: tuple[str, ...] = entry(
        Text("已人工核实的检查项", "Points confirmed by a person"), default=(), choices=POINT_CHOICES, max_length=12,
        help=Text("同意出域的，须逐项核实需人工判断的检查项", "To agree, confirm each point that needs a person"),
    )  # fmt: skip
    reason: str = entry(Text("审查意见", "Reasons"), widget="long", min_length=4, max_length=2000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Delivery(Inputs):
    """What was handed over; recorded before the first byte leaves."""

    number: int = entry(Text("交付次数", "Delivery"), ge=1)
    sha256: str = entry(Text("文件摘要（国际）", "SHA-256 of the file"), pattern="^[0-9a-f]{64}$")
    sm3: str = entry(Text("文件摘要（国密）", "SM3 of the file"), pattern="^[0-9a-f]{64}$")
    bytes: int = entry(Text("字节数", "Bytes"), ge=1)


_REVIEWERS = frozenset({Role.OPERATOR, Role.IMPLEMENTER})
_MAY_LEAVE = {State.APPROVED, State.DELIVERED}
_REVISABLE = {State.BLOCKED, State.UNDER_REVIEW, State.CONFLICT}

EGRESS = Lifecycle[Facts](
    "egress",
    Text("出域申请", "Egress requests"),
    State,
    (
        Act("request", Text("申请出域", "Request egress"), {Role.DEVELOPER}, frozenset(), State.REQUESTED, spec27(21),
            (result_is_there, no_other_request_open), Draft, sensitive=True),
        Act("revise", Text("修改后重新送审", "Revise"), {Role.DEVELOPER}, _REVISABLE, State.REQUESTED, spec27(21),
            (the_developer_itself, result_is_there), Draft, duty=False,
            help=Text("内容或结果变更后，原意见作废，须重新检查和表决",
                      "A change voids the opinions: it is checked and voted on anew")),
        Act("check", Text("记录检查结果", "Record the checks"), {Role.SYSTEM}, {State.REQUESTED}, State.UNDER_REVIEW,
            spec27(21), (every_point_holds,), Checked, sensitive=True),
        Act("block", Text("检查不通过", "Block"), {Role.SYSTEM}, {State.REQUESTED}, State.BLOCKED, spec27(21),
            inputs=Checked, sensitive=True),
        Act("review", Text("提交审查意见", "Give an opinion"), _REVIEWERS, {State.UNDER_REVIEW}, None,
            spec27(14, 3),
            (the_party_itself, reviewer_is_another, reviewer_has_no_interest, one_opinion_each, human_points_confirmed),
            Review, Opinions(needed=2, blinded=True)),
        Act("record-conflict", Text("记录意见不一致", "Record the conflict"), _REVIEWERS | {Role.SYSTEM},
            {State.UNDER_REVIEW}, State.CONFLICT, spec27(14, 3), (the_party_itself, one_against_another)),
        Act("approve", Text("准予出域", "Approve"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.APPROVED, spec27(21),
            (the_operator_itself, reviewer_is_another, both_in_favour, from_two_organisations, content_is_unchanged),
            sensitive=True, document=Text("数据出域审查决定", "Decision on egress")),
        Act("refuse", Text("不准出域", "Refuse"), {Role.OPERATOR}, {State.UNDER_REVIEW}, State.REFUSED, spec27(21),
            (the_operator_itself, both_against), Reason, final=True),
        Act("uphold", Text("裁定准予出域", "Decide that it may leave"), {Role.BUREAU}, {State.CONFLICT},
            State.APPROVED, yn(5), (decider_is_independent, content_is_unchanged), Reason, sensitive=True,
            document=Text("数据出域裁定", "Ruling on egress")),
        Act("overrule", Text("裁定不准出域", "Decide that it may not leave"), {Role.BUREAU}, {State.CONFLICT},
            State.REFUSED, yn(5), (decider_is_independent,), Reason, final=True, duty=False),
        Act("deliver", Text("交付文件", "Deliver"), {Role.SYSTEM}, _MAY_LEAVE, State.DELIVERED, spec27(21),
            (content_is_unchanged,), Delivery, sensitive=True),
        Act("recall", Text("召回", "Recall"), {Role.OPERATOR, Role.BUREAU}, _MAY_LEAVE, State.RECALLED,
            cite("DSL", 29), (the_party_itself,), Reason, duty=False, sensitive=True),
        Act("withdraw", Text("撤回", "Withdraw"), {Role.DEVELOPER},
            {State.REQUESTED, State.BLOCKED, State.UNDER_REVIEW, State.CONFLICT}, State.WITHDRAWN, yn(4),
            (the_developer_itself,), duty=False, final=True),
    ),
    deadlines=(
        Deadline(State.UNDER_REVIEW, workdays("egress.review-days"), default(),
                 Text("完成出域审查", "Complete the egress review"), _REVIEWERS),
        Deadline(State.CONFLICT, workdays("egress.review-days"), default(),
                 Text("裁定是否出域", "Decide the conflict"), {Role.BUREAU}),
    ),
)  # fmt: skip
