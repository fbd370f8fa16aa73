"""What the gate tells of itself: metrics, traces, log lines. Never a value that was asked for or delivered."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
CALLS = Counter("dianchi_gate_calls", "Calls by door and outcome", ["door", "outcome"], registry=REGISTRY)
REFUSED = Counter("dianchi_gate_refusals", "Refused calls by code", ["code"], registry=REGISTRY)
ROWS = Counter("dianchi_gate_rows", "Rows delivered by door", ["door"], registry=REGISTRY)
SECONDS = Histogram(
    "dianchi_gate_seconds", "Seconds from request to durable record", ["door"], registry=REGISTRY,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)  # fmt: skip
RUNNING = Gauge("dianchi_gate_running", "Calls in progress", ["door"], registry=REGISTRY)
_log = logging.getLogger("dianchi.gate.calls")
_tracer = trace.get_tracer("dianchi.gate")
_LOGGED = os.environ.get("DIANCHI_GATE_LOG", "") == "json"


class Seen:
    """How one call went."""

    outcome, code, rows = "failed", "", 0

    def delivered(self, rows: int) -> None:
        """It was recorded and may leave."""
        self.outcome, self.rows = "delivered", rows

    def refused(self, code: str) -> None:
        """It was refused, by this code."""
        self.outcome, self.code = "refused", code


@contextmanager
def timed(door: str, slug: str) -> Iterator[Seen]:
    """Count, time, trace and log one call."""
    seen, began = Seen(), time.perf_counter()
    RUNNING.labels(door).inc()
    with _tracer.start_as_current_span("gate.call", attributes={"door": door}) as span:
        try:
            yield seen
        finally:
            took = time.perf_counter() - began
            RUNNING.labels(door).dec()
            CALLS.labels(door, seen.outcome).inc()
            SECONDS.labels(door).observe(took)
            ROWS.labels(door).inc(seen.rows)
            if seen.code:
                REFUSED.labels(seen.code).inc()
            span.set_attributes({"outcome": seen.outcome, "code": seen.code, "rows": seen.rows})
            if _LOGGED:
                _tell(door, slug, seen, took)


def metrics() -> bytes:
    """Everything counted, as Prometheus reads it."""
    return generate_latest(REGISTRY)


def _tell(door: str, slug: str, seen: Seen, took: float) -> None:
    known = seen.outcome == "delivered" or seen.code not in ("products.not-found", "orders.other-product")
    line = {
        "event": "call", "door": door, "product": slug[:60] if known else "", "outcome": seen.outcome,
        "code": seen.code, "rows": seen.rows, "ms": round(took * 1000, 2),
    }  # fmt: skip
    _log.warning(json.dumps(line, ensure_ascii=False))
