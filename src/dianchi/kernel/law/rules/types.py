"""What a rule and a clock are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dianchi.kernel.law.articles import Article
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.text import Text


class Effect(StrEnum):
    """What follows when a prohibited condition holds."""

    BLOCK = "BLOCK"
    WARN = "WARN"


@dataclass(frozen=True)
class Rule:
    """A prohibition: where its condition is true, the act is blocked or a warning raised."""

    id: str
    title: Text
    condition: Text
    articles: tuple[Article, ...]
    mark: Mark
    effect: Effect = Effect.BLOCK
    by_hand: Text | None = None  # why no machine can hold it, and the human step that stands in for it


@dataclass(frozen=True)
class Clock:
    """A deadline or figure: about what, how much, whose duty ("—" where nobody in particular)."""

    id: str
    subject: Text
    figure: Text
    who: Text
    articles: tuple[Article, ...]
    mark: Mark
    by_hand: Text | None = None  # why nothing runs by it, and who looks after it
