"""Each kind of product answers as its kind must, through the one road out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto
from onnx import helper as onnx_helper
from tests.factories import delivery, resources
from tests.factories import operation as make
from tests.factories.operation import OTHER, do
from tests.factories.people import NOON, actor
from tests.factories.rules import refused

from dianchi.chapters.operation.orders import probes
from dianchi.chapters.operation.orders.models import Probe, Usage
from dianchi.engines.fingerprint import trace
from dianchi.foundation.documents.store import attach
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import release
from dianchi.gate.kinds import bulk, verification
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
CONSENT = {"_consent": "c" * 64, "_consent_until": "2026-12-31"}


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    """A store of its own."""
    bulk._marked.clear()
    bulk.secret.cache_clear()
    with delivery.store(tmp_path, settings, monkeypatch):
        yield


def items(**uses: Any) -> list[dict[str, Any]]:
    """The columns of the visits, some with other uses."""
    return [{**c, **({"uses": list(uses[c["name"]])} if c["name"] in uses else {})} for c in resources.VISITS]


def key_of(product: Any, **changes: Any) -> str:
    return make.a_key(make.an_active_order(product, **{"quota_calls": 200, **changes}))


def call(key: str, own: pa.Table | None = None, /, **given: str) -> release.Answer:
    return release.deliver(key, delivery.SLUG, given, NOON, own=own)


def last(kind: str = "gate.delivered") -> dict[str, Any]:
    entry = Entry.objects.filter(kind=kind).order_by("-index").first()
    assert entry is not None
    payload: dict[str, Any] = json.loads(entry.payload) if isinstance(entry.payload, str) else entry.payload
    return payload


MATCH = "select 1 as hit from visits where person_id = $id and name = $name"
WHO = [{"name": "id", "type": "text"}, {"name": "name", "type": "text"}]
COMPARED = {"name": ("join",)}


@pytest.fixture
def verifying(tmp_path: Path) -> str:
    """The key of an order for a verification of name and number."""
    columns = [{**c, "mask": ""} if c["name"] == "name" else c for c in items(**COMPARED)]
    product = delivery.a_product(
        tmp_path, sql=MATCH, parameters=WHO, items=columns, kind="VERIFICATION", subject_parameter="id"
    )
    return key_of(product)


def test_a_verification_says_match_or_no_match_and_nothing_else(verifying: str) -> None:
    assert call(verifying, id="P000001", name="张三", **CONSENT).rows == [{"match": True}]
    assert call(verifying, id="P000001", name="李四", **CONSENT).rows == [{"match": False}]
    assert call(verifying, id="nobody", name="张三", **CONSENT).rows == [{"match": False}]
    assert "P000001" not in json.dumps(last())


NO_GROUNDS = (
    {}, {"_consent": "c" * 64}, {"_consent": "yes", "_consent_until": "2026-12-31"}, {"_basis": "because"},
    {"_basis": "whim:《某法》第一条"}, {"_basis": "law:"},
)  # fmt: skip


def test_each_verification_rests_on_consent_or_a_legal_basis(verifying: str) -> None:
    for ground in NO_GROUNDS:
        with pytest.raises((Invalid, release.RuleBroken)) as caught:
            call(verifying, id="P000001", name="张三", **ground)
        assert caught.value.refusals[0].code == "gate.no-consent-or-basis"
        assert caught.value.refusals[0].rules == ("R46", "R47")
    assert (Usage.objects.count(), Probe.objects.count()) == (0, 0)


def test_a_legal_basis_is_on_record(verifying: str) -> None:
    call(verifying, id="P000001", name="张三", _basis="duty:《中华人民共和国反洗钱法》第三条")
    assert last()["ground"] == {"basis": "duty", "text": "《中华人民共和国反洗钱法》第三条"}


def test_a_consent_that_ended_is_no_consent(verifying: str) -> None:
    with refused("gate.consent-expired", "R46"):
        call(verifying, id="P000001", name="张三", _consent="c" * 64, _consent_until="2026-03-01")


def test_one_subject_is_not_tried_over_and_over(verifying: str) -> None:
    for n in range(10):
        call(verifying, id="P000001", name=f"name {n}", **CONSENT)
    with refused("gate.probing-subject", "R50"):
        call(verifying, id="P000001", name="张三", **CONSENT)
    assert call(verifying, id="P000002", name="张三", **CONSENT).rows == [{"match": True}]


def test_trying_many_subjects_at_random_is_stopped(verifying: str) -> None:
    order = Probe.objects.model.order.field.related_model.objects.get()
    for n in range(45):
        probes.tried(order.pk, date(2026, 3, 2), f"{n:064}")
    for n in range(5):
        call(verifying, id=f"guess {n}", name="张三", **CONSENT)
    with refused("gate.probing-hit-rate", "R50"):
        call(verifying, id="P000001", name="张三", **CONSENT)


def test_honest_verification_goes_on_all_day(verifying: str) -> None:
    for n in range(60):
        call(verifying, id=f"P0{n % 30:05}", name="张三", **CONSENT)
    assert Usage.objects.count() == 60


def test_an_indicator_is_one_figure(tmp_path: Path) -> None:
    product = delivery.a_product(tmp_path, sql="select avg(spend) as mean from visits", parameters=[], kind="INDICATOR")
    answer = call(key_of(product))
    assert [list(r) for r in answer.rows] == [["mean"]]


def test_an_indicator_that_comes_to_several_rows_does_not_leave(tmp_path: Path) -> None:
    sql = "select count(*) as n from visits group by prefecture_code"
    key = key_of(delivery.a_product(tmp_path, sql=sql, parameters=[], kind="INDICATOR"))
    with refused("gate.indicator-not-one-figure", "R45"):
        call(key)
    assert Usage.objects.count() == 0


BULK = "select prefecture_code, visited_on, count(*) as visits, sum(spend) as spend from visits group by 1, 2 order by 1, 2"


@pytest.fixture
def set_in_bulk(tmp_path: Path) -> Any:
    """A set with 300 groups whose sums may be off by a tenth of a yuan."""
    lines = ["person_id,name,phone,prefecture_code,visited_on,spend"]
    for d in range(300):
        day = date.fromordinal(date(2025, 1, 1).toordinal() + d)
        lines += [f"P{d}-{n},张三,138{n:08},5301,{day},{100 + n + d}.00" for n in range(12)]
    return delivery.a_product(
        tmp_path, sql=BULK, parameters=[], text="\n".join(lines) + "\n", kind="BULK",
        tolerances=[{"column": "spend", "amount": "0.10"}], totals=["prefecture_code"],
    )  # fmt: skip


def test_a_bulk_set_is_marked_for_its_recipient_and_its_totals_stay(set_in_bulk: Any) -> None:
    make.another_enterprise()
    mine = call(key_of(set_in_bulk))
    other_order = make.do(
        "orders", "order", actor(Role.CONSUMER, organisation=OTHER), at=NOON, **make.order_inputs(set_in_bulk)
    )
    make.do("orders", "accept", Role.OPERATOR, other_order.code, at=NOON)
    done = make.perform(
        "orders", "issue-key", by=actor(Role.CONSUMER, organisation=OTHER), at=NOON, code=other_order.code
    )
    theirs = call(done.reveal["api_key"])
    assert mine.table.num_rows == theirs.table.num_rows == 300
    assert mine.table["spend"].to_pylist() != theirs.table["spend"].to_pylist()
    assert mine.result_digest != theirs.result_digest
    (name, told, original), *more = bulk.originals(delivery.SLUG)
    assert not more
    total = sum(original["spend"].to_pylist())
    for copy in (mine, theirs):
        assert sum(copy.table["spend"].to_pylist()) == total
        pairs = zip(copy.table["spend"].to_pylist(), original["spend"].to_pylist(), strict=True)
        assert {abs(a - b) for a, b in pairs} <= {Decimal(0), Decimal("0.10")}
    marking = bulk.marking_of(delivery.SLUG, told)
    finding = trace(mine.table, original, marking, bulk.secret(), name, [make.CONSUMER, OTHER])
    assert [s.recipient for s in finding.suspects] == [make.CONSUMER]
    assert last()["mark"] == name


def test_the_same_copy_is_given_again_and_metered_again(set_in_bulk: Any) -> None:
    key = key_of(set_in_bulk)
    first = call(key)
    bulk._marked.clear()
    assert call(key).table.equals(first.table)
    assert Usage.objects.count() == 2


def a_model() -> bytes:
    weights = onnx_helper.make_tensor("w", TensorProto.FLOAT, [2, 1], [1.0, 0.5])
    graph = onnx_helper.make_graph(
        [onnx_helper.make_node("MatMul", ["x", "w"], ["y"])], "g",
        [onnx_helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])],
        [onnx_helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])], [weights],
    )  # fmt: skip
    made: bytes = onnx_helper.make_model(
        graph, opset_imports=[onnx_helper.make_opsetid("", 17)], ir_version=8
    ).SerializeToString()
    assert onnx.load_model_from_string(made)
    return made


def test_a_model_scores_rows_that_may_leave(tmp_path: Path) -> None:
    model = a_model()
    sql = "select count(*) as visits, sum(spend) as spend from visits group by prefecture_code order by prefecture_code"
    digest = hashlib.sha256(model).hexdigest()
    product = delivery.a_product(tmp_path, sql=sql, parameters=[], kind="MODEL", model_digest=digest)
    key = key_of(product)
    with refused("gate.model-not-here", "R45"):
        call(key)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("score.onnx", model)
    about = {"case_type": "products", "case_code": product.code, "act": "draft", "title": "模型", "by": "x", "at": NOON}
    attach(packed.getvalue(), "model.zip", **about)
    rows = call(key).rows
    assert len(rows) == 3
    for row in rows:
        assert float(row["score"]) == pytest.approx(float(row["visits"]) + float(row["spend"]) / 2)
    assert last()["model"] == digest


FUSION = (
    "select o.segment, count(*) as visits, sum(v.spend) as spend from visits v join own o on o.person = v.person_id "
    "group by 1 order by 1"
)
OWN = [{"name": "person", "type": "VARCHAR"}, {"name": "segment", "type": "VARCHAR"}]


@pytest.fixture
def fusing(tmp_path: Path) -> str:
    """The key of an order for a fusion call over the caller's customers and their segments."""
    product = delivery.a_product(tmp_path, sql=FUSION, parameters=[], kind="FUSION", own_columns=OWN)
    return key_of(product)


def customers(*segments: tuple[str, int, int]) -> pa.Table:
    """The caller's rows: so many known persons of each segment, from a number on."""
    rows = [(f"P0{n:05}", name) for name, first, many in segments for n in range(first, first + many)]
    return pa.table({"person": [p for p, _ in rows], "segment": [s for _, s in rows]})


def test_a_fusion_call_gives_aggregates_over_the_callers_own_segments(fusing: str) -> None:
    answer = call(fusing, customers(("gold", 0, 12), ("silver", 12, 15)))
    assert [(r["segment"], r["visits"]) for r in answer.rows] == [("gold", 12), ("silver", 15)]
    assert last()["own_rows"] == 27


def test_a_segment_of_few_is_suppressed_and_one_person_is_never_shown(fusing: str) -> None:
    answer = call(fusing, customers(("many", 0, 20), ("one", 25, 1)))
    assert [r["segment"] for r in answer.rows] == ["many"]


def test_two_fusion_calls_that_differ_by_one_person_are_not_both_answered(fusing: str) -> None:
    call(fusing, customers(("all", 0, 20)))
    with pytest.raises(release.RuleBroken) as caught:
        call(fusing, customers(("all", 0, 19)))
    assert "R50" in caught.value.refusals[0].rules or "difference" in caught.value.refusals[0].code


BAD_TABLES = (
    (None, "gate.own-table-missing"), (pa.table({"person": ["a"]}), "gate.own-columns-differ"),
    (pa.table({"person": ["a"], "segment": ["b"], "more": ["c"]}), "gate.own-columns-differ"),
    (pa.table({"person": [[1]], "segment": ["b"]}), "gate.own-values-malformed"),
)  # fmt: skip


def test_the_callers_table_has_the_declared_columns(fusing: str) -> None:
    for own, code in BAD_TABLES:
        with pytest.raises(Invalid) as caught:
            call(fusing, own)
        assert caught.value.refusals[0].code == code
    assert Usage.objects.count() == 0


def test_the_callers_rows_are_gone_after_the_call(fusing: str, settings: Any) -> None:
    call(fusing, customers(("gold", 0, 12)))
    assert not list((Path(settings.DIANCHI_VAR) / "spool").glob("*"))


def test_grounds_are_told_apart_by_their_kind() -> None:
    assert verification._BASIS.fullmatch("law:《征信业管理条例》第十三条")
    assert not verification._BASIS.fullmatch("consent:《征信业管理条例》第十三条")


def test_a_change_of_kind_needs_a_new_review(tmp_path: Path) -> None:
    product = delivery.a_product(tmp_path, sql="select avg(spend) as mean from visits", parameters=[])
    before = product.approved_digest
    inputs = make.product_inputs(product.request, sql=product.sql, kind="INDICATOR", slug=product.slug)
    changed = do("products", "revise", Role.DEVELOPER, product.code, at=NOON, **inputs)
    assert changed.plan_digest != before
    assert changed.approved_digest == ""
