"""A caller of the API: a person's token and the words of HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories.accounts import account
from tests.factories.people import HOME

from dianchi.foundation import clock
from dianchi.foundation.identity.login import issue_token
from dianchi.kernel.actors import Role


class Caller:
    """Speaks to the API as one person."""

    def __init__(self, token: str = ""):
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, lang: str = "zh", **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers={**self.headers, "Accept-Language": lang})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        text = body if isinstance(body, str | bytes) else json.dumps(body) if body is not None else ""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"/api/v1{path}", text, content_type="application/json", headers={**self.headers, **named}
        )

    def delete(self, path: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=self.headers)


@pytest.fixture
def call(db: None) -> Callable[..., Caller]:
    """A caller in a role, at its home organisation or at the one named."""

    def of(role: Role, organisation: str = "", username: str = "") -> Caller:
        home = organisation or HOME.get(role, HOME[Role.BUREAU])[0]
        person = account(role, organisation=organisation, username=username)
        return Caller(issue_token(person, home, clock.now()))

    return of


@pytest.fixture
def nobody(db: None) -> Caller:
    """A caller without a token."""
    return Caller()
