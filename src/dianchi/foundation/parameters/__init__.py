"""The figures of the law and our defaults, each with its source; a region may set its own by an act."""

from dianchi.foundation.cases.figures import value

__all__ = ["value"]
