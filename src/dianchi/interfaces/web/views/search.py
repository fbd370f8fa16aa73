"""Search by code or name, over everything that the person may see."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from dianchi.foundation.cases import queries
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor


@acting
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One hit by code is opened at once."""
    words = request.GET.get("q", "").strip()[:80]
    found = queries.find(actor, words) if words else []
    exact = [(kind, case) for kind, case in found if case.code.lower() == words.lower()]
    if len(exact) == 1:
        kind, case = exact[0]
        return redirect(f"/cases/{kind.name}/{case.code}")
    return render(request, "web/search.html", {"words": words, "found": found})
