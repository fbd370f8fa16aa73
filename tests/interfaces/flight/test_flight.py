"""The Flight SQL door with an unchanged ADBC client: bind parameters, metadata, TLS, tokens, cancel."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_flightsql.dbapi as adbc
import adbc_driver_manager
import pyarrow as pa
import pyarrow.flight as fl
import pytest
from tests.factories import delivery
from tests.factories import operation as make
from tests.factories.delivery import SLUG
from tests.factories.operation import do
from tests.factories.people import NOON, actor

from dianchi.chapters.operation.orders.models import Usage
from dianchi.engines.crypto.statements import fields_of
from dianchi.foundation.cases.perform import perform
from dianchi.gate import keys, receipts
from dianchi.interfaces.flight import sql, wire
from dianchi.interfaces.flight.server import Server
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid

CALL = f"SELECT * FROM \"{SLUG}\" WHERE since = '2026-01-01'"


@pytest.fixture
def gate(tmp_path: Path, settings: Any, monkeypatch: Any, db: Any) -> Iterator[Any]:
    """An order in a store of its own, and a server whose threads share the test's connection."""
    with delivery.store(tmp_path, settings, monkeypatch), delivery.shared_connection(monkeypatch):
        from dianchi.foundation import clock

        monkeypatch.setattr(clock, "now", lambda: NOON)
        order = make.an_active_order(delivery.a_product(tmp_path), quota_calls=50)
        with Server("grpc://127.0.0.1:0") as server:
            yield order, f"grpc://127.0.0.1:{server.port}"


def connected(address: str, key: str, **more: str) -> Any:
    options = {"adbc.flight.sql.authorization_header": f"Bearer {key}", **more}
    return adbc.connect(address, db_kwargs=options, autocommit=True)


def test_an_adbc_client_reads_a_product_binds_parameters_and_sees_the_catalog(gate: Any) -> None:
    order, address = gate
    with connected(address, make.a_key(order)) as connection, connection.cursor() as cursor:
        cursor.execute(CALL)
        whole = cursor.fetch_arrow_table()
        assert whole["prefecture_code"].to_pylist() == ["5301", "5302", "5303"]
        cursor.execute(f'SELECT * FROM "{SLUG}" WHERE since = ?', parameters=(dt.date(2026, 1, 1),))
        assert cursor.fetch_arrow_table().to_pylist() == whole.to_pylist()
        assert Usage.objects.count() == 2
        found = connection.adbc_get_objects(depth="all").read_all().to_pylist()
        (tables,) = [s["db_schema_tables"] for c in found for s in c["catalog_db_schemas"]]
        assert [t["table_name"] for t in tables] == [SLUG]
        assert {c["column_name"] for c in tables[0]["table_columns"]} == set(whole.column_names)
        assert connection.adbc_get_info()["vendor_name"] == "dianchi"
        assert connection.adbc_get_table_types() == ["TABLE"]
        assert Usage.objects.count() == 2  # what tells nothing of the data is not charged

    refusals(gate)
    receipts_and_tickets(gate)
    revocation_and_cancel(gate)


def read(cursor: Any, text: str) -> pa.Table:
    cursor.execute(text)
    return cursor.fetch_arrow_table()


def refusals(gate: Any) -> None:
    order, address = gate
    key = make.a_key(order)
    for wrong, code in (
        (f"SELECT prefecture_code FROM \"{SLUG}\" WHERE since = '2026-01-01'", "flight.not-a-product-call"),
        ("SELECT * FROM visits", "orders.other-product"),
        (f'SELECT * FROM "{SLUG}"', "gate.parameter-missing"),
        (f"SELECT * FROM \"{SLUG}\" WHERE since = '1999-01-01'", "gate.parameter-out-of-bounds"),
        (f"SELECT * FROM \"{SLUG}\" WHERE since = 'soon'", "gate.parameter-malformed"),
        (f"SELECT * FROM \"{SLUG}\" WHERE until = '2026-01-01'", "gate.unknown-parameter"),
    ):
        with connected(address, key) as connection, connection.cursor() as cursor:
            with pytest.raises(adbc_driver_manager.Error) as caught:
                read(cursor, wrong)
            assert f"[{code}]" in str(caught.value)
    with pytest.raises(adbc_driver_manager.Error) as caught, connected(address, "dk_0.wrong") as connection:
        connection.cursor().execute(CALL)
    assert "[orders.bad-key]" in str(caught.value)


def receipts_and_tickets(gate: Any) -> None:
    order, address = gate
    key = make.a_key(order)
    client = fl.FlightClient(address)
    headers = fl.FlightCallOptions(headers=[(b"authorization", f"Bearer {key}".encode())])
    asked = fl.FlightDescriptor.for_command(wire.packed("CommandStatementQuery", wire.field(1, CALL.encode())))
    before = Usage.objects.count()
    info = client.get_flight_info(asked, headers)
    assert Usage.objects.count() == before
    ticket = info.endpoints[0].ticket
    chunk = client.do_get(ticket, headers).read_chunk()
    receipt = json.loads(chunk.app_metadata.to_pybytes())
    assert fields_of(receipt, [receipts.public_line()])["product"] == SLUG
    client.do_get(ticket, headers).read_all()
    assert Usage.objects.count() == before + 1  # the same ticket is the same call
    with pytest.raises(fl.FlightUnauthenticatedError):
        client.do_get(ticket).read_all()
    handshake = fl.FlightCallOptions(headers=[(b"authorization", b"Basic " + _basic(key))])
    assert client.get_flight_info(asked, handshake).schema == info.schema
    cancel = fl.Action("CancelFlightInfo", wire.field(1, info.serialize()))
    assert next(iter(client.do_action(cancel, headers))).body.to_pybytes() == wire.field(1, 1)
    with pytest.raises(fl.FlightCancelledError):
        client.do_get(ticket, headers).read_all()
    client.close()


def _basic(key: str) -> bytes:
    import base64

    return base64.b64encode(f"anybody:{key}".encode())


def revocation_and_cancel(gate: Any) -> None:
    order, address = gate
    limited = perform(
        "orders", "issue-key", by=actor(Role.CONSUMER), at=NOON, code=order.code, inputs={"doors": ["http"]}
    )
    with (
        pytest.raises(adbc_driver_manager.Error) as caught,
        connected(address, limited.reveal["api_key"]) as connection,
    ):
        connection.cursor().execute(CALL)
    assert "[gate.door-not-allowed]" in str(caught.value)
    key = make.a_key(order)
    token, _ = keys.grant_token(keys.Credentials(key, "http"), NOON)
    with connected(address, token) as connection, connection.cursor() as cursor:
        cursor.execute(CALL)
        assert cursor.fetch_arrow_table().num_rows == 3
        do("closures", "shut", Role.SECURITY_ADMIN, at=NOON, scope="PRODUCT", target=SLUG, reason=make.WHY)
        with pytest.raises(adbc_driver_manager.Error) as caught:
            cursor.execute(CALL)
        assert "[gate.shut]" in str(caught.value)


def certificate() -> tuple[bytes, bytes]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gate")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2090)).add_extension(names, False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM), private


def test_a_client_that_trusts_the_certificate_reads_over_tls(gate: Any) -> None:
    order, _ = gate
    cert, private = certificate()
    with Server("grpc+tls://127.0.0.1:0", tls_certificates=[(cert, private)]) as server:
        address = f"grpc+tls://localhost:{server.port}"
        trusted = {"adbc.flight.sql.client_option.tls_root_certs": cert.decode()}
        with connected(address, make.a_key(order), **trusted) as connection, connection.cursor() as cursor:
            cursor.execute(CALL)
            assert cursor.fetch_arrow_table().num_rows == 3
        with pytest.raises(adbc_driver_manager.Error), connected(address, make.a_key(order)) as connection:
            connection.cursor().execute(CALL)


@pytest.mark.parametrize(
    ("text", "given", "waiting"),
    [("select * from p", {}, ()), ('SELECT * FROM "a-b" WHERE x = 1 AND y = ?', {"x": "1"}, ("y",)),
     ("select * from p where d = DATE '2020-12-08'", {"d": "2020-12-08"}, ()),
     ("select * from dianchi.products.p where n = -3.5", {"n": "-3.5"}, ()), ("select * from p where a = $a", {}, ("a",))],
)  # fmt: skip
def test_a_statement_is_one_product_with_its_values(text: str, given: dict[str, str], waiting: tuple[str, ...]) -> None:
    called = sql.read(text)
    assert (called.given, called.open) == (given, waiting)


@pytest.mark.parametrize(
    "text",
    ["", "select 1", "select a from p", "select *, a from p", "select * exclude (a) from p", "select * from p, q",
     "select * from p join q using (a)", "select * from p where a > 1", "select * from p where a = 1 or a = 2",
     "select * from p where a = b", "select * from p where a = 1 and a = 2", "select * from p limit 1",
     "select * from p order by 1", "select * from (select * from p)", "with p as (select 1) select * from p",
     "select * from p where a = (select 1)", "select * from read_csv('/etc/passwd')", "select distinct * from p",
     "select * from p group by all", "insert into p values (1)", "drop table p", "select * from p; select * from q",
     "select * from p tablesample 10%", "select * from p where a = 1 union select * from q", "select" + "(" * 5000, "\0"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        sql.read(text)


@pytest.mark.parametrize(
    "data", [b"\xff", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", b"\x0b", b"\x0a\x05ab", b"\x80" * 20]
)
def test_malformed_messages_are_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        wire.unpacked(data)


def test_messages_come_back_as_they_went() -> None:
    name, message = wire.unpacked(
        wire.packed("CommandStatementQuery", wire.field(1, "名".encode()) + wire.field(5, 300))
    )
    assert (name, wire.text(message, 1), message[5]) == ("CommandStatementQuery", "名", [300])
    assert isinstance(pa.schema([]), pa.Schema)
