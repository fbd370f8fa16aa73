"""Finding and reading the catalogue: for anybody what is public, for those who take part all that is published."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.chapters.resources.catalogue import queries
from dianchi.foundation.cases.registry import case_type, get_case
from dianchi.interfaces.web import editions, parties, public
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.text import Text

SIZE = 20
NOT_PUBLIC = Refusal(
    "catalogue.not-public", Text("没有这一公开的目录", "There is no such public item"),
    remedy=Text("请在资源目录中检索", "Search the catalogue"),
)  # fmt: skip
FACETS = (
    ("provider", Text("数据提供单位", "Department")), ("region", Text("区划", "Region")), ("sector", Text("所属领域", "Sector")),
    ("frequency", Text("更新频率", "Frequency")), ("grade", Text("数据级别", "Grade")),
)  # fmt: skip
_SHOWN = 8  # values of a facet before the rest are folded


@dataclass(frozen=True)
class Choice:
    """One value of a facet, with the address that chooses it or takes it back."""

    label: Any
    count: int
    chosen: bool
    address: str


def _asked(request: HttpRequest) -> queries.Asked:
    given = {name: request.GET.get(name, "").strip()[:80] for name, _ in FACETS}
    return queries.Asked(words=request.GET.get("q", "").strip()[:80].replace("\0", ""), **given)


def _address(asked: queries.Asked, **changed: object) -> str:
    said = {("q" if k == "words" else k): v for k, v in asdict(asked).items()} | changed
    return "?" + urlencode({k: v for k, v in said.items() if v})


def _searched(request: HttpRequest, *, open_only: bool) -> dict[str, Any]:
    """What both pages show of a search."""
    asked = _asked(request)
    page = int(p) if (p := request.GET.get("page", "1")).isdigit() and 0 < int(p) < 100_000 else 1
    found = queries.search(asked, open_only=open_only, page=page, size=SIZE)
    items = {i.code: i for i in queries.items([r.code for r in found.rows])}
    known = parties.names({r.provider for r in found.rows} | {v for v, _ in found.facets.get("provider", ())})
    last = max(1, -(-found.total // SIZE))
    return {
        "asked": asked, "found": found, "page": min(page, last), "pages": last, "names": known,
        "rows": [(r, items.get(r.code), queries.frequency_label(r.frequency)) for r in found.rows],
        "facets": [(title, _choices(asked, name, found.facets.get(name, []), known)) for name, title in FACETS],
        "shown": _SHOWN, "previous": _address(asked, page=page - 1) if page > 1 else "",
        "following": _address(asked, page=page + 1) if page < last else "",
        "narrowed": any(asdict(asked).values()),
    }  # fmt: skip


def _choices(asked: queries.Asked, facet: str, values: list[tuple[str, int]], known: dict[str, str]) -> list[Choice]:
    now = getattr(asked, facet)
    return [
        Choice(_label(facet, v, known), n, v == now, _address(asked, **{facet: "" if v == now else v}))
        for v, n in values[:60] if v
    ]  # fmt: skip


def _label(facet: str, value: str, known: dict[str, str]) -> Any:
    if facet == "provider":
        return known.get(value, value)
    if facet == "region":
        return parties.region(value)
    return editions.word(facet, value) if facet in ("frequency", "grade") else value


def catalogue(request: HttpRequest) -> HttpResponse:
    """The public catalogue."""
    return render(request, "web/site/catalogue.html", _searched(request, open_only=True))


def item(request: HttpRequest, code: str) -> HttpResponse:
    """One public item."""
    found = queries.open_item(code.upper())
    if found is None:
        raise NotFound(NOT_PUBLIC)
    said = queries.description(found)
    about = {"item": said, "registration": public.registration_of(found.code, request.at)}  # type: ignore[attr-defined]
    return render(request, "web/site/item.html", about)


@acting
def find(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole published catalogue, for those who take part."""
    return render(request, "web/catalogue/find.html", _searched(request, open_only=not _takes_part(actor)))


def _takes_part(actor: Actor) -> bool:
    """Whether the actor sees published items as cases: administrators see what anybody does."""
    return bool(case_type("catalogue").model.objects.visible_to(actor).filter(state="published").exists())


@acting
def compare(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The editions of an item and what differs between two of them; `draft` is the change in preparation."""
    case = get_case("catalogue", code, actor)
    made = editions.compared(case, actor, request.GET.get("from", ""), request.GET.get("to", ""))
    return render(request, "web/catalogue/editions.html", {"case": case, "kind": case_type("catalogue"), **made})
