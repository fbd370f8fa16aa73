"""Checking a registration certificate: what anybody can do with the file and the ledger's public key alone.

Needs no database and no network: the statement is canonical JSON, its signature a C2SP signed note, its place in the
ledger a C2SP tlog-proof. Whether a certificate has been followed by another or revoked, only the platform can say.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dianchi.engines.crypto.notes import verifiers_of
from dianchi.engines.merkle.note import NoteVerifier, parse_note, verified
from dianchi.engines.merkle.proof import Proof
from dianchi.kernel import canonical
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.text import Text

FORMAT = "dianchi.registration-certificate/1"
KIND = "certificates.issue"
LARGEST = 256 * 1024  # bytes of a certificate; more is none

UNREADABLE = Refusal(
    "certificates.unreadable", Text("这不是登记凭证文件", "This is no registration certificate"),
    remedy=Text("请使用从平台下载的凭证文件", "Use the file as it was downloaded from the platform"),
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing that was checked."""

    name: str
    holds: bool
    text: Text


def note_text(statement: Mapping[str, Any]) -> str:
    """What the platform signs of a statement: its format, code, edition and digests. It can be no checkpoint."""
    body = canonical.dumps(statement)
    lines = (
        FORMAT, str(statement.get("query_code", "")), str(statement.get("edition", "")),
        f"sha256:{hashlib.sha256(body).hexdigest()}", f"sm3:{canonical.sm3_bytes(body)}",
    )  # fmt: skip
    return "\n".join(lines) + "\n"


def read(data: bytes) -> dict[str, Any]:
    """A certificate file as its parts; raises Invalid for anything else."""
    if len(data) > LARGEST:
        raise Invalid(UNREADABLE)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        raise Invalid(UNREADABLE) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT or not isinstance(said.get("statement"), dict):
        raise Invalid(UNREADABLE)
    if not all(isinstance(said.get(name, ""), str) for name in ("signature", "proof")):
        raise Invalid(UNREADABLE)
    return said


def verifiers(lines: Sequence[str]) -> tuple[NoteVerifier, ...]:
    """The verifiers of public key lines; lines that are none give none."""
    found: list[NoteVerifier] = []
    for line in lines:
        try:
            found += verifiers_of(line.strip())
        except Invalid:
            continue
    return tuple(found)


def check(certificate: Mapping[str, Any], trusted: Sequence[NoteVerifier]) -> list[Finding]:
    """Every finding, in the order a reader would ask: is it the platform's, is it whole, does it stand in the ledger."""
    statement = certificate["statement"]
    proof = _proof(certificate)
    return [
        Finding("signature", _signed(certificate, statement, trusted), Text("平台签名有效，内容未被改动", "The platform has signed it, and it is unaltered")),
        Finding("entry", proof is not None and _entry_is_of(proof, statement), Text("账本记录就是这份凭证", "The entry of the ledger is this certificate")),
        Finding("ledger", proof is not None and proof.holds(trusted), Text("账本记录包含于平台签署的检查点", "The entry is included in a checkpoint that the platform has signed")),
    ]  # fmt: skip


def _signed(certificate: Mapping[str, Any], statement: Mapping[str, Any], trusted: Sequence[NoteVerifier]) -> bool:
    try:
        note = parse_note(certificate.get("signature", ""))
        verified(note, trusted)
        return note.text == note_text(statement)
    except (Invalid, ValueError, TypeError):
        return False


def _proof(certificate: Mapping[str, Any]) -> Proof | None:
    try:
        return Proof.from_text(certificate.get("proof", ""))
    except (Invalid, ValueError):
        return None


def _entry_is_of(proof: Proof, statement: Mapping[str, Any]) -> bool:
    """Whether the entry was made for this very statement: it holds the digest of the payload, which is the statement."""
    try:
        body = json.loads(proof.body)
        payload = hashlib.sha256(canonical.dumps({"certificate": statement})).hexdigest()
    except (ValueError, TypeError, RecursionError):
        return False
    said = isinstance(body, dict) and body.get("kind") == KIND and body.get("outcome") == "done"
    return said and body.get("case_id") == statement.get("query_code") and body.get("payload_sha256") == payload
