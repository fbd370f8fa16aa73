"""The legal texts that the platform cites: the core four here, statutes, standards and places in their own files.

Texts of other provinces and observed practice carry Status.DEFAULT: they bind nobody in Yunnan, and where we follow
one it is our own choice. Numbers and dates are left empty where they were not read in the text itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dianchi.kernel.law.articles import Measure, Status
from dianchi.kernel.law.measures_places import PLACES
from dianchi.kernel.law.measures_standards import STANDARDS
from dianchi.kernel.law.measures_statutes import STATUTES
from dianchi.kernel.text import Text

_CORE = (
    Measure(
        "YN",
        title=Text(
            "云南省公共数据资源授权运营管理办法（试行）（征求意见稿）",
            "Yunnan Measures for the Authorized Operation of Public Data Resources (trial, draft for comment)",
        ),
        short=Text("云南授权运营办法（征求意见稿）", "Yunnan Measures (draft)"),
        number="",
        status=Status.DRAFT,
        in_force="2025-07-24",
    ),
    Measure(
        "SEED",
        title=Text(
            "《云南省公共数据资源授权运营管理办法（试行）（征求意见稿）》起草说明",
            "Drafting explanation of the Yunnan Measures (draft for comment)",
        ),
        short=Text("云南授权运营办法起草说明", "Yunnan drafting explanation"),
        number="",
        status=Status.DRAFT,
        in_force="2025-07-24",
    ),
    Measure(
        "SPEC27",
        title=Text(
            "公共数据资源授权运营实施规范（试行）",
            "Norm for the Authorized Operation of Public Data Resources (trial)",
        ),
        short=Text("授权运营实施规范", "Operation Norm"),
        number="发改数据规〔2025〕27号",
        status=Status.NORM,
        in_force="2025-03-01",
    ),
    Measure(
        "REG26",
        title=Text(
            "公共数据资源登记管理暂行办法",
            "Interim Measures for the Registration of Public Data Resources",
        ),
        short=Text("登记管理暂行办法", "Registration Measures"),
        number="发改数据规〔2025〕26号",
        status=Status.NORM,
        in_force="2025-03-01",
    ),
    Measure(
        "PRICE65",
        title=Text(
            "关于建立公共数据资源授权运营价格形成机制的通知",
            "Notice on the Pricing of Authorized Operation of Public Data Resources",
        ),
        short=Text("价格形成机制通知", "Price Notice"),
        number="发改价格〔2025〕65号",
        status=Status.NORM,
        in_force="2025-03-01",
    ),
    Measure(
        "SAFE18",
        title=Text(
            "关于完善数据流通安全治理更好促进数据要素市场化价值化的实施方案",
            "Implementation Plan for the Security Governance of Data Circulation",
        ),
        short=Text("数据流通安全治理实施方案", "Circulation Security Plan"),
        number="发改数据〔2025〕18号",
        status=Status.NORM,
        in_force="2025-01-06",
    ),
    Measure(
        "DISC",
        title=Text(
            "关于做好公共数据资源授权运营信息披露工作的通知",
            "Notice on Disclosure in the Authorized Operation of Public Data Resources",
        ),
        short=Text("信息披露通知", "Disclosure Notice"),
        number="",
        status=Status.NORM,
        in_force="2026-02-10",
    ),
    Measure(
        "OPIN",
        title=Text(
            "关于加快公共数据资源开发利用的意见",
            "Opinions on Accelerating the Development and Use of Public Data Resources",
        ),
        short=Text("公共数据开发利用意见", "Development and Use Opinions"),
        number="",
        status=Status.NORM,
        in_force="2024-09-21",
    ),
    Measure(
        "DEFAULT",
        title=Text("平台默认参数（非法律规定）", "Platform default (not law)"),
        short=Text("平台默认参数", "Platform default"),
        number="",
        status=Status.DEFAULT,
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({m.key: m for m in (*_CORE, *STATUTES, *STANDARDS, *PLACES)})
