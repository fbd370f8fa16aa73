"""The indicators of evaluations and their formulas: each a share of its points, computed from the platform's record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dianchi.kernel.money import round_half_up
from dianchi.kernel.text import Text

Record = Mapping[str, int | str]


def _up_to(key: str, enough: int) -> Callable[[Record], Fraction]:
    """Rises evenly, whole from `enough` on."""
    return lambda r: min(Fraction(1), Fraction(int(r.get(key, 0)), enough))


def _less(key: str, each: int) -> Callable[[Record], Fraction]:
    """Whole without any; `each` per cent less for every one."""
    return lambda r: max(Fraction(0), 1 - Fraction(int(r.get(key, 0)) * each, 100))


def _ratio(key: str) -> Callable[[Record], Fraction]:
    """A share that the record gives as a decimal."""
    return lambda r: max(Fraction(0), min(Fraction(1), Fraction(Decimal(str(r.get(key, "0"))))))


def _within(record: Record) -> Fraction:
    """Whole within ten per cent of the permitted revenue, nothing beyond thirty; half where no year is reported yet."""
    if record.get("deviation", "") == "":
        return Fraction(1, 2)
    size = abs(Fraction(Decimal(str(record["deviation"]))))
    return max(Fraction(0), min(Fraction(1), (30 - size) / 20))


@dataclass(frozen=True)
class Indicator:
    """A share of the hundred points, what it is given for, and how."""

    key: str
    title: Text
    points: int
    formula: Text
    share: Callable[[Record], Fraction]


_DUTIES = Text("每逾期一次扣两成", "20 per cent off for each overdue duty")
_SAFE = Text("每次安全事件或关停扣四成", "40 per cent off for each incident or closure")
INDICATORS: dict[str, tuple[Indicator, ...]] = {
    "OPERATOR": (
        Indicator("scenarios", Text("发布场景", "Scenarios published"), 10,
                  Text("两个及以上得满分", "Full from two on"), _up_to("scenarios", 2)),
        Indicator("products", Text("上架产品", "Products listed"), 15,
                  Text("三个及以上得满分", "Full from three on"), _up_to("products", 3)),
        Indicator("calls", Text("交付次数", "Answers delivered"), 10,
                  Text("一百次及以上得满分", "Full from a hundred on"), _up_to("calls", 100)),
        Indicator("deviation", Text("收入与准许收入相符", "Revenue as permitted"), 10,
                  Text("偏离不超过百分之十得满分，达百分之三十不得分，尚未报告得一半",
                       "Full within 10 per cent, none from 30, half while unreported"), _within),
        Indicator("fairness", Text("公平对待", "Fair treatment"), 10,
                  Text("每次不予接受订单或者开发主体扣一成", "10 per cent off for each order or developer refused"),
                  _less("refusals", 10)),
        Indicator("duties", Text("按时履职", "Duties on time"), 15, _DUTIES, _less("overdue", 20)),
        Indicator("accounts", Text("独立核算", "Separate accounts"), 10,
                  Text("每缺一个月扣两成", "20 per cent off for each month missing"), _less("months_missing", 20)),
        Indicator("disclosure", Text("信息披露", "Disclosure"), 10,
                  Text("上一年度按时披露得满分", "Full if the year before was disclosed in time"), _ratio("disclosed")),
        Indicator("safety", Text("安全运行", "Safe operation"), 10, _SAFE, _less("events", 40)),
    ),
    "DEVELOPER": (
        Indicator("products", Text("通过审查的产品", "Products approved"), 30,
                  Text("两个及以上得满分", "Full from two on"), _up_to("products", 2)),
        Indicator("calls", Text("交付次数", "Answers delivered"), 20,
                  Text("一百次及以上得满分", "Full from a hundred on"), _up_to("calls", 100)),
        Indicator("returns", Text("一次通过", "Passed at once"), 20,
                  Text("每退回一次扣两成", "20 per cent off for each return"), _less("returns", 20)),
        Indicator("duties", Text("按时履职", "Duties on time"), 15, _DUTIES, _less("overdue", 20)),
        Indicator("safety", Text("安全运行", "Safe operation"), 15, _SAFE, _less("events", 40)),
    ),
    "PROVIDER": (
        Indicator("items", Text("发布目录", "Catalogue items"), 20,
                  Text("三条及以上得满分", "Full from three on"), _up_to("items", 3)),
        Indicator("supplied", Text("供数到位", "Supplied"), 20,
                  Text("有在用数据的目录占全部目录的比例", "Share of items with data in service"), _ratio("supplied")),
        Indicator("quality", Text("数据质量", "Quality"), 30,
                  Text("在用数据质量得分的平均值", "Mean quality score of the data in service"), _ratio("quality")),
        Indicator("tickets", Text("质量问题办结", "Quality tickets closed"), 15,
                  Text("每个未办结的问题扣两成", "20 per cent off for each open ticket"), _less("tickets_open", 20)),
        Indicator("duties", Text("按时履职", "Duties on time"), 15, _DUTIES, _less("overdue", 20)),
    ),
}  # fmt: skip
GRADES = ((90, "excellent"), (70, "pass"), (60, "rectify"), (0, "fail"))


def points(subject: str, record: Record, weights: Mapping[str, int] | None = None) -> dict[str, int]:
    """Points by indicator, rounded half up; the plan's weights stand for the usual ones where it has its own."""
    return {
        i.key: int(round_half_up(i.share(record) * (weights or {}).get(i.key, 0 if weights else i.points)))
        for i in INDICATORS[subject]
    }


def grade(total: int) -> str:
    """The grade of a sum."""
    return next(name for least, name in GRADES if total >= least)


def effect(grades: list[str], fails_before_exit: int) -> str:
    """What follows for the agreement from the latest grade and those before it, latest first."""
    fails = 0
    while fails < len(grades) and grades[fails] == "fail":
        fails += 1
    if fails >= fails_before_exit:
        return "EXIT"
    return "RENEW" if grades[0] in ("excellent", "pass") else "RECTIFY"
