"""Small pieces of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text

NOTE = "<!-- dianchi docs generate -->\n"


def both(text: Text | None) -> str:
    """Both languages on one line."""
    return "" if not text else str(text) if text == text.en else f"{text} · {text.en}"


def cell(value: str) -> str:
    """A text that cannot break its table."""
    return value.replace("\n", " ").replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; empty without rows."""
    lines = [f"| {' | '.join(cell(c) for c in row)} |" for row in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *lines]) + "\n" if lines else ""


def codes(values: Iterable[str]) -> str:
    """Codes, one below the other."""
    return "<br>".join(f"`{v}`" for v in values)


def cited(article: Article | None) -> str:
    """A citation as the pages show it."""
    return str(article.citation) if article else ""
