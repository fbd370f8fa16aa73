"""Files in pieces: checked, taken up again, received in the background; rows set aside mended and sent again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.accounts import account
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import SAID, do
from tests.factories.rules import refused

from dianchi.chapters.resources.supply.models import Load, Upload
from dianchi.engines.crypto.statements import fields_of
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.identity.queries import actors
from dianchi.foundation.jobs.queue import run_next
from dianchi.gate import intake, receipts, supplied, tending, uploads
from dianchi.gate.store import lake
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    "code,name,level,parent_code\n"
    + "".join(f"5301{i:02d},县{i},county,5301\n" for i in range(30))
    + "53,,province,\n5301,昆明市,city,53\n"
)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A lake and keys of its own for each test."""
    settings.DIANCHI_VAR = tmp_path / "var"
    lake.cache_clear()
    receipts.key.cache_clear()
    yield
    lake.cache_clear()
    receipts.key.cache_clear()


@pytest.fixture
def provider() -> Any:
    """A clerk of the department, with an account of which jobs know the roles."""
    person = account(Role.PROVIDER)
    return next(a for a in actors(person, NOON) if a.plays(Role.PROVIDER))


@pytest.fixture
def load(provider: Any) -> Any:
    """An open load of the divisions."""
    return make.an_open_load(make.a_published_item(by=provider), by=provider)


def send(load: Any, data: bytes, by: Any, piece: int = 300, mark: str = "m") -> Upload:
    upload = uploads.begin(load.code, "C:\\数据\\divisions.csv", len(data), mark, by=by, at=NOON)
    while upload.offset < len(data):
        part = data[upload.offset : upload.offset + piece]
        upload = uploads.add(load.code, upload.key, upload.offset, part, hashlib.sha256(part).hexdigest(), by=by)
    return uploads.finish(load.code, upload.key, by=by, at=NOON)


def received(load: Any, data: bytes, by: Any) -> Any:
    upload = send(load, data, by)
    assert run_next(lambda: NOON)
    assert uploads.standing(load.code, upload.key, by=by)["state"] == "received"
    return get_case("supply", load.code, by)


def test_a_file_in_pieces_is_received(load: Any, provider: Any) -> None:
    upload = send(load, ROWS.encode(), provider)
    assert uploads.standing(load.code, upload.key, by=provider)["state"] == "receiving"
    assert run_next(lambda: NOON)
    found = get_case("supply", load.code, provider)
    counts = (found.rows_received, found.rows_accepted, found.rows_quarantined)
    assert (found.state, counts, found.source_name, found.channel) == (
        "received",
        (32, 30, 2),
        "divisions.csv",
        "upload",
    )
    assert found.sha256 == hashlib.sha256(ROWS.encode()).hexdigest()
    assert not uploads.path_of(upload.key).exists()


def test_what_broke_off_goes_on_where_it_stood(load: Any, provider: Any) -> None:
    data = ROWS.encode()
    first = uploads.begin(load.code, "x.csv", len(data), "m", by=provider, at=NOON)
    uploads.add(load.code, first.key, 0, data[:100], hashlib.sha256(data[:100]).hexdigest(), by=provider)
    again = uploads.begin(load.code, "x.csv", len(data), "m", by=provider, at=NOON)
    assert (again.key, again.offset) == (first.key, 100)
    assert uploads.begin(load.code, "y.csv", len(data), "other", by=provider, at=NOON).offset == 0


def test_pieces_are_checked(load: Any, provider: Any) -> None:
    upload = uploads.begin(load.code, "x.csv", 10, "m", by=provider, at=NOON)
    good = hashlib.sha256(b"12345").hexdigest()
    with refused("uploads.damaged", kind=Invalid):
        uploads.add(load.code, upload.key, 0, b"12346", good, by=provider)
    with refused("uploads.wrong-place"):
        uploads.add(load.code, upload.key, 3, b"12345", good, by=provider)
    with refused("uploads.incomplete"):
        uploads.finish(load.code, upload.key, by=provider, at=NOON)
    with refused("uploads.wrong-place"):
        uploads.add(load.code, upload.key, 0, b"x" * 11, hashlib.sha256(b"x" * 11).hexdigest(), by=provider)
    with refused("uploads.too-large", kind=Invalid):
        uploads.begin(load.code, "x.csv", 0, "m2", by=provider, at=NOON)


def test_nobody_else_sends_or_sees(load: Any, provider: Any) -> None:
    upload = uploads.begin(load.code, "x.csv", 10, "m", by=provider, at=NOON)
    other, bureau = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0]), actor(Role.BUREAU)
    with pytest.raises(NotFound):
        uploads.add(load.code, upload.key, 0, b"1", hashlib.sha256(b"1").hexdigest(), by=other)
    with refused("supply.not-the-provider"):
        uploads.begin(load.code, "x.csv", 10, "m", by=bureau, at=NOON)


def test_a_refusal_is_told_to_the_provider(load: Any, provider: Any) -> None:
    upload = send(load, b"wrong,header\n1,2\n", provider)
    assert run_next(lambda: NOON)
    told = uploads.standing(load.code, upload.key, by=provider)
    assert (told["state"], [p["code"] for p in told["problem"]]) == ("refused", ["contract.columns-differ"])
    assert get_case("supply", load.code, provider).state == "opened"
    assert received(load, ROWS.encode(), provider).state == "received"  # and another file may come


def test_unfinished_uploads_are_deleted_after_their_term(load: Any, provider: Any) -> None:
    upload = uploads.begin(load.code, "x.csv", 5, "m", by=provider, at=NOON)
    uploads.add(load.code, upload.key, 0, b"123", hashlib.sha256(b"123").hexdigest(), by=provider)
    assert uploads.sweep(NOON + timedelta(days=6)) == 0
    assert (uploads.sweep(NOON + timedelta(days=7)), Upload.objects.count()) == (1, 0)
    assert not uploads.path_of(upload.key).exists()


def test_the_receipt_is_checked_offline(load: Any, provider: Any) -> None:
    received(load, ROWS.encode(), provider)
    statement = json.loads(json.dumps(supplied.receipt(load.code, by=provider)))
    fields = fields_of(statement, [receipts.public_line()])
    assert (fields["rows_received"], fields["rows_accepted"], fields["rows_quarantined"]) == (32, 30, 2)
    assert fields["sm3"] == get_case("supply", load.code, provider).sm3
    statement["fields"]["rows_accepted"] = 31
    with pytest.raises(RuleBroken, match=r"statement\.changed"):
        fields_of(statement, [receipts.public_line()])


def test_mended_rows_join_the_load_that_they_correct(load: Any, provider: Any) -> None:
    received(load, ROWS.encode(), provider)
    found = supplied.set_aside(load.code, by=provider)
    assert [(r["row"], r["rules"], r["cells"]) for r in found["rows"]] == [
        (31, ["not_null:name"], ["53", "", "province", ""]),
        (32, ["known-level"], ["5301", "昆明市", "city", "53"]),
    ]
    mended = [["53", "云南省", "province", ""], ["530100", "县零", "county", "5301"], ["5301", "昆明市", "city", "53"]]
    opened = supplied.resubmit(load.code, mended, by=provider, at=NOON)
    assert run_next(lambda: NOON)
    again = get_case("supply", opened.code, provider)
    # The key of the second row stands in the lake already; the third is as wrong as before.
    assert (again.rows_received, again.rows_accepted, again.rows_quarantined) == (3, 1, 2)
    rules = {tuple(r["rules"]) for r in supplied.set_aside(opened.code, by=provider)["rows"]}
    assert rules == {("unique:code",), ("known-level",)}
    stored = lake().read(again.item.code, int(again.snapshot))
    assert stored.num_rows == 31
    assert "云南省" in stored["name"].to_pylist()
    assert lake().read(again.item.code, int(load_of(load).snapshot)).num_rows == 30


def load_of(load: Any) -> Load:
    return Load.objects.get(code=load.code)


def test_a_load_may_add_to_what_is_in_service(load: Any, provider: Any) -> None:
    received(load, ROWS.encode(), provider)
    do("supply", "pass", Role.BUREAU, load.code, at=NOON, verdict=SAID)
    more = do("supply", "open", provider, at=NOON, item=load.item.code, added=True)
    found = received(more, b"code,name,level,parent_code\n5399,x,county,53\n530101,y,county,53\n", provider)
    assert (found.rows_accepted, found.rows_quarantined, found.onto) == (1, 1, load_of(load).snapshot)
    assert lake().read(found.item.code, int(found.snapshot)).num_rows == 31


def test_the_rows_are_for_their_provider(load: Any, provider: Any) -> None:
    received(load, ROWS.encode(), provider)
    assert supplied.rows_as_of(load.code, by=provider).num_rows == 30
    assert (
        supplied.as_csv(load.code, by=provider).decode("utf-8-sig").splitlines()[0].startswith("__row__,__rules__,code")
    )
    for reading in (supplied.rows_as_of, supplied.set_aside):
        with pytest.raises((NotPermitted, RuleBroken)):
            reading(load.code, by=actor(Role.BUREAU))


def test_what_was_set_aside_is_destroyed_after_its_term(load: Any, provider: Any) -> None:
    found = received(load, ROWS.encode(), provider)
    table = intake.apart(found.item.code, found.code)
    assert table in lake().resources()
    assert tending.tend(NOON + timedelta(days=90)) == 1
    with refused("supply.quarantine-forgotten", kind=NotFound):
        intake.quarantined(load.code, by=provider)
    with pytest.raises(Exception, match=r"lake"):
        lake().read(table)
    assert lake().read(found.item.code, int(found.snapshot)).num_rows == 30


def test_a_column_that_changed_as_a_whole_is_not_loaded(provider: Any) -> None:
    item = make.a_published_item(by=provider, contract=make.DIVISIONS_CONTRACT | {
        "columns": [{"name": "code", "format": "division"}, {"name": "name"}, {"name": "level"}, {"name": "parent_code"}]
    })  # fmt: skip
    load = make.an_open_load(item, by=provider)
    rows = "code,name,level,parent_code\n" + "".join(f"Y{i},x,county,53\n" for i in range(30))
    upload = send(load, rows.encode(), provider)
    run_next(lambda: NOON)
    assert [p["code"] for p in uploads.standing(load.code, upload.key, by=provider)["problem"]] == ["supply.drifted"]
    assert item.code not in lake().resources()


def test_tending_marks_stale_data(provider: Any) -> None:
    load = make.a_load_in_service(make.a_published_item(by=provider, update_frequency="daily"), at=NOON)
    assert tending.tend(NOON + timedelta(days=2)) == 1
    assert get_case("supply", load.code, PLATFORM).state == "stale"
    assert tending.tend(NOON + timedelta(days=2)) == 0
