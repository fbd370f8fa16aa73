"""Clients of people who are signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client
from tests.factories.accounts import PASSWORD, account

from dianchi.kernel.actors import Role


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def signed_in(db: None) -> Callable[[Role], Client]:
    """A client whose person holds the role and came in by the sign-in page."""

    def enter(role: Role) -> Client:
        person = account(role)
        client = Client()
        answer = client.post("/sign-in", {"username": person.username, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return client

    return enter
