"""The rules and clocks: complete, in order, well cited, bilingual."""

from __future__ import annotations

import re

import pytest

from dianchi.kernel.law.articles import Status, price65, reg26, spec27, yn
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.law.rules import CLOCKS, RULES, Clock, Effect, Mark, Rule
from dianchi.kernel.parameters import PARAMETERS

CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e]")
WARNED = {"R12", "R27", "R29", "R39", "R40", "R61"}
OURS = {"R2", "R10", "R22", "R45", "R49", "R73", "R74"}


def test_all_rules_and_clocks_stand_in_order() -> None:
    assert list(RULES) == [f"R{i}" for i in range(1, 76)]
    assert list(CLOCKS) == [f"E{i}" for i in range(1, 42)]


def test_which_rules_warn_and_which_are_ours() -> None:
    assert {r.id for r in RULES.values() if r.effect is Effect.WARN} == WARNED
    assert {r.id for r in RULES.values() if r.mark is Mark.DEFAULT} == OURS


@pytest.mark.parametrize("entry", [*RULES.values(), *CLOCKS.values()], ids=lambda e: e.id)
def test_every_entry_is_cited_and_bilingual(entry: Rule | Clock) -> None:
    assert entry.articles
    for article in entry.articles:
        assert article.measure in MEASURES
        assert article.citation
        assert not CJK.search(article.citation.en)
    texts = (entry.title, entry.condition) if isinstance(entry, Rule) else (entry.subject, entry.figure, entry.who)
    for text in texts:
        assert text
        assert text.en
        assert not CJK.search(text.en), text.en
        assert not re.search("[A-Za-z]", text), text


def test_a_rule_read_in_the_law_cites_something_that_binds() -> None:
    for entry in [*RULES.values(), *CLOCKS.values()]:
        binding = [a for a in entry.articles if MEASURES[a.measure].status is not Status.DEFAULT]
        if entry.mark in {Mark.LAW, Mark.REPORTED, Mark.RECALLED}:
            assert binding, entry.id


def test_some_citations_that_matter() -> None:
    assert RULES["R24"].articles == (spec27(6), yn(2))
    assert RULES["R33"].articles == (price65(2),)
    assert RULES["R62"].articles == (reg26(15),)
    assert CLOCKS["E10"].articles == (spec27(14, 2),)


def test_parameters_name_rules_that_exist() -> None:
    named = {rule for parameter in PARAMETERS.values() for rule in parameter.rules}
    assert named
    assert named <= {*RULES, *CLOCKS}


def test_what_no_machine_holds_names_its_human_step() -> None:
    by_hand = {one.id: one.by_hand for one in (*RULES.values(), *CLOCKS.values()) if one.by_hand}
    assert {"R49", "E36", "E37", "E39", "E40", "E41"} <= set(by_hand)
    assert all(text and text.en for text in by_hand.values())
