"""Evidence preserved before an application (art. 7): what of an object the ledger, the lake or the documents keep."""

from __future__ import annotations

import json

from django.db.models import Q

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.supply.models import Load
from dianchi.foundation.documents.models import Document
from dianchi.foundation.ledger.models import Entry


def preserved(object_code: str, digest: str) -> bool:
    """Whether the digest is of something kept: the catalogue item, a load, a document, or what the ledger recorded."""
    resource = item(object_code)
    return (
        (resource is not None and resource.digest() == digest)
        or Load.objects.filter(item__code=object_code, sm3=digest).exists()
        or Document.objects.filter(case_code=object_code, sm3=digest).exists()
        or preserved_at(object_code, digest) is not None
    )


def preserved_at(object_code: str, digest: str) -> int | None:
    """The ledger index at which the digest of this object, or of a load of it, was first recorded."""
    loads = Load.objects.filter(item__code=object_code, sm3=digest).values("code")
    of_it = Q(case_id=object_code) | Q(case_type="supply", case_id__in=loads)
    entries = Entry.objects.filter(of_it, outcome="done", payload__contains=digest)
    return entries.order_by("index").values_list("index", flat=True).first()


def latest(object_code: str) -> str:
    """The digest that best stands for the object now: of its load in service, else what the ledger recorded last."""
    load = Load.objects.filter(item__code=object_code, state="in-service").order_by("-in_service_at", "-id").first()
    if load is not None:
        return str(load.sm3)
    entry = Entry.objects.filter(case_id=object_code, outcome="done").order_by("-index").first()
    return str(json.loads(entry.payload).get("digest", "")) if entry is not None else ""
