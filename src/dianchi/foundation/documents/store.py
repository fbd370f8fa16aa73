"""The content-addressed store under <store>/documents: write once, read by digest, verify on reading."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import unicodedata
from datetime import datetime
from pathlib import Path

from django.conf import settings

from dianchi.foundation.documents.models import Document
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, NotFound, Refusal
from dianchi.kernel.text import Text

# What may be attached, by its first bytes: the name and the declared type come from outside and prove nothing.
KINDS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "application/zip": b"PK\x03\x04",
    "application/json": b"{",
}
LARGEST = 50 * 1024 * 1024


def attach(
    data: bytes, file_name: str, *, case_type: str, case_code: str, act: str, title: str, by: str, at: datetime
) -> Document:
    """Keep the bytes and note whose they are; raises Invalid for what may not be attached."""
    media_type = _kind(data)
    if media_type is None or len(data) > LARGEST:
        message = Text(
            "附件须为 PDF、图片、Word、Excel 或 JSON 文件，且不超过 50 MB",
            "Attach a PDF, picture, Word, Excel or JSON file of at most 50 MB",
        )
        raise Invalid(Refusal("documents.not-acceptable", message, field="file"))
    sm3, sha256 = canonical.sm3_bytes(data), hashlib.sha256(data).hexdigest()
    _write(sm3, data)
    document, _ = Document.objects.get_or_create(
        case_type=case_type, case_code=case_code, act=act, sm3=sm3,
        defaults={
            "title": title, "file_name": _safe(file_name), "media_type": media_type, "size": len(data),
            "sha256": sha256, "added_by": by, "added_at": at,
        },
    )  # fmt: skip
    return document


def _kind(data: bytes) -> str | None:
    """What the bytes are, if they may be attached."""
    kind = next((kind for kind, magic in KINDS.items() if data.startswith(magic)), None)
    if kind == "application/json":
        try:
            json.loads(data)
        except (ValueError, RecursionError):
            return None
    return kind


def _safe(file_name: str) -> str:
    """The last part of the name, of either system's paths, without invisible characters; never empty."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 10 else shown[:200] or "document"


def read(document: Document) -> bytes:
    """The bytes, re-hashed; raises NotFound if they are gone or changed."""
    path = _path(document.sm3)
    data = path.read_bytes() if path.exists() else b""
    if canonical.sm3_bytes(data) != document.sm3:
        raise NotFound(Refusal("documents.damaged", Text("文件缺失或已被改动", "The file is missing or was changed"),
                               remedy=Text("请报告审计管理员", "Report it to the audit administrator")))  # fmt: skip
    return data


def _path(sm3: str) -> Path:
    return Path(settings.DIANCHI_VAR) / "documents" / sm3[:2] / sm3


def _write(sm3: str, data: bytes) -> None:
    path = _path(sm3)
    if path.exists() and canonical.sm3_bytes(path.read_bytes()) == sm3:  # a damaged copy is replaced by a sound one
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
