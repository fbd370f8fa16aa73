"""One labelled value of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Fact:
    """One labelled value; `kind` says how it is shown."""

    label: Text
    kind: str
    value: Any = None
    href: str = ""
    wide: bool = False
