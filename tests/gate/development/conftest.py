"""A developer with visits in the lake: 600 visits of 300 persons in four prefectures, one of them with four persons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction
from tests.factories import operation as make
from tests.factories.authorization import an_agreement_in_force
from tests.factories.operation import BEGAN
from tests.factories.resources import a_load_in_service, a_published_item

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.gate.store import lake

PLACES = ("530100", "530300", "530400")
SMALL = "533400"  # few persons


def visits_table(extra: int = 0) -> pa.Table:
    """Rows that differ in `extra` persons of one prefecture at the end."""
    persons = [f"P{n:05d}" for n in range(300 + extra)]
    rows = [
        {
            "person_id": p, "name": "张三", "phone": "13800000000",
            "prefecture_code": SMALL if n < 4 else PLACES[n % 3],
            "visited_on": date(2026, 1, 1) + timedelta(days=n % 40), "spend": Decimal(100 + n % 7) + Decimal(half) / 2,
        }
        for n, p in enumerate(persons) for half in (0, 1)
    ]  # fmt: skip
    kinds = {"visited_on": pa.date32(), "spend": pa.decimal128(12, 2)}
    names = ("person_id", "name", "phone", "prefecture_code", "visited_on", "spend")
    return pa.table({n: pa.array([r[n] for r in rows], kinds.get(n, pa.string())) for n in names})


def divisions_table() -> pa.Table:
    """Public facts about places."""
    rows = {"code": [*PLACES, SMALL], "name": ["昆明市", "曲靖市", "玉溪市", "迪庆藏族自治州"]}
    return pa.table(rows | {"level": ["prefecture"] * 4, "parent_code": ["530000"] * 4})


def load(code: str, table: pa.Table, batch: str) -> str:
    """Put the rows into service; the snapshot."""
    subject = "person_id" if "person_id" in table.column_names else None
    made = lake().commit(code, table, table.schema, batch_id=batch, at=BEGAN, subject_column=subject, mode="replace")
    bounds = made.max_rows_per_subject.get("person_id")
    a_load_in_service(item(code), at=BEGAN, batch=batch, rows=table.num_rows, snapshot=str(made.id), max_rows=bounds)
    return str(made.id)


@pytest.fixture(scope="module")
def store(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """One transaction around the module."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
    yield django_db_blocker
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def contract(store: Any) -> Any:
    """A development agreement in force over visits that are in service."""
    with store.unblock():
        visits, places = make.visits().code, a_published_item().code
        found = make.a_contract_in_force(an_agreement_in_force([visits, places]))
        load(visits, visits_table(), "first")
        load(places, divisions_table(), "places")
        return found


@pytest.fixture(scope="module")
def data_request(store: Any, contract: Any) -> Any:
    """A data request whose data may be used."""
    with store.unblock():
        visits, places = sorted(contract.resources, key=lambda code: not item(code).subject_column)
        divisions = make.table(places, name="divisions", fields=["code", "name"])
        return make.a_provisioned_request(contract, tables=[make.table(visits), divisions])


@pytest.fixture(scope="module")
def program(store: Any, data_request: Any) -> Any:
    """A program that may run."""
    with store.unblock():
        return make.an_approved_program(data_request)
