"""What must hold for a result to leave: facts and guards of the egress review."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default, spec27, yn
from dianchi.kernel.lifecycle import Guard
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    is_party: bool = True
    is_operator: bool = True
    is_developer: bool = True
    result_there: bool = True  # the run is the actor's own and its result is isolated
    alone: bool = True  # no other request on this run is open
    own_submission: bool = False
    own_organisation: bool = False
    path: Text | None = None  # how the reviewer's organisation is affiliated with the developer
    has_opined: bool = False
    favourable: int = 0
    against: int = 0
    organisations: int = 0  # with a favourable opinion
    unconfirmed: tuple[str, ...] = ()  # points that need a person and were not confirmed by this one
    failed: tuple[str, ...] = ()  # points that the machine found not to hold
    unchanged: bool = True  # result, program and grant are those that were checked
    decided_before: bool = False  # the actor's organisation has given an opinion on it


_NOT_YOURS = Refusal(
    "egress.not-your-request", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_party_itself = Guard[Facts](lambda f: f.is_party, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
result_is_there = Guard[Facts](
    lambda f: f.result_there,
    Refusal(
        "egress.no-result",
        Text("该运行没有隔离保存的结果，或不属于本机构", "The run has no isolated result, or is not yours"),
        spec27(21),
        Text("请选择本机构已完成的运行", "Choose a completed run of your organisation"),
        field="run",
    ),
    on_inputs=True,
)
no_other_request_open = Guard[Facts](
    lambda f: f.alone,
    Refusal(
        "egress.request-open",
        Text("该结果已有出域申请在办", "There is an open request for this result already"),
        default(),
        Text("请办理原申请，或撤回后再申请", "Use that one, or withdraw it first"),
        field="run",
    ),
    on_inputs=True,
)
reviewer_is_another = Guard[Facts](
    lambda f: not (f.own_submission or f.own_organisation),
    Refusal(
        "egress.own-submission",
        Text("不能审查本人或本机构提交的出域申请", "You cannot review what you or your organisation submitted"),
        default(),
        Text("请由其他机构的经办人审查", "Let an officer of another organisation review it"),
        ("R66",),
    ),
)
reviewer_has_no_interest = Guard[Facts](
    lambda f: f.path is None,
    Refusal(
        "egress.reviewer-affiliated",
        Text(
            "审查机构与开发主体存在关联，应当回避。查到的关联路径：{path}",
            "The reviewing organisation is affiliated with the developer and must stand aside. Path found: {path}",
        ),
        default(),
        Text("请由无关联的机构审查", "Let an organisation without ties review it"),
        ("R74",),
    ),
    naming=lambda f: {"path": f.path or ""},
)
one_opinion_each = Guard[Facts](
    lambda f: not f.has_opined,
    Refusal(
        "egress.organisation-has-opined",
        Text(
            "您或您所在机构已对本版内容提交意见",
            "You or your organisation have already given an opinion on this content",
        ),
        default(),
        Text("两份意见须来自不同机构", "The two opinions come from different organisations"),
        ("R66",),
    ),
)
human_points_confirmed = Guard[Facts](
    lambda f: not f.unconfirmed,
    Refusal(
        "egress.points-not-confirmed",
        Text(
            "同意出域前须核实需人工判断的检查项：第 {points} 项",
            "Before agreeing, confirm the points that need a person: {points}",
        ),
        spec27(14, 3),
        Text("请核对依据后逐项勾选，或提出不同意见", "Look at the evidence and tick each, or give an opinion against"),
        ("R45",),
        "confirmed",
    ),
    on_inputs=True,
    naming=lambda f: {"points": "、".join(f.unconfirmed)},
)
every_point_holds = Guard[Facts](
    lambda f: not f.failed,
    Refusal(
        "egress.point-failed",
        Text("自动检查第 {points} 项不通过，不得进入人工审查", "The checks fail on {points}; it does not go to review"),
        spec27(21),
        Text("请按检查依据修改程序后重新送审", "Change the program as the evidence says and submit it again"),
        ("R42", "R43", "R44", "R46", "R47", "R50"),
    ),
    on_inputs=True,
    naming=lambda f: {"points": "、".join(f.failed)},
)
one_against_another = Guard[Facts](
    lambda f: f.favourable >= 1 and f.against >= 1,
    Refusal(
        "egress.no-conflict",
        Text("两份意见尚未到齐，或并无分歧", "The two opinions are not both in, or do not differ"),
        spec27(14, 3),
        Text("请待两份意见到齐", "Wait until both are in"),
    ),
)
both_in_favour = Guard[Facts](
    lambda f: f.favourable >= 2 and f.against == 0,
    Refusal(
        "egress.opinions-missing",
        Text("出域须有两份同意意见，且没有不同意见", "Egress needs two favourable opinions and none against"),
        spec27(14, 3),
        Text("请等待两名审查人提交意见；意见不一致的提请裁定", "Wait for both; a conflict goes to a ruling"),
        ("R45",),
    ),
)
from_two_organisations = Guard[Facts](
    lambda f: f.organisations >= 2,
    Refusal(
        "egress.opinions-of-one-organisation",
        Text("两份同意意见须来自不同机构", "The favourable opinions must come from two organisations"),
        default(),
        Text("请另一机构的审查人提交意见", "Ask a reviewer of another organisation"),
        ("R66",),
    ),
)
both_against = Guard[Facts](
    lambda f: f.against >= 2,
    Refusal(
        "egress.not-refused-by-both",
        Text("不准出域须有两份不同意见", "A refusal needs two opinions against"),
        spec27(14, 3),
        Text("意见不一致的，提请数据管理部门裁定", "A conflict goes to the data administration"),
    ),
)
content_is_unchanged = Guard[Facts](
    lambda f: f.unchanged,
    Refusal(
        "egress.digest-changed",
        Text(
            "结果、程序或数据口径与检查时的摘要不一致，不得出域",
            "Result, program or policy is not the one that was checked; it may not leave",
        ),
        spec27(21),
        Text("请重新运行并重新送审", "Run it anew and have it reviewed again"),
        ("R45",),
    ),
)
decider_is_independent = Guard[Facts](
    lambda f: not (f.decided_before or f.own_submission or f.own_organisation) and f.path is None,
    Refusal(
        "egress.decider-not-independent",
        Text(
            "裁定机构不得是提交意见的机构或与开发主体关联",
            "Who decides may neither have given an opinion nor be affiliated",
        ),
        default(),
        Text("请由无关联的数据管理部门裁定", "Let a data administration without ties decide"),
        ("R66", "R74"),
    ),
)
