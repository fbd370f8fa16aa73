"""An operator leaves: the keys of its data are destroyed, the gate gives nothing more, and a certificate says what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.factories import operation as make
from tests.factories.people import NOON, actor
from tests.factories.rules import refused
from tests.factories.supervision import do

from dianchi.engines.lake import Lake
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import destruction
from dianchi.gate.store import lake as store_lake
from dianchi.kernel import canonical
from dianchi.kernel.actors import PLATFORM, Role
from dianchi.kernel.errors import TryLater

pytestmark = pytest.mark.django_db
DONE = "已按退出安排办理完毕，材料在卷。"
OVERLAP = {"overlap_reason": "原协议退出期间的衔接安排。"}


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A lake of the test's own."""
    made = Lake(tmp_path / "lake", b"m" * 32)
    store_lake.cache_clear()
    monkeypatch.setattr(destruction, "lake", lambda: made)
    return made


def loaded(lake: Lake, code: str) -> None:
    """Two loads and what was set aside of them."""
    rows = pa.table({"person_id": ["甲", "乙"], "spend": pa.array([1, 2], pa.int64())})
    for batch in ("one", "two"):
        lake.commit(code, rows, rows.schema, batch_id=batch, at=NOON)
    lake.commit(f"{code}-quarantine", rows, rows.schema, batch_id="one", at=NOON)


def an_exit(agreement: Any) -> Any:
    """Confirmed by another, witnessed by two."""
    case = do(
        "exits", "announce", Role.BUREAU, title="运营机构退出", ground="VOLUNTARY", plan=DONE, agreement=agreement.code
    )
    do("exits", "confirm", actor(Role.BUREAU, person="the-head"), case.code, reason=DONE)
    for role in (Role.PROVIDER, Role.AUDITOR):
        do("exits", "witness", role, case.code, name="见证人", statement="在场见证，情况属实。")
    return case


def ordered(agreement: Any) -> Any:
    return do("exits", "order-destruction", Role.BUREAU, an_exit(agreement).code, reason=DONE)


def test_keys_die_and_the_certificate_names_what_they_opened(lake: Lake) -> None:
    agreement = make.an_agreement()
    (code,) = agreement.resources
    loaded(lake, code)
    loaded(lake, "ML-2026-OTHER-OTHER")
    digests = [f.sm3 for f in lake.files(code)]
    case = ordered(agreement)
    assert destruction.sweep(NOON) == 1
    case = get_case("exits", case.code, PLATFORM)
    assert case.destroyed_at == NOON
    said = case.certificate
    assert [t["resource"] for t in said["tables"]] == [code, f"{code}-quarantine"]
    assert said["tables"][0]["digests"] == digests
    assert len(said["witnesses"]) == 2
    digest = said.pop("digest")
    assert canonical.sm3(said) == digest
    for gone in (code, f"{code}-quarantine"):
        with refused("lake.key-destroyed", "R52"):
            lake.read(gone)
    assert lake.read("ML-2026-OTHER-OTHER").num_rows == 4
    entry = Entry.objects.get(kind="exits.destroy")
    assert digest in entry.body or digest in str(entry.payload)
    assert destruction.sweep(NOON) == 0


def test_a_destruction_that_died_is_taken_up_again_with_the_same_certificate(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = make.an_agreement()
    loaded(lake, agreement.resources[0])
    case = ordered(agreement)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(destruction, "perform", killed)
        with pytest.raises(KeyboardInterrupt):
            destruction.destroy(case.code, NOON)
    assert get_case("exits", case.code, PLATFORM).destroyed_at is None
    destruction.destroy(case.code, NOON)
    assert get_case("exits", case.code, PLATFORM).certificate["tables"][0]["files"] == 2


def test_nothing_is_destroyed_that_was_not_ordered(lake: Lake) -> None:
    agreement = make.an_agreement()
    loaded(lake, agreement.resources[0])
    case = an_exit(agreement)
    with refused("exits.destruction-not-ordered"):
        destruction.destroy(case.code, NOON)
    assert destruction.sweep(NOON) == 0
    assert lake.read(agreement.resources[0]).num_rows == 4


def test_what_another_agreement_still_authorizes_lives_on(lake: Lake) -> None:
    agreement = make.an_agreement()
    (code,) = agreement.resources
    loaded(lake, code)
    other = make.an_agreement(get_case("catalogue", code, PLATFORM), authorization=OVERLAP)
    case = ordered(agreement)
    destruction.destroy(case.code, NOON)
    said = get_case("exits", case.code, PLATFORM).certificate
    assert said["tables"] == []
    assert said["kept"] == [{"resource": code, "agreement": other.code}]
    assert lake.read(code).num_rows == 4


def test_it_waits_until_what_developers_kept_is_gone(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    case = ordered(make.an_agreement())
    kept = type("Kept", (), {"lifecycle": None, "code": "ZY-1", "destroyed_bytes": 0})()
    with monkeypatch.context() as patched:
        patched.setattr(destruction.standing, "own", lambda _, states: [kept] if "in-use" in states else [])
        with refused("exits.own-data-kept", "R52", kind=TryLater):
            destruction.destroy(case.code, NOON)
        assert destruction.sweep(NOON) == 0
    assert destruction.sweep(NOON) == 1
