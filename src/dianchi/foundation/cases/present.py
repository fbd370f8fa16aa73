"""A case as plain values, the same for the API, the command line and exports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.cases import perform as door
from dianchi.foundation.cases.models import Case
from dianchi.foundation.cases.registry import CaseType, case_type
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Refusal
from dianchi.kernel.text import localize


def summary(case: Case, lang: str = "zh") -> dict[str, Any]:
    """What a list shows of a case."""
    return {
        "type": case.lifecycle.name,
        "code": case.code,
        "title": case.title,
        "state": case.state,
        "state_label": localize(case.lifecycle.state(case.state).label, lang),
        "version": case.version,
        "region": case.region,
        "opened_for": case.opened_for,
        "opened_at": canonical.plain(case.opened_at),
        "state_since": canonical.plain(case.state_since),
    }


def detail(case: Case, lang: str = "zh") -> dict[str, Any]:
    """The case with its facts and the digest that binds opinions and signatures."""
    hidden = {"code", "title", "region", "opened_for", *getattr(case, "secret_fields", ())}
    facts = {k: v for k, v in case.content().items() if k not in hidden}
    return summary(case, lang) | {"digest": case.digest(), "facts": canonical.plain(facts)}


def timeline(case: Case, lang: str = "zh") -> list[dict[str, Any]]:
    """What the ledger says of the case, oldest first. Persons stand in it only as salted hashes."""
    acts = {act.name: act for act in case.lifecycle.acts}
    rows = []
    for entry in Entry.objects.filter(case_type=case.lifecycle.name, case_id=case.code).order_by("index"):
        act = acts.get(entry.kind.rpartition(".")[2])
        rows.append({
            "index": entry.index,
            "kind": entry.kind,
            "title": localize(act.title, lang) if act else entry.kind,
            "at": canonical.plain(entry.at),
            "organisation": entry.organisation,
            "role": entry.role,
            "article": localize(act.article.citation, lang) if act else entry.article,
            "from_state": entry.from_state,
            "to_state": entry.to_state,
            "outcome": entry.outcome,
        })  # fmt: skip
    return rows


def refusal(reason: Refusal, lang: str = "zh") -> dict[str, Any]:
    """A refusal for a machine and a person."""
    return {
        "code": reason.code,
        "message": localize(reason.message, lang),
        "article": localize(reason.article.citation, lang) if reason.article else None,
        "article_key": reason.article.key if reason.article else None,
        "remedy": localize(reason.remedy, lang) if reason.remedy else None,
        "rules": list(reason.rules),
        "field": reason.field or None,
    }


def acts(case: Case, by: Actor, at: datetime, lang: str = "zh") -> list[dict[str, Any]]:
    """The acts from the case's state: which may be done, and for the others why not."""
    kind: CaseType = case_type(case.lifecycle.name)
    rows = []
    for act in kind.lifecycle.from_state(case.state):
        reasons = door.refusals(kind.name, act.name, by=by, at=at, case=case)
        rows.append({
            "act": act.name,
            "title": localize(act.title, lang),
            "by": sorted(act.by),
            "target": act.target or case.state,
            "article": localize(act.article.citation, lang),
            "allowed": not reasons,
            "refusals": [refusal(r, lang) for r in reasons],
        })  # fmt: skip
    return rows
