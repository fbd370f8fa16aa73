"""Refusals of the guard: a code, a sentence, the clause where it stands, the column, and what would make it legal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import Article, default
from dianchi.kernel.text import Text, localize


@dataclass(frozen=True)
class GuardRefusal(Refusal):
    """A refusal that points into the text of the query."""

    clause: str = ""
    line: int = 0
    col: int = 0
    column: str = ""

    def to_json(self, lang: str = "zh") -> dict[str, Any]:
        """The refusal as the command line and the API show it."""
        return {
            "code": self.code,
            "message": localize(self.message, lang),
            "clause": self.clause,
            "line": self.line,
            "col": self.col,
            "column": self.column,
            "remedy": localize(self.remedy, lang) if self.remedy else None,
        }


class Stop(Exception):
    """Raised inside a pass where nothing further can be said of the query."""


@dataclass(frozen=True)
class Says:
    """A kind of refusal, declared once: code, message and remedy with placeholders."""

    code: str
    message: Text
    remedy: Text | None = None

    def at(self, clause: str = "", line: int = 0, col: int = 0, column: str = "", **values: object) -> GuardRefusal:
        """This refusal about one place."""
        named = {"clause": clause, "column": column, **values}
        article: Article = default()
        return GuardRefusal(
            self.code,
            self.message.format(**named),
            article,
            self.remedy.format(**named) if self.remedy else None,
            (),
            column,
            clause,
            line,
            col,
            column,
        )
