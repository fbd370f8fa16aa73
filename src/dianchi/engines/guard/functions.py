"""The one table of allowed functions: name, arguments, how total, and where it may stand.

`total` is "yes" where no value makes the function fail, else how the rewrite makes it so: "try" wraps it in TRY(…),
"divisor" puts NULLIF on the divisor, "bounded" asks for a literal within bounds. `coarsens` says that one column and
constants under it may be the key of a thresholded group. Nothing here reads the clock, the session or randomness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlglot import exp

Kind = Literal["scalar", "aggregate", "window"]
Total = Literal["yes", "try", "divisor", "bounded"]


@dataclass(frozen=True)
class Function:
    """One allowed function: the node of the parser it is, its arguments, and what holds of it."""

    name: str
    node: str
    args: tuple[str, ...]
    kind: Kind = "scalar"
    total: Total = "yes"
    coarsens: bool = False
    literal: tuple[str, ...] = ()  # arguments that must be constants
    spark: str = ""  # the name in Spark where it differs; "-" where there is none that agrees


def _f(name: str, node: str, args: str = "this", **more: object) -> Function:
    literal = tuple(str(more.pop("literal", "")).split())
    return Function(name, node, tuple(args.split()), literal=literal, **more)  # type: ignore[arg-type]


_SCALAR = (
    _f("abs", "Abs", total="try"),
    _f("round", "Round", "this decimals", total="try", coarsens=True, literal="decimals"),
    _f("floor", "Floor", coarsens=True),
    _f("ceil", "Ceil", coarsens=True),
    _f("trunc", "Trunc", coarsens=True),
    _f("sign", "Sign"),
    _f("sqrt", "Sqrt", total="try"),
    _f("power", "Pow", "this expression", total="try"),
    _f("exp", "Exp", total="try"),
    _f("ln", "Ln", total="try"),
    _f("log", "Log", "this expression", total="try", spark="-"),
    _f("greatest", "Greatest", "this expressions ignore_nulls"),
    _f("least", "Least", "this expressions ignore_nulls"),
    _f("coalesce", "Coalesce", "this expressions", coarsens=True),
    _f("nullif", "Nullif", "this expression"),
    _f("concat", "Concat", "expressions safe coalesce"),
    _f("concat_ws", "ConcatWs", "expressions safe coalesce"),
    _f("substr", "Substring", "this start length", coarsens=True, total="try"),
    _f("left", "Left", "this expression", coarsens=True, total="try"),
    _f("right", "Right", "this expression", coarsens=True, total="try"),
    _f("upper", "Upper", coarsens=True),
    _f("lower", "Lower", coarsens=True),
    _f("trim", "Trim", "this expression position", coarsens=True),
    _f("length", "Length", coarsens=True),
    _f("replace", "Replace", "this expression replacement", total="bounded", literal="expression replacement"),
    _f("strpos", "StrPosition", "this substr", coarsens=True),
    _f("starts_with", "StartsWith", "this expression", coarsens=True),
    _f("ends_with", "EndsWith", "this expression", coarsens=True),
    _f("contains", "Contains", "this expression", coarsens=True),
    _f("lpad", "Pad", "this expression fill_pattern is_left", total="bounded", literal="expression fill_pattern"),
    _f("repeat", "Repeat", "this times", total="bounded", literal="times"),
    _f("reverse", "Reverse"),
    _f("split_part", "SplitPart", "this delimiter part_index", coarsens=True, total="try"),
    _f("md5", "MD5"),
    _f("sha256", "SHA2", "this length"),
    _f("year", "Year", coarsens=True),
    _f("month", "Month", coarsens=True),
    _f("day", "Day", coarsens=True),
    _f("quarter", "Quarter", coarsens=True),
    _f("week", "Week", coarsens=True, spark="-"),
    _f("dayofweek", "DayOfWeek", coarsens=True, spark="-"),
    _f("isodow", "DayOfWeekIso", coarsens=True, spark="-"),
    _f("dayofyear", "DayOfYear", coarsens=True),
    _f("hour", "Hour", coarsens=True),
    _f("minute", "Minute", coarsens=True),
    _f("second", "Second", coarsens=True),
    _f("extract", "Extract", "this expression", coarsens=True),
    _f("date_trunc", "TimestampTrunc", "this unit", coarsens=True),
    _f("date_trunc", "DateTrunc", "this unit unabbreviate", coarsens=True),
    _f("date_diff", "DateDiff", "this expression unit date_part_boundary", total="try"),
    _f("date_add", "DateAdd", "this expression unit", total="try"),
    _f("strftime", "TimeToStr", "this format", coarsens=True, literal="format", spark="-"),
    _f("last_day", "LastDay", coarsens=True, total="try"),
    _f("make_date", "DateFromParts", "year month day", total="try"),
    _f("epoch", "TimeToUnix", spark="-"),
    _f("date", "Date", coarsens=True, total="try"),
    _f("monthname", "Monthname", coarsens=True, spark="-"),
    _f("dayname", "Dayname", coarsens=True, spark="-"),
    _f("isnan", "IsNan", spark="-"),
    # further ones, of which the arguments of an aggregate below a group and the keys know nothing
    _f("regexp_matches", "RegexpLike", "this expression flag", total="try", literal="expression flag", spark="-"),
    _f("regexp_full_match", "RegexpFullMatch", "this expression", total="try", literal="expression", spark="-"),
    _f(
        "regexp_replace",
        "RegexpReplace",
        "this expression replacement modifiers single_replace",
        total="try",
        literal="expression replacement modifiers",
        spark="-",
    ),
    _f(
        "regexp_extract",
        "RegexpExtract",
        "this expression group null_if_pos_overflow",
        total="try",
        literal="expression group",
        spark="-",
    ),
    _f("translate", "Translate", "this from_ to", total="try", literal="from_ to"),
    _f("levenshtein", "Levenshtein", "this expression", total="try", spark="-"),
    _f("hex", "Hex", total="try"),
    _f("ascii", "Ascii", spark="-"),
    _f("unicode", "Unicode", spark="-"),
    _f("chr", "Chr", "expressions", total="try"),
    _f("pi", "Pi", ""),
    *(_f(n, n.capitalize(), total="try") for n in ("sin", "cos", "tan", "asin", "acos", "atan", "cot", "cbrt")),
    *(_f(n, n.capitalize(), total="try") for n in ("degrees", "radians", "factorial", "sinh", "cosh", "tanh")),
    _f("atan2", "Atan2", "this expression", total="try"),
    _f("weekofyear", "WeekOfYear", coarsens=True),
    _f("to_days", "ToDays", total="try", spark="-"),
    _f("strptime", "StrToTime", "this format", total="try", literal="format", spark="-"),
    _f("time_bucket", "DateBin", "this expression", total="try", coarsens=True, literal="this", spark="-"),
    _f("to_timestamp", "UnixToTime", "this scale", total="try", spark="-"),
    _f("make_timestamp", "TimestampFromParts", "year month day hour min sec", total="try", spark="-"),
)
# By name, where the parser knows none: how many arguments.
_NAMED = {
    "strlen": (1, 1), "date_sub": (3, 3), "age": (2, 2), "century": (1, 1), "decade": (1, 1), "yearweek": (1, 1), "isoyear": (1, 1),
    "weekday": (1, 1), "to_months": (1, 1), "to_years": (1, 1), "to_hours": (1, 1), "to_minutes": (1, 1), "to_seconds": (1, 1),
    "gcd": (2, 2), "lcm": (2, 2), "even": (1, 1), "bit_count": (1, 1), "isfinite": (1, 1), "strip_accents": (1, 1),
    "jaccard": (2, 2), "hamming": (2, 2), "jaro_similarity": (2, 2), "printf": (1, 9), "url_encode": (1, 1),
}  # fmt: skip
_NAMED_AGGREGATES = {
    "entropy": 1, "mad": 1, "geomean": 1, "product": 1, "histogram": 1, "arbitrary": 1, "fsum": 1, "kahan_sum": 1, "favg": 1,
}  # fmt: skip
NAMED: Mapping[str, Function] = {n: _f(n, "Anonymous", "this expressions", total="try", spark="-") for n in _NAMED} | {
    n: _f(n, "AnonymousAggFunc", "this expressions", kind="aggregate", spark="-") for n in _NAMED_AGGREGATES
}

_AGGREGATE = (
    _f("count", "Count", "this big_int", kind="aggregate"),
    _f("count_if", "CountIf", kind="aggregate"),
    _f("sum", "Sum", kind="aggregate"),
    _f("avg", "Avg", kind="aggregate"),
    _f("min", "Min", kind="aggregate"),
    _f("max", "Max", kind="aggregate"),
    _f("median", "Median", kind="aggregate"),
    _f("quantile_cont", "PercentileCont", "this expression", kind="aggregate", literal="expression", spark="-"),
    _f("quantile_disc", "PercentileDisc", "this expression", kind="aggregate", literal="expression", spark="-"),
    _f("stddev", "Stddev", kind="aggregate"),
    _f("stddev_samp", "StddevSamp", kind="aggregate"),
    _f("stddev_pop", "StddevPop", kind="aggregate"),
    _f("var_samp", "Variance", kind="aggregate"),
    _f("var_pop", "VariancePop", kind="aggregate"),
    _f("corr", "Corr", "this expression", kind="aggregate"),
    _f("bool_and", "LogicalAnd", kind="aggregate"),
    _f("bool_or", "LogicalOr", kind="aggregate"),
    _f("any_value", "AnyValue", kind="aggregate"),
    _f("mode", "Mode", kind="aggregate", spark="-"),
    _f("string_agg", "GroupConcat", "this separator", kind="aggregate"),
    _f("arg_min", "ArgMin", "this expression", kind="aggregate"),
    _f("arg_max", "ArgMax", "this expression", kind="aggregate"),
    _f("first", "First", kind="aggregate"),
    _f("last", "Last", kind="aggregate"),
    _f("list", "ArrayAgg", kind="aggregate", spark="-"),
    *(_f(n.lower(), n, kind="aggregate", spark="-") for n in ("Kurtosis", "Skewness")),
    *(_f(f"bit_{n.lower()}", f"Bitwise{n}Agg", kind="aggregate", spark="-") for n in ("And", "Or", "Xor")),
    *(
        _f(n, node, "this expression", kind="aggregate", spark="-")
        for n, node in (
            ("covar_pop", "CovarPop"),
            ("covar_samp", "CovarSamp"),
            ("regr_slope", "RegrSlope"),
            ("regr_intercept", "RegrIntercept"),
            ("regr_r2", "RegrR2"),
            ("regr_count", "RegrCount"),
            ("regr_sxx", "RegrSxx"),
            ("regr_sxy", "RegrSxy"),
            ("regr_syy", "RegrSyy"),
            ("regr_avgx", "RegrAvgx"),
            ("regr_avgy", "RegrAvgy"),
        )
    ),
    _f("quantile", "Quantile", "this quantile", kind="aggregate", literal="quantile", spark="-"),
)
_WINDOW = (
    _f("row_number", "RowNumber", "", kind="window"),
    _f("rank", "Rank", "", kind="window"),
    _f("dense_rank", "DenseRank", "", kind="window"),
    _f("percent_rank", "PercentRank", "", kind="window"),
    _f("cume_dist", "CumeDist", "", kind="window"),
    _f("ntile", "Ntile", kind="window", total="bounded", literal="this"),
    _f("lag", "Lag", "this offset default", kind="window", literal="offset"),
    _f("lead", "Lead", "this offset default", kind="window", literal="offset"),
    _f("first_value", "FirstValue", kind="window"),
    _f("last_value", "LastValue", kind="window"),
    _f("nth_value", "NthValue", "this offset", kind="window", total="bounded", literal="offset"),
)
FUNCTIONS: Mapping[str, Function] = {f.node: f for f in _SCALAR + _AGGREGATE + _WINDOW}

NAMED_AGGREGATES = frozenset(_NAMED_AGGREGATES)
# Names that the parser does not know but that mean a node it does.
PARTS = {"year", "month", "day", "quarter", "week", "hour", "minute", "second", "dow", "isodow", "doy", "decade"}
TRUNC = {"year", "month", "day", "quarter", "week", "hour", "minute", "second", "decade", "century"}
RANKS = frozenset(["RowNumber", "Rank", "DenseRank", "PercentRank", "CumeDist", "Ntile"])
ADDITIVE = frozenset(["Count", "CountIf", "Sum", "Avg"])
# Aggregates whose outcome is, or can be made to encode, the value of one row.
REVEALING = (frozenset(f.node for f in _AGGREGATE) | {"AnonymousAggFunc"}) - ADDITIVE
LARGEST = {"Repeat": 1000, "Pad": 1000, "Ntile": 100_000, "NthValue": 1_000_000}


def find(node: exp.Func) -> Function | None:
    """The entry for a node, or None if its function, or the way its arguments are given, has no rule."""
    if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc):
        name = str(node.this).lower()
        least, most = _NAMED.get(name) or (_NAMED_AGGREGATES.get(name, 99),) * 2
        known = NAMED.get(name)
        right = known is not None and known.node == type(node).__name__ and least <= len(node.expressions) <= most
        return known if right else None
    function = FUNCTIONS.get(type(node).__name__)
    if function is None:
        return None
    for key, value in node.args.items():
        if value is not None and value is not False and value != [] and key not in function.args:
            return None
    if not _bounded(node, function):
        return None
    return function


def _bounded(node: exp.Func, function: Function) -> bool:
    for key in function.literal:
        value = node.args.get(key)
        if value is not None and not is_constant(value):
            return False
    most = LARGEST.get(function.node)
    if most is not None:
        value = node.args.get("times") or node.args.get("offset") or node.args.get("expression") or node.this
        if not isinstance(value, exp.Literal) or value.is_string or not value.is_int or int(value.this) > most:
            return False
    if function.node == "Replace":
        text = node.args.get("replacement")
        return isinstance(text, exp.Literal) and len(text.this) <= 100
    if function.node == "Pad" and not isinstance(node.args.get("fill_pattern") or exp.Literal.string(" "), exp.Literal):
        return False
    unit = node.args.get("unit") if function.node != "Extract" else node.this
    if function.node in ("TimestampTrunc", "DateTrunc", "DateDiff", "DateAdd", "Extract"):
        name = unit.name.lower() if isinstance(unit, exp.Expr) else "day"
        return name.rstrip("s") in PARTS | TRUNC | {"week", "millennium", "epoch"}
    if function.node == "SHA2":
        return node.args.get("length") is None or node.args["length"].name in ("256", "")
    return True


def is_constant(node: exp.Expr) -> bool:
    """Whether it is a literal, a parameter, or built of such by sign, cast and arithmetic."""
    if isinstance(node, exp.Literal | exp.Placeholder | exp.Null | exp.Boolean):
        return True
    if isinstance(node, exp.Neg | exp.Paren | exp.Cast | exp.TryCast | exp.Try):
        return is_constant(node.this)
    if isinstance(node, exp.Interval):
        return node.this is None or is_constant(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Div):
        return is_constant(node.this) and is_constant(node.expression)
    return False
