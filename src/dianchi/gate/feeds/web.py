"""Fetching from web services: only from the host that was allowed, page by page, into a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

from dianchi.gate.feeds.refusals import ELSEWHERE, NOT_DATA, REFUSED, TOO_LARGE, UNREACHABLE
from dianchi.kernel.errors import Invalid, NotPermitted, TryLater

LARGEST_PAGE = 64 << 20
MOST_PAGES = 100_000
_REDIRECTS = 5
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_NAMES = ("data", "rows", "records", "list", "items", "results", "result", "value", "features", "数据")


class Web:
    """A client for one host: it goes nowhere else, whatever the answers say."""

    def __init__(self, address: str, username: str = "", secret: str = "") -> None:
        self._home = _place(address)
        auth = httpx.BasicAuth(username, secret) if username else None
        headers = {"Authorization": f"Bearer {secret}"} if secret and not username else {}
        # No proxy and no netrc of the machine: what was allowed is what is reached.
        self._client = httpx.Client(
            timeout=_TIMEOUT, follow_redirects=False, trust_env=False, auth=auth, headers=headers
        )

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, address: str, parameters: Mapping[str, str] | None = None) -> tuple[bytes, str]:
        """The body and its media type. TryLater if it cannot be reached, Invalid if it refuses or is too large."""
        for _ in range(_REDIRECTS):
            if _place(address) != self._home:
                raise NotPermitted(ELSEWHERE)
            try:
                with self._client.stream("GET", address, params=parameters or None) as answer:
                    if answer.is_redirect:
                        address, parameters = urljoin(str(answer.url), answer.headers.get("location", "")), None
                        continue
                    if answer.status_code >= 500:
                        raise TryLater(UNREACHABLE)
                    if answer.status_code >= 400:
                        raise Invalid(REFUSED.saying(status=answer.status_code))
                    return _bounded(answer), answer.headers.get("content-type", "")
            except (httpx.HTTPError, httpx.InvalidURL):
                raise TryLater(UNREACHABLE) from None
        raise NotPermitted(ELSEWHERE)

    def download(self, address: str, path: Path) -> int:
        """The body into a file, however large; the bytes."""
        if _place(address) != self._home:
            raise NotPermitted(ELSEWHERE)
        try:
            with self._client.stream("GET", address) as answer, path.open("wb") as file:
                if answer.is_redirect:
                    return self.download(urljoin(str(answer.url), answer.headers.get("location", "")), path)
                if answer.status_code >= 400:
                    raise Invalid(REFUSED.saying(status=answer.status_code))
                return sum(file.write(block) for block in answer.iter_bytes())
        except (httpx.HTTPError, httpx.InvalidURL):
            raise TryLater(UNREACHABLE) from None


def _place(address: str) -> tuple[str, str, int | None]:
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port


def _bounded(answer: httpx.Response) -> bytes:
    held, size = [], 0
    for block in answer.iter_bytes():
        held.append(block)
        size += len(block)
        if size > LARGEST_PAGE:
            raise Invalid(TOO_LARGE)
    return b"".join(held)


def pages(
    web: Web, address: str, fixed: Mapping[str, str], page: str, size: str, per_page: int
) -> Iterator[tuple[bytes, str]]:
    """Every page, by number from 1 where the service has pages, else the one there is; the last one is short or empty."""
    for number in range(1, MOST_PAGES + 1):
        asked = dict(fixed) | ({page: str(number)} if page else {}) | ({size: str(per_page)} if size else {})
        yield web.get(address, asked)
        if not page:
            return


def fetch(web: Web, address: str, path: Path, *, fixed: Mapping[str, str], page: str, size: str, per_page: int) -> int:
    """All rows of the service into one file, CSV if it answers so, else one JSON object a line; how many."""
    rows, before = 0, b""
    with path.open("wb") as file:
        for body, kind in pages(web, address, fixed, page, size, per_page):
            if body == before:  # a service that ignores the page number would answer the same for ever
                break
            before = body
            found = _csv(body, file.tell() > 0) if "csv" in kind else _lines(body)
            if not found:
                break
            file.write(b"".join(found))
            count = len(found) - (1 if "csv" in kind and not rows else 0)
            rows += count
            if page and size and count < per_page:
                break
    return rows


def _csv(body: bytes, headless: bool) -> list[bytes]:
    """The lines of a page, the header only once."""
    lines = [line + b"\n" for line in body.splitlines() if line.strip()]
    if len(lines) < 2:
        return [] if headless else lines
    return lines[1:] if headless else lines


def _lines(body: bytes) -> list[bytes]:
    try:
        found = records(json.loads(body, parse_float=_Digits))
    except ValueError:
        raise Invalid(NOT_DATA) from None
    return [json.dumps(r, ensure_ascii=False, default=str).encode() + b"\n" for r in found]


class _Digits(float):
    """A number that is written as it was read."""

    def __new__(cls, text: str) -> _Digits:
        made = super().__new__(cls, text)
        made.text = text  # type: ignore[attr-defined]
        return made

    def __repr__(self) -> str:
        return str(self.text)  # type: ignore[attr-defined]


def records(answer: Any) -> list[dict[str, Any]]:
    """The rows of an answer: a list of objects, alone or in an envelope. Invalid if there is none."""
    if isinstance(answer, list) and all(isinstance(r, dict) for r in answer):
        return answer
    if isinstance(answer, dict):
        for name in (*_NAMES, *answer):
            inner = answer.get(name)
            if isinstance(inner, list | dict) and (isinstance(inner, dict) or all(isinstance(r, dict) for r in inner)):
                try:
                    return records(inner)
                except Invalid:
                    continue
    raise Invalid(NOT_DATA)
