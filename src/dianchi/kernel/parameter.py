"""A parameter: one figure of the law or one default of ours, with its source and the bounds an override must keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.law.articles import Article
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.text import Text

Value = int | Decimal | bool | str


class Unit(StrEnum):
    """What a figure counts."""

    NONE = ""
    WORKDAYS = "workdays"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"
    POINTS = "points"  # percentage points: 6 is six of them
    RATIO = "ratio"  # 0.10 is ten per cent
    COUNT = "count"
    PEOPLE = "people"
    MEGABYTES = "megabytes"
    HOSTS = "hosts"  # names of hosts, by commas

    @property
    def label(self) -> Text:
        """For people, after the figure."""
        return _LABELS[self]


_LABELS = {
    Unit.NONE: Text("", ""),
    Unit.WORKDAYS: Text("个工作日", "working days"),
    Unit.DAYS: Text("日", "days"),
    Unit.MONTHS: Text("个月", "months"),
    Unit.YEARS: Text("年", "years"),
    Unit.HOURS: Text("小时", "hours"),
    Unit.MINUTES: Text("分钟", "minutes"),
    Unit.SECONDS: Text("秒", "seconds"),
    Unit.POINTS: Text("个百分点", "percentage points"),
    Unit.RATIO: Text("（比例）", "(ratio)"),
    Unit.COUNT: Text("", ""),
    Unit.PEOPLE: Text("个主体", "subjects"),
    Unit.MEGABYTES: Text("兆字节", "megabytes"),
    Unit.HOSTS: Text("（主机，以逗号分隔）", "(hosts, by commas)"),
}

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?")
_WRONG_KIND = Refusal(
    "parameter.wrong-kind",
    Text("参数值的类型不对。", "The value of the parameter is of the wrong kind."),
    remedy=Text("请按参数的单位填写。", "Enter it in the unit of the parameter."),
)
_OUT_OF_BOUNDS = Refusal(
    "parameter.out-of-bounds",
    Text("参数值超出允许范围。", "The value of the parameter is out of bounds."),
    remedy=Text("请填写最小值与最大值之间的值。", "Enter a value between its minimum and maximum."),
)


@dataclass(frozen=True)
class Parameter:
    """One figure; a region may override it by an act, within the bounds. Where the law sets it, the bounds hold it."""

    key: str
    title: Text
    default: Value
    unit: Unit
    article: Article
    mark: Mark
    rules: tuple[str, ...] = ()  # rules and clocks of the dossier whose figure it is: ("R58", "E3")
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None

    def check(self, value: Value) -> Value:
        """The value if an override may take it, else Invalid; integers are taken for decimals."""
        if isinstance(self.default, Decimal) and type(value) is int:
            value = Decimal(value)
        if type(value) is not type(self.default):
            raise Invalid(self._refusal(_WRONG_KIND))
        if isinstance(value, str):
            self._check_form(value)
        elif not self._within(value):
            raise Invalid(self._refusal(_OUT_OF_BOUNDS))
        return value

    def _within(self, value: int | Decimal) -> bool:
        if isinstance(value, Decimal) and not value.is_finite():
            return False
        return self.minimum is None or self.maximum is None or self.minimum <= value <= self.maximum

    def _check_form(self, value: str) -> None:
        """A text must have the form of the default: "03-31" for dates, "180,90" for lists of numbers."""
        if self.unit is Unit.HOSTS:
            if value and not all(_HOST.fullmatch(part) for part in value.split(",")):
                raise Invalid(self._refusal(_WRONG_KIND))
            return
        shape = str(self.default).partition(",")[0]
        for part in value.split(","):
            if not _same_form(part, shape):
                raise Invalid(self._refusal(_WRONG_KIND))

    def _refusal(self, refusal: Refusal) -> Refusal:
        return Refusal(refusal.code, refusal.message, self.article, refusal.remedy, self.rules, "value")


def _same_form(part: str, shape: str) -> bool:
    if "-" not in shape:
        return part.isascii() and part.isdigit()
    try:
        date.fromisoformat(f"2024-{part}")  # a leap year, so that 29 February may be meant
    except ValueError:
        return False
    return True
