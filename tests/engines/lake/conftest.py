from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dianchi.engines.lake import Lake

MASTER = b"m" * 32
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", MASTER)


@pytest.fixture
def visits() -> pa.Table:
    return pa.table({"person": ["甲", "乙", "甲"], "spend": pa.array([10, 20, 30], pa.int64())})
