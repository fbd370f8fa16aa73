"""National standards that are cited."""

from __future__ import annotations

from dianchi.kernel.law.articles import Measure, Status
from dianchi.kernel.text import Text

STANDARDS = (
    Measure(
        "GBT22239",
        title=Text("信息安全技术 网络安全等级保护基本要求", "Baseline for classified protection of cybersecurity"),
        short=Text("等级保护基本要求", "Classified Protection Baseline"),
        number="GB/T 22239-2019",
        status=Status.NORM,
        in_force="2019-12-01",
    ),
    Measure(
        "GBT39786",
        title=Text(
            "信息安全技术 信息系统密码应用基本要求", "Baseline for cryptography applications of information systems"
        ),
        short=Text("密码应用基本要求", "Cryptography Baseline"),
        number="GB/T 39786-2021",
        status=Status.NORM,
        in_force="2021-10-01",
    ),
    Measure(
        "GBT36344",
        title=Text("信息技术 数据质量评价指标", "Evaluation indicators for data quality"),
        short=Text("数据质量评价指标", "Data Quality Indicators"),
        number="GB/T 36344-2018",
        status=Status.NORM,
        in_force="2019-01-01",
    ),
    Measure(
        "GBT43697",
        title=Text("数据安全技术 数据分类分级规则", "Rules for data classification and grading"),
        short=Text("数据分类分级规则", "Classification and Grading Rules"),
        number="GB/T 43697-2024",
        status=Status.NORM,
        in_force="2024-10-01",
    ),
    Measure(
        "GBT37964",
        title=Text("信息安全技术 个人信息去标识化指南", "Guide for de-identifying personal information"),
        short=Text("个人信息去标识化指南", "De-identification Guide"),
        number="GB/T 37964-2019",
        status=Status.NORM,
        in_force="2020-03-01",
    ),
    Measure(
        "GBT42460",
        title=Text("信息安全技术 个人信息去标识化效果评估指南", "Guide for evaluating the effect of de-identification"),
        short=Text("去标识化效果评估指南", "De-identification Evaluation Guide"),
        number="GB/T 42460-2023",
        status=Status.NORM,
        in_force="2023-10-01",
    ),
    Measure(
        "GBT2260",
        title=Text("中华人民共和国行政区划代码", "Codes for the administrative divisions of China"),
        short=Text("行政区划代码", "Division Codes"),
        number="GB/T 2260",
        status=Status.NORM,
    ),
    Measure(
        "GBT4754",
        title=Text("国民经济行业分类", "Industrial classification for national economic activities"),
        short=Text("国民经济行业分类", "Industrial Classification"),
        number="GB/T 4754",
        status=Status.NORM,
    ),
    Measure(
        "GB32100",
        title=Text("法人和其他组织统一社会信用代码编码规则", "Coding rule of the unified social credit identifier"),
        short=Text("统一社会信用代码编码规则", "Unified Social Credit Code"),
        number="GB 32100-2015",
        status=Status.NORM,
        in_force="2015-10-01",
    ),
    Measure(
        "GB11714",
        title=Text("全国组织机构代码编制规则", "Rules of coding for organizations"),
        short=Text("组织机构代码编制规则", "Organization Code"),
        number="GB 11714-1997",
        status=Status.NORM,
    ),
    Measure(
        "GB11643",
        title=Text("公民身份号码", "Citizen identification number"),
        short=Text("公民身份号码", "Citizen ID Number"),
        number="GB 11643-1999",
        status=Status.NORM,
        in_force="1999-07-01",
    ),
    Measure(
        "GBT32918",
        title=Text("信息安全技术 SM2椭圆曲线公钥密码算法", "SM2 elliptic curve public key algorithm"),
        short=Text("SM2算法", "SM2 Algorithm"),
        number="GB/T 32918-2016",
        status=Status.NORM,
    ),
    Measure(
        "GBT32905",
        title=Text("信息安全技术 SM3密码杂凑算法", "SM3 cryptographic hash algorithm"),
        short=Text("SM3算法", "SM3 Algorithm"),
        number="GB/T 32905-2016",
        status=Status.NORM,
    ),
    Measure(
        "GBT32907",
        title=Text("信息安全技术 SM4分组密码算法", "SM4 block cipher algorithm"),
        short=Text("SM4算法", "SM4 Algorithm"),
        number="GB/T 32907-2016",
        status=Status.NORM,
    ),
    Measure(
        "GBT38636",
        title=Text("信息安全技术 传输层密码协议（TLCP）", "Transport layer cryptography protocol (TLCP)"),
        short=Text("传输层密码协议", "Transport Layer Cryptography"),
        number="GB/T 38636-2020",
        status=Status.NORM,
    ),
)
