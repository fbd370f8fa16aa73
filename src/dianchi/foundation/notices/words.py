"""What notices say, in both languages; each names the case, what happened or is due, and the article."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dianchi.foundation.cases.registry import CaseType
from dianchi.kernel.law.articles import Article
from dianchi.kernel.lifecycle import Act, Deadline
from dianchi.kernel.text import Text, join
from dianchi.kernel.workdays import last_day

TITLES = {
    "todo": Text("待办", "To do"),
    "news": Text("进展", "Progress"),
    "soon": Text("临近时限", "Due soon"),
    "overdue": Text("已逾期", "Overdue"),
    "escalated": Text("逾期督办", "Overdue, told to the supervisor"),
    "end": Text("到期提醒", "Running out"),
}
_WAITS = Text(
    "“{case}”（{code}）已由{body}办理“{act}”，请您办理“{wanted}”。依据：{article}。",
    "{body} did “{act}” on “{case}” ({code}); please do: {wanted}. Basis: {article}.",
)
_NEWS = Text(
    "“{case}”（{code}）已由{body}办理“{act}”，现为“{state}”。依据：{article}。",
    "{body} did “{act}” on “{case}” ({code}); it is now “{state}”. Basis: {article}.",
)
_DUE = {
    "soon": Text(
        "“{case}”（{code}）须在{day}前“{asks}”。依据：{article}。",
        "“{case}” ({code}): {asks}, by {day}. Basis: {article}.",
    ),
    "overdue": Text(
        "“{case}”（{code}）应在{day}前“{asks}”，现已逾期，请立即办理。依据：{article}。",
        "“{case}” ({code}): {asks} was due by {day} and is overdue; please do it now. Basis: {article}.",
    ),
    "escalated": Text(
        "“{case}”（{code}）应由{of}在{day}前“{asks}”，逾期未办，请督促。依据：{article}。",
        "“{case}” ({code}): {asks} was due by {day} from {of} and is still not done; please see to it. Basis: {article}.",
    ),
}
_END = Text(
    "“{case}”（{code}）：{asks}，日期为{day}，还有{left}日。依据：{article}。",
    "“{case}” ({code}): {asks} on {day}, {left} days from now. Basis: {article}.",
)


def to_do(case: Any, act: Act[Any], body: Text, wanted: tuple[Act[Any], ...]) -> Text:
    """What an act asks of the reader."""
    wants = join(tuple(a.title for a in wanted))
    return _WAITS.format(**_case(case, act.article), act=act.title, body=body, wanted=wants)


def news(kind: CaseType, case: Any, act: Act[Any], body: Text, state: str) -> Text:
    """What an act brought about."""
    label = kind.lifecycle.state(state).label
    return _NEWS.format(**_case(case, act.article), act=act.title, body=body, state=label)


def of_deadline(how: str, case: Any, deadline: Deadline, due_at: datetime) -> Text:
    """A deadline that is near, has passed, or has passed for long."""
    of = join(tuple(r.label for r in sorted(deadline.of)))
    return _DUE[how].format(
        **_case(case, deadline.article), asks=deadline.asks, day=last_day(due_at).isoformat(), of=of
    )


def of_end(case: Any, asks: Text, article: Article, day: str, left: int) -> Text:
    """Something that runs out on a day."""
    return _END.format(**_case(case, article), asks=asks, day=day, left=left)


def _case(case: Any, article: Article) -> dict[str, object]:
    return {"case": case.title[:120], "code": case.code, "article": article.citation}
