"""What runs inside the wall of a model: load the library, close the walls, then read the model and score."""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import struct
import sys
from typing import Any

import numpy as np
import onnxruntime
import pyarrow as pa

from dianchi.engines.runner import landlock, linux, seccomp

_HEAD = struct.Struct("=cQ")
_VIRTUAL_SLACK = 2 << 30  # address space, not memory, that the library's arenas reserve


class _Wrong(Exception):
    """Told by its one word."""


def main() -> None:
    """Answer on standard output what is asked on standard input, until that closes."""
    given, told = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever the library prints goes nowhere
    onnxruntime.set_default_logger_severity(4)
    pa.array([1.0]).cast(pa.float32())
    session: Any = None
    rows = 0
    while head := given.read(_HEAD.size):
        kind, length = _HEAD.unpack(head)
        payload = given.read(length)
        answer = b"D", b""
        try:
            if kind == b"L":
                limits = json.loads(payload)
                rows = int(limits["rows"])
                answer = b"D", json.dumps(_close_walls(int(limits["memory_bytes"]), str(limits["empty"]))).encode()
            elif kind == b"M":
                session = _session(payload)
            else:
                answer = b"D", _scores(session, payload, rows)
        except _Wrong as wrong:
            answer = b"E", str(wrong).encode()
        except Exception:
            answer = b"E", b"model"
        told.write(_HEAD.pack(answer[0], len(answer[1])) + answer[1])
        told.flush()


def _close_walls(memory: int, empty: str) -> list[str]:
    """Everything after this line runs in a process that can only compute and answer."""
    linux.die_with_parent()
    os.environ.clear()
    held = ["process", "rlimits", "no-new-privileges"]
    now = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE")  # noqa: SIM115, PTH123
    _cap(resource.RLIMIT_AS, now + memory + _VIRTUAL_SLACK)
    _cap(resource.RLIMIT_FSIZE, 0)
    _cap(resource.RLIMIT_CORE, 0)
    with contextlib.suppress(OSError):
        linux.enter_namespaces(own_user=os.getuid() != 0)
        held.append("network")
    linux.drop_privileges()
    if landlock.version():
        landlock.restrict([], empty)
        held.append("landlock")
    if seccomp.available():
        seccomp.install()
        held.append("seccomp")
    return held


def _cap(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def _session(model: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _scores(session: Any, payload: bytes, most: int) -> bytes:
    table = pa.ipc.open_stream(io.BytesIO(payload)).read_all()
    if table.num_rows > most:
        raise _Wrong("scores")
    outputs = session.run(None, _inputs(session, table))
    found = next((o for o in reversed(outputs) if isinstance(o, np.ndarray) and o.dtype.kind == "f"), None)
    if found is None or found.shape[:1] != (table.num_rows,):
        raise _Wrong("scores")
    flat = found.reshape(table.num_rows, -1)[:, -1] if table.num_rows else found.reshape(-1)
    scores = pa.table({"score": pa.array(flat.astype(np.float64))})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, scores.schema) as stream:
        stream.write_table(scores)
    return bytes(sink.getvalue())


def _inputs(session: Any, table: pa.Table) -> dict[str, Any]:
    """One input takes all columns side by side; several take the column of their name each."""
    wanted = session.get_inputs()
    if len(wanted) == 1 and wanted[0].name not in table.column_names:
        columns = [_numbers(table[name]) for name in table.column_names]
        together = np.stack(columns, axis=1) if columns else np.empty((table.num_rows, 0))
        return {wanted[0].name: together.astype(_kind(wanted[0].type))}
    return {each.name: _column(table[each.name], each.type) for each in wanted}


def _column(column: pa.ChunkedArray, kind: str) -> Any:
    if "string" in kind:
        return np.array([["" if v is None else str(v)] for v in column.to_pylist()], dtype=object)
    return _numbers(column).astype(_kind(kind)).reshape(-1, 1)


def _numbers(column: pa.ChunkedArray) -> Any:
    return column.cast(pa.float64()).to_numpy()


def _kind(kind: str) -> Any:
    named = {
        "tensor(float)": np.float32,
        "tensor(double)": np.float64,
        "tensor(int64)": np.int64,
        "tensor(int32)": np.int32,
    }
    return named[kind]
