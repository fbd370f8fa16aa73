"""Detection: columns by content, with check digits where there are any, and by name; confidence with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from dianchi.engines.classify import words
from dianchi.engines.classify.categories import CATEGORIES, Category
from dianchi.engines.quality import ROW, ColumnContract
from dianchi.engines.quality.formats import FORMATS, TIMES, full_match
from dianchi.engines.quality.rows import connect
from dianchi.engines.quality.sql import text, typed

_FEW = 5000  # rows on which every category is tried; identity numbers are looked for in all rows
_MANY = 5  # fewer matches than this prove little
_STRONG = {"citizen_id", "uscc"}  # a check digit and a date or an alphabet: chance matches are rarer than 1 in 10,000


@dataclass(frozen=True)
class Finding:
    """What a column seems to be."""

    column: str
    category: str
    confidence: float  # 0 to 1
    matches: int  # values that match the category's content
    examined: int  # values that are not missing
    by_name: bool

    @property
    def level(self) -> int:
        """The general-data sub-level that the category proposes."""
        return CATEGORIES[self.category].level


def classify(sample: pa.Table, comments: Mapping[str, str] | None = None) -> dict[str, Finding]:
    """The most likely category of each text column that has one; `comments` are titles or remarks by column."""
    found: dict[str, Finding] = {}
    step = max(1, sample.num_rows // _FEW)
    few = sample if step == 1 else sample.take(pa.array(range(0, sample.num_rows, step)))
    with connect() as connection:
        connection.register("few", few)
        connection.register("sample", sample)
        for name in sample.column_names:
            if name == ROW:
                continue
            spoken = " ".join((words.spoken(name), words.spoken((comments or {}).get(name, ""))))
            best = _best(name, spoken, _counts(connection, name, "few", _COUNTED))
            if few is not sample:
                rare = _best(name, spoken, _counts(connection, name, "sample", _RARE))
                best = max((f for f in (rare, best) if f), key=lambda f: f.confidence, default=None)
            if best is not None:
                found[name] = best
    return found


def _counts(connection: duckdb.DuckDBPyConnection, name: str, table: str, counted: Mapping[str, str]) -> dict[str, int]:
    """How many values there are, and how many match each content."""
    clean = ("halfwidth", "trim") if counted is _COUNTED else ()  # cleaning costs more than the rarest find is worth
    value = text(ColumnContract("x", source=name, clean=clean))
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition in counted.values())
    query = f"SELECT count(x), {counts} FROM (SELECT {value} AS x FROM {table})"  # noqa: S608 - quoted names
    row = connection.execute(query).fetchone()
    assert row is not None
    return dict(zip(("values", *counted), (int(v or 0) for v in row), strict=True))


def _best(name: str, spoken: str, counts: Mapping[str, int]) -> Finding | None:
    values = counts["values"]
    findings = []
    for category in CATEGORIES.values():
        hinted = bool(category.hint.search(spoken))
        matches = counts.get(category.key, 0)
        confidence = _confidence(category, hinted, matches, counts.get(f"{category.key}:shape", 0), values)
        if confidence > 0:
            findings.append(Finding(name, category.key, round(confidence, 2), matches, values, hinted))
    return max(findings, key=lambda f: f.confidence, default=None)


def _confidence(category: Category, hinted: bool, matches: int, shaped: int, values: int) -> float:
    """Content and name together; neither alone is ever certain."""
    share = matches / values if values else 0.0
    if hinted and values and not matches and category.named == 0:
        return 0.7  # coded values: only the name tells
    if category.key not in _CONTENT:
        return 0.7 if hinted and values else 0.0
    if hinted and not values:
        return 0.4
    floor = min(category.alone, category.named if hinted and category.named is not None else 2.0)
    if category.key in _SHAPES and matches * 2 < shaped:
        return 0.0  # numbers of the right shape whose check digits fail: some pass by chance
    enough = matches >= _MANY or (matches > 0 and share >= 0.9)
    if share < floor or not enough:
        return 0.0
    certainty = max(share, 0.6) if category.key in _STRONG else share
    return min(0.99, 0.35 + 0.64 * certainty if hinted else 0.2 + 0.75 * certainty)


def _in_range(low: float, high: float, digits: int) -> str:
    value = typed(ColumnContract("x", "double"), "x")
    return f"({value} BETWEEN {low} AND {high} AND regexp_matches(x, '[.][0-9]{{{digits},}}$'))"


def _matching(pattern: str) -> str:
    return full_match(pattern)("x")


def _formatted(name: str) -> str:
    return FORMATS[name]("x")


def _dated() -> str:
    shapes = "|".join(shape for key, (shape, _) in TIMES.items() if not key.startswith("datetime"))
    return _matching(f"({shapes})( 00:00:00)?")


_HAN = r"[\x{3400}-\x{9fff}\x{20000}-\x{2ebef}]"
_PERSON = f"(({words.DOUBLE}){_HAN}{{1,2}}|[{words.SURNAMES}]{_HAN}{{1,2}}|{_HAN}{{1,7}}(·{_HAN}{{1,8}}){{1,3}})"
_NOT_PERSON = f"({words.NOT_NAMES})|.*{words.PLACE}|.*{words.ORGANISATION}|({words.ETHNIC})族"
_ADDRESS = (
    f".*({words.PLACE}.*){{2,}}|.*(路|街|巷|大道).*[0-9]+号.*"
    "|.*(村|社区|小区).*([0-9]+|[一二三四五六七八九十]+)(组|号|栋|幢|室).*"
)
_CONTENT: dict[str, str] = {
    "citizen_id": _formatted("citizen_id"),
    "passport": _formatted("passport"),
    "bank_card": f"({_formatted('bank_card')} AND regexp_matches(x, '^([345]|62)') AND length(x) >= 15)",
    "phone": _formatted("phone"),
    "landline": f"({_formatted('landline')} AND NOT {_formatted('phone')})",
    "email": _formatted("email"),
    "plate": _formatted("plate"),
    "person_name": f"({_matching(_PERSON)} AND NOT {_matching(_NOT_PERSON)})",
    "uscc": f"({_formatted('uscc')} AND NOT {_formatted('citizen_id')} AND regexp_matches(x, '^[1-9ANY][0-9]'))",
    "address": f"({_matching(_ADDRESS)} AND length(x) >= 6 AND NOT {_matching('.*' + words.ORGANISATION)})",
    "longitude": _in_range(73, 136, 2),
    "latitude": _in_range(3, 54, 2),
    "coordinates": _matching(r"[\[(]?(POINT ?\(?)?[0-9]{1,3}\.[0-9]{3,}[ ,，]+[0-9]{1,3}\.[0-9]{3,}[\])]*"),
    "birth_date": _dated(),
    "age": _matching("([0-9]|[1-9][0-9]|1[01][0-9]|120)(岁|周岁)?"),
    "sex": _matching("男|女|男性|女性|未知的?性别|M|F|m|f|male|female|Male|Female"),
    "ethnicity": _matching(f"({words.ETHNIC})(族)?"),
    "income": _matching(r"[0-9]+([.][0-9]{1,2})?"),
    "postcode": _formatted("postcode"),
    "division_code": f"({_formatted('division')} AND NOT {_formatted('phone')})",
    "place_name": f"({_matching(f'{_HAN}{{1,20}}{words.PLACE}')} AND NOT {_matching(_ADDRESS)})",
    "organisation": _matching(f".*{_HAN}.*{words.ORGANISATION}(（.*）)?"),
}

_SHAPES = {
    "citizen_id": _matching("[1-9][0-9]{16}[0-9Xx]"),
    "uscc": _matching("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}"),
}
_COUNTED = {**_CONTENT, **{f"{key}:shape": condition for key, condition in _SHAPES.items()}}
_RARE = {key: _COUNTED[key] for key in ("citizen_id", "citizen_id:shape")}
