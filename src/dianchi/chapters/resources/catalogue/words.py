"""Words as the search compares them: Chinese cut apart by jieba, pinyin by pypinyin, synonyms from a list.

A word is kept as itself; a title also as pairs of neighbouring characters, so that a word which the dictionary cuts
otherwise is still found, and as pinyin and initials from every character on, so that `xzqh` finds 行政区划.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pypinyin

_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
_LATIN = re.compile(r"[a-z0-9]+")
_LONGEST = 24  # characters of a pinyin word; longer ones are cut
_MOST = 12  # words of a query that count
# Words that stand in every title and tell nothing; searched for alone they still count.
_EMPTY = frozenset(["的", "了", "和", "与", "及", "等", "在", "为"])


@cache
def _jieba() -> Any:
    """The cutter with its dictionary, loaded on first use (about a second)."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    for group in _groups():
        for word in group:
            jieba.add_word(word)
    return jieba


@cache
def _groups() -> tuple[tuple[str, ...], ...]:
    text = files(__package__).joinpath("synonyms.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(tuple(line.split()) for line in lines)


@cache
def synonyms() -> Mapping[str, frozenset[str]]:
    """For each word the others that mean the same."""
    return {word: frozenset(group) - {word} for group in _groups() for word in group}


def normal(text: str) -> str:
    """One form for letters, digits and full-width characters."""
    return unicodedata.normalize("NFKC", text).lower()


def _cut(text: str) -> list[str]:
    """The words of a text, Chinese and Latin, also the words inside longer ones."""
    text = normal(text)
    found = [w for run in _HAN.findall(text) for w in _jieba().cut_for_search(run)]
    return [w for w in [*found, *_LATIN.findall(text)] if w not in _EMPTY]


def _pairs(text: str) -> list[str]:
    """Neighbouring characters, two by two; single characters too."""
    runs = _HAN.findall(normal(text))
    return [run[i : i + n] for run in runs for n in (1, 2) for i in range(len(run) - n + 1)]


def _pinyin(text: str) -> list[str]:
    """Pinyin and initials of each run of characters, from every character on."""
    found: list[str] = []
    for run in _HAN.findall(normal(text)):
        full = pypinyin.lazy_pinyin(run, errors="ignore")
        for i in range(len(full)):
            found.append("".join(full[i:])[:_LONGEST])
            found.append("".join(syllable[:1] for syllable in full[i:])[:_LONGEST])
    return found


def indexed(title: str, names: Iterable[str], texts: Iterable[str]) -> str:
    """The words of an item, apart from each other: of its title, of names beside it, and of longer texts."""
    names = list(names)
    words = _cut(title) + _pairs(title) + _pinyin(title)
    for name in names:
        words += _cut(name) + _pairs(name)
    for text in texts:
        words += _cut(text)
    return " ".join(dict.fromkeys(words))


def asked(query: str) -> list[list[list[str]]]:
    """What a query asks: all of these, each as one of several ways to say it, each way as words that all must be there.

    A word of letters may be the beginning of one, marked by a star.
    """
    text = normal(query)
    words = [w for run in _HAN.findall(text) for w in _jieba().cut(run)]
    useful = [w for w in words if w not in _EMPTY] or words
    return [_ways(w) for w in [*useful, *_LATIN.findall(text)]][:_MOST]


def _ways(word: str) -> list[list[str]]:
    if _LATIN.fullmatch(word):
        return [[f"{word}*"], *([other] for other in sorted(synonyms().get(word, ())))]
    ways = [[word], *([other] for other in sorted(synonyms().get(word, ())))]
    if len(word) > 2:
        ways.append([word[i : i + 2] for i in range(len(word) - 1)])
    return ways
