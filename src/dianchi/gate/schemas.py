"""The Arrow schema of a product's answer, known before anything runs."""

from __future__ import annotations

from functools import lru_cache

import duckdb
import pyarrow as pa

from dianchi.chapters.operation.products import lifecycle as products
from dianchi.engines.guard import Parameter
from dianchi.gate.release import Prepared

_PARAMETERS = {"DATE": pa.date32(), "BIGINT": pa.int64(), "VARCHAR": pa.string(), "DECIMAL(18,6)": pa.decimal128(18, 6)}


def of(ready: Prepared) -> pa.Schema:
    """Names and types as every door gives them: doubles for floats, plain texts."""
    if ready.kind == products.VERIFICATION:
        return pa.schema([pa.field("match", pa.bool_())])
    found = _of(tuple((c.name, c.type) for c in ready.plan.columns))
    return found.append(pa.field("score", pa.float64())) if ready.kind == products.MODEL else found


def parameter(declared: Parameter) -> pa.DataType:
    """The type in which a parameter is bound."""
    return _PARAMETERS[declared.type]


@lru_cache(maxsize=512)
def _of(columns: tuple[tuple[str, str], ...]) -> pa.Schema:
    with duckdb.connect() as connection:  # names of types to Arrow's; no data are involved
        listed = ", ".join(f"NULL::{kind} AS c{n}" for n, (_, kind) in enumerate(columns))
        made = connection.sql(f"SELECT {listed}").to_arrow_table().schema
    types = [pa.float64() if pa.types.is_floating(field.type) else field.type for field in made]
    return pa.schema([pa.field(name, kind) for (name, _), kind in zip(columns, types, strict=True)])
