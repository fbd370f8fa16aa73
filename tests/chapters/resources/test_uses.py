"""The profile of uses: what is tightened stays tight, what is too wide does not become narrow by adding."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.resources import column

from dianchi.chapters.resources.catalogue import uses
from dianchi.chapters.resources.catalogue.states import USES
from dianchi.engines.classify import CATEGORIES, Sort

CATEGORY = st.sampled_from(["", "plain", "identifier", "quasi-identifier", "sensitive", *CATEGORIES])
SOME = st.sets(st.sampled_from(USES)).map(lambda s: tuple(sorted(s)))
COLUMNS = st.builds(
    column,
    st.just("c"),
    st.just("列"),
    uses=SOME,
    category=CATEGORY,
    aggregates=st.sets(st.sampled_from(["count", "sum", "avg", "max"])).map(tuple),
    mask=st.sampled_from(["", "surname", "phone"]),
)


@given(COLUMNS)
def test_nothing_is_loosened_by_staying(c: dict[str, Any]) -> None:
    assert not uses.loosened(c, c)


@given(COLUMNS, COLUMNS, COLUMNS)
def test_two_tightenings_are_one(a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
    if not uses.loosened(a, b) and not uses.loosened(b, c):
        assert set(c["uses"]) <= set(a["uses"])
        assert set(c["aggregates"]) <= set(a["aggregates"])


@given(COLUMNS, SOME)
def test_adding_a_use_never_makes_it_narrow(c: dict[str, Any], more: tuple[str, ...]) -> None:
    wider = c | {"uses": sorted({*c["uses"], *more})}
    assert uses.too_wide(wider) or not uses.too_wide(c)


@given(COLUMNS)
def test_no_direct_identifier_is_ever_shown_grouped_or_compared(c: dict[str, Any]) -> None:
    if uses.sort(c) is Sort.DIRECT and not uses.too_wide(c):
        assert set(c["uses"]) <= {"mask", "join"}


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_the_uses_that_classification_proposes_are_never_too_wide(category: str) -> None:
    proposed = CATEGORIES[category]
    assert not uses.too_wide(column("c", "列", uses=proposed.uses, category=category, mask=proposed.mask))


@pytest.mark.parametrize(
    ("grade", "category", "low"),
    [
        ("GENERAL-1", "", True),  # any personal information is at least level 2
        ("GENERAL-2", "phone", False),
        ("GENERAL-2", "health", True),
        ("GENERAL-3", "health", False),
        ("IMPORTANT", "health", False),
    ],
)
def test_the_least_grade_of_personal_information(grade: str, category: str, low: bool) -> None:
    assert uses.too_low(grade, [column("c", "列", category=category)]) is low
