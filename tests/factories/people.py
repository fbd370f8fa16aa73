"""People and organisations of the tests. Fictitious codes whose check characters are right."""

from __future__ import annotations

from datetime import UTC, datetime

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import PLATFORM, Actor, Role

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Kunming

# One organisation per role: code, name, kind.
HOME = {
    Role.BUREAU: ("11530000MB1A000012", "云南省数据局", "organ"),
    Role.AUTHORIZER: ("115300000151001003", "云南省人民政府", "organ"),
    Role.IMPLEMENTER: ("12530000MB0000000U", "云南省数据中心", "institution"),
    Role.SECTOR: ("11530000015100207E", "云南省卫生健康委员会", "organ"),
    Role.PROVIDER: ("11530000015100303P", "云南省文化和旅游厅", "organ"),
    Role.OPERATOR: ("91530000MA6K000148", "云南数据运营有限公司", "enterprise"),
    Role.DEVELOPER: ("91530100MA6N123416", "昆明数智科技有限公司", "enterprise"),
    Role.CONSUMER: ("91530400MA6P00078R", "玉溪旅游服务有限公司", "enterprise"),
    Role.REGISTRAR: ("1253000001510040XT", "云南省数据登记中心", "institution"),
    Role.PRICE: ("11530000015100506C", "云南省发展和改革委员会", "organ"),
    Role.EXPERT: ("125300004312003030", "云南大学", "institution"),
    Role.AUDITOR: ("11530000015100602M", "云南省审计厅", "organ"),
}


def actor(
    role: Role, *, organisation: str = "", region: str = "530000", person: str = "", roles: tuple[Role, ...] = ()
) -> Actor:
    """Somebody who plays the role, at its home organisation unless another is named; not yet on record."""
    code = organisation or HOME.get(role, HOME[Role.BUREAU])[0]
    name = next((n for c, n, _ in HOME.values() if c == code), code)
    return Actor(
        person or f"person-of-{role.value}", f"{role.label}经办人", code, region, frozenset({role, *roles}), name
    )


def enrol(uscc: str, name: str, kind: str = "enterprise", region: str = "530000") -> None:
    """Put an organisation on record through the door."""
    if organisation(uscc) is None:
        inputs = {"uscc": uscc, "name": name, "kind": kind, "region": region}
        perform("organisations", "enrol", by=PLATFORM, at=NOON, inputs=inputs)


def enrol_all() -> None:
    """Put every home organisation on record."""
    for uscc, name, kind in HOME.values():
        enrol(uscc, name, kind)
