"""Signatures, digests and sealed secrets, in two suites of one interface: International and Shangmi (SM2, SM3, SM4).

A store chooses a suite; whoever uses it names none. Sign checkpoints and certificates, never single events.
"""

from dianchi.engines.crypto.international import INTERNATIONAL
from dianchi.engines.crypto.shangmi import SHANGMI
from dianchi.engines.crypto.suite import Signer, Suite, Verifier

SUITES: dict[str, Suite] = {suite.key: suite for suite in (INTERNATIONAL, SHANGMI)}

__all__ = ["INTERNATIONAL", "SHANGMI", "SUITES", "Signer", "Suite", "Verifier"]
