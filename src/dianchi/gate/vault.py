"""What stays inside the domain and belongs to one party: each thing under a key of its own, destroyed with its key."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from django.conf import settings

from dianchi.engines.crypto import INTERNATIONAL
from dianchi.engines.crypto.files import created_once, secret_file
from dianchi.engines.lake.files import sync
from dianchi.engines.lake.keys import Keyring
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.text import Text

GONE = Refusal(
    "gate.not-kept", Text("内容已销毁或不存在", "It was destroyed or is not here"),
    remedy=Text("请核对事项状态", "See the state of the case"),
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")
_KEY, _SEALED = "key", "sealed"


def folder(name: str) -> Path:
    """Where the thing of that code is kept."""
    if not _NAME.fullmatch(name):
        raise NotFound(GONE)
    return Path(settings.DIANCHI_VAR) / "vault" / name


def key(name: str) -> bytes:
    """Its key (32 bytes), made on first use and kept only wrapped."""
    ring = _ring()
    wrapped = created_once(folder(name) / _KEY, lambda: ring.wrap_new(name).encode())
    return ring.unwrap(name, wrapped.decode())


def put(name: str, plain: bytes) -> None:
    """Seal the bytes; they are on disk when this returns."""
    sealed = INTERNATIONAL.seal(key(name), plain, name.encode())
    draft = folder(name) / f".{_SEALED}.{os.getpid()}"
    with open(draft, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(sealed)
    sync(draft)
    draft.replace(folder(name) / _SEALED)
    sync(folder(name))


def get(name: str) -> bytes:
    """What was sealed; NotFound if it is gone, Invalid if a byte differs."""
    path = folder(name) / _SEALED
    if not path.exists():
        raise NotFound(GONE)
    return INTERNATIONAL.open(key(name), path.read_bytes(), name.encode())


def destroy(name: str) -> tuple[int, int]:
    """Overwrite and remove the key, then every file; how many files and bytes there were. Done twice, it is done."""
    kept = [p for p in folder(name).rglob("*") if p.is_file()] if folder(name).exists() else []
    total = sum(p.stat().st_size for p in kept)
    wrapped = folder(name) / _KEY
    if wrapped.exists():  # without it nothing else can be read, whatever a disk still remembers
        with wrapped.open("r+b") as file:
            file.write(os.urandom(wrapped.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
    shutil.rmtree(folder(name), ignore_errors=True)
    return len(kept), total


def _ring() -> Keyring:
    return Keyring(secret_file(Path(settings.DIANCHI_VAR) / "keys" / "vault-master"))
