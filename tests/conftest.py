"""The whole suite: no network, a store of its own, an aware clock that nobody reads."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's event loop lives in the tests' thread
