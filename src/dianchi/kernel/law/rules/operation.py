"""Rules R24 to R41: conduct of the operator, pricing."""

from __future__ import annotations

from dianchi.kernel.law.articles import cite, default, price65, spec27, yn
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.types import Effect, Rule
from dianchi.kernel.text import Text

OPERATION = (
    Rule(
        "R24",
        Text("运营机构不得再开发", "Operators do not redevelop"),
        Text(
            "开发主体就是运营机构或者与其存在关联",
            "The developer is the operator or related to it within the authorized scope",
        ),
        (spec27(6), yn(2)),
        Mark.LAW,
    ),
    Rule(
        "R25",
        Text("不得以已交付产品再造产品", "No product from a product"),
        Text(
            "运营机构用已交付产品开发范围内的其他产品",
            "The operator builds another product in scope from a delivered one",
        ),
        (spec27(6),),
        Mark.LAW,
    ),
    Rule(
        "R26",
        Text("不得超范围使用", "No use beyond scope"),
        Text("使用超出协议的数据、目的或者期限", "Use exceeds the items, the purpose or the term of the agreement"),
        (spec27(21),),
        Mark.LAW,
    ),
    Rule(
        "R27",
        Text("同等条件同等对待", "Like treatment of the like"),
        Text(
            "对同类客户或者开发主体设不同条件且无客观理由",
            "Like customers or developers get unlike conditions without objective reason",
        ),
        (spec27(3), spec27(6)),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R28",
        Text("不得无故拒绝开发主体", "No refusal without reason"),
        Text(
            "无法定理由拒绝或者拖延合格的开发主体", "A qualified developer is refused or delayed for no listed reason"
        ),
        (spec27(6), yn(2)),
        Mark.LAW,
    ),
    Rule(
        "R29",
        Text("不得搭售排他和算法歧视", "No tying or discrimination"),
        Text("搭售、排他交易或者以算法实行价格歧视", "Tie-in, exclusive dealing or algorithmic price discrimination"),
        (spec27(6), cite("PIPL", 24)),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R30",
        Text("授权业务单独核算", "Separate accounts"),
        Text("已结账月份没有授权业务的单独核算", "A closed month has no separate accounts of the authorized business"),
        (price65(5),),
        Mark.LAW,
    ),
    Rule(
        "R31",
        Text("资产化行为须经批准", "Assetization needs approval"),
        Text(
            "未经批准以授权数据资源质押、融资、出资或者入表",
            "An authorized resource is pledged, financed, contributed or booked without approval",
        ),
        (spec27(23),),
        Mark.LAW,
    ),
    Rule(
        "R32",
        Text("公益用途免费", "Public purposes are free"),
        Text("公共治理或者公益事业产品的价格大于零", "A product for governance or public welfare has a price"),
        (price65(1),),
        Mark.LAW,
    ),
    Rule(
        "R33",
        Text("实际收费不超上限", "No price above the cap"),
        Text("具体收费标准高于上限收费标准", "The actual price exceeds the cap"),
        (price65(2),),
        Mark.LAW,
    ),
    Rule(
        "R34",
        Text("先核定准许收入后定上限", "Revenue before caps"),
        Text(
            "最高准许收入未核定即制定上限", "Caps are set before the permitted revenue is verified, trial prices apart"
        ),
        (price65(2),),
        Mark.LAW,
    ),
    Rule(
        "R35",
        Text("上限预期收入不超准许收入", "Caps within the revenue"),
        Text("各上限与预测量之积合计超过最高准许收入", "Caps times forecast volumes exceed the permitted revenue"),
        (price65(2), default()),
        Mark.LAW,
    ),
    Rule(
        "R36",
        Text("准许利润率有上限", "Profit rate is capped"),
        Text("准许利润率超过国债均值加六个百分点", "The profit rate exceeds the treasury mean by more than six points"),
        (price65(3),),
        Mark.LAW,
    ),
    Rule(
        "R37",
        Text("免费和补贴成本不计入", "Free and subsidised cost excluded"),
        Text("免费产品成本或者已获补贴成本计入经营成本", "The cost of free products or subsidised cost is counted"),
        (price65(3),),
        Mark.LAW,
    ),
    Rule(
        "R38",
        Text("明码标价", "Prices are posted"),
        Text("收取未公布或者未标明的费用", "A charge is not on the published list or not clearly marked"),
        (price65(5),),
        Mark.LAW,
    ),
    Rule(
        "R39",
        Text("试行期满申请正式定价", "Formal pricing after the trial"),
        Text(
            "满一个完整运营年度仍用试行价且未申请定价",
            "A trial price outlives one full operating year without an application",
        ),
        (price65(2),),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R40",
        Text("偏离须作调整", "Deviation is answered"),
        Text(
            "偏离超过百分之十未调整上限，或者未超过而未复核具体收费",
            "Beyond ten per cent caps stand unadjusted, or within it actual prices unreviewed",
        ),
        (price65(4),),
        Mark.LAW,
        Effect.WARN,
    ),
    Rule(
        "R41",
        Text("再开发产品不适用服务费上限", "Caps bind the service fee only"),
        Text(
            "误将开发主体再开发产品纳入政府上限管理",
            "A developer's re-developed product is put under the government cap",
        ),
        (price65(1),),
        Mark.LAW,
    ),
)
