"""The text of a thresholded group: cells, what each rests on, and what is released."""

from dianchi.engines.guard.threshold.writer import ThresholdSql

__all__ = ["ThresholdSql"]
