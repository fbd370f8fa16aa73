"""Answers that are fetched in pieces: pages of one delivery, and signed files with resume."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from dianchi.chapters.operation.orders.models import Order
from dianchi.chapters.operation.orders.queries import standing
from dianchi.chapters.operation.products.queries import live, program
from dianchi.chapters.supervision.closures.queries import SHUT, is_shut
from dianchi.foundation import clock
from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.cases.figures import value
from dianchi.gate import door, formats, keys, release, spool, values
from dianchi.gate.http import Reply, Request
from dianchi.kernel.errors import Invalid, NotFound, Refusal, RuleBroken
from dianchi.kernel.text import Text

PAGE_SIZE = "_page_size"
MOST_PAGE = 100_000
_BY_NAME = {
    "csv": formats.CSV,
    "arrow": formats.ARROW,
    "parquet": formats.PARQUET,
    "xlsx": formats.XLSX,
    "json": formats.JSON,
}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_LOOK_UP_SECONDS = 0.25  # how often a running stream asks whether it may go on
BAD_PAGE = Refusal(
    "gate.page-malformed", Text("分页参数不对", "The page asked for is malformed"),
    remedy=Text("请按返回的链接翻页", "Follow the links of the answer"), field=PAGE_SIZE,
)  # fmt: skip
BAD_FORMAT = Refusal(
    "gate.format-not-offered", Text("不提供所要求的格式", "The format asked for is not offered"),
    remedy=Text("请选择所列格式之一", "Choose json, csv, arrow, parquet or xlsx"), field="format",
)  # fmt: skip
NOT_YOURS = Refusal("gate.file-not-kept", spool.NOT_KEPT.message, remedy=spool.NOT_KEPT.remedy)


def first_page(answer: release.Answer, size: int, order: int) -> Reply:
    """The first rows of a delivered answer, and where the rest is fetched; the answer was recorded whole."""
    kept = None
    if answer.table.num_rows > size:
        until = answer.at + timedelta(hours=1)
        kept = spool.keep(
            spool.name_of(answer.ledger_index), [formats.encoded(answer, formats.ARROW).body], order=order,
            slug=answer.product, media_type=formats.ARROW, until=until, receipt=answer.receipt,
        )  # fmt: skip
    return _page(answer.table, 0, size, _about(answer), kept)


def next_page(request: Request, name: str, at: datetime) -> Reply:
    """More rows of an answer that was delivered to the same order."""
    start, size = _whole(request.query.get("start", "")), _whole(request.query.get("size", ""))
    kept = spool.found(name, at)
    still_covered(kept.order, kept.slug, at)
    if keys.order_of(request.credentials(), at) != kept.order:
        raise NotFound(NOT_YOURS)
    table = pa.ipc.open_stream(b"".join(spool.read(kept, 0, kept.size))).read_all()
    told = {k.decode().removeprefix("dianchi."): v.decode() for k, v in (table.schema.metadata or {}).items()}
    about = {
        "product": told["product"], "edition": int(told["edition"]), "ledger_index": int(told["ledger_index"]),
        "result_digest": told["result_digest"], "suppressed_groups": int(told["suppressed_groups"]),
        "receipt": json.loads(told["receipt"]),
    }  # fmt: skip
    return _page(table, start, size, about, kept)


def page_size(text: str) -> int:
    """The size of a page; Invalid outside its bounds."""
    size = _whole(text)
    if not 1 <= size <= MOST_PAGE:
        raise Invalid(BAD_PAGE)
    return size


def to_file(request: Request, slug: str, at: datetime) -> Reply:
    """Deliver into a file: recorded and metered once, then fetched as often as its link works."""
    body = request.json()
    media_type = _BY_NAME.get(str(body.get("format", "parquet")))
    if media_type is None:
        raise Invalid(BAD_FORMAT)
    credentials = request.credentials("file")
    given = {str(name): str(v) for name, v in dict(body.get("parameters") or {}).items()}
    asked = door.Asked(credentials, slug, given, call_id=request.headers.get("idempotency-key", ""))
    answer = door.call(asked, at)
    name = spool.name_of(answer.ledger_index)
    try:
        kept = spool.found(name, at)  # a retry of the same call
    except NotFound:
        order = keys.order_of(credentials, at)
        hours = int(value("gate.file-hours"))
        kept = spool.keep(
            name, [formats.encoded(answer, media_type).body], order=order, slug=slug, media_type=media_type,
            until=spool.ends(at, hours), receipt=answer.receipt,
        )  # fmt: skip
    told = {
        **_about(answer), "rows": answer.table.num_rows, "file": spool.link(kept), "media_type": kept.media_type,
        "bytes": kept.size, "sha256": kept.sha256, "until": kept.until,
    }  # fmt: skip
    return Reply(201, values.to_json(told), headers={"location": spool.link(kept)})


def fetch(request: Request, name: str, at: datetime) -> Reply:
    """The file or a range of it; whoever holds the link may fetch, as long as what it rests on stands."""
    spool.check_link(name, request.query.get("until", ""), request.query.get("signature", ""), at)
    kept = spool.found(name, at)
    still_covered(kept.order, kept.slug, at)
    tag = f'"{kept.sha256}"'
    headers = {"accept-ranges": "bytes", "etag": tag, "digest": f"sha-256={_base64(kept.sha256)}"}
    if request.headers.get("if-none-match", "") == tag:
        return Reply(304, b"", headers=headers)
    start, stop, partial = _range(request.headers, kept.size, tag)
    if start >= stop and kept.size:
        return Reply(416, b"", headers={"content-range": f"bytes */{kept.size}"})
    if partial:
        headers["content-range"] = f"bytes {start}-{stop - 1}/{kept.size}"
    pieces = while_covered(spool.read(kept, start, stop), kept.order, kept.slug)
    return Reply(206 if partial else 200, pieces, kept.media_type, headers, stop - start)


def still_covered(order: int, slug: str, at: datetime) -> None:
    """Raises what stands in the way of going on with a delivery that was recorded: a closed order, a shut gate, …"""
    live_order = standing(Order.objects.select_related("product").get(pk=order), slug, at, another=False)
    what = program(live(slug), at)
    resources = sorted(what.tables.values())
    if is_shut(slug, live_order.code, live_order.developer, live_order.operator, resources):
        raise RuleBroken(SHUT)


def while_covered(pieces: Iterator[Any], order: int, slug: str) -> Iterator[Any]:
    """The pieces, as long as no act takes away what they rest on; asked at most four times a second."""
    known, looked = epoch(), time.monotonic()
    for piece in pieces:
        if time.monotonic() - looked > _LOOK_UP_SECONDS:
            looked = time.monotonic()
            if (now := epoch()) != known:
                still_covered(order, slug, clock.now())
                known = now
        yield piece


def _page(table: pa.Table, start: int, size: int, about: dict[str, Any], kept: spool.Kept | None) -> Reply:
    total = table.num_rows
    told = {**about, "rows": values.rows(formats.page(table, start, size)), "total_rows": total, "start": start}
    headers = {}
    if kept is not None and start + size < total:
        told["next"] = f"/gate/v1/answers/{kept.name}?start={start + size}&size={size}"
        headers["link"] = f'<{told["next"]}>; rel="next"'
    return Reply(200, values.to_json(told), headers=headers)


def _about(answer: release.Answer) -> dict[str, Any]:
    return {
        "product": answer.product, "edition": answer.edition, "ledger_index": answer.ledger_index,
        "result_digest": answer.result_digest, "suppressed_groups": answer.suppressed_groups, "receipt": answer.receipt,
    }  # fmt: skip


def _range(headers: Any, size: int, tag: str) -> tuple[int, int, bool]:
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or headers.get("if-range", tag) != tag or asked.group(1) == asked.group(2) == "":
        return 0, size, False
    first, last = asked.groups()
    if not first:
        return max(0, size - int(last)), size, True
    return int(first), min(size, int(last) + 1) if last else size, True


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(BAD_PAGE)
    return int(text)


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()
