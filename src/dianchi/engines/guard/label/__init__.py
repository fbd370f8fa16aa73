"""Labels propagated through every block, the rules asked on the way, thresholds planned where they are due."""

from dianchi.engines.guard.label.blocks import Labeller, label

__all__ = ["Labeller", "label"]
