"""A disclosure is generated, never typed."""

from __future__ import annotations

from datetime import date

from dianchi.chapters.supervision.disclosure import facts, packs
from dianchi.chapters.supervision.disclosure.lifecycle import DISCLOSURE
from dianchi.chapters.supervision.disclosure.models import Disclosure
from dianchi.foundation.cases.registry import CaseType, Doing
from dianchi.foundation.organisations.queries import organisation
from dianchi.kernel import canonical


def call(case: Disclosure, doing: Doing) -> None:
    """The next edition of the body's year."""
    case.opened_for, case.role = facts.whose(doing.inputs, doing.by)
    case.year_ended_on = date(case.year, 12, 31)
    found = organisation(case.opened_for)
    case.region = found.region if found else case.region
    before = Disclosure.objects.filter(opened_for=case.opened_for, role=case.role, year=case.year)
    case.edition = before.count() + 1
    name = found.name if found else case.opened_for
    case.title = f"{name} {case.year} 年度信息披露" + (f"（第 {case.edition} 版）" if case.edition > 1 else "")


def draft(case: Disclosure, doing: Doing) -> None:
    """The pack of the body's year, and how it compares with what is written elsewhere."""
    case.drafted_at, case.drafted_by = doing.at, doing.by.person
    case.pack = packs.pack(case.role, case.opened_for, case.year, doing.at)
    case.checks = packs.checks(case.opened_for, case.role, case.pack, case.year, doing.at)


def publish(case: Disclosure, doing: Doing) -> None:
    """When it became public, by whom, and the digest of what was published."""
    case.published_at, case.published_by = doing.at, doing.by.person
    case.digest_sm3 = canonical.sm3(case.pack)


CASE = CaseType(DISCLOSURE, Disclosure, facts.gather, {"call": call, "draft": draft, "publish": publish}, prefix="PL")
