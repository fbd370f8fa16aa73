"""Gists of the Yunnan draft, by chapter, and of the operation norm."""

from __future__ import annotations

from dianchi.kernel.law.articles import Article, spec27, yn
from dianchi.kernel.text import Text

OPERATION: dict[Article, Text] = {
    yn(1): Text(
        "立法依据与总则：依法合规、公平公正、公益优先、合理收益、安全可控，原始数据不出域、数据可用不可见。",
        "General rules: lawful, fair, public interest first, reasonable return, safe; raw data stay inside "
        "and are usable but not visible.",
    ),
    yn(2): Text(
        "授权章：整体授权为主、确需时分领域授权，省和州市两级开展，统一平台唯一出入口，并规定方案、"
        "运营机构与开发主体的条件和程序。",
        "Authorization: overall, by sector where needed; two levels; one platform; conditions and "
        "procedures for plan, operator and developers.",
    ),
    yn(3): Text(
        "数据章：可授权的数据范围、目录、汇聚、质量和登记。",
        "Data: what may be authorized, catalogue, aggregation, quality and registration.",
    ),
    yn(4): Text(
        "运营章：拓展场景、申请和获取数据、产品开发审查、定价、交易、开发利用和实施评估。",
        "Operation: scenarios, data requests, product review, pricing, trade, use and evaluation.",
    ),
    yn(5): Text(
        "监督章：各方安全责任、应急预案、财务管理和金融风险防范、信息披露、容错和收益反哺。",
        "Supervision: security duties, emergency plans, finance and its risks, disclosure, tolerance of "
        "honest error, feeding back of revenue.",
    ),
    yn(6): Text(
        "附则：已开展的活动与新开展活动的衔接、解释机关和施行日期。",
        "Supplement: how running and new activities are treated, who interprets, when it takes effect.",
    ),
    spec27(3): Text(
        "界定公共数据资源授权运营、实施机构和运营机构；运营机构须是依程序取得授权的法人，并公平提供产品和服务。",
        "Defines authorized operation, implementing institution and operator: a legal person authorized "
        "through the procedure that supplies the market fairly.",
    ),
    spec27(4): Text(
        "授权运营须遵循公平等基本原则。",
        "Sets the principles of authorized operation, fairness among them.",
    ),
    spec27(5): Text(
        "只有依法持有、已分类分级且不损害国家安全、公共利益和他人权益的数据可以授权；共享得来的数据须经共享单位同意。",
        "Only lawfully held, classified data that harm no protected interest may be authorized; shared-in "
        "data need the sharer's consent.",
    ),
    spec27(6): Text(
        "维护公平竞争，不得滥用行政权力或者优势地位；运营机构不得直接或者间接参与对已交付产品和服务的再开发。",
        "Keeps competition fair; the operator takes no part, direct or indirect, in redeveloping products "
        "already delivered.",
    ),
    spec27(7): Text(
        "数据管理部门统筹授权运营工作，行业主管部门指导本行业。",
        "Data administrations coordinate; sector authorities guide their sectors.",
    ),
    spec27(8): Text(
        "数据管理部门牵头编制或者指导实施机构编制实施方案，方案要兼顾经济和社会效益并切实可行。",
        "The data administration leads or guides the drafting of the plan, which weighs economic and "
        "social benefit and can be carried out.",
    ),
    spec27(9): Text(
        "实施方案须包含规定的十二项内容。",
        "An implementation plan holds twelve prescribed contents.",
    ),
    spec27(10): Text(
        "可行性论证至少涉及数据全生命周期管理、社会需求、市场规模、预期成效和风险防控。",
        "The feasibility argument covers at least data management, social need, market size, expected "
        "effect and risk control.",
    ),
    spec27(11): Text(
        "方案经集体决策审定并备案，批准后不得随意变更，重大变更重走原程序。",
        "The plan is decided collectively and filed; it is not changed at will, and large changes take the "
        "original procedure.",
    ),
    spec27(12): Text(
        "依据批准的方案，以招标、谈判等公平竞争方式择优选定运营机构，协议条款部分要广泛征求意见。",
        "On the approved plan the operator is chosen by tender, negotiation or the like in fair "
        "competition; the terms of agreement are widely consulted on.",
    ),
    spec27(13): Text(
        "实施机构集体决策后与运营机构签订协议，可以会同业务部门签订；协议备案，履行情况动态跟踪。",
        "After its own collective decision the institution, alone or with business departments, signs; the "
        "agreement is filed and its performance tracked.",
    ),
    spec27(14): Text(
        "授权运营协议须包含规定的十三项内容，期限原则上不超过五年。",
        "An authorization agreement holds thirteen prescribed contents; its term is in principle at most five years.",
    ),
    spec27(15): Text(
        "实施机构提供安全可控的开发环境，集约利用已有系统，过程可管、可控、可追溯。",
        "The institution provides a safe development environment on existing systems; the process is "
        "manageable, controllable and traceable.",
    ),
    spec27(16): Text(
        "实施机构登记数据资源，运营机构登记产品和服务。",
        "The institution registers resources, the operator registers products and services.",
    ),
    spec27(18): Text(
        "实施机构定期公开授权对象、内容、范围、期限和授权运营情况。",
        "The institution regularly publishes whom it authorized, for what, how far and how long, and how it goes.",
    ),
    spec27(19): Text(
        "运营机构公开产品和服务清单，定期披露公共数据资源的使用情况，接受社会监督。",
        "The operator publishes its list of products and regularly discloses how it uses public data.",
    ),
    spec27(20): Text(
        "鼓励以技术、产品服务和收益等方式反哺数据治理。",
        "Data governance is supported in return by technology, products, services and revenue.",
    ),
    spec27(21): Text(
        "落实分类分级和安全责任，运营机构负主体责任；不得超范围使用，严控原始数据直接入市和关联汇聚风险，"
        "并加强内控审计。",
        "Classification and security are enforced, the operator bearing principal duty: no use beyond "
        "scope, no raw data to market, linkage risk watched, internal control audited.",
    ),
    spec27(22): Text(
        "运营机构规范成本、收入和支出的财务管理，接受监督。",
        "The operator manages cost, revenue and expense by the rules and accepts supervision.",
    ),
    spec27(23): Text(
        "防范数据不当资产化和资本化的风险，保护担当者，严防以数据谋私。",
        "Improper assetization and capitalization are prevented, those who take responsibility protected, "
        "private gain from data ruled out.",
    ),
    spec27(24): Text(
        "施行前已开展的逐步规范，新开展的立即适用。",
        "Earlier activities are brought into line step by step; new ones comply at once.",
    ),
    spec27(25): Text(
        "党群机关数据参照执行，公用企业数据可以按程序授权并保护其合法权益。",
        "Party and mass bodies follow by reference; data of utilities may be authorized through the "
        "procedure with their rights protected.",
    ),
}

_PLAN = (
    Text("方案名称", "its name"),
    Text("必要性和可行性论证", "the argument of necessity and feasibility"),
    Text("选择运营机构的条件", "the conditions for choosing the operator"),
    Text("授权模式", "the mode of authorization"),
    Text("数据范围、目录、更新频率和质量", "data scope, catalogue, update frequency and quality"),
    Text(
        "期限、建设内容、进度、评价标准、退出机制和资产管理",
        "term, construction, schedule, evaluation standard, exit and asset management",
    ),
    Text("两类产品和服务清单及预期形态", "the products and services in two classes and their expected forms"),
    Text("运营机构成本收益核算和收益分配", "the accounting of cost and revenue and its distribution"),
    Text(
        "数据安全、个人信息保护和应急措施", "data security, protection of personal information and emergency measures"
    ),
    Text("各方权利义务", "the rights and duties of each party"),
    Text("监督考核要求", "supervision and assessment"),
    Text("其他需要明确的事项", "other matters"),
)
_AGREEMENT = (
    Text("数据范围和目录", "data scope and catalogue"),
    Text("授权期限，原则上不超过五年", "the term, in principle at most five years"),
    Text(
        "产品和服务清单及其技术标准、安全审查和业务规范性审查要求",
        "the products and services with technical standards and the reviews of security and business norm",
    ),
    Text("技术支撑平台", "the technical platform"),
    Text("软硬件和产品服务的资产权属", "who owns hardware, software, products and services"),
    Text("信息披露要求和不参与再开发的约定", "disclosure and the clause against redevelopment"),
    Text("成本收益核算和收益分配", "the accounting of cost and revenue and its distribution"),
    Text("数据安全、个人信息保护、风险监测和应急", "security, personal information, risk monitoring and emergency"),
    Text("绩效评价和续约、退出", "performance evaluation, renewal and exit"),
    Text("违约责任", "liability for breach"),
    Text("争议解决", "settlement of disputes"),
    Text("变更和终止条件", "conditions of change and termination"),
    Text("其他事项", "other matters"),
)

OPERATION |= {
    spec27(9, i): Text(f"实施方案须写明{part}。", f"The plan states {part.en}.") for i, part in enumerate(_PLAN, 1)
} | {
    spec27(14, i): Text(f"授权运营协议须约定{part}。", f"The agreement settles {part.en}.")
    for i, part in enumerate(_AGREEMENT, 1)
}
