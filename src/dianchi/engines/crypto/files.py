"""Key files: made once, by whoever comes first, readable by their owner alone."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from dianchi.engines.crypto.suite import BAD_KEY, Signer, Suite
from dianchi.kernel.errors import Invalid


def created_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """The file's bytes, made first if it is absent; of two who make it at once, both get the winner's."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # complete when it appears, and never over another's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()


def signer_file(path: Path, suite: Suite) -> Signer:
    """The private key in a PEM file, made on first use."""
    return suite.load(created_once(path, lambda: suite.generate().pem()))


def secret_file(path: Path, length: int = 32) -> bytes:
    """The random secret in a base64 file, made on first use; Invalid when it has another length."""
    text = created_once(path, lambda: base64.b64encode(secrets.token_bytes(length)) + b"\n")
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise Invalid(BAD_KEY) from error
    if len(secret) != length:
        raise Invalid(BAD_KEY)
    return secret
