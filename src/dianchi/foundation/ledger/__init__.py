"""The ledger: what was done or refused, by whom, under which article; append-only, hashed, sealed and provable.

`record` appends in the act's own transaction; `seal` publishes tiles and a signed checkpoint; `inclusion_proof` gives
an outsider what `engines.merkle` alone can check. An entry is recorded, then sealed (a checkpoint covers it), then
witnessed (others have cosigned that checkpoint).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dianchi.foundation.ledger.entries import Draft, hold, record, record_many
    from dianchi.foundation.ledger.keys import ledger_key, person_hash
    from dianchi.foundation.ledger.proofs import inclusion_proof, sealed_size
    from dianchi.foundation.ledger.sealing import seal

__all__ = [
    "Draft",
    "hold",
    "inclusion_proof",
    "ledger_key",
    "person_hash",
    "record",
    "record_many",
    "seal",
    "sealed_size",
]

_WHERE = {
    "ledger_key": "keys",
    "person_hash": "keys",
    "inclusion_proof": "proofs",
    "sealed_size": "proofs",
    "Draft": "entries",
    "hold": "entries",
    "record": "entries",
    "record_many": "entries",
    "seal": "sealing",
}


def __getattr__(name: str) -> Any:
    """The public functions, imported on first use: they need the models, and Django imports this package before."""
    if name not in _WHERE:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
