"""The cockpit, the duty list, the price list and the calculator as pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from tests.factories import operation as make

from dianchi.chapters.operation.tariffs.charges import Block, Charge, Discount, Ground, Span, Terms
from dianchi.chapters.supervision.figures.metrics import METRICS
from dianchi.interfaces.web.cartogram import PLACES, STEPS, blocks, short
from dianchi.interfaces.web.views.prices import said
from dianchi.kernel.actors import Role
from dianchi.kernel.divisions import DIVISIONS, PREFECTURES

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]


def test_every_county_has_a_tile_in_its_prefecture() -> None:
    made = blocks(lambda code: 3.0 if code == "530402" else 1.0 if code == "530403" else None)
    assert [b.whole.division for b in made] == list(PREFECTURES)
    tiles = [t.division.code for b in made for t in b.counties]
    assert len(tiles) == len(set(tiles)) == 129
    assert len({(b.column, b.row) for b in made}) == len(PLACES) == 16
    shades = {t.division.code: t.shade for b in made for t in b.counties}
    assert (shades["530402"], shades["530403"], shades["530421" if "530421" in shades else "530423"]) == (STEPS, 2, 0)


@pytest.mark.parametrize(
    ("code", "name"),
    [("532800", "西双版纳"), ("530402", "红塔"), ("530428", "元江"), ("530922", "云县"), ("533401", "香格里拉")],
)
def test_names_fit_their_tiles(code: str, name: str) -> None:
    assert str(short(DIVISIONS[code])) == name


def test_the_cockpit_leads_from_goal_to_case(signed_in: SignedIn) -> None:
    product = make.a_priced_product()
    client = signed_in(Role.BUREAU)
    page = client.get("/cockpit").content.decode()
    assert all(str(m.title) in page for m in METRICS)
    assert page.count('class="tile-c') == 129
    behind = client.get("/cockpit/figures/products").content.decode()
    assert f"/cases/products/{product.code}" in behind
    assert client.get("/cockpit/figures/unheard-of").status_code == 404


def test_the_cockpit_is_for_those_who_supervise(signed_in: SignedIn) -> None:
    client = signed_in(Role.DEVELOPER)
    assert {client.get(page).status_code for page in ("/cockpit", "/cockpit/duties", "/cockpit/figures/calls")} == {403}


def test_nobody_looks_beyond_the_own_territory(signed_in: SignedIn) -> None:
    page = signed_in(Role.BUREAU).get("/cockpit?region=110000").content.decode()
    assert "云南省</b>" in page


def test_duties_name_the_body_that_owes_them(signed_in: SignedIn) -> None:
    survey = make.an_order(make.a_priced_product())
    page = signed_in(Role.AUDITOR).get("/cockpit/duties")
    assert page.status_code == 200
    assert survey.code not in page.content.decode()  # an order waits without a term of the law


def test_the_price_list_is_public_in_three_forms(client: Client) -> None:
    make.a_priced_product()
    assert "每次 ¥ 0.45" in client.get("/prices").content.decode()
    [row] = json.loads(client.get("/prices.json").content)
    assert (row["price_yuan"], row["cap_yuan"], row["charge"], row["trial"]) == ("0.45", "0.50", "PER_UNIT", True)
    table = client.get("/prices.csv").content.decode("utf-8-sig").splitlines()
    assert (len(table), table[0].split(",")[0]) == (2, "product")
    assert client.get("/statistics").status_code == 200


@pytest.mark.parametrize(
    ("terms", "unit", "words"),
    [
        (Terms(Charge.PER_UNIT, 45), "CALL", ["每次 ¥ 0.45"]),
        (Terms(Charge.PER_UNIT, 125, lot=10_000), "CALL", ["每 10,000 次 ¥ 1.25"]),
        (Terms(Charge.FLAT, 30_000), "ITEM", ["一次性 ¥ 300.00"]),
        (Terms(Charge.TIME, 1_200_000, span=Span.MONTH), "TIME", ["每月 ¥ 12,000.00"]),
        (Terms(Charge.PACKAGE, 20_000, included=800, over_fen=30), "CALL", ["每期 ¥ 200.00，含 800 次，超出每次 ¥ 0.30"]),
        (Terms(Charge.TIERED, blocks=(Block(100, 50), Block(0, 30))), "CALL",
         ["第 1 至 100 次，每次 ¥ 0.50", "第 101 次起，每次 ¥ 0.30"]),
        (Terms(Charge.FREE), "CALL", ["免费"]),
    ],
)  # fmt: skip
def test_terms_are_said_in_words(terms: Terms, unit: str, words: list[str]) -> None:
    assert [str(line) for line in said(terms, unit)] == words
    assert all(line.en for line in said(terms, unit))


def test_a_discount_is_said_with_its_ground() -> None:
    terms = Terms(Charge.PER_UNIT, 45, discounts=(Discount(Ground.VOLUME, 10_000, Decimal("5.00")),))
    assert [line.en for line in said(terms, "CALL")] == ["¥ 0.45 per call", "5% off: Volume from 10,000"]


def test_the_calculator_shows_the_worked_example(signed_in: SignedIn) -> None:
    client = signed_in(Role.PRICE)
    page = client.get("/what-if").content.decode()
    for figure in ("¥ 7,800,000.00", "¥ 456,300.00", "¥ 195,300.00", "¥ 8,451,600.00", "¥ 8,380,000.00", "7.67%"):
        assert figure in page
    over: Any = client.get("/what-if", {"cap1": "0.60", "spread": "6.01", "revenue": "12000000"}).content.decode()
    for verdict in ("加点超过上限", "上限预期收入超过最高准许收入", "应调整上限"):
        assert verdict in over
    assert "请填写不小于零的数字" in client.get("/what-if", {"cap1": "many"}).content.decode()
