"""Rules R57 to R65: registration."""

from __future__ import annotations

from dianchi.kernel.law.articles import reg26
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.types import Effect, Rule
from dianchi.kernel.text import Text

REGISTRATION = (
    Rule(
        "R57",
        Text("按期首次登记", "First registration in time"),
        Text(
            "范围内资源投入使用逾二十个工作日未申请登记",
            "A resource in use for over 20 working days is not applied for",
        ),
        (reg26(9, 1),),
        Mark.LAW,
    ),
    Rule(
        "R58",
        Text("公示期足且四项齐全", "Full publicity"),
        Text(
            "公示不足十个工作日或者缺少四项内容之一",
            "Publicity is under ten working days or lacks one of four contents",
        ),
        (reg26(12),),
        Mark.LAW,
    ),
    Rule(
        "R59",
        Text("异议须实名并附证据", "Objections are real"),
        Text("受理匿名或者没有证据的异议", "An objection without real name or without evidence is accepted"),
        (reg26(12),),
        Mark.LAW,
    ),
    Rule(
        "R60",
        Text("异议未结不得赋码", "No code under objection"),
        Text("异议未处理完毕或者成立时发放查询码", "A code is issued while an objection is open or upheld"),
        (reg26(12), reg26(13)),
        Mark.LAW,
    ),
    Rule(
        "R61",
        Text("补正一次告知", "Tell defects once"),
        Text("再次要求补正且提出新的问题", "A second notice asks for new supplements"),
        (reg26(10),),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R62",
        Text("有效期与续展", "Validity and renewal"),
        Text(
            "有效期超过三年或者协议期，或者在窗口外续展",
            "Validity exceeds three years or the agreement, or renewal is out of its window",
        ),
        (reg26(15),),
        Mark.LAW,
    ),
    Rule(
        "R63",
        Text("失效查询码不得使用", "Dead codes are not used"),
        Text("使用已注销、撤销或者过期的查询码", "A cancelled, revoked or expired code is used"),
        (reg26(15), reg26(20)),
        Mark.LAW,
    ),
    Rule(
        "R64",
        Text("登记记录只经变更更正修改", "Records change by cases"),
        Text("在变更、更正程序之外修改登记记录", "A registration record changes outside a change or correction case"),
        (reg26(19, 2),),
        Mark.LAW,
    ),
    Rule(
        "R65",
        Text("申请前先存证", "Evidence before application"),
        Text("申请登记前未完成存证", "Registration is applied for without evidence preservation"),
        (reg26(7),),
        Mark.LAW,
    ),
)
