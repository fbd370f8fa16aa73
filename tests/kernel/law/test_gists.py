"""Gists: one sentence in each language for every provision that rules, clocks and parameters cite, and for the core."""

from __future__ import annotations

import re

import pytest

from dianchi.kernel.law.articles import Article, cite, price65, reg26, spec27, yn
from dianchi.kernel.law.gists import GISTS, gist
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.law.rules import CLOCKS, RULES
from dianchi.kernel.parameters import PARAMETERS
from dianchi.kernel.text import Text

CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e]")
CORE = [
    *(spec27(n) for n in (3, 5, 6, *range(8, 17), *range(18, 25))),
    *(spec27(9, n) for n in range(1, 13)),
    *(spec27(14, n) for n in range(1, 14)),
    *(reg26(n) for n in (3, *range(5, 16), 19, 20)),
    *(price65(n) for n in range(1, 6)),
    *(yn(n) for n in range(1, 7)),
    *(cite("CIVIL", n) for n in (201, 202, 203)),
]
CITED = {
    article
    for entry in (*RULES.values(), *CLOCKS.values(), *PARAMETERS.values())
    for article in (entry.articles if hasattr(entry, "articles") else (entry.article,))
}


@pytest.mark.parametrize("article", sorted({*CORE, *CITED}, key=lambda a: a.key), ids=lambda a: a.key)
def test_every_cited_provision_has_a_gist(article: Article) -> None:
    assert gist(article)


@pytest.mark.parametrize(("article", "text"), GISTS.items(), ids=lambda v: v.key if isinstance(v, Article) else "")
def test_every_gist_is_one_bilingual_sentence(article: Article, text: Text) -> None:
    assert article.measure in MEASURES
    assert text.endswith("。")
    assert text.count("。") == 1
    assert text.en.endswith(".")
    assert not CJK.search(text.en), text.en
    assert not re.search("[A-Za-z,;]", text), text


def test_no_two_provisions_share_a_gist() -> None:
    assert len({str(text) for text in GISTS.values()}) == len(GISTS)
    assert len({text.en for text in GISTS.values()}) == len(GISTS)


def test_an_item_falls_back_to_its_article_and_the_unknown_to_none() -> None:
    assert gist(spec27(14, 2)) != gist(spec27(14))
    assert gist(reg26(12, 1)) == gist(reg26(12))
    assert gist(cite("PIPL", 99)) is None
    assert gist(cite("SAFE18", item=9)) == gist(cite("SAFE18"))
