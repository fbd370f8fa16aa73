"""Gists of the registration measures and of the price notice."""

from __future__ import annotations

from dianchi.kernel.law.articles import Article, price65, reg26
from dianchi.kernel.text import Text

REGISTRATION: dict[Article, Text] = {
    reg26(3): Text(
        "界定公共数据资源、登记主体、登记机构和登记平台。",
        "Defines public data resource, registrant, registration institution and registration platform.",
    ),
    reg26(5): Text(
        "党政机关和事业单位对授权范围内的资源应当登记，对范围外资源以及据此形成的产品和服务鼓励登记。",
        "Public bodies must register resources within authorized operation; registration of other "
        "resources, and of products made from them, is encouraged.",
    ),
    reg26(6): Text(
        "登记按行政层级和属地办理，中央单位由国家指定的机构办理。",
        "Registration follows administrative level and territory; central bodies go to the institution "
        "named nationally.",
    ),
    reg26(7): Text(
        "申请前登记主体先作内部审核和存证；多个主体可以共同申请或者推举一方申请。",
        "Before applying, the registrant reviews the matter itself and preserves evidence; several may "
        "apply jointly or through one.",
    ),
    reg26(8): Text(
        "登记依次经过申请、受理、形式审核、公示和赋码。",
        "Registration runs through application, acceptance, form review, publicity and code.",
    ),
    reg26(9): Text(
        "登记分首次、变更、更正和注销四类，各有条件和材料。",
        "There are four types, first, change, correction and cancellation, each with its conditions and documents.",
    ),
    reg26(9, 1): Text(
        "首次登记在提供数据或者交付产品后二十个工作日内申请，并提交来源、存证、场景和安全评估等材料。",
        "First registration is applied for within 20 working days of provision or delivery, with source, "
        "evidence, scenario and security assessment.",
    ),
    reg26(9, 2): Text(
        "来源、资源、产品或者登记主体有重大变化时及时办理变更登记。",
        "A major change of source, resource, product or registrant is registered in time.",
    ),
    reg26(9, 3): Text(
        "登记信息有误的，经登记主体书面同意或者凭错误证据更正。",
        "Wrong information is corrected with the registrant's written consent or on proof of the error.",
    ),
    reg26(9, 4): Text(
        "资源灭失、权利放弃或者届满、主体终止等情形下注销，受理后十个工作日内办结。",
        "Where the resource is lost, the right given up or ended or the registrant gone, it is cancelled "
        "within 10 working days of acceptance.",
    ),
    reg26(10): Text(
        "登记机构三个工作日内决定是否受理，材料不齐的一次告知补正。",
        "The institution decides on acceptance within 3 working days and names all missing materials at once.",
    ),
    reg26(11): Text(
        "受理后二十个工作日内完成形式审核。",
        "Form review is completed within 20 working days of acceptance.",
    ),
    reg26(12): Text(
        "审核通过后公示十个工作日，公开四项内容；利害关系人可以实名附证据提出异议。",
        "Four contents are publicized for 10 working days; anyone concerned may object under real name with evidence.",
    ),
    reg26(13): Text(
        "公示期满无有效异议的，按统一编码规则发放查询码。",
        "After publicity without valid objection a query code is issued under the national coding rule.",
    ),
    reg26(14): Text(
        "登记结果可以凭码查询并共享使用。",
        "Results can be queried by code and are shared.",
    ),
    reg26(15): Text(
        "有效期原则上三年，不长于三年的协议从其运营期；届满前六十日内可以续展，逾期不续的注销。",
        "Valid for 3 years in principle, or the shorter term of operation; renewable in the last 60 days, "
        "else cancelled.",
    ),
    reg26(17): Text(
        "数据管理部门对登记机构实施监督评价。",
        "Data administrations supervise and evaluate registration institutions.",
    ),
    reg26(18): Text(
        "数据管理部门对登记活动加强监督管理。",
        "Data administrations supervise registration.",
    ),
    reg26(19): Text(
        "登记机构虚假登记、篡改伪造结果、泄露牟利或者不尽责的，约谈、指导直至取消资格。",
        "A registration institution that registers falsely, forges, leaks, profits or fails its duty is "
        "talked to, guided or disqualified.",
    ),
    reg26(19, 2): Text(
        "登记机构不得篡改、伪造登记结果。",
        "A registration institution must not alter or forge results.",
    ),
    reg26(20): Text(
        "登记主体隐瞒作假、篡改结果或者违法使用牟利的，撤销登记。",
        "A registration is revoked where the registrant hid facts, used false material, forged or "
        "unlawfully exploited results.",
    ),
    price65(1): Text(
        "用于公共治理和公益事业的产品免费，用于产业和行业发展的可以收取运营服务费，实行政府指导价。",
        "Products for governance and welfare are free; for industry and sector development a service fee "
        "may be charged under government guidance.",
    ),
    price65(2): Text(
        "先核定最高准许收入，授权主体在其内制定上限，运营机构在上限内定价；不具备条件的先试行收费。",
        "Revenue is verified first, the authorizing body sets caps within it, the operator prices within "
        "the caps; trial prices come before that.",
    ),
    price65(3): Text(
        "最高准许收入由经营成本、准许利润和税金构成，利润率为国债收益率均值加不超过六个百分点，上限按项目、"
        "次数、时间或者调用量制定。",
        "Permitted revenue is operating cost, profit and tax; the rate is the treasury mean plus at most "
        "six points; caps go by product, service, time or calls.",
    ),
    price65(4): Text(
        "每三年内评估一次；实际收入偏离不超过百分之十的调整具体收费，超过的调整上限，超额部分在下期扣减。",
        "Evaluated at most every three years; up to ten per cent deviation adjusts prices, beyond it caps; "
        "any excess is deducted in the next period.",
    ),
    price65(5): Text(
        "单独核算、明码标价、公开清单和标准，每年三月底前报告上一年度经营情况。",
        "Separate accounts, posted prices, published list; a report on the past year by the end of March.",
    ),
}
