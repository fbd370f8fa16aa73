"""A real browser on a live server; every page must be free of console errors."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from dianchi.interfaces.web.assets import FETCHED, VENDOR

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
INSTALLED = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium or Chrome."""
    if not INSTALLED:
        pytest.skip("no Chromium or Chrome is installed")
    if not (VENDOR / FETCHED).exists():
        pytest.skip("the assets of the pages are not fetched: make setup")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(Path(INSTALLED)), args=list(QUIET))
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """A new window of some width on the live server; afterwards nothing may stand in its console."""
    windows, said = [], []

    def window(width: int = 1440, height: int = 900, *, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, java_script_enabled=script
        )
        page = context.new_page()
        page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda e: said.append(str(e)))
        page.on("requestfailed", lambda r: said.append(r.url) if r.failure != "net::ERR_ABORTED" else None)
        windows.append(context)
        return page

    yield window
    for context in windows:
        context.close()
    assert said == []
