"""Delivered answers that are fetched in pieces: pages, and files with resume. Sealed piece by piece, kept for a while."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from dianchi.engines.crypto.files import secret_file
from dianchi.engines.lake.files import sync
from dianchi.gate import vault
from dianchi.kernel.errors import NotFound, NotPermitted, Refusal
from dianchi.kernel.text import Text

PIECE = 1 << 20  # bytes sealed at once
_CONTENT, _TAG = "content", 16
NOT_KEPT = Refusal(
    "gate.file-not-kept", Text("没有这个文件，或已过下载有效期", "There is no such file, or it is no longer kept"),
    remedy=Text("请重新交付", "Have it delivered again"),
)  # fmt: skip
BAD_LINK = Refusal(
    "gate.link-not-valid", Text("下载链接无效或已过期", "The link is not valid or has expired"),
    remedy=Text("请重新交付", "Have it delivered again"),
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What is known of a kept file."""

    name: str
    order: int
    slug: str
    media_type: str
    size: int
    sha256: str
    until: str  # ISO
    receipt: str  # JSON

    @property
    def ends(self) -> datetime:
        """When it is destroyed."""
        return datetime.fromisoformat(self.until)


def keep(
    name: str, pieces: Iterable[bytes], *, order: int, slug: str, media_type: str, until: datetime, receipt: object
) -> Kept:
    """Seal the bytes under a key of their own; they are on disk when this returns."""
    cipher, total, digest = AESGCM(vault.key(name)), 0, hashlib.sha256()
    draft = vault.folder(name) / f".{_CONTENT}.{os.getpid()}"
    with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        for number, piece in enumerate(_of_size(pieces)):
            file.write(cipher.encrypt(_nonce(number), piece, name.encode()))
            digest.update(piece)
            total += len(piece)
    sync(draft)
    draft.replace(vault.folder(name) / _CONTENT)
    kept = Kept(name, order, slug, media_type, total, digest.hexdigest(), until.isoformat(), json.dumps(receipt))
    vault.put(name, json.dumps(asdict(kept)).encode())
    return kept


def found(name: str, at: datetime) -> Kept:
    """The kept file of that name; NotFound when there is none or its time is over."""
    try:
        kept = Kept(**json.loads(vault.get(name)))
    except NotFound:
        raise NotFound(NOT_KEPT) from None
    if kept.ends <= at:
        vault.destroy(name)
        raise NotFound(NOT_KEPT)
    return kept


def read(kept: Kept, start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` to before `stop`, in pieces; whoever passes them on may look up between two."""
    cipher = AESGCM(vault.key(kept.name))
    with (vault.folder(kept.name) / _CONTENT).open("rb") as file:
        for number in range(start // PIECE, -(-stop // PIECE)):
            file.seek(number * (PIECE + _TAG))
            try:
                piece = cipher.decrypt(_nonce(number), file.read(PIECE + _TAG), kept.name.encode())
            except InvalidTag:
                raise NotFound(vault.GONE) from None
            first = number * PIECE
            yield piece[max(0, start - first) : stop - first]


def link(kept: Kept) -> str:
    """The path with a signature that opens it until its time is over, for whoever holds it."""
    until = int(kept.ends.timestamp())
    return f"/gate/v1/files/{kept.name}?until={until}&signature={_signature(kept.name, until)}"


def check_link(name: str, until: str, signature: str, at: datetime) -> None:
    """Raises NotPermitted unless the link is ours and its time is not over."""
    seconds = int(until) if until.isascii() and until.isdigit() and len(until) < 16 else 0
    if seconds <= at.timestamp() or not hmac.compare_digest(signature, _signature(name, seconds)):
        raise NotPermitted(BAD_LINK)


def sweep(at: datetime) -> int:
    """Destroy what is past its time; how many files."""
    root, gone = Path(settings.DIANCHI_VAR) / "vault", 0
    for folder in root.glob("answer-*") if root.exists() else ():
        try:
            found(folder.name, at)
        except NotFound:
            vault.destroy(folder.name)
            gone += 1
    return gone


def name_of(index: int) -> str:
    """The name under which the answer of a ledger index is kept; not to be guessed."""
    return f"answer-{index}-{hmac.digest(_link_key(), str(index).encode(), 'sha256').hex()[:24]}"


def ends(at: datetime, hours: int) -> datetime:
    """When a file delivered now is destroyed."""
    return (at + timedelta(hours=hours)).replace(microsecond=0)


def _signature(name: str, until: int) -> str:
    return hmac.digest(_link_key(), f"{name}|{until}".encode(), "sha256").hex()


@cache
def _link_key() -> bytes:
    return secret_file(Path(settings.DIANCHI_VAR) / "keys" / "file-links")


def _nonce(number: int) -> bytes:
    """Each key seals one file, so its pieces are counted."""
    return number.to_bytes(12, "big")


def _of_size(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)
