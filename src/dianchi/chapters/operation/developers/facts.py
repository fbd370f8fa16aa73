"""The facts about an admission."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dianchi.chapters.authorization.agreements.queries import live
from dianchi.chapters.operation.developers.inputs import (
    CONDITIONS,
    GROUNDS,
    Approach,
    Material,
    Recheck,
    Rejection,
    Review,
)
from dianchi.chapters.operation.developers.lifecycle import Facts
from dianchi.chapters.operation.developers.models import OPEN, Admission
from dianchi.chapters.operation.developers.queries import barred
from dianchi.chapters.operation.developers.ranking import ahead, better_admitted, weighed
from dianchi.chapters.operation.scenarios.lifecycle import State as ScenarioState
from dianchi.chapters.operation.scenarios.models import Scenario
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.opinions import valid_opinions
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import local_day


def gather(case: Admission, by: Actor, at: datetime, inputs: object) -> Facts:
    """Both parties as they stand now, the checklist as it was sent, the opinions as they are."""
    if isinstance(inputs, Approach):
        return _of_approach(case, by, at, inputs)
    if not case.state:
        return Facts()
    opinions = valid_opinions(case, "review")
    facts = replace(
        between(case.operator, case.developer, at, case.region),
        is_operator=by.organisation == case.operator,
        is_developer=by.organisation == case.developer,
        own_material=case.submitted_by == by.person,
        unproved=unproved(case.checklist, local_day(at)),
        complained=case.complained,
        higher_ranked=ahead(case),
        opinions=opinions.count(),
        favourable=opinions.filter(favourable=True).count(),
    )
    if isinstance(inputs, Material | Recheck):
        return replace(facts, unproved=unproved([e.model_dump(mode="json") for e in inputs.checklist], local_day(at)))
    if isinstance(inputs, Review):
        return replace(facts, scores_complete=_complete(case, inputs))
    if isinstance(inputs, Rejection):
        return replace(
            facts, ground_known=inputs.ground in dict(GROUNDS), ground_true=_true(case, inputs.ground, facts)
        )
    return facts


def between(operator: str, developer: str, at: datetime, region: str) -> Facts:
    """What stands between the two organisations now."""
    body = organisation(developer)
    admitted = body is not None and body.state == "active"
    if admitted and not body.legal_person:
        admitted = bool(value("developer.allow-unincorporated", region))
    return Facts(
        operator_authorized=live(at).filter(operator=operator).exists(),
        developer_known=admitted,
        path=related(operator, developer, at, region),
        barred=barred(developer, at, region),
    )


def _complete(case: Admission, inputs: Review) -> bool:
    """Where the scenario has published weights, each criterion is scored once and the total follows from them."""
    weights = {w["name"]: w["weight"] for w in case.scenario.weights} if case.scenario else {}
    if not weights:
        return not inputs.scores
    given = [s.criterion for s in inputs.scores]
    if sorted(given) != sorted(weights):
        return False
    return inputs.score == weighed([s.model_dump() for s in inputs.scores], weights)


def unproved(checklist: list[dict[str, Any]], today: date) -> tuple[Text, ...]:
    """The conditions that are not met, have no evidence, or whose evidence has run out."""
    proved = {
        e["condition"]
        for e in checklist
        if e["met"] and e["evidence"] and str(e.get("valid_until") or today) >= str(today)
    }
    return tuple(label for condition, label in CONDITIONS if condition not in proved)


def _of_approach(case: Admission, by: Actor, at: datetime, inputs: Approach) -> Facts:
    invited = by.plays(Role.OPERATOR)
    operator, developer = (by.organisation, inputs.counterpart) if invited else (inputs.counterpart, by.organisation)
    scenario = Scenario.objects.visible_to(by).filter(code=inputs.scenario).first()
    calls = scenario is not None and scenario.state == ScenarioState.PUBLISHED and scenario.operator == operator
    return replace(
        between(operator, developer, at, case.region),
        scenario_calls=calls or not (invited or inputs.scenario),
        no_other_open=not Admission.objects.filter(operator=operator, developer=developer, state__in=OPEN).exists(),
    )


def _true(case: Admission, ground: str, facts: Facts) -> bool:
    """Whether the record bears the ground out, for those grounds that can be read from it."""
    if ground == "condition-unmet":
        return bool(facts.unproved)
    if ground == "affiliate":
        return facts.path is not None
    if ground == "lower-ranked":
        return case.scenario is not None and (facts.opinions > facts.favourable or better_admitted(case))
    return True
