"""What acts on bids change beside the state."""

from __future__ import annotations

import base64

from dianchi.chapters.authorization.bids import facts
from dianchi.chapters.authorization.bids.lifecycle import BID
from dianchi.chapters.authorization.bids.models import Bid
from dianchi.chapters.authorization.bids.sealing import commitment, seal, unseal
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import names
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.conditions import lacking
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.law.articles import cite
from dianchi.kernel.text import Text

TAMPERED = Refusal(
    "bids.changed-under-seal", Text("投标文件与其封存摘要不符", "The bid does not match what was committed to"), cite("BID"),
    Text("请报告审计管理员", "Report it to the audit administrator"),
)  # fmt: skip


def bid(case: Bid, doing: Doing) -> None:
    """Sealed at once; the bidder is told the commitment, nobody the content."""
    case.bidder, case.region, case.opens_at = doing.by.organisation, case.selection.region, case.selection.opens_at
    case.title = f"{names({case.bidder}).get(case.bidder, case.bidder)} · {case.selection.title}"[:200]
    content = {"proposal": case.proposal, "conditions": case.conditions}
    sealed, case.commitment = seal(case.selection.code, case.bidder, content)
    case.sealed = base64.b64encode(sealed).decode()
    case.proposal, case.conditions = "", []
    doing.reveal["commitment"] = case.commitment


def open_bid(case: Bid, doing: Doing) -> None:
    """Unsealed, checked against its commitment, and made known to the selection."""
    said = unseal(case.selection.code, case.bidder, base64.b64decode(case.sealed))
    if commitment(said) != case.commitment:
        raise Invalid(TAMPERED)
    case.salt, case.proposal, case.conditions = said["salt"], said["proposal"], said["conditions"]
    inputs = {"uscc": case.bidder, "commitment": case.commitment, "lacking": list(lacking(case.conditions))}
    perform("selection", "take-bid", by=PLATFORM, at=doing.at, code=case.selection.code, inputs=inputs)


CASE = CaseType(BID, Bid, facts.gather, {"bid": bid, "replace": bid, "open": open_bid}, prefix="TB")
