"""The legal texts that the platform cites."""

from __future__ import annotations

from dianchi.kernel.law.articles import Measure, Status
from dianchi.kernel.text import Text

_ALL = (
    Measure("YN", Text("云南省公共数据资源授权运营管理办法（试行）（征求意见稿）", "Yunnan Measures for the Authorized Operation of Public Data Resources (trial, draft for comment)"), Text("云南授权运营办法（征求意见稿）", "Yunnan Measures (draft)"), "", Status.DRAFT, "2025-07-24"),
    Measure("SPEC27", Text("公共数据资源授权运营实施规范（试行）", "Norm for the Authorized Operation of Public Data Resources (trial)"), Text("授权运营实施规范", "Operation Norm"), "发改数据规〔2025〕27号", Status.NORM, "2025-03-01"),
    Measure("REG26", Text("公共数据资源登记管理暂行办法", "Interim Measures for the Registration of Public Data Resources"), Text("登记管理暂行办法", "Registration Measures"), "发改数据规〔2025〕26号", Status.NORM, "2025-03-01"),
    Measure("PRICE65", Text("关于建立公共数据资源授权运营价格形成机制的通知", "Notice on the Pricing of Authorized Operation of Public Data Resources"), Text("价格形成机制通知", "Price Notice"), "发改价格〔2025〕65号", Status.NORM, "2025-03-01"),
    Measure("DEFAULT", Text("平台默认参数（非法律规定）", "Platform default (not law)"), Text("平台默认参数", "Platform default"), "", Status.DEFAULT),
)

MEASURES = {m.key: m for m in _ALL}
