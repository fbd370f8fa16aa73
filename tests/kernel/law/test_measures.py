"""The measures: every key of the dossier is there, titled in both languages, dated where dates are known."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dianchi.kernel.law.articles import Measure, Status, cite, spec27
from dianchi.kernel.law.measures import MEASURES

CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e]")
DOSSIER = (
    "SEED YN SPEC27 REG26 PRICE65 SAFE18 DISC OPIN DSL PIPL CSL NDR GIO CER YNPD YNREG YX25 DL23 KM25 PE25 SH25 SHREG "
    "GZ24 GD25 JX25 ZJ23 ZJ25 BJ23 QZ24 YC25 FJP HBP AH25 GZS24 GZS25 HB25 HN25 GS25 HNPROTO NRP "
    "GBT22239 GBT39786 GBT36344 GBT43697 GBT37964 GB32100 GB11643 GBT2260 CIVIL BID"
)


def test_every_text_of_the_dossier_is_known() -> None:
    assert set(DOSSIER.split()) <= set(MEASURES)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES.keys())
def test_every_measure_is_well_formed(measure: Measure) -> None:
    assert CJK.search(measure.title)
    for text in (measure.title, measure.short):
        assert text.en
        assert not CJK.search(text.en), text.en
    assert cite(measure.key).citation == measure.short
    if measure.in_force:
        date.fromisoformat(measure.in_force)


def test_a_draft_says_so_and_other_places_bind_nobody() -> None:
    for key in ("YN", "SEED", "YNREG", "PE25", "GD25"):
        assert MEASURES[key].status is Status.DRAFT
    for key in ("ZJ23", "SHREG", "GZ24", "HNPROTO"):
        assert MEASURES[key].status is Status.DEFAULT
    for key in ("DSL", "PIPL", "CSL", "NDR", "GIO", "CIVIL"):
        assert MEASURES[key].status is Status.LAW


def test_titles_are_not_repeated() -> None:
    for pick in (lambda m: str(m.title), lambda m: str(m.short), lambda m: m.short.en):
        values = [pick(m) for m in MEASURES.values()]
        assert len(values) == len(set(values)), [v for v in values if values.count(v) > 1]


def test_a_citation_reads_as_a_lawyer_writes_it() -> None:
    assert spec27(14, 2).citation == "授权运营实施规范第十四条第二项"
    assert cite("PIPL", 23).citation.en == "Personal Information Protection Law, art. 23"
