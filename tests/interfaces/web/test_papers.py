"""Files attached to a case, and the case as a sheet to print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.resources import a_draft_item, a_published_item

from dianchi.foundation.documents.models import Document
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Role], Client]
PDF = b"%PDF-1.7 an opinion in writing"


@pytest.fixture(autouse=True)
def _own_store(settings: object, tmp_path: Path) -> None:
    settings.DIANCHI_VAR = str(tmp_path)  # type: ignore[attr-defined]


def send(client: Client, code: str, data: bytes, name: str = "论证 意见.pdf") -> object:
    file = SimpleUploadedFile(name, data, content_type="text/html")
    return client.post(f"/cases/catalogue/{code}/documents", {"title": "", "file": file})


def test_an_attachment_comes_back_as_it_was_and_is_never_shown_by_the_browser(signed_in: SignedIn) -> None:
    code = a_draft_item().code
    client = signed_in(Role.PROVIDER)
    assert send(client, code, PDF).status_code == 302  # type: ignore[attr-defined]
    tab = client.get(f"/cases/catalogue/{code}?tab=documents").content.decode()
    kept = Document.objects.get()
    assert kept.file_name in tab
    answer = client.get(f"/cases/catalogue/{code}/documents/{kept.pk}")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"  # by its bytes, whatever the sender declared
    assert answer["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote('论证 意见.pdf')}"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("data", [b"<script>alert(1)</script>", b""])
def test_what_is_no_document_is_refused_where_it_was_sent(signed_in: SignedIn, data: bytes) -> None:
    code = a_draft_item().code
    answer = send(signed_in(Role.PROVIDER), code, data, "page.html")
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert 'role="alert"' in answer.content.decode()  # type: ignore[attr-defined]
    assert not Document.objects.exists()


def test_a_file_that_is_too_large_is_refused(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    from dianchi.interfaces.web.views import papers

    monkeypatch.setattr(papers, "LARGEST", len(PDF) - 1)
    assert send(signed_in(Role.PROVIDER), a_draft_item().code, PDF).status_code == 400  # type: ignore[attr-defined]
    assert not Document.objects.exists()


def test_whoever_may_not_see_the_case_can_neither_attach_nor_read(signed_in: SignedIn) -> None:
    code = a_draft_item().code
    send(signed_in(Role.PROVIDER), code, PDF)
    stranger = signed_in(Role.CONSUMER)
    pk = Document.objects.get().pk
    assert stranger.get(f"/cases/catalogue/{code}/documents/{pk}").status_code == 404
    assert stranger.get(f"/cases/catalogue/{code}/paper").status_code == 404
    assert send(stranger, code, PDF + b"!").status_code == 404  # type: ignore[attr-defined]
    assert Client().get(f"/cases/catalogue/{code}/documents/{pk}").status_code == 302
    assert Document.objects.count() == 1


def test_who_only_looks_on_may_not_attach(signed_in: SignedIn) -> None:
    code = a_published_item().code
    client = signed_in(Role.AUDITOR)
    assert "f-file" not in client.get(f"/cases/catalogue/{code}?tab=documents").content.decode()
    assert send(client, code, PDF).status_code == 403  # type: ignore[attr-defined]


def test_the_sheet_bears_the_digest_of_the_case(signed_in: SignedIn) -> None:
    case = a_published_item()
    html = signed_in(Role.PROVIDER).get(f"/cases/catalogue/{case.code}/paper").content.decode()
    assert case.digest() in html
    assert "事项办理单" in html


def test_a_resource_says_its_uses_in_words(signed_in: SignedIn) -> None:
    case = a_published_item()
    html = signed_in(Role.PROVIDER).get(f"/cases/catalogue/{case.code}").content.decode()
    used = {use for item in case.items for use in item["uses"]}
    assert used
    for use in used:
        assert f"<li>{use}</li>" not in html
