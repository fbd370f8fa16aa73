"""`dianchi up` and its parts: the site and API, the gate, the worker."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dianchi.interfaces.cli.store import open_store, var, var_option
from dianchi.kernel.errors import NotFound, Refusal, TryLater
from dianchi.kernel.text import Text

log = logging.getLogger("dianchi.work")
PORT, GATE_PORT = 8000, 8001
_STOP_SECONDS = 6.0
TICK_SECONDS = 2.0

TAKEN = Refusal(
    "cli.port-taken", Text("端口 {port} 已被占用", "Port {port} is taken"),
    remedy=Text("请先停止占用该端口的程序，或另选端口", "Stop what uses it, or choose another with --port"),
)  # fmt: skip
HALF_MADE = Refusal(
    "cli.half-made-store", Text("数据目录不完整", "The store is half made"),
    remedy=Text("请移走该目录后重新启动，或指定另一个目录", "Move the folder away and start again, or name another with --var"),
)  # fmt: skip


def require_free(port: int) -> None:
    """Refuse a port that somebody listens on; the server itself would share it silently."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise TryLater(TAKEN.saying(port=port)) from None


def _server(interface: str, target: str, port: int, workers: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", interface, target, "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--workers-kill-timeout", "3", "--no-ws", "--log-level", "error",
        *(("--blocking-threads", "1") if interface == "wsgi" else ()),
    ]  # fmt: skip


def _environment() -> dict[str, str]:
    return {**os.environ, "DIANCHI_VAR": str(var()), "DJANGO_SETTINGS_MODULE": "dianchi.config.settings.base"}


def _run(command: list[str]) -> int:
    """Run one server in the foreground; Ctrl-C reaches it and ends it."""
    process = subprocess.Popen(command, env=_environment())  # noqa: S603 - our own command line
    with _stopping([process]):
        return process.wait()


@contextmanager
def _stopping(processes: list[subprocess.Popen[bytes]]) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the processes, at the latest after a few seconds."""

    def stop(*_: object) -> None:
        for process in processes:
            if process.poll() is None:
                process.terminate()

    before = {s: signal.signal(s, stop) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        stop()
        until = time.monotonic() + _STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for number, handler in before.items():
            signal.signal(number, handler)


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@var_option
def serve(port: int, workers: int) -> None:
    """网站和接口 · The site and the API."""
    open_store()
    require_free(port)
    sys.exit(_run(_server("wsgi", "dianchi.config.wsgi:application", port, workers)))


@click.command()
@click.option("--port", default=GATE_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@var_option
def gate(port: int, workers: int) -> None:
    """出口：产品调用 · The gate: product calls."""
    open_store()
    require_free(port)
    sys.exit(_run(_server("asginl", "dianchi.gate.app:application", port, workers)))


@click.command()
@click.option("--once", is_flag=True, help="处理完到期事项即退出 · Do what is due, then end.")
@var_option
def work(once: bool) -> None:
    """后台：任务、依时限的行为、账本封存 · The worker: jobs, acts by time, sealing."""
    open_store()
    from dianchi.foundation import clock
    from dianchi.foundation.jobs.queue import run_next
    from dianchi.interfaces.cli.worker import LANES, round_of_work, run_lane

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    if once:
        for lane in LANES:
            while run_next(clock.now, lane=lane):
                pass
        round_of_work()
        return
    for lane in LANES:
        threading.Thread(target=run_lane, args=(lane, stop), daemon=True, name=lane).start()
    while not stop.wait(TICK_SECONDS):
        try:
            round_of_work()
        except Exception:  # a busy database or a bug in one round must not end all rounds
            log.exception("a round of work failed")


@click.command()
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--gate-port", default=GATE_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--flight-port",
    default=None,
    type=click.IntRange(1, 65535),
    help="默认为出口端口加一 · Default: the gate's port and one.",
)
@var_option
def up(port: int, gate_port: int, flight_port: int | None) -> None:
    """一条命令启动演示省 · Bring up the demonstration province: site, gate and worker."""
    for wanted in (port, gate_port):
        require_free(wanted)
    _check_fonts()
    _make_store(var())
    os.environ.setdefault("DIANCHI_GATE_ADDRESS", f"http://127.0.0.1:{gate_port}")
    commands = [
        _server("wsgi", "dianchi.config.wsgi:application", port, 2),
        _server("asginl", "dianchi.gate.app:application", gate_port, 1),
        *_flight(flight_port, gate_port),
        [sys.executable, "-m", "dianchi.interfaces.cli.main", "work"],
    ]
    # Each in a session of its own, so that Ctrl-C reaches them through us alone, in order.
    processes = [subprocess.Popen(c, env=_environment(), start_new_session=True) for c in commands]  # noqa: S603
    with _stopping(processes):
        if _wait_until_serving(processes, (port, gate_port)):
            _greet(port, gate_port)
        while all(process.poll() is None for process in processes):
            time.sleep(0.2)
    ended = [p.returncode for p in processes if p.returncode not in (0, -signal.SIGTERM, -signal.SIGKILL, 143)]
    sys.exit(1 if ended else 0)


def _flight(asked: int | None, gate_port: int) -> list[list[str]]:
    """The Flight door beside the gate; where nobody asked for its port and somebody has it, there is none."""
    port = asked or gate_port + 1
    try:
        require_free(port)
    except TryLater:
        if asked:
            raise
        click.echo(f"  端口 {port} 被占用，未启动高速通道 · Port {port} is taken: no Flight SQL door", err=True)
        return []
    click.echo(f"  高速通道 · Flight   grpc://127.0.0.1:{port}")
    return [[sys.executable, "-m", "dianchi.interfaces.cli.main", "flight", "--port", str(port)]]


def _wait_until_serving(processes: list[subprocess.Popen[bytes]], ports: tuple[int, ...]) -> bool:
    for port in ports:
        while all(process.poll() is None for process in processes):
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
    return all(process.poll() is None for process in processes)


def _check_fonts() -> None:
    """Chinese needs a font that has it: say so at once rather than show boxes."""
    import shutil

    if fc_match := shutil.which("fc-list"):
        found = subprocess.run([fc_match, ":lang=zh"], capture_output=True, text=True, check=False)  # noqa: S603
        if not found.stdout.strip():
            click.echo(
                "提示：本机没有中文字体，打印件和截图会缺字 · No Chinese font is installed here: prints lack glyphs",
                err=True,
            )


def _make_store(folder: Path) -> None:
    """Play the demonstration into a store that is not there yet; it appears whole or not at all."""
    if (folder / "ready").exists():
        _upgrade()
        return
    from dianchi.interfaces.cli.demonstrate import MAKING, make

    if (folder / MAKING).exists():
        click.echo("上次建立未完成，重新建立…… · The last attempt was cut off; making it anew …")
    elif folder.exists() and any(folder.iterdir()):
        raise NotFound(HALF_MADE)
    else:
        click.echo("首次启动：建立演示省…… · First start: making the demonstration province …")

    make(folder, None)


def _upgrade() -> None:
    """Bring a store of an earlier version up to this one."""
    open_store()
    from django.core.management import call_command
    from django.db import connections

    from dianchi.chapters.resources.catalogue.upkeep import catch_up

    call_command("migrate", verbosity=0, interactive=False)
    catch_up()
    connections.close_all()


def _greet(port: int, gate_port: int) -> None:
    from dianchi.interfaces.cli.demo.people import PEOPLE

    password = (var() / "keys" / "demo-password").read_text().strip()
    click.echo(f"\n  网站 · Site     http://127.0.0.1:{port}/")
    click.echo(f"  接口 · API      http://127.0.0.1:{port}/api/v1/openapi.json")
    click.echo(f"  出口 · Gate     http://127.0.0.1:{gate_port}/gate/v1/products/…")
    click.echo(f"  演示口令 · Password of every demo person: {password}\n")
    for person in PEOPLE:
        click.echo(f"    {person.username:<16}{person.role.label}　{person.organisation_name}")
    click.echo("\n  按 Ctrl-C 停止 · Ctrl-C stops everything\n")
