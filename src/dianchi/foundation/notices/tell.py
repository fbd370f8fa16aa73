"""One round of telling: what the ledger has newly recorded, what is due, what runs out. Asked again, it tells no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dianchi.foundation.cases.deadlines import declared
from dianchi.foundation.cases.figures import value
from dianchi.foundation.cases.models import Due
from dianchi.foundation.cases.perform import refusals
from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.foundation.ledger import person_hash
from dianchi.foundation.ledger.models import Entry
from dianchi.foundation.notices import words
from dianchi.foundation.notices.models import Notice, Told
from dianchi.foundation.notices.people import Staff, parties, seeing
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.law.articles import Article
from dianchi.kernel.lifecycle import Act, Deadline
from dianchi.kernel.text import Text
from dianchi.kernel.workdays import due_workdays, last_day, local_day, workdays_between

BATCH = 200
STALE = timedelta(days=14)  # what is older than this is history, not news
SUPERVISORS = frozenset({Role.BUREAU})
_PLATFORM = Text("平台", "The platform")


@dataclass(frozen=True)
class Said:
    """What is told about a case."""

    key: str
    kind: str
    text: Text
    article: Article
    act: str = ""


def round_of_telling(at: datetime) -> int:
    """Tell what there is to tell; how many notices were new."""
    staff = Staff(at)
    return told_of_acts(staff, at) + told_of_deadlines(staff, at) + told_of_ends(staff, at)


def told_of_acts(staff: Staff, at: datetime) -> int:
    """Every act since the last round: to whom the next step falls, and to the parties."""
    told, _ = Told.objects.get_or_create(pk=1)
    entries = list(Entry.objects.filter(index__gte=told.index).order_by("index")[:BATCH])
    made = sum(_of_entry(entry, staff, at) for entry in entries if entry.outcome == "done" and entry.at > at - STALE)
    if entries:
        Told.objects.filter(pk=1).update(index=entries[-1].index + 1)
    return made


def _of_entry(entry: Entry, staff: Staff, at: datetime) -> int:
    kind = case_types().get(entry.case_type)
    act = next((a for a in kind.lifecycle.acts if f"{kind.name}.{a.name}" == entry.kind), None) if kind else None
    case = kind.model.objects.filter(code=entry.case_id).first() if kind and act else None  # type: ignore[attr-defined]
    if kind is None or act is None or case is None or kind.chapter == "foundation":
        return 0
    body = next((a.organisation_name for a in staff.actors if a.organisation == entry.organisation), "")
    owed = _owed(kind, case) if case.state == entry.to_state else ()
    wanted = {role for a in owed for role in a.by}
    others = [a for a in staff.actors if person_hash(a.person) != entry.by]
    made, done = 0, set()
    for actor in seeing(kind, case, (a for a in others if a.roles & wanted)):
        mine = tuple(
            a for a in owed if a.by & actor.roles and not refusals(kind.name, a.name, by=actor, at=at, case=case)
        )
        if mine:
            said = Said(f"act:{entry.index}", "todo", words.to_do(case, act, _named(body), mine), act.article, act.name)
            made += _told(case, [actor], said, entry.at)
            done.add((actor.person, actor.organisation))
    also = case.told_also(act.name, entry.at)
    if entry.from_state == entry.to_state and not also:  # a note on the way is no news
        return made
    named = parties(case) | also
    rest = [a for a in others if a.organisation in named and (a.person, a.organisation) not in done and a.roles]
    text = words.news(kind, case, act, _named(body), entry.to_state)
    return made + _told(
        case, seeing(kind, case, rest), Said(f"act:{entry.index}", "news", text, act.article, act.name), entry.at
    )


def _owed(kind: CaseType, case: Any) -> tuple[Act[Any], ...]:
    return tuple(a for a in kind.lifecycle.from_state(case.state) if a.duty)


def _named(body: str) -> Text:
    return Text(body, body) if body else _PLATFORM


def told_of_deadlines(staff: Staff, at: datetime) -> int:
    """Every running deadline: near to its end and overdue to those who owe it, long overdue to who supervises them."""
    lead = int(value("notices.lead-workdays"))
    dues = Due.objects.filter(done_at=None, paused_at=None, due_at__lte=due_workdays(at, lead)).order_by("due_at", "id")
    told = set(Notice.objects.filter(key__startswith="due:").values_list("key", flat=True).distinct())
    return sum(_of_due(due, told, staff, at) for due in dues)


def _of_due(due: Due, told: set[str], staff: Staff, at: datetime) -> int:
    kind = case_types().get(due.case_type)
    deadline = declared(kind, due) if kind else None
    wanted = [how for how in _stages(due, deadline, at) if f"due:{due.pk}:{how}" not in told] if deadline else []
    if kind is None or deadline is None or not wanted:
        return 0
    case = kind.model.objects.filter(code=due.case_code).first()  # type: ignore[attr-defined]
    if case is None:
        return 0
    owing = deadline.of or {role for a in _owed(kind, case) for role in a.by}
    made = 0
    for how in wanted:
        people = staff.in_roles(SUPERVISORS if how == "escalated" else owing)
        made += _of_deadline(how, due, deadline, case, seeing(kind, case, people), at)
    return made


def _stages(due: Due, deadline: Deadline, at: datetime) -> list[str]:
    """What is to be told of a deadline by now; the supervisors' own are not told to themselves again."""
    if due.due_at > at:
        return ["soon"]
    late = workdays_between(last_day(due.due_at), local_day(at))
    long_ago = late >= int(value("notices.escalation-workdays"))
    return ["overdue", "escalated"] if long_ago and not deadline.of & SUPERVISORS else ["overdue"]


def _of_deadline(how: str, due: Due, deadline: Deadline, case: Any, people: Iterable[Actor], at: datetime) -> int:
    text = words.of_deadline(how, case, deadline, due.due_at)
    return _told(case, people, Said(f"due:{due.pk}:{how}", how, text, deadline.article), at)


def told_of_ends(staff: Staff, at: datetime) -> int:
    """Every term that a model names as running out, on each of the days that the parameter lists; asked once a day."""
    today, made = local_day(at), 0
    if Told.objects.filter(pk=1, ends_on=today).exists():
        return 0
    for kind in case_types().values():
        for end in getattr(kind.model, "ends", ()):
            running = kind.model.objects.filter(state__in=end.states, **{f"{end.field}__gte": today})  # type: ignore[attr-defined]
            for case in running:
                left = (getattr(case, end.field) - today).days
                steps = [int(s) for s in str(value(end.parameter, case.region)).split(",")]
                step = min((s for s in steps if left <= s), default=None)
                if step is None:
                    continue
                text = words.of_end(case, end.asks, end.article, getattr(case, end.field).isoformat(), left)
                said = Said(f"end:{kind.name}:{case.code}:{end.field}:{step}", "end", text, end.article)
                made += _told(case, seeing(kind, case, staff.in_roles(end.of)), said, at)
    Told.objects.update_or_create(pk=1, defaults={"ends_on": today})
    return made


def _told(case: Any, people: Iterable[Actor], said: Said, at: datetime) -> int:
    """Notices to these people, each once; how many were new."""
    rows = [
        Notice(
            person=a.person, organisation=a.organisation, key=said.key, kind=said.kind, act=said.act, at=at,
            case_type=case.lifecycle.name, case_code=case.code, article=said.article.key, zh=str(said.text)[:600],
            en=said.text.en[:900],
        )
        for a in people
    ]  # fmt: skip
    known = set(Notice.objects.filter(key=said.key).values_list("person", "organisation"))
    fresh = [r for r in rows if (r.person, r.organisation) not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)
