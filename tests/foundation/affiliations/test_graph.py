"""Whether two organisations are related: shares through chains, control, common control (R24)."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dianchi.foundation.affiliations.graph import Link, Path, Tie, related

SHARE, CONTROL = Decimal("0.25"), Decimal("0.50")


def holds(holder: str, held: str, share: str) -> Link:
    return Link(holder, held, Tie.SHARE, Decimal(share))


def path(a: str, b: str, *links: Link) -> Path | None:
    return related(a, b, links, share=SHARE, control=CONTROL)


def said(found: Path | None) -> list[str]:
    assert found is not None
    return [f"{k.holder}{k.held}" for k in found.links]


def test_an_organisation_is_related_to_itself():
    assert path("A", "A") == Path(())


@pytest.mark.parametrize(("share", "is_related"), [("0.25", True), ("0.249999", False), ("1", True), ("0", False)])
def test_a_holding_relates_from_a_quarter_on(share: str, is_related: bool):
    assert (path("A", "B", holds("A", "B", share)) is not None) is is_related
    assert (path("B", "A", holds("A", "B", share)) is not None) is is_related


def test_shares_multiply_along_a_chain():
    below, above = (
        (holds("A", "X", "0.49"), holds("X", "B", "0.50")),
        (holds("A", "X", "0.49"), holds("X", "B", "0.52")),
    )
    assert path("A", "B", *below) is None  # 24.5 %
    found = path("A", "B", *above)  # 25.48 %
    assert said(found) == ["AX", "XB"]
    assert found.share == Decimal("0.2548")


def test_shares_add_up_over_chains_and_the_widest_is_shown():
    links = (holds("A", "X", "0.4"), holds("X", "B", "0.3"), holds("A", "Y", "0.4"), holds("Y", "B", "0.4"))
    assert path("A", "B", *links[:2]) is None
    assert path("A", "B", *links[2:]) is None
    found = path("A", "B", *links)
    assert found.share == Decimal("0.28")
    assert said(found) == ["AY", "YB"]


def test_a_diamond_counts_its_stem_once_for_each_branch():
    links = (
        holds("A", "X", "0.4"),
        holds("X", "Y", "0.5"),
        holds("X", "Z", "0.5"),
        holds("Y", "B", "0.6"),
        holds("Z", "B", "0.7"),
    )
    assert path("A", "B", *links).share == Decimal("0.26")


def test_a_chain_of_majorities_is_control_however_long():
    links = [holds(f"N{n}", f"N{n + 1}", "0.51") for n in range(6)]  # 1.8 % by multiplication
    assert path("N0", "N6", *links) is not None
    links[3] = holds("N3", "N4", "0.49")
    assert path("N0", "N6", *links) is None


@pytest.mark.parametrize("tie", [Tie.CONTROL, Tie.CONTRACT])
def test_control_relates_and_runs_whole_through_chains(tie: Tie):
    assert said(path("A", "B", Link("A", "X", tie), holds("X", "B", "0.25"))) == ["AX", "XB"]
    assert path("A", "B", Link("A", "X", tie), holds("X", "B", "0.24")) is None


def test_two_under_one_controller_are_related():
    found = path("A", "B", holds("P", "A", "0.6"), holds("P", "X", "0.6"), holds("X", "B", "0.6"))
    assert said(found) == ["PA", "PX", "XB"]


def test_a_minority_in_both_is_no_common_control():
    assert path("A", "B", holds("P", "A", "0.49"), holds("P", "B", "0.9")) is None


def test_key_persons_relate_but_do_not_pass_on():
    shared = Link("A", "B", Tie.KEY_PERSON)
    assert said(path("B", "A", shared)) == ["AB"]
    assert path("A", "C", shared, holds("B", "C", "1")) is None


def test_what_a_nominee_holds_is_the_principals():
    links = (Link("N", "A", Tie.NOMINEE), holds("N", "B", "0.3"))  # N holds for A
    assert path("A", "B", *links) is not None
    assert path("A", "B", links[1]) is None


def test_cross_holdings_count_what_comes_back():
    """A holds 20 % of B, B and C half of each other: A's integrated share of B is 0.2 / (1 - 0.25)."""
    links = (holds("A", "B", "0.2"), holds("B", "C", "0.5"), holds("C", "B", "0.5"))
    found = related("A", "B", links, share=SHARE, control=Decimal("0.6"))
    assert abs(found.share - Decimal("0.2") / Decimal("0.75")) < Decimal("1e-6")


def test_facts_entered_twice_never_make_more_than_the_whole():
    found = path("A", "B", *[holds("A", "B", "0.9")] * 3)
    assert found.share == 1


def test_forty_organisations_that_all_hold_each_other_are_answered_at_once():
    names = [f"N{n:02}" for n in range(40)]
    links = [holds(a, b, "0.02") for a in names for b in names if a != b]
    assert path("N00", "outside", *links) is None
    assert path("N00", "N39", *links) is None  # about 9 %


NAMES = some.sampled_from("ABCDE")
LINKS = some.lists(
    some.builds(
        Link, NAMES, NAMES, some.sampled_from(list(Tie)),
        some.decimals(min_value=0, max_value=1, places=2),
    ).filter(lambda k: k.holder != k.held),
    max_size=12,
)  # fmt: skip


@given(LINKS, NAMES, NAMES)
def test_it_is_symmetric_and_ends(links: list[Link], a: str, b: str):
    assert (path(a, b, *links) is None) == (path(b, a, *links) is None)


@given(LINKS, NAMES, NAMES)
def test_more_facts_never_unrelate(links: list[Link], a: str, b: str):
    for n in range(len(links)):
        if path(a, b, *links[:n]) is not None:
            assert path(a, b, *links) is not None


@given(LINKS, NAMES, NAMES)
def test_the_path_holds_together(links: list[Link], a: str, b: str):
    found = path(a, b, *links)
    if found is None or a == b:
        return
    assert found.share is None or 0 < found.share <= 1
    assert {a, b} <= {found.links[0].holder, found.links[0].held} | {k.held for k in found.links}
    # One chain, or two from the same top: a link begins where the one before ended, or at the top.
    top = found.links[0].holder
    assert all(k.holder in (before.held, top) for before, k in itertools.pairwise(found.links))


def test_the_same_person_at_both_relates_them_whoever_declared_it():
    person = "P" + "0123456789abcdef0"
    one, two = Link(person, "A", Tie.KEY_PERSON), Link(person, "B", Tie.KEY_PERSON)
    assert said(path("A", "B", one, two)) == [f"{person}A", f"{person}B"]
    assert path("A", "B", one) is None
    assert path("A", "B", Link("C", "A", Tie.KEY_PERSON), Link("C", "B", Tie.KEY_PERSON)) is None  # C is a firm


def test_a_natural_person_who_controls_both_relates_them():
    person = "P" + "0123456789abcdef0"
    assert path("A", "B", holds(person, "A", "0.6"), holds(person, "B", "0.7")) is not None
    assert path("A", "B", holds(person, "A", "0.6"), holds(person, "B", "0.3")) is None
