"""What every template may ask."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dianchi.foundation import clock
from dianchi.foundation.notices import queries as told
from dianchi.interfaces.web import menu, say
from dianchi.interfaces.web.views.site import MENU


def shell(request: HttpRequest) -> dict[str, Any]:
    """Asked only when a template uses it, so that public pages pay for nothing."""
    return {
        "request": request,
        "at": request.at,  # type: ignore[attr-defined]
        "actor": request.actor,  # type: ignore[attr-defined]
        "language": say.language(),
        "site_menu": MENU,
        "sidebar": SimpleLazyObject(lambda: menu.sidebar(request.actor, request.at)),  # type: ignore[attr-defined]
        "waiting_total": SimpleLazyObject(lambda: sum(menu.waiting_counts(request.actor, request.at).values())),  # type: ignore[attr-defined]
        "unread": SimpleLazyObject(lambda: told.unread(request.actor)),  # type: ignore[attr-defined]
        "demonstration": SimpleLazyObject(clock.is_demonstration),
    }
