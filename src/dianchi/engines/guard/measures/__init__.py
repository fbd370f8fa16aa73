"""What a thresholded group computes: its keys, its measures, the conditions among them, judged and numbered."""

from dianchi.engines.guard.measures.parts import Measure, Threshold, aggregates, chains, own_keys
from dianchi.engines.guard.measures.plan import Measures

__all__ = ["Measure", "Measures", "Threshold", "aggregates", "chains", "own_keys"]
