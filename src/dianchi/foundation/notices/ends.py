"""Terms whose end is told before it comes: a model names them as `ends`, and nothing else is needed."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class End:
    """A day on which something runs out, told so many days before: the parameter lists them, "180,90,60,30"."""

    field: str  # a date of the case
    states: Set[str]  # in which it runs
    parameter: str
    asks: Text  # what runs out: "授权运营协议到期"
    article: Article
    of: Set[Role]
