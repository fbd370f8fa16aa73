"""The whole chain in one command, and what an outsider checks of it."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def dianchi(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DIANCHI", "DJANGO"))}
    command = [sys.executable, "-m", "dianchi.interfaces.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=300)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    store = tmp_path_factory.mktemp("store") / "var"
    data = ("--data", str(REAL)) if REAL.is_dir() else ()
    done = dianchi("demo", *data, str(store), "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    return store, json.loads(done.stdout)


def test_every_row_is_accepted_or_quarantined(played):
    for resource in played[1]["resources"]:
        assert resource["rows_received"] == resource["rows_accepted"] + resource["rows_quarantined"]
        assert len(resource["sm3"]) == 64
    visits = played[1]["resources"][2]
    assert (visits["rows_received"], visits["rows_quarantined"]) == (200_000, 49)


def test_the_product_gives_sixteen_prefectures_in_order_of_code(played):
    rows = played[1]["products"][0]["rows"]
    assert [r["prefecture_code"] for r in rows] == sorted(r["prefecture_code"] for r in rows)
    assert (len(rows), sum(r["counties"] for r in rows)) == (16, 129)


@pytest.mark.skipif(not REAL.is_dir(), reason="the folder of real data is not here")
def test_the_product_s_rows_are_those_of_the_real_file(played):
    with (REAL / "epidemic_daily_2020.csv").open(encoding="utf-8") as file:
        real = {
            r["cityCode"]: r
            for r in csv.DictReader(file)
            if r["date"] == "2020-12-08" and r["provinceCode"] == "530000"
        }
    for row in played[1]["products"][0]["rows"]:
        told = real[row["prefecture_code"]]
        assert [row[n] for n in ("confirmed", "cured", "dead")] == [
            int(told[n]) for n in ("confirmed", "cured", "dead")
        ]


def test_forbidden_things_were_tried_and_refused_under_their_articles(played):
    refused = {r["code"]: r for r in played[1]["refusals"]}
    wanted = {
        "plans.contents-missing", "selection.plan-not-approved", "agreements.not-decided", "agreements.longer-than-five-years",
        "developers.affiliated", "products.query-refused", "tariffs.price-above-cap", "registration.anonymous-objection",
        "ledger.append-only",
    }  # fmt: skip
    assert wanted <= set(refused)
    assert all(refused[code]["article"] for code in wanted)


def test_the_bill_is_calls_times_price(played):
    bill = played[1]["bill"]
    assert bill["calls"] * bill["unit_price_fen"] == bill["amount_fen"] > 0


def test_the_ledger_verifies_and_an_edit_of_one_byte_is_found(played):
    store, report = played
    assert report["ledger"]["verified"]
    told = json.loads(dianchi("ledger", "verify", "--var", str(store), "--json").stdout)
    assert (told["verified"], told["entries"]) == (True, report["ledger"]["entries"])
    database = sqlite3.connect(store / "dianchi.sqlite3")
    triggers = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_entry'"
    ).fetchall()
    for (name,) in triggers:  # somebody with the file in hand
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE ledger_entry SET payload = replace(payload, 'a', 'b') WHERE \"index\" = 17")
    database.commit()
    database.close()
    again = dianchi("ledger", "verify", "--var", str(store), "--json")
    assert again.returncode != 0
    assert json.loads(again.stdout)["first_bad_index"] == 17
