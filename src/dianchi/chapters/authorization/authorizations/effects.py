"""What the acts of an authorization change besides its state."""

from __future__ import annotations

from datetime import date

from dianchi.chapters.authorization.authorizations import facts
from dianchi.chapters.authorization.authorizations.lifecycle import AUTHORIZATION
from dianchi.chapters.authorization.authorizations.models import Authorization
from dianchi.foundation.cases.registry import CaseType, Doing


def propose(case: Authorization, doing: Doing) -> None:
    """The first step of a rectification is due."""
    _next_step(case)


def flag(case: Authorization, doing: Doing) -> None:
    """The resource is out of use until the flag is taken off."""
    said = doing.inputs.model_dump(mode="json")
    case.harms = [*(h for h in case.harms if h["resource"] != said["resource"]), said]


def clear(case: Authorization, doing: Doing) -> None:
    """The flag is off."""
    case.harms = [h for h in case.harms if h["resource"] != doing.inputs.resource]


def carve_out(case: Authorization, doing: Doing) -> None:
    """What is carved out is said expressly; the scope as it was decided stays on record."""
    said = doing.inputs
    more = [{"resource": code, "authorization": said.into, "reason": said.reason} for code in said.carved]
    case.carve_outs = [*case.carve_outs, *(m for m in more if m["resource"] not in facts.carved(case))]


def rectify(case: Authorization, doing: Doing) -> None:
    """A step is done; the next one counts."""
    done = doing.inputs.model_dump(mode="json")
    case.rectification = [s | done if s["what"] == done["what"] else s for s in case.rectification]
    _next_step(case)


def _next_step(case: Authorization) -> None:
    still = [date.fromisoformat(str(s["due_on"])) for s in case.rectification if not s.get("done_on")]
    case.rectify_on = min(still, default=None)


CASE = CaseType(
    AUTHORIZATION, Authorization, facts.gather,
    {"propose": propose, "flag": flag, "clear": clear, "carve-out": carve_out, "rectify": rectify}, prefix="SQ",
)  # fmt: skip
