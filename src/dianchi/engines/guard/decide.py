"""The rules for expressions: what may be a condition, a key, an argument. Pure functions of `Sym`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from dianchi.engines.guard.functions import FUNCTIONS
from dianchi.engines.guard.labels import Leaf, Sym

COMPARISONS = frozenset(
    ["eq", "neq", "gt", "gte", "lt", "lte", "nullsafeeq", "nullsafeneq", "between", "in", "is", "like", "ilike"]
)
LOGIC = frozenset(["and", "or", "not"])
PREDICATES = COMPARISONS | LOGIC | frozenset(["exists", "boolean", "startswith", "endswith", "contains"])
_COARSE = frozenset(n.lower() for n, f in FUNCTIONS.items() if f.coarsens) | frozenset(
    ["intdiv", "div", "mul", "add", "sub", "case", "if", "cast", "trycast", "dpipe"]
)
SMALLEST, LARGEST_CONSTANT = Fraction(1, 10**6), Fraction(10**6)
MAX_DEGREE = 3
MAX_TERMS = 12


def still_closed(s: Sym) -> frozenset[Leaf]:
    """The leaves of a condition that need `filter`: those in a plain comparison that have `compare` do not."""
    if not s.closed:
        return frozenset()
    if s.op in COMPARISONS and all(_plain_or_free(a) for a in s.args if isinstance(a, Sym)):
        return frozenset(x for x in s.closed if "compare" not in x.uses)
    inner = [a for a in s.args if isinstance(a, Sym)]
    if s.op in LOGIC:
        return frozenset().union(*(still_closed(a) for a in inner))
    return s.closed


def _plain_or_free(s: Sym) -> bool:
    return s.op == "leaf" or not s.closed


_CONSTANT = frozenset(
    [
        "literal",
        "neg",
        "cast",
        "trycast",
        "null",
        "boolean",
        "parameter",
        "interval",
        "add",
        "sub",
        "mul",
        "div",
        "paren",
    ]
)


def constant(s: Sym) -> bool:
    """Whether it is built of literals and parameters alone; literal rows and inner queries may differ row by row."""
    return not s.leaves and s.op in _CONSTANT and all(constant(a) for a in s.args if isinstance(a, Sym))


def coarsening(s: Sym) -> bool:
    """Whether it is one closed column under coarsening functions and constants only."""
    if len({(x.place, x.column) for x in s.closed}) != 1 or len(s.leaves) != 1:
        return False
    return _coarse(s)


def _coarse(s: Sym) -> bool:
    if s.op in ("leaf", "literal", "null", "boolean", "parameter", "interval", "neg") and not (
        s.op == "neg" and s.leaves
    ):
        return True
    if (
        s.op in ("mul", "add", "sub", "div", "intdiv", "dpipe")
        and sum(bool(a.leaves) for a in s.args if isinstance(a, Sym)) > 1
    ):
        return False
    ok = s.op in _COARSE or s.op in COMPARISONS or s.op in LOGIC
    return ok and all(_coarse(a) for a in s.args if isinstance(a, Sym))


def bare(s: Sym) -> Leaf | None:
    """The leaf, if the expression is one and nothing more (a cast apart)."""
    while s.op in ("cast", "trycast", "either") and len([a for a in s.args if isinstance(a, Sym)]) == 1:
        s = next(a for a in s.args if isinstance(a, Sym))
    return s.leaf


# --- arguments below a group: polynomials with moderate rational coefficients

Monomial = tuple[str, ...]
Poly = dict[Monomial, Fraction]


class NotAPolynomial(Exception):
    """The argument is not of an allowed form; `kind` says why."""

    def __init__(self, kind: str = "form") -> None:
        self.kind = kind


@dataclass(frozen=True)
class Branches:
    """An argument: the conditions that select among values, and the values."""

    conditions: tuple[Sym, ...]
    values: tuple[Sym, ...]

    @property
    def constant(self) -> bool:
        """Whether all values are constants: the argument only counts."""
        return all(not v.leaves for v in self.values)


def argument(s: Sym) -> Branches:
    """Take an argument apart and check that every value is a moderate polynomial; raise NotAPolynomial."""
    if s.op == "either":
        parts = [argument(a) for a in s.args if isinstance(a, Sym)]
        return Branches(sum((p.conditions for p in parts), ()), sum((p.values for p in parts), ()))
    if s.op == "coalesce" and len(s.args) == 2 and isinstance(s.args[1], Sym) and s.args[1].text == "literal(0)":
        inner = s.args[0]
        assert isinstance(inner, Sym)
        return argument(inner)
    if s.op != "case":
        polynomial(s)
        return Branches((), (s,))
    conditions, values = [], []
    for a in s.args:
        if not isinstance(a, Sym):
            continue
        if a.op == "if":
            condition, value = (x for x in a.args if isinstance(x, Sym))
            conditions.append(condition)
        else:
            value = a
        if value.op != "null":
            polynomial(value)
            values.append(value)
    return Branches(tuple(conditions), tuple(values))


def polynomial(s: Sym) -> Poly:
    """The expression as a polynomial; every part of it must stay moderate, so that no rounding can single out."""
    p = _poly(s)
    for monomial, c in p.items():
        if len(monomial) > MAX_DEGREE:
            raise NotAPolynomial
        if c and not SMALLEST <= abs(c) <= LARGEST_CONSTANT:
            raise NotAPolynomial("constant")
    if len(p) > MAX_TERMS:
        raise NotAPolynomial
    return p


def _poly(s: Sym) -> Poly:
    inner = [a for a in s.args if isinstance(a, Sym)]
    if s.op == "literal":
        return {(): _number(s)}
    if s.op in ("leaf", "parameter"):
        return {(s.text,): Fraction(1)}
    if s.op in PREDICATES:
        raise NotAPolynomial("boolean")
    if s.op in ("cast", "trycast"):
        return _cast(s, inner[0])
    if s.op in _PARTS and all(a.op in ("leaf", "literal", "cast") for a in inner):
        return {(s.text,): Fraction(1)}
    if s.op == "neg":
        return {m: -c for m, c in polynomial(inner[0]).items()}
    if s.op in ("add", "sub", "mul", "div") and len(inner) == 2:
        return _arithmetic(s.op, polynomial(inner[0]), polynomial(inner[1]))
    raise NotAPolynomial


_PARTS = frozenset(["year", "month", "day", "quarter", "week", "hour", "minute", "second", "extract", "datediff"])


def _arithmetic(op: str, a: Poly, b: Poly) -> Poly:
    if op in ("add", "sub"):
        sign = 1 if op == "add" else -1
        result = dict(a)
        for m, c in b.items():
            result[m] = result.get(m, Fraction(0)) + sign * c
        return result
    if op == "div":
        if set(b) != {()} or not b[()]:
            raise NotAPolynomial
        return {m: c / b[()] for m, c in a.items()}
    product: Poly = {}
    for m, c in a.items():
        for n, d in b.items():
            key = tuple(sorted(m + n))
            product[key] = product.get(key, Fraction(0)) + c * d
    return product


def _cast(s: Sym, inner: Sym) -> Poly:
    """A cast that cannot lose or drop anything; others could pick out values."""
    if inner.op in PREDICATES or any(x.type == "BOOLEAN" for x in inner.leaves):
        raise NotAPolynomial("boolean")
    kind = str(s.args[0])
    if kind in ("DOUBLE", "FLOAT") or not inner.leaves:
        return polynomial(inner)
    if inner.leaf is not None and _wider(inner.leaf.type, kind):
        return polynomial(inner)
    raise NotAPolynomial


_DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "INT": 10, "BIGINT": 19, "HUGEINT": 38}


def digits(kind: str) -> tuple[int, int] | None:
    """Digits before and after the point that a type can hold, or None if it is not exact."""
    if kind in _DIGITS:
        return _DIGITS[kind], 0
    if kind.startswith("DECIMAL("):
        width, scale = (int(x) for x in kind[8:-1].split(","))
        return width - scale, scale
    return None


def _wider(narrow: str, wide: str) -> bool:
    a, b = digits(narrow), digits(wide.replace(" ", ""))
    if narrow == wide:
        return True
    if a is None or b is None or wide in ("TINYINT", "SMALLINT"):
        return False
    return a[0] <= b[0] and a[1] <= b[1]


def _number(s: Sym) -> Fraction:
    try:
        value = Fraction(str(s.args[0]))
    except (ValueError, ZeroDivisionError) as e:
        raise NotAPolynomial from e
    if value and not SMALLEST <= abs(value) <= LARGEST_CONSTANT:
        raise NotAPolynomial("constant")
    return value


def exact_digits(s: Sym) -> int | None:
    """The most digits that exact arithmetic on this argument can need, or None if it is done in floating point."""
    inner = [a for a in s.args if isinstance(a, Sym)]
    if s.op == "literal":
        return len(str(s.args[0]).replace(".", "").replace("-", ""))
    if s.op == "leaf" and s.leaf is not None:
        d = digits(s.leaf.type)
        return None if d is None else sum(d)
    if s.op in ("neg", "cast", "trycast"):
        return exact_digits(inner[0])
    if s.op in ("add", "sub", "mul"):
        a, b = exact_digits(inner[0]), exact_digits(inner[1])
        if a is None or b is None:
            return None
        return a + b if s.op == "mul" else max(a, b) + min(a, b) + 1
    if s.op in _PARTS:
        return 10
    if s.op in ("case", "if", "either"):
        found = [exact_digits(a) for a in inner if a.op not in PREDICATES and a.op != "null"]
        return None if any(f is None for f in found) else max((f or 0 for f in found), default=1)
    return None
