"""A reviewed model scores inside the wall; a hostile one finds nothing there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto as T
from onnx import helper as h

from dianchi.engines.runner.scoring import LIMITS, Scorer
from dianchi.engines.runner.values import Limits
from dianchi.kernel.errors import DomainError, RuleBroken


def model(nodes: list[onnx.NodeProto], inputs: list[tuple[str, int, list[object]]], output: tuple[str, int, list[object]],
          constants: tuple[onnx.TensorProto, ...] = ()) -> bytes:  # fmt: skip
    graph = h.make_graph(
        nodes,
        "graph",
        [h.make_tensor_value_info(*i) for i in inputs],
        [h.make_tensor_value_info(*output)],
        list(constants),
    )
    made: bytes = h.make_model(graph, opset_imports=[h.make_opsetid("", 17)], ir_version=8).SerializeToString()
    return made


def linear(width: int) -> bytes:
    weights = h.make_tensor("w", T.FLOAT, [width, 1], [0.5] * width)
    return model(
        [h.make_node("MatMul", ["x", "w"], ["y"])],
        [("x", T.FLOAT, [None, width])],
        ("y", T.FLOAT, [None, 1]),
        (weights,),
    )


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    found = Scorer(linear(2))
    yield found
    found.close()


def test_each_row_gets_its_score(scorer: Scorer) -> None:
    table = pa.table({"a": [1.0, 2.0, -3.0], "b": pa.array([1, 0, 1])})
    assert scorer.score(table).to_pylist() == [1.0, 1.0, -1.0]
    assert len(scorer.score(table.slice(0, 0))) == 0


def test_columns_go_to_inputs_of_their_names() -> None:
    nodes = [h.make_node("Mul", ["age", "age"], ["s"]), h.make_node("Add", ["s", "income"], ["score"])]
    inputs = [("income", T.FLOAT, [None, 1]), ("age", T.FLOAT, [None, 1])]
    scorer = Scorer(model(nodes, inputs, ("score", T.FLOAT, [None, 1])))
    try:
        assert scorer.score(pa.table({"age": [3, 4], "income": [1.0, 2.0]})).to_pylist() == [10.0, 18.0]
    finally:
        scorer.close()


def test_walls_stand(scorer: Scorer) -> None:
    assert {"process", "rlimits", "no-new-privileges"} <= set(scorer.walls)


@pytest.mark.parametrize("wrong", [b"", b"nonsense", linear(2)[:-20]])
def test_what_is_no_model_is_refused(wrong: bytes) -> None:
    with pytest.raises(DomainError) as caught:
        Scorer(wrong)
    assert caught.value.refusals[0].code == "model.not-usable"


def test_other_columns_than_the_model_s_are_refused_and_it_lives_on(scorer: Scorer) -> None:
    for wrong in (
        pa.table({"a": [1.0]}),
        pa.table({"a": ["x"], "b": ["y"]}),
        pa.table({"a": [1.0], "b": [1.0], "c": [1.0]}),
    ):
        with pytest.raises(RuleBroken) as caught:
            scorer.score(wrong)
        assert caught.value.refusals[0].code == "model.not-usable"
    assert scorer.score(pa.table({"a": [2.0], "b": [0.0]})).to_pylist() == [1.0]


def test_a_model_that_gives_other_than_one_number_a_row_is_refused() -> None:
    total = model([h.make_node("ReduceSum", ["x"], ["y"], keepdims=0)], [("x", T.FLOAT, [None, 1])], ("y", T.FLOAT, []))
    scorer = Scorer(total)
    try:
        with pytest.raises(RuleBroken) as caught:
            scorer.score(pa.table({"a": [1.0, 2.0]}))
        assert caught.value.refusals[0].code == "model.scores-malformed"
    finally:
        scorer.close()


def test_a_model_s_external_data_are_not_read(tmp_path: object) -> None:
    """A model that points at a file gets nothing: inside the wall there are no files."""
    weights = h.make_tensor("w", T.FLOAT, [2, 1], [0.5, 0.5])
    weights.ClearField("float_data")
    weights.data_location = T.EXTERNAL
    for name, value in (("location", "/etc/passwd"), ("offset", "0"), ("length", "8")):
        entry = weights.external_data.add()
        entry.key, entry.value = name, value
    hostile = model(
        [h.make_node("MatMul", ["x", "w"], ["y"])], [("x", T.FLOAT, [None, 2])], ("y", T.FLOAT, [None, 1]), (weights,)
    )
    with pytest.raises(RuleBroken):
        Scorer(hostile)


def test_memory_and_time_are_bounded() -> None:
    one, trips = h.make_tensor("one", T.INT64, [1], [1 << 31]), ("x", T.FLOAT, [None, 1])
    huge = model([h.make_node("Expand", ["x", "one"], ["y"])], [trips], ("y", T.FLOAT, [None, None]), (one,))
    scorer = Scorer(huge, Limits(memory_bytes=256 << 20, seconds=5, rows=10, output_bytes=1 << 20))
    try:
        with pytest.raises(DomainError):
            scorer.score(pa.table({"a": np.ones(4)}))
    finally:
        scorer.close()
    assert LIMITS.memory_bytes == 1 << 30
