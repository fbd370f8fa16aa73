"""Both languages of every sentence: present, and each without the other's words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import dotted, modules

CJK = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff5e]")
WORD = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*")
# Names of formats, algorithms and keywords that have no Chinese name, and what a query itself spells.
NAMES = frozenset(
    [
        "SQL",
        "JSON",
        "CSV",
        "Excel",
        "Word",
        "Parquet",
        "YAML",
        "UTF-8",
        "GB18030",
        "API",
        "SM2",
        "SM3",
        "SM4",
        "SHA-256",
    ]
)


def _texts() -> Iterator[tuple[str, str, str]]:
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and dotted(node.func) == "Text" and len(node.args) == 2:
                zh, en = (a.value if isinstance(a, ast.Constant) else None for a in node.args)
                if isinstance(zh, str) and isinstance(en, str):
                    yield f"{path}:{node.lineno}", re.sub(r"\{[^}]*\}", "", zh), re.sub(r"\{[^}]*\}", "", en)


def test_there_are_texts() -> None:
    assert sum(1 for _ in _texts()) > 1000


def test_both_languages_are_there() -> None:
    assert [(where, zh, en) for where, zh, en in _texts() if bool(zh.strip()) != bool(en.strip())] == []


def test_english_holds_no_chinese() -> None:
    assert [(where, en) for where, _, en in _texts() if CJK.search(en)] == []


def test_chinese_holds_no_english() -> None:
    """The guard's sentences quote a query: its functions and keywords stay as they are written."""
    found = [
        (where, zh, words)
        for where, zh, _ in _texts()
        if not where.startswith(("engines/guard/", "interfaces/web/say.py"))
        and (words := [w for w in WORD.findall(zh) if w not in NAMES and not w.isupper()])
    ]
    assert found == []


def test_chinese_uses_full_width_punctuation() -> None:
    half = re.compile(r"[\u3400-\u9fff][,;:!?]|[,;:!?][\u3400-\u9fff]")
    assert [(where, zh) for where, zh, _ in _texts() if half.search(zh)] == []
