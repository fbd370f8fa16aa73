"""The Chinese commercial suite: SM2 (GB/T 32918), SM3 (GB/T 32905), SM4-GCM (GB/T 32907, GB/T 36624).

SM2 signs with SM3 over Z of the default user id 1234567812345678 (GM/T 0009), which the library applies itself; the
standard's vector in the tests holds it to that.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any, cast

from tongsuopy.crypto import hashes, serialization
from tongsuopy.crypto.asymciphers import ec
from tongsuopy.crypto.ciphers import Cipher, algorithms, modes
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature, InvalidTag, UnsupportedAlgorithm

from dianchi.engines.crypto.suite import BAD_KEY, CANNOT_OPEN
from dianchi.kernel.errors import Invalid
from dianchi.kernel.text import Text

_NONCE, _TAG, _KEY = 12, 16, 16


def sm3(data: bytes) -> bytes:
    """SM3 by OpenSSL; by cryptography's own where the system's OpenSSL was built without it."""
    try:
        return hashlib.new("sm3", data).digest()
    except ValueError:
        from cryptography.hazmat.primitives import hashes as bundled

        state = bundled.Hash(bundled.SM3())
        state.update(data)
        return state.finalize()


class Sm2Verifier:
    """An SM2 public key."""

    def __init__(self, public: bytes):
        self.public = public
        try:
            self._key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SM2(), public)
        except (ValueError, InternalError) as error:
            raise Invalid(BAD_KEY) from error

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether the DER signature over the data is by this key."""
        try:
            self._key.verify(signature, data, ec.ECDSA(hashes.SM3()))
        except (InvalidSignature, InternalError):  # the second is how the library answers malformed DER
            return False
        return True


class Sm2Signer:
    """An SM2 private key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey):
        self._key = key
        self.public: bytes = key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )

    def sign(self, data: bytes) -> bytes:
        """DER of (r, s)."""
        return cast(bytes, self._key.sign(data, ec.ECDSA(hashes.SM3())))

    def pem(self) -> bytes:
        """PKCS #8."""
        key: Any = self._key
        return cast(
            bytes,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        )


class Shangmi:
    """SM2, SM3 and SM4-GCM."""

    key = "shangmi"
    title = Text("商用密码算法", "Chinese commercial algorithms")

    def digest(self, data: bytes) -> bytes:
        """SM3."""
        return sm3(data)

    def generate(self) -> Sm2Signer:
        """A new SM2 key."""
        return Sm2Signer(ec.generate_private_key(ec.SM2()))

    def load(self, pem: bytes) -> Sm2Signer:
        """The SM2 key in a PEM text."""
        try:
            key = serialization.load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm, InternalError) as error:
            raise Invalid(BAD_KEY) from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise Invalid(BAD_KEY)
        return Sm2Signer(key)

    def verifier(self, public: bytes) -> Sm2Verifier:
        """The verifier of an uncompressed point of 65 bytes."""
        return Sm2Verifier(public)

    def new_key(self) -> bytes:
        """16 bytes."""
        return os.urandom(_KEY)

    def seal(self, key: bytes, plain: bytes, context: bytes = b"") -> bytes:
        """Nonce, ciphertext, tag."""
        nonce = os.urandom(_NONCE)
        cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(context)
        body = cipher.update(plain) + cipher.finalize()
        return cast(bytes, nonce + body + cipher.tag)

    def open(self, key: bytes, sealed: bytes, context: bytes = b"") -> bytes:
        """What was sealed."""
        if len(sealed) < _NONCE + _TAG:
            raise Invalid(CANNOT_OPEN)
        try:
            cipher = Cipher(algorithms.SM4(key), modes.GCM(sealed[:_NONCE], sealed[-_TAG:])).decryptor()
            cipher.authenticate_additional_data(context)
            return cast(bytes, cipher.update(sealed[_NONCE:-_TAG]) + cipher.finalize())
        except (InvalidTag, InternalError, ValueError) as error:
            raise Invalid(CANNOT_OPEN) from error


SHANGMI = Shangmi()
