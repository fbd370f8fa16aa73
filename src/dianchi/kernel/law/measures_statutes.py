"""National laws, State Council regulations and departmental measures that are cited."""

from __future__ import annotations

from dianchi.kernel.law.articles import Measure, Status
from dianchi.kernel.text import Text

STATUTES = (
    Measure(
        "DSL",
        title=Text("中华人民共和国数据安全法", "Data Security Law of the People's Republic of China"),
        short=Text("数据安全法", "Data Security Law"),
        number="主席令第84号",
        status=Status.LAW,
        in_force="2021-09-01",
    ),
    Measure(
        "PIPL",
        title=Text(
            "中华人民共和国个人信息保护法", "Personal Information Protection Law of the People's Republic of China"
        ),
        short=Text("个人信息保护法", "Personal Information Protection Law"),
        number="主席令第91号",
        status=Status.LAW,
        in_force="2021-11-01",
    ),
    Measure(
        "CSL",
        title=Text(
            "中华人民共和国网络安全法（2016年文本，2026年修正施行后条号有变）",
            "Cybersecurity Law of the People's Republic of China (2016 text; numbers moved by the amendment of 2026)",
        ),
        short=Text("网络安全法（2016年文本）", "Cybersecurity Law (2016 text)"),
        number="主席令第53号",
        status=Status.LAW,
        in_force="2017-06-01",
    ),
    Measure(
        "CIVIL",
        title=Text("中华人民共和国民法典", "Civil Code of the People's Republic of China"),
        short=Text("民法典", "Civil Code"),
        number="主席令第45号",
        status=Status.LAW,
        in_force="2021-01-01",
    ),
    Measure(
        "NDR",
        title=Text("网络数据安全管理条例", "Regulations on Network Data Security"),
        short=Text("网络数据安全管理条例", "Network Data Regulations"),
        number="国务院令第790号",
        status=Status.LAW,
        in_force="2025-01-01",
    ),
    Measure(
        "GIO",
        title=Text("中华人民共和国政府信息公开条例", "Regulations on Open Government Information"),
        short=Text("政府信息公开条例", "Open Government Information Regulations"),
        number="国务院令第711号",
        status=Status.LAW,
        in_force="2019-05-15",
    ),
    Measure(
        "BID",
        title=Text("中华人民共和国招标投标法实施条例", "Regulations Implementing the Tendering and Bidding Law"),
        short=Text("招标投标法实施条例", "Tendering Regulations"),
        number="国务院令第613号",
        status=Status.LAW,
        in_force="2012-02-01",
    ),
    Measure(
        "SHARE",
        title=Text("政务数据共享条例", "Regulations on Government Data Sharing"),
        short=Text("政务数据共享条例", "Data Sharing Regulations"),
        number="国务院令第809号",
        status=Status.LAW,
        in_force="2025-08-01",
    ),
    Measure(
        "FAIR",
        title=Text("公平竞争审查条例", "Regulations on Fair Competition Review"),
        short=Text("公平竞争审查条例", "Fair Competition Review Regulations"),
        number="国务院令第783号",
        status=Status.LAW,
        in_force="2024-08-01",
    ),
    Measure(
        "CRYPTO",
        title=Text("商用密码管理条例", "Regulations on Commercial Cryptography"),
        short=Text("商用密码管理条例", "Commercial Cryptography Regulations"),
        number="国务院令第760号",
        status=Status.LAW,
        in_force="2023-07-01",
    ),
    Measure(
        "CER",
        title=Text("国家网络安全事件报告管理办法", "Measures for Reporting National Cybersecurity Incidents"),
        short=Text("网络安全事件报告管理办法", "Incident Reporting Measures"),
        number="",
        status=Status.NORM,
        in_force="2025-11-01",
    ),
    Measure(
        "PIAUDIT",
        title=Text("个人信息保护合规审计管理办法", "Measures for Compliance Audits of Personal Information Protection"),
        short=Text("个人信息保护合规审计管理办法", "Compliance Audit Measures"),
        number="",
        status=Status.NORM,
        in_force="2025-05-01",
    ),
    Measure(
        "RISK",
        title=Text("网络数据安全风险评估办法", "Measures for Risk Assessment of Network Data Security"),
        short=Text("网络数据安全风险评估办法", "Risk Assessment Measures"),
        number="",
        status=Status.NORM,
        in_force="2026-08-20",
    ),
    Measure(
        "DATA20",
        title=Text("关于构建数据基础制度更好发挥数据要素作用的意见", "Opinions on Basic Institutions for Data"),
        short=Text("数据二十条", "Twenty Points on Data"),
        number="",
        status=Status.NORM,
    ),
    Measure(
        "INFRA",
        title=Text("国家数据基础设施建设指引", "Guidelines on Building the National Data Infrastructure"),
        short=Text("数据基础设施建设指引", "Infrastructure Guidelines"),
        number="发改数据〔2024〕1853号",
        status=Status.NORM,
    ),
    Measure(
        "SPACE",
        title=Text("可信数据空间发展行动计划（2024—2028年）", "Action Plan for Trusted Data Spaces (2024-2028)"),
        short=Text("可信数据空间行动计划", "Data Space Action Plan"),
        number="",
        status=Status.NORM,
    ),
    Measure(
        "TERMS",
        title=Text("数据领域常用名词解释（第二批）", "Common Terms of the Data Field (second batch)"),
        short=Text("数据领域名词解释", "Terms of the Data Field"),
        number="",
        status=Status.NORM,
    ),
)
