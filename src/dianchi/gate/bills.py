"""A bill with the proofs of everything it counts, as one file that its consumer checks without the platform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings

from dianchi.chapters.operation.orders.models import Usage
from dianchi.engines.merkle.folder import TileFolder
from dianchi.engines.merkle.proof import prove
from dianchi.foundation.ledger.models import Checkpoint, Entry
from dianchi.foundation.ledger.proofs import NOT_SEALED
from dianchi.kernel.errors import TryLater
from dianchi.kernel.workdays import SHANGHAI, end_of


def with_proofs(bill: Any) -> Iterator[str]:
    """Lines of JSON: the act that drew the bill, then every delivery of its days, each with payload and proof.

    TryLater while the last of them is not sealed yet.
    """
    drawn = Entry.objects.filter(case_type="settlement", case_id=bill.code, from_state="").order_by("index")[:1]
    since = datetime.combine(bill.from_on, time(), SHANGHAI)
    used = Usage.objects.filter(order=bill.order, at__gte=since, at__lt=end_of(bill.to_on), ledger_index__gte=0)
    delivered = Entry.objects.filter(index__in=used.values("ledger_index")).order_by("index")
    last = Checkpoint.objects.order_by("size").last()
    newest = max(drawn[0].index, used.order_by("ledger_index").values_list("ledger_index", flat=True).last() or 0)
    if last is None or newest >= last.size:
        raise TryLater(NOT_SEALED)
    nodes = TileFolder(Path(settings.DIANCHI_VAR) / "ledger").nodes(last.size)
    for entry in (*drawn, *delivered.iterator(chunk_size=1000)):
        proof = prove(nodes, entry.index, entry.body, last.note).to_text()
        yield json.dumps({"payload": entry.payload, "proof": proof}, ensure_ascii=False)
