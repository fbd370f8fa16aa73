"""What is reported to the national and the provincial registration platform, in their field names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.registration.models import Registration, Report
from dianchi.chapters.resources.registration.states import OPEN_TO_THE_PUBLIC, PLATFORMS, RESOURCE
from dianchi.foundation.organisations.queries import names
from dianchi.kernel import canonical
from dianchi.kernel.workdays import last_day, local_day

# Publicity status as the platform counts it: running, under objection, over.
_STATUS = {"publicity": "1", "objection": "2"}


def body(case: Registration, event: str, state: str) -> dict[str, Any]:
    """One record in the field names of the registration platform (its publicity list and its first-registration form)."""
    known = names({case.opened_for, case.registrar, *case.co_registrants} - {""})
    said: dict[str, Any] = {
        "serialNumber": case.query_code or case.code,
        "dataRegistName": case.title,
        "dataRegistType": case.object_type,
        "dataContentIntroduction": case.summary,
        "institutionName": known.get(case.opened_for, case.opened_for),
        "institutionCode": case.opened_for,
        "jointInstitutionCodes": list(case.co_registrants),
        "registInstitutionName": known.get(case.registrar, ""),
        "registInstitutionCode": case.registrar,
        "startDate": _day(case.publicity_from),
        "endDate": last_day(case.publicity_until).isoformat() if case.publicity_until else None,
        "publicityStatus": _STATUS.get(state, "3"),
        "canObjectionApply": state in OPEN_TO_THE_PUBLIC,
        "registStatus": state,
        "registEvent": event,
        "validStartDate": case.valid_from_on,
        "validEndDate": case.valid_to_on,
        "evidenceDigest": case.evidence_digest,
        **_coverage(case),
    }
    plain: dict[str, Any] = canonical.plain(said)
    return plain


def _coverage(case: Registration) -> dict[str, Any]:
    """Where and when the data lie, as the catalogue has it; of a product only its division."""
    resource = item(case.object_code) if case.object_type == RESOURCE else None
    return {
        "coverAreaCodes": list(resource.coverage) or [resource.region] if resource else [case.region],
        "industryCodes": [resource.industry] if resource and resource.industry else [],
        "dataCoverageTimeStart": resource.covers_from_on if resource else None,
        "dataCoverageTimeEnd": resource.covers_to_on if resource else None,
    }


def _day(at: datetime | None) -> str | None:
    return local_day(at).isoformat() if at else None


def report(case: Registration, event: str, state: str, at: datetime) -> None:
    """Put a record of what has just been done into the outbox, one for each platform."""
    said = body(case, event, state)
    count = Report.objects.filter(registration=case).count()
    Report.objects.bulk_create(
        Report(
            registration=case, serial=f"{case.code}-{platform[0]}{count // len(PLATFORMS) + 1:02d}", platform=platform,
            event=event, body=said | {"targetPlatform": platform}, digest=canonical.sm3(said | {"targetPlatform": platform}),
            made_at=at,
        )
        for platform, _ in PLATFORMS
    )  # fmt: skip
