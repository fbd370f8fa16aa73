"""Which encoding a text file is in, and what else one pass over its bytes tells."""

from __future__ import annotations

import codecs
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

BLOCK = 1 << 20
KEEP = "dianchi.keep"  # decoding error handler: bytes that are no text become lone surrogates, so that none is lost
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 18


def _keep(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + b) for b in error.object[error.start : error.end]), error.end


codecs.register_error(KEEP, _keep)


@dataclass(frozen=True)
class Facts:
    """Encoding of the whole file and what decides how it can be read."""

    encoding: str  # utf-8, utf-8-sig, gb18030, utf-16, utf-16-le, utf-16-be
    valid: bool  # every byte is text in that encoding
    nul: bool  # there are NUL characters
    quotes: int  # number of double quotes
    longest: int  # bytes of the longest line
    lone_cr: bool  # lines end in CR alone somewhere

    @property
    def plain(self) -> bool:
        """Whether the fast reader can be trusted with it."""
        wide = self.encoding.startswith("utf-16")
        return self.valid and not (self.nul or wide or self.lone_cr) and not self.quotes % 2 and self.longest <= BLOCK


def examine(path: Path) -> Facts:
    """One pass (more for text that is not UTF-8) over the file; known files are not read again."""
    known = path.stat()
    return _examine(path.absolute(), known.st_size, known.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _examine(path: Path, _size: int, _changed: int) -> Facts:
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    encoding = next((name for bom, name in _BOMS if head.startswith(bom)), "") or _wide(head)
    if not encoding and _decodes(path, "utf-8"):
        return _counted(path, "utf-8", valid=True)
    encoding = encoding or _legacy(path)
    return _counted(path, encoding, valid=_decodes(path, encoding))


def _wide(head: bytes) -> str:
    """UTF-16 without a mark shows in NUL bytes at every other place."""
    data = np.frombuffer(head[: len(head) // 2 * 2], np.uint8)
    if len(data) < 4:
        return ""
    even, odd = float(np.mean(data[0::2] == 0)), float(np.mean(data[1::2] == 0))
    if odd > 0.3 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 and odd < 0.05 else ""


def _is_utf8(path: Path) -> bool:
    """As strict as Python's decoder, several times as fast where text is not ASCII."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            block, rest = rest + block, b""
            for back in range(1, min(4, len(block)) + 1):  # a character may go on in the next block
                if block[-back] >= 0xC0:
                    block, rest = block[:-back], block[-back:]
                    break
                if block[-back] < 0x80:
                    break
            if not _valid(block):
                return False
    return _valid(rest)


def _valid(block: bytes) -> bool:
    ends = pa.py_buffer(np.array([0, len(block)], np.int32))
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(block)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _decodes(path: Path, encoding: str) -> bool:
    if encoding == "utf-8":
        return _is_utf8(path)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _legacy(path: Path) -> str:
    """GB18030, unless most lines that are not ASCII are UTF-8 and only a few are damaged."""
    sound = broken = 0
    with path.open("rb") as file:
        for line in file.read(BLOCK * 4).split(b"\n"):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                sound += 1
            except UnicodeDecodeError:
                broken += 1
    return "utf-8" if sound > broken else "gb18030"


def _counted(path: Path, encoding: str, *, valid: bool) -> Facts:
    quotes = longest = held = 0
    nul = lone = after_cr = False
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            quotes += block.count(b'"')
            nul = nul or b"\x00" in block
            returns = block.count(b"\r") - block.count(b"\r\n")
            lone = lone or returns - block.endswith(b"\r") > 0 or (after_cr and not block.startswith(b"\n"))
            after_cr = block.endswith(b"\r")
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
            if len(ends):
                gaps = np.diff(ends)
                longest = max(longest, held + int(ends[0]), int(gaps.max()) if len(gaps) else 0)
                held = len(block) - int(ends[-1])
            else:
                held += len(block)
    return Facts(encoding, valid, nul, quotes, max(longest, held), lone or after_cr)
