"""Dates as departments spell them, envelopes of web services, and workbooks of several sheets."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from dianchi.engines.intake import check, read, sniff
from dianchi.engines.quality import Contract, inspect
from dianchi.engines.quality.contract import ColumnContract

DAYS = {
    "iso": ["2024-01-05", "2024-10-20", "2024-12-31"],
    "slash": ["2024/1/5", "2024/10/20", "2024/12/31"],
    "dot": ["2024.1.5", "2024.10.20", "2024.12.31"],
    "compact": ["20240105", "20241020", "20241231"],
    "chinese": ["2024年1月5日", "2024年10月20日", "2024年12月31日"],
    "chinese.words": ["二〇二四年一月五日", "二零二四年十月二十日", "二○二四年十二月三十一日"],
}
MOMENTS = {
    "datetime.loose.minute": ["2024-1-5 8:05", "2024-10-20 18:30"],
    "datetime.slash.minute": ["2024/1/5 8:05", "2024/10/20 18:30"],
    "datetime.chinese": ["2024年1月5日 8时05分", "2024年10月20日18:30:00"],
}


def written(path: Path, name: str, values: list[str]) -> Path:
    path.write_text(f"{name},n\n" + "".join(f"{v},{i}\n" for i, v in enumerate(values)), encoding="utf-8")
    return path


@pytest.mark.parametrize("spelling", DAYS)
def test_the_spellings_of_a_day(tmp_path: Path, spelling: str) -> None:
    path = written(tmp_path / "x.csv", "日期", DAYS[spelling])
    (column, _) = sniff(path).columns
    assert (column.type, column.format) == ("date", spelling)
    contract = Contract("x", (ColumnContract("日期", "date", format=spelling), ColumnContract("n", "integer")))
    found = [
        row for chunk in read(path, sniff(path)) for row in inspect(chunk.rows, contract).accepted["日期"].to_pylist()
    ]
    assert found == [dt.date(2024, 1, 5), dt.date(2024, 10, 20), dt.date(2024, 12, 31)]


@pytest.mark.parametrize("spelling", MOMENTS)
def test_the_spellings_of_a_moment(tmp_path: Path, spelling: str) -> None:
    path = written(tmp_path / "x.csv", "时间", MOMENTS[spelling])
    (column, _) = sniff(path).columns
    assert (column.type, column.format) == ("timestamp", spelling)
    contract = Contract("x", (ColumnContract("时间", "timestamp", format=spelling), ColumnContract("n", "integer")))
    found = [
        row for chunk in read(path, sniff(path)) for row in inspect(chunk.rows, contract).accepted["时间"].to_pylist()
    ]
    assert found == [dt.datetime(2024, 1, 5, 8, 5), dt.datetime(2024, 10, 20, 18, 30)]  # noqa: DTZ001 - as written


def test_days_that_do_not_exist_are_set_aside(tmp_path: Path) -> None:
    days = [*DAYS["chinese.words"] * 20, "二〇二四年二月三十日"]
    found = check(written(tmp_path / "x.csv", "日期", days))
    assert (found.findings.accepted, found.findings.quarantined) == (60, 1)


RECORDS = [{"编号": f"A{i}", "数量": i} for i in range(6)]


@pytest.mark.parametrize(
    "envelope",
    [
        {"data": RECORDS},
        {"code": 0, "msg": "ok", "columns": [{"n": "编号"}] * 9, "data": RECORDS, "meta": {"a": {"b": [1]}}},
        {"code": 0, "result": {"total": 6, "records": RECORDS}},
        {"数据集": RECORDS},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_records_are_found_in_their_envelope(
    tmp_path: Path, envelope: object, indent: int | None, encoding: str
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(envelope, ensure_ascii=False, indent=indent), encoding=encoding)
    found = check(path)
    assert found.proposal.names == ("编号", "数量")
    assert (found.proposal.kind, found.findings.accepted, found.findings.quarantined) == ("json", 6, 0)


def test_lists_under_a_list_of_names(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps([["编号", "数量"], ["A1", 1], ["A2", 2], ["A3"]], ensure_ascii=False), encoding="utf-8")
    found = check(path)
    assert (found.proposal.names, found.proposal.header_rows) == (("编号", "数量"), 1)
    assert (found.findings.accepted, [q["rules"] for q in found.quarantine]) == (2, [["row:columns"]])


def test_what_stands_between_the_objects_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"a": 1}, 5, "x]", {"a": 2}, null]')
    found = check(path)
    assert (found.findings.received, found.findings.accepted) == (5, 2)
    assert [(q["row"], q["raw"]) for q in found.quarantine] == [(2, "5"), (3, "x]"), (5, "null")]


@pytest.fixture
def months(tmp_path: Path) -> Path:
    """A cover sheet, three months with the same columns, and another table."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active["A1"] = "说明"
    for month, rows in (("一月", 3), ("二月", 5), ("三月", 2)):
        sheet = book.create_sheet(month)
        sheet.append([f"2024年{month}报表"])
        sheet.append(["编号", "数量"])
        for i in range(rows):
            sheet.append([f"{month}{i}", i])
    book.create_sheet("附表").append(["地区", "负责人", "备注"])
    book["附表"].append(["昆明", "甲", "无"])
    book.save(tmp_path / "x.xlsx")
    return tmp_path / "x.xlsx"


def test_sheets_with_the_same_columns_are_one_table(months: Path) -> None:
    found = check(months)
    assert (found.proposal.sheet, found.proposal.names) == ("二月", ("编号", "数量"))
    assert found.proposal.tables == (("一月", 2), ("二月", 2), ("三月", 2))
    assert (found.findings.received, found.findings.accepted) == (10, 10)


def test_one_sheet_may_be_asked_for(months: Path) -> None:
    assert check(months, sheet="附表").proposal.names == ("地区", "负责人", "备注")
    assert check(months, sheet="三月").findings.received == 2


def test_a_contract_finds_its_sheet(months: Path) -> None:
    columns = tuple(ColumnContract(n) for n in ("地区", "负责人", "备注"))
    assert check(months, Contract("x", columns)).proposal.sheet == "附表"
