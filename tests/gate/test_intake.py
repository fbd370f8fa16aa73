"""The only road in: read under the contract, what breaks it set aside, the rest committed, one receipt, one load."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.factories import resources as make
from tests.factories.people import HOME, NOON, actor
from tests.factories.resources import SAID, column, do
from tests.factories.rules import refused

from dianchi.chapters.resources.catalogue.models import Item
from dianchi.chapters.resources.supply.queries import current
from dianchi.engines.quality.yaml import load as contract_of
from dianchi.engines.quality.yaml import to_dict
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import intake
from dianchi.gate.store import lake
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted, TryLater

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[3] / "shared" / "data"
CONTRACTS = Path(__file__).parents[2] / "src/dianchi/interfaces/cli/demo/contracts"
PROVIDER = actor(Role.PROVIDER)
OTHER = actor(Role.PROVIDER, organisation=HOME[Role.SECTOR][0])
ROWS = """code,name,level,parent_code
53,云南省,province,
5301,昆明市,prefecture,53
530102,五华区,county,5301
530102001,华山街道,township,530102
5303,,prefecture,53
5301,昆明市（重复）,prefecture,53
"""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any) -> Iterator[None]:
    """A lake of its own for each test."""
    settings.DIANCHI_VAR = tmp_path / "var"
    lake.cache_clear()
    yield
    lake.cache_clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Divisions as a department might send them: two rows share a key, one has no name, one a level of its own."""
    path = tmp_path / "divisions.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def receive(case: Any, path: Path, by: Any = PROVIDER) -> Any:
    return intake.receive(case.code, path, by=by, at=NOON).case


def test_the_accepted_rows_are_in_the_lake_the_others_set_aside(file: Path) -> None:
    item = make.a_published_item()
    case = receive(make.an_open_load(item), file)
    assert (case.rows_received, case.rows_accepted, case.rows_quarantined) == (6, 2, 4)
    assert lake().read(item.code, int(case.snapshot)).column("code").to_pylist() == ["53", "530102"]
    failed = {r["rule"]: r["failed"] for r in case.rule_results}
    assert failed == {"unique:code": 2, "not_null:name": 1, "known-level": 1}


def test_the_receipt_names_the_file(file: Path) -> None:
    case = receive(make.an_open_load(make.a_published_item()), file)
    data = file.read_bytes()
    assert (case.source_name, case.bytes_received) == ("divisions.csv", len(data))
    assert (case.sm3, case.sha256) == (hashlib.new("sm3", data).hexdigest(), hashlib.sha256(data).hexdigest())
    assert (case.state, case.received_at) == ("received", NOON)


def test_what_is_set_aside_keeps_its_text_and_rule_for_the_provider_alone(file: Path) -> None:
    case = receive(make.an_open_load(make.a_published_item()), file)
    rows = intake.quarantined(case.code, by=PROVIDER).to_pylist()
    assert [(r["row"], r["rules"]) for r in rows] == [
        (2, ["unique:code"]),
        (4, ["known-level"]),
        (5, ["not_null:name"]),
        (6, ["unique:code"]),
    ]
    assert json.loads(rows[3]["raw"])["name"] == "昆明市（重复）"
    with refused("supply.quarantine-not-yours", kind=NotPermitted):
        intake.quarantined(case.code, by=actor(Role.BUREAU))
    with pytest.raises(NotFound):
        intake.quarantined(case.code, by=OTHER)


def test_a_clean_file_sets_nothing_aside(tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    path.write_text("code,name,level,parent_code\n53,云南省,province,\n", encoding="utf-8")
    case = receive(make.an_open_load(make.a_published_item()), path)
    assert (case.rows_accepted, intake.quarantined(case.code, by=PROVIDER).num_rows) == (1, 0)


def test_no_value_of_a_row_reaches_the_ledger_or_the_disk_in_clear(file: Path, tmp_path: Path) -> None:
    receive(make.an_open_load(make.a_published_item()), file)
    assert not any(word in e.payload for e in Entry.objects.all() for word in ("五华区", "华山街道", "（重复）"))
    for path in (tmp_path / "var").rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert not any(word.encode() in data for word in ("五华区", "华山街道", "（重复）")), path


def test_the_master_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    lake()
    key = tmp_path / "var" / "keys" / "lake-master"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o077 == 0


# Once


def test_the_same_file_to_the_same_load_answers_again(file: Path) -> None:
    item = make.a_published_item()
    case = make.an_open_load(item)
    first = receive(case, file)
    entries = Entry.objects.count()
    assert receive(case, file) == first
    assert (Entry.objects.count(), len(lake().snapshots(item.code))) == (entries, 1)


def test_the_same_file_to_another_load_is_refused(file: Path) -> None:
    item = make.a_published_item()
    receive(make.an_open_load(item), file)
    second = make.an_open_load(item)
    with refused("supply.file-received-already"):
        receive(second, file)
    second.refresh_from_db()
    assert (second.state, len(lake().snapshots(item.code))) == ("opened", 1)


def test_another_file_to_the_same_load_is_refused(file: Path) -> None:
    case = make.an_open_load(make.a_published_item())
    receive(case, file)
    file.write_text(ROWS + "5304,玉溪市,prefecture,53\n", encoding="utf-8")
    with refused("supply.another-file-received"):
        receive(case, file)


def test_a_rejected_file_is_judged_anew_under_a_mended_contract(file: Path) -> None:
    item = make.a_published_item()
    first = receive(make.an_open_load(item), file)
    do("supply", "reject", Role.BUREAU, first.code, verdict=SAID)
    contract = {**make.DIVISIONS_CONTRACT, "rules": []}
    Item.objects.filter(pk=item.pk).update(contract=contract)  # what a change of the catalogue will do
    second = receive(make.an_open_load(item), file)
    assert second.rows_accepted == lake().read(item.code, int(second.snapshot)).num_rows == first.rows_accepted + 1


def test_a_load_that_died_after_the_lake_committed_is_run_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make.a_published_item()
    case = make.an_open_load(item)
    with monkeypatch.context() as patch:
        patch.setattr(intake, "perform", _die)
        with pytest.raises(KeyboardInterrupt):
            receive(case, file)
    case.refresh_from_db()
    assert (case.state, current(item.code)) == ("opened", None)  # nobody can read what has no receipt
    again = receive(case, file)
    assert (again.state, again.rows_accepted) == ("received", 2)
    assert len(lake().snapshots(item.code)) == 1
    assert intake.quarantined(again.code, by=PROVIDER).num_rows == 4


def _die(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


def test_a_file_that_grows_while_it_is_read_is_not_loaded(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    item = make.a_published_item()
    case, read = make.an_open_load(item), intake.intake.load

    def load(path: Path, *args: Any, **kwargs: Any) -> Any:
        inspector, verdicts = read(path, *args, **kwargs)

        def while_somebody_writes() -> Iterator[Any]:
            with path.open("a", encoding="utf-8") as growing:
                growing.write("5304,玉溪市,prefecture,53\n")
            yield from verdicts

        return inspector, while_somebody_writes()

    with monkeypatch.context() as patch:
        patch.setattr(intake.intake, "load", load)
        with refused("supply.file-changed", kind=TryLater):
            receive(case, file)
    case.refresh_from_db()
    assert (case.state, lake().snapshots(item.code)) == ("opened", ())
    assert receive(case, file).rows_received == 7  # complete now


def test_a_new_file_replaces_the_snapshot_and_the_old_one_stays_readable(file: Path) -> None:
    item = make.a_published_item()
    first = receive(make.an_open_load(item), file)
    file.write_text("code,name,level,parent_code\n53,云南省,province,\n5304,玉溪市,prefecture,53\n", encoding="utf-8")
    second = receive(make.an_open_load(item), file)
    assert lake().read(item.code, int(second.snapshot)).column("code").to_pylist() == ["53", "5304"]
    assert lake().read(item.code, int(first.snapshot)).column("code").to_pylist() == ["53", "530102"]
    assert intake.quarantined(first.code, by=PROVIDER).num_rows == 4


# Refused as a whole: nothing enters


@pytest.mark.parametrize(
    ("change", "code", "rule"),
    [
        ({"state_secret": True}, "supply.state-secret", "R1"),
        ({"grade": "CORE"}, "supply.core-data", "R2"),
        ({"grade": "IMPORTANT"}, "supply.important-not-assessed", "R3"),
        ({"grade": ""}, "supply.not-graded", "R4"),
    ],
)
def test_what_may_not_enter_never_touches_the_lake(change: dict[str, Any], code: str, rule: str, file: Path) -> None:
    case = make.an_open_load(make.a_published_item())
    Item.objects.update(state="suspended", **change)
    with refused(code, rule):
        receive(case, file)
    assert lake().resources() == ()


def test_only_the_provider_sends(file: Path) -> None:
    case = make.an_open_load(make.a_published_item())
    with refused("supply.not-the-provider"):
        receive(case, file, by=actor(Role.BUREAU))
    with pytest.raises(NotFound):
        receive(case, file, by=OTHER)
    assert lake().resources() == ()


def test_a_resource_without_contract_is_not_received(file: Path) -> None:
    with refused("supply.no-contract"):
        receive(make.an_open_load(make.a_published_item(contract={})), file)


@pytest.mark.parametrize("content", [b"", b"wrong,header\n1,2\n"])
def test_a_file_that_is_none_of_the_contract_is_refused_and_leaves_no_trace(content: bytes, tmp_path: Path) -> None:
    case, path = make.an_open_load(make.a_published_item()), tmp_path / "sent.csv"
    path.write_bytes(content)
    before = Entry.objects.count()
    with pytest.raises(Invalid):
        receive(case, path)
    case.refresh_from_db()
    assert (case.state, Entry.objects.count()) == ("opened", before)


# Across resources


def test_a_contract_may_refer_to_another_resource_in_service(file: Path, tmp_path: Path) -> None:
    divisions = make.a_published_item()
    rule = {"name": "known-division", "kind": "reference", "column": "code", "resource": divisions.code, "to": "code"}
    contract = {"resource": "visits", "columns": [{"name": "code"}], "rules": [rule]}
    visits = make.a_published_item(title="游客到访", items=[column("code", "区划代码")], contract=contract)
    path = tmp_path / "visits.csv"
    path.write_text("code\n530102\n539999\n", encoding="utf-8")
    case = make.an_open_load(visits)
    with refused("supply.reference-not-in-service"):
        receive(case, path)
    loaded = receive(make.an_open_load(divisions), file)
    do("supply", "pass", Role.BUREAU, loaded.code, verdict=SAID)
    case = receive(case, path)
    assert (case.rows_accepted, case.rule_results) == (
        1,
        [{"rule": "known-division", "severity": "quarantine", "failed": 1}],
    )


def test_the_bound_on_rows_of_one_subject_is_taken(tmp_path: Path) -> None:
    contract = {"resource": "visits", "columns": [{"name": c["name"]} for c in make.VISITS[:4]]}
    item = make.a_published_item(**make.visits_inputs(items=list(make.VISITS[:4]), contract=contract))
    path = tmp_path / "visits.csv"
    people = ["110101199003071233", "110101199003071233", "530102199003071236"]
    rows = [f"{person},王某,13812345678,530100" for person in people]
    path.write_text("\n".join(["person_id,name,phone,prefecture_code", *rows]) + "\n", encoding="utf-8")
    assert receive(make.an_open_load(item), path).max_rows == 2


# The two real files


@pytest.mark.skipif(not DATA.exists(), reason="the acceptance data are not on this machine")
@pytest.mark.parametrize("name", ["yunnan_divisions", "epidemic_daily"])
def test_the_real_files_are_received_as_they_are(name: str) -> None:
    contract = to_dict(contract_of((CONTRACTS / f"{name}.yaml").read_text(encoding="utf-8")))
    columns: Any = contract["columns"]
    items = [column(c["name"], c["title"]["zh"]) for c in columns]
    item = make.a_published_item(items=items, contract=contract)
    path = next(DATA.glob(f"{name}*.csv"))
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    case = receive(make.an_open_load(item), path)
    assert case.rows_received == len(lines)
    assert lake().read(item.code).num_rows == case.rows_accepted
    if name == "epidemic_daily":  # counted anew: rows with a city and a six-digit code; no province begins with 40
        city_rows = [line.split(",") for line in lines]
        good = [r for r in city_rows if r[3] and r[4].isdigit() and len(r[4]) == 6 and r[4][:2] != "40"]
        keys = Counter((r[0], r[4]) for r in good)
        assert case.rows_accepted == sum(1 for r in good if keys[r[0], r[4]] == 1)
        assert case.rows_quarantined > 0
    else:
        assert (case.rows_accepted, case.rows_quarantined) == (1607, 0)
