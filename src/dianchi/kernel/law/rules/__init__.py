"""The rules R1 to R75 and the clocks E1 to E41 of the domain dossier, as data for compliance tables and pages.

Each is held where it applies (guards, the gate, the ledger); refusals name it by id.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dianchi.kernel.law.marks import Mark
from dianchi.kernel.law.rules.authorization import AUTHORIZATION
from dianchi.kernel.law.rules.clocks import ALL
from dianchi.kernel.law.rules.data import DATA
from dianchi.kernel.law.rules.operation import OPERATION
from dianchi.kernel.law.rules.registration import REGISTRATION
from dianchi.kernel.law.rules.supervision import SUPERVISION
from dianchi.kernel.law.rules.types import Clock, Effect, Rule

__all__ = ["CLOCKS", "RULES", "Clock", "Effect", "Mark", "Rule"]

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in (*AUTHORIZATION, *OPERATION, *DATA, *REGISTRATION, *SUPERVISION)}
)
CLOCKS: Mapping[str, Clock] = MappingProxyType({clock.id: clock for clock in ALL})
