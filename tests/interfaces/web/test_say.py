"""Times and money as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from dianchi.interfaces.web import say
from dianchi.kernel.workdays import SHANGHAI

MONDAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


def midnight(*day: int) -> datetime:
    return datetime(*day, tzinfo=SHANGHAI)  # type: ignore[arg-type, misc]


AMOUNTS = [(1_234_500, "¥ 12,345.00"), (0, "¥ 0.00"), (5, "¥ 0.05"), (None, "—"), (Decimal(101), "¥ 1.01")]


@pytest.mark.parametrize(("value", "said"), AMOUNTS)
def test_money(value: object, said: str) -> None:
    assert say.fen(value) == said


@pytest.mark.parametrize(("due", "zh", "en"), [
    (midnight(2026, 3, 6), "剩 3 个工作日", "3 working days left"),  # ends with Thursday
    (midnight(2026, 3, 3), "今日到期", "due today"),
    (MONDAY - timedelta(hours=1), "已逾期", "overdue"),
    (midnight(2026, 2, 28), "逾期 2 个工作日", "2 working days overdue"),  # Friday; the Saturday is a make-up day
    (None, "无时限", "no time limit"),
])  # fmt: skip
def test_time_left_is_counted_in_working_days(due: datetime | None, zh: str, en: str) -> None:
    with translation.override("zh-hans"):
        assert say.timeleft(due, MONDAY) == zh
    with translation.override("en"):
        assert say.timeleft(due, MONDAY) == en


def test_a_term_that_ends_at_midnight_is_said_as_the_end_of_its_last_day() -> None:
    assert say.last_moment(midnight(2026, 3, 6)) == "2026-03-05 24:00"
    assert say.last_moment(MONDAY) == "2026-03-02 12:00"


def test_chinese_is_spoken_unless_english_was_chosen() -> None:
    with translation.override("de"):
        assert say.t("提交", "Submit") == "提交"
    with translation.override("en"):
        assert say.t("共 {n} 项", "{n} in all", n=3) == "3 in all"
