"""Frames on a socket: one byte of kind, eight of length, then the bytes. Nothing from inside is ever unpickled."""

from __future__ import annotations

import socket
import struct
import time

HEAD = struct.Struct("=cQ")
TABLE, DONE, ERROR, READY, CALL, SPEC, REPORT = b"T", b"D", b"E", b"R", b"C", b"S", b"X"
SHORT = 1 << 16  # no frame but a table needs more


class Closed(Exception):
    """The other end is gone."""


class TooLong(Exception):
    """The other end announces more than it may send."""


def send(to: socket.socket, kind: bytes, payload: bytes | memoryview = b"") -> None:
    """Send one frame whole."""
    head = HEAD.pack(kind, len(payload))
    if len(payload) < SHORT:
        to.sendall(head + payload)
    else:
        to.sendall(head)
        to.sendall(payload)


def receive(source: socket.socket, most: int = SHORT, until: float | None = None) -> tuple[bytes, bytearray]:
    """Receive one frame of at most `most` bytes, until a moment of the monotonic clock (TimeoutError)."""
    head = _exactly(source, HEAD.size, until)
    kind, length = HEAD.unpack(head)
    if length > most:
        raise TooLong
    return kind, _exactly(source, length, until)


def _exactly(source: socket.socket, count: int, until: float | None) -> bytearray:
    buffer = bytearray(count)
    view, have = memoryview(buffer), 0
    while have < count:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            source.settimeout(left)
        got = source.recv_into(view[have:])
        if not got:
            raise Closed
        have += got
    return buffer
