"""The peers of bench/quality.py, run in .venv-bench (`make bench-setup`): python bench/quality_peers.py FILE.csv

Prints one JSON object a line: peer, seconds (median of three) or values a second. The typing of the columns is not
timed.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable

import pandas as pd

warnings.filterwarnings("ignore")
LEVELS = ["甲", "乙", "丙"]
VALUES = 500


def tell(peer: str, **figures: float) -> None:
    """Print one figure."""
    print(json.dumps({"peer": peer, **figures}), flush=True)


def timed(work: Callable[[], object], times: int = 3) -> float:
    """The median of several runs, in seconds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def typed(path: str) -> pd.DataFrame:
    """The rows with typed columns."""
    frame = pd.read_csv(path, dtype=str)
    frame[["id", "age"]] = frame[["id", "age"]].astype("int64")
    frame["amount"] = frame["amount"].astype("float64")
    frame[["begin", "end"]] = frame[["begin", "end"]].apply(pd.to_datetime)
    return frame


def with_pandera(frame: pd.DataFrame) -> Callable[[], object]:
    """The same ten rules."""
    import pandera.pandas as pan

    text = pan.Column("object", nullable=False, checks=pan.Check.str_length(2, 20), coerce=False)
    schema = pan.DataFrameSchema(
        {
            "id": pan.Column(int, unique=True, nullable=False),
            "name": pan.Column(None, text.checks, nullable=False),
            "age": pan.Column(int, pan.Check.in_range(0, 120)),
            "phone": pan.Column(None, [pan.Check.str_matches(p) for p in ("^1[0-9]{10}$", "^1[3-9][0-9]{9}$")]),
            "level": pan.Column(None, pan.Check.isin(LEVELS)),
            "amount": pan.Column(float, pan.Check.ge(0)),
        },
        checks=pan.Check(lambda d: d["begin"] <= d["end"]),
    )
    return lambda: schema.validate(frame, lazy=True)


def with_expectations(frame: pd.DataFrame) -> Callable[[], object]:
    """The same ten rules."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    suite = gx.ExpectationSuite(
        name="s",
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(column="id"), gxe.ExpectColumnValuesToNotBeNull(column="name"),
            gxe.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=120),
            gxe.ExpectColumnValuesToBeInSet(column="level", value_set=LEVELS),
            gxe.ExpectColumnValueLengthsToBeBetween(column="name", min_value=2, max_value=20),
            gxe.ExpectColumnValuesToMatchRegex(column="phone", regex="^1[0-9]{10}$"),
            gxe.ExpectColumnValuesToMatchRegex(column="phone", regex="^1[3-9][0-9]{9}$"),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="end", column_B="begin", or_equal=True),
            gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0), gxe.ExpectColumnValuesToBeUnique(column="id"),
        ],
    )  # fmt: skip
    found = batch.get_batch({"dataframe": frame})
    return lambda: found.validate(suite)


def presidio() -> float:
    """Values a second of Presidio's engine with all its recognisers, on a blank language model: a real one is slower."""
    import spacy
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

    draw = random.Random(1)
    values = [f"{draw.randrange(10**17, 10**18)}" for _ in range(VALUES)]
    engine = AnalyzerEngine(nlp_engine=Blank(), supported_languages=["en"])
    engine.analyze(values[0], "en")
    return VALUES / timed(lambda: [engine.analyze(v, "en") for v in values], 1)


def main() -> None:
    """Measure every peer; one that does not run is named with its error."""
    frame = typed(sys.argv[1])
    for name, make in (("pandera", with_pandera), ("great_expectations", with_expectations)):
        try:
            tell(name, seconds=timed(make(frame)), rows=len(frame))
        except Exception as error:
            tell(f"{name}: {type(error).__name__}")
    try:
        tell("presidio engine", values_per_second=presidio())
    except Exception as error:
        tell(f"presidio engine: {type(error).__name__}")


if __name__ == "__main__":
    main()
