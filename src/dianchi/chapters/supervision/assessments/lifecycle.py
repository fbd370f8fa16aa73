"""Which acts keep assessments on file, current, and long enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import Article, cite
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, months, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Current until a newer one replaces it; kept until its time of keeping is over."""

    FILED = "filed", Text("在档有效", "On file"), Tone.FORCE
    REPORTED = "reported", Text("已报送", "Sent"), Tone.FORCE
    REPLACED = "replaced", Text("已更新", "Replaced"), Tone.DRAFT
    DISPOSED = "disposed", Text("已销毁", "Disposed of"), Tone.STOPPED


IMPACT, IMPORTANT, AUDIT, LEVEL, CRYPTO = "IMPACT", "IMPORTANT", "AUDIT", "LEVEL", "CRYPTO"
KINDS = (
    (IMPACT, Text("个人信息保护影响评估", "Personal information impact assessment")),
    (IMPORTANT, Text("重要数据风险评估", "Risk assessment of important data")),
    (AUDIT, Text("个人信息保护合规审计", "Personal information compliance audit")),
    (LEVEL, Text("等级保护三级测评", "Level-3 protection test")),
    (CRYPTO, Text("密码应用安全性评估", "Cryptography assessment")),
)  # fmt: skip
VERDICTS = (
    ("PASS", Text("符合", "Conforms")), ("BASIC", Text("基本符合", "Conforms in the main")), ("FAIL", Text("不符合", "Does not conform")),
)  # fmt: skip


class Filing(Inputs):
    """What was assessed, by whom, with what result."""

    title: str = entry(
        Text("评估名称", "Title"), min_length=4, max_length=200, example="游客到访统计个人信息保护影响评估"
    )
    kind: str = entry(Text("评估类型", "Kind"), choices=KINDS, pattern="^(IMPACT|IMPORTANT|AUDIT|LEVEL|CRYPTO)$")
    subject: str = entry(
        Text("评估对象", "Subject"), min_length=2, max_length=60,
        help=Text("系统名称、资源或者产品编号；同一对象的新评估替换旧评估", "System, resource or product; a newer one of the same subject replaces the older"),
    )  # fmt: skip
    assessed_on: date = entry(Text("评估日期", "Assessed on"))
    assessor: str = entry(Text("评估机构", "Assessor"), min_length=2, max_length=200, example="云南某测评中心")
    people: int = entry(Text("涉及人数", "People concerned"), default=0, ge=0, le=2_000_000_000)
    officer: str = entry(Text("个人信息保护负责人", "Protection officer"), default="", max_length=60, personal=True)
    lawful: str = entry(
        Text("目的方式合法正当必要", "Lawful, legitimate and necessary"), widget="long", min_length=4, max_length=4000
    )
    risk: str = entry(Text("影响和安全风险", "Effect and risk"), widget="long", min_length=4, max_length=4000)
    measures: str = entry(
        Text("保护措施合法有效适度", "Measures: lawful, effective, proportionate"),
        widget="long",
        min_length=4,
        max_length=4000,
    )
    verdict: str = entry(Text("结论", "Verdict"), choices=VERDICTS, pattern="^(PASS|BASIC|FAIL)$")


class Sending(Inputs):
    """Where it was sent."""

    sent_to: str = entry(Text("报送部门", "Sent to"), min_length=2, max_length=200, example="省级以上有关主管部门")


class Reason(Inputs):
    """How and why."""

    reason: str = entry(
        Text("销毁方式和批准文号", "How, and by which approval"), widget="long", min_length=4, max_length=1000
    )


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    yours: bool = True
    past: bool = True
    officer_named: bool = True
    audited: bool = True
    owed_upward: bool = True
    keeping_over: bool = True


_PIPL56, _NDR33 = cite("PIPL", 56), cite("NDR", 33)
the_filer = Guard[Facts](
    lambda f: f.yours, Refusal("assessments.not-yours", Text("只有归档单位可以办理", "Only who filed it does this"), _PIPL56)
)  # fmt: skip
assessed_already = Guard[Facts](
    lambda f: f.past,
    Refusal("assessments.assessed-in-the-future", Text("评估日期不能晚于今天", "It cannot be assessed in the future"), _PIPL56, field="assessed_on"),
    on_inputs=True,
)  # fmt: skip
officer_is_named = Guard[Facts](
    lambda f: f.officer_named,
    Refusal("assessments.no-officer", Text("达到规定人数的，须指定个人信息保护负责人", "So many people call for a protection officer"), cite("PIPL"),
            Text("请填写负责人", "Name the officer"), ("E29",), "officer"),
    on_inputs=True,
)  # fmt: skip
mass_data_are_audited = Guard[Facts](
    lambda f: f.audited,
    Refusal("assessments.no-audit", Text("达到一千万人的，须有两年内的合规审计", "Ten million people and more call for a compliance audit within two years"),
            cite("NDR", 28), Text("请先归档个人信息保护合规审计", "File the compliance audit first"), ("E27", "E28"), "people"),
    on_inputs=True,
)  # fmt: skip
owed_upward = Guard[Facts](
    lambda f: f.owed_upward,
    Refusal("assessments.nothing-to-send", Text("只有重要数据风险评估须报送", "Only the risk assessment of important data is sent"), _NDR33, rules=("E26",)),
)  # fmt: skip
keeping_is_over = Guard[Facts](
    lambda f: f.keeping_over,
    Refusal("assessments.still-kept", Text("评估记录保存不满三年，不得销毁", "It must be kept for three years"), _PIPL56,
            Text("请在保存期满后办理", "Do it when they are over"), ("R68", "E25")),
)  # fmt: skip

FILERS = {Role.OPERATOR, Role.IMPLEMENTER, Role.DEVELOPER, Role.PROVIDER, Role.BUREAU}


def _renewal(parameter: str, article: Article, what: Text, clock: str, when: str) -> Deadline:
    return Deadline(State.FILED, months(parameter), article, what, FILERS, clock=clock, since="assessed_on", when=when,
                    also=frozenset({State.REPORTED}))  # fmt: skip


ASSESSMENT = Lifecycle[Facts](
    "assessments",
    Text("评估档案", "Assessments"),
    State,
    (
        Act("file", Text("归档", "File"), FILERS, frozenset(), State.FILED, cite("PIPL", 55), (assessed_already, officer_is_named, mass_data_are_audited), Filing),
        Act("send", Text("报送", "Send"), FILERS, {State.FILED}, State.REPORTED, _NDR33, (the_filer, owed_upward), Sending),
        Act("replace", Text("更新", "Replace"), {Role.SYSTEM}, {State.FILED, State.REPORTED}, State.REPLACED, _PIPL56),
        Act("dispose", Text("销毁", "Dispose of"), FILERS, {State.REPLACED}, State.DISPOSED, _PIPL56, (the_filer, keeping_is_over), Reason, duty=False,
            final=True, sensitive=True),
    ),
    (
        Deadline(State.FILED, workdays("assessment.reporting-days"), _NDR33, Text("报送重要数据风险评估", "Send the risk assessment"), FILERS, clock="E26",
                 since="assessed_on", when="of_important"),
        _renewal("assessment.important-data-months", _NDR33, Text("重新评估重要数据风险", "Assess the risk of important data anew"), "E26", "of_important"),
        _renewal("audit.personal-information-months", cite("PIAUDIT"), Text("再次开展合规审计", "Audit compliance anew"), "E28", "of_audit"),
        _renewal("assessment.mlps-months", cite("GBT22239"), Text("再次开展等级测评", "Test the protection level anew"), "E30", "of_level"),
        _renewal("assessment.crypto-months", cite("CRYPTO", 38), Text("再次开展密码应用安全性评估", "Assess cryptography anew"), "E31", "of_crypto"),
    ),
)  # fmt: skip
