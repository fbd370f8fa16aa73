"""Gists of whole texts, of standards, of places' provisions, and of our own defaults."""

from __future__ import annotations

from dianchi.kernel.law.articles import Article, cite, default
from dianchi.kernel.text import Text

OTHERS: dict[Article, Text] = {
    cite("YN"): Text(
        "云南省授权运营办法的征求意见稿，共六章三十六条，条文序号尚未确认。",
        "Yunnan's draft on authorized operation, six chapters and 36 articles; article numbers are not yet confirmed.",
    ),
    cite("SEED"): Text(
        "说明云南办法的框架：整体授权为主、省州市两级、统一平台唯一出入口、双向选择开发主体。",
        "Explains the Yunnan framework: overall authorization first, two levels, one platform as sole "
        "entrance and exit, two-way selection of developers.",
    ),
    cite("SPEC27"): Text(
        "国家层面的授权运营实施规范，规定方案、选择、协议、实施、披露和监督。",
        "The national norm on plan, selection, agreement, operation, disclosure and supervision.",
    ),
    cite("REG26"): Text(
        "国家层面的公共数据资源登记规则。",
        "The national rules on registering public data resources.",
    ),
    cite("PRICE65"): Text(
        "国家层面的授权运营价格形成机制。",
        "The national pricing mechanism of authorized operation.",
    ),
    cite("SAFE18"): Text(
        "明确数据流通各环节的安全责任和治理措施，兼顾流通与安全。",
        "Sets duties and measures for security along the whole circulation of data.",
    ),
    cite("SAFE18", item=1): Text(
        "脱敏等处理后符合要求的数据，可以重新识别为一般数据。",
        "Data treated as required may be re-graded as general.",
    ),
    cite("SAFE18", item=2): Text(
        "谁管理谁提供谁负责、谁经手谁使用谁负责，并防范关联汇聚风险。",
        "Who provides is responsible, who handles and uses is responsible; linkage risk is watched.",
    ),
    cite("SAFE18", item=3): Text(
        "个人信息流通须取得同意或者作匿名化处理。",
        "Personal information circulates on consent or anonymized.",
    ),
    cite("SAFE18", item=4): Text(
        "数据来源须合法，供需双方约定权利和使用范围，并以水印、指纹等手段溯源。",
        "Sources are lawful, parties fix rights and scope of use, watermarks and fingerprints make tracing possible.",
    ),
    cite("SAFE18", item=5): Text(
        "重要数据流通须评估并采取可控可计量等技术措施。",
        "Important data circulate after assessment, under controlled and metered means.",
    ),
    cite("DISC"): Text(
        "实施机构和运营机构每年三月底前披露上一年度授权运营信息，由数据管理部门指导监督。",
        "Institution and operator disclose the past year by the end of March, guided and supervised by "
        "data administrations.",
    ),
    cite("OPIN"): Text(
        "加快公共数据共享、开放和授权运营的总体部署，要求安全风险评估和业务规范性审查。",
        "The general plan for sharing, opening and authorized operation, with security assessment and "
        "review of business norm.",
    ),
    cite("PIPL"): Text(
        "保护个人信息权益、规范处理活动的基本法律。",
        "The basic law on personal information and its processing.",
    ),
    cite("CER"): Text(
        "网络安全事件的分级、时限和报告程序。",
        "Grades, clocks and procedure of reporting incidents.",
    ),
    cite("SHARE"): Text(
        "政务数据共享的责任、答复和提供期限。",
        "Duties in government data sharing and the clocks of answer and provision.",
    ),
    cite("FAIR"): Text(
        "涉及市场主体的政策措施须经公平竞争审查。",
        "Measures touching market participants undergo fair competition review.",
    ),
    cite("PIAUDIT"): Text(
        "个人信息处理者定期开展合规审计，处理一千万人以上的至少每两年一次。",
        "Processors audit their compliance regularly, above ten million people at least every two years.",
    ),
    cite("RISK"): Text(
        "网络数据安全风险评估的方式和要求，具体内容待核对原文。",
        "How network data risks are assessed; its contents are still to be checked against the text.",
    ),
    cite("SPACE"): Text(
        "推动建设可信数据空间，到2028年建成一百个以上。",
        "Promotes trusted data spaces, over one hundred by 2028.",
    ),
    cite("INFRA"): Text(
        "国家数据基础设施的技术路线和统一要求。",
        "Technical routes and common requirements of the national data infrastructure.",
    ),
    cite("GBT22239"): Text(
        "三级系统的身份鉴别、访问控制、审计、数据保护和三员分立要求。",
        "Level-3 demands on identity, access, audit, data protection and three separate administrators.",
    ),
    cite("GBT39786"): Text(
        "三级系统从物理到应用各层的密码应用要求。",
        "Cryptography demands of level-3 systems from the physical layer to the application.",
    ),
    cite("GBT36344"): Text(
        "从规范、完整、准确、一致、时效、可访问六个方面评价数据质量。",
        "Judges data quality by norm, completeness, accuracy, consistency, timeliness and accessibility.",
    ),
    cite("GBT43697"): Text(
        "按重要性和危害程度把数据分为核心、重要、一般三级，就高从严、动态更新。",
        "Grades data as core, important or general by importance and harm, the higher deciding, updated as "
        "things change.",
    ),
    cite("GBT37964"): Text(
        "去标识化的目标、步骤、技术和模型。",
        "Goals, steps, techniques and models of de-identification.",
    ),
    cite("GBT42460"): Text(
        "评估去标识化的效果和重新识别的风险。",
        "How the effect of de-identification and the risk of re-identification are evaluated.",
    ),
    cite("GB32100"): Text(
        "十八位统一社会信用代码的构成和校验。",
        "Makeup and check of the 18-character organisation code.",
    ),
    cite("GB11643"): Text(
        "十八位公民身份号码的构成和校验。",
        "Makeup and check of the 18-character citizen number.",
    ),
    cite("GBT2260"): Text(
        "县级以上行政区划的六位代码。",
        "Six-digit codes of divisions from the county up.",
    ),
    cite("GBT4754"): Text(
        "国民经济行业的门类和代码。",
        "Classes and codes of industries.",
    ),
    cite("YNPD", 2): Text(
        "办法适用于云南公共数据的处理活动，国家秘密除外。",
        "The measures cover public data processing in Yunnan, state secrets excluded.",
    ),
    cite("YNPD", 3): Text(
        "界定云南的公共数据及其主体，水电气等公用服务数据在内，非公用服务处理除外。",
        "Defines Yunnan's public data, utilities' public service included, their other processing excluded.",
    ),
    cite("KM25", 2): Text(
        "昆明的公共数据处理活动适用该办法，国家秘密除外。",
        "Covers public data processing in Kunming, state secrets excluded.",
    ),
    cite("SHREG", 44): Text(
        "上海：授权运营的日常监督由大数据中心承担。",
        "Shanghai: daily supervision by the big-data centre.",
    ),
    cite("SHREG", 45): Text(
        "上海：应用场景由数据部门会同网信部门和专家委员会作合规和风险评估。",
        "Shanghai: scenarios are assessed with the cyberspace department and an expert committee.",
    ),
    cite("SHREG", 46): Text(
        "上海：平台外签订的合同须在平台备案。",
        "Shanghai: contracts signed elsewhere are filed on the platform.",
    ),
    cite("SHREG", 87): Text(
        "上海：在开放和授权之外向市场主体提供公共数据的，依法追责（条号为推定）。",
        "Shanghai: giving public data to the market outside opening and authorization is punishable "
        "(article number inferred).",
    ),
    cite("SH25", 3): Text(
        "上海：开发主体可以是法人或者非法人组织。",
        "Shanghai: a developer may be a legal person or an unincorporated organisation.",
    ),
    cite("JX25", 3): Text(
        "江西：列明产品形态，省级由大数据中心任实施机构。",
        "Jiangxi: lists product forms and makes the big-data centre the provincial institution.",
    ),
    cite("JX25", 4): Text(
        "江西：列明参与安全监管的部门。",
        "Jiangxi: lists the departments that supervise security.",
    ),
    cite("ZJ23"): Text(
        "浙江2023年实践：明确不得授权的数据、开发环境规则和退出要求。",
        "Zhejiang's practice of 2023: data not to be authorized, rules of the sandbox and of exit.",
    ),
    cite("QZ24"): Text(
        "泉州实践：原始数据不出平台、结果不可逆推，参与方三年无违法记录。",
        "Quanzhou's practice: raw data stay, results cannot be inverted, users have three clean years.",
    ),
    cite("GZ24"): Text(
        "广州实践：运营机构与数据商分离，一场景一申请。",
        "Guangzhou's practice: operator and data merchants apart; one scenario, one application.",
    ),
    cite("YC25"): Text(
        "盐城实践：运营主体的申报条件、材料和评审标准。",
        "Yancheng's practice: conditions, documents and criteria for operators.",
    ),
    default(): Text(
        "平台自定的默认值，不是法律规定，可以按地区由有权人员调整。",
        "A default of the platform, not law; those entitled may adjust it by region.",
    ),
}
