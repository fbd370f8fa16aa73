"""Synthetic twins: the shape of a resource and none of its rows, for developing before real data are touched."""

from dianchi.engines.twin.make import make_twin
from dianchi.engines.twin.values import MADE, Part, Trust, Twin, TwinColumn

__all__ = ["MADE", "Part", "Trust", "Twin", "TwinColumn", "make_twin"]
