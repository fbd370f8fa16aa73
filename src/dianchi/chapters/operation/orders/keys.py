"""Keys and tokens: what is kept of them, which one a text is, what narrows its use."""

from __future__ import annotations

import base64
import binascii
import hashlib
import ipaddress
import secrets
from datetime import date, datetime, timedelta

from dianchi.chapters.operation.orders.models import AccessToken, ApiKey
from dianchi.engines.crypto import INTERNATIONAL, SHANGMI
from dianchi.engines.crypto.suite import Verifier
from dianchi.foundation.cases.figures import value
from dianchi.kernel.errors import Invalid
from dianchi.kernel.workdays import local_day

TERMS = ("expires_at", "networks", "doors", "signing_key", "certificate")
KEY, TOKEN = "dk_", "dt_"  # how the texts of keys and tokens begin
_SUITES = {"ed25519": INTERNATIONAL, "sm2": SHANGMI}


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def key_of(text: str, at: datetime) -> tuple[ApiKey, datetime | None] | None:
    """The live key that a key's or token's text stands for, and when it ends if it does; None if there is none."""
    prefix, _, secret = text[3:].partition(".")
    if not text.startswith((KEY, TOKEN)):
        return None
    if text.startswith(TOKEN):
        token = AccessToken.objects.select_related("key__order__product").filter(prefix=prefix).first()
        found, key, ends = token, token and token.key, [token.expires_at] if token else []
    else:
        key = ApiKey.objects.select_related("order__product").filter(prefix=prefix).first()
        found, ends = key, []
    if found is None or key is None or not secrets.compare_digest(found.digest, digest(secret)):
        return None
    ends += [end for end in (key.retires_at, key.expires_at) if end is not None]
    if key.revoked_at is not None or any(end <= at for end in ends):
        return None
    return key, min(ends, default=None)


def new_token(key: ApiKey, at: datetime) -> tuple[str, int]:
    """A token for a key, and for how many seconds it works."""
    seconds = 60 * int(value("gate.token-minutes", key.order.region))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    ends = at + timedelta(seconds=seconds)
    AccessToken.objects.create(key=key, prefix=prefix, digest=digest(secret), issued_at=at, expires_at=ends)
    AccessToken.objects.filter(key=key, expires_at__lt=at).delete()
    return f"{TOKEN}{prefix}.{secret}", seconds


def longest_term(region: str, at: datetime) -> date:
    """The last day that a key issued now may work."""
    return local_day(at) + timedelta(days=int(value("gate.key-days", region)))


def is_network(text: str) -> bool:
    """Whether a text is an address or a network in either version of IP."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def is_signing_key(text: str) -> bool:
    """Whether requests can be checked with the key."""
    try:
        verifier(text)
    except (Invalid, KeyError, ValueError, binascii.Error):
        return False
    return True


def verifier(text: str) -> Verifier:
    """The verifier of "ed25519:…" or "sm2:…"."""
    name, _, encoded = text.partition(":")
    return _SUITES[name].verifier(base64.b64decode(encoded, validate=True))
