"""What must not stand in a disclosure: secrets, trade secrets, personal information, security details (GIO 14, 15)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from dianchi.engines.disclosure.identifiers import KINDS, Identifiers
from dianchi.kernel.text import Text

PERSONAL = tuple(kind for kind in KINDS if kind != "uscc")  # organisations are named by their code
_WORDS = {
    "state-secret": re.compile(r"绝密|机密(?!性)|秘密[★☆]|国家秘密|涉密文件|内部资料|不得外传"),
    "trade-secret": re.compile(r"商业秘密|保密商务信息|技术诀窍|底价|客户名单"),
    "security-detail": re.compile(r"口令为|密码为|私钥|漏洞编号|(?<![\d.])(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?![\d.])"),
}  # fmt: skip
NAMES = {
    "state-secret": Text("国家秘密标识", "marks of a state secret"),
    "trade-secret": Text("商业秘密", "trade secrets"),
    "security-detail": Text("安全细节", "security details"),
    "personal-information": Text("个人信息", "personal information"),
}


def findings(value: Any, as_of: date) -> list[str]:
    """The kinds of forbidden content that occur anywhere in a text or a pack, in the order of NAMES."""
    look = Identifiers(as_of, PERSONAL)
    found = set()
    for text in _texts(value):
        found |= {kind for kind, pattern in _WORDS.items() if pattern.search(text)}
        if look.kinds_in(text):
            found.add("personal-information")
    return [kind for kind in NAMES if kind in found]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
