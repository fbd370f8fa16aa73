"""Signed statements: a JSON object that says something, and who says it; checked offline with a public line."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any

from dianchi.engines.crypto.notes import NoteKey, verifiers_of
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal, RuleBroken
from dianchi.kernel.text import Text

VERSION = 1
MALFORMED = Refusal(
    "statement.malformed", Text("这不是一份签名声明", "This is not a signed statement"),
    remedy=Text("请提供平台签发的原始文件", "Give the file as the platform issued it"),
)  # fmt: skip
OTHER_KEY = Refusal(
    "statement.other-key", Text("签名不是由所给公钥对应的机构作出", "It is not signed by any of the keys given"),
    remedy=Text("请核对公钥的来源", "Check where the public key comes from"),
)  # fmt: skip
CHANGED = Refusal(
    "statement.changed", Text("内容与签名不符，已被改动", "The content is not what was signed; it was changed")
)


def signed(fields: Mapping[str, Any], key: NoteKey) -> dict[str, Any]:
    """The statement: its fields as canonical JSON holds them, the key's name with id, and the signature in base64."""
    plain = canonical.plain(fields)
    signature = base64.b64encode(key.sign(_text(plain))).decode()
    return {"v": VERSION, "fields": plain, "key": f"{key.name}+{key.key_id:08x}", "signature": signature}


def fields_of(statement: object, public_lines: Iterable[str]) -> dict[str, Any]:
    """What a statement says, once its signature holds.

    Invalid when it is no statement; RuleBroken when its key is none of those given, or the content was changed.
    """
    if not isinstance(statement, dict) or statement.get("v") != VERSION:
        raise Invalid(MALFORMED)
    fields, name, text = statement.get("fields"), statement.get("key"), statement.get("signature")
    if not (isinstance(fields, dict) and isinstance(name, str) and isinstance(text, str)):
        raise Invalid(MALFORMED)
    try:
        signature, content = base64.b64decode(text, validate=True), _text(fields)
    except (binascii.Error, ValueError, TypeError) as error:
        raise Invalid(MALFORMED) from error
    known = [v for line in public_lines for v in verifiers_of(line) if f"{v.name}+{v.key_id:08x}" == name]
    if not known:
        raise RuleBroken(OTHER_KEY)
    if not any(v.verify(content, signature) for v in known):
        raise RuleBroken(CHANGED)
    return fields


def _text(fields: object) -> bytes:
    return b"dianchi statement v1\n" + canonical.dumps(fields)
