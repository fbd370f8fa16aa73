"""The owner's side of a walled process: ask the zygote for one, speak with it, hear why it ended."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import pyarrow as pa

from dianchi.engines.runner import refusals, wire
from dianchi.engines.runner.inside import Spec
from dianchi.engines.runner.values import Limits, Walls
from dianchi.kernel.errors import DomainError

# what the libraries must know before they load, so that the zygote has no thread; nothing else of our environment
_ENVIRONMENT = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "LC_ALL": "C.UTF-8",
}
# numpy is not needed, slow to load, and would start threads
_PROGRAM = (
    "import sys; sys.modules['numpy'] = None; from dianchi.engines.runner.zygote import main; main(*sys.argv[1:])"
)
_START_SECONDS = 30.0
_GRACE = 1.5  # seconds that the owner waits longer than the supervisor, which can tell more


class Zygote:
    """One zygote of this process; it ends with us, as its socket closes."""

    def __init__(self, *without: str) -> None:
        """Start it; the walls named are not built, so that what is left of them can be tested on a host that can."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(  # noqa: S603 - our own words only
            [sys.executable, "-I", "-W", "ignore", "-c", _PROGRAM, *without],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            start_new_session=True,
            cwd="/",
        )
        theirs.close()
        ours.settimeout(_START_SECONDS)
        told = json.loads(ours.recv(wire.SHORT) or b"null")
        if told is None:
            raise refusals.error(refusals.CRASHED, "the zygote did not start")
        ours.settimeout(None)
        self.walls, self._socket, self._lock = Walls(tuple(told["held"]), told["missing"]), ours, threading.Lock()

    def fork(self) -> tuple[socket.socket, socket.socket]:
        """A new supervisor: the socket to it, and the one to the walled process it will start."""
        control, its_control = socket.socketpair()
        channel, its_channel = socket.socketpair()
        try:
            with self._lock:
                socket.send_fds(self._socket, [b"fork"], [its_control.fileno(), its_channel.fileno()])
        except OSError:
            control.close()
            channel.close()
            raise
        finally:
            its_control.close()
            its_channel.close()
        return control, channel

    def close(self) -> None:
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)


_shared: dict[int, Zygote] = {}
_starting = threading.Lock()


def zygote(instead_of: Zygote | None = None) -> Zygote:
    """This process's zygote, started at its first use, and again if the given one is dead."""
    pid = os.getpid()
    with _starting:
        if pid not in _shared or _shared[pid] is instead_of:
            _shared[pid] = Zygote()
        return _shared[pid]


def walls() -> Walls:
    """Which walls this host allows, for the start-up message and the health page; tried, not assumed."""
    return zygote().walls


@dataclass(frozen=True)
class Answer:
    tables: tuple[pa.Table, ...]
    peak_bytes: int


class Walled:
    """A walled process and its supervisor."""

    def __init__(self, spec: Spec):
        current = zygote()
        try:
            self._control, self._channel = current.fork()
        except OSError:
            current = zygote(instead_of=current)
            self._control, self._channel = current.fork()
        self.walls, self.limits = current.walls, spec.limits
        try:
            wire.send(self._control, wire.SPEC, pickle.dumps(spec))
        except OSError:
            self.end()
            raise refusals.error(refusals.CRASHED, "the supervisor did not start") from None

    def expect_ready(self, until: float) -> None:
        """Wait until a pooled worker has opened its plan."""
        kind, payload = self._receive(wire.SHORT, until)
        if kind != wire.READY:
            raise self._refusal(payload)

    def ask(self, parameters: dict[str, object], only: tuple[int, ...] | None = None) -> None:
        try:
            wire.send(self._channel, wire.CALL, pickle.dumps((parameters, only)))
        except OSError:
            raise self._post_mortem() from None

    def answer(self, until: float) -> Answer:
        """The tables it sends, checked against the limits again on this side."""
        tables: list[pa.Table] = []
        left = self.limits.output_bytes
        while True:
            kind, payload = self._receive(max(left, wire.SHORT), until)
            if kind == wire.DONE:
                return Answer(tuple(tables), _whole(_told(payload).get("peak_bytes")))
            if kind != wire.TABLE:
                raise self._refusal(payload)
            left -= len(payload)
            table = _table(payload)
            if table.num_rows > self.limits.rows:
                raise refusals.error(refusals.TOO_MANY_ROWS)
            tables.append(table)

    def kill(self) -> None:
        """Let its supervisor kill it; whoever waits for its answer learns that it ended."""
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)

    def end(self) -> int:
        """Kill it if it still lives, and wait until nothing of it is left; its greatest resident size in bytes."""
        self._channel.close()
        self.kill()
        peak = int(self._report().get("peak_bytes", 0))
        self._control.close()
        return peak

    def _receive(self, most: int, until: float) -> tuple[bytes, bytearray]:
        try:
            return wire.receive(self._channel, most, until)
        except TimeoutError:
            raise refusals.error(refusals.TIMEOUT, "killed by its owner") from None
        except wire.TooLong:
            raise refusals.error(refusals.TOO_LARGE) from None
        except (wire.Closed, OSError):
            raise self._post_mortem() from None

    def _post_mortem(self) -> DomainError:
        report = self._report()
        log = f"status {report.get('status')}, peak {report.get('peak_bytes')} bytes"
        if report.get("late"):
            return refusals.error(refusals.TIMEOUT, log)
        status = int(report.get("status", 0))
        if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
            return refusals.error(refusals.TIMEOUT, log)
        if int(report.get("peak_bytes", 0)) > self.limits.memory_bytes * 3 // 4:
            return refusals.error(refusals.OUT_OF_MEMORY, log)
        return refusals.error(refusals.CRASHED, log)

    def _report(self) -> dict[str, int]:
        try:
            _, payload = wire.receive(self._control, wire.SHORT, time.monotonic() + 10)
        except (wire.Closed, wire.TooLong, OSError):
            return {}
        told: dict[str, int] = json.loads(payload)
        return told

    @staticmethod
    def _refusal(payload: bytearray) -> DomainError:
        told = _told(payload)
        caught = refusals.from_code(str(told.get("code")), str(told.get("log")))
        caught.told = True  # type: ignore[attr-defined]  # it lives, and said so itself
        return caught


def deadline(limits: Limits) -> float:
    """When an owner stops waiting, in monotonic seconds."""
    return time.monotonic() + limits.seconds + _GRACE


def _told(payload: bytearray) -> dict[str, object]:
    """An object in JSON, or nothing: what comes from inside may be anything."""
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _whole(number: object) -> int:
    return number if isinstance(number, int) else 0


def _table(payload: bytearray) -> pa.Table:
    try:
        table = pa.ipc.open_stream(pa.py_buffer(payload)).read_all()
        table.validate(full=True)  # it comes from inside: a forged buffer must not be read out of bounds
    except (pa.ArrowException, OSError) as caught:
        raise refusals.error(refusals.CRASHED, f"not an Arrow stream: {type(caught).__name__}") from None
    return table
