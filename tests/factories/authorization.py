"""Authorizations of the tests, built through the one door, up to an agreement in force."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dianchi.chapters.authorization.agreements.lifecycle import PARTS as AGREEMENT_PARTS
from dianchi.chapters.authorization.plans.contents import PARTS as PLAN_PARTS
from dianchi.chapters.authorization.plans.contents import POINTS as PLAN_POINTS
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.identity.models import Person
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.conditions import CONDITIONS
from tests.factories.accounts import account
from tests.factories.people import HOME, actor, enrol_all
from tests.factories.resources import LONG_AGO, a_published_item

TERM = {"starts_on": "2026-01-01", "ends_on": "2030-12-31"}
PLAN_CONTENTS = dict.fromkeys(PLAN_PARTS, "按规范编写的内容。")
AGREEMENT_CONTENTS = dict.fromkeys(AGREEMENT_PARTS, "双方约定的内容。")
PLAN_ARGUMENT = dict.fromkeys(PLAN_POINTS, "经测算论证充分。")
EXPERTS = ("expert.one", "expert.two", "expert.three")
PRODUCTS = [
    {"name": "州市疫情汇总", "purpose": "PUBLIC_GOVERNANCE"},
    {"name": "游客统计服务", "purpose": "INDUSTRY"},
]
IN_FAVOUR = {"favourable": True, "reason": "论证充分，可行。"}
OUTCOME = {"adoption": "意见均已采纳。", "fair_competition": "经审查，不存在排除、限制竞争的内容。"}
DECISION = {"minutes_number": "云政常纪〔2026〕3号", "decided_on": "2025-12-20"}
OPERATOR = HOME[Role.OPERATOR][0]


def proposal(resources: list[str], **changes: Any) -> dict[str, Any]:
    """A whole authorization of the province."""
    return (
        {"title": "云南省公共数据资源整体授权运营", "mode": "WHOLE", "region": "530000", "resources": resources}
        | TERM
        | changes
    )


def a_proposed_authorization(resources: list[str] | None = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A proposal; its resources are one published item unless codes are given."""
    enrol_all()
    inputs = proposal(resources or [a_published_item(at=at).code], **changes)
    return perform("authorizations", "propose", by=actor(Role.IMPLEMENTER), at=at, inputs=inputs).case


def an_approved_authorization(resources: list[str] | None = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """An approved authorization, endorsed by the sector authority where it is a sector's."""
    case = a_proposed_authorization(resources, at=at, **changes)
    if case.mode == "SECTOR":
        inputs = {"sector_document": "云卫办函〔2026〕8号"}
        perform("authorizations", "endorse", by=actor(Role.SECTOR), at=at, code=case.code, inputs=inputs)
    inputs = {"decision_document": "云政函〔2026〕12号"}
    return perform("authorizations", "approve", by=actor(Role.AUTHORIZER), at=at, code=case.code, inputs=inputs).case


def plan_inputs(authorization: Any, **changes: Any) -> dict[str, Any]:
    """A plan that covers all of the authorization."""
    return {
        "title": "云南省公共数据资源授权运营实施方案", "authorization": authorization.code, "contents": PLAN_CONTENTS,
        "argument": PLAN_ARGUMENT, "resources": authorization.resources, "products": PRODUCTS,
        "starts_on": str(authorization.starts_on), "ends_on": str(authorization.ends_on),
    } | changes  # fmt: skip


def a_draft_plan(authorization: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A plan being drafted."""
    authorization = authorization or an_approved_authorization(at=at)
    inputs = plan_inputs(authorization, **changes)
    return perform("plans", "draft", by=actor(Role.IMPLEMENTER), at=at, inputs=inputs).case


def some_experts(accounts: tuple[str, ...] = EXPERTS) -> list[Actor]:
    """Experts who can be invited."""
    people = [Person.objects.filter(username=name).first() or account(Role.EXPERT, username=name) for name in accounts]
    return [actor(Role.EXPERT, person=person.pk) for person in people]


def a_plan_in_argument(authorization: Any = None, *, at: datetime = LONG_AGO, departments: tuple[str, ...] = (),
                       **changes: Any) -> Any:  # fmt: skip
    """A plan that three experts are asked about, and these departments."""
    some_experts()
    case = a_draft_plan(authorization, at=at, **changes)
    inputs = {"experts": list(EXPERTS), "departments": list(departments)}
    return perform("plans", "submit", by=actor(Role.IMPLEMENTER), at=at, code=case.code, inputs=inputs).case


def a_submitted_plan(authorization: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A plan before the authorizing body, argued by three experts."""
    case = a_plan_in_argument(authorization, at=at, **changes)
    return reported(case.code, at=at)


def reported(code: str, *, at: datetime = LONG_AGO) -> Any:
    """The experts are in favour, and the plan is submitted for decision."""
    for expert in some_experts():
        perform("plans", "opine", by=expert, at=at, code=code, inputs=IN_FAVOUR)
    return perform("plans", "report", by=actor(Role.IMPLEMENTER), at=at, code=code, inputs=OUTCOME).case


def an_approved_plan(authorization: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A plan with its collective decision."""
    case = a_submitted_plan(authorization, at=at, **changes)
    return perform("plans", "approve", by=actor(Role.AUTHORIZER), at=at, code=case.code, inputs=DECISION).case


def announcement(plan: Any, **changes: Any) -> dict[str, Any]:
    """A negotiation under a plan."""
    return {
        "title": "云南省公共数据资源授权运营机构选择", "plan": plan.code, "method": "NEGOTIATION",
        "criteria": "资金、管理、技术、服务、安全能力各二十分。", "consultation": "已书面征求二十家单位意见。",
    } | changes  # fmt: skip


WEIGHTS = [{"name": "方案可行性", "weight": 60}, {"name": "安全可控", "weight": 40}]
MEETS = [{"condition": name, "met": True, "evidence": f"{label}证明"} for name, label in CONDITIONS]


def tender(plan: Any, at: datetime, **changes: Any) -> dict[str, Any]:
    """An open tender whose bids are opened thirty days later."""
    opens_at = (at + timedelta(days=30)).isoformat()
    return announcement(plan, method="OPEN_TENDER", weights=WEIGHTS, opens_at=opens_at) | changes


def an_announced_selection(plan: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """A selection that has begun."""
    inputs = announcement(plan or an_approved_plan(at=at), **changes)
    return perform("selection", "announce", by=actor(Role.IMPLEMENTER), at=at, inputs=inputs).case


def a_publicized_selection(plan: Any = None, *, operator: str = OPERATOR, at: datetime = LONG_AGO) -> Any:
    """A selection whose candidate is publicized."""
    code, by = an_announced_selection(plan, at=at).code, actor(Role.IMPLEMENTER)
    perform(
        "selection", "evaluate", by=by, at=at, code=code, inputs={"candidates": [{"uscc": operator, "score": "92.5"}]}
    )
    return perform("selection", "publicize", by=by, at=at, code=code).case


def a_determined_selection(plan: Any = None, *, operator: str = OPERATOR, at: datetime = LONG_AGO) -> Any:
    """A selection with its operator; the last step is done when the publicity is over."""
    case = a_publicized_selection(plan, operator=operator, at=at)
    return perform("selection", "determine", by=actor(Role.IMPLEMENTER), at=case.publicity_until, code=case.code,
                   inputs={"operator": operator, "conditions": MEETS}).case  # fmt: skip


def agreement_inputs(selection: Any, **changes: Any) -> dict[str, Any]:
    """An agreement over all of the plan."""
    plan = selection.plan
    return {
        "title": "云南省公共数据资源授权运营协议", "selection": selection.code, "contents": AGREEMENT_CONTENTS,
        "resources": plan.resources, "products": [p["name"] for p in plan.products],
        "starts_on": str(plan.starts_on), "ends_on": str(plan.ends_on),
    } | changes  # fmt: skip


def a_draft_agreement(selection: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """An agreement being drafted."""
    inputs = agreement_inputs(selection or a_determined_selection(at=at), **changes)
    return perform("agreements", "draft", by=actor(Role.IMPLEMENTER), at=at, inputs=inputs).case


def a_concluded_agreement(selection: Any = None, *, at: datetime = LONG_AGO, **changes: Any) -> Any:
    """An agreement that both parties have signed."""
    case, by = a_draft_agreement(selection, at=at, **changes), actor(Role.IMPLEMENTER)
    perform("agreements", "decide", by=by, at=at, code=case.code, inputs=DECISION)
    perform("agreements", "sign", by=by, at=at, code=case.code)
    operator = actor(Role.OPERATOR, organisation=case.operator)
    return perform("agreements", "countersign", by=operator, at=at, code=case.code).case


def an_agreement_in_force(resources: list[str] | None = None, *, operator: str = OPERATOR, at: datetime = LONG_AGO,
                          authorization: dict[str, Any] | None = None, **changes: Any) -> Any:  # fmt: skip
    """A filed agreement over these catalogue codes, in force from 2026-01-01 to 2030-12-31.

    `authorization` changes the proposal, other keywords the agreement; the chain ends a few days after `at`.
    """
    plan = an_approved_plan(an_approved_authorization(resources, at=at, **(authorization or {})), at=at)
    selection = a_determined_selection(plan, operator=operator, at=at)
    case = a_concluded_agreement(selection, at=at + timedelta(days=7), **changes)
    return perform("agreements", "file", by=actor(Role.BUREAU), at=at + timedelta(days=8), code=case.code).case
