"""Gists of the statutes' and regulations' articles that are cited."""

from __future__ import annotations

from dianchi.kernel.law.articles import Article, cite
from dianchi.kernel.text import Text

STATUTES: dict[Article, Text] = {
    cite("DSL", 21): Text(
        "国家对数据分类分级保护，核心数据实行更严格的管理。",
        "Data are protected by class and grade, core data under a stricter regime.",
    ),
    cite("DSL", 29): Text(
        "加强风险监测，发现缺陷立即补救，发生事件立即处置并报告。",
        "Risks are monitored, flaws remedied at once, incidents handled and reported.",
    ),
    cite("DSL", 33): Text(
        "数据交易中介要求说明来源、核验双方身份并留存审核和交易记录。",
        "An intermediary asks for the source, verifies both parties and keeps records of review and trade.",
    ),
    cite("DSL", 40): Text(
        "受托处理政务数据的一方不得擅自留存、使用、泄露或者转交。",
        "A contractor for government data keeps, uses, leaks and passes on nothing without leave.",
    ),
    cite("DSL", 44): Text(
        "监管中发现较大风险的，可以约谈并要求整改。",
        "Where bigger risk is found, the authority may summon and demand rectification.",
    ),
    cite("PIPL", 4): Text(
        "个人信息是与已识别或者可识别的自然人有关的信息，匿名化后的除外。",
        "Personal information relates to an identified or identifiable person; anonymized information does not count.",
    ),
    cite("PIPL", 6): Text(
        "处理个人信息须目的明确合理、范围最小、影响最小。",
        "Processing has a clear and reasonable aim, the least scope and the least effect.",
    ),
    cite("PIPL", 13): Text(
        "处理个人信息须有同意、履行合同或者法定职责等合法基础。",
        "Processing rests on consent, contract, statutory duty or another lawful basis.",
    ),
    cite("PIPL", 21): Text(
        "受托人按约定处理，未经同意不得转委托，合同终止后返还或者删除。",
        "An entrusted party keeps to the contract, does not sub-delegate without consent, and returns or "
        "deletes at its end.",
    ),
    cite("PIPL", 23): Text(
        "向其他处理者提供个人信息须告知接收方和目的等，并取得单独同意。",
        "Providing it to another processor needs notice of recipient and aim, and separate consent.",
    ),
    cite("PIPL", 24): Text(
        "自动化决策须透明公平，不得在价格等方面不合理差别对待。",
        "Automated decisions are transparent and fair, without unreasonable difference in price.",
    ),
    cite("PIPL", 28): Text(
        "生物识别、医疗健康、金融账户、行踪等以及不满十四周岁者的信息为敏感个人信息。",
        "Biometrics, health, accounts, whereabouts and anything of a child under 14 are sensitive.",
    ),
    cite("PIPL", 29): Text(
        "处理敏感个人信息须取得单独同意。",
        "Sensitive information needs separate consent.",
    ),
    cite("PIPL", 31): Text(
        "处理不满十四周岁者的信息须监护人同意并有专门规则。",
        "A child under 14 needs a guardian's consent and special rules.",
    ),
    cite("PIPL", 34): Text(
        "国家机关在法定职责和程序内处理个人信息。",
        "State organs process within their statutory duty and procedure.",
    ),
    cite("PIPL", 36): Text(
        "国家机关处理的个人信息存储在境内。",
        "Information processed by state organs stays in the country.",
    ),
    cite("PIPL", 37): Text(
        "受权管理公共事务的组织适用对国家机关的规定。",
        "Organisations authorized to manage public affairs follow the rules for state organs.",
    ),
    cite("PIPL", 47): Text(
        "目的实现、期限届满、撤回同意或者违法处理的，应当删除。",
        "Information is deleted when the aim is reached, the term ends, consent is withdrawn or processing "
        "is unlawful.",
    ),
    cite("PIPL", 55): Text(
        "处理敏感信息、自动化决策、委托、提供、公开、出境等须事前评估影响。",
        "Sensitive, automated, entrusted, provided, published or cross-border processing needs a prior "
        "impact assessment.",
    ),
    cite("PIPL", 56): Text(
        "影响评估审查合法必要性、风险和措施，记录至少保存三年。",
        "The assessment weighs necessity, risk and measures; its records are kept at least three years.",
    ),
    cite("PIPL", 57): Text(
        "发生或者可能发生泄露等的，立即补救并告知监管部门和个人。",
        "On a leak, actual or possible, remedy at once and tell authority and persons.",
    ),
    cite("PIPL", 73): Text(
        "区分去标识化与匿名化：前者借助额外信息仍可识别，后者不可识别且不可复原。",
        "De-identified data can still identify with extra information; anonymized data neither identify "
        "nor can be restored.",
    ),
    cite("NDR", 5): Text(
        "按重要程度和危害程度对网络数据分类分级保护。",
        "Network data are protected by class and grade, by importance and harm.",
    ),
    cite("NDR", 10): Text(
        "产品服务存在危害国家安全或者公共利益的缺陷的，立即补救并在二十四小时内报告。",
        "A flaw endangering national security or the public is remedied at once and reported within 24 hours.",
    ),
    cite("NDR", 11): Text(
        "制定应急预案，事件发生后立即启动、防止扩大、报告并通知受影响者。",
        "Keep an emergency plan; on an event start it, contain, report and tell those affected.",
    ),
    cite("NDR", 12): Text(
        "提供或者委托处理个人信息和重要数据须以合同约定并监督，记录至少保存三年。",
        "Providing or entrusting personal or important data is bound by contract and supervised; records "
        "are kept at least three years.",
    ),
    cite("NDR", 14): Text(
        "合并、分立、解散、破产的，接收方继续履行保护义务。",
        "On merger, split, dissolution or bankruptcy the receiver carries the duties on.",
    ),
    cite("NDR", 16): Text(
        "为国家机关建设运维系统的，未经同意不得访问、留存、使用、泄露数据或者关联分析。",
        "Who builds or runs systems for state organs may not access, keep, use, leak or link data without consent.",
    ),
    cite("NDR", 20): Text(
        "公开便捷的投诉举报渠道并及时处理。",
        "A convenient complaint channel is published and complaints handled in time.",
    ),
    cite("NDR", 21): Text(
        "处理规则集中公开，写明目的、方式、种类、保存期限和权利。",
        "The processing rules are published in one place: aim, way, kinds, storage term, rights.",
    ),
    cite("NDR", 23): Text(
        "便利个人查阅、复制、更正、删除和撤回同意，不设不合理条件。",
        "Persons can easily access, copy, correct, delete and withdraw, without unreasonable conditions.",
    ),
    cite("NDR", 28): Text(
        "处理一千万人以上个人信息的，履行重要数据处理者的相应义务。",
        "Above ten million people, duties of important-data processors apply.",
    ),
    cite("NDR", 30): Text(
        "重要数据处理者指定负责人和管理机构，承担制度、监测演练和投诉处理等职责。",
        "A processor of important data names an officer and an office for rules, monitoring, drills and complaints.",
    ),
    cite("NDR", 31): Text(
        "提供、委托处理重要数据前，就必要性、风险、接收方、合同和措施等作风险评估。",
        "Before important data are provided, necessity, risk, receiver, contract and measures are assessed.",
    ),
    cite("NDR", 32): Text(
        "合并、解散、破产可能影响重要数据安全的，向省级以上部门报告处置方案和接收方。",
        "Where merger, dissolution or bankruptcy touches important data, the disposal plan and receiver are reported.",
    ),
    cite("NDR", 33): Text(
        "重要数据处理者每年评估风险并向省级以上部门报告。",
        "A processor of important data assesses risk yearly and reports to the provincial or a higher authority.",
    ),
    cite("NDR", 59): Text(
        "主动纠正、情节轻微或者初次违法的，可以从轻、减轻或者免于处罚。",
        "Self-correction, minor and first offences may be treated more lightly.",
    ),
    cite("NDR", 62): Text(
        "界定单独同意等用语：针对特定处理作出具体明确的同意。",
        "Defines terms, among them separate consent: specific and explicit for one processing.",
    ),
    cite("CSL", 21): Text(
        "网络运营者履行等级保护义务，网络日志留存不少于六个月。",
        "Network operators follow classified protection and keep network logs for at least six months.",
    ),
    cite("CIVIL", 201): Text(
        "按日、月、年计算期间的，开始当日不计入；按小时的自约定或者法定时间起算。",
        "In days, months or years the first day is not counted; hours run from the moment set.",
    ),
    cite("CIVIL", 202): Text(
        "按月、年计算的，到期月的对应日为最后一日，没有对应日的为月末日。",
        "In months and years the corresponding day ends the period, or the last of the month where there is none.",
    ),
    cite("CIVIL", 203): Text(
        "最后一日是法定休假日的顺延，期间于当日二十四时截止。",
        "A last day off moves to the next; the period ends at 24:00.",
    ),
    cite("GIO", 14): Text(
        "涉及国家秘密和可能危及安全稳定的政府信息不予公开。",
        "State secrets and information endangering security or stability are not published.",
    ),
    cite("GIO", 15): Text(
        "涉及商业秘密、个人隐私的一般不公开，经同意或者不公开有重大公共影响的除外。",
        "Trade secrets and privacy are not published, save by consent or where the public interest weighs heavily.",
    ),
    cite("GIO", 26): Text(
        "主动公开的信息自形成或者变更起二十个工作日内公开。",
        "Active publication follows within 20 working days of forming or change.",
    ),
    cite("GIO", 33): Text(
        "公开申请二十个工作日内答复，延长不超过二十个工作日。",
        "A request is answered within 20 working days, extendable by at most 20.",
    ),
    cite("CER", 4): Text(
        "较大以上事件按运营者类别在一小时、两小时或者四小时内报告，接报部门限时上报。",
        "Larger incidents are reported within 1, 2 or 4 hours by kind of operator, and passed upward by a clock.",
    ),
    cite("CER", 7): Text(
        "一时不清楚原因和影响的，先报基本情况，随后补报。",
        "Where cause or impact is unclear, basics are reported first and the rest later.",
    ),
    cite("CER", 8): Text(
        "处置结束后三十日内提交总结报告。",
        "A summary follows within 30 days after handling.",
    ),
    cite("CER", 11): Text(
        "已尽防护义务并及时报告的，可以从轻或者免予追责。",
        "Who protected and reported in time may bear lighter liability or none.",
    ),
    cite("BID"): Text(
        "招标应当公布评审标准，投标文件密封至开标，投标人少于三家的重新招标，评审专家与投标人有利害关系的回避。",
        "A tender publishes its criteria, bids stay sealed until the opening, fewer than three mean a new tender, and experts with an interest step back.",
    ),
    cite("BID", 54): Text(
        "中标候选人公示不少于三日。",
        "Candidates are publicized for at least three days.",
    ),
    cite("CRYPTO", 38): Text(
        "关键信息基础设施每年至少作一次密码应用安全性评估。",
        "Critical infrastructure has its cryptography assessed at least yearly.",
    ),
}
