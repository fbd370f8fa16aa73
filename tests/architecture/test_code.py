"""Rules about the code itself."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dianchi.interfaces.docs.generate import stale
from tests.architecture.source import PACKAGE, ROOT, dotted, modules, tracked

LONGEST = 400
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "time.time", "time.time_ns",
}  # fmt: skip
MAY_READ_THE_CLOCK = ("interfaces/", "client/", "foundation/clock/", "foundation/jobs/")
BINARY = {".png", ".jpg", ".ico", ".parquet", ".xlsx", ".gz", ".woff2", ".pdf", ".docx", ".zip"}
# A path of one machine; the doubled letter class keeps this very line from matching itself.
MACHINE = re.compile(r"(?<![\w./])/(?:[w]ork|[r]oot|[h]ome/\w+|[U]sers/\w+)/\w")


def test_files_are_short() -> None:
    long = {p.relative_to(PACKAGE).as_posix(): n for p in PACKAGE.rglob("*.py") if (n := _lines(p)) >= LONGEST}
    assert {name: n for name, n in long.items() if "/migrations/" not in name} == {}


def _lines(path: Path) -> int:
    return path.read_text("utf-8").count("\n")


def test_no_switch_leaves_a_rule_out() -> None:
    """An override is an act of its own with its own article, never a flag."""
    found = [
        f"{path}:{arg.lineno} {arg.arg}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        if arg.arg.startswith(("skip_", "force_", "ignore_"))
    ]
    assert found == []


def test_nobody_stands_above_the_rules() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if "superuser" in str(getattr(node, "id", "") or getattr(node, "attr", "") or getattr(node, "arg", ""))
    ]
    assert found == []


def test_the_clock_is_read_only_at_the_edge() -> None:
    found = [
        f"{path}:{node.lineno} {dotted(node.func)}"
        for path, tree in modules().items()
        if not path.startswith(MAY_READ_THE_CLOCK)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(dotted(node.func).endswith(c) for c in CLOCKS)
    ]
    assert found == []


def test_only_the_five_errors_are_for_people() -> None:
    """No module makes a kind of domain error of its own."""
    found = [
        f"{path} {node.name}"
        for path, tree in modules().items()
        if path != "kernel/errors.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(dotted(b).endswith("DomainError") for b in node.bases)
    ]
    assert found == []


def test_generated_documents_are_current() -> None:
    assert [path.name for path in stale(ROOT)] == [], "run `make docs`"


def _readable() -> list[tuple[str, str]]:
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text("utf-8", "replace"))
        for path in tracked()
        if path.suffix not in BINARY
    ]


def test_no_path_of_a_machine_is_kept() -> None:
    assert [f"{name}: {found.group()}" for name, text in _readable() if (found := MACHINE.search(text))] == []


def test_no_registry_is_kept() -> None:
    """Where packages come from is the machine's own setting: the locks name versions and digests, and no address."""
    for name, text in _readable():
        if name.startswith("requirements/"):
            assert not re.search(r"--(extra-)?index-url|--find-links|://", text), name
        if name == "package-lock.json":
            assert [p for p in json.loads(text)["packages"].values() if "resolved" in p] == []


def test_no_registry_that_this_machine_uses_is_kept() -> None:
    settings = ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NPM_CONFIG_REGISTRY", "npm_config_registry")
    hosts = {urlsplit(os.environ[s]).hostname for s in settings if os.environ.get(s)} - {None, "localhost", "127.0.0.1"}
    assert [name for name, text in _readable() if any(str(host) in text for host in hosts)] == []


@pytest.mark.parametrize("line", ["/" + "work/main/x", "x = '/" + "root/a'", "/" + "home/someone/b"])
def test_a_machine_path_is_noticed(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize("line", ["/workbench/x", "https://example.org/" + "work/x", "cases/home/x"])
def test_an_address_is_not_a_machine_path(line: str) -> None:
    assert not MACHINE.search(line)


def test_migrations_hold_no_logic_of_ours() -> None:
    # SQL as text, and a default that is a function, which Django can only name.
    allowed = ("dianchi.foundation.ledger.", "dianchi.chapters.operation.orders.triggers")
    named = ("dianchi.foundation.identity.models",)
    found = []
    for path in PACKAGE.rglob("migrations/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dianchi."):
                if not (node.module or "").startswith(allowed):
                    found.append(f"{path.relative_to(PACKAGE)} {node.module}")
            elif isinstance(node, ast.Import):
                found += [
                    f"{path.relative_to(PACKAGE)} {a.name}"
                    for a in node.names
                    if a.name.startswith("dianchi") and a.name not in named
                ]
    assert found == []
