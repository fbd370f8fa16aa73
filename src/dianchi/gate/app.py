"""The gate's own bare ASGI process: product calls and nothing else."""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qsl

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dianchi.config.settings.base")
django.setup()

from dianchi.foundation import clock  # noqa: E402
from dianchi.foundation.cases import present  # noqa: E402
from dianchi.gate import release, values  # noqa: E402
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal  # noqa: E402
from dianchi.kernel.text import Text, localize  # noqa: E402

log = logging.getLogger("dianchi.gate")
PREFIX = "/gate/v1/products/"
_pool = ThreadPoolExecutor(max_workers=int(os.environ.get("DIANCHI_GATE_THREADS", "8")), thread_name_prefix="call")
Send = Callable[[dict[str, Any]], Awaitable[None]]

NO_KEY = Refusal(
    "gate.no-key", Text("请求缺少调用密钥", "The request carries no key"),
    remedy=Text("请在请求头中携带订单的调用密钥", "Send the order's key as a bearer token"),
)  # fmt: skip
NO_PAGE = Refusal("gate.no-such-address", Text("没有这个地址", "There is no such address"))
TWICE = Refusal("gate.parameter-twice", Text("同一参数只能出现一次", "A parameter may stand only once"))


async def application(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
    """Answer one request."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    path = scope.get("path", "")
    if path == "/healthz":
        await _send(send, 200, b'{"status":"ok"}', "application/json")
        return
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    lang = "en" if headers.get(b"accept-language", b"").lower().startswith(b"en") else "zh"
    try:
        if scope.get("method") != "GET" or not path.startswith(PREFIX):
            raise NotFound(NO_PAGE)
        secret, slug, given = _key(headers), path.removeprefix(PREFIX), _parameters(scope.get("query_string", b""))
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(_pool, _deliver, secret, slug, given)
        await _send(send, 200, answer, "application/json")
    except DomainError as refused:
        status = 401 if refused.refusals[0].code in ("gate.no-key", "orders.bad-key") else refused.status
        await _send(send, status, _problem(status, refused, lang), "application/problem+json")
    except Exception:
        reference = uuid.uuid4().hex[:12]
        log.exception("reference %s", reference)
        message = Text("系统出错，参考号 {reference}", "Something went wrong, reference {reference}").format(
            reference=reference
        )
        error = Invalid(Refusal("gate.unexpected", message))
        await _send(send, 500, _problem(500, error, lang), "application/problem+json")


def _deliver(secret: str, slug: str, given: dict[str, str]) -> bytes:
    return release.deliver(secret, slug, given, clock.now()).to_json()


def _key(headers: dict[bytes, bytes]) -> str:
    bearer = headers.get(b"authorization", b"").decode("latin-1")
    secret = bearer[7:] if bearer[:7].lower() == "bearer " else headers.get(b"x-api-key", b"").decode("latin-1")
    if not secret:
        raise Invalid(NO_KEY)
    return secret.strip()


def _parameters(query: bytes) -> dict[str, str]:
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=50)
    if len({name for name, _ in pairs}) != len(pairs):
        raise Invalid(TWICE)
    return dict(pairs)


def _problem(status: int, refused: DomainError, lang: str) -> bytes:
    reasons = [present.refusal(r, lang) for r in refused.refusals]
    title = Text("不能交付", "Not delivered")
    return values.to_json({
        "type": f"urn:dianchi:{reasons[0]['code']}", "title": localize(title, lang), "status": status,
        "code": reasons[0]["code"], "detail": reasons[0]["message"], "refusals": reasons,
    })  # fmt: skip


async def _send(send: Send, status: int, body: bytes, kind: str) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Callable[[], Awaitable[Any]], send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
