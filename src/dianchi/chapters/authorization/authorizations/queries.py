"""Questions about authorizations."""

from __future__ import annotations

from typing import Any

from dianchi.chapters.authorization.authorizations import lifecycle
from dianchi.chapters.authorization.authorizations.facts import FAILING, carved
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.chapters.resources.catalogue.queries import items
from dianchi.kernel.lifecycle import Guard
from dianchi.kernel.text import Text

_OF: dict[str, Guard[Any]] = {
    "ungraded": lifecycle.all_graded, "core": lifecycle.none_core, "secret": lifecycle.none_secret,
    "forbidden": lifecycle.none_forbidden, "unconsented": lifecycle.all_consented, "unassessed": lifecycle.all_assessed,
    "unknown": lifecycle.all_known,
}  # fmt: skip


def obstacles_of(codes: list[str]) -> dict[str, tuple[Text, ...]]:
    """For each catalogue code, why it may not be in a scope; nothing for those that may."""
    found: dict[str, tuple[Text, ...]] = {}
    for item in items(codes):
        failing = [name for name, fails in FAILING.items() if fails(item)]
        failing += ["unknown"] if item.state != "published" else []
        found[item.code] = tuple(_short(_OF[name].refusal.message) for name in failing)
    return found


def _short(message: Text) -> Text:
    """The sentence without the place where the names stand."""
    return Text(str(message).partition("：")[0], message.en.partition(": ")[0])


def withheld(case: Authorization) -> set[str]:
    """Resources of its scope that may not be used under it: carved out for another, or flagged as harmful."""
    return carved(case) | {h["resource"] for h in case.harms}
