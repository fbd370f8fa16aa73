"""Files from a browser, piece by piece: each piece checked by its digest, taken up again where it broke off."""

from __future__ import annotations

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from dianchi.chapters.resources.supply.models import Upload
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.identity.models import Person
from dianchi.foundation.identity.queries import actors
from dianchi.foundation.jobs.models import Job
from dianchi.foundation.jobs.queue import Running, enqueue, work
from dianchi.gate import intake
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal, RuleBroken
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

PIECE = 4 << 20  # bytes of a piece
LARGEST = 64 << 30
JOB = "supply.receive"
NO_UPLOAD = Refusal("uploads.not-found", Text("没有找到这次上传", "There is no such upload"), default(),
                    Text("请重新选择文件", "Choose the file again"))  # fmt: skip
WRONG_PLACE = Refusal(
    "uploads.wrong-place",
    Text("上传位置不符，请从已收到处继续", "That is not where the upload stands; go on from there"),
    default(),
)
DAMAGED = Refusal(
    "uploads.damaged", Text("传输中内容改变，请重传该段", "The piece changed on its way; send it again"), default()
)
TOO_LARGE = Refusal(
    "uploads.too-large", Text("文件为空或过大", "The file is empty or too large"), default(), field="size"
)
INCOMPLETE = Refusal("uploads.incomplete", Text("文件尚未传完", "The file is not complete yet"), default())


def begin(load_code: str, name: str, size: int, mark: str, *, by: Actor, at: datetime) -> Upload:
    """The upload of a file to an open load: a new one, or the unfinished one of the same file."""
    load = _load(load_code, by)
    if not 0 < size <= LARGEST:
        raise Invalid(TOO_LARGE)
    known = Upload.objects.filter(load=load, mark=mark, size=size, finished_at=None).first()
    if known is not None:
        return known
    Upload.objects.filter(load=load, mark=mark, finished_at=None).delete()
    safe = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())[:200] or "file"
    return Upload.objects.create(
        load=load, key=uuid.uuid4().hex, file_name=safe, mark=mark[:64], size=size, began_at=at
    )


def add(load_code: str, key: str, offset: int, piece: bytes, digest: str, *, by: Actor) -> Upload:
    """Put a piece in its place; its SHA-256 must be the one told. Answers where the upload now stands."""
    _load(load_code, by)
    if hashlib.sha256(piece).hexdigest() != digest.lower():
        raise Invalid(DAMAGED)
    with transaction.atomic():
        upload = Upload.objects.select_for_update().filter(key=key, load__code=load_code, finished_at=None).first()
        if upload is None:
            raise NotFound(NO_UPLOAD)
        if offset != upload.offset or offset + len(piece) > upload.size or not piece or len(piece) > PIECE:
            raise RuleBroken(WRONG_PLACE)
        _write(path_of(key), offset, piece)
        upload.offset = offset + len(piece)
        upload.save(update_fields=["offset"])
    return upload


def finish(load_code: str, key: str, *, by: Actor, at: datetime) -> Upload:
    """All pieces are there: the file is received in the background."""
    _load(load_code, by)
    upload = _find(load_code, key)
    if upload.offset != upload.size:
        raise RuleBroken(INCOMPLETE)
    if upload.finished_at is None:
        upload.finished_at = at
        upload.save(update_fields=["finished_at"])
        enqueue(JOB, {"upload": key, "person": by.person, "organisation": by.organisation}, key=f"{JOB}:{key}", at=at)
    return upload


def standing(load_code: str, key: str, *, by: Actor) -> dict[str, Any]:
    """Where the upload stands, and the receiving after it."""
    get_case("supply", load_code, by)
    upload = _find(load_code, key)
    job = Job.objects.filter(key=f"{JOB}:{key}").first()
    failed = [{"message": Text(p["zh"], p["en"]), "code": p["code"]} for p in upload.problem]
    return {
        "key": key, "offset": upload.offset, "size": upload.size, "state": _state(upload, job),
        "rows": job.done if job else 0, "problem": failed,
    }  # fmt: skip


def _state(upload: Upload, job: Job | None) -> str:
    if upload.finished_at is None:
        return "uploading"
    if upload.problem or (job is not None and job.state == "failed"):
        return "refused"
    return "received" if job is not None and job.state == "done" else "receiving"


def sweep(at: datetime) -> int:
    """Delete what nobody finished, and the files that were received."""
    gone = 0
    for upload in Upload.objects.select_related("load").filter(finished_at=None):
        if upload.began_at + timedelta(days=int(str(value("supply.upload-days", upload.load.region)))) <= at:
            path_of(upload.key).unlink(missing_ok=True)
            upload.delete()
            gone += 1
    return gone


def path_of(key: str) -> Path:
    """Where the bytes lie."""
    return Path(settings.DIANCHI_VAR) / "uploads" / key


def _load(code: str, by: Actor) -> Any:
    load = get_case("supply", code, by)
    if load.opened_for != by.organisation:
        raise RuleBroken(intake.NOT_YOURS)
    if load.state != "opened":
        raise RuleBroken(intake.NOT_OPEN)
    return load


def _find(load_code: str, key: str) -> Upload:
    upload = Upload.objects.filter(key=key, load__code=load_code).first()
    if upload is None:
        raise NotFound(NO_UPLOAD)
    return upload


def _write(path: Path, offset: int, piece: bytes) -> None:
    """Durable before the place is noted: what is noted is never sent again."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.ftruncate(handle, offset)
        os.lseek(handle, offset, os.SEEK_SET)
        written = 0
        while written < len(piece):
            written += os.write(handle, piece[written:])
        os.fsync(handle)
    finally:
        os.close(handle)


@work(JOB)
def receive(running: Running) -> None:
    """Receive an uploaded file; a refusal is kept for its provider, and the file deleted."""
    said, at = running.arguments, running.clock()
    upload = Upload.objects.select_related("load").get(key=said["upload"])
    person = Person.objects.filter(pk=said["person"]).first()  # as they may act now, not as when they sent it
    by = next((a for a in actors(person, at) if a.organisation == said["organisation"]), None) if person else None
    try:
        if by is None:
            raise RuleBroken(intake.NOT_YOURS)
        intake.receive(
            upload.load.code, path_of(upload.key), by=by, at=at, source_name=upload.file_name, channel="upload",
            progress=lambda rows: running.progress(rows, 0),
        )  # fmt: skip
    except DomainError as refused:
        upload.problem = [{"code": r.code, "zh": str(r.message), "en": r.message.en} for r in refused.refusals]
        upload.save(update_fields=["problem"])
    path_of(upload.key).unlink(missing_ok=True)
