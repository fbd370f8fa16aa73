"""The project's own source, parsed once, for rules about the code."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import dianchi

PACKAGE = Path(dianchi.__file__).parent
ROOT = PACKAGE.parents[1]


@cache
def modules() -> dict[str, ast.Module]:
    """Every module by its path below the package; migrations are generated and left out."""
    paths = sorted(p for p in PACKAGE.rglob("*.py") if "migrations" not in p.parts and "vendor" not in p.parts)
    return {p.relative_to(PACKAGE).as_posix(): ast.parse(p.read_text("utf-8")) for p in paths}


@cache
def tracked() -> tuple[Path, ...]:
    """The files that the repository holds; outside a repository, those of the checkout that it would hold."""
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode == 0 and answer.stdout:
        return tuple(p for name in answer.stdout.split("\0") if name and (p := ROOT / name).is_file())
    left_out = {".venv", "var", "node_modules", "vendor", "__pycache__", ".git"}
    return tuple(p for p in ROOT.rglob("*") if p.is_file() and not left_out & set(p.parts))


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports, by full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an expression of names and attributes, else what ends it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return node.id if isinstance(node, ast.Name) else ""
