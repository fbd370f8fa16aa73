"""What the acts of an order change besides its state."""

from __future__ import annotations

import hashlib
import secrets

from dianchi.chapters.operation.orders import facts
from dianchi.chapters.operation.orders.lifecycle import ORDER
from dianchi.chapters.operation.orders.models import ApiKey, Order
from dianchi.foundation.cases.registry import CaseType, Doing


def order(case: Order, doing: Doing) -> None:
    """The other parties are those of the product."""
    case.title, case.region = case.product.title, case.product.region
    case.operator, case.developer = case.product.operator, case.product.developer


def issue_key(case: Order, doing: Doing) -> None:
    """A new key ends the earlier ones; its text is shown only this once."""
    revoke_keys(case, doing)
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    ApiKey.objects.create(order=case, prefix=prefix, digest=digest(secret), issued_at=doing.at)
    doing.reveal["api_key"] = f"dk_{prefix}.{secret}"


def revoke_keys(case: Order, doing: Doing) -> None:
    """No key of the order works any more."""
    ApiKey.objects.filter(order=case, revoked_at=None).update(revoked_at=doing.at)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


CASE = CaseType(
    ORDER, Order, facts.gather,
    {"order": order, "issue-key": issue_key, "revoke-key": revoke_keys, "close": revoke_keys}, prefix="DD",
)  # fmt: skip
