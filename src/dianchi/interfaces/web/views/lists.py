"""Lists: state chips with counts, filters, search, sort, pages, export; the address holds the view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from dianchi.foundation.cases import queries
from dianchi.foundation.cases.registry import CaseType, case_type
from dianchi.interfaces.web import extras, menu, parties, say, sections
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor, territory
from dianchi.kernel.workdays import SHANGHAI

SIZES = (20, 50, 100)
SORTS = ("-state_since", "state_since", "-opened_at", "opened_at", "title", "-title", "code", "-code")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORTED = 10_000  # rows at most in one file


@dataclass(frozen=True)
class View:
    """What the address asks for; anything unknown falls back to the usual."""

    words: str = ""
    state: str = ""
    region: str = ""
    within: bool = False  # the divisions inside the region too
    organisation: str = ""
    since: str = ""
    until: str = ""
    overdue: bool = False
    sort: str = "-state_since"
    size: int = SIZES[0]
    page: int = 1

    @classmethod
    def of(cls, asked: Any) -> View:
        """From the query string."""
        sort = asked.get("sort", "")
        size, page = asked.get("size", ""), asked.get("page", "")
        return cls(
            asked.get("q", "").strip()[:80], asked.get("state", ""), asked.get("region", ""),
            asked.get("within") == "1", asked.get("organisation", ""),
            _iso(asked.get("since")), _iso(asked.get("until")), asked.get("overdue") == "1",
            sort if sort in SORTS else SORTS[0], int(size) if size in map(str, SIZES) else SIZES[0],
            int(page) if page.isdigit() else 1,
        )  # fmt: skip

    def query(self, **changed: object) -> str:
        """The address of the same view with something changed; what is as usual is left out."""
        asked = {
            "q": self.words, "state": self.state, "region": self.region,
            "within": "1" if self.within else "", "organisation": self.organisation,
            "since": self.since, "until": self.until, "overdue": "1" if self.overdue else "",
            "sort": self.sort if self.sort != SORTS[0] else "", "size": self.size if self.size != SIZES[0] else "",
        } | changed  # fmt: skip
        return "?" + urlencode({k: v for k, v in asked.items() if v})

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered away."""
        return bool(self.words or self.region or self.organisation or self.since or self.until or self.overdue)


def _iso(text: str | None) -> str:
    try:
        return date.fromisoformat(text or "").isoformat()
    except ValueError:
        return ""


@acting
def cases(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """The list of one kind of case."""
    kind, view = case_type(name), View.of(request.GET)
    at: datetime = request.at  # type: ignore[attr-defined]
    found = narrowed(kind, actor, view, at)
    counts = queries.state_counts(kind, found, few=bool(view.words))
    if view.state:
        found = found.filter(state=view.state)
    page = Bounded(found.order_by(view.sort, "pk"), view.size).get_page(view.page)
    rows = list(page.object_list)
    about = {
        "kind": kind, "view": view, "page": page, "pages": page.paginator.get_elided_page_range(page.number),
        "rows": rows, "running": queries.running_of(rows), "columns": sections.columns(kind),
        "chips": [(s, counts.get(s.value, 0)) for s in kind.lifecycle.states], "total": sum(counts.values()),
        "openings": queries.openings(kind, actor), "links": extras.links(kind, actor), "group": dict(menu.GROUPS).get(menu.group_of(kind)),
        "organisations": parties.names(_distinct(name, actor, "opened_for")),
        "regions": parties.regions(_distinct(name, actor, "region")),
        "names": parties.names({row.opened_for for row in rows}), "sizes": SIZES, "sorts": _sorts(view),
    }  # fmt: skip
    fragment = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "web/parts/list.html" if fragment else "web/list.html", about)


class Bounded(Paginator):
    """Pages over as many as lists count: further back one narrows the list by dates, states or words."""

    @cached_property
    def count(self) -> int:
        """At most `MANY`."""
        return min(queries.counted(self.object_list), queries.MANY)


def _distinct(name: str, actor: Actor, field: str) -> set[str]:
    """What the filter offers: the values that occur among the latest that the actor may see."""
    return set(queries.visible(name, actor).order_by("-state_since").values_list(field, flat=True)[: queries.MANY])


def narrowed(kind: CaseType, actor: Actor, view: View, at: datetime) -> QuerySet[Any]:
    """What the view asks for among what the actor may see, the state left open."""
    found = queries.visible(kind.name, actor)
    if view.words:
        found = queries.holding(found, view.words)
    if view.region:
        found = (
            found.filter(region__startswith=territory(view.region)) if view.within else found.filter(region=view.region)
        )
    if view.organisation:
        found = found.filter(opened_for=view.organisation)
    if view.since:
        found = found.filter(opened_at__gte=_midnight(view.since))
    if view.until:
        found = found.filter(opened_at__lt=_midnight(view.until) + timedelta(days=1))
    if view.overdue:
        found = found.filter(code__in=queries.overdue_codes(kind.name, at))
    return found


def _midnight(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI)


def _sorts(view: View) -> dict[str, tuple[str, str]]:
    """For each sortable column the address that sorts by it next, and how it is sorted now."""
    found = {}
    for field in ("code", "title", "state_since", "opened_at"):
        now = "down" if view.sort == f"-{field}" else "up" if view.sort == field else ""
        found[field] = (view.query(sort=field if now == "down" else f"-{field}"), now)
    return found


@acting
def export(request: HttpRequest, actor: Actor, name: str) -> HttpResponse:
    """What is filtered, as a workbook."""
    kind, view = case_type(name), View.of(request.GET)
    at: datetime = request.at  # type: ignore[attr-defined]
    found = narrowed(kind, actor, view, at)
    if view.state:
        found = found.filter(state=view.state)
    rows = list(found.order_by(view.sort, "pk")[:EXPORTED])
    response = HttpResponse(
        _workbook(kind, rows), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    response["Content-Disposition"] = f'attachment; filename="{kind.name}-{say.day(at)}.xlsx"'
    return response


def _workbook(kind: CaseType, rows: list[Any]) -> bytes:
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = str(say.say(kind.lifecycle.title))[:31]
    columns = sections.columns(kind)
    head = [say.t("编号", "Code"), say.t("名称", "Title"), say.t("状态", "State"), say.t("机构", "Organisation"),
            say.t("区划", "Region"), *(str(say.say(c.label)) for c in columns), say.t("办理时限", "Due"),
            say.t("建立时间", "Opened"), say.t("状态更新时间", "State since")]  # fmt: skip
    sheet.append(head)
    running, names = queries.running_of(rows), parties.names({r.opened_for for r in rows})
    for row in rows:
        due = running.get((kind.name, row.code), [])
        sheet.append([
            row.code, _plain(row.title), str(say.say(row.lifecycle.state(row.state).label)),
            _plain(names.get(row.opened_for, row.opened_for)),
            str(say.say(parties.region(row.region))), *(_plain(sections.plain(c, row)) for c in columns),
            say.last_moment(due[0].due_at) if due else "", say.moment(row.opened_at), say.moment(row.state_since),
        ])  # fmt: skip
    for i, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(i)].width = 28 if i == 2 else 20
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(value: object) -> str:
    """Text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[1:2] else text
