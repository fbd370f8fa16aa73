"""The command line on a small store: sign in, list, show, act, with an exit code for each kind of refusal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAKE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from dianchi.kernel.actors import Role
from tests.factories.accounts import account
for role in (Role.BUREAU, Role.DEVELOPER, Role.AUDITOR): account(role)
"""
# One process for many commands: starting Django is what takes the time.
SPEAK = """
import io, json, sys
from contextlib import redirect_stderr, redirect_stdout
from dianchi.interfaces.cli.main import main
for line in sys.stdin:
    ask = json.loads(line)
    out, err, sys.stdin = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(ask["stdin"].encode()))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main.main(ask["words"], prog_name="dianchi", standalone_mode=True)
        except SystemExit as ended:
            status = ended.code
    print(json.dumps({"status": status or 0, "out": out.getvalue(), "err": err.getvalue()}), flush=True)
    sys.stdin = sys.__stdin__
"""
Say = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def dianchi(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Runs a command on the store: its status, what it printed, what it complained of."""
    store = tmp_path_factory.mktemp("store")
    environment = {k: v for k, v in os.environ.items() if k not in ("DIANCHI_TOKEN", "DIANCHI_DATABASE_URL")} | {
        "DIANCHI_VAR": str(store), "XDG_STATE_HOME": str(store / "state"),
        "DJANGO_SETTINGS_MODULE": "dianchi.config.settings.base",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", MAKE], cwd=ROOT, env=environment, check=True, timeout=120)
    with subprocess.Popen(
        [sys.executable, "-c", SPEAK],
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:

        def say(*words: str, stdin: str = "") -> dict[str, Any]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"words": words, "stdin": stdin}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield say
        process.stdin.close()


@pytest.fixture
def bureau(dianchi: Say) -> Say:
    """Signed in as an officer of the data administration."""
    assert dianchi("sign-in", "of.bureau", "--password-stdin", stdin="a-lake-and-a-gate\n")["status"] == 0
    return dianchi


def setting(minutes: int) -> str:
    return json.dumps({"key": "security.lock-minutes", "value": str(minutes), "reason": "试行期间调整"})


def test_signed_out_nothing_is_shown(dianchi: Say):
    dianchi("sign-out")
    said = dianchi("cases", "list", "organisations")
    assert said["status"] == 12
    assert "[cli.not-signed-in]" in said["err"]
    assert said["out"] == ""


def test_a_wrong_password(dianchi: Say):
    said = dianchi("sign-in", "of.bureau", "--password-stdin", stdin="wrong\n")
    assert (said["status"], "identity.wrong-credentials" in said["err"]) == (12, True)


def test_who_am_i(bureau: Say):
    assert json.loads(bureau("whoami", "--json")["out"])["roles"] == ["bureau"]


def test_signing_out_ends_the_token_itself(bureau: Say, tmp_path_factory: pytest.TempPathFactory):
    kept = next(tmp_path_factory.getbasetemp().rglob("sessions.json"))
    assert kept.stat().st_mode & 0o077 == 0
    before = kept.read_text()
    bureau("sign-out")
    kept.write_text(before)  # somebody had copied it
    said = bureau("whoami")
    assert (said["status"], "identity.bad-token" in said["err"]) == (12, True)


def test_a_case_is_opened_listed_shown_and_acted_on(bureau: Say):
    opened = json.loads(bureau("act", "parameters", "new", "set", "--json-input", setting(20), "--json")["out"])
    code = opened["case"]["code"]
    assert opened["case"]["state"] == "in-force"
    assert [
        c["code"] for c in json.loads(bureau("cases", "list", "parameters", "--state", "in-force", "--json")["out"])
    ] == [code]
    assert json.loads(bureau("cases", "show", "parameters", code, "--json")["out"]) == opened["case"]
    acts = json.loads(bureau("cases", "acts", "parameters", code, "--json")["out"])
    assert [(a["act"], a["allowed"]) for a in acts] == [("withdraw", True)]
    assert bureau("act", "parameters", code, "withdraw")["status"] == 0
    moments = json.loads(bureau("cases", "timeline", "parameters", code, "--json")["out"])
    assert [m["kind"] for m in moments] == ["parameters.set", "parameters.withdraw"]
    for words in (
        ("list", "parameters"),
        ("show", "parameters", code),
        ("acts", "parameters", code),
        ("timeline", "parameters", code),
    ):
        assert bureau("cases", *words)["status"] == 0


def test_inputs_come_from_a_file_or_from_standard_input(bureau: Say, tmp_path: Path):
    (tmp_path / "inputs.json").write_text(setting(25), "utf-8")
    assert bureau("act", "parameters", "new", "set", "--json-input", str(tmp_path / "inputs.json"))["status"] == 0
    assert bureau("act", "parameters", "new", "set", "--json-input", "-", stdin=setting(26))["status"] == 0


def test_the_same_key_twice_is_done_once(bureau: Say):
    ask = ("act", "parameters", "new", "set", "--json-input", setting(27), "--key", "k-1", "--json")
    assert json.loads(bureau(*ask)["out"]) == json.loads(bureau(*ask)["out"])


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("act", "parameters", "new", "set", "--json-input", "{"), 11, "cli.not-json"),
        (("act", "parameters", "new", "set", "--json-input", "no-such-file.json"), 11, "cli.not-json"),
        (("act", "parameters", "new", "set", "--json-input", "{}"), 11, "inputs.missing"),
        (("act", "catalogue", "new", "draft", "--json-input", "{}"), 12, "catalogue.not-your-role"),
        (("cases", "show", "parameters", "CS-2026-00000-00000"), 13, "parameters.not-found"),
        (("cases", "list", "no-such-kind"), 13, "cases.no-such-type"),
        (("act", "parameters", "new", "no-such-act"), 13, "cases.no-such-act"),
        (("act", "parameters", "new", "set", "--json-input", setting(1)), 14, "parameters.outside-the-law"),
        (("cases", "list", "parameters", "--var", "/no/such/store"), 13, "cli.no-store"),
    ],
)
def test_each_kind_of_refusal_has_its_exit_code(bureau: Say, words: tuple[str, ...], status: int, code: str):
    if "--var" in words:
        before = os.environ.get("DIANCHI_VAR")
        said = subprocess.run(
            [sys.executable, "-m", "dianchi.interfaces.cli.main", *words], cwd=ROOT, capture_output=True, text=True,
            env={k: v for k, v in os.environ.items() if k != "DIANCHI_DATABASE_URL"}, timeout=60, check=False,
        )  # fmt: skip
        assert (said.returncode, code in said.stderr, os.environ.get("DIANCHI_VAR")) == (status, True, before)
        return
    said = bureau(*words)
    assert said["status"] == status, said
    assert f"[{code}]" in said["err"]
    assert "Traceback" not in said["err"]


def test_it_speaks_both_languages(bureau: Say, monkeypatch: pytest.MonkeyPatch):
    said = bureau("act", "parameters", "new", "set", "--json-input", setting(1))["err"]
    assert "取值不合规" in said
    assert "GB/T 22239" in said or "（" in said
