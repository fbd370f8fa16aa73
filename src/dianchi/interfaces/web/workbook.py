"""Catalogue items from a workbook: the template that departments fill in, and its rows as inputs of the act."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from dianchi.foundation.cases.registry import case_type
from dianchi.interfaces.web import say
from dianchi.interfaces.web.shapes import Shape, shapes
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

LARGEST = 8 * 1024 * 1024
MOST_ITEMS, MOST_COLUMNS = 500, 20_000
ITEMS, COLUMNS, NOTES = "资源", "数据项", "填写说明"
OF = "资源名称"  # the column of the second sheet that says whose data item it is
_LEFT_OUT = {"items", "contract"}  # the second sheet has the items; a contract is a file of its own

NOT_A_WORKBOOK = Refusal(
    "catalogue.not-a-workbook", Text("不能读取：请使用平台提供的表格模板", "It cannot be read: use the template of the platform"),
    remedy=Text("请下载模板，填写后上传", "Download the template, fill it in and upload it"), field="file",
)  # fmt: skip
TOO_MUCH = Refusal(
    "catalogue.workbook-too-large", Text("一次最多导入五百项资源、两万个数据项", "At most 500 resources and 20,000 data items at once"),
    remedy=Text("请分几次导入", "Import in several parts"), field="file",
)  # fmt: skip


@dataclass
class Row:
    """One resource of the workbook: its place, its inputs, and the place of each of its data items."""

    line: int
    values: dict[str, Any]
    places: list[int] = field(default_factory=list)  # lines of its data items on the second sheet
    problems: list[tuple[str, Text]] = field(default_factory=list)  # where, what

    @property
    def title(self) -> str:
        """The name that it states."""
        return str(self.values.get("title", ""))


def _item_shapes() -> list[Shape]:
    return [s for s in shapes(case_type("catalogue").lifecycle.opening.inputs) if s.name not in _LEFT_OUT]


def _column_shapes() -> tuple[Shape, ...]:
    items = next(s for s in shapes(case_type("catalogue").lifecycle.opening.inputs) if s.name == "items")
    return items.shapes


def template() -> bytes:
    """An empty workbook with lists to choose from, one example and notes."""
    book = Workbook()
    _sheet(book.active, ITEMS, _item_shapes())
    _sheet(book.create_sheet(COLUMNS), COLUMNS, _column_shapes(), first=OF)
    notes = book.create_sheet(NOTES)
    notes.append([str(say.t("列名", "Column")), str(say.t("是否必填", "Required")), str(say.t("说明", "Notes"))])
    for shape in (*_item_shapes(), *_column_shapes()):
        wanted = shape.info is not None and shape.info.is_required()
        notes.append([str(shape.entry.label), "是" if wanted else "否", _note(shape)])
    for letter, width in zip("ABC", (24, 10, 90), strict=True):
        notes.column_dimensions[letter].width = width
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _note(shape: Shape) -> str:
    said = [str(shape.entry.help or "")]
    if shape.choices:
        said.append(f"可选：{'、'.join(str(label) for _, label in shape.choices)}")
    if shape.many:
        said.append("多个值用顿号隔开")
    return "；".join(s for s in said if s)


def _sheet(sheet: Any, title: str, columns: Any, first: str = "") -> None:
    sheet.title = title
    heads = [first] * bool(first) + [str(s.entry.label) for s in columns]
    sheet.append(heads)
    for i, cell in enumerate(sheet[1], 1):
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E7EFFA")
        sheet.column_dimensions[get_column_letter(i)].width = 20
    sheet.freeze_panes = "A2"
    for i, shape in enumerate(columns, 1 + bool(first)):
        words = ",".join(str(label) for _, label in shape.choices)
        if shape.holds is bool:
            words = "是,否"
        if words and not shape.many and len(words) < 250:  # a list in a cell's rule may not be longer
            rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{get_column_letter(i)}2:{get_column_letter(i)}{MOST_ITEMS + 1}")


def read(data: bytes) -> list[Row]:
    """The resources of a workbook; raises Invalid for what is none, and for more than may come at once."""
    if len(data) > LARGEST:
        raise Invalid(TOO_MUCH)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        items, columns = list(_rows(book[ITEMS], MOST_ITEMS)), list(_rows(book[COLUMNS], MOST_COLUMNS))
    except (KeyError, ValueError, OSError, zipfile.BadZipFile, TypeError, IndexError):
        raise Invalid(NOT_A_WORKBOOK) from None
    found = [_item(line, cells) for line, cells in items]
    by_title: dict[str, Row] = {row.title: row for row in found}
    for line, cells in columns:
        _add_column(by_title, found, line, cells)
    return found


def _rows(sheet: Any, most: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every filled row as cells by heading, with its line."""
    heads: list[str] = []
    count = 0
    for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if not heads:
            heads = [str(c or "").strip() for c in row]
            continue
        cells = {h: c for h, c in zip(heads, row, strict=False) if h and c not in (None, "")}
        if cells:
            count += 1
            if count > most:
                raise Invalid(TOO_MUCH)
            yield line, cells


def _item(line: int, cells: dict[str, Any]) -> Row:
    row = Row(line, {"items": []})
    row.values |= _values(_item_shapes(), cells, f"{ITEMS} {line}", row)
    return row


def _add_column(by_title: dict[str, Row], rows: list[Row], line: int, cells: dict[str, Any]) -> None:
    owner = str(cells.pop(OF, "")).strip() or (rows[0].title if len(rows) == 1 else "")
    row = by_title.get(owner)
    if row is None:
        if rows:
            rows[0].problems.append(
                (
                    f"{COLUMNS} {line}",
                    Text(
                        "该数据项所属的资源不在“资源”表中", "The resource of this data item is not on the first sheet"
                    ),
                )
            )
        return
    row.values["items"].append(_values(_column_shapes(), cells, f"{COLUMNS} {line}", row))
    row.places.append(line)


def _values(columns: Any, cells: dict[str, Any], place: str, row: Row) -> dict[str, Any]:
    made = {}
    known = {str(s.entry.label): s for s in columns} | {s.name: s for s in columns}
    for head, cell in cells.items():
        shape = known.get(head)
        if shape is None:
            row.problems.append((place, Text(f"没有“{head}”这一列", f"There is no column “{head}”")))
        else:
            made[shape.name] = _value(shape, cell)
    return made


def _value(shape: Shape, cell: Any) -> Any:
    """A cell as the act takes it: words of choices as their codes, lists apart, days without hours."""
    if shape.many:
        parts = str(cell).replace("，", "、").replace(",", "、").replace("\n", "、").split("、")
        return [_chosen(shape, p.strip()) for p in parts if p.strip()]
    if shape.holds is bool:
        return {"是": True, "否": False}.get(str(cell).strip(), cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return _chosen(shape, str(cell).strip()) if shape.holds is not int else cell


def _chosen(shape: Shape, text: str) -> str:
    words = {str(label): code for code, label in shape.choices}
    return words.get(text, text)


def place_of(row: Row, refusal: Refusal) -> str:
    """Where on the sheets a refusal belongs: sheet, line and column."""
    parts = refusal.field.split(".") if refusal.field else []
    if len(parts) > 1 and parts[0] == "items" and parts[1].isdigit() and int(parts[1]) < len(row.places):
        label = next((str(s.entry.label) for s in _column_shapes() if s.name == (parts[2:] or [""])[0]), "")
        return f"{COLUMNS} {row.places[int(parts[1])]} {label}".strip()
    label = next((str(s.entry.label) for s in _item_shapes() if parts and s.name == parts[0]), "")
    return f"{ITEMS} {row.line} {label}".strip()
