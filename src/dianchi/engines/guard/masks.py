"""Named masks: made of substr, concat, repeat, case and date parts only, so that every engine agrees; never a regexp."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Mask:
    """What stands in for the value: SQL in which `{}` is the column, and the type of the outcome."""

    title: Text
    sql: str
    type: str = "VARCHAR"


def _keep(first: int, last: int) -> str:
    """Show so many characters at either end and stars between; a text too short to hide anything is all stars."""
    stars = f"repeat('*', CASE WHEN length({{}}) > {first + last} THEN length({{}}) - {first + last} ELSE 0 END)"
    tail = f"substr({{}}, length({{}}) - {last - 1}, {last})" if last else "''"
    shown = f"concat(substr({{}}, 1, {first}), {stars}, {tail})"
    return f"CASE WHEN {{}} IS NULL THEN NULL WHEN length({{}}) <= {first + last} THEN '***' ELSE {shown} END"


MASKS: Mapping[str, Mask] = {
    "surname": Mask(
        Text("只留姓氏", "family name only"), "CASE WHEN {} IS NULL THEN NULL ELSE concat(substr({}, 1, 1), '**') END"
    ),
    "id_number": Mask(Text("证件号留前三后二", "identity number, first 3 and last 2"), _keep(3, 2)),
    "phone": Mask(Text("手机号留前三后四", "telephone, first 3 and last 4"), _keep(3, 4)),
    "plate": Mask(Text("车牌留前二后一", "number plate, first 2 and last 1"), _keep(2, 1)),
    "bank_card": Mask(Text("银行卡留后四", "bank card, last 4"), _keep(0, 4)),
    "county": Mask(
        Text("地址只到区县", "address to the county"),
        "CASE WHEN {} IS NULL THEN NULL"
        " WHEN strpos({}, '县') > 0 THEN concat(substr({}, 1, strpos({}, '县')), '***')"
        " WHEN strpos({}, '区') > 0 THEN concat(substr({}, 1, strpos({}, '区')), '***')"
        " WHEN strpos({}, '市') > 0 THEN concat(substr({}, 1, strpos({}, '市')), '***')"
        " ELSE '***' END",
    ),
    "division": Mask(Text("区划只到区县", "division code to the county"), "substr({}, 1, 6)"),
    "birth_year": Mask(Text("生日只留年份", "year of birth only"), "CAST(year({}) AS BIGINT)", "BIGINT"),
    "month": Mask(Text("日期只到月", "date to the month"), "CAST(date_trunc('month', {}) AS DATE)", "DATE"),
    "email": Mask(
        Text("邮箱只留域名", "e-mail, domain only"),
        "CASE WHEN strpos({}, '@') > 1 THEN concat('***', substr({}, strpos({}, '@'), 254)) ELSE '***' END",
    ),
    "hidden": Mask(Text("全部隐去", "hidden altogether"), "CASE WHEN {} IS NULL THEN NULL ELSE '***' END"),
    "null": Mask(Text("置空", "nothing at all"), "CAST(NULL AS VARCHAR)"),
}
