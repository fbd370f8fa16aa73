"""The shell around every page: one moment, one language, one actor, one reference number, one security policy."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from dianchi.foundation import clock
from dianchi.interfaces.web import problems, say
from dianchi.interfaces.web.actors import actor_of, capacities
from dianchi.kernel.errors import DomainError

log = logging.getLogger("dianchi.web")

POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
ELSEWHERE = ("/api/", "/gate/", "/healthz")  # they answer with problem documents and keep the time themselves


class Shell:
    """Sets `at`, `reference`, `capacities` and `actor` on the request and the policy on the response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request."""
        chosen = request.COOKIES.get(say.COOKIE, "zh")
        language = say.CODES["en" if chosen == "en" else "zh"]
        request.at = None if request.path.startswith(ELSEWHERE) else clock.now()
        request.reference = secrets.token_hex(4).upper()
        request.capacities = SimpleLazyObject(lambda: capacities(request, request.at or clock.now()))
        request.actor = SimpleLazyObject(lambda: actor_of(request))
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Content-Language", "en" if chosen == "en" else "zh-CN")
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal becomes a page that says why; anything else is a bug, logged once under its reference."""
        if request.path.startswith(ELSEWHERE):
            return None
        if isinstance(error, DomainError):
            return problems.refused(request, error)
        log.error("reference %s: %s %s", request.reference, request.method, request.path, exc_info=error)
        return problems.failed(request)
