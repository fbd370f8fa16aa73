"""Appending to the ledger, in the transaction of the act that is recorded.

Whoever appends holds the head row until the transaction ends, so indexes are dense, the tree has one history, and an
act whose transaction fails leaves nothing. The lock is `SELECT ... FOR UPDATE` on PostgreSQL and the IMMEDIATE
transaction on SQLite; on both the head is only moved from the size that was read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection

from dianchi.engines.merkle.tiles import ENTRY_LIMIT
from dianchi.engines.merkle.tree import Frontier, leaf_hash
from dianchi.foundation.ledger.keys import person_hash
from dianchi.foundation.ledger.models import Entry, Head
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal, TryLater
from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text

FORMAT = 1  # of the body; a change of its keys is a new number, which the auditor learns beside the old one

TOO_LONG = Refusal(
    "ledger.entry-too-long",
    Text("记录的字段过长，无法写入账本", "The fields of the record are too long for the ledger"),
    remedy=Text("请缩短编号或名称", "Shorten the codes or names"),
)
MALFORMED = Refusal(
    "ledger.entry-malformed",
    Text("记录含有无法保存的字符或缺少类别", "The record holds characters that cannot be stored, or has no kind"),
)
MOVED = Refusal(
    "ledger.head-moved",
    Text("账本正被他人写入，请重试", "The ledger was being written by another; try again"),
    remedy=Text("请稍后重试", "Try again in a moment"),
)

_COLUMNS = [field.column for field in Entry._meta.concrete_fields]
_TEXTS = ("kind", "case_type", "case_id", "organisation", "role", "article", "from_state", "to_state", "outcome")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is to be recorded: `by` is the person's id (hashed before it is stored) or "" for the system."""

    kind: str
    case_type: str
    case_id: str
    by: object
    organisation: str
    role: str
    at: datetime
    article: Article | str
    from_state: str = ""
    to_state: str = ""
    outcome: str = "done"
    payload: Mapping[str, Any] | None = None
    rules: Sequence[str] = ()
    recorded_at: datetime | None = None  # when it was written down, if later than `at`


def record(kind: str, **fields: Any) -> int:
    """Append one entry in the caller's transaction and return its index; the fields are those of `Draft`."""
    return record_many([Draft(kind=kind, **fields)])[0]


def hold() -> None:
    """Wait for the head and keep it to the end of the transaction: what is read from here on, nobody else changes.

    For writers whose record depends on what was recorded before. On SQLite the transaction itself is the lock.
    """
    Head.objects.select_for_update().get(pk=1)


def record_many(drafts: Iterable[Draft]) -> range:
    """Append entries as one group in the caller's transaction and return their indexes.

    Call it last in the transaction: every other writer waits from here to the commit. TryLater when the head moved in
    between, which a database with the locks described above does not let happen.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is written in the transaction of the act that it records")
    head = Head.objects.select_for_update().get(pk=1)
    frontier = Frontier.from_text(head.size, head.frontier)
    rows, leaves = [], []
    for index, draft in enumerate(drafts, head.size):
        row, leaf = _row(index, draft)
        rows.append(row)
        leaves.append(leaf)
    if not rows:
        return range(head.size, head.size)
    _insert(rows)
    frontier.extend(leaves)
    moved = Head.objects.filter(pk=1, size=head.size).update(
        size=frontier.size, frontier=frontier.to_text(), root=frontier.root().hex()
    )
    if moved != 1:
        raise TryLater(MOVED)
    return range(head.size, frontier.size)


def _row(index: int, draft: Draft) -> tuple[list[Any], bytes]:
    values: dict[str, Any] = {name: _text(getattr(draft, name)) for name in _TEXTS}
    values |= {"index": index, "by": person_hash(draft.by), "rules": " ".join(draft.rules)}
    values |= {"at": draft.at, "recorded_at": draft.recorded_at or draft.at}
    payload = canonical.dumps(draft.payload or {})
    try:
        body = canonical.dumps(
            values
            | {
                "payload_sha256": hashlib.sha256(payload).hexdigest(),
                "payload_sm3": canonical.sm3_bytes(payload),
                "v": FORMAT,
            }
        )
    except UnicodeEncodeError as error:
        raise Invalid(MALFORMED) from error
    if (b"\\u0000" in body and any("\x00" in v for v in values.values() if isinstance(v, str))) or not values["kind"]:
        raise Invalid(MALFORMED)
    if len(body) > ENTRY_LIMIT:
        raise Invalid(TOO_LONG)
    leaf = leaf_hash(body)
    values |= {"payload": payload.decode(), "body": body.decode(), "leaf_hash": leaf.hex()}
    values |= {name: connection.ops.adapt_datetimefield_value(values[name]) for name in ("at", "recorded_at")}
    return [values[column] for column in _COLUMNS], leaf


def _text(value: object) -> str:
    if isinstance(value, Article):
        return value.key
    return str(value.value) if isinstance(value, Enum) else str(value)


def _insert(rows: list[list[Any]]) -> None:
    # One prepared statement for all rows: several times faster than bulk_create, which binds in groups of 58.
    names = ", ".join(connection.ops.quote_name(column) for column in _COLUMNS)
    marks = ", ".join(["%s"] * len(_COLUMNS))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO ledger_entry ({names}) VALUES ({marks})", rows)  # noqa: S608 # nosec B608  constants only
