"""What the platform declares: kinds of case with their guards, and every other refusal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dianchi
from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.interfaces.docs.scan import declared
from dianchi.kernel.errors import Refusal
from dianchi.kernel.lifecycle import Deadline

PACKAGE = Path(dianchi.__file__).parent


@dataclass(frozen=True)
class Known:
    """A refusal, and the pages of the kinds of case where it is given."""

    refusal: Refusal
    pages: tuple[str, ...]


def page(kind: CaseType) -> str:
    """The address of a kind's pages."""
    return f"/cases/{kind.name}"


@cache
def refusals() -> Mapping[str, Known]:
    """Every refusal by code: the guards of the lifecycles, then whatever else the source declares."""
    found: dict[str, Known] = {}
    for kind in case_types().values():
        for act in kind.lifecycle.acts:
            for guard in act.provided:
                _add(found, guard.refusal, (page(kind),))
    folders = {f"{_package(kind)}.": page(kind) for kind in case_types().values()}
    for one in declared(PACKAGE):
        pages = [address for folder, address in folders.items() if f"{one.module}.".startswith(folder)]
        if one.refusal.code not in found or one.refusal.rules:
            _add(found, one.refusal, pages)
    return dict(sorted(found.items()))


def _package(kind: CaseType) -> str:
    return kind.model.__module__.rpartition(".")[0]


def _add(found: dict[str, Known], refusal: Refusal, pages: Iterable[str]) -> None:
    before = found.get(refusal.code)
    if before is None:
        found[refusal.code] = Known(refusal, tuple(pages))
        return
    together = tuple(sorted({*before.pages, *pages}))
    said = before.refusal if before.refusal.message else refusal
    rules = tuple(dict.fromkeys((*before.refusal.rules, *refusal.rules)))
    found[refusal.code] = Known(
        Refusal(said.code, said.message, said.article, said.remedy, rules, said.field), together
    )


def deadlines() -> list[tuple[CaseType, Deadline]]:
    """Every deadline with its kind of case."""
    return [(kind, deadline) for kind in case_types().values() for deadline in kind.lifecycle.deadlines]
