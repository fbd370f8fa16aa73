"""Counting verifications, so that nobody learns by trying what a single answer would not tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Sum

from dianchi.chapters.operation.orders.models import Probe


@dataclass(frozen=True)
class Seen:
    """The verifications of a day, this one included."""

    of_subject: int
    of_order: int
    hits: int


def tried(order: int, on: date, subject: str) -> Seen:
    """Count one attempt, durable before it is made, and say how many there were."""
    with transaction.atomic():
        Probe.objects.get_or_create(order_id=order, on=on, subject=subject)
        Probe.objects.filter(order_id=order, on=on, subject=subject).update(tries=F("tries") + 1)
        rows = Probe.objects.filter(order_id=order, on=on)
        of_subject = rows.values_list("tries", flat=True).get(subject=subject)
        all_of_them = rows.aggregate(tries=Sum("tries"), hits=Sum("hits"))
    return Seen(of_subject, all_of_them["tries"], all_of_them["hits"])


def hit(order: int, on: date, subject: str) -> None:
    """One of them matched."""
    Probe.objects.filter(order_id=order, on=on, subject=subject).update(hits=F("hits") + 1)
