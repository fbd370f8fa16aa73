"""What hangs on a case: the cases that refer to it, as far as the actor may see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.interfaces.web import menu
from dianchi.interfaces.web.facts import Fact
from dianchi.kernel.actors import Actor
from dianchi.kernel.text import Text

MOST = 20  # of one kind on a page; the list has the rest
# Fields that hold codes of other kinds of case as text, and what they hold codes of.
BY_CODE = {
    ("registration", "object_code"): ("catalogue", "products"),
    ("authorizations", "resources"): ("catalogue",),
    ("plans", "resources"): ("catalogue",),
    ("agreements", "resources"): ("catalogue",),
    ("contracts", "resources"): ("catalogue",),
    ("requests", "tables"): ("catalogue",),
    ("programs", "holdings"): ("holdings",),
    ("egress", "resources"): ("catalogue",),
}
# What is worth saying of a case beside its name and state.
TOLD = {
    "supply": (
        ("rows_accepted", "number", Text("入库行数", "Rows accepted")), ("rows_quarantined", "number", Text("隔离行数", "Set aside")),
        ("snapshot", "mono", Text("数据快照", "Snapshot")),
    ),
    "registration": (
        ("query_code", "mono", Text("登记码", "Registration code")), ("valid_to_on", "day", Text("有效期至", "Valid until")),
    ),
    "agreements": (("starts_on", "day", Text("起始日期", "From")), ("ends_on", "day", Text("终止日期", "To"))),
    "requests": (("ends_on", "day", Text("终止日期", "To")),),
    "tariffs": (("price_fen", "money", Text("收费标准", "Price")),),
    "settlement": (("amount_fen", "money", Text("金额", "Amount")),),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Cases of one kind that refer to the case."""

    kind: CaseType
    cases: list[Any]
    heads: list[Text] = field(default_factory=list)
    cells: list[list[Fact]] = field(default_factory=list)

    @property
    def rows(self) -> Iterator[tuple[Any, list[Fact]]]:
        """Each case with what is told of it."""
        return zip(self.cases, self.cells, strict=True)


def of(kind: CaseType, case: Any, actor: Actor) -> list[Group]:
    """The groups that hold something, in the order of the work."""
    order = {name: i for i, name in enumerate(menu.ORDER)}
    kinds = sorted(case_types().values(), key=lambda k: (order.get(k.name, len(order)), k.name))
    return [group for other in kinds if (group := _group(other, kind, case, actor)).cases]


def _group(other: CaseType, kind: CaseType, case: Any, actor: Actor) -> Group:
    found = _cases(other, kind, case, actor)
    told = TOLD.get(other.name, ()) if found else ()
    cells = [[_cell(label, how, getattr(c, name)) for name, how, label in told] for c in found]
    return Group(other, found, [label for _, _, label in told], cells)


def _cell(label: Text, how: str, value: Any) -> Fact:
    return Fact(label, how if value not in (None, "") else "empty", value)


def _cases(other: CaseType, kind: CaseType, case: Any, actor: Actor) -> list[Any]:
    said = models.Q()
    for column in other.model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey) and column.related_model is kind.model:
            said |= models.Q(**{column.name: case})
    rows = other.model.objects.visible_to(actor)
    for (name, column_name), targets in BY_CODE.items():
        if name == other.name and kind.name in targets:
            rows = rows.annotate(named_codes=Cast(column_name, models.TextField()))
            said |= models.Q(named_codes__contains=case.code)
    return list(rows.filter(said).order_by("-state_since", "-pk")[:MOST]) if said else []
