"""A store of many cases and ten times as many ledger entries, loaded in bulk, and how fast its pages answer.

Used by `bench/cases.py --scale N`. The entries have the shape of real ones and no valid hashes: pages only read them.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

BATCH = 5_000
REQUESTS = 20
WORDS = (
    "医疗",
    "健康",
    "交通",
    "客运",
    "旅游",
    "气象",
    "农产品",
    "茶叶",
    "水文",
    "不动产",
    "市场主体",
    "社保",
    "教育",
    "用电",
    "林地",
)
NOUNS = ("登记", "监测", "价格", "许可", "统计", "档案", "名录", "信用", "检测", "运行")


def load(n: int, at: datetime) -> None:
    """n cases of three kinds over all divisions, ten entries for each, and a running deadline for every fiftieth."""
    from tests.factories import accounts
    from tests.factories.people import HOME, enrol_all

    from dianchi.kernel.actors import Role
    from dianchi.kernel.divisions import DIVISIONS

    enrol_all()
    accounts.account(Role.BUREAU)
    rng = random.Random(7)
    regions = [code for code in DIVISIONS if code.startswith("53")]
    provider = HOME[Role.PROVIDER][0]
    items = n // 2
    _items(items, at, rng, regions, provider)
    _tickets(n - items, at, rng, regions, provider)
    _dues(n // 50, at, rng)
    _entries(10 * n, at, rng)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _when(at: datetime, rng: random.Random) -> datetime:
    return at - timedelta(seconds=rng.randrange(86_400 * 360))


def _title(rng: random.Random, region: str, i: int) -> str:
    return f"{region}{rng.choice(WORDS)}{rng.choice(NOUNS)}数据{i}"


def _items(n: int, at: datetime, rng: random.Random, regions: list[str], provider: str) -> None:
    from dianchi.chapters.resources.catalogue.models import Item

    states = ("published", "published", "published", "draft", "submitted", "suspended")
    for start in range(0, n, BATCH):
        made = []
        for i in range(start, min(start + BATCH, n)):
            opened, region = _when(at, rng), rng.choice(regions)
            made.append(Item(
                code=f"ML-S-{i:09d}", title=_title(rng, region, i), state=rng.choice(states), version=1, region=region,
                opened_at=opened, opened_by="bench", opened_for=provider, state_since=opened, summary="摘要", sector="综合",
                update_frequency="MONTHLY", attribute="ALLOWED", legal_basis="职责", grade="GENERAL-1",
            ))  # fmt: skip
        Item.objects.bulk_create(made)


def _tickets(n: int, at: datetime, rng: random.Random, regions: list[str], provider: str) -> None:
    from dianchi.chapters.resources.catalogue.models import Item
    from dianchi.chapters.resources.quality.models import Ticket

    item = Item.objects.order_by("pk").values_list("pk", flat=True)[0]
    states = ("closed",) * 18 + ("open", "accepted")
    for start in range(0, n, BATCH):
        made = []
        for i in range(start, min(start + BATCH, n)):
            opened, region = _when(at, rng), rng.choice(regions)
            made.append(Ticket(
                code=f"ZL-S-{i:09d}", title=_title(rng, region, i), state=rng.choice(states), version=1, region=region,
                opened_at=opened, opened_by="bench", opened_for=provider, state_since=opened, item_id=item,
                provider=provider, description="说明",
            ))  # fmt: skip
        Ticket.objects.bulk_create(made)


def _dues(n: int, at: datetime, rng: random.Random) -> None:
    from dianchi.chapters.resources.quality.models import Ticket
    from dianchi.foundation.cases.deadlines import key_of
    from dianchi.foundation.cases.models import Due
    from dianchi.foundation.cases.registry import case_type

    deadline = case_type("quality").lifecycle.deadlines[0]
    codes = list(Ticket.objects.filter(state=str(deadline.state)).values_list("code", flat=True)[:n])
    Due.objects.bulk_create(
        [Due(case_type="quality", case_code=code, key=key_of(deadline), state_since=at,
             due_at=at + timedelta(days=rng.randrange(-20, 90))) for code in codes],
        batch_size=BATCH,
    )  # fmt: skip


def _entries(n: int, at: datetime, rng: random.Random) -> None:
    """Straight into the table: the columns of an entry, a small payload, hashes that are only random."""
    from dianchi.foundation.ledger.models import Entry

    first = (Entry.objects.order_by("-index").values_list("index", flat=True).first() or -1) + 1
    names = [f.column for f in Entry._meta.concrete_fields]
    marks = ", ".join(["%s"] * len(names))
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    insert = f"INSERT INTO ledger_entry ({quoted}) VALUES ({marks})"
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(first, first + n, BATCH):
            stop = min(start + BATCH, first + n)
            cursor.executemany(insert, [_row(names, i, first + n, n, at, rng) for i in range(start, stop)])
    print(json.dumps({"loaded_entries": n, "seconds": round(time.perf_counter() - began, 1)}), flush=True)


def _row(names: list[str], i: int, end: int, n: int, at: datetime, rng: random.Random) -> list[Any]:
    moment = connection.ops.adapt_datetimefield_value(at - timedelta(seconds=(end - i) * 31_000_000 / n))
    refused = i % 997 == 0
    given = {
        "index": i, "kind": "quality.accept", "case_type": "quality", "case_id": f"ZL-S-{rng.randrange(max(n // 20, 1)):09d}",
        "by": "0" * 64, "organisation": "", "role": "bureau", "at": moment, "recorded_at": moment, "article": "SPEC27.5",
        "rules": "", "from_state": "open", "to_state": "accepted", "outcome": "refused" if refused else "done",
        "payload": '{"refusals":["quality.x"]}' if refused else "{}", "body": "{}", "leaf_hash": f"{i:064x}",
    }  # fmt: skip
    return [given[name] for name in names]


def pages(at: datetime) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Name and request of each page that is measured, signed in as the data administration."""
    from django.conf import settings
    from django.test import Client
    from tests.factories import accounts

    from dianchi.kernel.actors import Role

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    answer = client.post("/sign-in", {"username": f"of.{Role.BUREAU.value}", "password": accounts.PASSWORD})
    assert answer.status_code == 302
    for name, address in (
        ("list", "/cases/catalogue"), ("list, one state", "/cases/catalogue?state=published"),
        ("list, page 20", "/cases/quality?page=20"), ("search in a list", "/cases/catalogue?q=茶叶价格"),
        ("search everywhere", "/search?q=水文监测"), ("workbench", "/work"), ("cockpit", "/cockpit"),
        ("cockpit of a county", "/cockpit?region=530102"), ("duties", "/cockpit/duties"),
    ):  # fmt: skip
        yield name, lambda address=address: client.get(address)  # type: ignore[misc]


def measure(n: int, at: datetime) -> None:
    """Load the store, take the figures once, and print the 95th percentile of each page as a JSON line."""
    from dianchi.chapters.supervision.figures import queries as figures

    load(n, at)
    began = time.perf_counter()
    figures.refresh(at, time.perf_counter)
    print(
        json.dumps({"figure": "taking the cockpit's figures", "seconds": round(time.perf_counter() - began, 2), "n": n})
    )
    for name, ask in pages(at):
        first = ask()
        if first.status_code != 200:
            print(json.dumps({"figure": name, "status": first.status_code}))
            continue
        times, used = [], []
        for _ in range(REQUESTS):
            cache.clear()  # every request is a first one
            began, busy = time.perf_counter(), time.process_time()
            ask()
            times.append((time.perf_counter() - began) * 1000)
            used.append((time.process_time() - busy) * 1000)
        print(json.dumps({"figure": f"page: {name}", "p95_ms": _p95(times), "p95_cpu_ms": _p95(used),
                          "cases": n, "entries": 10 * n}, ensure_ascii=False), flush=True)  # fmt: skip


def _p95(times: list[float]) -> float:
    return round(statistics.quantiles(times, n=20)[18], 1)
