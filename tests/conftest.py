"""The whole suite: no network, a store of its own, an aware clock that nobody reads."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's event loop lives in the tests' thread

from collections.abc import Iterator
from typing import Any

import pytest

from tests.ledger import empty_ledger


@pytest.fixture(autouse=True)
def nothing_committed_stays_in_the_ledger(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Django's flush leaves the ledger alone, as it must; the next test shall begin with an empty one all the same."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        with django_db_blocker.unblock():
            empty_ledger()
