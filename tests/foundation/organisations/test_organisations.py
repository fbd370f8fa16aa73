"""Who takes part: enrolled, suspended, resumed."""

from __future__ import annotations

import pytest
from tests.factories.people import HOME, NOON, actor, enrol, enrol_all
from tests.factories.rules import matrix, rows

from dianchi.foundation.cases.perform import perform
from dianchi.foundation.organisations.lifecycle import ORGANISATION, Facts
from dianchi.foundation.organisations.models import Organisation
from dianchi.foundation.organisations.queries import all_active, is_active, names, organisation
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import Invalid, RuleBroken

pytestmark = pytest.mark.django_db
FIRM = HOME[Role.DEVELOPER][0]
MATRIX = """
enrol: - -> active: system-admin system
suspend: active -> suspended: system-admin security-admin
resume: suspended -> active: system-admin
"""


def test_a_code_is_enrolled_once():
    enrol_all()
    with pytest.raises(RuleBroken) as refused:
        perform("organisations", "enrol", by=PLATFORM, at=NOON,
                inputs={"uscc": FIRM, "name": "同码公司", "kind": "enterprise", "region": "530100"})  # fmt: skip
    assert [r.code for r in refused.value.refusals] == ["organisations.already-enrolled"]


def test_lower_case_and_full_width_are_the_same_code():
    enrol(*HOME[Role.DEVELOPER])
    wide = "".join(chr(ord(c) + 0xFEE0) for c in FIRM.lower())
    with pytest.raises(RuleBroken):
        perform("organisations", "enrol", by=PLATFORM, at=NOON,
                inputs={"uscc": wide, "name": "同码公司", "kind": "enterprise", "region": "530100"})  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [("uscc", FIRM[:-1] + "0"), ("region", "999999"), ("kind", "club"), ("name", "一")]
)
def test_what_identifies_it_must_be_right(field: str, value: str):
    inputs = {"uscc": FIRM, "name": "昆明数智", "kind": "enterprise", "region": "530100"} | {field: value}
    with pytest.raises(Invalid) as refused:
        perform("organisations", "enrol", by=PLATFORM, at=NOON, inputs=inputs)
    assert [r.field for r in refused.value.refusals] == [field]


def test_suspended_it_takes_no_part_until_it_is_resumed():
    enrol_all()
    code, reason = organisation(FIRM).code, {"reason": "核查期间暂停"}
    perform("organisations", "suspend", by=actor(Role.SECURITY_ADMIN), at=NOON, code=code, inputs=reason)
    assert not is_active(FIRM)
    assert FIRM not in dict(all_active())
    assert names({FIRM}) == {FIRM: HOME[Role.DEVELOPER][1]}  # what it did keeps its name
    perform("organisations", "resume", by=actor(Role.SYSTEM_ADMIN), at=NOON, code=code, inputs=reason)
    assert is_active(FIRM)


def test_everybody_who_takes_part_sees_who_else_does_and_nobody_else():
    enrol_all()
    assert all(Organisation.objects.visible_to(actor(role)).count() == len(HOME) for role in Role)
    assert not Organisation.objects.visible_to(Actor("p", "无任用", FIRM, "530000")).exists()


def test_who_may_do_what_from_where():
    assert matrix(ORGANISATION, Facts()) == rows(MATRIX)
