"""The chain that the tests of a module stand on is built once; each test is rolled back to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.factories import operation as make


@pytest.fixture(scope="module")
def store(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One transaction around the module; leave it by unblocking the database."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def agreement(store: Any) -> Any:
    """An authorization agreement in force over the visits."""
    with store.unblock():
        return make.an_agreement()


@pytest.fixture(scope="module")
def scenario(store: Any, agreement: Any) -> Any:
    """A published scenario."""
    with store.unblock():
        return make.a_published_scenario(agreement)


@pytest.fixture(scope="module")
def admission(store: Any, scenario: Any) -> Any:
    """A qualified developer."""
    with store.unblock():
        return make.a_qualified_developer(scenario)


@pytest.fixture(scope="module")
def contract(store: Any, agreement: Any, admission: Any) -> Any:
    """A development agreement in force."""
    with store.unblock():
        return make.a_contract_in_force(agreement, admission)


@pytest.fixture(scope="module")
def data_request(store: Any, contract: Any) -> Any:
    """A data request whose data may be used."""
    with store.unblock():
        return make.a_provisioned_request(contract)


@pytest.fixture(scope="module")
def product(store: Any, data_request: Any) -> Any:
    """A listed product with a published price on trial."""
    with store.unblock():
        return make.a_priced_product(data_request)
