"""The public site: no login, fast, printable, indexable."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dianchi.chapters.resources.registration import checking
from dianchi.chapters.resources.registration import queries as registrations
from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import parties, public, sections
from dianchi.interfaces.web.facts import Fact
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, NotFound, Refusal
from dianchi.kernel.text import Text

MENU = (
    ("/", Text("首页", "Home")),
    ("/authorizations", Text("授权信息", "Authorizations")),
    ("/catalogue", Text("资源目录", "Catalogue")),
    ("/publicity", Text("登记公示", "Publicity")),
    ("/products", Text("产品与价格", "Products and prices")),
    ("/disclosure", Text("信息披露", "Disclosure")),
    ("/certificates", Text("证书核验", "Certificates")),
    ("/complaints", Text("投诉异议", "Complaints")),
)
NOT_IN_PUBLICITY = Refusal(
    "registration.not-in-publicity", Text("该登记不在公示期内", "This registration is not in publicity"),
    remedy=Text("请在登记公示栏目查看", "See the list of what is in publicity"),
)  # fmt: skip
NO_SUCH_CODE = Refusal(
    "certificates.no-such-code", Text("没有这个登记码", "There is no such registration code"),
    remedy=Text("请逐位核对", "Compare it character by character"),
)  # fmt: skip
NOT_DISCLOSED = Refusal(
    "disclosure.not-published", Text("没有这份已发布的披露", "There is no such published disclosure"),
    remedy=Text("请在信息披露栏目查看", "See the list of disclosures"),
)  # fmt: skip


def _page(request: HttpRequest, template: str, about: dict[str, Any]) -> HttpResponse:
    return render(request, f"web/site/{template}.html", about)


def home(request: HttpRequest) -> HttpResponse:
    """What is authorized, in publicity, and to be had at which price, with the figures; or what was searched."""
    at = request.at  # type: ignore[attr-defined]
    words = request.GET.get("q", "").strip()[:80]
    if words:
        return _page(request, "search", {"words": words, "found": public.search(words, at)})
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
    return _page(request, "publicity", {"publicity": public.in_publicity(at), "registered": public.registered(at)})


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


def disclosed(request: HttpRequest, code: str) -> HttpResponse:
    """One disclosure with its contents; `?format=json` for machines."""
    found = public.disclosure(code)
    if found is None:
        raise NotFound(NOT_DISCLOSED)
    case, facts = found
    if request.GET.get("format") == "json":
        said = {
            "code": case.code,
            "title": case.title,
            "year": case.year,
            "published_at": case.published_at,
            "contents": case.pack,
        }
        return HttpResponse(canonical.dumps(said), content_type="application/json")
    return _page(request, "disclosed", {"d": case, "facts": facts, "digest": case.digest()})


def disclosure(request: HttpRequest) -> HttpResponse:
    """What the platform discloses."""
    return _page(request, "disclosure", {"disclosures": public.disclosures(), "figures": public.figures()})


def publicized(request: HttpRequest, code: str) -> HttpResponse:
    """One registration in publicity: its four contents, and how to object."""
    found = public.publicized(code, request.at)  # type: ignore[attr-defined]
    if found is None:
        raise NotFound(NOT_IN_PUBLICITY)
    names = parties.names({found.opened_for, *found.co_registrants})
    about = {"r": found, "registrants": [names[c] for c in (found.opened_for, *found.co_registrants)]}
    return _page(request, "publicized", about)


def certificates(request: HttpRequest) -> HttpResponse:
    """Check a registration by its code, or a certificate by its file."""
    code = request.GET.get("code", "").strip()[:80]
    about: dict[str, Any] = {"code": code, "found": registrations.by_query_code(code), "refused": (), "checked": None}
    if request.method == "POST":
        file = request.FILES.get("file")
        data = (
            file.read(checking.LARGEST + 1) if isinstance(file, UploadedFile) else request.POST.get("text", "").encode()
        )
        try:
            about["checked"] = public.check_certificate(data)
        except Invalid as refused:
            about["refused"] = refused.refusals
    if about["found"]:
        names = parties.names({about["found"].opened_for, about["found"].registrar})
        about |= {"registrant": names.get(about["found"].opened_for), "registrar": names.get(about["found"].registrar)}
    return render(request, "web/site/certificates.html", about, status=422 if about["refused"] else 200)


def certificate(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The certificate of a code, as a signed file or as paper; whoever knows the code may have it."""
    found = registrations.by_query_code(code)
    if found is None:
        raise NotFound(NO_SUCH_CODE)
    if ending == "json":
        data, kind = canonical.dumps(registrations.certificate_file(found)), "application/json"
    else:
        address = request.build_absolute_uri(f"/certificates?code={found.query_code}")
        data, kind = registrations.certificate_paper(found, address), "application/pdf"
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{found.query_code}.{ending}"'
    return response


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this whatever the page says."""
    return redirect("/static/dianchi/favicon.svg", permanent=True)


def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be indexed, work may not."""
    return HttpResponse(
        "User-agent: *\nDisallow: /work\nDisallow: /cases/\nDisallow: /ledger/\n", content_type="text/plain"
    )
