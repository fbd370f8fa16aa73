"""Which tests name which codes, found in the tests' source: a test counts the constants and helpers that it uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TOKEN = re.compile(r"(?<![\w.-])[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+(?![\w-])")
_DATA = {".sql", ".json", ".yaml", ".yml", ".txt", ".csv"}


@dataclass(frozen=True)
class _Test:
    node: str
    file: Path
    strings: tuple[str, ...]


def index(tests: Path) -> Mapping[str, tuple[str, ...]]:
    """Node ids ("tests/…::test_name") by every dotted code that the test names; empty without the folder."""
    if not tests.is_dir():
        return {}
    found: dict[str, set[str]] = {}
    every = [test for path in sorted(tests.rglob("*.py")) for test in _tests(path, tests.parent)]
    for test in every:
        for string in test.strings:
            for code in TOKEN.findall(string):
                found.setdefault(code, set()).add(test.node)
    for path in sorted(p for p in tests.rglob("*") if p.suffix in _DATA and p.is_file()):
        readers = [t.node for t in every if _reads(t, path)]
        for code in TOKEN.findall(path.read_text("utf-8", "replace")):
            found.setdefault(code, set()).update(readers)
    return {code: tuple(sorted(nodes)) for code, nodes in sorted(found.items())}


def _reads(test: _Test, data: Path) -> bool:
    """Whether the test's source names the data file, or the folder beside it that holds the file."""
    folder = test.file.parent
    if folder not in data.parents:
        return False
    names = {data.name, data.relative_to(folder).parts[0]}
    return any(name in string for string in test.strings for name in names)


def _tests(path: Path, root: Path) -> Iterator[_Test]:
    tree = ast.parse(path.read_text("utf-8"))
    named = dict(_named(tree))
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        for function in inner:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name.startswith("test"):
                owner = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
                strings = tuple(sorted(_strings(function, named, set())))
                yield _Test(f"{path.relative_to(root).as_posix()}::{owner}{function.name}", path, strings)


def _named(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """What a test of the module may lean on: its constants, helpers and fixtures by name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                for name in ast.walk(target):
                    if isinstance(name, ast.Name):
                        yield name.id, node


def _strings(node: ast.AST, named: Mapping[str, ast.AST], seen: set[str]) -> set[str]:
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.add(part.value)
        name = part.id if isinstance(part, ast.Name) else part.arg if isinstance(part, ast.arg) else ""
        if name in named and name not in seen and not name.startswith("test"):
            seen.add(name)
            found |= _strings(named[name], named, seen)
    return found
