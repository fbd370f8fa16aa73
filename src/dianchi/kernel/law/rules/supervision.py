"""Rules R66 to R75: governance and security."""

from __future__ import annotations

from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.types import Rule
from dianchi.kernel.text import Text

SUPERVISION = (
    Rule(
        "R66",
        Text("提交与审批分离", "Submit and approve apart"),
        Text("审批人就是提交人，或者初审人就是复审人", "The approver submitted, or one person reviews both times"),
        (default(),),
        Mark.PRACTICE,
    ),
    Rule(
        "R67",
        Text("三员分立", "Three administrators apart"),
        Text(
            "一个账号兼任两类管理员或者兼有业务角色",
            "One account holds two administrator roles or one and a business role",
        ),
        (cite("GBT22239"),),
        Mark.REPORTED,
    ),
    Rule(
        "R68",
        Text("审计记录不得删改", "Audit records stand"),
        Text("删除或者修改审计记录，或者留存期不足", "Audit records are deleted or altered, or kept too briefly"),
        (cite("CSL", 21, 3), cite("NDR", 12), cite("PIPL", 56)),
        Mark.LAW,
    ),
    Rule(
        "R69",
        Text("加密传输和存储", "Encrypt in transit and at rest"),
        Text(
            "未加密传输或者存储非公开数据，或者用了非国密算法",
            "Non-public data move or rest unencrypted, or with another suite than prescribed",
        ),
        (cite("GBT39786"),),
        Mark.RECALLED,
    ),
    Rule(
        "R70",
        Text("按时报告事件", "Report incidents in time"),
        Text(
            "事件报告超过时限，或者总结报告超过三十日", "An incident report is late, or its summary exceeds thirty days"
        ),
        (cite("CER", 4), cite("CER", 8)),
        Mark.LAW,
    ),
    Rule(
        "R71",
        Text("按时年度披露", "Disclose yearly in time"),
        Text("四月一日仍未披露上一年度信息", "On 1 April the past year is not disclosed"),
        (cite("DISC"),),
        Mark.REPORTED,
    ),
    Rule(
        "R72",
        Text("披露不含秘密", "Disclosures hold no secrets"),
        Text(
            "披露内容含国家秘密、商业秘密或者个人信息",
            "A disclosure holds a secret, a trade secret or personal information",
        ),
        (cite("GIO", 14), cite("GIO", 15)),
        Mark.LAW,
    ),
    Rule(
        "R73",
        Text("退出事项全部办结", "Exits are complete"),
        Text("仍有销毁或者结算事项未完成即办结退出", "An exit closes while a destruction or settlement is open"),
        (default(),),
        Mark.DEFAULT,
    ),
    Rule(
        "R74",
        Text("利益冲突回避", "Reviewers without interest"),
        Text("审查人存在利益冲突", "A reviewer has a conflict of interest"),
        (default(),),
        Mark.DEFAULT,
    ),
    Rule(
        "R75",
        Text("不得以数据谋私", "No private gain"),
        Text("公职人员以数据谋取私利", "An official gains privately from data"),
        (spec27(23),),
        Mark.LAW,
    ),
)
