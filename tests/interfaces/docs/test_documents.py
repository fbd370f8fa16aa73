"""The derived documents and the commands that make them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.architecture.source import ROOT

from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.docs.coverage import coverage
from dianchi.interfaces.docs.generate import documents, stale, write
from dianchi.interfaces.docs.lifecycles import diagram
from dianchi.kernel.law.rules import CLOCKS, RULES


def _dianchi(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dianchi.interfaces.cli.main", *arguments]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "src" / "dianchi").mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_act_stands_in_the_documents() -> None:
    texts = {path.name: text for path, text in documents(ROOT).items()}
    for kind in case_types().values():
        for act in kind.lifecycle.acts:
            assert f"`{act.name}` {act.title}" in texts["lifecycles.md"]
            assert f"`{act.name}` {act.title}" in texts["permissions.md"]
            for guard in act.provided:
                assert f"`{guard.refusal.code}`" in texts["refusals.md"]


def test_a_diagram_draws_opening_moves_and_loops() -> None:
    drawn = diagram(case_types()["products"].lifecycle)
    assert "[*] --> s_draft: 新建产品 draft" in drawn
    assert "s_draft --> s_submitted: 提交出域审查 submit" in drawn
    assert "s_submitted --> s_submitted: 提交审查意见 review" in drawn


def test_coverage_names_every_rule_and_clock_in_order() -> None:
    held = coverage(ROOT / "tests")
    assert list(held) == [*RULES, *CLOCKS]
    assert "plans.contents-missing" in held["R13"].codes
    assert "/cases/plans" in held["R13"].pages
    assert any(node.startswith("tests/chapters/authorization/test_plans.py::test_") for node in held["R13"].tests)
    assert "registration.publicity-days" in held["E3"].codes
    assert "/cases/registration" in held["E3"].pages


def test_without_tests_the_lists_of_tests_are_empty(tmp_path: Path) -> None:
    held = coverage(tmp_path)
    assert held["R13"].codes
    assert all(one.tests == () for one in held.values())


def test_what_is_written_is_current_until_it_is_edited(checkout: Path) -> None:
    assert len(stale(checkout)) == 4
    assert len(write(checkout)) == 4
    assert stale(checkout) == []
    page = checkout / "docs" / "generated" / "law.md"
    page.write_text(page.read_text("utf-8") + "x", "utf-8")
    assert stale(checkout) == [page]


def test_check_refuses_what_is_stale(checkout: Path) -> None:
    refused = _dianchi("docs", "check", "--root", str(checkout), root=checkout)
    assert refused.returncode == 14
    assert "[cli.documents-stale]" in refused.stderr
    assert _dianchi("docs", "generate", "--root", str(checkout), root=checkout).returncode == 0
    assert _dianchi("docs", "check", "--root", str(checkout), root=checkout).returncode == 0
    assert not (checkout / "var").exists()


def test_coverage_as_json(checkout: Path) -> None:
    answer = _dianchi("law", "coverage", "--json", "--root", str(checkout), root=checkout)
    held = json.loads(answer.stdout)
    assert len(held) == 116
    assert set(held["R9"]) == {"codes", "tests", "pages"}
    assert held["R9"]["codes"] == ["authorizations.county-not-coordinated"]
