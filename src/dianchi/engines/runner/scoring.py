"""Scoring by a model inside the wall: a reviewed ONNX file and a table go in, one score for each row comes out.

A process of its own for each model: it loads the libraries, closes the walls (no file, no socket, no new process, no
more memory and time than its limits), and only then reads the model. So neither a hostile model nor a bug in the
library reaches anything; the model itself can keep nothing, for nothing that it could write to exists.
"""

from __future__ import annotations

import hashlib
import json
import os
import select
import struct
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO

import pyarrow as pa

from dianchi.engines.runner import refusals
from dianchi.engines.runner.values import Limits
from dianchi.kernel.errors import DomainError, Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text

LIMITS = Limits(memory_bytes=1 << 30, seconds=20.0, rows=1_000_000, output_bytes=64 << 20)
MOST_MODEL = 256 << 20
_PROGRAM = "from dianchi.engines.runner.scoring_inside import main; main()"
_HEAD = struct.Struct("=cQ")
_START_SECONDS = 30.0
NOT_A_MODEL = Refusal(
    "model.not-usable",
    Text("模型文件不是可用的 ONNX 模型，或其输入与查询各列不符", "The file is no ONNX model that can be used, or its inputs are not the query's columns"),
    remedy=Text("请核对模型的输入、输出和算子", "Check the model's inputs, output and operators"),
)  # fmt: skip
BAD_SCORES = Refusal(
    "model.scores-malformed", Text("模型没有给出与行数相同的数值评分", "The model did not give one number for each row"),
    remedy=Text("请核对模型的输出", "Check the model's output"),
)  # fmt: skip


class Scorer:
    """One model in one walled process; safe to call from many threads, one call at a time."""

    def __init__(self, model: bytes, limits: Limits = LIMITS) -> None:
        if len(model) > MOST_MODEL:
            raise Invalid(NOT_A_MODEL)
        self.digest, self._limits, self._lock = hashlib.sha256(model).hexdigest(), limits, threading.Lock()
        environment = {"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(  # noqa: S603 - our own words only
            [sys.executable, "-I", "-W", "ignore", "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=environment, cwd="/", start_new_session=True,
        )  # fmt: skip
        self._empty = tempfile.TemporaryDirectory(
            prefix="dianchi-model-"
        )  # the one place it may open: nothing is there
        limit = {"memory_bytes": limits.memory_bytes, "rows": limits.rows, "empty": self._empty.name}
        try:
            self.walls = tuple(json.loads(self._ask(b"L", json.dumps(limit).encode(), _START_SECONDS)))
            self._ask(b"M", model, _START_SECONDS)
        except BaseException:
            self.close()
            raise

    def score(self, table: pa.Table) -> pa.Array:
        """One float for each row of the columns as they stand; RuleBroken where the model cannot give that."""
        if table.num_rows > self._limits.rows:
            raise refusals.error(refusals.TOO_MANY_ROWS)
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        with self._lock:
            try:
                told = self._ask(b"S", bytes(sink.getvalue()), self._limits.seconds)
            except DomainError as caught:
                if caught.refusals[0] not in (NOT_A_MODEL, BAD_SCORES):
                    self.close()
                raise
        try:
            scores = pa.ipc.open_stream(told).read_all()
            scores.validate(full=True)
        except (pa.ArrowException, OSError):
            raise RuleBroken(BAD_SCORES) from None
        if scores.num_rows != table.num_rows or scores.schema.types != [pa.float64()]:
            raise RuleBroken(BAD_SCORES)
        return scores.column(0).combine_chunks()

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._empty.cleanup()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, kind: bytes, payload: bytes, seconds: float) -> bytes:
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        until = time.monotonic() + seconds
        try:
            _write_all(given, _HEAD.pack(kind, len(payload)) + payload, until)
            answer, length = _HEAD.unpack(_exactly(told, _HEAD.size, until))
            if length > self._limits.output_bytes:
                raise refusals.error(refusals.TOO_LARGE)
            body = _exactly(told, length, until)
        except TimeoutError:
            raise refusals.error(refusals.TIMEOUT, "a model took too long") from None
        except (BrokenPipeError, EOFError, OSError, ValueError):
            raise refusals.error(refusals.CRASHED, "a model's process ended") from None
        if answer == b"E":
            raise RuleBroken(BAD_SCORES if body == b"scores" else NOT_A_MODEL)
        return body


def _write_all(pipe: IO[bytes], data: bytes, until: float) -> None:
    descriptor, sent = pipe.fileno(), 0
    os.set_blocking(descriptor, False)
    while sent < len(data):
        if not select.select([], [descriptor], [], max(0.0, until - time.monotonic()))[1]:
            raise TimeoutError
        sent += os.write(descriptor, data[sent : sent + (1 << 20)])


def _exactly(pipe: IO[bytes], count: int, until: float) -> bytes:
    descriptor, have = pipe.fileno(), bytearray()
    while len(have) < count:
        if not select.select([descriptor], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        got = os.read(descriptor, min(1 << 20, count - len(have)))
        if not got:
            raise EOFError
        have += got
    return bytes(have)
