"""What the meters' test runs in processes of its own, on either database: `python -m tests.gate.meters ACT [ORDER]`."""
# ruff: noqa: E402 - Django is set up first

from __future__ import annotations

import os
import sys
from concurrent.futures import Future

os.environ["DJANGO_SETTINGS_MODULE"] = "dianchi.config.settings.base"
import django

django.setup()

from django.core.management import call_command
from tests.factories import operation as make
from tests.factories.people import NOON

from dianchi.chapters.operation.orders.models import Meter, Order, Usage
from dianchi.chapters.operation.orders.queries import LiveOrder
from dianchi.foundation.cases.epoch import epoch
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import meter


def delivery(order: Order) -> meter.Delivery:
    live = LiveOrder(
        order.pk, order.code, order.consumer, order.operator, order.developer, "CP", "slug", 1, 45, order.purpose,
        order.quota_calls,
    )  # fmt: skip
    return meter.Delivery(
        order=live, at=NOON, epoch=epoch(), rows=1, bytes=8, request_digest="0" * 64, result_digest="1" * 64,
        plan_digest="2" * 64, snapshots={}, suppressed=0,
    )  # fmt: skip


def prepare() -> None:
    """A store with one order of 60 calls."""
    call_command("migrate", verbosity=0)
    print(make.an_active_order(quota_calls=60).code)


def take(code: str) -> None:
    """Take calls in groups of three until none is left; tell each as it would be delivered."""
    order = Order.objects.get(code=code)
    while True:
        group = [(delivery(order), Future()) for _ in range(3)]
        meter.settle(group)
        for _, waiting in group:
            if (error := waiting.exception()) is None:
                print(waiting.result().index, flush=True)
            elif "quota" in str(error):
                return


def count(code: str) -> None:
    """What is on record."""
    order = Order.objects.get(code=code)
    used = sorted(Usage.objects.filter(order=order).values_list("ledger_index", flat=True))
    recorded = sorted(Entry.objects.filter(kind="gate.delivered").values_list("index", flat=True))
    print(used == recorded, Meter.objects.get(order=order).calls, *used)


if __name__ == "__main__":
    {"prepare": prepare, "take": take, "count": count}[sys.argv[1]](*sys.argv[2:])
