"""The emergency watch: what is open, who is ready, what was drilled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.interfaces.web import supervising
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor


@acting
def watch(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Of the cases that the actor may see, and of the parties in the actor's territory."""
    about = supervising.emergency(actor, request.at)  # type: ignore[attr-defined]
    return render(request, "web/supervision/emergency.html", about)
