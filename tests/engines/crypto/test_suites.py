"""Both suites against the vectors of their standards, and against each other's interface."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tongsuopy.crypto.ciphers import Cipher, algorithms, modes

from dianchi.engines.crypto import INTERNATIONAL, SHANGMI, SUITES
from dianchi.engines.crypto.shangmi import sm3
from dianchi.kernel.errors import Invalid

BLOCK = bytes.fromhex("0123456789abcdeffedcba9876543210")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)


@pytest.fixture(params=SUITES.values(), ids=SUITES)
def suite(request):
    return request.param


def der(r: str, s: str) -> bytes:
    """A signature of two 32-byte numbers whose first bit is set, as DER."""
    body = b"".join(b"\x02\x21\x00" + bytes.fromhex(n) for n in (r, s))
    return bytes([0x30, len(body)]) + body


def test_sm2_verifies_the_signature_of_the_standard():
    """GB/T 32918.5 A.2: "message digest" under the user id 1234567812345678."""
    signature = der(
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3",
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA",
    )
    verifier = SHANGMI.verifier(PUBLIC)
    assert verifier.verify(b"message digest", signature)
    assert not verifier.verify(b"message digesu", signature)


def test_sm3_of_the_standard():
    """GB/T 32905 A.1 and A.2."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm3_without_the_systems_own(monkeypatch):
    def absent(name: str, data: bytes = b"") -> None:
        raise ValueError("unsupported hash type")

    expected = hashlib.new("sm3", b"abc").digest()
    monkeypatch.setattr(hashlib, "new", absent)
    assert sm3(b"abc") == expected


def test_sm4_of_the_standard():
    """GB/T 32907 A.1, by the block cipher below our sealing."""
    encryptor = Cipher(algorithms.SM4(BLOCK), modes.ECB()).encryptor()
    assert (encryptor.update(BLOCK) + encryptor.finalize()).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_of_rfc_8998():
    plain = bytes.fromhex("".join(c * 16 for c in "ABCDEFEA"))
    sealed = bytes.fromhex(
        "00001234567800000000ABCD"
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    context = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    assert SHANGMI.open(BLOCK, sealed, context) == plain


def test_ed25519_of_rfc_8032():
    public = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert INTERNATIONAL.verifier(public).verify(b"\x72", signature)


def test_digests_are_those_of_their_names():
    assert INTERNATIONAL.digest(b"abc") == hashlib.sha256(b"abc").digest()
    assert SHANGMI.digest(b"abc") == sm3(b"abc")


def test_a_signature_holds_for_its_data_and_key_only(suite):
    signer, stranger = suite.generate(), suite.generate()
    signature = signer.sign(b"data")
    assert suite.verifier(signer.public).verify(b"data", signature)
    assert not suite.verifier(signer.public).verify(b"datb", signature)
    assert not suite.verifier(stranger.public).verify(b"data", signature)
    assert not suite.verifier(signer.public).verify(b"data", b"")
    assert not suite.verifier(signer.public).verify(b"data", b"nonsense")


def test_a_private_key_survives_its_file(suite):
    signer = suite.generate()
    again = suite.load(signer.pem())
    assert again.public == signer.public
    assert suite.verifier(signer.public).verify(b"x", again.sign(b"x"))


@pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_malformed_keys_are_refused(suite, pem):
    with pytest.raises(Invalid, match="key-malformed"):
        suite.load(pem)
    with pytest.raises(Invalid, match="key-malformed"):
        suite.verifier(b"short")


def test_a_key_of_the_other_suite_is_refused():
    with pytest.raises(Invalid):
        INTERNATIONAL.load(SHANGMI.generate().pem())
    with pytest.raises(Invalid):
        SHANGMI.load(INTERNATIONAL.generate().pem())


@given(st.binary(max_size=200), st.binary(max_size=40), st.data())
def test_what_is_sealed_opens_and_any_change_is_noticed(plain, context, data):
    for suite in SUITES.values():
        key = suite.new_key()
        sealed = suite.seal(key, plain, context)
        assert suite.open(key, sealed, context) == plain
        place = data.draw(st.integers(0, len(sealed) - 1))
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        for attempt in ((key, changed, context), (key, sealed, context + b"x"), (suite.new_key(), sealed, context)):
            with pytest.raises(Invalid, match="cannot-open"):
                suite.open(*attempt)
        with pytest.raises(Invalid, match="cannot-open"):
            suite.open(key, sealed[:10], context)


def test_sealing_twice_differs(suite):
    key = suite.new_key()
    assert suite.seal(key, b"same") != suite.seal(key, b"same")
