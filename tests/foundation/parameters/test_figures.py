"""Figures of the law: the default, the region's own, within what the law allows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.factories.people import NOON, actor, enrol_all

from dianchi.foundation.cases.figures import read, value
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.parameters.models import Setting
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, RuleBroken
from dianchi.kernel.parameters import PARAMETERS

pytestmark = pytest.mark.django_db
MINUTES = "security.lock-minutes"


@pytest.fixture(autouse=True)
def _organisations():
    enrol_all()


def set_figure(figure: str, region: str = "530000", key: str = MINUTES) -> Setting:
    inputs = {"key": key, "value": figure, "reason": "按检查意见调整"}
    return perform("parameters", "set", by=actor(Role.BUREAU, region=region), at=NOON, inputs=inputs).case


def test_the_nearest_setting_counts():
    assert value(MINUTES, "530102") == 30
    set_figure("40")
    assert value(MINUTES, "530102") == 40
    set_figure("50", "530100")
    assert (value(MINUTES, "530102"), value(MINUTES, "530400")) == (50, 40)
    set_figure("60", "530102")
    assert (value(MINUTES, "530102"), value(MINUTES, "530103")) == (60, 50)


def test_withdrawn_the_one_above_counts_again():
    set_figure("40")
    code = set_figure("50", "530100").code
    perform("parameters", "withdraw", by=actor(Role.BUREAU, region="530100"), at=NOON, code=code)
    assert value(MINUTES, "530102") == 40


@pytest.mark.parametrize("figure", ["4", "-1", "", "三十", "30.5", "NaN", "1e3", "30\n40"])
def test_what_the_law_does_not_admit_is_refused(figure: str):
    with pytest.raises((RuleBroken, Invalid)):
        set_figure(figure)
    assert value(MINUTES) == 30


def test_no_such_parameter():
    with pytest.raises(RuleBroken) as refused:
        set_figure("1", key="no.such-parameter")
    assert [r.code for r in refused.value.refusals] == ["parameters.unknown"]


@pytest.mark.parametrize("key", sorted(PARAMETERS))
def test_every_default_can_be_written_and_read_back(key: str):
    default = PARAMETERS[key].default
    figure = read(key, str(default).lower() if isinstance(default, bool) else str(default))
    assert figure == default
    assert type(figure) is type(default)


def test_yes_and_no_are_written_out():
    (key, *_) = [k for k, p in PARAMETERS.items() if isinstance(p.default, bool)]
    assert (read(key, "true"), read(key, "FALSE")) == (True, False)
    for text in ("yes", "1", "", "banana"):
        with pytest.raises(Invalid):
            read(key, text)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_a_rate_is_a_number(text: str):
    key = next(k for k, p in PARAMETERS.items() if isinstance(p.default, Decimal))
    with pytest.raises(Invalid):
        read(key, text)
