"""The gate's own bare ASGI process: product calls and what belongs to them, nothing else."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dianchi.config.settings.base")
django.setup()

from dianchi.chapters.operation.products import lifecycle as kinds  # noqa: E402
from dianchi.foundation import clock  # noqa: E402
from dianchi.foundation.cases.epoch import epoch  # noqa: E402
from dianchi.gate import (  # noqa: E402
    door,
    files,
    formats,
    health,
    keys,
    openapi,
    own,
    receipts,
    release,
    sandbox,
    shares,
    values,
    watch,
)  # fmt: skip
from dianchi.gate.http import Receive, Reply, Request, Send, problem, received, start  # noqa: E402
from dianchi.kernel import canonical  # noqa: E402
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal  # noqa: E402
from dianchi.kernel.text import Text  # noqa: E402

log = logging.getLogger("dianchi.gate")
PRODUCTS = "/gate/v1/products/"
NO_PAGE = Refusal("gate.no-such-address", Text("没有这个地址", "There is no such address"))
NO_GRANT = Refusal(
    "gate.grant-type-not-offered", Text("只提供客户端凭证方式的令牌", "Only client credentials are offered"),
    remedy=Text("请使用客户端凭证方式", "Use grant_type=client_credentials"),
)  # fmt: skip
_pool = ThreadPoolExecutor(max_workers=int(os.environ.get("DIANCHI_GATE_THREADS", "8")), thread_name_prefix="call")
_TAGGED = (kinds.QUERY, kinds.INDICATOR, kinds.REPORT, kinds.MODEL)
Handler = Callable[..., Reply]


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    if scope.get("path") == "/healthz":
        await _send(send, Reply(200, b'{"status":"ok"}'))
        return
    lang = "zh"
    try:
        request = await received(scope, receive)
        lang = request.lang
        reply = await _in_thread(_answer, request)
    except DomainError as refused:
        reply = problem(refused, lang)
    except Exception:
        reference = uuid.uuid4().hex[:12]
        log.exception("reference %s", reference)
        message = Text("系统出错，参考号 {reference}", "Something went wrong, reference {reference}")
        found = problem(Invalid(Refusal("gate.unexpected", message.format(reference=reference))), lang)
        reply = Reply(500, found.body, found.media_type)
    await _send(send, reply)


async def _in_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(_pool, work, *arguments)


def _answer(request: Request) -> Reply:
    """The reply to one request, in a thread of its own."""
    at, path = clock.now(), request.path
    slug = path.removeprefix(PRODUCTS)
    if slug != path and "/" not in slug and request.method in ("GET", "POST"):
        return product(request, slug, at)
    for method, pattern, handler in _ROUTES:
        if request.method == method and (match := pattern.fullmatch(path)):
            return handler(request, *match.groups(), at)
    raise NotFound(NO_PAGE)


def product(request: Request, slug: str, at: datetime) -> Reply:
    """One product call: what it is asked for stands in the query, or in a body together with the caller's rows."""
    credentials = request.credentials()
    media_type = formats.negotiated(request.headers.get("accept", ""))
    given, table = own.read(request) if request.method == "POST" else (dict(request.query), None)
    paged = files.page_size(given.pop(files.PAGE_SIZE)) if files.PAGE_SIZE in given else 0
    known = request.headers.get("if-none-match", "") if request.method == "GET" else ""
    if known:
        ready = door.prepared(credentials, slug, at)
        tag = _tag(slug, ready.order.edition, ready.snapshots, given, media_type)
        if known == tag and ready.kind in _TAGGED:
            return Reply(304, b"", headers={"etag": tag})
    asked = door.Asked(credentials, slug, given, table, request.headers.get("idempotency-key", ""))
    answer = door.call(asked, at)
    headers = {"dianchi-receipt": base64.urlsafe_b64encode(json.dumps(answer.receipt).encode()).decode()}
    headers["etag"] = _tag(slug, answer.edition, answer.snapshots, given, media_type)
    if paged and media_type == formats.JSON:
        page = files.first_page(answer, paged, keys.order_of(credentials, at))
        return Reply(200, page.body, page.media_type, {**headers, **page.headers})
    encoded = formats.encoded(answer, media_type)
    return Reply(200, encoded.body, encoded.media_type, headers)


def token(request: Request, at: datetime) -> Reply:
    """OAuth 2 client credentials (RFC 6749, 4.4): a key's prefix and the key, for a token of half an hour."""
    form = dict(parse_qsl(request.body.decode("latin-1")))
    basic = request.headers.get("authorization", "")
    if basic[:6].lower() == "basic ":
        _, _, secret = base64.b64decode(basic[6:] + "==").decode("latin-1").partition(":")
    else:
        secret = form.get("client_secret", "")
    if form.get("grant_type") != "client_credentials":
        raise Invalid(NO_GRANT)
    text, seconds = keys.grant_token(request.shown(secret), at)
    return Reply(200, values.to_json({"access_token": text, "token_type": "Bearer", "expires_in": seconds}))


def _document(request: Request, slug: str, at: datetime) -> Reply:
    return Reply(200, values.to_json(openapi.document(slug, request.lang, at)))


def _sandbox(request: Request, slug: str, at: datetime) -> Reply:
    return Reply(200, sandbox.sandbox(slug, request.query, at).to_json(), headers={"dianchi-synthetic": "true"})


def _sample(request: Request, slug: str, at: datetime) -> Reply:
    return Reply(200, sandbox.sample(slug, at).to_json(), headers={"dianchi-synthetic": "true"})


def _metrics(request: Request, at: datetime) -> Reply:
    return Reply(200, watch.metrics(), "text/plain; version=0.0.4; charset=utf-8")


def _ready(request: Request, at: datetime) -> Reply:
    found = health.state(epoch, release.pool)
    return Reply(200 if found["ready"] else 503, values.to_json(found))


def _public_key(request: Request, at: datetime) -> Reply:
    return Reply(200, receipts.public_line().encode() + b"\n", "text/plain; charset=utf-8")


_SLUG, _NAME = r"([a-z0-9-]{1,60})", r"(answer-[0-9a-z-]{1,60})"
_ROUTES: tuple[tuple[str, re.Pattern[str], Handler], ...] = tuple(
    (method, re.compile(pattern), handler)
    for method, pattern, handler in (
        ("POST", rf"/gate/v1/products/{_SLUG}/files", files.to_file),
        ("GET", rf"/gate/v1/products/{_SLUG}/openapi\.json", _document),
        ("GET", rf"/gate/v1/products/{_SLUG}/sandbox", _sandbox),
        ("GET", rf"/gate/v1/products/{_SLUG}/sample", _sample),
        ("GET", rf"/gate/v1/files/{_NAME}", files.fetch),
        ("GET", rf"/gate/v1/answers/{_NAME}", files.next_page),
        ("POST", r"/gate/v1/oauth/token", token),
        ("GET", r"/gate/v1/key", _public_key),
        ("GET", r"/metrics", _metrics),
        ("GET", r"/readyz", _ready),
        *shares.ROUTES,
    )
)


def _tag(slug: str, edition: int, snapshots: Any, given: Any, media_type: str) -> str:
    return f'"{canonical.sm3([slug, edition, dict(snapshots), dict(given), media_type])[:32]}"'


async def _send(send: Send, reply: Reply) -> None:
    await send(start(reply))
    if isinstance(reply.body, bytes):
        await send({"type": "http.response.body", "body": reply.body})
        return
    while (piece := await _in_thread(_next, reply.body)) is not None:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _next(pieces: Iterator[bytes]) -> bytes | None:
    """The next piece; when what it rests on is gone, the stream breaks off, which no client takes for the whole."""
    try:
        return next(pieces, None)
    except DomainError as refused:
        log.warning("a stream was cut off: %s", refused.refusals[0].code)
        raise


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
