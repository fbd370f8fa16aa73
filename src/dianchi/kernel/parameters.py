"""All figures of the law and our own defaults that code reads; overridable per region, changed only by an act."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dianchi.kernel.parameter import Parameter, Unit, Value
from dianchi.kernel.parameters_authorization import AUTHORIZATION
from dianchi.kernel.parameters_chapters import CHAPTERS
from dianchi.kernel.parameters_developers import DEVELOPERS
from dianchi.kernel.parameters_gate import GATE
from dianchi.kernel.parameters_money import MONEY
from dianchi.kernel.parameters_records import RECORDS
from dianchi.kernel.parameters_safety import SAFETY
from dianchi.kernel.parameters_supervision import SUPERVISION

__all__ = ["PARAMETERS", "Parameter", "Unit", "Value"]

_ALL = (*CHAPTERS, *AUTHORIZATION, *GATE, *DEVELOPERS, *MONEY, *SAFETY, *SUPERVISION, *RECORDS)

PARAMETERS: Mapping[str, Parameter] = MappingProxyType({p.key: p for p in _ALL})
