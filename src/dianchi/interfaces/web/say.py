"""How values are said to a person, in the language of the page: texts, money, days, time left."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_UP, Decimal

from django.utils.translation import get_language

from dianchi.kernel.text import Language, Text, localize
from dianchi.kernel.workdays import SHANGHAI, workdays_between

CODES = {"zh": "zh-hans", "en": "en"}  # what Django calls them
COOKIE = "dianchi_language"


def language() -> Language:
    """The language of the page being written: Chinese unless the person chose English."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def say(value: object) -> object:
    """A bilingual text in the language of the page; anything else as it is."""
    return localize(value, language())


def t(zh: str, en: str, **values: object) -> str:
    """One of two sentences, with its placeholders filled."""
    return str(say(Text(zh, en).format(**values) if values else Text(zh, en)))


def fen(value: object) -> str:
    """Money: ¥ 12,345.00 from integer fen."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        return "—"
    return f"¥ {Decimal(value) / 100:,.2f}"


def number(value: object) -> str:
    """A figure with thousands separated."""
    if isinstance(value, Decimal):
        return f"{value:,f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def percent(value: object) -> str:
    """99.99 % of a share from 0 to 1; a share that is not whole never reads as 100 %, nor one above none as 0 %."""
    if not isinstance(value, int | float | Decimal):
        return "—"
    share = Decimal(value) * 100
    shown = share.quantize(Decimal("0.01"), rounding=ROUND_DOWN if share > 50 else ROUND_UP)
    return f"{shown.normalize():f}%" if shown else "0%"


def local(value: datetime) -> datetime:
    """In the legal zone."""
    return value.astimezone(SHANGHAI)


def day(value: object) -> str:
    """2026-11-23."""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d")
    return value.isoformat() if isinstance(value, date) else "—"


def moment(value: object) -> str:
    """2026-11-23 09:42."""
    return local(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else "—"


def last_moment(due_at: datetime) -> str:
    """The exact end: a term that ends at midnight is said as 24:00 of the day before."""
    end = local(due_at)
    if (end.hour, end.minute) == (0, 0):
        return f"{(end - timedelta(days=1)):%Y-%m-%d} 24:00"
    return f"{end:%Y-%m-%d %H:%M}"


def last_day(due_at: datetime) -> date:
    """The day on whose end, or within which, a term ends."""
    return (local(due_at) - timedelta(microseconds=1)).date()


def timeleft(due_at: datetime | None, at: datetime) -> str:
    """剩 3 个工作日, 今日到期, 逾期 2 个工作日."""
    if due_at is None:
        return t("无时限", "no time limit")
    today, end = local(at).date(), last_day(due_at)
    if due_at <= at:
        n = workdays_between(end, today)
        if n < 1:
            return t("已逾期", "overdue")
        return t("逾期 {n} 个工作日", "{n} working days overdue" if n > 1 else "{n} working day overdue", n=n)
    if end == today:
        return t("今日到期", "due today")
    n = workdays_between(today, end)
    return t("剩 {n} 个工作日", "{n} working days left" if n != 1 else "{n} working day left", n=n)


def ago(value: datetime, at: datetime) -> str:
    """How long something has stood: 今天, 昨天, 5 天前."""
    n = (local(at).date() - local(value).date()).days
    if n <= 0:
        return t("今天", "today")
    return t("昨天", "yesterday") if n == 1 else t("{n} 天前", "{n} days ago", n=n)
