"""Names of organisations, people and divisions, as they are shown."""

from __future__ import annotations

from collections.abc import Iterable

from dianchi.foundation.organisations import queries
from dianchi.kernel.divisions import DIVISIONS
from dianchi.kernel.text import Text


def names(usccs: Iterable[str]) -> dict[str, str]:
    """Names by unified social credit code; an unknown code is its own name."""
    wanted = {u for u in usccs if u}
    known = queries.names(wanted)
    return {u: known.get(u, u) for u in wanted}


def region(code: str) -> Text:
    """The name of a division; an unknown code is its own name."""
    found = DIVISIONS.get(code)
    return found.name if found else Text(code, code)


def regions(codes: Iterable[str]) -> dict[str, Text]:
    """Names by division code, in code order."""
    return {code: region(code) for code in sorted(set(codes))}
