"""The process that every walled process is forked from: it has loaded the engine, and has neither threads nor secrets.

For each job it forks a supervisor, which builds the namespaces, forks the walled process, waits for its end or the
deadline or the loss of its owner, whichever is first, kills what is left, clears up, and reports.
"""

from __future__ import annotations

import json
import os
import pickle
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dianchi.engines.runner import inside, landlock, linux, seccomp, wire
from dianchi.engines.runner.engine import Plan, open_locked
from dianchi.engines.runner.values import Limits, Statement

_NAMESPACES = ("user", "mount", "network", "pid", "ipc")
_ALWAYS = ("process", "rlimits", "no-new-privileges", "engine-lock")
_GRACE = 1.0  # seconds after the engine's own deadline in which it may still answer for itself
_SPEC_MOST = 1 << 28


@dataclass(frozen=True)
class Host:
    """What this host lets a process build around itself."""

    own_user: bool
    namespaces: bool
    walls: tuple[str, ...]
    missing: Mapping[str, str]


def main(*without: str) -> None:
    """Serve forks on standard input, a socket, until its other end closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors report for themselves: nobody waits for them
    asked = socket.socket(fileno=0)
    _warm_up()
    host = _probe(without)
    asked.send(json.dumps({"held": host.walls, "missing": dict(host.missing)}).encode())
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, 16, 2)
        if not message:
            return
        if os.fork() == 0:
            asked.close()
            control, channel = (socket.socket(fileno=descriptor) for descriptor in descriptors)
            _as_child(partial(_supervise, control, channel, host))
        for descriptor in descriptors:
            os.close(descriptor)


def _as_child(work: Callable[[], None]) -> None:
    """Run work as the whole life of a forked child."""
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


def _supervise(control: socket.socket, channel: socket.socket, host: Host) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    began = time.monotonic()
    _, payload = wire.receive(control, most=_SPEC_MOST)
    spec: inside.Spec = pickle.loads(payload)  # noqa: S301 - from our own side of the wall
    temp = tempfile.mkdtemp(prefix=f"dianchi-job-{os.getppid()}-")
    try:
        life, child = _start(spec, channel, host, temp)
        channel.close()
        until = None if spec.pooled else began + spec.limits.seconds + _GRACE
        late = _await_end(life, control, until)
        os.kill(child, signal.SIGKILL)
        _, status, usage = os.wait4(child, 0)
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    told = {"late": late, "status": status, "peak_bytes": usage.ru_maxrss << 10}
    try:
        wire.send(control, wire.REPORT, json.dumps(told).encode())
    except OSError:
        return  # the owner is gone; nobody to tell


def _start(spec: inside.Spec, channel: socket.socket, host: Host, temp: str) -> tuple[int, int]:
    """Fork the walled process; returns a descriptor that closes when it ends, and its id."""
    idle = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    if host.namespaces:
        linux.enter_namespaces(own_user=host.own_user)
    life, held = os.pipe()
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        _as_child(lambda: _live(spec, channel, held, (host, temp, supervisor, idle)))
    os.close(held)
    return life, child


def _live(spec: inside.Spec, channel: socket.socket, held: int, place: tuple[Host, str, int, int]) -> None:
    """The life of the walled process; `held` tells the supervisor by its closing that it is over."""
    host, temp, supervisor, idle = place
    linux.die_with_parent()
    paths = _paths_outside(spec)
    if host.namespaces:
        outside, paths = paths, _paths_inside(spec)
        files = [pair for name in paths for pair in zip(outside[name], paths[name], strict=True)]
        linux.build_root(temp, files, spec.limits.temp_bytes)
        temp = linux.TEMP
    elif os.getppid() != supervisor:
        return  # it ended before we could ask to end with it
    _close_all_but(channel.fileno(), held)
    inside.close_walls(spec, paths, temp, host.walls, idle)
    inside.live(spec, paths, temp, channel)


def _await_end(life: int, control: socket.socket, until: float | None) -> bool:
    """Wait for the end of the walled process, of its owner, or of its time; true for the last."""
    poll = select.poll()
    poll.register(life, select.POLLHUP)
    poll.register(control, select.POLLIN | select.POLLHUP)
    left = None if until is None else max(0.0, until - time.monotonic()) * 1000
    return not poll.poll(left)


def _paths_inside(spec: inside.Spec) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(f"/granted/{n}/{i}.{source.format}" for i in range(len(source.files)))
        for n, (name, source) in enumerate(spec.sources.items())
    }


def _paths_outside(spec: inside.Spec) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(Path(f).resolve()) for f in source.files) for name, source in spec.sources.items()}


def _close_all_but(*kept: int) -> None:
    low = 0
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))


def _warm_up() -> None:
    """Do once what every engine start would do again; no thread may be left, or forks would not be safe."""
    with tempfile.TemporaryDirectory() as temp:
        connection = open_locked({}, {}, Limits(threads=1), temp)
        plan = Plan(connection, Statement("SELECT 1.5::DECIMAL(5, 2), DATE '2020-01-01', $a::INTEGER", {"a": 1}))
        for _ in ("stream", "rows"):
            list(plan.run({}))
        del plan
        connection.close()
    until = time.monotonic() + 5  # a joined thread is listed for a moment longer
    while len(list(Path("/proc/self/task").iterdir())) > 1:
        if time.monotonic() > until:
            raise RuntimeError("threads before a fork")


def _probe(without: tuple[str, ...]) -> Host:
    """Try each wall once, in a child, the way a job would."""
    missing: dict[str, str] = dict.fromkeys(without, "left out")
    own_user, namespaces = True, _tried(lambda: _try_namespaces(own_user=True))
    if "mount" in without:
        missing |= dict.fromkeys(_NAMESPACES, "left out")
    elif namespaces:
        own_user, again = False, _tried(lambda: _try_namespaces(own_user=False))
        missing["user"] = namespaces
        if again:
            missing |= dict.fromkeys(_NAMESPACES, again)
    filters = _tried(_try_seccomp) if seccomp.available() else f"no table for {os.uname().machine}"
    if filters:
        missing["seccomp"] = filters
    if not landlock.version():
        missing["landlock"] = "not in this kernel"
    offered = (*_ALWAYS, *_NAMESPACES, "seccomp", "landlock")
    held = tuple(wall for wall in offered if wall not in missing)
    return Host(own_user, "mount" in held, held, missing)


def _try_namespaces(*, own_user: bool) -> None:
    with tempfile.TemporaryDirectory() as at, tempfile.NamedTemporaryFile() as file:
        linux.enter_namespaces(own_user=own_user)
        if wrong := _tried(lambda: linux.build_root(at, [(file.name, "/granted/0/0.csv")], 1 << 20)):
            raise OSError(wrong)


def _try_seccomp() -> None:
    linux.drop_privileges()
    seccomp.install()
    try:
        socket.socket()
    except PermissionError:
        return
    raise OSError("the filter does not hold")


def _tried(attempt: Callable[[], None]) -> str:
    """What went wrong when a child attempted it; empty if nothing."""
    told, tell = os.pipe()
    before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if (child := os.fork()) == 0:
        try:
            attempt()
            os._exit(0)
        except BaseException as caught:
            os.write(tell, f"{type(caught).__name__}: {caught}"[:200].encode())
            os._exit(1)
    os.close(tell)
    words = os.read(told, 400).decode()
    os.close(told)
    _, status = os.waitpid(child, 0)
    signal.signal(signal.SIGCHLD, before)
    return words or (f"status {status}" if status else "")
