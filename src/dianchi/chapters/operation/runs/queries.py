"""Questions about runs."""

from __future__ import annotations

from datetime import datetime

from dianchi.chapters.operation.contracts.queries import contract_in_force
from dianchi.chapters.operation.programs.compiling import bound_parameters, plan_digest
from dianchi.chapters.operation.programs.models import Version
from dianchi.chapters.operation.programs.queries import Runnable, grant, tables
from dianchi.chapters.operation.runs.lifecycle import State
from dianchi.chapters.operation.runs.models import Run, Trial
from dianchi.foundation.jobs.models import Job
from dianchi.kernel.errors import Refusal, RuleBroken
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

POLICY_CHANGED = Refusal(
    "runs.policy-changed",
    Text("数据口径或授权已变化，不能再按原口径运行", "The data or their policy changed; it cannot be run as it was"),
    spec27(14, 3),
    Text("请以新版本程序重新运行", "Run it anew with a new version"),
    ("R45",),
)
LONG = "development."  # jobs of this name run in a lane of their own
SHORT = "trial."


def bound(run: Run, at: datetime) -> Runnable:
    """The version that the run is bound to under its grant as it is now; RuleBroken if that is no longer the same."""
    program = run.program
    version = Version.objects.get(program_code=program.code, number=run.edition)
    live = grant(program.request, version.holdings, at)
    digest = plan_digest(version.sql, version.parameters, live)
    if digest != run.policy_digest:
        raise RuleBroken(POLICY_CHANGED)
    named = tables(program.request, version.holdings, at)
    return Runnable(program, version.sql, bound_parameters(version.parameters), live, named, digest)


def job_of(run: Run) -> Job | None:
    """The job that does it."""
    return Job.objects.filter(key=f"run:{run.code}").first()


def cancelled(code: str) -> bool:
    """Whether its owner no longer wants it."""
    return not Run.objects.filter(code=code, state__in=(State.QUEUED, State.RUNNING)).exists()


def answered_by(
    developer: str, plan_digest: str, snapshots: dict[str, str], arguments: list[dict[str, str]]
) -> Run | None:
    """The run that already gave this party the answer to this very question, if its result is still here."""
    earlier = Run.objects.filter(developer=developer, plan_digest=plan_digest, state=State.ISOLATED).order_by("id")
    return next((r for r in earlier if r.snapshots == snapshots and r.arguments == arguments), None)


def orphaned() -> list[Run]:
    """Runs whose job ended without telling: its worker was killed again and again."""
    under_way = Run.objects.filter(state__in=(State.QUEUED, State.RUNNING))
    keys = {f"run:{run.code}": run for run in under_way}
    return [keys[job.key] for job in Job.objects.filter(key__in=keys, state__in=("failed", "done"))]


def lapsed(at: datetime) -> list[Run]:
    """Results that may not be kept: the development agreement is no longer in force."""
    kept = Run.objects.filter(state=State.ISOLATED).select_related("program__request__contract")
    return [run for run in kept if not contract_in_force(run.program.request.contract.code, at)]


def to_destroy() -> list[Run]:
    """Results that have ended and are still there."""
    return list(Run.objects.filter(state=State.ENDED))


def trial(key: str, person: str, developer: str) -> Trial | None:
    """A try of this person for this organisation."""
    return Trial.objects.filter(key=key, person=person, developer=developer).first()
