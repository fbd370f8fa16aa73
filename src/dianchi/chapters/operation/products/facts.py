"""The facts about a product."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dianchi.chapters.operation.products import kinds
from dianchi.chapters.operation.products.lifecycle import SETTINGS, Draft, Facts, State
from dianchi.chapters.operation.products.models import Product
from dianchi.chapters.operation.programs import compiling
from dianchi.chapters.operation.requests.models import Request
from dianchi.chapters.operation.requests.queries import grant
from dianchi.chapters.resources.registration.queries import registered
from dianchi.foundation.affiliations.queries import related
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.opinions import valid_opinions
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import RuleBroken


def gather(case: Product, by: Actor, at: datetime, inputs: object) -> Facts:
    """The query under its grant as it is now, the opinions on this content, the registration."""
    facts = _of_case(case, by, at) if case.state else Facts()
    if isinstance(inputs, Draft):
        taken = Product.objects.filter(slug=inputs.slug).exclude(pk=case.pk).exists()
        request = Request.objects.visible_to(by).filter(code=inputs.request).first()
        facts = replace(facts, slug_free=not taken)
        if request is None:
            return facts  # the door refuses references that the actor may not see
        return _compiled(facts, request, _written(inputs), None, at)
    if case.state in (State.DRAFT, State.SUBMITTED, State.APPROVED, State.DELISTED):
        return _compiled(facts, case.request, case.written, case.plan_digest, at)
    return facts


def _of_case(case: Product, by: Actor, at: datetime) -> Facts:
    opinions = list(valid_opinions(case, "review")) if case.state == State.SUBMITTED else []
    favourable = [o for o in opinions if o.favourable]
    reviewing = by.plays(Role.OPERATOR, Role.IMPLEMENTER) and case.state == State.SUBMITTED
    return Facts(
        yours=_yours(case, by),
        is_operator=case.operator == by.organisation,
        is_developer=case.developer == by.organisation,
        own_submission=case.submitted_by == by.person,
        own_organisation=case.developer == by.organisation,
        path=related(by.organisation, case.developer, at, case.region) if reviewing else None,
        has_opined=any(by.person == o.person or by.organisation == o.organisation for o in opinions),
        favourable=len(favourable),
        against=len(opinions) - len(favourable),
        organisations=len({o.organisation for o in favourable}),
        reviewed=case.approved_digest == case.plan_digest,
        registration_current=registered(case.code, at) is not None,
        registration_required=bool(value("product.require-registration-before-listing", case.region)),
    )


def _written(inputs: Draft) -> kinds.Written:
    sent = inputs.model_dump(mode="json")
    settings = {name: sent[name] for name in SETTINGS}
    return kinds.Written(inputs.sql, tuple(sent["parameters"]), inputs.kind, settings)


def _compiled(facts: Facts, request: Request, written: kinds.Written, digest: str | None, at: datetime) -> Facts:
    try:
        bound = compiling.bound_parameters(written.parameters)
    except ValueError:
        return replace(facts, parameters_sound=False)
    try:
        live = grant(request, at)
    except RuleBroken as refused:
        return replace(facts, grant_refusals=refused.refusals)
    unchanged = digest is None or digest == kinds.digest(written, live)
    return replace(facts, query_refusals=kinds.refusals(written, bound, live), digest_unchanged=unchanged)


def _yours(case: Product, by: Actor) -> bool:
    sides = {Role.OPERATOR: case.operator, Role.DEVELOPER: case.developer, Role.IMPLEMENTER: case.implementer}
    return by.plays(Role.BUREAU) or any(by.plays(role) and by.organisation == party for role, party in sides.items())
