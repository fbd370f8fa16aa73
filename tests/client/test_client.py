"""The client against the gate's own application: retries metered once, pages, resume, receipts, data frames."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest
from tests.factories import delivery
from tests.factories import operation as make
from tests.factories.delivery import SLUG
from tests.factories.people import NOON, actor

from dianchi.chapters.operation.orders.models import Usage
from dianchi.client import Client, Refused
from dianchi.engines.crypto import INTERNATIONAL
from dianchi.foundation.cases.perform import perform
from dianchi.gate import receipts
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import RuleBroken

pytestmark = pytest.mark.django_db
SINCE = dt.date(2026, 1, 1)


class Gate(httpx.BaseTransport):
    """The gate's application in this thread; `spoil` may lose or change a reply after it was made."""

    def __init__(self) -> None:
        self.spoil: Callable[[httpx.Request, httpx.Response], httpx.Response] = lambda _, reply: reply

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = {n.replace("-", "_"): v for n, v in request.headers.items() if n != "authorization"}
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        reply = delivery.http(request.method, request.url.raw_path.decode(), key, body=request.read(), **headers)
        return self.spoil(request, httpx.Response(reply.status, headers=reply.headers, content=reply.body))


@pytest.fixture
def gate() -> Gate:
    """The gate."""
    return Gate()


@pytest.fixture
def order(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[Any]:
    """An order in a store of its own."""
    with delivery.store(tmp_path, settings, monkeypatch):
        from dianchi.foundation import clock

        monkeypatch.setattr(clock, "now", lambda: NOON)
        yield make.an_active_order(delivery.a_product(tmp_path), quota_calls=50)


@pytest.fixture
def client(order: Any, gate: Gate) -> Client:
    """A client that checks receipts."""
    return Client(
        "http://gate", make.a_key(order), public_lines=[receipts.public_line()], transport=gate, sleep=lambda _: None
    )


def test_an_answer_in_every_frame(client: Client) -> None:
    result = client.call(SLUG, since=SINCE)
    assert [r["prefecture_code"] for r in result.rows] == ["5301", "5302", "5303"]
    assert list(result.to_pandas()["visits"]) == result.to_polars()["visits"].to_list() == [30, 30, 30]
    table = client.table(SLUG, since=SINCE)
    assert table["visits"].to_pylist() == result.to_arrow()["visits"].to_pylist()
    assert result.suppressed_groups == 0


def test_a_call_whose_answer_is_lost_is_made_again_and_metered_once(client: Client, gate: Gate) -> None:
    lost = iter([httpx.ReadError("lost"), None, None])

    def lose(request: httpx.Request, reply: httpx.Response) -> httpx.Response:
        if error := next(lost, None):
            raise error
        return reply

    gate.spoil = lose
    assert len(client.call(SLUG, since=SINCE).rows) == 3
    assert Usage.objects.count() == 1


def test_a_busy_gate_is_asked_again_and_a_refusal_is_not(client: Client, gate: Gate) -> None:
    seen: list[int] = []

    def busy(request: httpx.Request, reply: httpx.Response) -> httpx.Response:
        seen.append(reply.status_code)
        return httpx.Response(503, json={"code": "busy"}) if len(seen) < 3 else reply

    gate.spoil = busy
    assert client.call(SLUG, since=SINCE).rows
    assert len(seen) == 3
    with pytest.raises(Refused) as caught:
        client.call(SLUG, since="1999-01-01")
    assert (caught.value.code, caught.value.status, len(seen)) == ("gate.parameter-out-of-bounds", 422, 4)


def test_a_changed_answer_is_not_handed_on(client: Client, gate: Gate) -> None:
    def forge(request: httpx.Request, reply: httpx.Response) -> httpx.Response:
        told = json.loads(reply.content)
        told["rows"][0]["visits"] = 31
        return httpx.Response(200, json=told)

    gate.spoil = forge
    with pytest.raises(RuleBroken) as caught:
        client.call(SLUG, since=SINCE)
    assert caught.value.refusals[0].code == "statement.changed"


def test_pages_give_every_row_once(client: Client) -> None:
    whole = client.call(SLUG, since=SINCE).rows
    pages = list(client.pages(SLUG, since=SINCE, page_size=2))
    assert [len(p) for p in pages] == [2, 1]
    assert [row for page in pages for row in page] == whole
    assert Usage.objects.count() == 2


def test_a_download_goes_on_where_it_broke_off(client: Client, gate: Gate, tmp_path: Path) -> None:
    asked: list[str] = []

    def cut(request: httpx.Request, reply: httpx.Response) -> httpx.Response:
        if "/files/" not in request.url.path:
            return reply
        asked.append(request.headers.get("range", ""))
        if len(asked) == 1:
            body = reply.content[: len(reply.content) // 2]
            return httpx.Response(200, headers={"content-type": "x"}, content=body)
        return reply

    gate.spoil = cut
    moved: list[tuple[int, int]] = []
    to = tmp_path / "set.parquet"
    told = client.download(SLUG, to, since=SINCE, progress=lambda have, size: moved.append((have, size)))
    assert asked == ["", f"bytes={told['bytes'] // 2}-"]
    assert pq.read_table(to).num_rows == 3
    assert moved[-1] == (told["bytes"], told["bytes"])
    assert not (tmp_path / "set.parquet.part").exists()
    assert Usage.objects.count() == 1


def test_a_file_that_was_changed_on_the_way_is_not_kept(client: Client, gate: Gate, tmp_path: Path) -> None:
    def forge(request: httpx.Request, reply: httpx.Response) -> httpx.Response:
        if "/files/" not in request.url.path:
            return reply
        return httpx.Response(200, content=bytes(len(reply.content)))

    gate.spoil = forge
    with pytest.raises(Refused):
        client.download(SLUG, tmp_path / "set.parquet", since=SINCE)
    assert not (tmp_path / "set.parquet").exists()


def test_signed_calls_and_tokens(order: Any, gate: Gate, monkeypatch: Any) -> None:
    signer = INTERNATIONAL.generate()
    terms = {"signing_key": f"ed25519:{base64.b64encode(signer.public).decode()}"}
    key = perform("orders", "issue-key", by=actor(Role.CONSUMER), at=NOON, code=order.code, inputs=terms).reveal[
        "api_key"
    ]
    monkeypatch.setattr(time, "time", NOON.timestamp)
    signing = Client("http://gate", key, signer=signer, transport=gate)
    assert signing.call(SLUG, since=SINCE).rows
    token, seconds = signing.token()
    assert seconds == 1800
    assert Client("http://gate", token, transport=gate).call(SLUG, since=SINCE).rows
    with pytest.raises(Refused) as caught:
        Client("http://gate", key, transport=gate).call(SLUG, since=SINCE)
    assert caught.value.code == "gate.signature-missing"


def test_documents_and_sandbox_need_no_charge(client: Client) -> None:
    assert client.openapi(SLUG)["openapi"] == "3.1.0"
    assert {"prefecture_code", "visits"} <= set(client.sandbox(SLUG, since=SINCE)[0])
    assert Usage.objects.count() == 0
