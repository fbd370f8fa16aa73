"""law.md: rule → refusals → tests → pages, clock → figures → tests → pages, and article → what cites it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.docs.coverage import Held, coverage
from dianchi.interfaces.docs.known import refusals
from dianchi.interfaces.docs.markdown import NOTE, both, codes, table
from dianchi.kernel.law.articles import Article
from dianchi.kernel.law.gists import gist
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.law.rules import CLOCKS, RULES
from dianchi.kernel.parameters import PARAMETERS
from dianchi.kernel.text import Text

_ARTICLE = ("条文 Article", "要点 Gist", "规则 Rules", "事项 Acts", "拒绝代码 Codes", "参数 Parameters")


def law(tests: Path) -> str:
    """The whole document."""
    held = coverage(tests)
    return "\n".join([
        NOTE,
        "# 法规对照 The law in the code\n",
        "空白表示平台尚未落实。 A blank means that nothing holds it yet.\n",
        "## 规则 Rules\n",
        table(("规则", "内容 Rule", "依据 Articles", "拒绝代码 Codes", "测试 Tests", "页面 Pages"), _rules(held)),
        "## 时限和数值 Clocks and figures\n",
        table(("时限", "内容 Clock", "依据 Articles", "参数 Parameters", "测试 Tests", "页面 Pages"), _clocks(held)),
        "## 条文 Articles\n",
        table(_ARTICLE, _articles()),
    ])  # fmt: skip


def _rules(held: Mapping[str, Held]) -> Iterator[tuple[str, ...]]:
    for id_, rule in RULES.items():
        yield (id_, both(rule.title), _cited(rule.articles), *_held(held[id_], rule.by_hand))


def _clocks(held: Mapping[str, Held]) -> Iterator[tuple[str, ...]]:
    for id_, clock in CLOCKS.items():
        yield (
            id_,
            f"{both(clock.subject)}<br>{both(clock.figure)}",
            _cited(clock.articles),
            *_held(held[id_], clock.by_hand),
        )


def _cited(articles: tuple[Article, ...]) -> str:
    return "<br>".join(str(article.citation) for article in articles)


def _held(held: Held, by_hand: Text | None) -> tuple[str, str, str]:
    """What holds it; where no machine can, the human step stands in the place of the codes."""
    return codes(held.codes) or (both(by_hand) if by_hand else ""), codes(held.files), codes(held.pages)


def _articles() -> Iterator[tuple[str, ...]]:
    """Every provision that a rule, an act, a refusal or a parameter cites, by measure."""
    rules: dict[Article, list[str]] = {}
    acts: dict[Article, list[str]] = {}
    refused: dict[Article, list[str]] = {}
    figures: dict[Article, list[str]] = {}
    for id_, cited in [(r.id, r.articles) for r in RULES.values()] + [(c.id, c.articles) for c in CLOCKS.values()]:
        for article in cited:
            rules.setdefault(article, []).append(id_)
    for kind in case_types().values():
        for act in kind.lifecycle.acts:
            acts.setdefault(act.article, []).append(f"{kind.name}.{act.name}")
    for code, one in refusals().items():
        if one.refusal.article:
            refused.setdefault(one.refusal.article, []).append(code)
    for key, parameter in PARAMETERS.items():
        figures.setdefault(parameter.article, []).append(key)
    for article in sorted({*rules, *acts, *refused, *figures}, key=_order):
        yield (
            both(article.citation), str(gist(article) or ""), " ".join(rules.get(article, ())),
            codes(acts.get(article, ())), codes(refused.get(article, ())), codes(figures.get(article, ())),
        )  # fmt: skip


def _order(article: Article) -> tuple[int, int, int, int]:
    place = list(MEASURES).index(article.measure)
    return place, article.chapter or 0, article.number or 0, article.item or 0
