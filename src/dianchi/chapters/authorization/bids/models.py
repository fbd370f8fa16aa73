"""Bids."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from dianchi.chapters.authorization.bids.lifecycle import BID, State
from dianchi.foundation.cases.models import Case, CaseQuerySet
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.text import Text

READERS = frozenset({Role.OPERATOR, Role.IMPLEMENTER, Role.EXPERT, Role.AUDITOR})


class BidQuerySet(CaseQuerySet):
    """A sealed bid exists for its bidder alone; an opened one also for the organiser, the panel and auditors."""

    def visible_to(self, actor: Actor) -> Self:
        """The bidder; once it is opened, those who evaluate and those who audit."""
        if Role.SYSTEM in actor.roles:
            return self
        opened, seen = models.Q(state=State.OPENED), models.Q(pk__in=[])
        if Role.OPERATOR in actor.roles:
            seen |= models.Q(bidder=actor.organisation)
        if Role.IMPLEMENTER in actor.roles:
            seen |= opened & models.Q(selection__opened_for=actor.organisation)
        if Role.EXPERT in actor.roles:
            seen |= opened & models.Q(selection__experts__contains=f",{actor.person},")
        if Role.AUDITOR in actor.roles:
            seen |= opened
        return self.filter(seen)


class Bid(Case):
    """A bid: encrypted until the opening, committed to by a digest, readable afterwards."""

    lifecycle = BID
    personal_fields = ("proposal", "conditions", "sealed", "salt")  # a competitor's secrets: hashed in the ledger
    secret_fields = ("sealed", "salt")
    legible: ClassVar[dict[str, frozenset[Role]]] = {"proposal": READERS, "conditions": READERS}
    words: ClassVar[dict[str, Text]] = {
        "commitment": Text("封存摘要", "What was committed to"), "opens_at": Text("开标时间", "Opening"), "bidder": Text("投标人", "Bidder"),
    }  # fmt: skip

    selection = models.ForeignKey("selection.Selection", on_delete=models.PROTECT)
    bidder = models.CharField(max_length=18, db_index=True)
    opens_at = models.DateTimeField()
    commitment = models.CharField(max_length=64)  # SM3 of salt and content
    sealed = models.TextField(default="", blank=True)  # base64 of the SM4 ciphertext
    salt = models.CharField(max_length=64, default="", blank=True)
    proposal = models.TextField(default="", blank=True)
    conditions = models.JSONField(default=list)

    objects = BidQuerySet.as_manager()

    class Meta:
        db_table = "bids_bid"
        constraints = (
            models.UniqueConstraint(
                fields=["selection", "bidder"], condition=~models.Q(state="withdrawn"), name="one_bid_of_each_bidder"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sealed") | models.Q(proposal=""), name="a_sealed_bid_says_nothing"
            ),
        )
