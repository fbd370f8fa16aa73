"""What is entered in the choice of an operator: announcement, sealed bids, scores, evaluation."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

from dianchi.kernel import codes
from dianchi.kernel.conditions import Evidence
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

METHODS = (
    ("OPEN_TENDER", Text("公开招标", "Open tender")),
    ("INVITED_TENDER", Text("邀请招标", "Invited tender")),
    ("NEGOTIATION", Text("谈判", "Negotiation")),
    ("OTHER", Text("其他公平竞争方式", "Other fair competitive method")),
)
TENDERS = frozenset({"OPEN_TENDER", "INVITED_TENDER"})


class Criterion(Inputs):
    """A published criterion and its weight."""

    name: str = entry(Text("评审因素", "Criterion"), min_length=2, max_length=60, example="方案可行性")
    weight: int = entry(Text("权重（百分比）", "Weight, per cent"), ge=1, le=100, example="30")


class Announcement(Inputs):
    """Under which plan, by which method and criteria, until when."""

    title: str = entry(Text("名称", "Name"), min_length=2, max_length=200)
    plan: str = entry(Text("实施方案", "Plan"), refers="plans")
    reruns: str = entry(
        Text("重新组织的原选择事项", "Failed selection that it runs again"), default="", refers="selection"
    )
    method: str = entry(
        Text("选择方式", "Method"), choices=METHODS, pattern="^(OPEN_TENDER|INVITED_TENDER|NEGOTIATION|OTHER)$"
    )
    legal_basis: str = entry(
        Text("法律依据", "Legal basis"), default="", max_length=500,
        help=Text("采用其他方式的须写明法律依据", "Needed for another method"),
    )  # fmt: skip
    criteria: str = entry(Text("评审标准", "Criteria"), widget="long", min_length=4, max_length=4000)
    weights: list[Criterion] = entry(
        Text("评审因素和权重", "Criteria and weights"), default=[], max_length=20,
        help=Text("招标须公布，权重合计为一百", "A tender publishes them; weights sum to one hundred"),
    )  # fmt: skip
    opens_at: AwareDatetime | None = entry(
        Text("开标时间", "Opening of the bids"), default=None, example="2026-03-31T09:30:00+08:00",
        help=Text("招标须填写；在此之前投标文件密封，任何人不能查看", "Of a tender; until then bids are sealed to everybody"),
    )  # fmt: skip
    invited: list[str] = entry(
        Text("受邀投标机构", "Invited bidders"), default=[], max_length=20, widget="organisation",
        help=Text("邀请招标须填写，每行一个统一社会信用代码", "Of an invited tender, one code per line"),
    )  # fmt: skip
    consultation: str = entry(
        Text("协议部分征求意见情况", "Consultation on the part about the agreement"), widget="long", min_length=4, max_length=2000,
        help=Text("招标或谈判文件中授权协议部分应当广泛征求意见", "The part of the documents on the agreement is consulted on widely"),
    )  # fmt: skip


class Opened(Inputs):
    """A bid that the platform has opened when its time came."""

    uscc: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("投标人", "Bidder"), widget="organisation")
    commitment: str = entry(Text("封存摘要", "What was committed to"), max_length=64)
    lacking: list[str] = entry(Text("缺少的条件", "Conditions that it lacks"), default=[], max_length=30)


class Panel(Inputs):
    """The experts who score the bids; named only when the bids are opened."""

    experts: list[str] = entry(
        Text("评审专家账号", "Accounts of the experts"), min_length=1, max_length=15, personal=True,
        help=Text("每行一个；与投标人或者本单位有关联的专家不得参加", "One per line; nobody with ties to a bidder or to your institution"),
    )  # fmt: skip


class Points(Inputs):
    """Points for one bid under one criterion."""

    uscc: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("投标人", "Bidder"), widget="organisation")
    criterion: str = entry(Text("评审因素", "Criterion"), max_length=60)
    points: int = entry(Text("评分（百分制）", "Points of a hundred"), ge=0, le=100)
    reason: str = entry(Text("评分理由", "Reason"), min_length=2, max_length=500)


class Scores(Inputs):
    """One expert's points for all bids; nobody sees them until all are in."""

    scores: list[Points] = entry(Text("评分表", "Scores"), min_length=1, max_length=400, personal=True)


class Candidate(Inputs):
    """A candidate with its score under the published criteria."""

    uscc: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("统一社会信用代码", "Code"), widget="organisation")
    score: Decimal = entry(Text("得分", "Score"), ge=0, le=100, max_digits=5, decimal_places=2, example="92.5")
    remark: str = entry(Text("评审意见", "Remark"), default="", max_length=300)


class Evaluation(Inputs):
    """The candidates: computed from the experts' scores in a tender, entered from the record of a negotiation."""

    candidates: list[Candidate] = entry(
        Text("候选人", "Candidates"), default=[], max_length=50,
        help=Text("招标由平台按专家评分计算，不填；谈判等方式据实填写", "Leave empty for a tender: the experts' scores decide"),
    )  # fmt: skip


class Determination(Inputs):
    """The operator, and the conditions that it meets."""

    operator: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("运营机构", "Operator"), widget="organisation")
    conditions: list[Evidence] = entry(
        Text("条件和证明", "Conditions and evidence"), default=[], max_length=30,
        help=Text("招标以投标文件为准，不填", "Leave empty for a tender: the bid says it"),
    )  # fmt: skip


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


def weighed(points: list[dict[str, object]], weights: dict[str, int]) -> dict[str, Decimal]:
    """Each bidder's weighted score by one expert, of a hundred."""
    total: dict[str, Decimal] = {}
    for p in points:
        share = Decimal(int(str(p["points"])) * weights[str(p["criterion"])]) / 100
        total[str(p["uscc"])] = total.get(str(p["uscc"]), Decimal(0)) + share
    return total


def due_before(opens_at: datetime | None, at: datetime) -> bool:
    """Whether the bids are still sealed."""
    return opens_at is not None and at < opens_at
