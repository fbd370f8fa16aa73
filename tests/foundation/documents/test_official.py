"""Official documents: set as PDF and Word, frozen with their digests in the ledger."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import operation as make
from tests.factories.people import NOON

from dianchi.foundation.documents.form import Form, Grid, Line, Part, Signing, heading, numeral, plain
from dianchi.foundation.documents.history import case_at, editions
from dianchi.foundation.documents.issue import issue, issued
from dianchi.foundation.documents.models import Document
from dianchi.foundation.documents.signatures import holds, signed
from dianchi.foundation.documents.store import read
from dianchi.foundation.documents.typeset import pdf
from dianchi.foundation.documents.word import docx
from dianchi.foundation.ledger.models import Entry

LETTER = Form(
    "开发主体准入通知", "KF-2026-00001", "云南数据运营有限公司", "2026年3月2日", ("昆明数智科技有限公司",), "依据实施规范办理，内容如下。",
    (Part("基本信息", (Line("说明", "按公布的标准遴选。"), Grid("条件", ("条件", "证明"), (("依法设立", "营业执照"),)))),
     Part("审查", (Line("理由", "理由充分。" * 40),))),
    digest="ab" * 32, entry=12, address="https://example.org/ledger/12",
)  # fmt: skip
AGREEMENT = replace(
    LETTER, title="授权运营协议", signings=(Signing("甲方", "云南省数据中心", "2026年1月9日", (Line("国密摘要", "cd" * 32),)),
                                    Signing("乙方", "云南数据运营有限公司", "2026年1月9日")),
)  # fmt: skip


@pytest.mark.parametrize(("n", "said"), [(1, "一"), (10, "十"), (13, "十三"), (20, "二十"), (45, "四十五")])
def test_numerals(n: int, said: str) -> None:
    assert numeral(n) == said


def test_parts_are_numbered_as_letters_and_agreements_are() -> None:
    assert (heading(LETTER, 2), heading(AGREEMENT, 12)) == ("二、", "第十二条　")
    assert [p["heading"] for p in plain(LETTER)["parts"]] == ["一、基本信息", "二、审查"]


@pytest.mark.parametrize("form", [LETTER, AGREEMENT], ids=["letter", "agreement"])
def test_the_same_form_is_the_same_bytes(form: Form) -> None:
    first, second = pdf(form, NOON), pdf(form, NOON)
    assert first == second
    assert first.startswith(b"%PDF-")
    assert docx(form, NOON) == docx(form, NOON)
    assert pdf(replace(form, number="KF-2026-00002"), NOON) != first


def test_word_says_all_of_it_in_the_fonts_of_an_office() -> None:
    data = docx(LETTER, NOON)
    word = Word(BytesIO(data))
    text = "\n".join(p.text for p in word.paragraphs)
    for said in (
        "云南数据运营有限公司",
        "昆明数智科技有限公司：",
        "开发主体准入通知",
        "一、基本信息",
        "2026年3月2日",
        "ab" * 32,
    ):
        assert said in text
    assert [c.text for c in word.tables[0].rows[1].cells] == ["依法设立", "营业执照"]
    fonts = {r._r.rPr.rFonts.get(qn("w:eastAsia")) for p in word.paragraphs for r in p.runs}
    assert {"仿宋", "黑体", "楷体", "方正小标宋简体"} <= fonts
    assert "NUMPAGES" in zipfile.ZipFile(BytesIO(data)).read("word/footer1.xml").decode()


@settings(max_examples=5, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40))
def test_nothing_that_is_said_is_read_as_markup(text: str) -> None:
    hostile = f"#panic() ]$ *{text}* \\ "
    form = replace(LETTER, title=hostile, parts=(Part(hostile, (Line(hostile, hostile),)),))
    assert pdf(form, NOON).startswith(b"%PDF-")


@pytest.mark.django_db
def test_signatures_hold_in_both_suites_over_these_terms_alone() -> None:
    terms = {"title": "协议", "ends_on": "2030-12-31"}
    signature = signed(terms, "甲方", make.OPERATOR, NOON)
    assert holds(terms, json.loads(json.dumps(signature)))
    assert not holds(terms | {"ends_on": "2031-12-31"}, signature)
    assert not holds(terms, signature | {"at": (NOON + timedelta(days=1)).isoformat()})
    assert not holds(terms, signature | {"sm2": signature["ed25519"]})
    assert not holds(terms, {k: v for k, v in signature.items() if k != "ed25519"})


@pytest.mark.django_db
def test_a_document_is_frozen_once_and_its_digests_are_in_the_ledger() -> None:
    case = make.an_admission_under_review()
    entry = Entry.objects.filter(case_id=case.code).latest("index")
    at = datetime(2026, 4, 1, tzinfo=UTC)
    files = issue(LETTER, entry, at)
    size = Entry.objects.count()
    again = issue(replace(LETTER, title="改过的题目"), entry, at)
    assert {k: d.sm3 for k, d in again.items()} == {k: d.sm3 for k, d in files.items()}
    assert Entry.objects.count() == size
    frozen = Entry.objects.get(kind="documents.freeze")
    said = json.loads(frozen.payload)
    assert (frozen.case_id, said["entry"], frozen.at) == (case.code, entry.index, at)
    assert {f["name"]: f["sm3"] for f in said["files"]} == {
        k: d.sm3 for k, d in issued("developers", case.code, entry.index).items()
    }
    assert read(files["pdf"]).startswith(b"%PDF-")
    assert Document.objects.filter(case_code=case.code).count() == 2


@pytest.mark.django_db
def test_a_case_is_told_as_it_was() -> None:
    case = make.a_draft_scenario(title="第一稿")
    code = case.code
    first = Entry.objects.filter(case_id=code).latest("index").index
    make.do(
        "scenarios", "revise", make.Role.OPERATOR, code, **make.scenario_inputs(make.an_agreement(), title="第二稿")
    )
    then, now = case_at("scenarios", code, first), case_at("scenarios", code, first + 10**6)
    assert (then.title, then.state, then.version, then.starts_on) == ("第一稿", "draft", 1, case.starts_on)
    assert (now.title, now.version) == ("第二稿", 2)
    assert [v for v, _ in editions("scenarios", code)] == [1, 2]


@pytest.mark.django_db
def test_what_is_personal_is_in_no_document_of_the_ledger() -> None:
    case = make.an_admission_under_review()
    assert case.contact == "李开发"
    assert case_at("developers", case.code, 10**6).contact == ""
