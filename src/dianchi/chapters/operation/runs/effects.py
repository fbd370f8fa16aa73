"""What acts on runs change beside the state."""

from __future__ import annotations

from dianchi.chapters.operation.programs.queries import runnable
from dianchi.chapters.operation.runs import facts
from dianchi.chapters.operation.runs.lifecycle import RUN
from dianchi.chapters.operation.runs.models import Run
from dianchi.chapters.operation.runs.queries import LONG
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.jobs.queue import enqueue


def start(case: Run, doing: Doing) -> None:
    """Bound to the version as it is now, and queued."""
    program = case.program
    case.operator, case.developer, case.implementer = program.operator, program.developer, program.implementer
    case.edition, case.program_digest = program.edition, program.program_digest
    case.policy_digest = runnable(program, doing.at).digest
    enqueue(f"{LONG}run", {"run": case.code}, key=f"run:{case.code}", at=doing.at)


def replay(case: Run, doing: Doing) -> None:
    """Asked for; an earlier comparison no longer stands."""
    case.replay_digest, case.replay_same, case.replayed_at = "", None, None
    enqueue(f"{LONG}replay", {"run": case.code}, key=f"replay:{case.code}:{case.version}", at=doing.at)


def replayed(case: Run, doing: Doing) -> None:
    """The same answer, or another."""
    case.replay_same, case.replayed_at = case.replay_digest == case.result_digest, doing.at


CASE = CaseType(RUN, Run, facts.gather, {"start": start, "replay": replay, "replayed": replayed}, prefix="YX")
