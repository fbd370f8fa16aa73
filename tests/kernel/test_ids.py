"""Case codes: shape, order, determinism, and every slip of the pen found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dianchi.kernel import ids
from dianchi.kernel.errors import Invalid

times = st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
prefixes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=6)
codes = st.builds(lambda prefix, at, seed: ids.new_code(prefix, at, Random(seed)), prefixes, times, st.integers())


@given(prefixes, times, st.integers())
def test_the_same_seed_gives_the_same_valid_code(prefix: str, at: datetime, seed: int) -> None:
    code = ids.new_code(prefix, at, Random(seed))
    assert code == ids.new_code(prefix, at, Random(seed))
    assert ids.is_code(code)
    assert ids.code(code) == code
    assert not set(code[len(prefix) :]) & set("ILOU")


@given(times, st.integers(0, 10**6), st.integers())
def test_codes_sort_by_time(at: datetime, later: int, seed: int) -> None:
    other = at + timedelta(seconds=31 + later)
    assert ids.new_code("HT", at, Random(seed)) < ids.new_code("HT", other, Random(~seed))


@given(codes, st.data())
def test_one_wrong_character_is_found(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1).filter(lambda i: code[i] != "-"))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if place < code.index("-") else ids.ALPHABET
    other = data.draw(st.sampled_from(letters))
    wrong = code[:place] + other + code[place + 1 :]
    assert ids.is_code(wrong) == (wrong == code)


@given(codes, st.data())
def test_two_swapped_characters_are_found(code: str, data: st.DataObject) -> None:
    places = st.integers(code.index("-") + 1, len(code) - 1).filter(lambda i: code[i] != "-")
    i, j = data.draw(places), data.draw(places)
    swapped = list(code)
    swapped[i], swapped[j] = swapped[j], swapped[i]
    wrong = "".join(swapped)
    assert ids.is_code(wrong) == (wrong == code)


def test_the_year_is_that_of_shanghai() -> None:
    assert ids.new_code("HT", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)).startswith("HT-2027-0000")


def test_a_typed_code_is_tidied() -> None:
    code = ids.new_code("SQ", datetime(2026, 1, 1, tzinfo=ids.SHANGHAI), Random(7))
    assert "0" in code[8:]
    assert ids.code(f"  {code.lower().replace('0', 'o')} ") == code
    with pytest.raises(Invalid, match=r"code\.not-a-case-code"):
        ids.code("HT-2026-00000-00001")


def test_many_codes_of_one_moment_differ() -> None:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    random = Random(1)
    assert len({ids.new_code("HT", at, random) for _ in range(500)}) == 500


def test_misuse_is_an_error() -> None:
    with pytest.raises(ValueError, match="prefix"):
        ids.new_code("ht", datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(TypeError):
        ids.new_code("HT", datetime(2026, 1, 1))  # noqa: DTZ001
