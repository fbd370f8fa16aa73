"""Sealing: the tree's tiles as files, and a signed checkpoint over all that is committed."""

from __future__ import annotations

import contextlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.db import transaction

from dianchi.engines.crypto.notes import NoteKey, TimedKey
from dianchi.engines.merkle import checkpoint as merkle
from dianchi.engines.merkle.folder import TileFolder
from dianchi.engines.merkle.note import ED25519, NoteSigner, key_id
from dianchi.foundation.ledger.models import Checkpoint, Entry, Head
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

APPEND_ONLY = Refusal(
    "ledger.append-only",
    Text("存证记录只能追加，不得修改或删除", "The record is append-only: nothing in it is changed or deleted"),
    cite("CSL", 21),
    Text("需要更正的，请办理新的事项", "Correct by a new act"),
    ("R68",),
)
REWRITTEN = Refusal(
    "ledger.rewritten",
    Text(
        "账本内容与已签署的检查点不一致，拒绝封存",
        "The ledger differs from what was sealed before; it is not sealed again",
    ),
    cite("CSL", 21),
    Text("请运行账本核验并报告安全管理员", "Verify the ledger and tell the security administrator"),
    ("R68",),
)


def seal(at: datetime, signer: NoteKey, directory: Path, also: tuple[NoteKey, ...] = ()) -> Checkpoint | None:
    """Publish tiles, bundles and a checkpoint of the committed ledger under `directory`; None while it is empty.

    The checkpoint file comes last and whole. Safe to repeat and to run twice at once: sealing what is sealed only
    republishes. RuleBroken when the entries no longer lead to the roots that were signed before: that is never signed.
    """
    head = Head.objects.get(pk=1)
    last = Checkpoint.objects.order_by("size").last()
    if head.size == 0:
        return None
    if last is None or last.size < head.size:
        folder = TileFolder(directory)
        _grow(folder, head, last)
        last = _sign(at.replace(microsecond=0), signer, head, also)
        folder.prune(last.size)
    return _publish(directory, "".join(f"{key.public_line}\n" for key in (signer, *also)))


def _grow(folder: TileFolder, head: Head, last: Checkpoint | None) -> None:
    """Write the tiles from the last checkpoint on; from the start when those on disk are gone or wrong."""
    since = last.size if last is not None else 0
    if last is None or folder.root(since) != bytes.fromhex(last.root):
        since = 0
    bodies = Entry.objects.filter(index__gte=since // 256 * 256, index__lt=head.size).order_by("index")
    stream = (body.encode() for body in bodies.values_list("body", flat=True).iterator(chunk_size=2048))
    marks = {last.size: bytes.fromhex(last.root)} if last is not None else {}
    roots = folder.extend(since, stream, {*marks, head.size})
    if any(roots.get(size) != root for size, root in {**marks, head.size: bytes.fromhex(head.root)}.items()):
        raise RuleBroken(REWRITTEN)


def _sign(at: datetime, signer: NoteKey, head: Head, also: tuple[NoteSigner, ...]) -> Checkpoint:
    signers: list[NoteSigner] = [signer, *also]
    if signer.key_id == key_id(signer.name, ED25519, signer.signer.public):
        signers.append(TimedKey(signer.name, signer.signer, at))  # binds the time, which the plain signature does not
    note = merkle.Checkpoint(signer.name, head.size, bytes.fromhex(head.root)).signed(signers)
    with transaction.atomic(durable=True):  # what is published must not be rolled back by somebody else
        Head.objects.select_for_update().get(pk=1)
        newest = Checkpoint.objects.order_by("size").last()
        if newest is not None and newest.size >= head.size:
            return newest  # another sealed this or more meanwhile
        return Checkpoint.objects.create(size=head.size, root=head.root, note=note, at=at)


def _publish(directory: Path, public_lines: str) -> Checkpoint:
    """Put the newest checkpoint in place; under the head's lock, so that no slower sealer puts an older one over it."""
    with transaction.atomic():
        Head.objects.select_for_update().get(pk=1)
        newest = Checkpoint.objects.latest("size")
        _replace(directory / "key.pub", public_lines)
        _replace(directory / "checkpoint", newest.note)
    return newest


def _replace(path: Path, text: str) -> None:
    """Put the text in place as a whole, durably; nothing when it is there already."""
    with contextlib.suppress(FileNotFoundError):
        if path.read_text() == text:
            return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
