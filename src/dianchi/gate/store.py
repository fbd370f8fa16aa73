"""The lake of this store."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from dianchi.engines.crypto.files import secret_file
from dianchi.engines.lake import Lake


@cache
def lake() -> Lake:
    """The lake under the store; its master key is kept with the store's other keys."""
    var = Path(settings.DIANCHI_VAR)
    return Lake(var / "lake", secret_file(var / "keys" / "lake-master"))
