"""Recording, sealing and proving, through the public functions."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger import empty_ledger

from dianchi.engines.crypto.notes import verifiers_of
from dianchi.engines.merkle.audit import COLUMNS, expected_body
from dianchi.engines.merkle.folder import TileFolder
from dianchi.engines.merkle.proof import Proof
from dianchi.foundation import ledger
from dianchi.foundation.ledger.models import Checkpoint, Entry, Head
from dianchi.kernel.errors import Invalid, NotFound, RuleBroken, TryLater
from dianchi.kernel.law.articles import Article, spec27

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 1, 30, 0, 250000, tzinfo=UTC)


class State(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"


def sign(**changes):
    fields = {
        "case_type": "agreements", "case_id": "A-1", "by": "person-1", "organisation": "91530000MA6K3YXN0P",
        "role": "operator", "at": AT, "article": spec27(9), "from_state": State.DRAFT, "to_state": State.SIGNED,
        "outcome": "done", "payload": {"term": 5}, "rules": ("R33", "R34"),
    }  # fmt: skip
    return ledger.record("agreements.sign", **{**fields, **changes})


@pytest.fixture
def directory(tmp_path, settings):
    settings.DIANCHI_VAR = tmp_path
    return tmp_path / "ledger"


def test_an_entry_holds_what_was_recorded():
    index = sign()
    entry = Entry.objects.get(pk=index)
    assert (entry.kind, entry.article, entry.from_state, entry.to_state) == (
        "agreements.sign", "SPEC27.9", "draft", "signed",
    )  # fmt: skip
    assert (entry.at, entry.recorded_at, entry.rules) == (AT, AT, "R33 R34")
    body = json.loads(entry.body)
    assert body["index"] == index
    assert body["by"] == entry.by == ledger.person_hash("person-1")
    assert json.loads(entry.payload) == {"term": 5}
    assert not {"payload", "leaf_hash"} & set(body)


def test_indexes_follow_one_another_and_the_head_counts_them():
    first = Head.objects.get().size
    assert [sign(), sign(), sign()] == [first, first + 1, first + 2]
    group = ledger.record_many([replace(draft(), case_id=str(n)) for n in range(4)])
    assert list(group) == list(range(first + 3, first + 7))
    assert list(ledger.record_many([])) == []
    assert Head.objects.get().size == first + 7


def draft():
    return ledger.Draft(
        kind="x.y", case_type="x", case_id="1", by="", organisation="", role="", at=AT, article="SPEC27.9"
    )


def test_what_is_rolled_back_was_never_recorded():
    before = Head.objects.values().get()
    with transaction.atomic():
        sign()
        transaction.set_rollback(True)
    assert Head.objects.values().get() == before
    assert Entry.objects.count() == before["size"]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError):
        sign()


def test_a_person_is_a_salted_hash(directory, tmp_path, settings):
    here = ledger.person_hash("person-1")
    assert len(here) == 64
    assert ledger.person_hash(here) == here
    assert ledger.person_hash("") == ledger.person_hash(None) == ""
    settings.DIANCHI_VAR = tmp_path / "elsewhere"
    assert ledger.person_hash("person-1") != here


@pytest.mark.parametrize("changes", [{"case_id": "x" * 70_000}, {"role": "a\x00b"}, {"case_id": "\ud800"}])
def test_what_cannot_be_stored_is_refused(changes):
    with pytest.raises(Invalid):
        sign(**changes)


def test_a_payload_with_a_float_is_refused():
    with pytest.raises(TypeError):
        sign(payload={"rate": 0.1})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40),
    micro=st.sampled_from([0, 1, 999_999]),
)
def test_the_auditor_computes_the_same_body(text, micro):
    index = sign(case_id=text, role=text, organisation=text, payload={text: text}, at=AT.replace(microsecond=micro))
    entry = Entry.objects.get(pk=index)
    row = [getattr(entry, column) for column in COLUMNS]
    for place in (7, 8):
        row[place] = row[place].strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert expected_body(tuple(row)) == entry.body


def test_nothing_to_seal_in_an_empty_ledger(directory):
    empty_ledger()
    assert Head.objects.get().size == 0
    assert ledger.seal(AT, ledger.ledger_key(), directory) is None
    assert not directory.exists()


def test_what_is_sealed_can_be_proven_to_an_outsider(directory):
    indexes = list(ledger.record_many([replace(draft(), case_id=str(n)) for n in range(600)]))
    with pytest.raises(TryLater):
        ledger.inclusion_proof(indexes[0])
    key = ledger.ledger_key()
    checkpoint = ledger.seal(AT, key, directory)
    assert (directory / "checkpoint").read_text() == checkpoint.note
    assert ledger.sealed_size() == checkpoint.size == indexes[-1] + 1

    verifiers = verifiers_of((directory / "key.pub").read_text())
    for index in (indexes[0], indexes[300], indexes[-1]):
        proof = ledger.inclusion_proof(index)
        assert proof.holds(verifiers)
        assert Proof.from_text(proof.to_text()) == proof
        assert not replace(proof, index=index + 1).holds(verifiers)
        assert not replace(proof, body=proof.body.replace("x.y", "x.z")).holds(verifiers)
        assert not proof.holds(verifiers, "another/log")
    with pytest.raises(NotFound):
        ledger.inclusion_proof(indexes[-1] + 1)


def test_sealing_again_goes_on_and_repeats_nothing(directory):
    key = ledger.ledger_key()
    ledger.record_many([draft()] * 300)
    first = ledger.seal(AT, key, directory)
    again = ledger.seal(AT + timedelta(hours=1), key, directory)
    assert (again.size, again.at) == (first.size, first.at)
    ledger.record_many([draft()] * 300)
    second = ledger.seal(AT + timedelta(hours=2), key, directory)
    assert second.size == first.size + 300
    folder = TileFolder(directory)
    assert folder.missing(second.size) == []
    assert folder.root(second.size).hex() == second.root == Head.objects.get().root
    assert not (directory / "tile/0/001.p/44").exists()  # replaced by the full tile


def test_lost_files_are_published_again(directory):
    import shutil

    key = ledger.ledger_key()
    ledger.record_many([draft()] * 300)
    ledger.seal(AT, key, directory)
    shutil.rmtree(directory)
    sign()
    sealed = ledger.seal(AT + timedelta(hours=1), key, directory)
    assert TileFolder(directory).missing(sealed.size) == []


def test_a_rewritten_ledger_is_never_signed(directory):
    ledger.record_many([draft()] * 10)
    Head.objects.update(size=F("size") + 1, root="0" * 64, frontier="")
    with pytest.raises(RuleBroken, match="rewritten"):
        ledger.seal(AT, ledger.ledger_key(), directory)
    assert not Checkpoint.objects.exists()
    assert not (directory / "checkpoint").exists()


def test_an_emptied_ledger_is_guarded_again():
    sign()
    empty_ledger()
    assert sign() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.all().delete()
    assert Entry.objects.count() == 1


def test_articles_may_be_named_by_their_key():
    index = sign(article=Article("SPEC27", 9).key)
    assert Entry.objects.get(pk=index).article == "SPEC27.9"
