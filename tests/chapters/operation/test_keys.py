"""Keys of orders: rotated with overlap, limited, revoked at once; tokens end with their key."""

from __future__ import annotations

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON, actor
from tests.factories.rules import refused

from dianchi.chapters.operation.orders.keys import is_network, is_signing_key, key_of, new_token, verifier
from dianchi.chapters.operation.orders.models import AccessToken, ApiKey
from dianchi.chapters.operation.orders.queries import live_order
from dianchi.engines.crypto import INTERNATIONAL, SHANGMI
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.ledger.models import Entry
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotPermitted
from dianchi.kernel.workdays import end_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def act(order: Any, name: str, at: Any = NOON, **inputs: Any) -> str:
    """The text that an act of the consumer reveals."""
    done = perform("orders", name, by=actor(Role.CONSUMER), at=at, code=order.code, inputs=inputs or None)
    return done.reveal.get("api_key", "")


@pytest.fixture
def order(product: Any) -> Any:
    """An active order."""
    return make.an_active_order(product)


def test_a_rotated_key_works_on_through_the_overlap_and_no_longer(order: Any) -> None:
    old = act(order, "issue-key")
    new = act(order, "rotate-key", overlap_hours=2)
    slug = order.product.slug
    assert live_order(old, slug, NOON + HOUR).code == live_order(new, slug, NOON + HOUR).code == order.code
    assert live_order(new, slug, NOON + 2 * HOUR).code == order.code
    with refused("orders.bad-key", kind=NotPermitted):
        live_order(old, slug, NOON + 2 * HOUR)


def test_rotation_without_overlap_ends_the_old_key_at_once(order: Any) -> None:
    old = act(order, "issue-key")
    act(order, "rotate-key", overlap_hours=0)
    assert key_of(old, NOON) is None


def test_rotation_keeps_the_terms(order: Any) -> None:
    act(order, "issue-key", networks=["10.0.0.0/8"], doors=["http"], expires_on="2026-06-30")
    new = act(order, "rotate-key")
    found = key_of(new, NOON)
    assert found is not None
    key, ends = found
    assert (key.networks, key.doors) == (["10.0.0.0/8"], ["http"])
    assert ends is not None
    assert ends == end_of(date(2026, 6, 30))


def test_revoking_ends_every_key_and_token_at_once(order: Any) -> None:
    old = act(order, "issue-key")
    new = act(order, "rotate-key", overlap_hours=720)
    found = key_of(new, NOON)
    assert found is not None
    token, _ = new_token(found[0], NOON)
    assert key_of(token, NOON) is not None
    act(order, "revoke-key")
    assert [key_of(text, NOON) for text in (old, new, token)] == [None, None, None]


def test_a_token_ends_on_its_own(order: Any) -> None:
    found = key_of(act(order, "issue-key"), NOON)
    assert found is not None
    token, seconds = new_token(found[0], NOON)
    assert seconds == 30 * 60
    assert key_of(token, NOON + timedelta(seconds=seconds - 1)) is not None
    assert key_of(token, NOON + timedelta(seconds=seconds)) is None
    assert token.rpartition(".")[2] not in str(AccessToken.objects.values())


def test_a_key_expires(order: Any) -> None:
    key = act(order, "issue-key", expires_on="2026-04-01")
    assert key_of(key, NOON.replace(month=4, day=1, hour=15)) is not None
    assert key_of(key, NOON.replace(month=4, day=2)) is None


@pytest.mark.parametrize("expires_on", ["2026-03-02", "2027-12-31"])
def test_a_key_ends_after_today_and_within_the_longest_term(order: Any, expires_on: str) -> None:
    with refused("orders.key-term-too-long"):
        act(order, "issue-key", expires_on=expires_on)


@pytest.mark.parametrize("network", ["ten", "10.0.0.0/33", "300.1.1.1", ""])
def test_networks_are_networks(order: Any, network: str) -> None:
    with refused("orders.networks-malformed"):
        act(order, "issue-key", networks=[network])
    assert is_network("fd00::/8")


def test_signing_keys_of_both_suites(order: Any) -> None:
    for name, suite in (("ed25519", INTERNATIONAL), ("sm2", SHANGMI)):
        signer = suite.generate()
        text = f"{name}:{base64.b64encode(signer.public).decode()}"
        act(order, "issue-key", signing_key=text)
        assert verifier(text).verify(b"request", signer.sign(b"request"))
        assert not verifier(text).verify(b"another", signer.sign(b"request"))
    assert not is_signing_key("rsa:AAAA")
    with refused("orders.signing-key-malformed"):
        act(order, "issue-key", signing_key="ed25519:AAAA")


def test_no_key_no_rotation(order: Any) -> None:
    with refused("orders.no-live-key"):
        act(order, "rotate-key")
    with refused("orders.no-live-key"):
        act(order, "limit-key", doors=["http"])


def test_limits_apply_to_the_key_in_use(order: Any) -> None:
    key = act(order, "issue-key")
    act(order, "limit-key", doors=["flight"], certificate="a" * 64)
    found = key_of(key, NOON)
    assert found is not None
    assert (found[0].doors, found[0].certificate) == (["flight"], "a" * 64)


def test_an_unknown_door_is_refused(order: Any) -> None:
    with pytest.raises(Invalid):
        act(order, "issue-key", doors=["backdoor"])


def test_there_is_one_current_key_and_no_secret_in_the_ledger(order: Any) -> None:
    first = act(order, "issue-key")
    second = act(order, "rotate-key")
    third = act(order, "rotate-key")
    assert ApiKey.objects.filter(order=order, revoked_at=None, retires_at=None).count() == 1
    for text in (first, second, third):
        assert text.rpartition(".")[2] not in str(list(Entry.objects.values_list("payload", flat=True)))


def test_only_the_consumer_handles_the_key(order: Any) -> None:
    act(order, "issue-key")
    with refused("orders.not-a-party"):
        do("orders", "rotate-key", actor(Role.OPERATOR, roles=(Role.CONSUMER,)), order.code, at=NOON)
