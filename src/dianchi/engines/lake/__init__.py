"""The lake: immutable encrypted Parquet under Iceberg snapshots, committed whole or not at all."""

from dianchi.engines.lake.destruction import Destroyed
from dianchi.engines.lake.files import DataFile
from dianchi.engines.lake.lake import Lake
from dianchi.engines.lake.schema import duckdb_scan
from dianchi.engines.lake.snapshots import Mode, Snapshot

__all__ = ["DataFile", "Destroyed", "Lake", "Mode", "Snapshot", "duckdb_scan"]
