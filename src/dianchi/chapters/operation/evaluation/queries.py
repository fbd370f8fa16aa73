"""Questions about evaluations: what they mean for the renewal of an agreement."""

from __future__ import annotations

from dianchi.chapters.authorization.agreements.models import Agreement
from dianchi.chapters.operation.evaluation.models import Evaluation

_DONE = ("final", "rectifying", "mended", "closed")


def grades(agreement: Agreement, subject: str = "OPERATOR", body: str = "") -> list[str]:
    """The grades of a body under an agreement, the latest year first."""
    found = Evaluation.objects.filter(
        agreement=agreement, subject=subject, body=body or agreement.operator, state__in=_DONE
    )
    return list(found.order_by("-year").values_list("grade", flat=True))


def standing(agreement: Agreement) -> str:
    """What the operator's evaluations mean for the agreement: RENEW, RECTIFY, EXIT; empty while there is none.

    What had to be mended and is mended stands in the way of a renewal no longer.
    """
    latest = (
        Evaluation.objects.filter(agreement=agreement, subject="OPERATOR", state__in=_DONE).order_by("-year").first()
    )
    if latest is None:
        return ""
    return "RENEW" if latest.effect == "RECTIFY" and latest.state == "closed" else latest.effect
