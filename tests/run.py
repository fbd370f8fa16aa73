"""Run every test: what `make test` calls. Further arguments go to pytest.

The browser tests need a Chromium or Chrome of the system. Where there is none it is installed if we are root and the
system has apt; else those tests are left out and the last line says so. DIANCHI_DEMAND_BROWSER=1 makes that a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WORKERS = 2


def main(arguments: list[str]) -> int:
    """The exit code of pytest; 1 where a browser is demanded and there is none."""
    found = has_browser() or install_browser()
    selected = [] if found else ["-m", "not browser"]
    code = subprocess.run([*_pytest(), *_parallel(), *selected, *arguments], cwd=ROOT, check=False).returncode
    if found:
        return code
    print(f"\n{_browser_tests()} browser tests not run: no Chromium", flush=True)
    return code or int(os.environ.get("DIANCHI_DEMAND_BROWSER") == "1")


def has_browser() -> bool:
    """Whether the system has a browser that the tests can drive."""
    return any(shutil.which(name) for name in BROWSERS)


def install_browser() -> bool:
    """Install one from the system's packages, where that is ours to do."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    return has_browser()


def _pytest() -> list[str]:
    return [sys.executable, "-m", "pytest"]


def _parallel() -> list[str]:
    """Two workers, each with whole files: a file's tests may share what is dear to make."""
    if find_spec("xdist") is None or (os.cpu_count() or 1) < WORKERS:
        return []
    return ["-n", str(WORKERS), "--dist", "loadfile"]


def _browser_tests() -> int:
    command = [*_pytest(), "--collect-only", "-m", "browser", "-p", "no:cacheprovider"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    return sum("::" in line for line in listed.splitlines())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
