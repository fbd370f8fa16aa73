"""Fetching from sources when their time has come: each fetch is one file, one load, and one line in the record."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from dianchi.chapters.resources.sources import queries
from dianchi.chapters.resources.sources.addresses import allowed
from dianchi.chapters.resources.sources.effects import opened
from dianchi.chapters.resources.sources.lifecycle import CKAN, FOLDER, POSTGRESQL
from dianchi.chapters.resources.sources.models import Source
from dianchi.chapters.resources.supply.queries import current
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import Running, enqueue, work
from dianchi.gate import folding
from dianchi.gate.feeds import postgres, web
from dianchi.gate.feeds.refusals import ELSEWHERE
from dianchi.kernel.actors import PLATFORM, Actor, Role
from dianchi.kernel.errors import DomainError, NotPermitted

log = logging.getLogger("dianchi.gate.fetching")
JOB = "sources.fetch"
UNCHANGED = "supply.file-received-already"
DONE, BAD = "已接收", "未接收"  # folders into which files of a drop folder go


@dataclass
class Outcome:
    """What a fetch came to."""

    rows: int = 0
    watermark: str = ""
    load: str = ""
    report: list[dict[str, str]] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)


def poll(at: datetime) -> int:
    """Queue a fetch for every source whose time has come; how many."""
    queued = 0
    for source in queries.due(at):
        if source.kind == FOLDER and not waiting(source):
            continue
        enqueue(JOB, {"source": source.code}, key=f"{JOB}:{source.code}:{source.version}:{at:%Y%m%d%H}", at=at)
        queued += 1
    return queued


def folder_of(source: Source) -> Path:
    """Where files for the source are dropped."""
    return Path(settings.DIANCHI_VAR) / "drop" / source.code


def waiting(source: Source) -> list[Path]:
    """The files in its folder that are complete, oldest first: what is still written has another name."""
    folder = folder_of(source)
    folder.mkdir(parents=True, exist_ok=True)
    found = [
        p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".") and p.suffix not in (".part", ".tmp")
    ]
    return sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name))


@work(JOB)
def run(running: Running) -> None:
    """One fetch; whatever it comes to is recorded with the source."""
    source: Source = get_case("sources", running.arguments["source"], PLATFORM)
    if source.state == "active":
        fetch(source, running.clock())


def fetch(source: Source, at: datetime) -> Outcome:
    """Fetch now, load what came, and record it. A refusal is recorded, never raised."""
    outcome, problem = Outcome(watermark=source.watermark_value, mapping=dict(source.mapping)), ""
    try:
        if source.kind != FOLDER and not allowed(source.address, source.region):  # it may have been struck off since
            raise NotPermitted(ELSEWHERE)
        _fetch(source, at, outcome)
    except DomainError as refused:
        if {r.code for r in refused.refusals} != {UNCHANGED}:
            problem = "；".join(f"{r.message}（{r.code}）" for r in refused.refusals)[:500]
        outcome.watermark = source.watermark_value  # what was not loaded is fetched again
    inputs = {
        "rows": outcome.rows, "watermark_value": outcome.watermark, "load": outcome.load, "problem": problem,
        "report": outcome.report, "mapping": outcome.mapping,
    }  # fmt: skip
    perform("sources", "fetched", by=PLATFORM, at=at, code=source.code, inputs=inputs)
    return outcome


def _fetch(source: Source, at: datetime, outcome: Outcome) -> None:
    if source.kind == FOLDER:
        _from_folder(source, at, outcome)
        return
    with tempfile.TemporaryDirectory(dir=_scratch()) as name:
        if source.kind == CKAN:
            with web.Web(source.address, source.username, opened(source)) as client:
                folding.fold(source, client, Path(name), provider(source), at, outcome)
            return
        path = Path(name) / f"{source.code}.data"
        if source.kind == POSTGRESQL:
            outcome.rows, outcome.watermark = postgres.fetch(
                source.address,
                source.username,
                opened(source),
                source.query,
                path,
                source.watermark,
                source.watermark_value,
            )
        else:
            _from_service(source, path, outcome)
        if outcome.rows:
            adds = bool(source.watermark) and current(source.item.code) is not None
            outcome.load, _ = folding.receive(source.item, path, provider(source), at, source.kind, added=adds)


def _from_service(source: Source, path: Path, outcome: Outcome) -> None:
    fixed = {source.since: source.watermark_value} if source.since and source.watermark_value else {}
    with web.Web(source.address, source.username, opened(source)) as client:
        outcome.rows = web.fetch(
            client, source.address, path, fixed=fixed, page=source.page, size=source.size, per_page=source.page_size
        )
    if source.watermark and outcome.rows:
        outcome.watermark = max(folding.greatest(path, source.watermark), source.watermark_value)


def _from_folder(source: Source, at: datetime, outcome: Outcome) -> None:
    """Every file that lies there, one load each; it then lies with those that were received, or with the others."""
    by = provider(source)
    for path in waiting(source):
        kept, said = DONE, ""
        try:
            outcome.load, rows = folding.receive(source.item, path, by, at, FOLDER)
            outcome.rows += rows
        except DomainError as refused:
            kept, said = BAD, str(refused.refusals[0].message)
        target = folder_of(source) / kept
        target.mkdir(exist_ok=True)
        path.rename(target / f"{at:%Y%m%d%H%M%S}-{path.name}")
        outcome.report.append({"name": path.name, "outcome": kept, "reason": said})


def provider(source: Source) -> Actor:
    """The department for which the platform fetches: it agreed to that when it connected the source."""
    return Actor(PLATFORM.person, PLATFORM.name, source.opened_for, source.region, frozenset({Role.PROVIDER}))


def _scratch() -> Path:
    folder = Path(settings.DIANCHI_VAR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
