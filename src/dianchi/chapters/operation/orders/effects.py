"""What the acts of an order change besides its state."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from dianchi.chapters.operation.orders import facts
from dianchi.chapters.operation.orders.keys import TERMS, digest, longest_term
from dianchi.chapters.operation.orders.lifecycle import ORDER
from dianchi.chapters.operation.orders.models import ApiKey, Correction, Deposit, Order, Usage
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.kernel.workdays import end_of


def order(case: Order, doing: Doing) -> None:
    """The other parties are those of the product."""
    case.title, case.region = case.product.title, case.product.region
    case.operator, case.developer = case.product.operator, case.product.developer


def accept(case: Order, doing: Doing) -> None:
    """Order and acceptance are the contract; its digest binds both sides to what was agreed."""
    case.accepted_at = doing.at
    case.contract_digest = case.digest()


def deposit(case: Order, doing: Doing) -> None:
    """What came in."""
    given = doing.inputs
    Deposit.objects.create(
        order=case, kind="DEPOSIT", amount_fen=given.amount_fen, reference=given.reference, at=doing.at
    )
    case.top_up_fen, case.top_up_reference = 0, ""


def refund(case: Order, doing: Doing) -> None:
    """What was paid back."""
    given = doing.inputs
    Deposit.objects.create(
        order=case, kind="REFUND", amount_fen=-given.amount_fen, reference=given.reference, at=doing.at
    )


def correct_use(case: Order, doing: Doing) -> None:
    """The charge of one answer is taken back in the next bill."""
    usage = Usage.objects.get(order=case, ledger_index=doing.inputs.ledger_index)
    Correction.objects.create(
        order=case, ledger_index=usage.ledger_index, price_fen=usage.price_fen, why=doing.inputs.why, at=doing.at
    )


def issue_key(case: Order, doing: Doing) -> None:
    """A new key ends the earlier ones; its text is shown only this once."""
    revoke_keys(case, doing)
    _new_key(case, doing, _terms(case, doing))


def rotate_key(case: Order, doing: Doing) -> None:
    """A new key under the same terms; the old one works on until the overlap is over."""
    old = ApiKey.objects.get(order=case, revoked_at=None, retires_at=None)
    hours = doing.inputs.overlap_hours
    hours = int(value("gate.key-overlap-hours", case.region)) if hours is None else hours
    retires = doing.at + timedelta(hours=hours)
    ApiKey.objects.filter(pk=old.pk).update(retires_at=min(retires, old.expires_at or retires))
    _new_key(case, doing, {name: getattr(old, name) for name in TERMS})


def limit_key(case: Order, doing: Doing) -> None:
    """Other terms for the keys that work."""
    ApiKey.objects.filter(order=case, revoked_at=None).update(**_terms(case, doing))


def _terms(case: Order, doing: Doing) -> dict[str, Any]:
    given = doing.inputs
    return {
        "expires_at": end_of(given.expires_on or longest_term(case.region, doing.at)),
        "networks": list(given.networks), "doors": list(given.doors),
        "signing_key": given.signing_key, "certificate": given.certificate,
    }  # fmt: skip


def _new_key(case: Order, doing: Doing, terms: dict[str, Any]) -> None:
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    ApiKey.objects.create(order=case, prefix=prefix, digest=digest(secret), issued_at=doing.at, **terms)
    doing.reveal["api_key"] = f"dk_{prefix}.{secret}"


def revoke_keys(case: Order, doing: Doing) -> None:
    """No key of the order works any more."""
    ApiKey.objects.filter(order=case, revoked_at=None).update(revoked_at=doing.at)


CASE = CaseType(
    ORDER, Order, facts.gather,
    {"order": order, "accept": accept, "deposit": deposit, "refund": refund, "correct-use": correct_use,
     "issue-key": issue_key, "rotate-key": rotate_key, "limit-key": limit_key, "revoke-key": revoke_keys,
     "complete": revoke_keys, "close": revoke_keys}, prefix="DD",
)  # fmt: skip
