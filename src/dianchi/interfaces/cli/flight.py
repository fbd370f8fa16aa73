"""`dianchi flight`: the Arrow Flight SQL door."""

from __future__ import annotations

import contextlib
import signal
import threading
from pathlib import Path

import click

from dianchi.interfaces.cli.running import require_free
from dianchi.interfaces.cli.store import open_store, var_option

FLIGHT_PORT = 8003
_PATH = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--port", default=FLIGHT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--tls-cert", type=_PATH, help="服务器证书（PEM）· Certificate of the server.")
@click.option("--tls-key", type=_PATH, help="服务器私钥（PEM）· Its private key.")
@click.option(
    "--client-ca", type=_PATH, help="只接受该机构签发的客户端证书 · Callers must show a certificate of this authority."
)
@var_option
def flight(port: int, host: str, tls_cert: Path | None, tls_key: Path | None, client_ca: Path | None) -> None:
    """高速通道：Arrow Flight SQL · The Flight SQL door, for any ADBC client."""
    open_store()
    require_free(port)
    from dianchi.interfaces.flight.server import Server

    options: dict[str, object] = {}
    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert 与 --tls-key 须同时给出 · --tls-cert and --tls-key go together")
    if tls_cert and tls_key:
        options["tls_certificates"] = [(tls_cert.read_bytes(), tls_key.read_bytes())]
    if client_ca:
        options |= {"verify_client": True, "root_certificates": client_ca.read_bytes()}
    scheme = "grpc+tls" if tls_cert else "grpc"
    server = Server(f"{scheme}://{host}:{port}", **options)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    click.echo(f"高速通道 · Flight SQL  {scheme}://{host}:{port}")
    stop.wait()
    with contextlib.suppress(KeyboardInterrupt):
        server.shutdown()
