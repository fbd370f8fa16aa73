"""What eight clients at once were answered, on either database: run once for all tests that ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.postgres import postgres_url

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def eight_clients(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The answers, as `tests.foundation.clients` prints them."""
    url = postgres_url() if request.param == "postgres" else ""
    store = {"DIANCHI_VAR": str(tmp_path_factory.mktemp("store")), "DIANCHI_DATABASE_URL": url}
    command = [sys.executable, "-m", "tests.foundation.clients"]
    ran = subprocess.run(command, cwd=ROOT, env={**os.environ, **store}, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)
