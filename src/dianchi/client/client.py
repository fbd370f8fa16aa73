"""Calls with retries that are never metered twice, pages, files with resume, receipts checked on arrival."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pyarrow as pa

from dianchi.client.results import Refused, Result
from dianchi.engines.crypto.suite import Signer
from dianchi.gate.proofs import check_receipt
from dianchi.kernel import canonical

_AGAIN = (429, 502, 503, 504)
Progress = Callable[[int, int], None]  # bytes so far, bytes in all


class Client:
    """One key at one gate. Safe to use from many threads.

    `public_lines`: the gate's public keys, from its `/gate/v1/key` or better from its certificate; when given, each
    receipt and the rows under it are checked, and a bad one raises before anything is handed on. `signer`: the private
    key of a key that must sign. `transport` is httpx's, for tests and proxies.
    """

    def __init__(
        self, address: str, key: str, *, public_lines: Sequence[str] = (), retries: int = 4, timeout: float = 60.0,
        signer: Signer | None = None, transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._http = httpx.Client(base_url=address, timeout=timeout, transport=transport)
        self._key, self._lines, self._retries, self._signer, self._sleep = (
            key,
            tuple(public_lines),
            retries,
            signer,
            sleep,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def call(self, product: str, /, *, call_id: str = "", **parameters: Any) -> Result:
        """One answer; repeated until it is there, metered once."""
        reply = self._send("GET", _path(product), parameters, call_id=call_id or secrets.token_hex(16))
        return self._checked(Result(reply.content))

    def table(self, product: str, /, **parameters: Any) -> pa.Table:
        """One answer as an Arrow table with its own types; the receipt is in its metadata."""
        accept = "application/vnd.apache.arrow.stream"
        reply = self._send("GET", _path(product), parameters, call_id=secrets.token_hex(16), accept=accept)
        found = pa.ipc.open_stream(reply.content).read_all()
        if self._lines:
            check_receipt((found.schema.metadata or {}).get(b"dianchi.receipt", b"{}"), self._lines)
        return found

    def pages(self, product: str, /, *, page_size: int = 10_000, **parameters: Any) -> Iterator[list[dict[str, Any]]]:
        """The rows of one answer, so many at a time; the answer is metered once."""
        sent = {**parameters, "_page_size": page_size}
        told = Result(self._send("GET", _path(product), sent, call_id=secrets.token_hex(16)).content).told
        yield list(told["rows"])
        while after := told.get("next"):
            told = Result(self._send("GET", after).content).told
            yield list(told["rows"])

    def verify(
        self, product: str, /, *, consent: str = "", until: date | None = None, basis: str = "", **parameters: Any
    ) -> bool:
        """Match or no match, on a consent (the digest of its document and its end) or on another legal basis."""
        ground = {"_consent": consent, "_consent_until": until} if consent else {"_basis": basis}
        return bool(self.call(product, **parameters, **ground).rows[0]["match"])

    def fuse(self, product: str, own: pa.Table | Sequence[Mapping[str, Any]], /, **parameters: Any) -> Result:
        """One's own rows joined inside the domain; aggregates come back."""
        rows = own.to_pylist() if isinstance(own, pa.Table) else [dict(row) for row in own]
        given = {name: _text(value) for name, value in parameters.items()}
        body = json.dumps({"parameters": given, "own": [{n: _own(v) for n, v in r.items()} for r in rows]}).encode()
        return self._checked(
            Result(self._send("POST", _path(product), body=body, call_id=secrets.token_hex(16)).content)
        )

    def download(
        self, product: str, to: Path, /, *, format: str = "parquet", progress: Progress | None = None, **parameters: Any,  # noqa: A002
    ) -> dict[str, Any]:  # fmt: skip
        """Deliver into a file and fetch it, going on where it broke off; checked by its SHA-256. What the gate told."""
        body = json.dumps({"parameters": {n: _text(v) for n, v in parameters.items()}, "format": format}).encode()
        told = json.loads(
            self._send("POST", f"{_path(product)}/files", body=body, call_id=secrets.token_hex(16)).content
        )
        self._fetch(told, to, progress)
        if self._lines:
            check_receipt(json.dumps({"receipt": told["receipt"]}).encode(), self._lines)
        return dict(told)

    def token(self) -> tuple[str, int]:
        """A token of half an hour in place of the key (OAuth 2 client credentials), and its seconds."""
        form = urlencode({"grant_type": "client_credentials", "client_secret": self._key}).encode()
        told = json.loads(self._send("POST", "/gate/v1/oauth/token", body=form).content)
        return str(told["access_token"]), int(told["expires_in"])

    def openapi(self, product: str, /) -> dict[str, Any]:
        """The product's own document."""
        return dict(json.loads(self._send("GET", f"{_path(product)}/openapi.json").content))

    def sandbox(self, product: str, /, **parameters: Any) -> list[dict[str, Any]]:
        """Rows about nobody, to develop against; never charged."""
        return list(Result(self._send("GET", f"{_path(product)}/sandbox", parameters).content).told["rows"])

    def _checked(self, result: Result) -> Result:
        if self._lines:
            check_receipt(result.body, self._lines)
        return result

    def _fetch(self, told: Mapping[str, Any], to: Path, progress: Progress | None) -> None:
        part, size = to.with_name(f"{to.name}.part"), int(told["bytes"])
        for attempt in range(self._retries + 1):
            have = part.stat().st_size if part.exists() else 0
            if have < size:
                self._append(str(told["file"]), part, have, size, progress, last=attempt == self._retries)
            if part.exists() and part.stat().st_size == size and _sha256(part) == told["sha256"]:
                part.replace(to)
                return
            if part.exists() and part.stat().st_size >= size:
                part.unlink()  # it was another file's beginning
            self._sleep(_pause(attempt))
        raise Refused(0, {"code": "client.download-incomplete", "detail": "The file did not arrive whole"})

    def _append(self, link: str, part: Path, have: int, size: int, progress: Progress | None, *, last: bool) -> None:
        try:
            with self._http.stream("GET", link, headers={"Range": f"bytes={have}-"} if have else {}) as reply:
                if reply.status_code >= 400:
                    reply.read()
                    if reply.status_code in _AGAIN and not last:
                        return
                    raise _refused(reply)
                mode = "ab" if reply.status_code == 206 else "wb"
                have = have if mode == "ab" else 0
                with part.open(mode) as file:
                    for piece in reply.iter_bytes(1 << 20):
                        file.write(piece)
                        have += len(piece)
                        if progress:
                            progress(have, size)
        except httpx.TransportError:
            if last:
                raise

    def _send(
        self, method: str, path: str, parameters: Mapping[str, Any] | None = None, *, body: bytes = b"", call_id: str = "",
        accept: str = "application/json",
    ) -> httpx.Response:  # fmt: skip
        query = urlencode({n: _text(v) for n, v in (parameters or {}).items() if v is not None})
        target = f"{path}?{query}" if query else path
        headers = {"Authorization": f"Bearer {self._key}", "Accept": accept}
        if call_id:
            headers["Idempotency-Key"] = call_id
        for attempt in range(self._retries + 1):
            try:
                reply = self._http.request(
                    method, target, content=body, headers={**headers, **self._signature(method, target, body)}
                )
            except httpx.TransportError:
                if attempt == self._retries:
                    raise
            else:
                if reply.status_code < 400:
                    return reply
                if reply.status_code not in _AGAIN or attempt == self._retries:
                    raise _refused(reply)
            self._sleep(_pause(attempt))
        raise AssertionError("unreachable")

    def _signature(self, method: str, target: str, body: bytes) -> dict[str, str]:
        if self._signer is None:
            return {}
        seconds, nonce = str(int(time.time())), secrets.token_hex(16)
        lines = ("dianchi-request-v1", method, target, canonical.sm3_bytes(body), seconds, nonce)
        signature = base64.b64encode(self._signer.sign("\n".join(lines).encode())).decode()
        return {"Dianchi-Time": seconds, "Dianchi-Nonce": nonce, "Dianchi-Signature": signature}


def _path(product: str) -> str:
    return f"/gate/v1/products/{product}"


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _own(value: Any) -> Any:
    return (
        value
        if value is None or isinstance(value, int | str)
        else str(value)
        if isinstance(value, Decimal)
        else _text(value)
    )


def _pause(attempt: int) -> float:
    """Seconds before the next try: doubling, spread so that many callers do not come back together."""
    return min(8.0, 0.2 * float(2**attempt)) * (0.5 + random.random())  # noqa: S311 - no secret


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refused(reply: httpx.Response) -> Refused:
    try:
        problem = json.loads(reply.content)
    except ValueError:
        problem = {}
    return Refused(reply.status_code, problem if isinstance(problem, dict) else {})
