"""What `make test` does on a machine without a browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import run

SMALL = "tests/kernel/test_money.py"


def _run(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """With nothing on the path: no browser, and no apt to install one."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "DIANCHI_"))}
    command = [sys.executable, str(run.ROOT / "tests" / "run.py"), *arguments]
    return subprocess.run(
        command, env={**bare, "PATH": str(tmp_path), **environment}, capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip


def test_the_last_line_says_what_was_not_run(tmp_path: Path) -> None:
    done = _run(tmp_path, SMALL)
    assert done.returncode == 0
    number, _, rest = done.stdout.splitlines()[-1].partition(" ")
    assert int(number) > 0
    assert rest == "browser tests not run: no Chromium"


def test_a_browser_that_is_demanded_must_be_there(tmp_path: Path) -> None:
    assert _run(tmp_path, SMALL, DIANCHI_DEMAND_BROWSER="1").returncode == 1


def test_the_exit_code_is_that_of_the_tests(tmp_path: Path) -> None:
    assert _run(tmp_path, SMALL, "--no-such-option").returncode == 4


def test_a_browser_on_the_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not run.has_browser()
    (tmp_path / "google-chrome").write_text("#!/bin/sh\n")
    (tmp_path / "google-chrome").chmod(0o755)
    assert run.has_browser()
