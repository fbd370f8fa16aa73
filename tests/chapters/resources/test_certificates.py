"""Registration certificates: signed, in the ledger, checked offline by somebody who trusts one public key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.factories import resources as make
from tests.factories.rules import refused

from dianchi.chapters.resources.registration import checking, printing
from dianchi.chapters.resources.registration.models import Registration
from dianchi.chapters.resources.registration.queries import by_query_code, certificate_file, certificate_paper
from dianchi.foundation.ledger import ledger_key, seal
from dianchi.kernel.errors import Invalid, NotFound, TryLater
from dianchi.kernel.text import Text

pytestmark = pytest.mark.django_db(transaction=True)  # sealing is durable, so it stands in no transaction


@pytest.fixture
def registered() -> Any:
    """A registration in force whose certificate stands in the sealed ledger."""
    case = make.registered(make.an_application(make.a_published_item()).code)
    seal(case.state_since, ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    return case


def trusted() -> Any:
    return checking.verifiers([ledger_key().public_line])


def holds(certificate: Any) -> dict[str, bool]:
    return {f.name: f.holds for f in checking.check(certificate, trusted())}


ALL_HOLD = {"signature": True, "entry": True, "ledger": True}


def test_a_certificate_says_what_stands_and_holds(registered: Any) -> None:
    made = checking.read(json.dumps(certificate_file(registered), ensure_ascii=False).encode())
    said = made["statement"]
    assert (said["query_code"], said["title"], said["edition"]) == (registered.query_code, registered.title, 1)
    assert said["registrant"]["name"] == "云南省文化和旅游厅"
    assert said["registrar"]["name"] == "云南省数据登记中心"
    assert said["valid_to_on"] == registered.valid_to_on.isoformat()
    assert holds(made) == ALL_HOLD


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], None], set[str]]] = {
    "another name": (lambda c: c["statement"].update(title="另一个名称"), {"signature", "entry"}),
    "a longer term": (lambda c: c["statement"].update(valid_to_on="2099-01-01"), {"signature", "entry"}),
    "another registrant": (lambda c: c["statement"]["registrant"].update(name="他人"), {"signature", "entry"}),
    "something added": (lambda c: c["statement"].update(remark="等级优秀"), {"signature", "entry"}),
    "no signature": (lambda c: c.update(signature=""), {"signature"}),
    "no proof": (lambda c: c.update(proof=""), {"entry", "ledger"}),
    "another entry": (lambda c: c.update(proof=c["proof"].replace("index ", "index 1", 1)), {"entry", "ledger"}),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_seen(registered: Any, name: str) -> None:
    made = json.loads(json.dumps(certificate_file(registered)))
    forge, broken = FORGERIES[name]
    forge(made)
    assert (
        {n for n, good in holds(made).items() if not good} >= broken - {"entry"} if name == "another entry" else broken
    )
    assert holds(made) != ALL_HOLD


def test_nobody_else_signs(registered: Any) -> None:
    from dianchi.engines.crypto import INTERNATIONAL
    from dianchi.engines.crypto.notes import NoteKey
    from dianchi.engines.merkle.note import sign_note

    other = NoteKey(ledger_key().name, INTERNATIONAL.generate())
    made = certificate_file(registered)
    forged = {**made, "signature": sign_note(checking.note_text(made["statement"]), [other])}
    assert not holds(forged)["signature"]
    assert checking.check(made, checking.verifiers([other.public_line]))[0].holds is False


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "x"}', b"\xff\xfe", b"[" * 100_000, b"1" * 300_000])
def test_what_is_no_certificate_is_told_so(data: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        checking.read(data)
    assert caught.value.refusals[0].code == "certificates.unreadable"


def test_before_sealing_there_is_a_signature_and_no_proof() -> None:
    case = make.registered(make.an_application(make.a_published_item()).code)
    made = certificate_file(case)
    assert holds(made) == {"signature": True, "entry": False, "ledger": False}


def test_an_application_has_no_certificate() -> None:
    case = make.an_application(make.a_published_item())
    for made in (lambda: certificate_file(case), lambda: certificate_paper(case, "https://example.org")):
        with pytest.raises(NotFound):
            made()


def dianchi(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dianchi.interfaces.cli.main", "certificate", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "", "LC_ALL": "C.UTF-8"})


def test_anybody_checks_it_offline_with_the_key_alone(registered: Any, tmp_path: Path) -> None:
    file, key = tmp_path / "certificate.json", tmp_path / "key.pub"
    made = certificate_file(registered)
    file.write_text(json.dumps(made), "utf-8")
    key.write_text(f"{ledger_key().public_line}\n")
    good = dianchi(str(file), "--key-file", str(key), "--json")
    assert (good.returncode, json.loads(good.stdout)["valid"]) == (0, True)
    made["statement"]["title"] = "另一个名称"
    file.write_text(json.dumps(made), "utf-8")
    bad = dianchi(str(file), "--key-file", str(key), "--json")
    assert (bad.returncode, json.loads(bad.stdout)["findings"]["signature"]) == (14, False)
    assert dianchi(str(file)).returncode == 11  # a certificate cannot vouch for its own key


def test_the_paper_is_one_page_and_the_same_each_time(registered: Any) -> None:
    first, second = (
        certificate_paper(registered, f"https://example.org/certificates?code={registered.query_code}") for _ in "12"
    )
    assert first == second
    assert first.startswith(b"%PDF-")
    assert first.count(b"/Type /Page\n") + first.count(b"/Type/Page\n") <= 1


def test_without_a_chinese_font_there_is_no_paper(registered: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "FACES", (("No Such Face",),))
    with pytest.raises(TryLater) as caught:
        certificate_paper(registered, "https://example.org")
    assert isinstance(caught.value.refusals[0].message, Text)
    assert caught.value.refusals[0].code == "certificates.no-font"


def test_a_code_is_checked_whatever_its_case(registered: Any) -> None:
    assert by_query_code(registered.query_code.lower()) == registered
    assert by_query_code("") is None
    assert by_query_code("TEST-\0") is None


def test_a_record_altered_behind_the_door_goes_no_further(registered: Any) -> None:
    from dianchi.kernel.actors import Role

    make.do("registration", "apply-change", Role.PROVIDER, registered.code, change_kind="RESOURCE", reason=make.SAID,
            proposal={"summary": "五级区划。"})  # fmt: skip
    Registration.objects.update(title="悄悄改过的名称")
    with refused("registration.altered-outside-a-case", "R64"):
        make.do("registration", "change", Role.REGISTRAR, registered.code)
