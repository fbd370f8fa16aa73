"""Questions about documents."""

from __future__ import annotations

from dianchi.foundation.documents.models import Document


def of_case(case_type: str, case_code: str) -> list[Document]:
    """The documents of a case, oldest first. Whoever may see the case may see them."""
    return list(Document.objects.filter(case_type=case_type, case_code=case_code).order_by("added_at", "id"))
