"""The wall around computation: every job in a process of its own that can read its granted files and do nothing else.

`run` is for jobs, `Pool` for the calls of reviewed products; docs/adr/0010 says which walls there are and why.
"""

from dianchi.engines.runner.once import run
from dianchi.engines.runner.pool import Pool
from dianchi.engines.runner.process import walls
from dianchi.engines.runner.values import Limits, Ran, Source, Statement, Walls

__all__ = ["Limits", "Pool", "Ran", "Source", "Statement", "Walls", "run", "walls"]
