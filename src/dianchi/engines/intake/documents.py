"""JSON: an array of objects, or one object a line. Numbers keep the digits they are written with."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dianchi.engines.intake.chunks import COLUMNS, COLUMNS_LIMIT, NUL, QUOTE, TOO_LONG, Builder, Chunk
from dianchi.engines.intake.encoding import BLOCK, KEEP
from dianchi.engines.intake.refusals import UNREADABLE
from dianchi.kernel.errors import Invalid

ITEM_LIMIT = BLOCK  # characters of one object
SYNTAX = "row:json"
_SIGN = re.compile(r'["\\\[\]{}]')


@dataclass(frozen=True)
class Item:
    """One object of the file, or what is wrong with it."""

    value: dict[str, Any]
    raw: str
    fault: str = ""


def _parse(raw: str) -> Item:
    try:
        value = json.loads(raw, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        return Item({}, raw, SYNTAX)
    return Item(value, raw) if isinstance(value, dict) else Item({}, raw, COLUMNS)


def items(path: Path, encoding: str, *, lines: bool) -> Iterator[Item]:
    """The objects in order; a broken line spoils itself only, a broken array spoils the rest as one row."""
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding, KEEP) as file:
        yield from _by_line(file) if lines else _in_array(file)


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


def _in_array(file: io.TextIOWrapper) -> Iterator[Item]:
    """Objects are cut at their closing brace, outside text; nothing is kept but the one in hand."""
    held: list[str] = []
    depth, size, inside, escaped, opened = 0, 0, False, False, False
    while block := file.read(BLOCK // 4):
        start, after = 0, 1 if escaped else 0  # `after`: signs before it are escaped
        escaped = False
        for found in _SIGN.finditer(block):
            place, sign = found.start(), found.group()
            if place < after:
                continue
            if inside:
                inside, after = sign != '"', place + 2 if sign == "\\" else 0
                escaped = after > len(block)
            elif sign == '"':
                inside = True
            elif sign in "[{":
                depth += 1
                opened = opened or sign == "["
                if depth == 2:
                    start, held, size = place, [], 0
            elif sign in "]}":
                depth -= 1
                if depth == 1:
                    yield _parse("".join([*held, block[start : place + 1]]))
                    held = []
        if depth >= 2:
            held.append(block[start:])
            size += len(block) - start
        if size > ITEM_LIMIT:
            yield Item({}, "".join(held), TOO_LONG)
            return
    if not opened:
        raise Invalid(UNREADABLE)
    if depth >= 2:
        yield Item({}, "".join(held), QUOTE if inside else SYNTAX)


def names(found: Sequence[Item]) -> tuple[str, ...]:
    """The keys of the first objects in the order in which they appear."""
    keys = dict.fromkeys(key for item in found for key in item.value)
    if len(keys) > COLUMNS_LIMIT:
        raise Invalid(UNREADABLE)
    return tuple(keys)


def read(path: Path, encoding: str, columns: Sequence[str], *, lines: bool) -> Iterator[Chunk]:
    """The objects as rows; one with an unknown key is faulty, a missing key is a missing value."""
    builder = Builder(columns)
    known = set(columns)
    for item in items(path, encoding, lines=lines):
        if item.fault or set(item.value) - known:
            builder.fault(item.fault or COLUMNS, item.raw)
        else:
            cells = [text(item.value.get(name)) for name in columns]
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
