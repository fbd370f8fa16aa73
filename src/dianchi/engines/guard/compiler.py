"""The passes in order; order is meaning."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from dianchi.engines.guard import verify
from dianchi.engines.guard.bind import Binder, bind
from dianchi.engines.guard.canonical import canonical
from dianchi.engines.guard.fence import fence
from dianchi.engines.guard.grant import Grant, fold
from dianchi.engines.guard.label import Labeller, label
from dianchi.engines.guard.noise import noisy_columns
from dianchi.engines.guard.normal import normal
from dianchi.engines.guard.parse import Parsed, parse
from dianchi.engines.guard.plan import Footprint, Noisy, OutputColumn, Parameter, Plan
from dianchi.engines.guard.refusals import Says, Stop
from dianchi.engines.guard.render import Renderer
from dianchi.engines.guard.spark import DIALECT, to_spark
from dianchi.engines.guard.tree import Bound, Query, SetOp, expressions
from dianchi.engines.guard.trouble import Trouble
from dianchi.kernel.errors import Invalid, RuleBroken
from dianchi.kernel.text import Text

PARAMETER = Says(
    "parameter.unknown",
    Text("未声明参数 {name}。", "The parameter {name} is not declared."),
    Text("请声明它的类型与取值范围。", "Declare it with its type and bounds."),
)
UNTYPED = Says(
    "query.types",
    Text("类型不符，或缺少需要的转换。", "The types do not fit, or a cast is missing."),
    Text("请检查函数、比较与联接两侧的类型。", "Check the types in functions, comparisons and joins."),
)


@dataclass(frozen=True)
class Compiled:
    """What the passes leave behind, for the plan and for the tests."""

    labeller: Labeller
    names: list[str]
    sql: str
    derived: set[tuple[str, str]]
    footprints: tuple[Footprint, ...]
    noise: tuple[Noisy | None, ...] = ()


def compile_text(
    text: str, grant: Grant, parameters: Mapping[str, Parameter] | None = None, dialect: str = "duckdb"
) -> Plan:
    """The plan of a text under a grant; raises Invalid or RuleBroken with every refusal."""
    key = (
        text,
        grant.digest,
        grant.round_to,
        tuple((n, (parameters or {})[n]) for n in sorted(parameters or {})),
        dialect,
    )
    known = _CACHE.get(key)
    if known is None:
        known = _compiled(text, grant, parameters, dialect)
        _CACHE[key] = known
        while len(_CACHE) > 512:
            _CACHE.pop(next(iter(_CACHE)), None)
    return known


_CACHE: dict[object, Plan] = {}


def _compiled(text: str, grant: Grant, parameters: Mapping[str, Parameter] | None, dialect: str) -> Plan:
    parsed = parse(text)
    trouble = Trouble(parsed)
    if dialect not in ("duckdb", "spark"):
        raise RuleBroken(DIALECT.at(form=dialect[:20]))
    try:
        compiled = passes(parsed, grant, trouble, dict(parameters or {}))
        trouble.stop_if_any()
        return _plan(parsed, compiled, grant, trouble, dict(parameters or {}), dialect)
    except Stop:
        raise RuleBroken(*trouble.refusals) from None
    except RecursionError:
        from dianchi.engines.guard.parse import TOO_LARGE

        raise RuleBroken(TOO_LARGE.at()) from None


def passes(parsed: Parsed, grant: Grant, trouble: Trouble, parameters: dict[str, Parameter]) -> Compiled:
    """fence, normalise, bind, label and decide, render."""
    tree = normal(parsed.tree.copy())
    fence(tree, trouble)
    bound = canonical(bind(tree, grant, trouble))
    for name in sorted(bound.parameters - set(parameters)):
        found = re.search(rf"[$:@]{re.escape(name)}\b", parsed.text)
        trouble.add_at(PARAMETER, (found.start(), len(name) + 1) if found else (0, 0), name=name)
    used = named_columns(bound)
    derived = {(bound.scans[a], c) for a, c in used if a in bound.scans}
    for node in _parameters(bound):  # typed where they stand, so that nothing is inferred from a value
        kind = parameters[node.name].type if node.name in parameters else ""
        if kind and not isinstance(node.parent, exp.Cast):
            node.replace(exp.Cast(this=node.copy(), to=exp.DataType.build(kind, dialect="duckdb")))
    labeller = label(bound, trouble, used)
    trouble.stop_if_any()
    noise = noisy_columns(labeller, grant, trouble)
    names = unique(bound.root.names)
    sql = Renderer(bound, labeller, grant).statement(names)
    footprints = tuple(Renderer(bound, labeller, grant, True).footprints(names)) if labeller.thresholds else ()
    return Compiled(labeller, names, sql, derived, footprints, noise)


def unique(names: list[str]) -> list[str]:
    """Names of result columns: none empty, none twice."""
    seen: set[str] = set()
    found = []
    for n in names:
        base, i = n or "column", 1
        new = base
        while fold(new) in seen or new in ("_suppressed", "_row"):
            new, i = f"{base}_{i}", i + 1
        seen.add(fold(new))
        found.append(new)
    return found


def _plan(
    parsed: Parsed, compiled: Compiled, grant: Grant, trouble: Trouble, parameters: dict[str, Parameter], dialect: str
) -> Plan:
    derived = compiled.derived
    check = with_nulls(compiled.sql, parameters)
    original = original_for(parsed, parameters)
    try:
        types = dict(verify.describe(check, grant))
        verify.verify(original, check, derived, grant)
    except verify.Failing:
        raise trouble.stop_at(UNTYPED, verify.misfit(original, grant) if not parameters else None) from None
    except verify.Disagreement as e:
        if str(e).startswith("not"):  # the plain engine would not run it either
            raise trouble.stop_at(UNTYPED, verify.misfit(original, grant) if not parameters else None) from None
        raise trouble.stop(verify.DISAGREE) from e
    rel = compiled.labeller.root
    assert rel is not None
    columns = tuple(
        OutputColumn(n, types.get(n, ""), tuple(sorted(c.sym.origins)), tuple(sorted(c.sym.freed)))
        for n, c in zip(compiled.names, rel.columns.values(), strict=True)
    )
    by_table: dict[str, list[str]] = {t: [] for t in sorted(set(compiled.labeller.bound.scans.values()))}
    for t, c in sorted(derived):
        by_table[t].append(c)
    sql, footprints = compiled.sql, compiled.footprints
    if dialect == "spark":
        sql = to_spark(sql, trouble)
        footprints = tuple(replace(f, sql=to_spark(f.sql, trouble, True)) for f in footprints)
    return Plan(
        sql,
        dialect,
        {t: tuple(c) for t, c in by_table.items()},
        columns,
        {n: p for n, p in parameters.items() if n in compiled.labeller.bound.parameters},
        hashlib.sha256(sql.encode()).hexdigest(),
        bool(compiled.labeller.thresholds) and '"_suppressed"' in compiled.sql,
        footprints,
        grant.digest,
        compiled.noise,
    )


def named_columns(bound: Bound) -> set[tuple[str, str]]:
    """Every column that the bound query names, with the relation it is of."""
    used: set[tuple[str, str]] = set()
    stack: list[Query] = [bound.root, *(q for _, q in bound.ctes), *bound.inner.values()]
    while stack:
        query = stack.pop()
        if isinstance(query, SetOp):
            stack += [query.left, query.right]
            continue
        stack += [item.query for item in query.items if item.query is not None]
        rows = [i.rows for i in query.items if i.rows is not None]
        used |= {(c.table, c.name) for e in [*expressions(query), *rows] for c in e.find_all(exp.Column)}
    return used


def _parameters(bound: Bound) -> list[exp.Placeholder]:
    """The parameters in the bound query's expressions (LIMIT and OFFSET apart)."""
    found: list[exp.Placeholder] = []
    stack: list[Query] = [bound.root, *(q for _, q in bound.ctes), *bound.inner.values()]
    while stack:
        query = stack.pop()
        if isinstance(query, SetOp):
            stack += [query.left, query.right]
            continue
        stack += [i.query for i in query.items if i.query is not None]
        for e in expressions(query):
            found += [p for p in e.find_all(exp.Placeholder) if p is not e]
    return found


def original_for(parsed: Parsed, parameters: dict[str, Parameter]) -> str:
    """The author's text for the verifier, parameters taken as NULL."""
    return (
        with_nulls(parsed.tree.sql("duckdb", comments=False), parameters)
        if parameters
        else parsed.text.rstrip().rstrip(";")
    )


def with_nulls(sql: str, parameters: dict[str, Parameter]) -> str:
    """The text with every parameter a NULL of its type."""
    if not parameters:
        return sql
    import sqlglot

    tree = sqlglot.parse_one(sql, read="duckdb")
    for p in list(tree.find_all(exp.Placeholder)):
        kind = parameters[p.name].type if p.name in parameters else "VARCHAR"
        inside = isinstance(p.parent, exp.Limit | exp.Offset)
        p.replace(
            exp.Literal.number(1)
            if inside
            else exp.Cast(this=exp.Null(), to=exp.DataType.build(kind, dialect="duckdb"))
        )
    return tree.sql("duckdb")


__all__ = ["Binder", "Invalid", "compile_text"]
