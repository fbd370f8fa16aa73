"""JSON: an array of objects or of lists, alone or inside an envelope such as {"data": […]}, or one object a line.

Numbers keep the digits they are written with.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from dianchi.engines.intake.chunks import COLUMNS, COLUMNS_LIMIT, NUL, QUOTE, TOO_LONG, Builder, Chunk, unique
from dianchi.engines.intake.encoding import BLOCK, KEEP
from dianchi.engines.intake.header import VALUE
from dianchi.engines.intake.refusals import UNREADABLE
from dianchi.kernel.errors import Invalid

ITEM_LIMIT = BLOCK  # characters of one object
SYNTAX = "row:json"
ENVELOPE_LIMIT = 4 * BLOCK  # characters in which the array of an envelope must begin
_SIGN = re.compile(r'["\\\[\]{}]')
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[\[\]{}:,]')
# What the array of records is called, in answers of web services; of several arrays the first so called is meant.
_USUAL = ("data", "rows", "records", "list", "items", "results", "result", "features", "value", "数据")


@dataclass(frozen=True)
class Item:
    """One object of the file, or what is wrong with it."""

    value: dict[str, Any]
    raw: str
    fault: str = ""
    cells: list[Any] | None = None  # of a list


def _parse(raw: str) -> Item:
    try:
        value = json.loads(raw, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return Item({}, raw, SYNTAX)
    if isinstance(value, list):
        return Item({}, raw, cells=value)
    return Item(value, raw) if isinstance(value, dict) else Item({}, raw, COLUMNS)


def kind(path: Path, encoding: str) -> str:
    """ "json" for an array, alone or in an envelope, "jsonl" for an object a line, "" for what is no JSON."""
    with path.open("r", encoding=encoding, errors=KEEP) as file:
        begin = file.read(BLOCK).lstrip()
    if begin.startswith("["):
        return "json" if re.match(r"\[\s*([\[{]|$)", begin) else ""
    if not begin.startswith("{"):
        return ""
    first, _, rest = begin.partition("\n")
    one_a_line = not _parse(first).fault and rest.lstrip().startswith("{")
    return "jsonl" if one_a_line or _place(path, encoding) is None else "json"


def _place(path: Path, encoding: str) -> int | None:
    """Where the array of records begins, in characters; None if the beginning of the file holds none."""
    with path.open("r", encoding=encoding, errors=KEEP, newline="") as file:
        arrays = _arrays(file.read(ENVELOPE_LIMIT))
    if not arrays:
        return None
    called = [a for name in _USUAL for a in arrays if a.name == name]
    return max(called or arrays, key=lambda a: (a.name in _USUAL[:1], a.records)).start


@dataclass
class _Array:
    """An array that only objects enclose."""

    name: str
    start: int
    records: int = 0  # objects and lists in it


def _arrays(head: str) -> list[_Array]:
    """The arrays of objects or lists that stand at the top, or below objects alone."""
    found: list[_Array] = []
    around: list[_Array | None] = []  # what is open: an array that counts, or None
    key = ""
    deep = 0  # arrays that are open
    for token in _TOKEN.finditer(head):
        sign = token.group()
        if sign[0] == '"':
            key = sign[1:-1]
        elif sign in "[{":
            if around and (array := around[-1]) is not None:
                array.records += 1
            around.append(_Array(key, token.start()) if sign == "[" and not deep else None)
            found += [array for array in around[-1:] if array is not None]
            deep += sign == "["
        elif sign in "]}" and around:
            around.pop()
            deep -= sign == "]"
    return [a for a in found if a.records]


def items(path: Path, encoding: str, *, lines: bool) -> Iterator[Item]:
    """The objects in order; a broken line spoils itself only, a broken array spoils the rest as one row."""
    start = 0 if lines else _place(path, encoding) or 0
    enclosed = start > 0
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, KEEP, newline=None if lines else "") as file:
        while start:
            start -= len(file.read(min(start, BLOCK)))
        yield from _by_line(file) if lines else _in_array(file, enclosed=enclosed)


def _by_line(file: io.TextIOWrapper) -> Iterator[Item]:
    while line := file.readline(ITEM_LIMIT):
        whole = line.endswith("\n") or len(line) < ITEM_LIMIT
        rest = line
        while rest and not rest.endswith("\n") and len(rest) == ITEM_LIMIT:
            rest = file.readline(ITEM_LIMIT)
        if not whole:
            yield Item({}, line, TOO_LONG)
        elif line.strip():
            yield _parse(line.rstrip("\r\n"))


def _in_array(file: io.TextIOWrapper, *, enclosed: bool) -> Iterator[Item]:
    """What stands in the array; of an enclosed one, nothing behind its end."""
    cutter = _Cutter(enclosed)
    while block := file.read(BLOCK // 4):
        yield from cutter.cut(block)
        if cutter.size > ITEM_LIMIT:
            yield Item({}, "".join(cutter.held), TOO_LONG)
            return
        if cutter.closed:
            return
    if not cutter.opened:
        raise Invalid(UNREADABLE)
    if cutter.depth >= 2:
        yield Item({}, "".join(cutter.held), QUOTE if cutter.inside else SYNTAX)
    elif cutter.depth == 1:
        yield from _strays("".join(cutter.held))


class _Cutter:
    """Cuts objects and lists out of an array at their closing brace, outside text; only the one in hand is kept."""

    def __init__(self, enclosed: bool) -> None:
        self.enclosed = enclosed
        self.held: list[str] = []  # of the object in hand, or of what stands between two
        self.depth = self.size = 0
        self.inside = self.escaped = self.opened = self.closed = False

    def cut(self, block: str) -> Iterator[Item]:
        """What ends in this block, and what stands between and is neither object nor list."""
        start, after = 0, 1 if self.escaped else 0  # `after`: signs before it are escaped
        self.escaped = False
        for found in _SIGN.finditer(block):
            place, sign = found.start(), found.group()
            if place < after:
                continue
            if self.inside:
                self.inside, after = sign != '"', place + 2 if sign == "\\" else 0
                self.escaped = after > len(block)
            elif sign == '"':
                self.inside = True
            elif edge := self._step(sign):
                end = place + (edge == 2 and sign in "]}")
                yield from self._ended("".join([*self.held, block[start:end]]), sign)
                start, self.held, self.size = end + (edge == 1), [], 0
                if self.closed:
                    return
        if self.depth:
            self.held.append(block[start:])
            self.size += len(block) - start

    def _step(self, sign: str) -> int:
        """Go in or out; the depth whose edge that was, 0 if it matters to nobody."""
        out = sign in "]}"
        edge = self.depth if out else self.depth + 1
        self.depth += -1 if out else 1
        self.opened = self.opened or sign == "["
        self.closed = self.enclosed and not self.depth
        return edge if edge <= 2 else 0

    def _ended(self, text: str, sign: str) -> Iterator[Item]:
        if self.depth == 1 and sign in "]}":
            yield _parse(text)
        elif self.opened:
            yield from _strays(text)


def _strays(between: str) -> Iterator[Item]:
    """Values between the objects that are no rows: none of them vanishes."""
    if not (bare := between.strip(" \t\r\n,")):
        return
    try:
        values = json.loads(f"[{bare}]", parse_float=str, parse_int=str)
    except ValueError:
        yield Item({}, bare, SYNTAX)
        return
    for value in values:
        yield Item({}, text(value) or "null", COLUMNS)


def names(found: Sequence[Item]) -> tuple[str, ...]:
    """The keys of the first objects in the order in which they appear; of lists the first one's texts."""
    keys = dict.fromkeys(key for item in found for key in item.value)
    if found and (head := found[0].cells) is not None:
        titled = header_rows(found[0]) and head
        width = max(len(item.cells or ()) for item in found)
        keys = dict.fromkeys(unique([str(c) for c in titled] if titled else [None] * width))
    if len(keys) > COLUMNS_LIMIT:
        raise Invalid(UNREADABLE)
    return tuple(keys)


def header_rows(first: Item) -> int:
    """1 if the first list names the columns: all of it is text, and no two alike."""
    cells = first.cells or []
    named = all(isinstance(c, str) and c and not VALUE.fullmatch(c) for c in cells)
    return int(bool(cells) and named and len(set(cells)) == len(cells))


def read(path: Path, encoding: str, columns: Sequence[str], *, lines: bool, skip: int = 0) -> Iterator[Chunk]:
    """The objects as rows; one with an unknown key is faulty, a missing key is a missing value."""
    builder = Builder(columns)
    known = set(columns)
    for item in islice(items(path, encoding, lines=lines), skip, None):
        if item.fault or set(item.value) - known:
            builder.fault(item.fault or COLUMNS, item.raw)
        else:
            found = item.cells if item.cells is not None else [item.value.get(name) for name in columns]
            cells = [text(value) for value in found]
            sound = not any(c and any("\ud800" <= s <= "\udfff" for s in c) for c in cells)
            builder.add(cells, item.raw) if sound else builder.fault(NUL, item.raw)
        if builder.full:
            yield builder.take()
    yield builder.take()


def text(value: object) -> str | None:
    """A value as text; lists and objects as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
