"""Formats with their check digits, as SQL over one text expression; and how dates are spelt in China.

Sources: USCC GB 32100-2015, citizen ID GB 11643-1999, divisions GB/T 2260, bank cards ISO/IEC 7812-1 (Luhn),
plates GA 36-2018. Each expression is total: true or false for any text, NULL for NULL.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from dianchi.kernel.divisions_history import FIRST_YEAR, codes_in

Sql = Callable[[str], str]

PROVINCES = "11|12|13|14|15|21|22|23|31|32|33|34|35|36|37|41|42|43|44|45|46|50|51|52|53|54|61|62|63|64|65|71|81|82|83"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLATE_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def full_match(pattern: str) -> Sql:
    """The whole text matches the pattern (RE2)."""
    return lambda x: f"regexp_full_match({x}, {quoted(pattern)})"


def _checked(pattern: str, check: Sql) -> Sql:
    """The check is computed only where the shape fits."""
    return lambda x: f"CASE WHEN {full_match(pattern)(x)} THEN {check(x)} WHEN {x} IS NULL THEN NULL ELSE false END"


def _digit(x: str, place: int) -> str:
    return f"(ascii(substr({x}, {place}, 1)) - 48)"


def _uscc(x: str) -> str:
    places = [f"(strpos('{USCC_ALPHABET}', substr({x}, {i}, 1)) - 1) * {w}" for i, w in enumerate(USCC_WEIGHTS, 1)]
    return f"substr('{USCC_ALPHABET}', (31 - ({' + '.join(places)}) % 31) % 31 + 1, 1) = substr({x}, 18, 1)"


def _citizen_id(x: str) -> str:
    total = " + ".join(f"{_digit(x, i)} * {w}" for i, w in enumerate(ID_WEIGHTS, 1))
    check = f"substr('10X98765432', ({total}) % 11 + 1, 1) = upper(substr({x}, 18, 1))"
    return f"({check} AND try_strptime(substr({x}, 7, 8), '%Y%m%d') IS NOT NULL)"


def _luhn(x: str) -> str:
    padded, terms = f"lpad({x}, 19, '0')", []
    for place in range(1, 20):
        digit = _digit(padded, place)
        terms.append(digit if place % 2 else f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)")
    return f"({' + '.join(terms)}) % 10 = 0"


_PLATE = (
    f"[{_PLATE_PROVINCES}][A-HJ-NP-Z]·?"
    "([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-K][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJ-K])"
)

FORMATS: dict[str, Sql] = {
    "uscc": _checked("[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", _uscc),
    "citizen_id": _checked(f"({PROVINCES}|91)[0-9]{{4}}(18|19|20)[0-9]{{9}}[0-9Xx]", _citizen_id),
    "bank_card": _checked("[1-9][0-9]{14,18}", _luhn),
    "phone": full_match(r"(\+?86[- ]?)?1[3-9][0-9]{9}"),
    "landline": full_match(r"(\(?0[1-9][0-9]{1,2}\)?[- ]?)?[2-8][0-9]{6,7}([-转][0-9]{1,6})?"),
    "plate": full_match(_PLATE),
    "postcode": full_match("(0[1-7]|[1-7][0-9]|8[0-6])[0-9]{4}"),
    "email": full_match(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    "passport": full_match("([EGDSPH][0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|1[45][0-9]{7}|[DSP]E[0-9]{7})"),
    # GB/T 2260: six digits, padded with zeros; and the bare codes of each level as the statistics bureau writes them.
    "division6": full_match(f"({PROVINCES})[0-9]{{4}}"),
    "division": full_match(f"({PROVINCES})([0-9]{{2}}|[0-9]{{4}}|[0-9]{{7}}|[0-9]{{10}})?"),
    "division.province": full_match(f"({PROVINCES})"),
    "division.prefecture": full_match(f"({PROVINCES})[0-9]{{2}}"),
    "division.county": full_match(f"({PROVINCES})[0-9]{{4}}"),
    "division.township": full_match(f"({PROVINCES})[0-9]{{7}}"),
    "division.village": full_match(f"({PROVINCES})[0-9]{{10}}"),
}


def is_format(name: str) -> bool:
    """Whether there is such a format; a division's may name a year: division@2020."""
    base, at, year = name.partition("@")
    return base in FORMATS and (not at or (base in _BY_YEAR and year.isdigit() and FIRST_YEAR <= int(year) <= 2100))


def matches(name: str, x: str) -> str:
    """The SQL by which a text has the format."""
    base, _, year = name.partition("@")
    return _in_year(base, int(year), x) if year else FORMATS[base](x)


def _in_year(base: str, year: int, x: str) -> str:
    """Yunnan's codes as they were at the end of the year; of other provinces' the shape alone."""
    codes = codes_in(year)
    counties = ", ".join(quoted(c) for c in sorted(codes) if c.startswith("53"))
    prefectures = ", ".join(quoted(c) for c in sorted({c[:4] for c in codes if c.startswith("53")} - {"5300"}))
    known = (
        f"CASE WHEN length({x}) = 2 THEN true WHEN length({x}) = 4 THEN {x} IN ({prefectures})"
        f" ELSE substr({x}, 1, 6) IN ({counties}) END"
    )
    return f"({FORMATS[base](x)} AND (NOT starts_with({x}, '53') OR {known}))"


_BY_YEAR = {"division", "division6", "division.prefecture", "division.county", "division.township", "division.village"}
_SIGNS = "〇零○一二三四五六七八九"


def _worded(x: str) -> str:
    """Chinese number words as figures: 十 is ten, one ten or ten times by what stands around it."""
    x = f"replace(translate({x}, '{_SIGNS}', '000123456789'), '号', '日')"
    for found, figures in (("([0-9])十([0-9])", r"\1\2"), ("([0-9])十", r"\10"), ("十([0-9])", r"1\1"), ("十", "10")):
        x = f"regexp_replace({x}, '{found}', '{figures}', 'g')"
    return x


def _unspaced(x: str) -> str:
    return f"replace({x}, '日 ', '日')"


# What must be put in other words before a pattern reads it.
PREPARED: dict[str, Sql] = {"chinese.words": _worded, "datetime.chinese": _unspaced}
# How a date is spelt: shape (RE2), and the pattern or patterns (by |) that read it. Where several spellings are
# allowed, the first that fits wins.
TIMES: dict[str, tuple[str, str]] = {
    "iso": ("[0-9]{4}-[0-9]{2}-[0-9]{2}", "%Y-%m-%d"),
    "dash": ("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "%Y-%m-%d"),
    "slash": ("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}", "%Y/%m/%d"),
    "compact": ("(1[89]|20)[0-9]{6}", "%Y%m%d"),
    "chinese": ("[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日", "%Y年%m月%d日"),
    "dot": (r"[0-9]{4}\.[0-9]{1,2}\.[0-9]{1,2}", "%Y.%m.%d"),
    "chinese.words": (f"[{_SIGNS}]{{4}}年[{_SIGNS}十]{{1,3}}月[{_SIGNS}十]{{1,3}}[日号]", "%Y年%m月%d日"),
    "datetime": ("[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}", "%Y-%m-%d %H:%M:%S"),
    "datetime.fraction": (
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,6}",
        "%Y-%m-%d %H:%M:%S.%f",
    ),
    "datetime.slash": ("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}", "%Y/%m/%d %H:%M:%S"),
    "datetime.minute": ("[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}", "%Y-%m-%d %H:%M"),
    "datetime.loose": ("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}:[0-9]{2}", "%Y-%m-%d %H:%M:%S"),
    "datetime.loose.minute": ("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2} [0-9]{1,2}:[0-9]{2}", "%Y-%m-%d %H:%M"),
    "datetime.slash.minute": ("[0-9]{4}/[0-9]{1,2}/[0-9]{1,2} [0-9]{1,2}:[0-9]{2}", "%Y/%m/%d %H:%M"),
    "datetime.chinese": (
        "[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日 ?[0-9]{1,2}([:时][0-9]{1,2}[:分][0-9]{1,2}秒?|[:时][0-9]{1,2}分?|时)",
        "%Y年%m月%d日%H:%M:%S|%Y年%m月%d日%H:%M|%Y年%m月%d日%H时%M分%S秒|%Y年%m月%d日%H时%M分|%Y年%m月%d日%H时",
    ),
}


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """The name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def is_pattern(pattern: str) -> bool:
    """Whether the engine takes it as a regular expression."""
    if len(pattern) > 1000:
        return False
    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT regexp_full_match('', ?)", [pattern])
        except duckdb.Error:
            return False
    return True
