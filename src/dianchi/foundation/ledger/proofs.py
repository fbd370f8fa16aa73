"""Proofs that an entry stands in the sealed ledger, for people who trust nothing here but the ledger's public key."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from dianchi.engines.merkle.folder import TileFolder
from dianchi.engines.merkle.proof import Proof, prove
from dianchi.foundation.ledger.models import Checkpoint, Entry
from dianchi.kernel.errors import NotFound, Refusal, TryLater
from dianchi.kernel.text import Text

NO_ENTRY = Refusal("ledger.no-entry", Text("账本中没有该序号", "The ledger has no such index"))
NOT_SEALED = Refusal(
    "ledger.not-sealed-yet",
    Text("该记录尚未封存，暂无证明", "The entry is recorded but not sealed yet; there is no proof so far"),
    remedy=Text("请在下次封存后再取", "Ask again after the next sealing"),
)


def sealed_size() -> int:
    """How many entries the last checkpoint covers: an index below it is sealed."""
    last = Checkpoint.objects.order_by("size").last()
    return last.size if last is not None else 0


def inclusion_proof(index: int) -> Proof:
    """The entry's body, its audit path and the checkpoint it leads to. NotFound, or TryLater before it is sealed."""
    entry = Entry.objects.filter(pk=index).first()
    if entry is None:
        raise NotFound(NO_ENTRY)
    last = Checkpoint.objects.order_by("size").last()
    if last is None or index >= last.size:
        raise TryLater(NOT_SEALED)
    folder = TileFolder(Path(settings.DIANCHI_VAR) / "ledger")
    return prove(folder.nodes(last.size), index, entry.body, last.note)
