"""Every refusal that the source declares, read from the syntax tree: nothing is imported or run.

Only what stands in the text is found: a code that is put together at run time shows its variable parts as `‹name›`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law import articles
from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text

KINDS = frozenset({"Refusal", "GuardRefusal", "Says"})
_ORDER = {"Says": ("code", "message", "remedy")}
_FIELDS = ("code", "message", "article", "remedy", "rules", "field")
_CITED = ("spec27", "reg26", "price65", "yn", "cite", "default")
_MAKERS: Mapping[str, Any] = {"Text": Text, **{name: getattr(articles, name) for name in _CITED}}
Names = Mapping[str, ast.expr]
Wrappers = dict[str, tuple[ast.FunctionDef, ast.Call]]  # helpers that make a refusal from their arguments


@dataclass(frozen=True)
class Declared:
    """A refusal and the module that declares it."""

    refusal: Refusal
    module: str


def declared(package: Path) -> list[Declared]:
    """The refusals that the modules of a package declare, in the order of their files."""
    found = []
    for path in sorted(package.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(package.parent).with_suffix("").parts
        module = ".".join(p for p in parts if p != "__init__")
        found += [Declared(refusal, module) for refusal in _of(ast.parse(path.read_text("utf-8")))]
    return found


def _of(tree: ast.Module) -> Iterator[Refusal]:
    names = _assigned(tree.body)
    wrappers: Wrappers = {}
    for scope, call in _calls(tree):
        inside = {**names, **(_assigned(scope.body) if scope else {})}
        if scope is not None and _made_from_arguments(scope, call):
            wrappers[scope.name] = (scope, call)
        elif (refusal := _refusal(call, inside)) is not None:
            yield refusal
    yield from _wrapped(tree, wrappers, names)


def _wrapped(tree: ast.Module, wrappers: Wrappers, names: Names) -> Iterator[Refusal]:
    """What the module's own helpers make of the codes that they are called with; the pattern where none is fixed."""
    fixed = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and _name(node.func) in wrappers):
            continue
        function, call = wrappers[_name(node.func)]
        parameters = [a.arg for a in function.args.args if a.arg != "self"]
        bound = dict(zip(parameters, node.args, strict=False)) | {k.arg: k.value for k in node.keywords if k.arg}
        refusal = _refusal(call, {**names, **_assigned(function.body), **bound})
        if refusal is not None and "‹" not in refusal.code:
            fixed.add(function.name)
            yield refusal
    for name, (function, call) in wrappers.items():
        if name not in fixed and (pattern := _refusal(call, {**names, **_assigned(function.body)})):
            yield pattern


def _calls(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
    """Every call that makes a refusal, with the innermost function around it."""

    def walk(node: ast.AST, scope: ast.FunctionDef | None) -> Iterator[tuple[ast.FunctionDef | None, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            inner = child if isinstance(child, ast.FunctionDef) else scope
            if isinstance(child, ast.Call) and _name(child.func) in KINDS:
                yield scope, child
            yield from walk(child, inner)

    return walk(tree, None)


def _made_from_arguments(scope: ast.FunctionDef, call: ast.Call) -> bool:
    parameters = {a.arg for a in scope.args.args} - {"self"}
    first = call.args[0] if call.args else None
    return first is not None and any(isinstance(n, ast.Name) and n.id in parameters for n in ast.walk(first))


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, node.value)
    return found


def _refusal(call: ast.Call, names: Names) -> Refusal | None:
    order = _ORDER.get(_name(call.func), _FIELDS)
    given = dict(zip(order, call.args, strict=False)) | {k.arg: k.value for k in call.keywords if k.arg in _FIELDS}
    values = {field: _value(node, names) for field, node in given.items()}
    if not isinstance(values.get("code"), str):
        return None
    return Refusal(
        values["code"],
        values["message"] if isinstance(values.get("message"), Text) else Text("", ""),
        values["article"] if isinstance(values.get("article"), Article) else None,
        values["remedy"] if isinstance(values.get("remedy"), Text) else None,
        values["rules"] if isinstance(values.get("rules"), tuple) else (),
    )


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _value(node: ast.expr, names: Names, depth: int = 0) -> Any:
    """What a literal, a name of one, or a maker of the kernel stands for; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in names and depth < 4:
        return _value(names[node.id], names, depth + 1)
    if isinstance(node, ast.Tuple):
        return tuple(_value(e, names, depth) for e in node.elts)
    if isinstance(node, ast.JoinedStr):
        return "".join(_piece(part, names, depth) for part in node.values)
    if isinstance(node, ast.Call):
        return _made(node, names, depth)
    return None


def _piece(part: ast.expr, names: Names, depth: int) -> str:
    if isinstance(part, ast.FormattedValue):
        value = _value(part.value, names, depth)
        return value if isinstance(value, str) else f"‹{ast.unparse(part.value).replace('self.', '')}›"
    return str(_value(part, names, depth))


def _made(node: ast.Call, names: Names, depth: int) -> Any:
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "saying"):
        return _value(node.func.value, names, depth)
    maker = _MAKERS.get(_name(node.func))
    if maker is None:
        return None
    arguments = [_value(a, names, depth) for a in node.args]
    keywords = {k.arg: _value(k.value, names, depth) for k in node.keywords if k.arg}
    if any(a is None for a in arguments):
        return None
    return maker(*arguments, **keywords)
