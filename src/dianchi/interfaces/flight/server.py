"""Flight SQL on pyarrow.flight: statements, prepared statements with bind parameters, metadata, cancel."""

from __future__ import annotations

import base64
import binascii
import json
import logging
import secrets
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pyarrow as pa
import pyarrow.flight as fl
from django.db import close_old_connections

from dianchi.foundation import clock
from dianchi.gate import door, files, formats, keys, schemas
from dianchi.gate.keys import Credentials
from dianchi.interfaces.flight import catalog, sql, wire
from dianchi.kernel.errors import DomainError, Invalid, NotFound, NotPermitted, Refusal, TryLater
from dianchi.kernel.text import Text

log = logging.getLogger("dianchi.flight")
MOST_PREPARED = 1000
_ROWS = 65_536
CANCELLED = Refusal("flight.cancelled", Text("查询已取消", "The query was cancelled"))
NOT_OFFERED = Refusal("flight.not-offered", Text("此通道不提供该操作", "This door does not offer that"))
UNKNOWN_HANDLE = Refusal("flight.handle-unknown", Text("没有这个预备语句", "There is no such prepared statement"))


@dataclass
class Prepared:
    """A statement that waits for its values."""

    called: sql.Called
    owner: str
    values: tuple[str, ...] = ()


class Identity(fl.ServerMiddleware):  # type: ignore[misc]
    """What a call's headers show; a password is answered with the token to use from then on."""

    def __init__(self, secret: str, basic: bool) -> None:
        self.secret, self._basic = secret, basic

    def sending_headers(self) -> dict[str, str]:
        """The bearer token for clients that came with a password."""
        return {"authorization": f"Bearer {self.secret}"} if self._basic else {}


class Identities(fl.ServerMiddlewareFactory):  # type: ignore[misc]
    """Reads the authorization header: Bearer with a key or token, or Basic with the key as the password."""

    def start_call(self, info: Any, headers: dict[str, list[str]]) -> Identity:
        """The identity that is shown; whether it is good is asked at the call itself."""
        shown = next((v[0] for name, v in headers.items() if name.lower() == "authorization" and v), "")
        kind, _, text = shown.partition(" ")
        if kind.lower() == "basic":
            try:
                text = base64.b64decode(text + "==").decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                text = ""
        return Identity(text.strip(), kind.lower() == "basic")


class NoHandshake(fl.ServerAuthHandler):  # type: ignore[misc]
    """Headers say it all; the handshake that some clients begin with is let through."""

    def authenticate(self, outgoing: Any, incoming: Any) -> None:
        """Nothing is decided here."""

    def is_valid(self, token: bytes) -> str:
        """Nothing is decided here."""
        return ""


def _told(work: Callable[..., Any]) -> Callable[..., Any]:
    """Domain errors as Flight's own, with the stable code in front; anything else by a reference alone."""

    @wraps(work)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        close_old_connections()
        try:
            return work(*arguments, **named)
        except DomainError as refused:
            raise as_flight(refused) from None
        except (fl.FlightError, pa.ArrowException):
            raise
        except Exception:
            reference = uuid.uuid4().hex[:12]
            log.exception("reference %s", reference)
            raise fl.FlightInternalError(f"[gate.unexpected] reference {reference}") from None

    return wrapped


def as_flight(refused: DomainError) -> Exception:
    """The error of Flight that says the same."""
    first = refused.refusals[0]
    message = f"[{first.code}] {first.message} · {first.message.en}"
    detail = json.dumps([r.code for r in refused.refusals]).encode()
    if first.code in ("gate.no-key", "orders.bad-key"):
        return fl.FlightUnauthenticatedError(message, detail)
    if isinstance(refused, NotPermitted):
        return fl.FlightUnauthorizedError(message, detail)
    if isinstance(refused, TryLater):
        return fl.FlightUnavailableError(message, detail)
    if isinstance(refused, NotFound):
        return pa.ArrowKeyError(message)
    return pa.ArrowInvalid(message)


class Server(fl.FlightServerBase):  # type: ignore[misc]
    """The door. Every call is authenticated by itself; a ticket names what to call and opens nothing."""

    def __init__(self, location: str, **options: Any) -> None:
        super().__init__(location, auth_handler=NoHandshake(), middleware={"identity": Identities()}, **options)
        self._prepared: OrderedDict[bytes, Prepared] = OrderedDict()
        self._cancelled: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    # -- what a client asks -------------------------------------------------------------------------------------------

    @_told
    def get_flight_info(self, context: Any, descriptor: Any) -> Any:
        """The schema of an answer and the ticket to fetch it with; nothing has run."""
        name, message = wire.unpacked(descriptor.command)
        if name == "CommandStatementQuery":
            called = sql.read(wire.text(message, 1))
            return self._info(context, descriptor, called.slug, called.bound(()))
        if name == "CommandPreparedStatementQuery":
            found = self._of(wire.blob(message, 1), context)
            return self._info(context, descriptor, found.called.slug, found.called.bound(found.values))
        table = self._metadata(name, message, context)
        ticket = fl.Ticket(descriptor.command)
        return fl.FlightInfo(table.schema, descriptor, [fl.FlightEndpoint(ticket, [])], table.num_rows, -1)

    @_told
    def get_schema(self, context: Any, descriptor: Any) -> Any:
        """The schema of an answer."""
        return fl.SchemaResult(self.get_flight_info(context, descriptor).schema)

    @_told
    def do_get(self, context: Any, ticket: Any) -> Any:
        """Deliver: admitted, recorded and metered before the first byte."""
        name, message = wire.unpacked(ticket.ticket)
        if name != "TicketStatementQuery":
            return fl.RecordBatchStream(self._metadata(name, message, context))
        asked = _handle(wire.blob(message, 1))
        if asked["id"] in self._cancelled or context.is_cancelled():
            raise fl.FlightCancelledError(f"[{CANCELLED.code}] {CANCELLED.message.en}")
        credentials, at = self._credentials(context), clock.now()
        answer = door.call(door.Asked(credentials, asked["slug"], asked["given"], call_id=asked["id"]), at)
        promised = schemas.of(door.prepared(credentials, asked["slug"], at))
        table = (formats.stable(answer.table) if answer.kind != "BULK" else answer.table).cast(promised)
        receipt = pa.py_buffer(json.dumps(answer.receipt, ensure_ascii=False).encode())
        order = keys.order_of(credentials, at)
        stream = files.while_covered(iter(table.to_batches(_ROWS)), order, asked["slug"])
        return fl.GeneratorStream(promised, self._batches(context, asked["id"], stream, receipt, promised))

    @_told
    def do_put(self, context: Any, descriptor: Any, reader: Any, writer: Any) -> None:
        """Bind one row of values to a prepared statement."""
        name, message = wire.unpacked(descriptor.command)
        if name != "CommandPreparedStatementQuery":
            raise Invalid(NOT_OFFERED)
        handle = wire.blob(message, 1)
        found, table = self._of(handle, context), reader.read_all()
        if table.num_rows != 1 or table.num_columns != len(found.called.open):
            raise Invalid(sql.UNBOUND)
        with self._lock:
            found.values = tuple(_text(column[0].as_py()) for column in table.columns)
        writer.write(wire.field(1, handle))

    @_told
    def do_action(self, context: Any, action: Any) -> list[bytes]:
        """Prepare, close, cancel."""
        body = action.body.to_pybytes() if action.body is not None else b""
        if action.type == "CreatePreparedStatement":
            return [self._create(context, wire.unpacked(body)[1])]
        if action.type == "ClosePreparedStatement":
            with self._lock:
                self._prepared.pop(wire.blob(wire.unpacked(body)[1], 1), None)
            return []
        if action.type in ("CancelFlightInfo", "CancelQuery"):
            return [self._cancel(context, action.type, body)]
        raise Invalid(NOT_OFFERED)

    def list_actions(self, context: Any) -> list[tuple[str, str]]:
        """What `do_action` knows."""
        return [
            ("CreatePreparedStatement", ""),
            ("ClosePreparedStatement", ""),
            ("CancelFlightInfo", ""),
            ("CancelQuery", ""),
        ]

    # -- how it is answered -------------------------------------------------------------------------------------------

    def _credentials(self, context: Any) -> Credentials:
        identity = context.get_middleware("identity")
        return Credentials(identity.secret if identity else "", "flight", _address(context.peer()))

    def _info(self, context: Any, descriptor: Any, slug: str, given: dict[str, str]) -> Any:
        schema = schemas.of(door.prepared(self._credentials(context), slug, clock.now()))
        handle = json.dumps({"slug": slug, "given": given, "id": secrets.token_hex(16)}).encode()
        ticket = fl.Ticket(wire.packed("TicketStatementQuery", wire.field(1, handle)))
        return fl.FlightInfo(schema, descriptor, [fl.FlightEndpoint(ticket, [])], -1, -1)

    def _batches(
        self, context: Any, name: str, batches: Iterator[Any], receipt: Any, schema: pa.Schema
    ) -> Iterator[Any]:
        """The batches, the receipt beside the first; ends with a reason when the client or the gate says so."""
        first: Any = receipt
        close_old_connections()  # the library draws the batches in a thread of its own
        try:
            for batch in batches:
                if context.is_cancelled() or name in self._cancelled:
                    raise fl.FlightCancelledError(f"[{CANCELLED.code}] {CANCELLED.message.en}")
                yield (batch, first) if first is not None else batch
                first = None
        except DomainError as refused:
            raise as_flight(refused) from None
        if first is not None:
            yield pa.RecordBatch.from_pylist([], schema), first

    def _metadata(self, name: str, message: wire.Fields, context: Any) -> pa.Table:
        credentials, at = self._credentials(context), clock.now()
        keys.admit(credentials, at)
        if name == "CommandGetSqlInfo":
            return catalog.sql_info(_numbers(message))
        if name == "CommandGetCatalogs":
            return catalog.catalogs()
        if name == "CommandGetDbSchemas":
            return catalog.schemas(wire.text(message, 1), wire.text(message, 2))
        if name == "CommandGetTableTypes":
            return catalog.types()
        if name == "CommandGetTables":
            slug = keys.product_of(credentials, at)
            schema = schemas.of(door.prepared(credentials, slug, at))
            return catalog.tables([(slug, schema)], wire.text(message, 3), with_schema=bool(message.get(5, [0])[-1]))
        raise Invalid(NOT_OFFERED)

    def _create(self, context: Any, message: wire.Fields) -> bytes:
        called = sql.read(wire.text(message, 1))
        credentials = self._credentials(context)
        ready = door.prepared(credentials, called.slug, clock.now())
        unknown = [name for name in called.open if name not in ready.parameters]
        if unknown:
            raise Invalid(sql.UNBOUND)
        handle = secrets.token_bytes(16)
        with self._lock:
            self._prepared[handle] = Prepared(called, credentials.secret)
            while len(self._prepared) > MOST_PREPARED:
                self._prepared.popitem(last=False)
        bound = pa.schema([pa.field(name, schemas.parameter(ready.parameters[name])) for name in called.open])
        result = wire.field(1, handle) + wire.field(2, schemas.of(ready).serialize().to_pybytes())
        result += wire.field(3, bound.serialize().to_pybytes())
        return wire.packed("ActionCreatePreparedStatementResult", result)

    def _of(self, handle: bytes, context: Any) -> Prepared:
        found = self._prepared.get(handle)
        if found is None or found.owner != self._credentials(context).secret:
            raise NotFound(UNKNOWN_HANDLE)
        return found

    def _cancel(self, context: Any, kind: str, body: bytes) -> bytes:
        keys.admit(self._credentials(context), clock.now())
        message = wire.unpacked(body)[1] if kind == "CancelQuery" else wire.fields(body)
        info = fl.FlightInfo.deserialize(wire.blob(message, 1))
        for endpoint in info.endpoints:
            name, ticket = wire.unpacked(endpoint.ticket.ticket)
            if name == "TicketStatementQuery":
                with self._lock:
                    self._cancelled[_handle(wire.blob(ticket, 1))["id"]] = None
                    while len(self._cancelled) > MOST_PREPARED:
                        self._cancelled.popitem(last=False)
        result = wire.field(1, 1)  # CANCELLED
        return wire.packed("ActionCancelQueryResult", result) if kind == "CancelQuery" else result


def _handle(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
        good = isinstance(found["slug"], str) and isinstance(found["given"], dict) and isinstance(found["id"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        good = False
    if not good or not all(isinstance(v, str) for v in found["given"].values()):
        raise Invalid(wire.MALFORMED)
    return {"slug": found["slug"], "given": found["given"], "id": found["id"]}


def _text(value: Any) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _address(peer: str) -> str:
    """ "ipv4:127.0.0.1:5" and "ipv6:[::1]:5" as addresses."""
    kind, _, rest = peer.partition(":")
    return (
        rest.rpartition(":")[0].replace("%5B", "[").replace("%5D", "]").strip("[]") if kind in ("ipv4", "ipv6") else ""
    )


def _numbers(message: wire.Fields) -> list[int]:
    """The numbers of a repeated field, packed or one by one."""
    found: list[int] = []
    for value in message.get(1, []):
        if isinstance(value, int):
            found.append(value)
        else:
            place = 0
            while place < len(value):
                number, place = wire._read(value, place)
                found.append(number)
    return found
