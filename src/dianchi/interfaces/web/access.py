"""Who may open a page: signed in, in a capacity."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from dianchi.interfaces.web.actors import actor_of
from dianchi.kernel.actors import Actor

View = Callable[..., HttpResponse]


def acting(view: View) -> View:
    """A page for people who act: gives the view the actor; strangers are asked to sign in."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(f"/sign-in?{urlencode({'next': request.get_full_path()})}")
        actor: Actor | None = actor_of(request)
        if actor is None:
            return render(request, "web/no_capacity.html", status=403)
        request.actor = actor  # type: ignore[attr-defined]
        return view(request, actor, *args, **kwargs)

    return asked


def safe_next(request: HttpRequest, wanted: str | None, otherwise: str) -> str:
    """Where to go next: only to ourselves."""
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return otherwise
