"""Requests and replies of the gate's bare ASGI process."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from dianchi.engines.crypto.files import secret_file
from dianchi.foundation.cases import present
from dianchi.gate import values
from dianchi.gate.keys import NO_KEY, Credentials, Signed, signed_text
from dianchi.kernel.errors import DomainError, Invalid, NotPermitted, Refusal
from dianchi.kernel.text import Text, localize

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Any]]
MOST_BODY = 32 << 20

TWICE = Refusal("gate.parameter-twice", Text("同一参数只能出现一次", "A parameter may stand only once"))
NOT_TEXT = Refusal("gate.parameter-malformed", Text("请求不是合法的文本", "The request is not valid text"))
TOO_LONG = Refusal(
    "gate.body-too-long", Text("请求内容过长", "The body is too long"),
    remedy=Text("请分批提交", "Send less at a time"),
)  # fmt: skip
NOT_JSON = Refusal(
    "gate.body-malformed", Text("请求内容不是合法的 JSON 对象", "The body is not a JSON object"),
    remedy=Text("请核对请求内容", "Check the body"),
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One request, whole."""

    method: str
    path: str
    query: Mapping[str, str]
    target: str  # path and query as they were sent
    headers: Mapping[str, str]
    body: bytes
    peer: str

    @property
    def lang(self) -> str:
        """Chinese unless English is preferred."""
        return "en" if self.headers.get("accept-language", "").lower().startswith("en") else "zh"

    def json(self) -> dict[str, Any]:
        """The body as an object."""
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise Invalid(NOT_JSON) from None
        if not isinstance(found, dict):
            raise Invalid(NOT_JSON)
        return found

    def credentials(self, door: str = "http") -> Credentials:
        """What the caller shows."""
        bearer = self.headers.get("authorization", "")
        secret = bearer[7:] if bearer[:7].lower() == "bearer " else self.headers.get("x-api-key", "")
        if not secret.strip():
            raise NotPermitted(NO_KEY)
        return self.shown(secret.strip(), door)

    def shown(self, secret: str, door: str = "http") -> Credentials:
        """The secret with where it comes from; what a proxy says counts only with the proxy's own secret."""
        source, certificate = self.peer, ""
        if proxy := self.headers.get("dianchi-proxy", ""):
            if not _same(proxy, _proxy_secret()):
                raise NotPermitted(NO_KEY)
            source = self.headers.get("x-forwarded-for", "").split(",")[0].strip() or source
            certificate = self.headers.get("dianchi-client-certificate", "").lower()
        return Credentials(secret, door, source, certificate, self._signed())

    def _signed(self) -> Signed | None:
        signature, nonce = self.headers.get("dianchi-signature", ""), self.headers.get("dianchi-nonce", "")
        seconds = self.headers.get("dianchi-time", "")
        if not (signature and nonce and seconds.isascii() and seconds.isdigit() and len(seconds) < 16):
            return None
        text = signed_text(self.method, self.target, self.body, int(seconds), nonce)
        return Signed(text, int(seconds), nonce, signature)


@dataclass(frozen=True)
class Reply:
    """One reply; a body in pieces comes with its length."""

    status: int
    body: bytes | Iterator[bytes]
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    length: int | None = None


async def received(scope: dict[str, Any], receive: Receive) -> Request:
    """The request with its body; Invalid if it is too long."""
    body = bytearray()
    while scope["method"] not in ("GET", "HEAD"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            raise Invalid(TOO_LONG)
        if not message.get("more_body"):
            break
    raw = scope.get("query_string", b"").decode("latin-1")
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
    target = scope.get("path", "") + (f"?{raw}" if raw else "")
    peer = (scope.get("client") or ("", 0))[0]
    return Request(scope["method"], scope.get("path", ""), _query(raw), target, headers, bytes(body), peer)


def _query(raw: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=50, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Invalid(NOT_TEXT) from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Invalid(TWICE)
    return dict(pairs)


def problem(refused: DomainError, lang: str) -> Reply:
    """The refusal as a problem document (RFC 9457)."""
    code = refused.refusals[0].code
    status = {"gate.no-key": 401, "orders.bad-key": 401, "gate.too-many-calls": 429}.get(code, refused.status)
    reasons = [present.refusal(r, lang) for r in refused.refusals]
    title = Text("不能交付", "Not delivered")
    body = values.to_json({
        "type": f"urn:dianchi:{code}", "title": localize(title, lang), "status": status,
        "code": code, "detail": reasons[0]["message"], "refusals": reasons,
    })  # fmt: skip
    wait = {"retry-after": "1"} if status in (429, 503) else {}
    return Reply(status, body, "application/problem+json", wait)


def start(reply: Reply) -> dict[str, Any]:
    """The first message of a reply."""
    length = len(reply.body) if isinstance(reply.body, bytes) else reply.length
    headers = {"content-type": reply.media_type, "cache-control": "no-store", **reply.headers}
    if length is not None and reply.status != 304:
        headers["content-length"] = str(length)
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": reply.status, "headers": pairs}


def _same(one: str, other: str) -> bool:
    import hmac

    return hmac.compare_digest(one.encode(), other.encode())


@cache
def _proxy_secret() -> str:
    """What a proxy in front must show before its word on the caller's address or certificate counts."""
    from django.conf import settings

    return os.environ.get("DIANCHI_GATE_PROXY") or secret_file(Path(settings.DIANCHI_VAR) / "keys" / "gate-proxy").hex()
