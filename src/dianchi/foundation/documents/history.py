"""A case as it was at an entry of the ledger: every field that the acts up to there have set, replayed."""

from __future__ import annotations

import json
from typing import Any

from dianchi.foundation.cases.registry import case_type
from dianchi.foundation.ledger.models import Entry


def case_at(name: str, code: str, index: int) -> Any:
    """The case, unsaved, as the ledger tells it after the entry of that index.

    Personal fields stand in the ledger only as hashes: they are empty here.
    """
    kind = case_type(name)
    entries = Entry.objects.filter(case_type=name, case_id=code, outcome="done", index__lte=index).order_by("index")
    said: dict[str, Any] = {}
    state, version, last = "", 0, None
    opinions = {act.name for act in kind.lifecycle.acts if act.opinions}
    for entry in entries.filter(kind__startswith=f"{name}."):
        payload = json.loads(entry.payload)
        if entry.kind.partition(".")[2] not in opinions:  # an opinion is about the case, it is not what the case says
            said |= _plain(kind.model, payload.get("inputs", {}))
        said |= payload.get("changes", {})
        state, version, last = entry.to_state or state, payload.get("version", version), entry
    fields = {f.attname: f for f in kind.model._meta.concrete_fields}
    case = kind.model(**{n: fields[n].to_python(v) for n, v in said.items() if n in fields})
    case.code, case.state, case.version = code, state, version
    case.state_since = last.at if last else None
    return case


def _plain(model: Any, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs that the case has fields for, but not among what it says: reasons, whom it was shown to."""
    hidden = {*getattr(model, "personal_fields", ()), *getattr(model, "secret_fields", ())}
    return {k: v for k, v in inputs.items() if k not in hidden}


def editions(name: str, code: str) -> list[tuple[int, int]]:
    """Version and ledger index of every act that changed what the case says, oldest first."""
    entries = Entry.objects.filter(case_type=name, case_id=code, outcome="done", kind__startswith=f"{name}.")
    found = []
    for entry in entries.order_by("index"):
        payload = json.loads(entry.payload)
        if payload.get("changes"):
            found.append((payload.get("version", 0), entry.index))
    return found
