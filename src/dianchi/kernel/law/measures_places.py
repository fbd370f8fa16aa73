"""Texts of Yunnan and its cities, and of other places whose practice is drawn on (these bind nobody here)."""

from __future__ import annotations

from dianchi.kernel.law.articles import Measure, Status
from dianchi.kernel.text import Text

PLACES = (
    Measure(
        "YNPD",
        title=Text("云南省公共数据管理办法（试行）", "Yunnan Measures for Public Data (trial)"),
        short=Text("云南公共数据管理办法", "Yunnan Public Data Measures"),
        number="",
        status=Status.NORM,
    ),
    Measure(
        "YNREG",
        title=Text("云南省公共数据条例（草案征求意见稿）", "Yunnan Regulations on Public Data (draft for comment)"),
        short=Text("云南公共数据条例（草案）", "Yunnan Public Data Regulations (draft)"),
        number="",
        status=Status.DRAFT,
    ),
    Measure(
        "KM25",
        title=Text("昆明市公共数据管理办法", "Kunming Measures for Public Data"),
        short=Text("昆明公共数据管理办法", "Kunming Public Data Measures"),
        number="昆政办规〔2025〕5号",
        status=Status.NORM,
        in_force="2025-12-10",
    ),
    Measure(
        "YX25",
        title=Text(
            "玉溪市公共数据资源登记管理办法（试行）和授权运营管理办法（试行）",
            "Yuxi Measures for Registration and for Authorized Operation (trial)",
        ),
        short=Text("玉溪登记和授权运营办法", "Yuxi Measures"),
        number="玉发改〔2025〕2号",
        status=Status.NORM,
        in_force="2025-09-15",
    ),
    Measure(
        "DL23",
        title=Text("大理州公共数据授权运营管理办法", "Dali Measures for the Authorized Operation of Public Data"),
        short=Text("大理授权运营办法", "Dali Measures"),
        number="大发改数字规〔2023〕353号",
        status=Status.NORM,
        in_force="2023-10-17",
    ),
    Measure(
        "PE25",
        title=Text(
            "普洱市公共数据授权运营管理规定（试行）（征求意见稿）",
            "Pu'er Rules on the Authorized Operation of Public Data (trial, draft for comment)",
        ),
        short=Text("普洱授权运营规定（征求意见稿）", "Pu'er Rules (draft)"),
        number="",
        status=Status.DRAFT,
        in_force="2025-03-18",
    ),
    Measure(
        "SHREG",
        title=Text("上海市数据条例", "Shanghai Data Regulations"),
        short=Text("上海数据条例", "Shanghai Data Regulations"),
        number="",
        status=Status.DEFAULT,
        in_force="2022-01-01",
    ),
    Measure(
        "SH25",
        title=Text(
            "上海市公共数据资源授权运营管理办法",
            "Shanghai Measures for the Authorized Operation of Public Data Resources",
        ),
        short=Text("上海授权运营办法", "Shanghai Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-07-12",
    ),
    Measure(
        "BJ23",
        title=Text(
            "北京市公共数据专区授权运营管理办法（试行）",
            "Beijing Measures for the Authorized Operation of Public Data Zones (trial)",
        ),
        short=Text("北京专区授权运营办法", "Beijing Zone Measures"),
        number="京经信发〔2023〕98号",
        status=Status.DEFAULT,
    ),
    Measure(
        "BJ26",
        title=Text(
            "北京市公共数据授权运营管理办法（2026年）",
            "Beijing Measures for the Authorized Operation of Public Data (2026)",
        ),
        short=Text("北京授权运营办法", "Beijing Measures"),
        number="京政数发〔2026〕6号",
        status=Status.DEFAULT,
    ),
    Measure(
        "ZJ23",
        title=Text(
            "浙江省公共数据授权运营管理办法（试行）（2023年）",
            "Zhejiang Measures for the Authorized Operation of Public Data (trial, 2023)",
        ),
        short=Text("浙江授权运营办法（2023年）", "Zhejiang Measures (2023)"),
        number="",
        status=Status.DEFAULT,
    ),
    Measure(
        "ZJ25",
        title=Text(
            "浙江省公共数据资源授权运营管理办法",
            "Zhejiang Measures for the Authorized Operation of Public Data Resources",
        ),
        short=Text("浙江授权运营办法", "Zhejiang Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-09-01",
    ),
    Measure(
        "GZ24",
        title=Text(
            "广州市公共数据授权运营管理暂行办法",
            "Guangzhou Interim Measures for the Authorized Operation of Public Data",
        ),
        short=Text("广州授权运营暂行办法", "Guangzhou Measures"),
        number="穗政数〔2024〕44号",
        status=Status.DEFAULT,
    ),
    Measure(
        "GD25",
        title=Text(
            "广东省公共数据资源授权运营管理办法（征求意见稿）",
            "Guangdong Measures for the Authorized Operation of Public Data Resources (draft for comment)",
        ),
        short=Text("广东授权运营办法（征求意见稿）", "Guangdong Measures (draft)"),
        number="",
        status=Status.DRAFT,
        in_force="2025-09-16",
    ),
    Measure(
        "JX25",
        title=Text(
            "江西省公共数据资源授权运营管理办法（试行）",
            "Jiangxi Measures for the Authorized Operation of Public Data Resources (trial)",
        ),
        short=Text("江西授权运营办法", "Jiangxi Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-11-11",
    ),
    Measure(
        "QZ24",
        title=Text(
            "泉州市公共数据资源开发服务管理细则（试行）", "Quanzhou Rules on Public Data Development Services (trial)"
        ),
        short=Text("泉州开发服务细则", "Quanzhou Rules"),
        number="",
        status=Status.DEFAULT,
        in_force="2024-05-17",
    ),
    Measure(
        "YC25",
        title=Text("盐城市公共数据授权运营主体申报公告", "Yancheng Call for Operators of Public Data"),
        short=Text("盐城运营主体申报公告", "Yancheng Call"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-10-27",
    ),
    Measure(
        "FJP",
        title=Text(
            "福建省公共数据运营服务费收费标准（试行）", "Fujian Fees for Public Data Operation Services (trial)"
        ),
        short=Text("福建运营服务费标准", "Fujian Fees"),
        number="",
        status=Status.DEFAULT,
    ),
    Measure(
        "HBP",
        title=Text(
            "湖北省关于做好公共数据运营服务收费管理的通知", "Hubei Notice on Charges for Public Data Operation Services"
        ),
        short=Text("湖北运营服务收费通知", "Hubei Charges Notice"),
        number="",
        status=Status.DEFAULT,
    ),
    Measure(
        "HB25",
        title=Text(
            "湖北省公共数据资源授权运营实施办法（试行）",
            "Hubei Measures Implementing the Authorized Operation of Public Data Resources (trial)",
        ),
        short=Text("湖北授权运营实施办法", "Hubei Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-10-13",
    ),
    Measure(
        "HN25",
        title=Text(
            "湖南省省本级公共数据资源授权运营总体实施方案", "Hunan Overall Plan for Provincial Authorized Operation"
        ),
        short=Text("湖南总体实施方案", "Hunan Plan"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-10-14",
    ),
    Measure(
        "GS25",
        title=Text(
            "甘肃省公共数据资源授权运营管理办法", "Gansu Measures for the Authorized Operation of Public Data Resources"
        ),
        short=Text("甘肃授权运营办法", "Gansu Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-12-30",
    ),
    Measure(
        "AH25",
        title=Text(
            "安徽省公共数据资源登记和授权运营实施细则（试行）",
            "Anhui Rules on Registration and Authorized Operation (trial)",
        ),
        short=Text("安徽实施细则", "Anhui Rules"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-05-29",
    ),
    Measure(
        "GZS24",
        title=Text(
            "贵州省公共数据授权运营管理办法（试行）（征求意见稿）",
            "Guizhou Measures for the Authorized Operation of Public Data (trial, draft for comment)",
        ),
        short=Text("贵州授权运营办法（征求意见稿）", "Guizhou Measures (draft)"),
        number="",
        status=Status.DRAFT,
        in_force="2024-07-05",
    ),
    Measure(
        "GZS25",
        title=Text(
            "贵州省公共数据授权运营管理办法（试行）",
            "Guizhou Measures for the Authorized Operation of Public Data (trial)",
        ),
        short=Text("贵州授权运营办法", "Guizhou Measures"),
        number="",
        status=Status.DEFAULT,
        in_force="2025-01-07",
    ),
    Measure(
        "HNPROTO",
        title=Text(
            "湖南省公共数据资源授权运营管理平台原型（实践参考）",
            "Prototypes of Hunan's operation platform (evidence of practice)",
        ),
        short=Text("湖南平台原型", "Hunan prototypes"),
        number="",
        status=Status.DEFAULT,
    ),
    Measure(
        "NRP",
        title=Text("国家公共数据资源登记平台使用指南", "User guide of the national registration platform"),
        short=Text("国家登记平台指南", "National platform guide"),
        number="",
        status=Status.DEFAULT,
    ),
)
