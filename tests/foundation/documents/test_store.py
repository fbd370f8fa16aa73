"""Documents: kept by what they say, under names that cannot harm, found out when damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.factories.people import NOON

from dianchi.foundation.documents.models import Document
from dianchi.foundation.documents.queries import of_case
from dianchi.foundation.documents.store import LARGEST, _safe, attach, read
from dianchi.kernel.canonical import sm3_bytes
from dianchi.kernel.errors import Invalid, NotFound

PDF = b"%PDF-1.7\n" + b"\0" * 100


@pytest.fixture(autouse=True)
def _store(settings, tmp_path: Path):
    settings.DIANCHI_VAR = tmp_path


def keep(data: bytes = PDF, name: str = "协议.pdf", **changes: str) -> Document:
    about = {"case_type": "agreements", "case_code": "XY-1", "act": "sign", "title": "协议", "by": "p"} | changes
    return attach(data, name, at=NOON, **about)


@pytest.mark.django_db
class TestStore:
    """What is kept and read back."""

    def test_read_back_it_is_what_was_kept(self):
        document = keep()
        assert read(document) == PDF
        assert (document.size, document.sm3, document.sha256) == (
            len(PDF),
            sm3_bytes(PDF),
            hashlib.sha256(PDF).hexdigest(),
        )
        assert document.media_type == "application/pdf"

    def test_the_same_bytes_are_one_file(self, tmp_path: Path):
        assert keep().pk == keep().pk
        keep(case_code="XY-2")
        assert [d.case_code for d in of_case("agreements", "XY-2")] == ["XY-2"]
        assert len([p for p in (tmp_path / "documents").rglob("*") if p.is_file()]) == 1

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"MZ\x90\x00",
            b"<html><script>",
            b"#!/bin/sh",
            b"<svg xmlns='x'/>",
            b" %PDF-1.7",
            b"{not json",
            b'{"a": 1} <script>',
            b"[1]",
            b"{" * 5000,
        ],
    )
    def test_what_it_is_decides_not_what_it_is_called(self, data: bytes, tmp_path: Path):
        with pytest.raises(Invalid) as refused:
            keep(data, "合同.pdf")
        assert [r.code for r in refused.value.refusals] == ["documents.not-acceptable"]
        assert not (tmp_path / "documents").exists()
        assert not Document.objects.exists()

    def test_a_picture_called_a_pdf_is_served_as_a_picture(self):
        assert keep(b"\x89PNG\r\n\x1a\n....", "x.pdf").media_type == "image/png"

    def test_too_large(self):
        with pytest.raises(Invalid):
            keep(PDF + b"\0" * LARGEST)

    def test_a_hostile_name_reaches_no_other_folder(self, tmp_path: Path):
        document = keep(name="../../../etc/passwd")
        assert document.file_name == "passwd"
        files = [p for p in tmp_path.rglob("*") if p.is_file()]
        assert [p.name for p in files] == [document.sm3]

    @pytest.mark.parametrize(
        "harm", [lambda p: p.write_bytes(PDF[:-1]), lambda p: p.write_bytes(b""), lambda p: p.unlink()]
    )
    def test_damage_is_found_and_mended_by_the_sound_bytes(self, harm, tmp_path: Path):
        document = keep()
        harm(next(p for p in tmp_path.rglob("*") if p.is_file()))
        with pytest.raises(NotFound) as refused:
            read(document)
        assert [r.code for r in refused.value.refusals] == ["documents.damaged"]
        keep(case_code="XY-3")
        assert read(document) == PDF


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("协议（正本）.pdf", "协议（正本）.pdf"),
        ("C:\\Users\\wang\\协议.pdf", "协议.pdf"),
        ("/etc/passwd", "passwd"),
        ("..", "document"),
        ("", "document"),
        ("a/", "document"),
        ("\0\r\n", "document"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        (".bashrc", "bashrc"),
    ],
)
def test_a_file_name_is_made_safe(given_name: str, safe: str):
    assert _safe(given_name) == safe


@given(some.text(max_size=400))
def test_any_name_is_short_visible_and_of_one_part(name: str):
    safe = _safe(name)
    assert 0 < len(safe) <= 200
    assert not set(safe) & set("/\\\r\n\0\u202e")
    assert safe not in (".", "..")


def test_the_ending_of_a_long_name_is_kept():
    assert _safe("长" * 300 + ".pdf").endswith("长.pdf")
