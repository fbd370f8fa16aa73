"""The few messages of Flight SQL that a server needs, in protobuf's own encoding (FlightSql.proto of Apache Arrow)."""

from __future__ import annotations

from collections.abc import Iterator

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

PREFIX = "type.googleapis.com/arrow.flight.protocol.sql."
MALFORMED = Refusal("flight.message-malformed", Text("请求报文无法解读", "The message cannot be read"))
Fields = dict[int, list[bytes | int]]


def fields(data: bytes) -> Fields:
    """The fields of a message by number; texts and messages stay bytes. Raises Invalid."""
    found: Fields = {}
    for number, value in _fields(data):
        found.setdefault(number, []).append(value)
    return found


def text(message: Fields, number: int) -> str:
    """A text field; empty if it is not there."""
    try:
        return blob(message, number).decode()
    except UnicodeDecodeError:
        raise Invalid(MALFORMED) from None


def blob(message: Fields, number: int) -> bytes:
    """A field of bytes; empty if it is not there."""
    value = message.get(number, [b""])[-1]
    if not isinstance(value, bytes):
        raise Invalid(MALFORMED)
    return value


def unpacked(data: bytes) -> tuple[str, Fields]:
    """The name and the fields of a packed command."""
    outer = fields(data)
    url = text(outer, 1)
    if not url.startswith(PREFIX):
        raise Invalid(MALFORMED)
    return url.removeprefix(PREFIX), fields(blob(outer, 2))


def packed(name: str, body: bytes) -> bytes:
    """A command packed with its name."""
    return field(1, (PREFIX + name).encode()) + field(2, body)


def field(number: int, value: bytes | int) -> bytes:
    """One field in its encoding."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    place = 0
    while place < len(data):
        key, place = _read(data, place)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, place = _read(data, place)
            yield number, value
        elif kind in (1, 2, 5):
            length, place = (8, place) if kind == 1 else (4, place) if kind == 5 else _read(data, place)
            if place + length > len(data):
                raise Invalid(MALFORMED)
            yield number, data[place : place + length]
            place += length
        else:
            raise Invalid(MALFORMED)


def _read(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 64:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, place
        shift += 7
    raise Invalid(MALFORMED)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
