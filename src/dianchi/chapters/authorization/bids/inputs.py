"""What a bid says; the ledger holds it as hashes alone."""

from __future__ import annotations

from dianchi.kernel.conditions import Evidence
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text


class Bid(Inputs):
    """A bid, sealed until the opening."""

    selection: str = entry(Text("运营机构选择", "Selection"), refers="selection")
    proposal: str = entry(
        Text("运营方案", "Operation plan"), widget="long", min_length=4, max_length=20000, personal=True,
        help=Text("密封保存，开标前任何人不能查看；账本只记录其摘要", "Kept sealed until the opening; the ledger holds only its hash"),
    )  # fmt: skip
    conditions: list[Evidence] = entry(
        Text("条件和证明", "Conditions and evidence"), min_length=1, max_length=30, personal=True
    )
