"""Questions about complaints."""

from __future__ import annotations

import secrets

from dianchi.chapters.supervision.complaints.effects import digest
from dianchi.chapters.supervision.complaints.models import Complaint


def by_receipt(code: str, secret: str) -> Complaint | None:
    """The complaint of a receipt; None unless both its code and its secret are right."""
    found = Complaint.objects.filter(code=code.strip()).first()
    if found is None or not found.receipt or not secrets.compare_digest(found.receipt, digest(secret.strip())):
        return None
    return found
