"""Questions about own data."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.operation.holdings.lifecycle import State
from dianchi.chapters.operation.holdings.models import Holding
from dianchi.engines.guard import Column, Table
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

NOT_IN_USE = Refusal(
    "holdings.not-in-use",
    Text("自有数据未导入、已停用或属于他人，不能使用", "The own data are not imported, have ended or are another's"),
    cite("SAFE18", item=4),
    Text("请先完成来源证明、审批和导入", "Have their source proved and the import approved first"),
    ("R54",),
    "holdings",
)


def own_tables(codes: list[str], developer: str, at: datetime) -> dict[str, tuple[Table, str]]:
    """For each named own data its table name, its table for the guard (rule 8) and its code; RuleBroken if not usable."""
    if not codes:
        return {}
    found = Holding.objects.filter(code__in=codes, developer=developer, state=State.IN_USE).select_related("contract")
    usable = {h.code: h for h in found if contract_in_force(h.contract.code, at)}
    if set(codes) - usable.keys():
        raise RuleBroken(NOT_IN_USE)
    return {h.name: (_table(h), h.code) for h in usable.values()}


def _table(holding: Holding) -> Table:
    columns = {c["name"]: Column(c["name"], c["type"], frozenset({"select"})) for c in holding.columns}
    return Table(holding.name, columns, own=True)


def lapsed(at: datetime) -> list[Holding]:
    """What must end because its agreement no longer is in force."""
    live = Holding.objects.filter(state__in=(State.APPROVED, State.IN_USE)).select_related("contract")
    return [h for h in live if not contract_in_force(h.contract.code, at)]


def to_destroy() -> list[Holding]:
    """What has ended and is still there."""
    return list(Holding.objects.filter(state=State.ENDED))
