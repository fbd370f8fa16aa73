"""Which addresses may be fetched from: hosts that an act has allowed, and no others."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from dianchi.foundation.cases.figures import value

_PORTS = {"http": 80, "https": 443, "postgresql": 5432, "postgres": 5432}


def host_of(address: str) -> str:
    """Host with port, where it is not the scheme's own; a socket of this machine is localhost. "" for nonsense."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    socket = parse_qs(parts.query).get("host", [""])[0]
    if not host and parts.scheme in {"postgresql", "postgres"} and socket.startswith("/"):
        return "localhost"
    if socket:  # libpq would connect there instead
        return ""
    return host if port in (None, _PORTS.get(parts.scheme)) else f"{host}:{port}"


def allowed(address: str, region: str) -> bool:
    """Whether the address is one of an allowed host."""
    host = host_of(address)
    return bool(host) and host in str(value("sources.hosts", region)).split(",")


def holds_password(address: str) -> bool:
    """Whether somebody wrote a password into the address."""
    try:
        parts = urlsplit(address)
        return bool(parts.password) or bool({"password", "passfile", "service"} & set(parse_qs(parts.query)))
    except ValueError:
        return True
