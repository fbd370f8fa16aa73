"""`dianchi guard`: shapes, exit codes, many queries in one process, and no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engines.guard.test_history import folder

from dianchi.interfaces.cli.guard import guard

__all__ = ["folder"]


def call(folder: Path, *args: str, stdin: str = "") -> tuple[int, str]:
    found = CliRunner().invoke(guard, [args[0], "--grant", str(folder / "g.json"), *args[1:]], input=stdin)
    return found.exit_code, found.stdout


@pytest.mark.parametrize(
    ("sql", "code"), [("select name from visits", 0), ("select cost from visits", 14), ("selec", 11), ("", 11)]
)
def test_exit_codes(folder: Path, sql: str, code: int) -> None:
    for verb in (("explain", "--json"), ("run", "--format", "json")):
        got, out = call(folder, *verb, "--sql", sql)
        assert got == code
        assert json.loads(out)["allowed"] is (code == 0)


def test_run_gives_rows_in_order_with_exact_numbers(folder: Path) -> None:
    _, out = call(
        folder,
        "run",
        "--format",
        "json",
        "--sql",
        "select region_code as r, sum(cost) as s, count(*) as n from visits group by 1 order by n desc",
    )
    told = json.loads(out)
    assert set(told) == {"allowed", "refusals", "columns", "rewritten", "rows", "suppressed_groups"}
    counts = [r["n"] for r in told["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert told["suppressed_groups"] == 4
    assert all(isinstance(r["s"], float | int) for r in told["rows"])


def test_many_lines_in_one_history(folder: Path) -> None:
    lines = ["select count(*) as n from visits", "select count(*) as n from visits where age <> 37", "selec"]
    stdin = "".join(json.dumps({"id": i, "sql": s}) + "\n" for i, s in enumerate(lines)) + "not json\n"
    code, out = call(folder, "run", "--jsonl", "--history", str(folder / "h"), stdin=stdin)
    told = [json.loads(x) for x in out.splitlines()]
    assert code == 0
    assert [t["id"] for t in told] == [0, 1, 2, None]
    assert [t["allowed"] for t in told] == [True, False, False, False]


@pytest.mark.parametrize("form", ["table", "csv", "arrow"])
def test_formats(folder: Path, form: str) -> None:
    code, out = call(folder, "run", "--format", form, "--sql", "select code, name from divisions order by 1")
    assert code == 0
    assert form == "arrow" or "五华区" in out


def test_it_starts_without_django() -> None:
    code = "import sys, dianchi.interfaces.cli.guard; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
