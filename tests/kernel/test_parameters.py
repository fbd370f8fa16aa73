"""Parameters: the law's figures as read in the dossier, bounds that hold them, well-formed entries."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.kernel.errors import Invalid
from dianchi.kernel.law.articles import Status, reg26
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.parameters import PARAMETERS, Parameter, Unit

FIGURES = {  # independent list, from sections C, E and F of the dossier
    "registration.acceptance-days": 3,
    "registration.form-review-days": 20,
    "registration.publicity-days": 10,
    "registration.first-days": 20,
    "registration.legacy-days": 30,
    "registration.cancellation-days": 10,
    "registration.validity-years": 3,
    "registration.renewal-years": 3,
    "registration.renewal-window-days": 60,
    "agreement.max-years": 5,
    "agreement.filing-days": 10,
    "plan.filing-days": 10,
    "selection.publicity-days": 3,
    "scenario.formal-check-days": 3,
    "scenario.review-days": 10,
    "scenario.expert-days": 15,
    "request.review-days": 10,
    "request.provision-days": 20,
    "developer.related-ownership-threshold.record": Decimal("0.05"),
    "developer.related-ownership-threshold.related": Decimal("0.25"),
    "developer.related-ownership-threshold.control": Decimal("0.5"),
    "quality.ticket-days": 10,
    "pricing.max-spread-points": Decimal(6),
    "pricing.deviation-threshold": Decimal("0.10"),
    "pricing.evaluation-years": 3,
    "pricing.report-due": "03-31",
    "disclosure.due": "03-31",
    "incident.report-hours": 4,
    "incident.report-hours-critical": 1,
    "incident.report-hours-central": 2,
    "incident.flaw-hours": 24,
    "incident.summary-days": 30,
    "complaint.acknowledge-days": 2,
    "complaint.answer-days": 15,
    "guard.min-subjects": 5,
    "guard.min-subjects-sensitive": 10,
    "guard.dominance-one": Decimal("0.85"),
    "guard.dominance-two": Decimal("0.90"),
    "log.retention-months": 6,
    "record.retention-years": 3,
    "security.lock-after-failures": 5,
    "security.lock-minutes": 30,
    "security.idle-minutes": 30,
    "staleness.factor": Decimal("1.5"),
    "product.require-registration-before-listing": True,
    "authorization.scenario-mode": False,
    "trial.full-year-months": 12,
}


@pytest.mark.parametrize(("key", "figure"), FIGURES.items())
def test_the_figure_is_the_dossiers(key: str, figure: object) -> None:
    assert PARAMETERS[key].default == figure
    assert type(PARAMETERS[key].default) is type(figure)


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS.keys())
def test_every_parameter_is_well_formed(parameter: Parameter) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z]+(-[a-z]+)*)+", parameter.key)
    assert parameter.check(parameter.default) == parameter.default
    assert parameter.article.measure in MEASURES
    assert (parameter.minimum is None) == (parameter.maximum is None)
    assert (parameter.unit is Unit.NONE) == isinstance(parameter.default, bool | str) or parameter.unit in (
        Unit.DAYS,
        Unit.HOSTS,
    )
    assert all(re.fullmatch(r"R([1-9]|[1-6]\d|7[0-5])|E([1-9]|[1-3]\d|4[01])", rule) for rule in parameter.rules)
    if MEASURES[parameter.article.measure].status is Status.DEFAULT:
        assert parameter.mark in {Mark.DEFAULT, Mark.PRACTICE}
    if parameter.mark is Mark.LAW:
        assert MEASURES[parameter.article.measure].status is not Status.DEFAULT


def test_only_defaults_may_be_overridden_beyond_the_laws_figure() -> None:
    law = [p for p in PARAMETERS.values() if p.mark is Mark.LAW and type(p.default) is not bool and p.maximum]
    assert len(law) > 20
    for p in law:
        assert p.default in (p.minimum, p.maximum), p.key


@given(st.integers(-10, 100))
def test_an_override_keeps_the_bounds(value: int) -> None:
    acceptance = PARAMETERS["registration.acceptance-days"]
    if 1 <= value <= 3:
        assert acceptance.check(value) == value
    else:
        with pytest.raises(Invalid) as refused:
            acceptance.check(value)
        (refusal,) = refused.value.refusals
        assert refusal.code == "parameter.out-of-bounds"
        assert refusal.article == reg26(10)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("registration.acceptance-days", True),
        ("registration.acceptance-days", "3"),
        ("registration.acceptance-days", Decimal(3)),
        ("authorization.scenario-mode", 1),
        ("pricing.max-spread-points", "6"),
        ("disclosure.due", "13-31"),
        ("disclosure.due", "3-31"),
        ("disclosure.due", "02-30"),
        ("disclosure.due", ""),
        ("disclosure.reminders", "01-01,,03-01"),
        ("agreement.expiry-alerts", "180,x"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        PARAMETERS[key].check(value)  # type: ignore[arg-type]
    assert refused.value.refusals[0].code == "parameter.wrong-kind"


def test_an_integer_serves_for_a_decimal_and_lists_may_change_length() -> None:
    value = PARAMETERS["pricing.max-spread-points"].check(4)
    assert value == Decimal(4)
    assert isinstance(value, Decimal)
    assert PARAMETERS["agreement.expiry-alerts"].check("90,30") == "90,30"
    assert PARAMETERS["disclosure.reminders"].check("02-29") == "02-29"


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("6.01")])
def test_no_figure_beyond_measure_passes(value: Decimal) -> None:
    with pytest.raises(Invalid, match="out-of-bounds"):
        PARAMETERS["pricing.max-spread-points"].check(value)
