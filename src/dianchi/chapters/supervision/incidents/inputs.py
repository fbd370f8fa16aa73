"""What is entered about an incident."""

from __future__ import annotations

from datetime import datetime

from pydantic import field_validator

from dianchi.chapters.supervision.incidents.grades import CHANNELS, GRADES, KINDS, SITES
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import SHANGHAI

_FIRST_YEAR = 2020
_LATE = Text("超过时限的须说明原因", "Needed where the time limit has passed")


class Discovery(Inputs):
    """What happened, where, since when it is known."""

    title: str = entry(Text("事件名称", "Title"), min_length=4, max_length=200, example="统计产品输出小样本分组")
    kind: str = entry(
        Text("事件类型", "Kind"), choices=KINDS, pattern="^(LEAK|TAMPER|LOSS|INTRUSION|OUTAGE|MISUSE|FLAW|OTHER)$"
    )
    site: str = entry(
        Text("发生位置", "Where"),
        choices=SITES,
        pattern="^(PLATFORM|CENTRAL|OTHER)$",
        help=Text("决定报告时限", "It decides the reporting clock"),
    )
    unit: str = entry(
        Text("涉事单位", "Unit concerned"),
        default="",
        max_length=18,
        widget="organisation",
        help=Text("留空为本机构", "Empty for your own organisation"),
    )
    discovered_at: datetime = entry(
        Text("发现时间", "Discovered at"), help=Text("各项时限自此起算", "All clocks run from here")
    )
    description: str = entry(Text("事件经过和影响", "What happened"), widget="long", min_length=4, max_length=4000)
    personal_information: bool = entry(Text("涉及个人信息", "Personal information is concerned"), default=False)
    endangers_public: bool = entry(
        Text("危害国家安全或公共利益", "It endangers national security or the public interest"), default=False
    )
    people: int = entry(Text("估计影响人数", "People affected, estimated"), default=0, ge=0, le=2_000_000_000)

    @field_validator("discovered_at")
    @classmethod
    def in_legal_time(cls, value: datetime) -> datetime:
        """A moment without a zone is meant in the legal one; one before the platform is a slip of the pen."""
        if value.year < _FIRST_YEAR:
            raise ValueError("before the platform")
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)


class Grading(Inputs):
    """The grade and what it rests on."""

    grade: str = entry(Text("事件级别", "Grade"), choices=GRADES, pattern="^(GENERAL|LARGER|MAJOR|ESPECIALLY-MAJOR)$")
    people: int = entry(Text("影响人数", "People affected"), ge=0, le=2_000_000_000)
    personal_information: bool = entry(Text("涉及个人信息", "Personal information is concerned"))
    endangers_public: bool = entry(
        Text("危害国家安全或公共利益", "It endangers national security or the public interest")
    )
    grounds: str = entry(Text("定级依据", "Grounds"), widget="long", min_length=4, max_length=2000)


class Freezing(Inputs):
    """What is shut at once."""

    scope: str = entry(
        Text("关停范围", "Scope"), pattern="^(EVERYTHING|PRODUCT|ORDER|DEVELOPER|OPERATOR|RESOURCE)$",
        choices=(
            ("PRODUCT", Text("产品", "A product")), ("DEVELOPER", Text("开发主体", "A developer")),
            ("RESOURCE", Text("数据资源", "A resource")), ("ORDER", Text("订单", "An order")),
            ("OPERATOR", Text("运营机构", "An operator")), ("EVERYTHING", Text("全部出口", "The whole gate")),
        ),
    )  # fmt: skip
    target: str = entry(
        Text("对象编号", "Code of the target"), default="", max_length=60,
        help=Text("产品公开名称、订单编号、机构代码或资源编号；关停全部出口时留空", "Public name, order, organisation or resource; empty for the whole gate"),
    )  # fmt: skip
    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=1000)


class Containment(Inputs):
    """How spreading was stopped."""

    containment: str = entry(Text("控制措施", "Measures"), widget="long", min_length=4, max_length=4000)


class Report(Inputs):
    """The short report: the unit and its system; time, kind, grade, impact, measures (CER, art. 7)."""

    recipient: str = entry(
        Text("报告对象", "Reported to"), min_length=2, max_length=200, example="省级网信部门、公安机关"
    )
    system: str = entry(
        Text("单位和系统基本情况", "The unit and its system"), widget="long", min_length=4, max_length=2000
    )
    impact: str = entry(Text("时间、类型、影响", "Time, kind and impact"), widget="long", min_length=4, max_length=4000)
    measures: str = entry(Text("已采取的措施", "Measures taken"), widget="long", min_length=4, max_length=4000)
    late_reason: str = entry(Text("逾期原因", "Why it is late"), default="", widget="long", max_length=1000, help=_LATE)


class Supplement(Inputs):
    """What the short report could not say yet."""

    cause_found: str = entry(Text("原因分析", "Cause"), widget="long", min_length=4, max_length=4000)
    trend: str = entry(Text("发展态势", "Trend"), default="", widget="long", max_length=2000)
    next_steps: str = entry(
        Text("拟采取的措施和需要的支持", "Next steps and support needed"), default="", widget="long", max_length=2000
    )


class Upward(Inputs):
    """Where the report was passed on to."""

    forwarded_to: str = entry(Text("上报对象", "Passed on to"), min_length=2, max_length=200, example="国家网信部门")


class Notice(Inputs):
    """What the persons concerned were told, or why they need not be (PIPL, art. 57)."""

    channel: str = entry(
        Text("告知方式", "Channel"),
        default="ANNOUNCEMENT",
        choices=CHANNELS,
        pattern="^(PHONE|SMS|IM|MAIL|ANNOUNCEMENT)$",
    )
    notice: str = entry(
        Text("告知内容", "Notice"), default="", widget="long", max_length=4000,
        help=Text("信息种类、原因、可能的危害；已采取的措施和自我保护建议；联系方式", "Kinds, cause and possible harm; measures and advice; contact"),
    )  # fmt: skip
    people_told: int = entry(Text("已告知人数", "People told"), default=0, ge=0, le=2_000_000_000)
    exemption: str = entry(
        Text("免予告知的理由", "Why nobody need be told"),
        default="",
        widget="long",
        max_length=2000,
        help=Text("仅限已有效避免危害的情形", "Only where harm is effectively avoided"),
    )


class Clue(Inputs):
    """A clue to a crime, handed over."""

    transferred_to: str = entry(Text("移送机关", "Handed to"), min_length=2, max_length=200, example="公安机关")
    clue: str = entry(Text("线索摘要", "Clue"), widget="long", min_length=4, max_length=4000)


class Recovery(Inputs):
    """How the danger was removed and service restored."""

    eradication: str = entry(
        Text("消除隐患情况", "How the danger was removed"), widget="long", min_length=4, max_length=4000
    )
    recovery: str = entry(Text("恢复情况", "How service was restored"), widget="long", min_length=4, max_length=4000)


class Summary(Inputs):
    """The summary report (CER, art. 8)."""

    cause: str = entry(Text("事件原因", "Cause"), widget="long", min_length=4, max_length=4000)
    harm: str = entry(Text("造成的危害", "Harm done"), widget="long", min_length=4, max_length=4000)
    responsibility: str = entry(Text("责任认定", "Responsibility"), widget="long", min_length=4, max_length=2000)
    rectification: str = entry(Text("整改情况", "What was mended"), widget="long", min_length=4, max_length=4000)
    lessons: str = entry(
        Text("经验教训和制度修订", "Lessons and changes to the rules"), widget="long", min_length=4, max_length=4000
    )
    late_summary: str = entry(
        Text("逾期原因", "Why it is late"), default="", widget="long", max_length=1000, help=_LATE
    )


class Reason(Inputs):
    """Why."""

    conclusion: str = entry(Text("结论", "Conclusion"), widget="long", min_length=4, max_length=1000)
