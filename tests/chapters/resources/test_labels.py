"""Every name that an engine knows has a word, and no word stands for a name that no engine knows."""

from __future__ import annotations

from dianchi.chapters.resources.catalogue.labels import AGGREGATE_LABELS, CATEGORY_LABELS, MASK_LABELS
from dianchi.chapters.resources.catalogue.uses import _SORTS
from dianchi.engines.classify import CATEGORIES
from dianchi.engines.guard.functions import _AGGREGATE
from dianchi.engines.guard.masks import MASKS


def test_categories_masks_and_aggregates_all_have_words() -> None:
    assert {name for name, _ in CATEGORY_LABELS} == {*CATEGORIES, *_SORTS} - {""}
    assert {name for name, _ in MASK_LABELS} == set(MASKS)
    assert {name for name, _ in AGGREGATE_LABELS} == {f.name for f in _AGGREGATE}
