"""From inside the wall, as somebody who has taken the engine over: every way out is tried, and must fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.runner.conftest import intrude

from dianchi.engines.runner import Limits, Statement, process, run
from dianchi.kernel.errors import Invalid, RuleBroken, TryLater

MIB = 1 << 20
TRY = """
import os, sys
def attempt(work):
    try:
        return repr(work())[:200]
    except BaseException as caught:
        return "refused: " + type(caught).__name__
def reads(path):
    with open(path, "rb") as file:
        return file.read(64)
"""
REFUSED = "refused: "


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text("秘密", encoding="utf-8")
    return file


def test_other_files_cannot_be_read(people, host, secret, tmp_path):
    (tmp_path / "link").symlink_to(secret)
    near = people.files[0].parent / "neighbour"
    near.write_text("x", encoding="utf-8")
    targets = [secret, tmp_path / "link", near, "/etc/passwd", "/etc/shadow", str(Path.home() / ".bashrc"), "/proc/1/environ",
               "/proc/1/mem", "/proc/self/environ", "/proc/self/mem", "/proc/self/" + "root/etc/passwd"]  # fmt: skip
    seen = intrude(
        TRY + f"seen = [attempt(lambda p=p: reads(p)) for p in {[str(t) for t in targets]!r}]", {"t": people}
    )
    assert [s for s in seen if not s.startswith(REFUSED)] == []


def test_folders_cannot_be_listed_or_left(people, host):
    code = (
        TRY
        + """
links = attempt(lambda: os.symlink("/etc/passwd", temp + "/link"))
seen = [attempt(lambda: os.listdir("/etc")), attempt(lambda: os.listdir("/proc/1")), attempt(lambda: os.chroot(temp)),
        attempt(lambda: reads(temp + "/link")), attempt(lambda: reads(temp + "/../../etc/passwd"))]
"""
    )
    assert [s for s in intrude(code, {"t": people}) if not s.startswith(REFUSED)] == []


def test_granted_files_can_be_read_but_not_written(people, host):
    code = (
        TRY
        + """
path = paths["t"][0]
seen = [attempt(lambda: reads(path)[:4]), attempt(lambda: open(path, "r+b")), attempt(lambda: os.truncate(path, 0)),
        attempt(lambda: os.unlink(path)), attempt(lambda: os.rename(path, path + "x")),
        attempt(lambda: open(path + ".new", "wb")), attempt(lambda: os.chmod(path, 0o777))]
"""
    )
    read, *writes = intrude(code, {"t": people})
    if "mount" not in host.walls:
        writes.pop()  # Landlock has no say in modes of files that are the user's own
    assert read == "b'PAR1'"
    assert [s for s in writes if not s.startswith(REFUSED)] == []
    assert people.files[0].stat().st_size > 100


def test_there_is_no_network(people, host):
    code = (
        TRY
        + """
import socket
seen = [attempt(lambda f=f, k=k: socket.socket(f, k)) for f in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX,
        socket.AF_NETLINK, socket.AF_PACKET) for k in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW)]
seen.append(attempt(socket.socketpair))
"""
    )
    assert [s for s in intrude(code, {"t": people}) if not s.startswith(REFUSED)] == []


def test_other_processes_are_out_of_reach(people, host):
    code = (
        TRY
        + """
import ctypes, signal
libc = ctypes.CDLL(None, use_errno=True)
def traced():
    if libc.ptrace(16, 1, 0, 0) == -1: raise OSError(ctypes.get_errno(), "ptrace")
seen = [attempt(os.fork), attempt(lambda: os.execv("/bin/sh", ["sh"])), attempt(lambda: os.kill(os.getppid(), 9)),
        attempt(lambda: os.kill(-1, 0)), attempt(traced), attempt(lambda: os.pidfd_open(1)),
        attempt(lambda: os.posix_spawn("/bin/true", ["true"], {}))]
"""
    )
    assert [s for s in intrude(code, {"t": people}) if not s.startswith(REFUSED)] == []


def test_it_has_no_environment_no_files_but_its_channel_and_no_privileges(people, host):
    code = (
        TRY
        + """
import ctypes, resource
open_files = [fd for fd in range(512) if not attempt(lambda: os.fstat(fd)).startswith("refused")]
sockets = [fd for fd in open_files if (os.fstat(fd).st_mode & 0o170000) == 0o140000]
libc = ctypes.CDLL(None, use_errno=True)
seen = {"environ": dict(os.environ), "sockets": len(sockets), "files": len(open_files),
        "no_new_privs": libc.prctl(39, 0, 0, 0, 0), "core": resource.getrlimit(resource.RLIMIT_CORE),
        "raised": attempt(lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1))),
        "unshare": libc.unshare(0x10000000), "mount": libc.mount(b"none", b"/", b"tmpfs", 0, 0),
        "setuid": attempt(lambda: os.setuid(0)) if os.getuid() else "refused: already"}
"""
    )
    seen = intrude(code, {"t": people})
    assert seen["environ"] == {}
    assert seen["sockets"] == 1
    assert seen["files"] <= 8  # the channel, the pipe to the supervisor, the engine's own
    assert seen["no_new_privs"] == 1
    assert seen["core"] == [0, 0]
    assert seen["raised"].startswith(REFUSED)
    assert (seen["unshare"], seen["mount"]) == (-1, -1)


def test_a_memory_bomb_ends_its_own_job_only(people, host):
    code = TRY + 'block = []\nwhile True: block.append(bytearray(b"x") * (8 << 20))'
    with pytest.raises(RuleBroken) as caught:
        intrude(code, {"t": people}, Limits(memory_bytes=128 * MIB, seconds=20))
    assert caught.value.refusals[0].code == "runner.out-of-memory"


def test_threads_cannot_be_multiplied_without_end(people, host):
    code = (
        TRY
        + """
import threading
stop, made = threading.Event(), []
def bomb():
    while len(made) < 2000:
        thread = threading.Thread(target=stop.wait); thread.start(); made.append(thread)
seen = [attempt(bomb), len(made)]
stop.set()
"""
    )
    said, made = intrude(code, {"t": people})
    assert said.startswith(REFUSED)
    assert made < 2000


def test_the_disk_cannot_be_filled(people, host):
    code = (
        TRY
        + """
def fill():
    with open(temp + "/big", "wb") as file:
        for _ in range(64):
            file.write(b"x" * (1 << 20)); file.flush()
seen = [attempt(fill), os.path.getsize(temp + "/big")]
"""
    )
    said, size = intrude(code, {"t": people}, Limits(temp_bytes=4 * MIB, seconds=10, memory_bytes=128 * MIB))
    assert said.startswith(REFUSED)
    assert size <= 4 * MIB


def test_nobody_stays_after_the_deadline(people, host):
    code = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nwhile True: time.sleep(1)"
    with pytest.raises(RuleBroken) as caught:
        intrude(code, {"t": people}, Limits(seconds=0.2))
    assert caught.value.refusals[0].code == "runner.timeout"


def test_what_comes_from_inside_is_not_believed(people, host):
    """A forged Arrow stream, a forged length and a forged kind of frame are a crash of the job, not of its owner."""
    forged = {
        "not arrow": "b'T' + (5).to_bytes(8, 'little') + b'hello'",
        "too long": "b'T' + (1 << 60).to_bytes(8, 'little')",
        "unknown": "b'?' + (2).to_bytes(8, 'little') + b'{}'",
        "no json": "b'E' + (2).to_bytes(8, 'little') + b'xx'",
        "cut": "b'T' + (500).to_bytes(8, 'little') + b'x'",
    }
    for frame in forged.values():
        code = (
            TRY
            + f"""
for fd in range(512):
    try:
        if (os.fstat(fd).st_mode & 0o170000) == 0o140000: os.write(fd, {frame})
    except OSError: pass
os._exit(0)
"""
        )
        with pytest.raises((TryLater, RuleBroken, Invalid)):
            intrude(code, {"t": people})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/**')",
        "SELECT * FROM read_csv('http://example.com/x.csv')",
        "COPY t TO '/var/out.csv'",
        "COPY t TO '{path}'",
        "ATTACH '/var/x.db'",
        "INSTALL httpfs",
        "LOAD '/tmp/x.duckdb_extension'",
        "SET memory_limit = '100GB'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/passwd']",
        "RESET lock_configuration",
        "SELECT getenv('PATH')",
        "SELECT * FROM people",
        "SELECT 1; SELECT 2",
    ],
)
def test_the_engine_is_locked(people, host, sql):
    people_in_python = people  # a name in Python must not become a table
    with pytest.raises((Invalid, RuleBroken)):
        run([Statement(sql.replace("{path}", str(people_in_python.files[0])))], {"t": people}, Limits(seconds=5))


def test_walls_are_reported_as_tried():
    walls = process.walls()
    assert {"process", "rlimits", "no-new-privileges", "engine-lock"} <= set(walls.held)
    assert not set(walls.held) & set(walls.missing)


def test_a_missing_wall_is_told_with_its_reason():
    poorer = process.Zygote("mount", "landlock")
    assert poorer.walls.missing["landlock"] == "left out"
    assert "network" not in poorer.walls
    poorer.close()
