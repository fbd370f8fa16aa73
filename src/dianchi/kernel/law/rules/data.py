"""Rules R42 to R56: protection of data and persons."""

from __future__ import annotations

from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.types import Rule
from dianchi.kernel.text import Text

DATA = (
    Rule(
        "R42",
        Text("原始数据不出域", "Raw data stay"),
        Text("导出原始数据或者与原始数据相似度超过界限", "Raw data, or output too similar to them, leave the domain"),
        (yn(1), spec27(21)),
        Mark.LAW,
    ),
    Rule(
        "R43",
        Text("原始数据不得直接入市", "No raw data to market"),
        Text(
            "未依法公开的原始公共数据直接进入市场", "Raw public data not lawfully published enter the market directly"
        ),
        (spec27(21),),
        Mark.LAW,
    ),
    Rule(
        "R44",
        Text("产品不可还原", "Products are irreversible"),
        Text("可以从产品还原原始数据", "Raw data can be restored from a product"),
        (cite("QZ24"), cite("ZJ23")),
        Mark.PRACTICE,
    ),
    Rule(
        "R45",
        Text("出域须经审查且内容未变", "Reviewed and unchanged"),
        Text("结果未经审查或者摘要与审查时不一致", "An output was not reviewed, or its digest is not the reviewed one"),
        (default(),),
        Mark.DEFAULT,
    ),
    Rule(
        "R46",
        Text("结果中个人信息须合法", "Lawful personal information only"),
        Text(
            "结果含未匿名化且无相应同意的个人信息",
            "Output holds personal information neither anonymized nor duly consented to",
        ),
        (cite("PIPL", 13), cite("PIPL", 23), cite("PIPL", 29), cite("PIPL", 31)),
        Mark.LAW,
    ),
    Rule(
        "R47",
        Text("对外提供须告知并单独同意", "Tell and get consent"),
        Text(
            "未告知并取得单独同意即向他人提供个人信息",
            "Personal information goes to another processor without notice and separate consent",
        ),
        (cite("PIPL", 23),),
        Mark.LAW,
    ),
    Rule(
        "R48",
        Text("事前影响评估", "Impact assessment first"),
        Text("应当评估的处理活动未事前评估", "Processing that calls for an impact assessment has none"),
        (cite("PIPL", 55),),
        Mark.LAW,
    ),
    Rule(
        "R49",
        Text("授权数据不出境", "Nothing crosses the border"),
        Text("授权数据从平台流向境外", "Authorized data flow from the platform across the border"),
        (cite("PIPL", 36), default()),
        Mark.DEFAULT,
        by_hand=Text(
            "平台只向登记的境内机构交付，但看不到网络另一端在何处；由网络管理人员关闭出境线路，监督检查时核对",
            "Only enrolled organisations of the country are delivered to, but where a line ends cannot be seen here: "
            "the network's keepers close lines abroad, and inspections check them",
        ),
    ),
    Rule(
        "R50",
        Text("不得重新识别", "No re-identification"),
        Text("试图重新识别或者在场景外关联数据", "Someone re-identifies or links data outside the scenario"),
        (spec27(21), cite("NDR", 16), cite("SAFE18", item=2)),
        Mark.LAW,
    ),
    Rule(
        "R51",
        Text("运维不得接触业务数据", "Maintainers see no data"),
        Text("运维或者承包人员读取业务数据", "A maintainer or contractor reads business data"),
        (cite("NDR", 16), cite("DSL", 40)),
        Mark.LAW,
    ),
    Rule(
        "R52",
        Text("到期不得留存", "Nothing kept after the term"),
        Text("开发主体到期后仍留存数据或者结果", "A developer keeps data or results after the term"),
        (cite("PIPL", 21), cite("DSL", 40)),
        Mark.LAW,
    ),
    Rule(
        "R53",
        Text("不得擅自转委托", "No sub-delegation"),
        Text("未经同意转委托处理个人信息", "Processing is sub-delegated without the controller's consent"),
        (cite("PIPL", 21),),
        Mark.LAW,
    ),
    Rule(
        "R54",
        Text("自有数据须有来源证明", "Imported data have a source"),
        Text("开发主体导入自有数据没有来源证明", "A developer imports its own data without source proof"),
        (cite("SAFE18", item=4),),
        Mark.LAW,
    ),
    Rule(
        "R55",
        Text("交易须核验并留痕", "Trades are verified and recorded"),
        Text("交易缺少来源说明、身份核验或者记录", "A trade lacks source statement, identity check or record"),
        (cite("DSL", 33),),
        Mark.LAW,
    ),
    Rule(
        "R56",
        Text("最小必要", "Minimum necessary"),
        Text("收集的个人信息超出目的所需", "More personal information is collected than the aim needs"),
        (cite("PIPL", 6),),
        Mark.LAW,
    ),
)
