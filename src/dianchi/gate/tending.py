"""What time does to supply: stale data are marked, kept rows are forgotten, unfinished uploads are deleted."""

from __future__ import annotations

import logging
from datetime import datetime

from dianchi.chapters.resources.supply.queries import to_tend
from dianchi.foundation.cases.perform import perform, refusals
from dianchi.gate import fetching, intake, uploads
from dianchi.kernel.actors import PLATFORM
from dianchi.kernel.errors import DomainError

log = logging.getLogger("dianchi.gate.tending")


def tend(at: datetime) -> int:
    """Do what is due; how many things were done."""
    done = uploads.sweep(at) + fetching.poll(at)
    for load, act in to_tend(at):
        try:
            if refusals("supply", act, by=PLATFORM, at=at, case=load):
                continue
            if act == "forget":
                intake.forget(load, at)
            else:
                perform("supply", act, by=PLATFORM, at=at, code=load.code)
            done += 1
        except DomainError as refused:  # one load must not keep the others
            log.warning("%s of %s: %s", act, load.code, refused)
    return done
