"""Opinions: bound to the digest of what was reviewed, blinded until all that are needed are in."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from dianchi.foundation.cases.models import Case, Opinion
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text


def valid_opinions(case: Case, act: str | None = None) -> QuerySet[Opinion]:
    """The opinions on the case as it is now; those on an earlier digest are void."""
    opinions = Opinion.objects.filter(case_type=case.lifecycle.name, case_code=case.code, digest=case.digest())
    return opinions.filter(act=act) if act else opinions


def visible_opinions(case: Case, actor: Actor) -> list[Opinion]:
    """All opinions that the actor may read now: one's own always, others' once all needed are in."""
    current = case.digest()
    every = Opinion.objects.filter(case_type=case.lifecycle.name, case_code=case.code).order_by("at", "id")
    return [o for o in every if o.person == actor.person or not _blinded(case, o, current, every)]


def _blinded(case: Case, opinion: Opinion, current: str, every: QuerySet[Opinion]) -> bool:
    rule = case.lifecycle.act(opinion.act).opinions
    if rule is None or not rule.blinded or opinion.digest != current:
        return False
    return sum(o.act == opinion.act and o.digest == current for o in every) < rule.needed


def add_opinion(case: Case, act: Act[Any], by: Actor, at: Any, inputs: Any) -> Opinion:
    """Record the actor's opinion on the case as it is now; one for each person."""
    if valid_opinions(case, act.name).filter(person=by.person).exists():
        message = Text("您已对当前内容提交过意见", "You have given your opinion on this content already")
        remedy = Text(
            "内容变更后原意见作废，方可重新提交", "Once the content changes it is void and you may give another"
        )
        raise RuleBroken(Refusal("cases.opinion-given", message, act.article, remedy, ("R66",)))
    return Opinion.objects.create(
        case_type=case.lifecycle.name, case_code=case.code, act=act.name, digest=case.digest(), person=by.person,
        organisation=by.organisation, favourable=inputs.favourable, reason=inputs.reason, at=at,
    )  # fmt: skip
