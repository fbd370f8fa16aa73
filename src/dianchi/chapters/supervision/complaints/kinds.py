"""What somebody may bring forward."""

from __future__ import annotations

from dianchi.kernel.text import Text

RIGHTS, INFORMATION, GAIN = "RIGHTS", "INFORMATION", "GAIN"
KINDS = (
    ("SERVICE", Text("产品和服务问题", "Products and services")),
    ("UNFAIR", Text("不公平对待、无故拒绝、搭售排他", "Unlike treatment, refusal without reason, tying")),
    ("CHARGE", Text("收费问题", "Charges")),
    ("SECURITY", Text("数据安全问题", "Data security")),
    (RIGHTS, Text("个人信息权利请求（查阅、复制、更正、删除、撤回同意）", "Rights in personal information")),
    (GAIN, Text("公职人员以数据谋私", "Private gain of an official from data")),
    (INFORMATION, Text("政府信息公开申请", "Request for government information")),
    ("OTHER", Text("其他", "Other")),
)  # fmt: skip
PATTERN = "^(SERVICE|UNFAIR|CHARGE|SECURITY|RIGHTS|GAIN|INFORMATION|OTHER)$"
NAMED = {RIGHTS, INFORMATION}  # nobody can ask for these without saying who asks
