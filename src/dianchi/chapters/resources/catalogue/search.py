"""Searching the published catalogue: by words, pinyin and synonyms, with facets; the same on SQLite and PostgreSQL.

SQLite keeps the words in an FTS5 table, PostgreSQL in an index over the text array; both are made by the migrations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Count, QuerySet, Value, When

from dianchi.chapters.resources.catalogue import words
from dianchi.chapters.resources.catalogue.models import Item, SearchEntry
from dianchi.chapters.resources.catalogue.states import GENERAL
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.actors import territory
from dianchi.kernel.divisions import DIVISIONS

FACETS = ("provider", "region", "sector", "frequency", "grade")


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; an empty text asks nothing."""

    words: str = ""
    provider: str = ""
    region: str = ""
    sector: str = ""
    frequency: str = ""
    grade: str = ""

    def admits(self, facet: str, value: str) -> bool:
        """Whether the value is what is asked for; a region holds those below it."""
        wanted = getattr(self, facet)
        if facet == "region" and wanted:
            return value.startswith(territory(wanted))
        return not wanted or value == wanted


@dataclass(frozen=True)
class Found:
    """How many there are, the rows of the page, and for each facet how many of each value, the most frequent first."""

    total: int
    rows: list[SearchEntry]
    facets: Mapping[str, list[tuple[str, int]]] = field(default_factory=dict)


@models.TextField.register_lookup
class Holds(models.Lookup):
    """`words__holds=query`: the words that a query asks for are there."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> Any:
        """The query taken apart; the expressions of the two databases are made from it."""
        return words.asked(str(self.rhs))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        """FTS5: every word quoted, a star behind the quotes."""
        said = " AND ".join(
            "(" + " OR ".join("(" + " AND ".join(_quoted(w) for w in way) + ")" for way in ways) + ")"
            for ways in self.rhs
        )  # fmt: skip
        if not said:
            return "1 = 0", []
        table = compiler.quote_name_unless_alias(SearchEntry._meta.db_table)
        return f"{table}.item_id IN (SELECT rowid FROM catalogue_search_words WHERE words MATCH %s)", [said]  # noqa: S608 # nosec B608  constants only

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[str]]:
        """Lexemes are compared as they are: no parser, no dictionary."""
        left, parameters = self.process_lhs(compiler, connection)
        said = " & ".join(
            "(" + " | ".join("(" + " & ".join(_lexeme(w) for w in way) + ")" for way in ways) + ")"
            for ways in self.rhs
        )  # fmt: skip
        if not said:
            return "FALSE", []
        return f"array_to_tsvector(string_to_array({left}, ' ')) @@ %s::tsquery", [*parameters, said]


def _quoted(word: str) -> str:
    return f'"{word[:-1]}"*' if word.endswith("*") else f'"{word}"'


def _lexeme(word: str) -> str:
    return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"


def search(asked: Asked, *, open_only: bool, page: int = 1, size: int = 20) -> Found:
    """One page of what is found; exact and beginning titles first, then the latest changes."""
    said, first = asked.words.strip(), (page - 1) * size
    if said:
        # Not `open=True`: SQLite would then walk that index and look every row up among the words, not the reverse.
        entries = SearchEntry.objects.filter(words__holds=said)
        entries = entries.exclude(open=False) if open_only else entries
        cube = list(entries.order_by().values_list(*FACETS).annotate(many=Count("*")))
        counts = _of_cube(cube, asked)
    else:
        entries = SearchEntry.objects.filter(open__in=(True,)) if open_only else SearchEntry.objects.all()
        counts = {facet: _counts(entries, asked, facet) for facet in FACETS}
    within = _narrowed(entries, asked)
    return Found(within.count(), list(_ordered(within, said)[first : first + size]), counts)


def _narrowed(entries: QuerySet[SearchEntry], asked: Asked, but: str = "") -> QuerySet[SearchEntry]:
    for facet in FACETS:
        if facet != but and (wanted := getattr(asked, facet)):
            exact = {facet: wanted} if facet != "region" else {"region__startswith": territory(wanted)}
            entries = entries.filter(**exact)
    return entries


def _counts(entries: QuerySet[SearchEntry], asked: Asked, facet: str) -> list[tuple[str, int]]:
    """Counts within the other facets, so that another value of the same facet can be chosen instead."""
    within = _narrowed(entries, asked, but=facet).order_by().values_list(facet).annotate(many=Count("*"))
    return sorted(within, key=lambda row: (-row[1], row[0]))


def _of_cube(cube: Iterable[tuple[Any, ...]], asked: Asked) -> dict[str, list[tuple[str, int]]]:
    """The same counts from one pass over what the words found."""
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    for row in cube:
        unfit = [i for i, facet in enumerate(FACETS) if not asked.admits(facet, row[i])]
        for i, facet in enumerate(FACETS):
            if not unfit or unfit == [i]:
                counts[facet][row[i]] += row[-1]
    return {f: sorted(values.items(), key=lambda v: (-v[1], v[0])) for f, values in counts.items()}


def _ordered(entries: QuerySet[SearchEntry], said: str) -> QuerySet[SearchEntry]:
    if not said:
        return entries.defer("words").order_by("-changed_at", "code")
    near = Case(
        When(title__iexact=said, then=Value(0)), When(title__istartswith=said, then=Value(1)),
        When(title__icontains=said, then=Value(2)), default=Value(3),
    )  # fmt: skip
    return entries.defer("words").annotate(near=near).order_by("near", "-changed_at", "code")


def is_open(case: Item) -> bool:
    """Whether anybody may read of it without signing in: published, of a general grade, and not banned (section G).

    Of important and core data even the list is not public; what may not be authorized is nobody's to ask for.
    """
    return case.grade in GENERAL and not case.state_secret and case.attribute != "FORBIDDEN"


def put(case: Item, at: datetime, provider: str = "") -> None:
    """Let the search find the item as it is now."""
    SearchEntry.objects.update_or_create(item=case, defaults=entry(case, at, provider))


def entry(case: Item, at: datetime, provider: str = "") -> dict[str, Any]:
    """The fields of its search entry."""
    name = provider or names({case.opened_for}).get(case.opened_for, "")
    division = DIVISIONS.get(case.region)
    columns = [f"{c['title']} {c['name']}" for c in case.items]
    return {
        "code": case.code, "title": case.title, "provider": case.opened_for, "region": case.region,
        "sector": case.sector, "frequency": case.update_frequency, "grade": case.grade, "open": is_open(case),
        "changed_at": at,
        "words": words.indexed(
            case.title, [name, str(division.name) if division else "", case.sector], [case.summary, case.code, *columns]
        ),
    }  # fmt: skip


def drop(case: Item) -> None:
    """The search no longer finds the item."""
    SearchEntry.objects.filter(item=case).delete()
