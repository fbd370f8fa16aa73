"""Electronic signatures of organisations over the terms of an agreement, in both suites: SM2 with SM3, Ed25519.

The platform keeps each organisation's keys under <store>/keys/organisations, readable by its owner alone; a signature
carries the public keys, so that anybody can check it without the platform.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dianchi.engines.crypto import INTERNATIONAL, SHANGMI
from dianchi.engines.crypto.files import signer_file
from dianchi.engines.crypto.suite import Suite
from dianchi.kernel import canonical, codes
from dianchi.kernel.errors import Invalid

SUITES: Mapping[str, Suite] = {"sm2": SHANGMI, "ed25519": INTERNATIONAL}


def signed(terms: Mapping[str, Any], party: str, organisation: str, at: datetime) -> dict[str, Any]:
    """The organisation's signature over the terms as they are now."""
    signature: dict[str, Any] = {
        "party": party, "organisation": codes.uscc(organisation), "at": at.isoformat(), **_digests(terms)
    }  # fmt: skip
    body = _body(signature)
    folder = Path(settings.DIANCHI_VAR) / "keys" / "organisations" / organisation
    for name, suite in SUITES.items():
        signer = signer_file(folder / f"{name}.pem", suite)
        signature[name] = _text(signer.sign(body))
        signature[f"{name}_key"] = _text(signer.public)
    return signature


def holds(terms: Mapping[str, Any], signature: Mapping[str, Any]) -> bool:
    """Whether both signatures are good and are over these terms."""
    if any(signature.get(name) != value for name, value in _digests(terms).items()):
        return False
    body = _body(signature)
    try:
        return all(
            suite.verifier(base64.b64decode(signature[f"{name}_key"])).verify(body, base64.b64decode(signature[name]))
            for name, suite in SUITES.items()
        )
    except (Invalid, KeyError, ValueError):
        return False


def _digests(terms: Mapping[str, Any]) -> dict[str, str]:
    body = canonical.dumps(terms)
    return {"sm3": canonical.sm3_bytes(body), "sha256": hashlib.sha256(body).hexdigest()}


def _body(signature: Mapping[str, Any]) -> bytes:
    """What is signed: who, when, over which digests."""
    return canonical.dumps({name: signature[name] for name in ("party", "organisation", "at", "sm3", "sha256")})


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
