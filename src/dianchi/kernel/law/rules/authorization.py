"""Rules R1 to R23: scope, plan, selection, agreement."""

from __future__ import annotations

from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.types import Effect, Rule
from dianchi.kernel.text import Text

AUTHORIZATION = (
    Rule(
        "R1",
        Text("国家秘密不得进入", "State secrets stay out"),
        Text("授权范围内含有国家秘密数据", "A resource in scope is a state secret"),
        (cite("YNPD", 2), cite("KM25", 2)),
        Mark.LAW,
    ),
    Rule(
        "R2",
        Text("核心数据不得进入", "Core data stay out"),
        Text("核心数据出现在授权范围、开发环境或者产品中", "Core data stand in a scope, a sandbox or a product"),
        (cite("DSL", 21),),
        Mark.DEFAULT,
    ),
    Rule(
        "R3",
        Text("重要数据先评估", "Assess important data first"),
        Text("提供重要数据前未做风险评估", "Important data are provided without a risk assessment"),
        (cite("NDR", 31),),
        Mark.LAW,
    ),
    Rule(
        "R4",
        Text("先分类分级后入范围", "Classify before scoping"),
        Text("数据未完成分类分级即纳入授权范围", "An unclassified item is put in scope"),
        (spec27(5),),
        Mark.LAW,
    ),
    Rule(
        "R5",
        Text("共享取得的数据须经同意", "Shared-in data need consent"),
        Text("共享取得的数据未经共享单位同意", "A shared-in resource lacks its sharer's consent"),
        (spec27(5),),
        Mark.LAW,
    ),
    Rule(
        "R6",
        Text("禁止授权的数据不得授权", "Forbidden items stay out"),
        Text("目录项的授权属性为禁止", "The authorization attribute of an item is forbidden"),
        (cite("ZJ23"), default()),
        Mark.PRACTICE,
    ),
    Rule(
        "R7",
        Text("不得危害他人和公共利益", "No harm to protected interests"),
        Text(
            "数据标明危害国家安全、公共利益、商业秘密、隐私或者个人信息权益",
            "An item harms national security, the public, trade secrets, privacy or personal information",
        ),
        (spec27(5),),
        Mark.LAW,
    ),
    Rule(
        "R8",
        Text("分领域授权须共同同意", "Sector authorization is joint"),
        Text(
            "分领域授权缺少实施机构或者行业主管部门的同意",
            "A sector authorization lacks the approval of the institution or of the sector authority",
        ),
        (yn(2),),
        Mark.LAW,
    ),
    Rule(
        "R9",
        Text("县级须经州市统筹", "Counties under coordination"),
        Text("县级开展授权运营没有州市统筹文件", "A county authorization lacks its prefecture's coordination"),
        (yn(2),),
        Mark.LAW,
    ),
    Rule(
        "R10",
        Text("依场景授权未启用", "Scenario mode is off"),
        Text("在未启用时选用依场景授权模式", "Scenario mode is chosen while the switch is off"),
        (yn(2), spec27(9, 4)),
        Mark.DEFAULT,
    ),
    Rule(
        "R11",
        Text("唯一出入口", "One way in and out"),
        Text(
            "数据绕过授权运营平台交付、导出或者对外提供接口",
            "Data are delivered, exported or served round the platform",
        ),
        (yn(2),),
        Mark.LAW,
        by_hand=Text(
            "平台自身只有一个出口，绕开平台的交付在平台内没有痕迹；由监督检查核对各方系统，并受理投诉举报",
            "The platform itself has one way out; what goes round it leaves no trace here: inspections look at the "
            "parties' systems, and reports from the public are followed up",
        ),
    ),
    Rule(
        "R12",
        Text("不再另建平台", "No separate platforms"),
        Text("州市另行新建独立的授权运营平台", "A prefecture starts a stand-alone platform"),
        (yn(2),),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R13",
        Text("实施方案十二项内容齐全", "Twelve parts of a plan"),
        Text("实施方案缺少规定内容", "A plan lacks one of its twelve parts"),
        (spec27(9),),
        Mark.LAW,
    ),
    Rule(
        "R14",
        Text("方案批准后方可选择运营机构", "Plan before selection"),
        Text("实施方案未批准即开始选择运营机构", "Selection begins while the plan is not approved"),
        (spec27(12),),
        Mark.LAW,
    ),
    Rule(
        "R15",
        Text("方案须经集体决策", "Plans are decided collectively"),
        Text("没有集体决策记录即执行实施方案", "A plan is executed without a record of the collective decision"),
        (spec27(11),),
        Mark.LAW,
    ),
    Rule(
        "R16",
        Text("重大变更重新报批", "Large changes go back"),
        Text("已批准方案作重大变更未按原程序办理", "An approved plan changes largely without the original procedure"),
        (spec27(11),),
        Mark.LAW,
    ),
    Rule(
        "R17",
        Text("公平竞争选择运营机构", "Competitive selection"),
        Text("选择方式不具竞争性且没有法律依据", "The method is not competitive and no legal basis is given"),
        (spec27(12),),
        Mark.LAW,
    ),
    Rule(
        "R18",
        Text("运营机构须为法人", "Operators are legal persons"),
        Text("运营机构不是法人组织", "The operator is not a legal person"),
        (spec27(3),),
        Mark.LAW,
    ),
    Rule(
        "R19",
        Text("先集体决策后签约", "Decide before signing"),
        Text("实施机构集体决策前已签署协议", "An agreement is signed before the institution's decision"),
        (spec27(13),),
        Mark.LAW,
    ),
    Rule(
        "R20",
        Text("协议十三项内容齐全", "Thirteen parts of an agreement"),
        Text("授权运营协议缺少规定内容", "An agreement lacks one of its thirteen parts"),
        (spec27(14),),
        Mark.LAW,
    ),
    Rule(
        "R21",
        Text("协议期限原则上不超过五年", "Five years in principle"),
        Text("协议期限超过五年且未记录例外理由", "An agreement exceeds five years without a recorded exception"),
        (spec27(14, 2),),
        Mark.LAW,
    ),
    Rule(
        "R22",
        Text("协议不得超出方案", "Agreements within the plan"),
        Text("协议的数据范围或者产品清单超出实施方案", "The scope or product list of an agreement exceeds the plan"),
        (default(), spec27(12)),
        Mark.DEFAULT,
    ),
    Rule(
        "R23",
        Text("协议生效后方可提供数据", "Agreement before data"),
        Text("协议生效前提供数据", "Data are provisioned before the agreement is in force"),
        (spec27(13), spec27(14)),
        Mark.LAW,
    ),
)
