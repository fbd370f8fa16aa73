"""Who acts: roles with what they stand for, and the actor that every act names."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from enum import StrEnum

from dianchi.kernel.text import Text


class Role(StrEnum):
    """A capacity in which a person acts for an organisation; its card says what it is for."""

    label: Text
    duty: Text
    administrator: bool

    def __new__(cls, value: str, label: Text, duty: Text, administrator: bool = False) -> Role:
        role = str.__new__(cls, value)
        role._value_ = value
        role.label, role.duty, role.administrator = label, duty, administrator
        return role

    BUREAU = (
        "bureau",
        Text("数据管理部门", "Data administration"),
        Text("统筹协调、备案、监督", "Coordinates, files plans and agreements, supervises"),
    )
    AUTHORIZER = (
        "authorizer",
        Text("授权主体", "Authorizing body"),
        Text("审定实施方案、制定上限收费标准", "Approves plans and sets price caps"),
    )
    IMPLEMENTER = (
        "implementer",
        Text("实施机构", "Implementing institution"),
        Text("编制方案、选定运营机构、签订协议、复审", "Drafts plans, selects operators, signs agreements, reviews"),
    )
    SECTOR = (
        "sector",
        Text("行业主管部门", "Sector authority"),
        Text("共同组织分领域授权", "Jointly organises sector authorizations"),
    )
    PROVIDER = (
        "provider",
        Text("数据提供单位", "Data provider"),
        Text("编目、供数、分类分级、治理质量", "Catalogues, supplies, grades and mends data"),
    )
    OPERATOR = (
        "operator",
        Text("运营机构", "Operator"),
        Text(
            "拓展场景、遴选开发主体、初审、定价、交付",
            "Finds scenarios, selects developers, reviews, prices and delivers",
        ),
    )
    DEVELOPER = (
        "developer",
        Text("开发主体", "Developer"),
        Text("申请数据、在域内开发产品", "Requests data and develops products inside the domain"),
    )
    CONSUMER = "consumer", Text("数据使用方", "Data consumer"), Text("订购和使用产品", "Orders and uses products")
    REGISTRAR = (
        "registrar",
        Text("登记机构", "Registration institution"),
        Text("受理、形式审核、公示、赋码", "Accepts, examines, publicizes and codes registrations"),
    )
    PRICE = (
        "price",
        Text("价格主管部门", "Price authority"),
        Text("核定最高准许收入、监督收费", "Verifies permitted revenue and supervises prices"),
    )
    EXPERT = (
        "expert",
        Text("评审专家", "Expert"),
        Text(
            "受邀论证和评审，有利害关系的回避", "Argues and scores when invited; steps back where there is an interest"
        ),
    )
    AUDITOR = (
        "auditor",
        Text("监督审计人员", "Auditor"),
        Text("查看全过程记录，不接触原始数据", "Reads the whole record, never raw data"),
    )
    SYSTEM_ADMIN = (
        "system-admin",
        Text("系统管理员", "System administrator"),
        Text("管理机构和账号", "Manages organisations and accounts"),
        True,
    )
    SECURITY_ADMIN = (
        "security-admin",
        Text("安全管理员", "Security administrator"),
        Text("管理授权与安全策略，可关闭出口", "Confirms authorizations, sets policy, can shut the gate"),
        True,
    )
    AUDIT_ADMIN = (
        "audit-admin",
        Text("审计管理员", "Audit administrator"),
        Text("查阅审计记录并核验", "Reads and verifies audit records"),
        True,
    )
    SYSTEM = (
        "system",
        Text("平台（依时限自动）", "Platform (by lapse of time)"),
        Text("执行法律允许由时间完成的行为", "Performs the acts that the law lets time perform"),
    )


OFFICIALS: Set[Role] = frozenset(
    {Role.BUREAU, Role.AUTHORIZER, Role.IMPLEMENTER, Role.SECTOR, Role.PRICE, Role.REGISTRAR, Role.AUDITOR}
)
ADMINISTRATORS: Set[Role] = frozenset(r for r in Role if r.administrator)


@dataclass(frozen=True)
class Actor:
    """A person acting for one organisation, with the roles held there at that moment."""

    person: str  # stable id of the person; never shown, recorded only as a salted hash
    name: str
    organisation: str  # unified social credit code
    region: str  # six-digit division code of the organisation
    roles: Set[Role] = field(default_factory=frozenset)
    organisation_name: str = ""

    def plays(self, *roles: Role) -> bool:
        """Whether the actor holds one of the roles."""
        return bool(self.roles & set(roles))

    @property
    def territory(self) -> str:
        """The division prefix that the organisation's level covers: "53", "5301" or "530102"."""
        return territory(self.region)


def territory(region: str) -> str:
    """Prefix shared by every division inside a region: province 2, prefecture 4, county 6 digits."""
    if region.endswith("0000"):
        return region[:2]
    return region[:4] if region.endswith("00") else region


PLATFORM = Actor("platform", "平台", "", "530000", frozenset({Role.SYSTEM}), "平台")
