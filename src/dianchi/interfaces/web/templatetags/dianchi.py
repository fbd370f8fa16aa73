"""The tags of our templates; a builtin library, so no template loads it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dianchi.foundation.cases import queries
from dianchi.interfaces.web import articles, parties, say, timeline
from dianchi.interfaces.web.icons import ICONS
from dianchi.interfaces.web.words import WORDS
from dianchi.kernel.actors import Role
from dianchi.kernel.lifecycle import CaseState
from dianchi.kernel.text import Text, join

REVEALED = Text("密钥", "Secret")
OVERSIGHT = frozenset({Role.BUREAU, Role.AUDITOR, Role.AUTHORIZER, Role.PRICE, Role.SECTOR})

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> str:
    """One of two sentences: {% t "提交" "Submit" %}."""
    return say.t(zh, en, **values)


@register.filter(name="say")
def say_filter(value: object) -> object:
    """A bilingual text in the language of the page."""
    return say.say(value)


register.filter("fen", say.fen)
register.filter("number", say.number)
register.filter("percent", say.percent)
register.filter("day", say.day)
register.filter("moment", say.moment)
register.filter("last_moment", say.last_moment)


@register.filter
def timeleft(due_at: datetime | None, at: datetime) -> str:
    """{{ due.due_at|timeleft:request.at }}."""
    return say.timeleft(due_at, at)


@register.filter
def ago(value: datetime, at: datetime) -> str:
    """{{ case.state_since|ago:request.at }}."""
    return say.ago(value, at)


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """A picture from the one set; decorative unless it has a title."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"there is no icon {name}")
    hidden = format_html('role="img" aria-label="{}"', title) if title else SafeString('aria-hidden="true"')
    href = f"{static('vendor/icons.svg')}#{name}"
    return format_html('<svg class="icon" {} width="20" height="20"><use href="{}"></use></svg>', hidden, href)


@register.simple_tag
def badge(tone: str, word: object) -> SafeString:
    """A word with its colour and icon: never the colour alone."""
    return format_html('<span class="tone tone-{}">{}{}</span>', tone, icon(tone), say.say(word))


@register.simple_tag
def state(case: Any) -> SafeString:
    """The state of a case, or a state itself."""
    if case is None or (not getattr(case, "state", None) and not isinstance(case, CaseState)):
        return badge("draft", Text("未建立", "Not opened"))
    found = case if isinstance(case, CaseState) else case.lifecycle.state(case.state)
    return badge(str(found.tone.value), found.label)


@register.inclusion_tag("web/parts/article.html")
def article(cited: Any) -> dict[str, Any]:
    """A citation that opens a card: short title, gist, source and status."""
    return {"card": articles.card(cited)}


@register.inclusion_tag("web/parts/refusals.html")
def refusals(reasons: Any) -> dict[str, Any]:
    """Every reason with its article and remedy."""
    return {"reasons": reasons}


@register.filter
def at(mapping: Any, key: object) -> Any:
    """The value of a key that is a variable."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def index(items: Any, i: int) -> Any:
    """One of several, by place."""
    return items[i]


@register.filter
def role_names(roles: Any) -> str:
    """The roles of an actor, in the order of the law."""
    return str(say.say(join(tuple(r.label for r in Role if r in roles))))


@register.filter
def region_name(code: str) -> object:
    """The name of a division."""
    return say.say(parties.region(code))


@register.filter
def oversees(actor: Any) -> bool:
    """Whether the actor has a cockpit."""
    return bool(actor and actor.roles & OVERSIGHT)


@register.filter
def is_figure(value: Any) -> bool:
    """Whether a value is a figure, which stands to the right."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


@register.filter
def develops(actor: Any) -> bool:
    """Whether the actor has a workbench for developing."""
    return bool(actor and actor.plays(Role.DEVELOPER))


@register.filter
def mine(offered: Any) -> list[Any]:
    """The acts that the actor's own roles do."""
    return [o for o in offered if o.mine]


@register.filter
def others(offered: Any) -> list[Any]:
    """The acts that other roles do."""
    return [o for o in offered if not o.mine]


@register.filter
def due_of(running: Any, case: Any) -> Any:
    """The soonest running deadline of a case."""
    return next(iter(running.get((case.lifecycle.name, case.code), ())), None)


@register.simple_tag
def view_query(view: Any, **changed: object) -> str:
    """The address of a list with something changed."""
    query: str = view.query(**changed)
    return query


@register.simple_tag
def column_value(column: Any, case: Any) -> str:
    """The value of an app's own column."""
    from dianchi.interfaces.web import sections

    return sections.plain(column, case) or "—"


@register.simple_tag
def sort_head(sorts: Any, field: str, zh: str, en: str) -> SafeString:
    """A column head that sorts."""
    address, now = sorts[field]
    way = {"up": "ascending", "down": "descending"}.get(now, "none")
    picture = icon(f"sort-{now}") if now else icon("sort")
    return format_html(
        '<th scope="col" aria-sort="{}"><a class="sort{}" href="{}">{}{}</a></th>',
        way, " on" if now else "", address, say.t(zh, en), picture,
    )  # fmt: skip


@register.filter
def values(choices: Any) -> set[str]:
    """The values of choices, without their words."""
    return {value for value, _ in choices}


@register.filter
def word(name: str) -> object:
    """The word for a name that only machines use."""
    return say.say(WORDS.get(name, REVEALED))


@register.filter
def whole(value: Any) -> Any:
    """A figure that was summed as a fraction, without its point where there is nothing behind it."""
    return int(value) if isinstance(value, float) and value == int(value) else value


@register.filter
def entry_title(entry: Any) -> str:
    """What a ledger entry records, in words."""
    return str(say.say(timeline.title_of(entry.kind)))


@register.filter
def many(n: int) -> str:
    """A count that goes no further than lists count: "2,000+"."""
    return f"{queries.MANY:,}+" if n > queries.MANY else f"{n:,}"


@register.filter
def bound(n: int) -> str:
    """The same of pages, which end where counting ends."""
    return f"{queries.MANY:,}+" if n >= queries.MANY else f"{n:,}"
