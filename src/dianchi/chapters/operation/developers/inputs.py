"""What is entered in an admission: conditions with evidence, scores, grounds, complaints."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

# Conditions of admission; the bonus is a plus, never a condition.
CONDITIONS = (
    ("established", Text("依法设立并有效存续", "Lawfully established and existing")),
    ("standing", Text("经营状况和治理、财务良好", "Good standing, governance and finance")),
    ("clean-record", Text("近三年无环保、安全、知识产权等违法", "No violation within three years")),
    ("not-dishonest", Text("未列入失信、税收违法等名单", "On no list of dishonest or tax-evading parties")),
    ("no-incident", Text("近三年未发生数据安全事件", "No data security incident within three years")),
    ("security-organised", Text("有数据安全负责人、部门和制度", "A security officer, department and rules")),
    ("technically-able", Text("具备域内开发的技术能力和保密管理", "Able and sworn to secrecy for work in the domain")),
    ("scenario", Text("有具体合法的应用场景", "A concrete and lawful scenario")),
    ("independent", Text("与运营机构无控制或代持关系", "No control or nominee ties with the operator")),
)
BONUS = ("dcmm", Text("数据管理能力成熟度证书", "Data management maturity certificate"))
# Every ground on which an organisation may be turned down; there is no other (R28).
GROUNDS = (
    ("condition-unmet", Text("不符合准入条件", "A condition of admission is not met")),
    ("false-material", Text("提供虚假材料", "False material")),
    ("affiliate", Text("与运营机构存在关联关系", "Affiliated with the operator")),
    ("open-violation", Text("在本平台有未了结的严重违规", "An open serious violation on this platform")),
    ("lower-ranked", Text("按已公布的标准未入选", "Not chosen under the published criteria")),
)


class Approach(Inputs):
    """Who is invited, or whom one applies to."""

    counterpart: Annotated[str, AfterValidator(codes.uscc)] = entry(
        Text("对方机构", "The other organisation"),
        widget="organisation",
        help=Text(
            "运营机构填写所邀请的机构；申请方填写运营机构",
            "Operators name whom they invite; applicants name the operator",
        ),
    )
    scenario: str = entry(
        Text("应用场景", "Scenario"),
        default="",
        refers="scenarios",
        help=Text(
            "邀请须依据已发布的场景；自行申请可不填",
            "An invitation rests on a published scenario; an application may leave it out",
        ),
    )
    note: str = entry(Text("说明", "Note"), widget="long", min_length=4, max_length=1000)


class Evidence(Inputs):
    """One condition and what proves it."""

    condition: str = entry(Text("条件", "Condition"), choices=(*CONDITIONS, BONUS), max_length=40)
    met: bool = entry(Text("符合", "Met"))
    evidence: str = entry(Text("证明材料", "Evidence"), default="", max_length=300)
    valid_until: date | None = entry(
        Text("证明有效期至", "Evidence valid until"),
        default=None,
        help=Text("长期有效的不填", "Leave empty if it does not run out"),
    )


class Material(Inputs):
    """The checklist of conditions with its evidence; sending it accepts an invitation."""

    checklist: tuple[Evidence, ...] = entry(Text("准入条件及证明", "Conditions and evidence"), min_length=1)
    contact: str = entry(Text("联系人", "Contact"), max_length=60, personal=True)


class CriterionScore(Inputs):
    """Points under one published criterion."""

    criterion: str = entry(Text("遴选标准", "Criterion"), max_length=60)
    points: int = entry(Text("评分（百分制）", "Points of a hundred"), ge=0, le=100)
    reason: str = entry(Text("评分理由", "Reason"), min_length=2, max_length=500)


class Review(Inputs):
    """One reviewer's opinion under the published criteria."""

    favourable: bool = entry(Text("同意准入", "Admit"))
    score: int = entry(Text("评分", "Score"), ge=0, le=100)
    scores: tuple[CriterionScore, ...] = entry(
        Text("分项评分", "Scores under the criteria"), default=(),
        help=Text("场景公布了分项标准的，须逐项评分，总分按权重计算", "One for each criterion that the scenario published"),
    )  # fmt: skip
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Rejection(Inputs):
    """On which ground of the closed list, and why it applies."""

    ground: str = entry(Text("不予准入的情形", "Ground"), choices=GROUNDS, max_length=40)
    reason: str = entry(Text("具体理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


class Complaint(Inputs):
    """Why the rejected organisation objects."""

    complaint: str = entry(Text("投诉理由", "Complaint"), widget="long", min_length=4, max_length=2000)
    complaint_evidence: str = entry(Text("证据", "Evidence"), default="", max_length=500)


class Recheck(Inputs):
    """What the yearly re-check found; a new checklist replaces the old one."""

    checklist: tuple[Evidence, ...] = entry(Text("准入条件及证明", "Conditions and evidence"), min_length=1)
    finding: str = entry(Text("复核意见", "Finding"), widget="long", min_length=4, max_length=1000)
