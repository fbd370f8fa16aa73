"""A worker in a process of its own: `python -m tests.foundation.jobs.worker hang|finish`."""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.base"


def main(act: str) -> None:
    """Hang in the middle of a job, or find what such a worker has left."""
    import django

    django.setup()
    from django.core.management import call_command
    from tests.factories.people import NOON

    from dianchi.foundation.jobs.models import Job
    from dianchi.foundation.jobs.queue import LEASE, Running, enqueue, run_next, work

    @work("tests.half")
    def half(running: Running) -> None:
        if act == "hang":
            running.progress(1, 2)
            print("half way", flush=True)
            threading.Event().wait()
        running.progress(2, 2)

    if act == "hang":
        call_command("migrate", verbosity=0)
        enqueue("tests.half", {}, key="k", at=NOON)
        run_next(lambda: NOON)
        return
    job = Job.objects.get()
    found = {"found": job.state, "progress": [job.done, job.total]}
    found["while leased"] = run_next(lambda: NOON + LEASE)
    found["after"] = run_next(lambda: NOON + LEASE + timedelta(seconds=1))
    job.refresh_from_db()
    print(json.dumps(found | {"state": job.state, "attempts": job.attempts}))


if __name__ == "__main__":
    main(sys.argv[1])
