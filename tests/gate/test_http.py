"""The HTTP door: formats, pages, conditional requests, documents, sandbox, tokens, signed requests, files with resume."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.factories import delivery, resources
from tests.factories import operation as make
from tests.factories.delivery import SLUG, http
from tests.factories.operation import do
from tests.factories.people import NOON, actor

from dianchi.chapters.operation.orders.models import Usage
from dianchi.engines.crypto import INTERNATIONAL, SHANGMI
from dianchi.engines.crypto.statements import fields_of
from dianchi.foundation.cases.perform import perform
from dianchi.gate import receipts
from dianchi.gate.keys import signed_text
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
CALL = f"/gate/v1/products/{SLUG}"
SINCE = {"since": "2026-01-01"}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    """A store of its own, at noon."""
    with delivery.store(tmp_path, settings, monkeypatch):
        from dianchi.foundation import clock

        monkeypatch.setattr(clock, "now", lambda: NOON)
        yield


@pytest.fixture
def order(tmp_path: Path) -> Any:
    """An order for the visits by prefecture."""
    return make.an_active_order(delivery.a_product(tmp_path), quota_calls=50)


@pytest.fixture
def key(order: Any) -> str:
    """Its key."""
    return make.a_key(order)


def limited(order: Any, **terms: Any) -> str:
    """A key under terms."""
    done = perform("orders", "issue-key", by=actor(Role.CONSUMER), at=NOON, code=order.code, inputs=terms)
    return str(done.reveal["api_key"])


def rows(key: str, **headers: str) -> list[dict[str, Any]]:
    reply = http("GET", CALL, key, SINCE, **headers)
    assert reply.status == 200, reply.body
    return list(json.loads(reply.body)["rows"])


def code(reply: Any) -> str:
    return str(json.loads(reply.body)["code"])


def test_every_format_tells_the_same_values(key: str) -> None:
    told = rows(key)
    assert [r["prefecture_code"] for r in told] == ["5301", "5302", "5303"]
    by_csv = list(csv.DictReader(io.StringIO(http("GET", CALL, key, SINCE, accept="text/csv").body.decode())))
    assert [{n: v if n == "prefecture_code" else float(v) for n, v in r.items()} for r in by_csv] == told
    stream = http("GET", CALL, key, SINCE, accept="application/vnd.apache.arrow.stream").body
    table = pa.ipc.open_stream(stream).read_all()
    parquet = pq.read_table(io.BytesIO(http("GET", CALL, key, SINCE, accept="application/vnd.apache.parquet").body))
    for found in (table, parquet):
        assert [{n: float(v) if n != "prefecture_code" else v for n, v in r.items()} for r in found.to_pylist()] == told
        receipt = json.loads(found.schema.metadata[b"dianchi.receipt"])
        assert fields_of(receipt, [receipts.public_line()])["product"] == SLUG
    sheet = http("GET", CALL, key, SINCE, accept="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    cells = list(openpyxl.load_workbook(io.BytesIO(sheet.body)).worksheets[0].values)
    assert [cells[0][0], cells[1][0], float(cells[1][2])] == ["prefecture_code", "5301", told[0]["spend"]]


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("text/html, text/csv;q=0.5", "text/csv"),
        ("*/*", "application/json"),
        ("application/json;q=0.1, text/csv", "text/csv"),
    ],
)
def test_the_best_liked_format_is_given(key: str, accept: str, given: str) -> None:
    assert http("GET", CALL, key, SINCE, accept=accept).headers["content-type"] == given


def test_a_format_that_is_not_offered_is_refused_before_anything_runs(key: str) -> None:
    assert code(http("GET", CALL, key, SINCE, accept="text/html")) == "gate.format-not-offered"
    assert Usage.objects.count() == 0


def test_an_unchanged_answer_is_not_sent_and_not_metered(key: str) -> None:
    first = http("GET", CALL, key, SINCE)
    again = http("GET", CALL, key, SINCE, if_none_match=first.headers["etag"])
    assert (again.status, again.body, Usage.objects.count()) == (304, b"", 1)
    other = http("GET", CALL, key, {"since": "2026-01-03"}, if_none_match=first.headers["etag"])
    assert other.status == 200


def test_a_tag_opens_nothing_for_a_revoked_key(order: Any, key: str) -> None:
    tag = http("GET", CALL, key, SINCE).headers["etag"]
    do("orders", "revoke-key", Role.CONSUMER, order.code, at=NOON)
    assert http("GET", CALL, key, SINCE, if_none_match=tag).status == 401


def test_pages_are_one_delivery(key: str) -> None:
    whole = rows(key)
    reply = http("GET", CALL, key, {**SINCE, "_page_size": "2"})
    first = json.loads(reply.body)
    assert (len(first["rows"]), first["total_rows"], Usage.objects.count()) == (2, 3, 2)
    assert reply.headers["link"].startswith(f"<{first['next']}>")
    second = json.loads(http("GET", first["next"], key).body)
    assert first["rows"] + second["rows"] == whole
    assert (second["receipt"], "next" in second, Usage.objects.count()) == (first["receipt"], False, 2)


def test_a_page_is_for_the_order_that_it_was_delivered_to(key: str, order: Any) -> None:
    after = json.loads(http("GET", CALL, key, {**SINCE, "_page_size": "1"}).body)["next"]
    assert http("GET", after).status == 401
    other = make.a_key(make.an_active_order(order.product))
    assert code(http("GET", after, other)) == "gate.file-not-kept"
    do("orders", "close", Role.CONSUMER, order.code, at=NOON, reason=make.WHY)
    assert http("GET", after, key).status in (401, 409)


def test_a_file_is_fetched_in_pieces_and_metered_once(key: str) -> None:
    body = json.dumps({"parameters": SINCE, "format": "parquet"}).encode()
    made = http("POST", f"{CALL}/files", key, body=body)
    told = json.loads(made.body)
    assert (made.status, told["rows"]) == (201, 3)
    half = told["bytes"] // 2
    head = http("GET", told["file"], range=f"bytes=0-{half - 1}")
    tail = http("GET", told["file"], range=f"bytes={half}-", if_range=head.headers["etag"])
    assert (head.status, tail.status) == (206, 206)
    assert tail.headers["content-range"] == f"bytes {half}-{told['bytes'] - 1}/{told['bytes']}"
    whole = head.body + tail.body
    assert (hashlib.sha256(whole).hexdigest(), len(whole)) == (told["sha256"], told["bytes"])
    assert pq.read_table(io.BytesIO(whole)).num_rows == 3
    assert Usage.objects.count() == 1
    assert http("GET", told["file"], range=f"bytes={told['bytes']}-").status == 416
    assert http("GET", told["file"], range="bytes=-4").body == whole[-4:]


def test_a_changed_or_old_link_opens_nothing(key: str, monkeypatch: Any) -> None:
    link = json.loads(http("POST", f"{CALL}/files", key, body=json.dumps({"parameters": SINCE}).encode()).body)["file"]
    for wrong in (link[:-1] + ("0" if link[-1] != "0" else "1"), link.replace("until=", "until=9"), link.split("&")[0]):
        assert code(http("GET", wrong)) == "gate.link-not-valid"
    from dianchi.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=73))
    assert code(http("GET", link)) == "gate.link-not-valid"


def test_a_file_lies_sealed_in_the_store(key: str, settings: Any) -> None:
    http("POST", f"{CALL}/files", key, body=json.dumps({"parameters": SINCE, "format": "csv"}).encode())
    kept = [p.read_bytes() for p in Path(settings.DIANCHI_VAR).rglob("vault/**/*") if p.is_file()]
    assert kept
    assert not any(b"prefecture_code" in each for each in kept)


def test_a_shut_product_ends_its_files(key: str) -> None:
    link = json.loads(http("POST", f"{CALL}/files", key, body=json.dumps({"parameters": SINCE}).encode()).body)["file"]
    assert http("GET", link).status == 200
    do("closures", "shut", Role.SECURITY_ADMIN, at=NOON, scope="PRODUCT", target=SLUG, reason=make.WHY)
    assert code(http("GET", link)) == "gate.shut"


def test_a_token_stands_for_its_key_and_ends_with_it(order: Any, key: str, monkeypatch: Any) -> None:
    basic = base64.b64encode(f"client:{key}".encode()).decode()
    form = b"grant_type=client_credentials"
    told = json.loads(http("POST", "/gate/v1/oauth/token", body=form, authorization=f"Basic {basic}").body)
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 1800)
    assert rows(told["access_token"])
    assert http("POST", "/gate/v1/oauth/token", told["access_token"], body=form).status in (401, 403)
    do("orders", "revoke-key", Role.CONSUMER, order.code, at=NOON)
    assert code(http("GET", CALL, told["access_token"], SINCE)) == "orders.bad-key"


def test_a_token_expires(key: str, monkeypatch: Any) -> None:
    form = f"grant_type=client_credentials&client_secret={key}".encode()
    token = json.loads(http("POST", "/gate/v1/oauth/token", body=form).body)["access_token"]
    assert rows(token)
    from dianchi.foundation import clock

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=30))
    assert code(http("GET", CALL, token, SINCE)) == "orders.bad-key"


def test_a_key_works_from_its_networks_alone(order: Any) -> None:
    key = limited(order, networks=["10.1.0.0/16", "2001:db8::/32"])
    for peer, status in (
        ("10.1.2.3", 200),
        ("2001:db8::1", 200),
        ("::ffff:10.1.2.3", 200),
        ("10.2.0.1", 403),
        ("", 403),
    ):
        assert http("GET", CALL, key, SINCE, peer=peer).status == status
    spoofed = http("GET", CALL, key, SINCE, peer="9.9.9.9", x_forwarded_for="10.1.2.3")
    assert code(spoofed) == "gate.network-not-allowed"
    assert (
        http("GET", CALL, key, SINCE, peer="9.9.9.9", x_forwarded_for="10.1.2.3", dianchi_proxy="guess").status == 401
    )


def test_a_key_opens_its_doors_alone(order: Any) -> None:
    key = limited(order, doors=["flight"])
    assert code(http("GET", CALL, key, SINCE)) == "gate.door-not-allowed"
    assert code(http("POST", f"{CALL}/files", limited(order, doors=["http"]), body=b"{}")) == "gate.door-not-allowed"


def test_a_certificate_is_taken_from_the_proxy_alone(order: Any, monkeypatch: Any) -> None:
    key = limited(order, certificate="ab" * 32)
    assert code(http("GET", CALL, key, SINCE, dianchi_client_certificate="ab" * 32)) == "gate.certificate-missing"
    from dianchi.gate import http as door

    monkeypatch.setattr(door, "_proxy_secret", lambda: "of the proxy")
    shown = {"dianchi_proxy": "of the proxy", "dianchi_client_certificate": "ab" * 32}
    assert http("GET", CALL, key, SINCE, **shown).status == 200


@pytest.mark.parametrize(("name", "suite"), [("ed25519", INTERNATIONAL), ("sm2", SHANGMI)])
def test_signed_requests_hold_once_and_in_time(order: Any, name: str, suite: Any) -> None:
    signer = suite.generate()
    key = limited(order, signing_key=f"{name}:{base64.b64encode(signer.public).decode()}")
    target = f"{CALL}?since=2026-01-01"

    def headers(nonce: str, seconds: int, what: str = target) -> dict[str, str]:
        signature = signer.sign(signed_text("GET", what, b"", seconds, nonce))
        told = {"dianchi_nonce": nonce, "dianchi_time": str(seconds)}
        return {**told, "dianchi_signature": base64.b64encode(signature).decode()}

    now = int(NOON.timestamp())
    assert code(http("GET", target, key)) == "gate.signature-missing"
    good = headers("nonce-0001", now - 299)
    assert http("GET", target, key, **good).status == 200
    for wrong in (good, headers("nonce-0002", now - 301), headers("nonce-0003", now, CALL)):
        assert code(http("GET", target, key, **wrong)) == "gate.signature-wrong"
    assert Usage.objects.count() == 1


def test_a_caller_in_a_rush_is_told_to_wait(order: Any, key: str) -> None:
    from dianchi.gate import keys

    keys._facts(_shown(key).secret, NOON)
    name = next(iter(keys._kept))
    epoch, facts = keys._kept[name]
    from dataclasses import replace

    keys._kept[name] = (epoch, replace(facts, calls_a_minute=2))
    assert [http("GET", CALL, key, SINCE).status for _ in range(3)] == [200, 200, 429]


def _shown(key: str) -> Any:
    from dianchi.gate.keys import Credentials

    return Credentials(key, "http")


def test_the_document_of_a_product_tells_bounds_and_columns(key: str) -> None:
    found = json.loads(http("GET", f"{CALL}/openapi.json").body)
    call = found["paths"][CALL]["get"]
    since = call["parameters"][0]
    assert (since["name"], since["schema"]["x-minimum"]) == ("since", "2026-01-01")
    answer = found["components"]["schemas"]["Answer"]["properties"]["rows"]["items"]["properties"]
    assert set(answer) == set(rows(key)[0])
    assert found["info"]["x-source-statement"]


def test_the_sandbox_answers_from_a_twin_without_key_or_charge(order: Any) -> None:
    reply = http("GET", f"{CALL}/sandbox", query=SINCE)
    told = json.loads(reply.body)
    assert (reply.status, told["synthetic"], Usage.objects.count()) == (200, True, 0)
    assert set(told["rows"][0]) == {"prefecture_code", "visits", "spend", "mean"}
    assert {r["prefecture_code"] for r in told["rows"]} <= {"5301", "5302", "5303", None}  # 5399 has three persons
    sample = json.loads(http("GET", f"{CALL}/sample").body)
    assert sample["synthetic"]
    assert http("GET", f"{CALL}/sandbox", query={"since": "1999-01-01"}).status == 422


def test_the_sandbox_shows_no_row_of_a_table_about_nobody_either(tmp_path: Path) -> None:
    """Nobody has ordered it: what is real leaves by the gate, recorded and charged, or not at all."""
    columns = [resources.column(c["name"], c["title"], c["type"]) for c in resources.VISITS]
    about = dict.fromkeys(("subject_type", "subject_column", "min_subjects"))
    delivery.a_product(tmp_path, sql="select name, phone, spend from visits", parameters=[], items=columns, about=about)
    told = json.loads(http("GET", f"{CALL}/sandbox").body)
    real = {(f"138{n:08}", float(f"{100 + n}.{n % 100:02}")) for n in range(30)}
    assert not real & {(r["phone"], float(r["spend"] or 0)) for r in told["rows"]}


def test_health_readiness_and_metrics_hold_no_values(key: str) -> None:
    rows(key)
    http("GET", CALL, key, {"since": "soon"})
    assert http("GET", "/healthz").status == 200
    ready = json.loads(http("GET", "/readyz").body)
    assert ready["ready"]
    metrics = http("GET", "/metrics").body.decode()
    assert 'dianchi_gate_calls_total{door="http",outcome="delivered"}' in metrics
    assert 'dianchi_gate_refusals_total{code="gate.parameter-malformed"}' in metrics
    assert SLUG not in metrics
    assert "5301" not in metrics


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/gate/v1/nothing", b""), ("PUT", CALL, b"{}"), ("POST", CALL, b"[1]"), ("POST", CALL, b"{"),
     ("POST", CALL, b'{"parameters":{"since":[1]}}'), ("GET", f"{CALL}?since=a&since=b", b"")],
)  # fmt: skip
def test_malformed_requests_are_problems_and_never_crash(key: str, method: str, path: str, body: bytes) -> None:
    reply = http(method, path, key, body=body)
    assert reply.status in (404, 422)
    assert reply.headers["content-type"] == "application/problem+json"
