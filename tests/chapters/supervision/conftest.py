"""Supervision stands on the chain of operation."""

from tests.chapters.operation.conftest import (  # noqa: F401 - fixtures
    admission,
    agreement,
    contract,
    data_request,
    product,
    scenario,
    store,
)
