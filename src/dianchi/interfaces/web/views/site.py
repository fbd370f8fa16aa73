"""The public site: no login, fast, printable, indexable."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import public, sections
from dianchi.interfaces.web.facts import Fact
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.text import Text

MENU = (
    ("/", Text("首页", "Home")),
    ("/authorizations", Text("授权信息", "Authorizations")),
    ("/publicity", Text("登记公示", "Publicity")),
    ("/products", Text("产品与价格", "Products and prices")),
    ("/disclosure", Text("信息披露", "Disclosure")),
    ("/certificates", Text("证书核验", "Certificates")),
    ("/complaints", Text("投诉异议", "Complaints")),
)


def _page(request: HttpRequest, template: str, about: dict[str, Any]) -> HttpResponse:
    return render(request, f"web/site/{template}.html", about)


def home(request: HttpRequest) -> HttpResponse:
    """What is authorized, in publicity, and to be had at which price, with the figures; or what was searched."""
    at = request.at  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()[:80]
    if words:
        return _page(request, "search", {"words": words, "found": public.search(words)})
    about = {
        "figures": public.figures(), "authorizations": public.authorizations()[:6],
        "publicity": public.in_publicity(at)[:6], "offers": public.offers()[:6],
    }  # fmt: skip
    return _page(request, "home", about)


def authorizations(request: HttpRequest) -> HttpResponse:
    """What is authorized to whom until when."""
    return _page(request, "authorizations", {"authorizations": public.authorizations()})


def publicity(request: HttpRequest) -> HttpResponse:
    """Registrations in their publicity period with the days left, and those in force."""
    at = request.at  # type: ignore[attr-defined]
    return _page(request, "publicity", {"publicity": public.in_publicity(at), "registered": public.registered()})


def products(request: HttpRequest) -> HttpResponse:
    """Products with prices."""
    return _page(request, "products", {"offers": public.offers()})


def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product."""
    found = public.offer(code)
    if found is None:
        raise NotFound(Refusal("products.not-listed", Text("没有这个上架产品", "There is no such listed product"),
                               remedy=Text("请在产品目录中查找", "Look it up in the list of products")))  # fmt: skip
    host = settings.DIANCHI_GATE_ADDRESS or f"{request.scheme}://{request.get_host()}"
    about = {"offer": found, "call": public.example_call(found.product, host), "parameters": _parameters(found.product)}
    return _page(request, "product", about)


def _parameters(product: Any) -> Fact | None:
    """The parameters of a call as a table."""
    shape = sections.filled_by(case_type("products")).get("parameters", ("", None))[1]
    return sections.made(shape, product.parameters, None) if shape and product.parameters else None


def disclosure(request: HttpRequest) -> HttpResponse:
    """What the platform discloses."""
    return _page(request, "disclosure", {"disclosures": public.disclosures(), "figures": public.figures()})


def certificates(request: HttpRequest) -> HttpResponse:
    """Check a registration code."""
    code = request.GET.get("code", "").strip()[:80]
    return _page(request, "certificates", {"code": code, "found": public.by_query_code(code)})


def complaints(request: HttpRequest) -> HttpResponse:
    """How to object and complain."""
    return _page(request, "complaints", {"publicity": public.in_publicity(request.at)})  # type: ignore[attr-defined]


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this whatever the page says."""
    return redirect("/static/dianchi/favicon.svg", permanent=True)


def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be indexed, work may not."""
    return HttpResponse(
        "User-agent: *\nDisallow: /work\nDisallow: /cases/\nDisallow: /ledger/\n", content_type="text/plain"
    )
