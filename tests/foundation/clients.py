"""Eight clients at once on a database of their own: `python -m tests.foundation.clients`, prints what each was answered.

A process of its own, because the connections of pytest's database are one transaction. The store is DIANCHI_VAR, the
database DIANCHI_DATABASE_URL or the store's SQLite file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.base"
CLIENTS = 8
FIRM = "91530100MA6N123416"
OTHER = "91530000MA6K000148"


def at_once(what: Callable[[int], Any]) -> list[Any]:
    """What each client was answered; they begin together."""
    from django.db import connection

    from dianchi.kernel.errors import DomainError

    together = threading.Barrier(CLIENTS)

    def client(number: int) -> Any:
        try:
            together.wait()
            return what(number)
        except DomainError as refused:
            return [type(refused).__name__, *(r.code for r in refused.refusals)]
        finally:
            connection.close()

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(client, range(CLIENTS)))


def firm(number: int) -> str:
    """A firm's code whose check characters are right."""
    from dianchi.kernel.codes import subject_check, uscc_check

    subject = f"MA{number:06d}"
    body = f"91530100{subject}{subject_check(subject)}"
    return body + uscc_check(body)


def door() -> dict[str, Any]:
    """Versions, states, keys, unique codes."""
    from tests.factories.people import NOON, actor

    from dianchi.foundation.cases.perform import perform
    from dianchi.foundation.organisations.queries import organisation
    from dianchi.kernel.actors import PLATFORM, Role

    admin = actor(Role.SYSTEM_ADMIN)

    def enrol(uscc: str, key: str | None = None) -> str:
        inputs = {"uscc": uscc, "name": "并发测试公司", "kind": "enterprise", "region": "530100"}
        return perform("organisations", "enrol", by=PLATFORM, at=NOON, inputs=inputs, key=key).case.code

    def suspend(version: int | None, key: str | None = None) -> str:
        done = perform("organisations", "suspend", by=admin, at=NOON, code=organisation(FIRM).code,
                       inputs={"reason": "核查期间暂停"}, version=version, key=key)  # fmt: skip
        return f"{done.case.state} {done.index}"

    def resume() -> int:
        case = organisation(FIRM)
        return perform(
            "organisations", "resume", by=admin, at=NOON, code=case.code, inputs={"reason": "核查完毕恢复"}
        ).case.version

    def set_figure(number: int) -> str:
        inputs = {"key": "security.lock-minutes", "value": str(10 + number), "reason": "并发测试设定"}
        return perform("parameters", "set", by=actor(Role.BUREAU), at=NOON, inputs=inputs).case.value

    answers = {
        "distinct": at_once(lambda n: enrol(firm(n))),
        "same code": at_once(lambda n: enrol(FIRM)),
        "same version": at_once(lambda n: suspend(1)),
    }
    answers["version then"] = resume()
    answers["same state"] = at_once(lambda n: suspend(None))
    resume()
    answers["same key, act"] = at_once(lambda n: suspend(None, key="one-request"))
    answers["same key, opening"] = at_once(lambda n: enrol(OTHER, key="one-opening"))
    answers["figures"] = at_once(set_figure)
    return answers


def record() -> dict[str, Any]:
    """What the database holds in the end."""
    from dianchi.foundation.cases.epoch import epoch
    from dianchi.foundation.ledger.models import Entry
    from dianchi.foundation.parameters.models import Setting

    entries = list(Entry.objects.order_by("index").values_list("index", "outcome", "kind"))
    return {
        "indexes": [index for index, _, _ in entries],
        "done": sum(outcome == "done" for _, outcome, _ in entries),
        "kinds": {k: sum(kind == k and outcome == "done" for _, outcome, kind in entries) for _, _, k in entries},
        "epoch": epoch(),
        "in force": list(Setting.objects.filter(state="in-force").values_list("value", flat=True)),
    }


def locks() -> list[str]:
    """Kinds of case that some role cannot reach with a lock; none should be."""
    from django.db import transaction
    from tests.factories.people import actor

    from dianchi.foundation.cases.registry import case_types, get_case
    from dianchi.kernel.actors import Role
    from dianchi.kernel.errors import NotFound

    broken = []
    for kind in case_types():
        for role in Role:
            try:
                with transaction.atomic():
                    get_case(kind, "NO-SUCH-CASE", actor(role), lock=True)
            except NotFound:
                continue
            except Exception as error:
                broken.append(f"{kind} {role}: {error}")
    return broken


def jobs() -> dict[str, Any]:
    """Forty jobs, eight workers: who ran which, and whether two ever held one at once."""
    from tests.factories.people import NOON

    from dianchi.foundation.jobs.queue import enqueue, run_next, work

    running, twice, ran = set(), [], []
    guard = threading.Lock()

    @work("tests.count")
    def count(job: Any) -> None:
        with guard:
            twice.extend(running & {job.job.key})
            running.add(job.job.key)
        job.progress(1, 2)
        with guard:
            running.remove(job.job.key)
            ran.append(job.job.key)

    for number in range(40):
        enqueue("tests.count", {}, key=f"job-{number}", at=NOON)

    def worker(number: int) -> int:
        done = 0
        while run_next(lambda: NOON + timedelta(seconds=1)):
            done += 1
        return done

    return {"each": at_once(worker), "twice": twice, "ran": sorted(ran)}


def main() -> None:
    """Make the store and let the clients loose."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump({"door": door(), "record": record(), "locks": locks(), "jobs": jobs()}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
