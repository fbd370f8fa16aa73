"""What the acts of a source change besides its state."""

from __future__ import annotations

import base64
from pathlib import Path

from django.conf import settings

from dianchi.chapters.resources.sources import facts
from dianchi.chapters.resources.sources.lifecycle import SOURCES
from dianchi.chapters.resources.sources.models import Source
from dianchi.engines.crypto import INTERNATIONAL
from dianchi.engines.crypto.files import secret_file
from dianchi.foundation.cases.registry import CaseType, Doing


def connect(case: Source, doing: Doing) -> None:
    """A source lies where its resource lies; its secret is sealed at once."""
    if case.item is not None:
        case.region = case.item.region
    if doing.inputs.secret:
        case.sealed = seal(doing.inputs.secret, case.code)


def fetched(case: Source, doing: Doing) -> None:
    """When; a fetch that failed keeps the place from which the next goes on, and what was mapped stays so."""
    case.fetched_at = doing.at


def _key() -> bytes:
    return secret_file(Path(settings.DIANCHI_VAR) / "keys" / "sources")


def seal(secret: str, code: str) -> str:
    """The secret under the store's key, bound to the source."""
    return base64.b64encode(INTERNATIONAL.seal(_key(), secret.encode(), code.encode())).decode()


def opened(case: Source) -> str:
    """The secret, for the one who fetches; "" where there is none."""
    if not case.sealed:
        return ""
    return INTERNATIONAL.open(_key(), base64.b64decode(case.sealed), case.code.encode()).decode()


CASE = CaseType(SOURCES, Source, facts.gather, {"connect": connect, "change": connect, "fetched": fetched}, prefix="SY")
