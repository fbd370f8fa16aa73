"""Workers: never two at one job, a killed worker's job is run again, a late worker writes nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories.people import NOON

from dianchi.foundation.jobs.models import Job
from dianchi.foundation.jobs.queue import LEASE, LostLease, Running, claim, enqueue, run_next, work

ROOT = Path(__file__).resolve().parents[3]
database = pytest.mark.django_db


def test_eight_workers_run_forty_jobs_once_each(eight_clients: dict[str, Any]):
    jobs = eight_clients["jobs"]
    assert jobs["twice"] == []
    assert jobs["ran"] == sorted(f"job-{n}" for n in range(40))
    assert sum(jobs["each"]) == 40


def worker(var: Path, act: str) -> subprocess.Popen[str]:
    store = {**os.environ, "DIANCHI_VAR": str(var), "DIANCHI_DATABASE_URL": ""}
    command = [sys.executable, "-m", "tests.foundation.jobs.worker", act]
    return subprocess.Popen(command, cwd=ROOT, env=store, stdout=subprocess.PIPE, text=True)


def test_the_job_of_a_killed_worker_is_run_again_once_its_lease_is_over(tmp_path: Path):
    first = worker(tmp_path, "hang")
    assert first.stdout is not None
    assert first.stdout.readline() == "half way\n"
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdout.close()
    second = worker(tmp_path, "finish")
    said, _ = second.communicate(timeout=60)
    assert json.loads(said) == {
        "found": "running", "progress": [1, 2], "while leased": False, "after": True, "state": "done", "attempts": 2,
    }  # fmt: skip


@database
def test_the_same_key_is_the_same_job():
    first = enqueue("tests.nothing", {"n": 1}, key="k", at=NOON)
    assert enqueue("tests.nothing", {"n": 2}, key="k", at=NOON).pk == first.pk
    assert Job.objects.get().arguments == {"n": 1}


@database
def test_a_job_waits_for_its_time():
    enqueue("tests.nothing", {}, key="k", at=NOON, run_at=NOON + timedelta(hours=1))
    assert claim("a", NOON) is None
    assert claim("a", NOON + timedelta(hours=1)) is not None


@database
def test_a_worker_that_lost_its_lease_writes_nothing():
    enqueue("tests.nothing", {}, key="k", at=NOON)
    late = Running(claim("a", NOON), lambda: NOON)
    # Even under the same name: the fence is the attempt.
    now = NOON + LEASE + timedelta(seconds=1)
    holder = Running(claim("a", now), lambda: now)
    with pytest.raises(LostLease):
        late.progress(1, 2)
    with pytest.raises(LostLease):
        late.end()
    holder.progress(5, 9, "半程")
    job = Job.objects.get()
    assert (job.state, job.done, job.total, job.note, job.attempts) == ("running", 5, 9, "半程", 2)


@database
def test_a_failing_job_is_put_off_longer_each_time_and_then_given_up():
    @work("tests.fails")
    def fails(running: Running) -> None:
        raise ArithmeticError("secret value")

    enqueue("tests.fails", {}, key="k", at=NOON)
    moment, waits = [NOON], []
    while run_next(lambda: moment[0]):
        job = Job.objects.get()
        waits.append((job.run_at - moment[0]).total_seconds() if job.state == "queued" else None)
        moment[0] = max(job.run_at, moment[0])
    assert waits == [2, 4, 8, 16, None]
    assert (job.state, job.attempts, job.ended_at) == ("failed", 5, moment[0])
    assert job.problem == "ArithmeticError"  # never the text: it may hold data


@database
def test_a_job_that_kills_every_worker_is_given_up():
    enqueue("tests.nothing", {}, key="k", at=NOON)
    now, taken = NOON, 0
    while claim(f"w{taken}", now):
        taken += 1
        now += LEASE + timedelta(seconds=1)
    job = Job.objects.get()
    assert (taken, job.state, job.problem) == (5, "failed", "worker lost")


@database
def test_losing_the_lease_in_a_failing_job_does_not_end_the_worker():
    @work("tests.slow")
    def slow(running: Running) -> None:
        claim("thief", NOON + LEASE + timedelta(seconds=1))
        raise ValueError

    enqueue("tests.slow", {}, key="k", at=NOON)
    assert run_next(lambda: NOON)
    assert Job.objects.get().worker == "thief"


@database
def test_a_job_nobody_knows_fails_and_says_so():
    enqueue("tests.no-such-work", {}, key="k", at=NOON)
    assert run_next(lambda: NOON)
    assert Job.objects.get().problem == "KeyError"


@database
def test_a_lane_takes_its_own_jobs_and_leaves_the_others() -> None:
    for name in ("tests.nothing", "development.nothing", "trial.nothing"):
        enqueue(name, {}, key=name, at=NOON)
    assert claim("w", NOON, "development.").name == "development.nothing"
    assert claim("w", NOON).name == "tests.nothing"
    assert claim("w", NOON) is None
    assert claim("w", NOON, "trial.").name == "trial.nothing"
