"""Key files are made once, whole, and for their owner alone."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dianchi.engines.crypto import INTERNATIONAL, SUITES
from dianchi.engines.crypto.files import secret_file, signer_file
from dianchi.kernel.errors import Invalid


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_a_key_file_is_made_once_and_private(tmp_path, suite):
    path = tmp_path / "keys" / "ledger.pem"
    first = signer_file(path, suite)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert signer_file(path, suite).public == first.public
    assert [p.name for p in path.parent.iterdir()] == ["ledger.pem"]


def test_all_who_come_at_once_get_the_same_key(tmp_path):
    path = tmp_path / "ledger.pem"
    with ThreadPoolExecutor(8) as pool:
        keys = {s.public for s in pool.map(lambda _: signer_file(path, INTERNATIONAL), range(16))}
    assert len(keys) == 1


def test_a_secret_file_keeps_its_length(tmp_path):
    path = tmp_path / "salt"
    secret = secret_file(path)
    assert len(secret) == 32
    assert secret_file(path) == secret
    with pytest.raises(Invalid):
        secret_file(path, 16)
    path.write_text("not base64!")
    with pytest.raises(Invalid):
        secret_file(path)
