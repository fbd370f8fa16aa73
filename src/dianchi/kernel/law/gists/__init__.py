"""What a cited provision says, in one sentence of our own words, for the card that opens on a citation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from dianchi.kernel.law.articles import Article
from dianchi.kernel.law.gists.operation import OPERATION
from dianchi.kernel.law.gists.others import OTHERS
from dianchi.kernel.law.gists.registration import REGISTRATION
from dianchi.kernel.law.gists.statutes import STATUTES
from dianchi.kernel.text import Text

GISTS: Mapping[Article, Text] = MappingProxyType(OPERATION | REGISTRATION | STATUTES | OTHERS)


def gist(article: Article) -> Text | None:
    """The gist of the provision, of its whole article where the item has none of its own, or None."""
    return GISTS.get(article) or (GISTS.get(replace(article, item=None)) if article.item else None)
