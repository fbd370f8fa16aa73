"""Products that the gate can deliver: data in service, a product over them, an order with its key, a store of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from dianchi.foundation.answers import store as answers
from dianchi.gate import intake, keys, meter, receipts, release, spool
from dianchi.gate.store import lake
from dianchi.kernel.actors import Role
from tests.factories import operation as make
from tests.factories import resources
from tests.factories.operation import do
from tests.factories.people import actor

SINCE = (
    "select prefecture_code, count(*) as visits, sum(spend) as spend, avg(spend) as mean from visits "
    "where visited_on >= $since group by 1 order by 1"
)
DAY = [{"name": "since", "type": "date", "minimum": "2026-01-01", "maximum": "2026-12-31"}]
CONTRACT = {
    "resource": "visits",
    "columns": [
        *({"name": name} for name in ("person_id", "name", "phone", "prefecture_code")),
        {"name": "visited_on", "type": "date"},
        {"name": "spend", "type": "decimal(12,2)"},
    ],
}
SLUG = "visits-by-prefecture"


def visits(prefectures: int = 3, persons: int = 30) -> str:
    """Visits of so many persons to each of so many prefectures, and three persons to one more."""
    lines = ["person_id,name,phone,prefecture_code,visited_on,spend"]
    for p in range(prefectures):
        lines += [f"P{p}{n:05},张三,138{n:08},53{p + 1:02},2026-01-02,{100 + n}.{n % 100:02}" for n in range(persons)]
    lines += [f"Q{n:05},李四,139{n:08},5399,2026-01-02,{100 + n}.00" for n in range(3)]
    return "\n".join(lines) + "\n"


class Here:
    """A committer in the test's own thread, whose transaction it must share."""

    def commit(self, delivery: meter.Delivery) -> meter.Recorded:
        """What the committer's own thread would do."""
        waiting: Future[meter.Recorded] = Future()
        meter.settle([(delivery, waiting)])
        return waiting.result()


@contextmanager
def store(folder: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    """A lake, workers and keys of its own."""
    settings.DIANCHI_VAR = folder / "var"
    kept = (lake, receipts.key, release.pool, spool._link_key)
    for each in kept:
        each.cache_clear()
    answers.forget()
    for each in (release._prepared, release._known, keys._kept, keys._recent):
        each.clear()
    monkeypatch.setattr(release, "committer", Here)
    yield
    release.pool().close()
    for each in kept:
        each.cache_clear()


def an_item(text: str, folder: Path, **changes: Any) -> Any:
    """The visits on the catalogue with this file in service."""
    inputs = resources.visits_inputs(contract=CONTRACT, **changes)
    item = resources.a_published_item(**{name: given for name, given in inputs.items() if given is not None})
    load = resources.an_open_load(item)
    path = folder / f"{load.code}.csv"
    path.write_text(text, encoding="utf-8")
    provider = actor(Role.PROVIDER)
    intake.receive(load.code, path, by=provider, at=resources.LONG_AGO)
    load = do("supply", "pass", Role.BUREAU, load.code, at=resources.LONG_AGO, verdict=resources.SAID)
    applied = resources.application(item.code, title=item.title, evidence_digest=load.sm3)
    resources.registered(do("registration", "apply", provider, at=resources.LONG_AGO, **applied).code)
    return item


def a_product(
    folder: Path,
    sql: str = SINCE,
    parameters: Any = DAY,
    text: str = "",
    items: Any = None,
    about: Any = None,
    **changes: Any,
) -> Any:
    """A priced product over the visits; `about` changes what the catalogue says of them."""
    more = {**({"items": items} if items else {}), **(about or {})}
    item = an_item(text or visits(), folder, **more)
    fields = [c["name"] for c in item.items if c["uses"]]
    contract = make.a_contract_in_force(make.an_agreement(item))
    request = make.a_provisioned_request(contract, tables=[make.table(item.code, fields=fields)])
    return make.a_priced_product(request, sql=sql, parameters=parameters, **changes)


@contextmanager
def shared_connection(monkeypatch: Any) -> Iterator[None]:
    """The threads of a Flight server work in the test's own transaction, one at a time."""
    from django.db import connection, connections

    from dianchi.interfaces.flight import server

    ours = connections["default"]
    connection.inc_thread_sharing()
    monkeypatch.setattr(server, "close_old_connections", lambda: connections.__setitem__("default", ours))
    yield
    connection.dec_thread_sharing()


async def at_once(work: Any, *arguments: Any) -> Any:
    """In the test's own thread, which holds its transaction."""
    return work(*arguments)


@dataclass(frozen=True)
class Reply:
    """What a door over HTTP gave back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def http(
    method: str, path: str, key: str = "", query: Mapping[str, str] | None = None, body: bytes = b"", peer: str = "127.0.0.1",
    **headers: str,
) -> Reply:  # fmt: skip
    """One request to the gate's application, in this thread, as the server would send it."""
    from dianchi.gate import app

    given = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    if key:
        given["authorization"] = f"Bearer {key}"
    path, _, raw = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "query_string": (raw or urlencode(query or {})).encode(),
        "headers": [(n.encode(), v.encode()) for n, v in given.items()], "client": (peer, 1),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    # No event loop: Django would give it a connection of its own, outside the test's transaction.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "_in_thread", at_once)
        with contextlib.suppress(StopIteration):
            app.application(scope, receive, send).send(None)
    told = {n.decode(): v.decode() for n, v in sent[0]["headers"]}
    return Reply(sent[0]["status"], told, b"".join(m.get("body", b"") for m in sent[1:]))
