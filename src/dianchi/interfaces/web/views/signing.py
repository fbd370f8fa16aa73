"""Signing in and out, choosing the organisation and the language."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from dianchi.foundation import clock
from dianchi.foundation.identity.login import sign_in
from dianchi.interfaces.web import say
from dianchi.interfaces.web.access import safe_next
from dianchi.interfaces.web.actors import CHOSEN
from dianchi.kernel.errors import DomainError

BACKEND = "dianchi.foundation.identity.login.Backend"
YEAR = 365 * 24 * 3600


@sensitive_post_parameters("password")
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """The sign-in page."""
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"), "/work")
    if request.method != "POST":
        return redirect(target) if request.user.is_authenticated else _page(request, target)
    try:
        person = sign_in(request.POST.get("username", "").strip(), request.POST.get("password", ""), clock.now())
    except DomainError as refused:
        return _page(request, target, refused)
    login(request, person, backend=BACKEND)
    return redirect(target)


def _page(request: HttpRequest, target: str, refused: DomainError | None = None) -> HttpResponse:
    about = {
        "next": target,
        "reasons": refused.refusals if refused else (),
        "username": request.POST.get("username", ""),
    }
    return render(request, "web/sign_in.html", about, status=refused.status if refused else 200)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Signing out."""
    logout(request)
    return redirect("/")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act for another of one's organisations."""
    wanted = request.POST.get("organisation")
    if any(a.organisation == wanted for a in request.capacities):  # type: ignore[attr-defined]
        request.session[CHOSEN] = wanted
    return redirect("/work")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chinese or English, remembered by cookie."""
    response = redirect(safe_next(request, request.POST.get("next"), "/"))
    chosen = "en" if request.POST.get("language") == "en" else "zh"
    response.set_cookie(say.COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response
