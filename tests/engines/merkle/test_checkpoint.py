"""Signed notes and checkpoints: published ones verify, and no byte of one can change unseen."""

from datetime import UTC, datetime

import pytest

from dianchi.engines.crypto import INTERNATIONAL, SHANGMI
from dianchi.engines.crypto.notes import NoteKey, TimedKey, verifiers_of
from dianchi.engines.merkle.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, signed_at
from dianchi.engines.merkle.note import parse_note, sign_note
from dianchi.engines.merkle.tree import Frontier, leaf_hash
from dianchi.kernel.errors import Invalid

WORDS = ["one", "two", "three", "four", "five", "six"]
AT = datetime(2026, 11, 23, 9, 30, 0, tzinfo=UTC)

# Checkpoints of the test logs of Trillian Tessera (Apache-2.0), signed by their published keys.
TESSERA = {
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx": (
        "example.com/log/testdata\n6\na6sWvsc2eEzmj72vah7mZ5dwFltivehh2b11qwlp5Jg=\n\n"
        "— example.com/log/testdata M9e0ln+nHSdGSHEZBcjvqyYDXDbG8WxDwCDjbbGAMv/NTynAtJWhckSXIpuwpN3yJ4PTtzUbD34"
        "YGqIZr6RgJRn16gU=\n"
    ),
    "astra+cad5a3d2+AZJqeuyE/GnknsCNh1eCtDtwdAwKBddOlS8M2eI1Jt4b": (
        "astra\n15\nrKbDipCvhuX1GZ7g5BBe8sA6BbJ7ja/1nk427v383cs=\n\n"
        "— astra ytWj0rJVDQTRJQewX74UJrwdh07x1AScLrx30fZCyKrXqrFF3bSuuELfDG2v2RsH36b+/QFmZxAJqqpKt0SAEVspvwA=\n"
    ),
}


def test_published_checkpoints_verify():
    for public_line, note in TESSERA.items():
        signed = open_checkpoint(note, verifiers_of(public_line))
        assert signed.checkpoint.origin == public_line.split("+")[0]
        assert len(signed.signatures) == 1


def test_our_tree_has_the_published_root():
    note = TESSERA["example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"]
    tree = Frontier()
    tree.extend(leaf_hash(word.encode()) for word in WORDS)
    assert parse_checkpoint(parse_note(note).text).root == tree.root()


@pytest.fixture(params=[INTERNATIONAL, SHANGMI], ids=lambda s: s.key)
def key(request):
    return NoteKey("dianchi.example/log", request.param.generate())


def test_a_checkpoint_returns_as_it_was_signed(key):
    checkpoint = Checkpoint("dianchi.example/log", 7, leaf_hash(b"x"), ("more",))
    signed = open_checkpoint(checkpoint.signed([key]), verifiers_of(key.public_line), "dianchi.example/log")
    assert signed.checkpoint == checkpoint


def test_every_changed_byte_is_refused():
    signer = INTERNATIONAL.generate()
    key, timed = NoteKey("log", signer), TimedKey("log", signer, AT)
    note = Checkpoint("log", 300, leaf_hash(b"x")).signed([key, timed])
    verifiers = verifiers_of(key.public_line)
    assert len(open_checkpoint(note, verifiers).signatures) == 2
    raw = note.encode()
    for place in range(len(raw)):
        for changed in (raw[place] ^ 1, raw[place] ^ 32):
            edited = raw[:place] + bytes([changed]) + raw[place + 1 :]
            try:
                signed = open_checkpoint(edited.decode(), verifiers)
            except (Invalid, UnicodeDecodeError):
                continue
            # A line under a changed name is an unknown signature, which readers must ignore: the other one stays.
            assert len(signed.signatures) == 1


def test_a_cosignature_binds_its_time():
    signer = INTERNATIONAL.generate()
    verifiers = verifiers_of(NoteKey("log", signer).public_line)
    note = sign_note("log\n1\n" + "A" * 43 + "=\n", [TimedKey("log", signer, AT)])
    assert signed_at(open_checkpoint(note, verifiers).signatures, verifiers) == AT


@pytest.mark.parametrize(
    "text",
    ["log\n1\n", "log\n01\n" + "A" * 43 + "=\n", "log\n-1\n" + "A" * 43 + "=\n", "log\n1\nAAAA\n",
     "\n1\n" + "A" * 43 + "=\n", "log\n1\n" + "A" * 42 + "B=\n", "log\n1\n" + "A" * 43 + "=\n\n",
     "log\n１\n" + "A" * 43 + "=\n"],
)  # fmt: skip
def test_malformed_checkpoints_are_refused(text):
    with pytest.raises(Invalid):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "note",
    ["", "text\n", "text\n\n", "text\n\n— name\n", "text\n\n— a+b AAAAAAA=\n", "text\n\n- name AAAAAAA=\n",
     "text\n\n— name AAAAAAA=", "te\x01xt\n\n— name AAAAAAA=\n", "text\n\n— name AAAA\n", "text\n\n— na me AAAAAAA=\n"],
)  # fmt: skip
def test_malformed_notes_are_refused(note):
    with pytest.raises(Invalid):
        parse_note(note)


def test_names_that_no_reader_could_parse_are_not_signed(key):
    with pytest.raises(Invalid):
        sign_note("text\n", [NoteKey("two words", key.signer)])


def test_signatures_of_strangers_do_not_count(key):
    note = sign_note("log\n1\n" + "A" * 43 + "=\n", [key])
    stranger = NoteKey(key.name, INTERNATIONAL.generate())
    with pytest.raises(Invalid, match="unsigned"):
        open_checkpoint(note, verifiers_of(stranger.public_line))


@pytest.mark.parametrize(
    "line",
    ["", "log", "log+00000000+AQ==", "log+zz+!!",
     "astra+cad5a3d3+AZJqeuyE/GnknsCNh1eCtDtwdAwKBddOlS8M2eI1Jt4b"],
)  # fmt: skip
def test_malformed_public_lines_are_refused(line):
    with pytest.raises(Invalid):
        verifiers_of(line)
