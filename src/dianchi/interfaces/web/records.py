"""Records that need more than a generic table: rule results and scores of a load, lines of a bill, data contracts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from dianchi.chapters.operation.tariffs.charges import LINES
from dianchi.interfaces.web import parties
from dianchi.interfaces.web.facts import Fact
from dianchi.interfaces.web.terms import word
from dianchi.kernel.text import Text, join

RULE, SAYS, OUTCOME = Text("规则", "Rule"), Text("要求", "What it asks"), Text("不符时", "If broken")
FAILED, SHARE, COLUMN = Text("不符行数", "Rows that break it"), Text("占比", "Share"), Text("字段", "Column")
DIMENSIONS = {
    "normative": Text("规范性", "Normative"), "complete": Text("完整性", "Complete"), "accurate": Text("准确性", "Accurate"),
    "consistent": Text("一致性", "Consistent"), "timely": Text("时效性", "Timely"), "accessible": Text("可访问性", "Accessible"),
}  # fmt: skip
KINDS = {
    "type": Text("类型正确", "Is of its type"), "not_null": Text("不为空", "Is not empty"), "unique": Text("不重复", "Is unique"),
    "range": Text("在取值范围内", "Is within its range"), "set": Text("在取值集合内", "Is one of a set"),
    "length": Text("长度符合", "Has the right length"), "pattern": Text("符合模式", "Fits its pattern"),
    "format": Text("格式正确", "Has the right format"), "compare": Text("字段间关系成立", "Relation between columns holds"),
    "non_decreasing": Text("不减少", "Does not fall"), "reference": Text("引用存在", "Refers to what exists"),
}  # fmt: skip
MISSING = Text("—", "—")


def _cell(label: Text, kind: str, value: Any) -> Fact:
    return Fact(label, kind if value not in (None, "") else "empty", value)


def _table(label: Text, heads: list[Text], rows: list[list[Fact]], foot: list[Fact] | None = None) -> Fact:
    return Fact(label, "table", {"heads": heads, "rows": rows, "foot": foot or []}, wide=True)


def _bilingual(value: Any) -> Any:
    return Text(value["zh"], value.get("en", value["zh"])) if isinstance(value, dict) and "zh" in value else value


def _rules(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {r["name"]: r for r in contract.get("rules", ()) if isinstance(r, dict) and "name" in r}


def _columns(rule: dict[str, Any]) -> str:
    return ", ".join(str(c) for c in (rule.get("columns") or [rule.get("column", "")]) if c)


def _titles(contract: dict[str, Any]) -> dict[str, Any]:
    columns = contract.get("columns", ())
    return {c["name"]: _bilingual(c.get("title", c["name"])) for c in columns if isinstance(c, dict) and "name" in c}


def rule_results(case: Any, label: Text, value: list[dict[str, Any]]) -> Fact:
    """Each rule in words, how many rows broke it and what became of them."""
    contract = getattr(case.item, "contract", None) or {}
    named, titles = _rules(contract), _titles(contract)
    rows = []
    for result in value:
        kind, _, column = str(result.get("rule", "")).partition(":")
        rule = named.get(kind, {})
        column = column or _columns(rule)
        said = _bilingual(rule.get("says")) or KINDS.get(rule.get("kind", kind), kind)
        failed, of = int(result.get("failed", 0)), case.rows_received or 0
        rows.append([
            _cell(SAYS, "text", said),
            _cell(COLUMN, "named", {"name": titles.get(column, column), "code": column}),
            _cell(OUTCOME, "text", word("severity", str(result.get("severity", ""))) or MISSING),
            _cell(FAILED, "number", failed),
            _cell(SHARE, "percent", Decimal(failed) / of if of else None),
        ])  # fmt: skip
    return _table(label, [SAYS, COLUMN, OUTCOME, FAILED, SHARE], rows)


def scores(case: Any, label: Text, value: dict[str, str]) -> Fact:
    """The dimensions of GB/T 36344 as shares."""
    heads = [DIMENSIONS.get(name, Text(name, name)) for name in DIMENSIONS if name in value]
    cells = [_cell(h, "percent", Decimal(str(value[n]))) for n, h in DIMENSIONS.items() if n in value]
    return _table(label, heads, [cells])


def lines(case: Any, label: Text, value: list[dict[str, Any]]) -> Fact:
    """What is charged, how much of it at which price, and the amount, with the total."""
    what, quantity = Text("项目", "Item"), Text("数量", "Quantity")
    price, amount = Text("单价（元）", "Price (yuan)"), Text("金额", "Amount")
    rows = [
        [_cell(what, "text", _item(v)), _cell(quantity, "text", str(v.get("quantity", v.get("calls", "")))),
         _cell(price, "text", v.get("price") or MISSING), _cell(amount, "money", v.get("amount_fen"))]
        for v in value
    ]  # fmt: skip
    total = sum(int(v.get("amount_fen", 0)) for v in value)
    foot = [_cell(what, "text", Text("合计", "Total")), _cell(quantity, "text", MISSING), _cell(price, "text", MISSING),
            _cell(amount, "money", total)]  # fmt: skip
    return _table(label, [what, quantity, price, amount], rows, foot)


def _item(line: dict[str, Any]) -> Text:
    """The kind of a line; a discount says how much it is."""
    said = LINES.get(str(line.get("what", "units")), LINES["units"])
    return Text(f"{said}（{line['percent']}%）", f"{said.en} ({line['percent']}%)") if line.get("percent") else said


def contract(case: Any, label: Text, value: dict[str, Any]) -> Fact:
    """The rules that every delivery must keep."""
    titles = _titles(value)
    rows = []
    for column in (c for c in value.get("columns", ()) if isinstance(c, dict)):
        asks = [KINDS["not_null"]] * bool(column.get("required")) + [KINDS["unique"]] * bool(column.get("unique"))
        asks += [KINDS["format"]] * bool(column.get("format"))
        if asks:
            rows.append(_rule(titles, str(column.get("name", "")), join(tuple(asks)), "quarantine"))
    for rule in _rules(value).values():
        asked = _bilingual(rule.get("says")) or KINDS.get(str(rule.get("kind")), MISSING)
        default = "warn" if rule.get("kind") == "non_decreasing" else "quarantine"
        rows.append(_rule(titles, _columns(rule), asked, str(rule.get("severity", default))))
    return _table(label, [COLUMN, SAYS, OUTCOME], rows) if rows else Fact(label, "empty")


def _rule(titles: dict[str, Any], columns: str, asked: Any, severity: str) -> list[Fact]:
    return [
        _cell(COLUMN, "named", {"name": titles.get(columns, columns), "code": columns}),
        _cell(SAYS, "text", asked),
        _cell(OUTCOME, "text", word("severity", severity) or MISSING),
    ]


def signatures(case: Any, label: Text, value: Any) -> Fact:
    """Who signed when; whether each still holds is checked beside the facts."""
    names = parties.names({s["organisation"] for s in value})
    said = [f"{s['party']}　{names[s['organisation']]}　{s['at'][:10]}" for s in value]
    return Fact(label, "list", [Fact(label, "text", text) for text in said], wide=True)


def problems(case: Any, label: Text, value: list[dict[str, str]]) -> Fact:
    """Why a run came to nothing, in the language of the page."""
    return Fact(label, "list", [Fact(label, "text", Text(each["zh"], each["en"])) for each in value], wide=True)


SPECIAL: dict[tuple[str, str], Callable[[Any, Text, Any], Fact]] = {
    ("supply", "rule_results"): rule_results,
    ("supply", "scores"): scores,
    ("settlement", "lines"): lines,
    ("catalogue", "contract"): contract,
    ("runs", "problems"): problems,
    ("agreements", "signatures"): signatures,
    ("contracts", "signatures"): signatures,
}
