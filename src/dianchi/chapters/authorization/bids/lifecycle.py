"""Which acts seal a bid, and how time opens it."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.authorization.bids.inputs import Bid
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite, spec27
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, hours
from dianchi.kernel.text import Text


class State(CaseState):
    """Sealed to everybody until its time comes."""

    SEALED = "sealed", Text("已密封", "Sealed"), Tone.WAITING
    OPENED = "opened", Text("已开标", "Opened"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    tender: bool = True  # the selection is a tender that takes bids
    sealed: bool = True  # its opening is still to come
    may_bid: bool = True  # invited, active, and not the organiser
    legal_person: bool = True
    bidder: bool = True  # the actor's organisation is the bidder
    first: bool = True  # it has no other bid here


takes_bids = Guard[Facts](
    lambda f: f.tender,
    Refusal("bids.no-tender", Text("该选择事项不是招标，或者不再接收投标", "This selection is no tender, or takes no bids"), spec27(12),
            Text("请核对公告", "Check the announcement"), field="selection"),
    on_inputs=True,
)  # fmt: skip
still_sealed = Guard[Facts](
    lambda f: f.sealed,
    Refusal("bids.bidding-over", Text("已到开标时间，不再接收、修改或者撤回投标", "The opening has come: bids are neither taken, changed nor withdrawn"), cite("BID"),
            Text("请关注后续选择事项", "Watch for a later selection")),
)  # fmt: skip
time_has_come = Guard[Facts](
    lambda f: not f.sealed,
    Refusal("bids.sealed-until-opening", Text("未到开标时间，投标文件仍在密封", "The bid is sealed until the opening"), cite("BID"),
            Text("请等待开标时间", "Wait for it")),
)  # fmt: skip
may_bid = Guard[Facts](
    lambda f: f.may_bid,
    Refusal("bids.may-not-bid", Text("本机构不能投标：未受邀请、未登记有效，或者就是组织选择的机构", "Your organisation may not bid: not invited, not active, or the organiser itself"),
            spec27(12), Text("请核对公告", "Check the announcement"), field="selection"),
    on_inputs=True,
)  # fmt: skip
is_a_legal_person = Guard[Facts](
    lambda f: f.legal_person,
    Refusal("bids.not-a-legal-person", Text("运营机构须具有法人资格", "An operator must be a legal person"), spec27(3),
            Text("请由具有法人资格的机构投标", "Bid as a legal person"), ("R18",)),
    on_inputs=True,
)  # fmt: skip
bidder_itself = Guard[Facts](
    lambda f: f.bidder,
    Refusal("bids.not-your-bid", Text("只有投标人可以办理", "Only the bidder may do this"), cite("BID")),
)  # fmt: skip
one_bid_each = Guard[Facts](
    lambda f: f.first,
    Refusal("bids.bid-already", Text("本机构已经投标，请在原投标中修改", "Your organisation has bid: change that bid"), cite("BID"), field="selection"),
    on_inputs=True,
)  # fmt: skip

BID = Lifecycle[Facts](
    "bids",
    Text("投标", "Bids"),
    State,
    (
        Act("bid", Text("投标", "Bid"), {Role.OPERATOR}, frozenset(), State.SEALED, spec27(12),
            (takes_bids, still_sealed, may_bid, is_a_legal_person, one_bid_each), Bid, sensitive=True),
        Act("replace", Text("修改投标", "Change the bid"), {Role.OPERATOR}, {State.SEALED}, State.SEALED, spec27(12), (bidder_itself, still_sealed, takes_bids),
            Bid, duty=False),
        Act("withdraw", Text("撤回投标", "Withdraw"), {Role.OPERATOR}, {State.SEALED}, State.WITHDRAWN, spec27(12), (bidder_itself, still_sealed), duty=False),
        Act("open", Text("开启", "Open"), {Role.SYSTEM}, {State.SEALED}, State.OPENED, cite("BID"), (time_has_come,)),
    ),
    (Deadline(State.SEALED, hours("selection.opening-delay-hours"), cite("BID"), Text("开标", "Opening"), {Role.OPERATOR}, then="open", since="opens_at"),),
)  # fmt: skip
