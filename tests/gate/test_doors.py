"""One law at every door: the same requests and the same attacks through each, the same answers and the same refusals."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import adbc_driver_flightsql.dbapi as adbc
import adbc_driver_manager
import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.client.test_client import Gate
from tests.factories import delivery
from tests.factories import operation as make
from tests.factories.delivery import SLUG, http
from tests.factories.operation import do
from tests.factories.people import NOON, actor

from dianchi.chapters.operation.orders.models import Usage
from dianchi.client import Client, Refused
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import keys
from dianchi.interfaces.flight.server import Server
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
PARAMETERS = [*delivery.DAY, {"name": "least", "type": "integer", "minimum": "0", "maximum": "100"}]
SQL = (
    "select prefecture_code, count(*) as visits, sum(spend) as spend, avg(spend) as mean from visits "
    "where visited_on >= $since group by 1 having count(*) >= $least order by 1"
)
Rows = list[dict[str, Any]]
Door = Callable[[str, Mapping[str, str]], "Rows | str"]


@pytest.fixture
def flight(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[str]:
    """A store, the time, and a Flight server whose threads share the test's connection."""
    with delivery.store(tmp_path, settings, monkeypatch), delivery.shared_connection(monkeypatch):
        from dianchi.foundation import clock

        monkeypatch.setattr(clock, "now", lambda: NOON)
        with Server("grpc://127.0.0.1:0") as server:
            yield f"grpc://127.0.0.1:{server.port}"


@pytest.fixture
def order(flight: str, tmp_path: Path) -> Any:
    """An order that every door serves."""
    return make.an_active_order(delivery.a_product(tmp_path, sql=SQL, parameters=PARAMETERS), quota_calls=1000)


def plain(rows: Rows) -> Rows:
    """Values as numbers and texts, however a format writes them."""

    def value(x: Any) -> Any:
        return float(x) if isinstance(x, int | float | Decimal) and not isinstance(x, bool) else x

    return [{name: value(x) for name, x in row.items()} for row in rows]


def from_text(row: Mapping[str, str]) -> dict[str, Any]:
    return {n: v if n == "prefecture_code" else float(v) for n, v in row.items()}


def answered(reply: Any, read: Callable[[bytes], Rows]) -> Rows | str:
    return read(reply.body) if reply.status < 300 else str(json.loads(reply.body)["code"])


def by_json(key: str, given: Mapping[str, str]) -> Rows | str:
    return answered(http("GET", f"/gate/v1/products/{SLUG}", key, given), lambda b: plain(json.loads(b)["rows"]))


def by_post(key: str, given: Mapping[str, str]) -> Rows | str:
    body = json.dumps({"parameters": dict(given)}).encode()
    return answered(http("POST", f"/gate/v1/products/{SLUG}", key, body=body), lambda b: plain(json.loads(b)["rows"]))


def by_csv(key: str, given: Mapping[str, str]) -> Rows | str:
    reply = http("GET", f"/gate/v1/products/{SLUG}", key, given, accept="text/csv")
    return answered(reply, lambda b: [from_text(r) for r in csv.DictReader(io.StringIO(b.decode()))])


def by_arrow(key: str, given: Mapping[str, str]) -> Rows | str:
    reply = http("GET", f"/gate/v1/products/{SLUG}", key, given, accept="application/vnd.apache.arrow.stream")
    return answered(reply, lambda b: plain(pa.ipc.open_stream(b).read_all().to_pylist()))


def by_file(key: str, given: Mapping[str, str]) -> Rows | str:
    body = json.dumps({"parameters": dict(given), "format": "parquet"}).encode()
    made = http("POST", f"/gate/v1/products/{SLUG}/files", key, body=body)
    if made.status >= 300:
        return answered(made, lambda b: [])
    fetched = http("GET", json.loads(made.body)["file"])
    return answered(fetched, lambda b: plain(pq.read_table(io.BytesIO(b)).to_pylist()))


def by_client(key: str, given: Mapping[str, str]) -> Rows | str:
    client = Client("http://gate", key, transport=Gate(), retries=0)
    try:
        return plain(client.call(SLUG, **given).rows)
    except Refused as refused:
        return refused.code


def by_pages(key: str, given: Mapping[str, str]) -> Rows | str:
    client = Client("http://gate", key, transport=Gate(), retries=0)
    try:
        return [row for page in client.pages(SLUG, page_size=2, **given) for row in plain(page)]
    except Refused as refused:
        return refused.code


def code_in(error: Exception) -> str:
    found = re.search(r"\[([a-z]+\.[a-z-]+)\]", str(error))
    return found.group(1) if found else str(error)


def by_flight(address: str) -> Door:
    def call(key: str, given: Mapping[str, str]) -> Rows | str:
        options = {"adbc.flight.sql.authorization_header": f"Bearer {key}"}
        terms = " AND ".join(f"\"{n}\" = '{v.replace(chr(39), chr(39) * 2)}'" for n, v in given.items())
        try:
            with adbc.connect(address, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{SLUG}"' + (f" WHERE {terms}" if terms else ""))
                return plain(cursor.fetch_arrow_table().to_pylist())
        except adbc_driver_manager.Error as error:
            return code_in(error)

    return call


def by_binding(address: str) -> Door:
    def call(key: str, given: Mapping[str, str]) -> Rows | str:
        options = {"adbc.flight.sql.authorization_header": f"Bearer {key}"}
        terms = " AND ".join(f'"{n}" = ?' for n in given)
        try:
            with adbc.connect(address, db_kwargs=options, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{SLUG}" WHERE {terms}', parameters=tuple(given.values()))
                return plain(cursor.fetch_arrow_table().to_pylist())
        except adbc_driver_manager.Error as error:
            return code_in(error)

    return call


GOOD = {"since": "2026-01-01", "least": "0"}
REQUESTS: dict[str, tuple[Mapping[str, str], str]] = {
    "everything": (GOOD, ""),
    "a bound that leaves nothing": ({**GOOD, "least": "31"}, ""),
    "a later day": ({**GOOD, "since": "2026-01-03"}, ""),
    "a missing parameter": ({"since": "2026-01-01"}, "gate.parameter-missing"),
    "an unknown parameter": ({**GOOD, "extra": "1"}, "gate.unknown-parameter"),
    "out of bounds": ({**GOOD, "since": "1999-01-01"}, "gate.parameter-out-of-bounds"),
    "a huge number": ({**GOOD, "least": "9" * 30}, "gate.parameter-out-of-bounds"),
    "text for a date": ({**GOOD, "since": "yesterday"}, "gate.parameter-malformed"),
    "SQL for a date": ({**GOOD, "since": "2026-01-01' OR 1=1 --"}, "gate.parameter-malformed"),
    "SQL for a number": (
        {**GOOD, "least": "0) union select name, phone, 1, 1 from visits --"},
        "gate.parameter-malformed",
    ),
    "a float for a number": ({**GOOD, "least": "1.5"}, "gate.parameter-malformed"),
}


def doors(address: str) -> dict[str, Door]:
    return {
        "json": by_json, "post": by_post, "csv": by_csv, "arrow": by_arrow, "file": by_file, "client": by_client,
        "pages": by_pages, "flight": by_flight(address), "bound": by_binding(address),
    }  # fmt: skip


def test_the_same_requests_get_the_same_answers_and_refusals_at_every_door(order: Any, flight: str) -> None:
    key = make.a_key(order)
    for title, (given, code) in REQUESTS.items():
        told = {name: door(key, given) for name, door in doors(flight).items()}
        first = told["json"]
        if "extra" in given:  # a bound parameter that the product does not have is refused when it is prepared
            assert told.pop("bound") == "flight.parameters-unbound"
        assert told == dict.fromkeys(told, first), title
        assert first == code if code else isinstance(first, list), title
    whole = by_json(key, GOOD)
    assert [r["prefecture_code"] for r in whole if isinstance(r, dict)] == [
        "5301",
        "5302",
        "5303",
    ]  # 5399 has three persons


def test_every_door_meters_and_records_each_answer_once(order: Any, flight: str) -> None:
    key, names = make.a_key(order), doors(flight)
    for n, door in enumerate(names.values(), 1):
        assert isinstance(door(key, GOOD), list)
        assert Usage.objects.count() == n
    delivered = Entry.objects.filter(kind="gate.delivered")
    assert delivered.count() == len(names)
    digests = set(Usage.objects.values_list("result_digest", flat=True))
    assert len(digests) == 1


def test_what_ends_a_right_ends_it_at_every_door(order: Any, flight: str) -> None:
    """Keys that are wrong, revoked, of elsewhere; orders that are closed; products that are shut or recalled."""

    def all_say(code: str, key: str) -> None:
        told = {name: door(key, GOOD) for name, door in doors(flight).items()}
        assert told == dict.fromkeys(told, code)

    all_say("orders.bad-key", "dk_00000000.nothing")
    key = make.a_key(order)
    all_say("orders.bad-key", key[:-1] + ("A" if key[-1] != "A" else "B"))
    elsewhere = perform(
        "orders", "issue-key", by=actor(Role.CONSUMER), at=NOON, code=order.code, inputs={"networks": ["10.0.0.0/8"]}
    )
    all_say("gate.network-not-allowed", elsewhere.reveal["api_key"])
    all_say("orders.bad-key", key)  # another key was issued since
    key = make.a_key(order)
    shut = do("closures", "shut", Role.SECURITY_ADMIN, at=NOON, scope="PRODUCT", target=SLUG, reason=make.WHY)
    all_say("gate.shut", key)
    do("closures", "reopen", Role.SECURITY_ADMIN, shut.code, at=NOON, reopening_reason=make.WHY)
    token, _ = keys.grant_token(keys.Credentials(key, "http"), NOON)
    assert all(isinstance(door(token, GOOD), list) for door in doors(flight).values())
    do("products", "recall", Role.BUREAU, order.product.code, at=NOON, reason=make.WHY)
    all_say("products.not-listed", key)
    do("orders", "close", Role.CONSUMER, order.code, at=NOON, reason=make.WHY)
    all_say("orders.bad-key", token)
    assert not Usage.objects.filter(at__gt=NOON).exists()


def test_a_product_that_was_not_ordered_is_nobody_s_at_every_door(order: Any, flight: str, monkeypatch: Any) -> None:
    key = make.a_key(order)
    monkeypatch.setitem(globals(), "SLUG", "another-product")
    told = {name: door(key, GOOD) for name, door in doors(flight).items()}
    assert told == dict.fromkeys(told, "orders.other-product")


def test_the_real_delta_sharing_client_reads_a_published_set(flight: str, tmp_path: Path, monkeypatch: Any) -> None:
    """A set without parameters, through delta-sharing's own REST client and the file that it is given."""
    from delta_sharing.protocol import DeltaSharingProfile, Table
    from delta_sharing.rest_client import DataSharingRestClient

    product = delivery.a_product(
        tmp_path,
        sql="select prefecture_code, count(*) as visits, sum(spend) as spend from visits group by 1",
        parameters=[],
    )
    order = make.an_active_order(product, quota_calls=20)
    key = make.a_key(order)
    profile = DeltaSharingProfile(share_credentials_version=1, endpoint="http://gate/sharing", bearer_token=key)
    client = DataSharingRestClient(profile)
    client._session.mount("http://", Adapter())
    (share,) = client.list_shares().shares
    (table,) = client.list_all_tables(share).tables
    assert (share.name, table.name) == (SLUG, SLUG)
    assert client.query_table_version(Table(SLUG, SLUG, "default")).delta_table_version > 0
    answer = client.list_files_in_table(table)
    schema = json.loads(answer.metadata.schema_string)
    assert [f["name"] for f in schema["fields"]] == ["prefecture_code", "visits", "spend"]
    fetched = http("GET", httpx.URL(answer.add_files[0].url).raw_path.decode())
    shared = plain(pq.read_table(io.BytesIO(fetched.body)).to_pylist())
    assert shared == by_json(key, {})
    assert Usage.objects.count() == 2
    do("orders", "revoke-key", Role.CONSUMER, order.code, at=NOON)
    with pytest.raises(Exception, match="401"):
        client.list_shares()


def Adapter() -> Any:
    """Carries requests of the `requests` library to the gate's application."""
    import requests

    class ToGate(requests.adapters.BaseAdapter):
        def send(self, request: Any, **_: Any) -> Any:
            path = request.url.partition("http://gate")[2]
            headers = {n.replace("-", "_"): v for n, v in request.headers.items() if n.lower() != "authorization"}
            key = request.headers.get("Authorization", "").removeprefix("Bearer ")
            body = request.body.encode() if isinstance(request.body, str) else request.body or b""
            told = http(request.method, path, key, body=body, **headers)
            reply = requests.Response()
            reply.status_code, reply._content, reply.url, reply.request = told.status, told.body, request.url, request
            reply.headers.update(told.headers)
            reply.encoding = "utf-8"
            return reply

        def close(self) -> None:
            pass

    return ToGate()
