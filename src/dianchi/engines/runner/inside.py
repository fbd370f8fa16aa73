"""What runs inside the wall: put up the last walls, open the engine, answer, say why not."""

from __future__ import annotations

import json
import os
import pickle
import resource
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from dianchi.engines.runner import landlock, linux, seccomp, wire
from dianchi.engines.runner.engine import Plan, open_locked
from dianchi.engines.runner.values import Limits, Source, Statement

_TEMP_FULL = ("max_temp_directory_size", "No space left on device", "File too large")
_VIRTUAL_SLACK = 128 << 20  # address space, not memory, that the C library reserves beside what it uses
_VIRTUAL_PER_THREAD = 144 << 20


class _Stop(Exception):
    """The job is over for a reason of ours."""

    def __init__(self, code: str):
        self.code = code


@dataclass(frozen=True)
class Spec:
    """Everything a walled process is told before its wall closes."""

    statements: tuple[Statement, ...]
    sources: Mapping[str, Source]
    limits: Limits
    pooled: bool = False  # stay and answer calls, instead of running the statements once
    keep_bytes: int = 0  # sources up to this size are kept in memory by a pooled worker
    probe: str = ""  # Python that the walls' own tests run as an intruder would; it sets `seen`


def close_walls(spec: Spec, paths: Mapping[str, tuple[str, ...]], temp: str, walls: Sequence[str], idle: int) -> None:
    """The walls a process builds around itself; the namespaces are there already. `idle` is its size in bytes."""
    os.environ.clear()
    _limit_resources(spec.limits, idle, pooled=spec.pooled)
    if "user" in walls and _kernel() >= (5, 14):  # before, other processes of the same user were counted too
        _cap(resource.RLIMIT_NPROC, spec.limits.threads + 32)
    linux.drop_privileges()
    if "landlock" in walls:
        landlock.restrict([path for each in paths.values() for path in each], temp)
    if "seccomp" in walls:
        seccomp.install()


def live(spec: Spec, paths: Mapping[str, tuple[str, ...]], temp: str, channel: socket.socket) -> None:
    """Do the job, or answer calls until the channel closes; every end but a crash is told on the channel."""
    try:
        connection = open_locked(spec.sources, paths, spec.limits, temp, spec.keep_bytes)
        if spec.probe:
            table = pa.table({"probe": [_intrude(spec.probe, connection, paths, temp)]})
            _send_table(channel, table.schema, table.to_batches(), spec.limits, 0)
            wire.send(channel, wire.DONE, b"{}")
        elif spec.pooled:
            _answer_calls(connection, spec, channel)
        else:
            _run_all(
                [Plan(connection, statement, once=True) for statement in spec.statements], {}, spec.limits, channel
            )
    except (wire.Closed, BrokenPipeError, ConnectionResetError):
        return
    except BaseException as caught:  # whatever it is, it is told by code and ends here
        wire.send(channel, wire.ERROR, _described(caught))


def _answer_calls(connection: duckdb.DuckDBPyConnection, spec: Spec, channel: socket.socket) -> None:
    plans = [Plan(connection, statement) for statement in spec.statements]
    wire.send(channel, wire.READY)
    while True:
        _, payload = wire.receive(channel, most=spec.limits.output_bytes)
        given, only = pickle.loads(payload)  # noqa: S301 - from our own side of the wall
        try:
            _run_all([plans[n] for n in only] if only is not None else plans, given, spec.limits, channel)
        except (wire.Closed, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as caught:
            wire.send(channel, wire.ERROR, _described(caught))


def _run_all(plans: Sequence[Plan], given: Mapping[str, object], limits: Limits, channel: socket.socket) -> None:
    began, sent = time.monotonic(), 0
    for plan in plans:
        reader = plan.run(given)
        sent += _send_table(channel, reader.schema, reader, limits, sent)
    told = {"seconds": time.monotonic() - began, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10}
    wire.send(channel, wire.DONE, json.dumps(told).encode())


def _send_table(channel: socket.socket, schema: pa.Schema, batches: Any, limits: Limits, sent: int) -> int:
    sink, rows = pa.BufferOutputStream(), 0
    with pa.ipc.new_stream(sink, schema) as stream:
        for batch in batches:
            rows += batch.num_rows
            if rows > limits.rows:
                raise _Stop("runner.too-many-rows")
            stream.write_batch(batch)
            if sent + sink.tell() > limits.output_bytes:
                raise _Stop("runner.too-large")
    whole = sink.getvalue()
    if sent + whole.size > limits.output_bytes:
        raise _Stop("runner.too-large")
    wire.send(channel, wire.TABLE, memoryview(whole))
    return int(whole.size)


def _described(caught: BaseException) -> bytes:
    code = caught.code if isinstance(caught, _Stop) else _code(caught)
    return json.dumps({"code": code, "log": f"{type(caught).__name__}: {caught}"[:4000]}).encode()[: wire.SHORT]


def _code(caught: BaseException) -> str:
    if isinstance(caught, duckdb.InterruptException):
        return "runner.timeout"
    words = str(caught)
    if any(sign in words for sign in _TEMP_FULL):
        return "runner.temp-full"
    if isinstance(caught, MemoryError | duckdb.OutOfMemoryException | pa.ArrowMemoryError) or "bad_alloc" in words:
        return "runner.out-of-memory"
    return "runner.failed"


def _intrude(code: str, connection: duckdb.DuckDBPyConnection, paths: Mapping[str, tuple[str, ...]], temp: str) -> str:
    known: dict[str, Any] = {"connection": connection, "paths": paths, "temp": temp, "seen": None}
    exec(code, known)  # noqa: S102 - inside the wall, from our own tests
    return json.dumps(known["seen"])


def _kernel() -> tuple[int, ...]:
    return tuple(int(part) for part in os.uname().release.split("-")[0].split(".")[:2])


def _limit_resources(limits: Limits, idle: int, *, pooled: bool) -> None:
    threads = (limits.threads + 2) * _VIRTUAL_PER_THREAD
    _cap(resource.RLIMIT_AS, idle + limits.memory_bytes + _VIRTUAL_SLACK + threads)
    if not pooled:
        _cap(resource.RLIMIT_CPU, max(1, round(limits.seconds * limits.threads) + 1))
    _cap(resource.RLIMIT_FSIZE, limits.temp_bytes)
    _cap(resource.RLIMIT_NOFILE, 512)
    _cap(resource.RLIMIT_CORE, 0)
    _cap(resource.RLIMIT_MEMLOCK, 0)
    _cap(resource.RLIMIT_MSGQUEUE, 0)


def _cap(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))
