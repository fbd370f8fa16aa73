"""What the ledger says of a case, as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps

from dianchi.foundation import ledger
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.identity.queries import people
from dianchi.interfaces.web import parties
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text

PLATFORM = Text("平台", "Platform")
OTHERS = {  # entries about a case that are no acts
    "documents.freeze": Text("文书定稿存证", "Document frozen"),
    "gate.delivered": Text("交付答复", "Answer delivered"),
    "gate.refused": Text("调用被拒绝", "Call refused"),
}
NO_ENTRY = Refusal(
    "ledger.no-entry", Text("账本中没有该序号，或您无权查看", "The ledger has no such index, or it is not yours to see")
)


@dataclass(frozen=True)
class Moment:
    """One entry of the ledger about a case."""

    index: int
    at: datetime
    act: Act[Any] | None
    title: Text
    organisation: object
    roles: tuple[Role, ...]
    person: str
    to_state: Any  # the state that it led to; None where it stayed
    refused: bool
    sealed: bool


def entry(index: int) -> Any:
    """The entry of that index; raises NotFound."""
    found = apps.get_model("ledger", "Entry").objects.filter(pk=index).first()
    if found is None:
        raise NotFound(NO_ENTRY)
    return found


def title_of(kind: str) -> Text:
    """What an entry of that kind records."""
    name, _, verb = kind.partition(".")
    acts = case_types()[name].lifecycle.acts if name in case_types() else ()
    act = next((a for a in acts if a.name == verb), None)
    return act.title if act else OTHERS.get(kind, Text(kind, kind))


def of_case(case: Any) -> list[Moment]:
    """Newest first."""
    entries = apps.get_model("ledger", "Entry").objects.filter(case_type=case.lifecycle.name, case_id=case.code)
    rows = list(entries.order_by("-index"))
    names, known = parties.names({e.organisation for e in rows}), _persons(case)
    sealed = ledger.sealed_size()
    return [moment(case.lifecycle, e, names, known, sealed) for e in rows]


def moment(lifecycle: Any, found: Any, names: dict[str, str], known: dict[str, str], sealed: int) -> Moment:
    """One entry as people read it."""
    act = next((a for a in lifecycle.acts if a.name == found.kind.rpartition(".")[2]), None)
    states = {s.value: s for s in lifecycle.states} if found.to_state != found.from_state else {}
    return Moment(
        found.index, found.at, act, act.title if act else OTHERS.get(found.kind, Text(found.kind, found.kind)),
        names.get(found.organisation, PLATFORM), tuple(r for r in Role if r.value in found.role.split(",")),
        known.get(found.by, ""), states.get(found.to_state), found.outcome == "refused", found.index < sealed,
    )  # fmt: skip


def _persons(case: Any) -> dict[str, str]:
    """Names by the ledger's salted hash, of those whom the case itself names: other persons stay hashes."""
    ids = [case.opened_by, *(getattr(case, f.name) for f in case._meta.concrete_fields if f.name.endswith("_by"))]
    return {ledger.person_hash(pk): name for pk, name in people([i for i in ids if i]).items()}
