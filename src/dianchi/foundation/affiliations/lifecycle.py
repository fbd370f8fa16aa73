"""Which acts put an affiliation on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator

from dianchi.kernel import codes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """A fact is on record until it ends."""

    IN_FORCE = "in-force", Text("有效", "In force"), Tone.FORCE
    ENDED = "ended", Text("已终止", "Ended"), Tone.STOPPED


TIES = (
    ("share", Text("持股", "Shareholding")),
    ("control", Text("实际控制", "Actual control")),
    ("key-person", Text("关键人员兼任", "Shared key persons")),
    ("contract", Text("协议控制", "Control by contract")),
    ("nominee", Text("代持", "Nominee holding")),
)


class Fact(Inputs):
    """Who holds whom."""

    holder: Annotated[str, AfterValidator(lambda v: codes.uscc(v) if v else v)] = entry(
        Text("持有方或控制方", "Holder"), default="", widget="organisation",
        help=Text("自然人持有、控制或者任职的不填，改填下面两项", "Leave empty where a natural person holds, and fill in the two fields below"),
    )  # fmt: skip
    holder_id: str = entry(
        Text("自然人身份证件号码", "Citizen identity number"), default="", max_length=18, personal=True,
        help=Text("只用于识别是否同一人，平台仅保存化名", "Used only to tell persons apart; the platform keeps a pseudonym"),
    )  # fmt: skip
    holder_name: str = entry(Text("自然人姓名", "Name of the person"), default="", max_length=60, personal=True)
    held: Annotated[str, AfterValidator(codes.uscc)] = entry(Text("被持有方", "Held"), widget="organisation")
    tie: str = entry(Text("关系", "Relation"), choices=TIES, pattern="^(share|control|key-person|contract|nominee)$")
    share: Decimal = entry(
        Text("持股比例", "Share"), default=Decimal(0), ge=0, le=1, max_digits=7, decimal_places=6, example="0.51",
        help=Text("0 到 1 之间的小数；非持股关系填 0", "A decimal from 0 to 1; 0 where it is no shareholding"),
    )  # fmt: skip
    valid_from: date = entry(Text("起始日期", "From"), example="2025-01-01")
    valid_to: date | None = entry(Text("终止日期", "To"), default=None)
    evidence: str = entry(
        Text("证据", "Evidence"), min_length=2, max_length=300, example="国家企业信用信息公示系统截图"
    )


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    distinct: bool = True
    holder_known: bool = True  # an organisation or a person, not both
    concerned: bool = True  # the actor is the data administration, or its organisation is one of the two
    runs_forward: bool = True


two_organisations = Guard[Facts](
    lambda f: f.distinct,
    Refusal("affiliations.one-organisation", Text("持有方和被持有方不能是同一机构", "The two must be different organisations"),
            spec27(6), Text("请核对统一社会信用代码", "Check the codes"), ("R24",), "held"),
    on_inputs=True,
)  # fmt: skip

one_holder = Guard[Facts](
    lambda f: f.holder_known,
    Refusal("affiliations.holder-unclear", Text("持有方须为一个机构或者一名自然人，二者填写其一", "The holder is one organisation or one natural person"),
            spec27(6), Text("请填写机构代码，或者自然人的姓名和证件号码", "Enter a code, or the person's name and number"), ("R24",), "holder"),
    on_inputs=True,
)  # fmt: skip
concerns_the_declarer = Guard[Facts](
    lambda f: f.concerned,
    Refusal("affiliations.not-a-party", Text("只能登记本机构作为一方的关联关系", "You may declare only what your own organisation is part of"),
            spec27(6), Text("他人之间的关系请报数据管理部门登记", "Report what lies between others to the data administration"), ("R24",), "holder"),
    on_inputs=True,
)  # fmt: skip
term_runs_forward = Guard[Facts](
    lambda f: f.runs_forward,
    Refusal("affiliations.term-reversed", Text("终止日期不能早于起始日期", "It cannot end before it begins"), spec27(6),
            Text("请核对起止日期", "Check the dates"), field="valid_to"),
    on_inputs=True,
)  # fmt: skip

AFFILIATION = Lifecycle(
    "affiliations",
    Text("关联关系", "Affiliations"),
    State,
    (
        Act("declare", Text("登记关联关系", "Declare"), {Role.BUREAU, Role.OPERATOR, Role.DEVELOPER, Role.SYSTEM}, frozenset(),
            State.IN_FORCE, spec27(6), (one_holder, two_organisations, concerns_the_declarer, term_runs_forward), Fact, sensitive=True),
        Act("end", Text("终止", "End"), {Role.BUREAU}, {State.IN_FORCE}, State.ENDED, spec27(6), duty=False),
    ),
)  # fmt: skip
