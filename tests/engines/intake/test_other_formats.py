"""Workbooks, JSON and Parquet."""

import datetime as dt
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dianchi.engines.intake import check, read, sheets, sniff
from dianchi.kernel.errors import Invalid


def rows(path):
    proposal = sniff(path)
    return [tuple(r[n] for n in proposal.names) for c in read(path, proposal) for r in c.rows.to_pylist()]


@pytest.fixture
def workbook(tmp_path):
    def make(sheets_: dict, merged: dict | None = None):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, content in sheets_.items():
            sheet = book.create_sheet(name)
            for row in content:
                sheet.append(row)
            for area in (merged or {}).get(name, ()):
                sheet.merge_cells(area)
        path = tmp_path / "x.xlsx"
        book.save(path)
        return path

    return make


def test_a_workbook_with_title_numbers_as_text_and_dates(workbook):
    path = workbook(
        {
            "说明": [["填表说明"]],
            "数据": [
                ["云南省游客统计", None, None],
                ["地区", "人数", "日期"],
                ["昆明市", "12", dt.date(2020, 1, 2)],
                ["大理州", 7.0, dt.datetime.fromisoformat("2020-01-03")],
            ],
        },
        {"数据": ["A1:C1"]},
    )
    proposal = sniff(path)
    assert (proposal.sheet, proposal.sheets, proposal.header_rows) == ("数据", ("说明", "数据"), 2)
    assert [c.type for c in proposal.columns] == ["string", "integer", "date"]
    assert rows(path) == [("昆明市", "12", "2020-01-02"), ("大理州", "7", "2020-01-03")]


def test_a_header_of_two_rows_with_merged_cells(workbook):
    path = workbook(
        {"s": [["地区", "游客", None, "收入"], [None, "国内", "入境", None], ["昆明", 1, 2, 3.5], ["大理", 4, 5, 6.5]]},
        {"s": ["A1:A2", "B1:C1", "D1:D2"]},
    )
    proposal = sniff(path)
    assert (proposal.header_rows, proposal.names) == (2, ("地区", "游客_国内", "游客_入境", "收入"))
    assert rows(path)[0] == ("昆明", "1", "2", "3.5")


def test_cells_beyond_the_table_spoil_their_row_only(workbook):
    path = workbook({"s": [["a", "b"], ["1", "x"], ["2", "y", None, "z"], ["3", "w"]]})
    found = check(path)
    assert found.findings.received == 3
    assert found.findings.received == found.findings.accepted + found.findings.quarantined


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (100 << 20))
    with pytest.raises(Invalid) as refused:
        sniff(path)
    assert refused.value.refusals[0].code == "intake.too-large"


def test_a_bomb_that_lies_about_its_size_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", b"0" * (5 << 20))
    content = path.read_bytes().replace((5 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        sheets.require_bounded(path, limit=1 << 20)
    assert refused.value.refusals[0].code == "intake.too-large"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\x00" * 60, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, b"PAR1xxxxPAR1"]
)
def test_broken_containers_are_refused(tmp_path, content):
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        sniff(path)
    assert refused.value.refusals[0].code == "intake.unreadable"


OBJECTS = [
    {"代码": "5301", "数": 1.50, "有": True, "无": None},
    {"代码": "5303", "数": 2, "有": False, "嵌": {"a": [1]}},
]
TOLD = [("5301", "1.5", "true", None, None), ("5303", "2", "false", None, '{"a":["1"]}')]


@pytest.mark.parametrize("indent", [None, 2])
def test_json_arrays(tmp_path, indent):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(OBJECTS, ensure_ascii=False, indent=indent), encoding="utf-8")
    assert sniff(path).kind == "json"
    assert rows(path) == TOLD


def test_json_lines_and_their_faults(tmp_path):
    path = tmp_path / "x.jsonl"
    lines = [json.dumps(o, ensure_ascii=False) for o in OBJECTS]
    path.write_text("\n".join([lines[0], "{broken", "", lines[1], "[1]"]), encoding="utf-8")
    found = check(path)
    assert rows(path) == TOLD
    assert [(q["row"], q["rules"]) for q in found.quarantine] == [(2, ["row:json"]), (4, ["row:columns"])]
    assert found.findings.received == 4


def test_numbers_in_json_keep_their_digits(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"n": 12345678901234567890.10}]')
    assert rows(path) == [("12345678901234567890.10",)]


def test_text_in_json_may_hold_brackets_quotes_and_escapes(tmp_path):
    path = tmp_path / "x.json"
    value = 'a]}\\"{[,\\\\ 中'
    path.write_text(json.dumps([{"x": value}, {"x": "\\"}]))
    assert rows(path) == [(value,), ("\\",)]


def test_an_array_cut_short_is_told(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[{"x": 1}, {"x": 2}, {"x": ')
    found = check(path)
    assert (found.findings.accepted, found.findings.quarantined) == (2, 1)


def test_parquet_is_read_as_text_and_typed_again(tmp_path):
    path = tmp_path / "x.parquet"
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int32()),
            "d": [dt.date(2020, 1, 2), None],
            "t": pa.array([dt.datetime.fromisoformat("2020-01-02T03:04:05"), None], pa.timestamp("ns")),
            "s": pa.array(["甲", "乙"]).dictionary_encode(),
        }
    )
    pq.write_table(table, path)
    assert rows(path) == [("1", "2020-01-02", "2020-01-02 03:04:05", "甲"), (None, None, None, "乙")]
    assert [c.type for c in sniff(path).columns] == ["integer", "date", "timestamp", "string"]
    assert check(path).clean
