"""Who calls: a key or token with everything that narrows its use, asked anew at each call and at every door."""

from __future__ import annotations

import ipaddress
import threading
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from dianchi.chapters.operation.orders.keys import KEY, TOKEN, key_of, new_token, verifier
from dianchi.chapters.operation.orders.models import Nonce
from dianchi.chapters.operation.orders.queries import BAD_KEY
from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.cases.figures import value
from dianchi.kernel import canonical
from dianchi.kernel.errors import NotPermitted, Refusal, TryLater
from dianchi.kernel.law.articles import cite, default
from dianchi.kernel.text import Text

_SEE_TERMS = Text("请核对密钥的限制", "See the terms of the key on the order's page")
NO_KEY = Refusal(
    "gate.no-key", Text("请求缺少调用密钥", "The request carries no key"),
    remedy=Text("请在请求头中携带订单的调用密钥", "Send the order's key as a bearer token"),
)  # fmt: skip
OTHER_NETWORK = Refusal(
    "gate.network-not-allowed", Text("密钥不得从该地址使用", "The key may not be used from this address"),
    cite("CSL", 21), _SEE_TERMS,
)  # fmt: skip
OTHER_DOOR = Refusal(
    "gate.door-not-allowed", Text("密钥不得用于该通道", "The key may not be used at this door"), default(), _SEE_TERMS
)
NO_CERTIFICATE = Refusal(
    "gate.certificate-missing", Text("须出示密钥登记的客户端证书", "The client certificate of the key must be shown"),
    cite("CSL", 21), _SEE_TERMS,
)  # fmt: skip
NOT_SIGNED = Refusal(
    "gate.signature-missing", Text("该密钥的每次调用都须签名", "Each call with this key must be signed"), cite("CSL", 21),
    Text("请签名，或用令牌调用", "Sign the request, or get a token with a signed request"),
)  # fmt: skip
BAD_SIGNATURE = Refusal(
    "gate.signature-wrong", Text("请求签名不对、已过时或已用过", "The signature is wrong, too old, or was used before"),
    cite("CSL", 21), Text("请核对时间与被签名的内容", "Check your clock and what was signed"),
)  # fmt: skip
TOO_FAST = Refusal(
    "gate.too-many-calls", Text("调用过于频繁", "The calls come too fast"), default(),
    Text("请稍后再试", "Wait a moment"),
)  # fmt: skip
_MOST_KEPT = 4096


@dataclass(frozen=True)
class Signed:
    """What a caller signed: method, target, digest of the body, seconds since 1970, a text used once."""

    text: bytes
    seconds: int
    nonce: str
    signature: str


@dataclass(frozen=True)
class Credentials:
    """What a caller shows at a door."""

    secret: str
    door: str
    source: str = ""
    certificate: str = ""  # SHA-256 of the client certificate that TLS has checked
    signed: Signed | None = None


@dataclass(frozen=True)
class _Facts:
    key: int
    order: int
    slug: str
    ends: datetime | None
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    doors: frozenset[str]
    signing_key: str
    certificate: str
    token: bool
    calls_a_minute: int
    tolerance: int


_kept: dict[str, tuple[int, _Facts]] = {}
_recent: dict[int, deque[float]] = {}
_lock = threading.Lock()


def admit(shown: Credentials, at: datetime) -> str:
    """The secret, if its key may be used here and now; raises NotPermitted or, for too many calls, TryLater."""
    facts = _facts(shown.secret, at)
    if facts.doors and shown.door not in facts.doors:
        raise NotPermitted(OTHER_DOOR)
    if facts.networks and not _inside(shown.source, facts.networks):
        raise NotPermitted(OTHER_NETWORK)
    if facts.certificate and shown.certificate != facts.certificate:
        raise NotPermitted(NO_CERTIFICATE)
    if facts.signing_key and not facts.token:  # a token was got with a signed request
        _check(shown.signed, facts, at)
    _not_too_fast(facts)
    return shown.secret


def grant_token(shown: Credentials, at: datetime) -> tuple[str, int]:
    """A token for a key that may be used here and now, and for how many seconds it works."""
    if not shown.secret.startswith(KEY):
        raise NotPermitted(BAD_KEY)
    admit(shown, at)
    found = key_of(shown.secret, at)
    if found is None:
        raise NotPermitted(BAD_KEY)
    return new_token(found[0], at)


def signed_text(method: str, target: str, body: bytes, seconds: int, nonce: str) -> bytes:
    """What is signed; the digest is SM3 so that both suites bind the same."""
    lines = ("dianchi-request-v1", method, target, canonical.sm3_bytes(body), str(seconds), nonce)
    return "\n".join(lines).encode()


def _facts(secret: str, at: datetime) -> _Facts:
    if not secret:
        raise NotPermitted(NO_KEY)
    now, name = epoch(), canonical.sm3(secret)
    kept = _kept.get(name)
    if kept is None or kept[0] != now:
        kept = (now, _read(secret, at))
        with _lock:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[name] = kept
    if kept[1].ends is not None and kept[1].ends <= at:
        raise NotPermitted(BAD_KEY)
    return kept[1]


def _read(secret: str, at: datetime) -> _Facts:
    found = key_of(secret, at)
    if found is None:
        raise NotPermitted(BAD_KEY)
    key, ends = found
    region = key.order.region
    return _Facts(
        key.pk, key.order_id, key.order.product.slug, ends, tuple(ipaddress.ip_network(n, strict=False) for n in key.networks),
        frozenset(key.doors), key.signing_key, key.certificate, secret.startswith(TOKEN),
        int(value("gate.calls-per-minute", region)), int(value("gate.signature-seconds", region)),
    )  # fmt: skip


def _inside(source: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped.version == n.version and mapped in n for n in networks)


def _check(signed: Signed | None, facts: _Facts, at: datetime) -> None:
    if signed is None:
        raise NotPermitted(NOT_SIGNED)
    try:
        signature = b64decode(signed.signature, validate=True)
    except (NotBase64, ValueError):
        raise NotPermitted(BAD_SIGNATURE) from None
    old = abs(at.astimezone(UTC).timestamp() - signed.seconds) > facts.tolerance
    if old or not 8 <= len(signed.nonce) <= 64 or not verifier(facts.signing_key).verify(signed.text, signature):
        raise NotPermitted(BAD_SIGNATURE)
    try:
        with transaction.atomic():
            Nonce.objects.create(key_id=facts.key, nonce=signed.nonce, at=at)
            old_ones = at - timedelta(seconds=2 * facts.tolerance)  # too old to be accepted again anyway
            Nonce.objects.filter(key_id=facts.key, at__lt=old_ones).delete()
    except IntegrityError:
        raise NotPermitted(BAD_SIGNATURE) from None


def _not_too_fast(facts: _Facts) -> None:
    """The calls of the last minute at this process; a limit against runaway callers, not an account."""
    now = time.monotonic()
    with _lock:
        recent = _recent.setdefault(facts.order, deque())
        while recent and recent[0] < now - 60:
            recent.popleft()
        if len(recent) >= facts.calls_a_minute:
            raise TryLater(TOO_FAST)
        recent.append(now)


def order_of(shown: Credentials, at: datetime) -> int:
    """The order of an admitted key."""
    return _facts(shown.secret, at).order


def product_of(shown: Credentials, at: datetime) -> str:
    """The public name of the product that an admitted key is for."""
    return _facts(shown.secret, at).slug
