"""Identifiers are found whole, within texts, in groups and in full width, and only with right check digits."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from dianchi.engines.disclosure import Identifiers, Verdict, check
from dianchi.kernel import codes

AS_OF = date(2026, 11, 1)
BODY = "53010219900307123"
CITIZEN = BODY + codes.citizen_check(BODY)
UNBORN = next(  # right but for the date of birth, and no card number either
    n
    for d in range(100, 200)
    if not codes.is_bank_card(n := f"53010220900307{d}" + codes.citizen_check(f"53010220900307{d}"))
)
CARD = next(n for d in range(10) if codes.is_bank_card(n := f"622202250212345678{d}"))


def found(values, **options):
    (outcome,) = check(pa.table({"x": values}), [Identifiers(AS_OF, **options)]).outcomes
    return outcome


def usccs():
    body = "9153010" + "0MA6N1234"
    body += codes.subject_check(body[8:16])
    return body + codes.uscc_check(body)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CITIZEN, "citizen_id"),
        (f"住户{CITIZEN}，一人", "citizen_id"),
        ("".join(chr(ord(c) + 0xFEE0) for c in CITIZEN), "citizen_id"),
        (f"{CITIZEN[:6]} {CITIZEN[6:14]} {CITIZEN[14:]}", "citizen_id"),
        ("13987654321", "phone"),
        ("电话：139-8765-4321。", "phone"),
        ("+86 139 8765 4321", "phone"),
        (usccs(), "uscc"),
        (usccs().lower(), "uscc"),
        (CARD, "bank_card"),
        (" ".join(CARD[i : i + 4] for i in range(0, 19, 4)), "bank_card"),
        ("云A12345", "plate"),
        ("车辆云A·D12345停放", "plate"),
        ("li.hua@example.com", "e_mail"),
    ],
)
def test_identifiers_are_found(text, kind):
    outcome = found(["昆明", text, None])
    assert outcome.verdict is Verdict.FAIL
    assert {name: n for name, n in outcome.counts.items() if n} == {"identifiers": 1, "columns": 1, kind: 1}


@pytest.mark.parametrize(
    "text",
    [
        BODY + ("0" if CITIZEN[-1] != "0" else "1"),  # wrong check digit
        UNBORN,
        "12345678901",
        "6222022502123456780" if CARD[-1] != "0" else "6222022502123456781",
        "昆明市五华区人民政府",
        "2026-11-01 12:00:00",
        "云南省2026年统计公报",
        "a@b",
        "12.50%",
    ],
)
def test_what_only_looks_alike_is_not(text):
    assert found([text]).verdict is Verdict.PASS


def test_numbers_are_looked_at_but_not_amounts():
    numbers = pa.array([13987654321])
    assert found(numbers).counts["phone"] == 1
    assert found(pa.array([Decimal("13987654321.00")])).counts["phone"] == 1
    assert found(numbers, amounts=("x",)).verdict is Verdict.PASS


def test_lists_structs_bytes_and_dictionaries_hide_nothing():
    for values in (
        pa.array([["云南", CITIZEN]]),
        pa.array([{"id": CITIZEN}]),
        pa.array([CITIZEN.encode()]),
        pa.array([CITIZEN]).dictionary_encode(),
    ):
        assert found(values).counts["citizen_id"] == 1
