"""The meter, the bill and the ledger agree to the unit, and the consumer can check that alone."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.factories import operation as make
from tests.factories.operation import do
from tests.factories.people import NOON
from tests.gate.test_release import a_product, call, store  # noqa: F401

from dianchi.foundation.ledger import ledger_key, seal
from dianchi.gate.bills import with_proofs
from dianchi.gate.proofs import check_bill
from dianchi.interfaces.cli.main import main
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, RuleBroken, TryLater

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(tmp_path: Path) -> Any:
    """Three calls at 0.45 yuan, and a fourth a day later that is not of the bill's days."""
    order = make.an_active_order(a_product(tmp_path), quota_calls=10)
    key = make.a_key(order)
    for hour in (0, 1, 2, 24):
        call(key, at=NOON + timedelta(hours=hour), since="2026-01-01")
    day = NOON.date().isoformat()
    return do(
        "settlement", "draw", Role.OPERATOR, at=NOON + timedelta(days=2), order=order.code, from_on=day, to_on=day
    )


def sealed(bill: Any, settings: Any, at: datetime = NOON) -> list[str]:
    seal(at, ledger_key(), Path(settings.DIANCHI_VAR) / "ledger")
    return list(with_proofs(bill))


def test_a_bill_is_recomputed_from_its_proofs(bill: Any, settings: Any) -> None:
    found = check_bill(sealed(bill, settings), [ledger_key().public_line])
    assert (found.code, found.calls, found.amount_fen, found.recomputed_fen) == (bill.code, 3, bill.amount_fen, 135)


def test_there_is_no_proof_before_the_record_is_sealed(bill: Any) -> None:
    with pytest.raises(TryLater):
        list(with_proofs(bill))


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: [*lines, lines[-1]],
        lambda lines: [lines[0].replace('\\"calls\\": 3', '\\"calls\\": 2').replace('\\"calls\\":3', '\\"calls\\":2'), *lines[1:]],
        lambda lines: [lines[0], *(line.replace('\\"price_fen\\":45', '\\"price_fen\\":46') for line in lines[1:])],
    ],
    ids=["one delivery fewer", "one twice", "another number of calls", "another price"],
)  # fmt: skip
def test_whatever_is_changed_is_noticed(bill: Any, settings: Any, change: Any) -> None:
    lines = sealed(bill, settings)
    changed = change(lines)
    assert changed != lines
    with pytest.raises(RuleBroken):
        check_bill(changed, [ledger_key().public_line])


@pytest.mark.parametrize("lines", [[], ["{}"], ["nothing"], ['{"payload": 1, "proof": 2}']])
def test_what_is_no_bill_is_told_so(lines: list[str]) -> None:
    with pytest.raises(Invalid) as error:
        check_bill(lines, [])
    assert error.value.refusals[0].code == "bill.malformed"


def test_the_command_line_checks_the_file(bill: Any, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "bill.jsonl").write_text("\n".join(sealed(bill, settings)) + "\n", encoding="utf-8")
    done = CliRunner().invoke(
        main, ["bill", "verify", "--json", "--key", ledger_key().public_line, str(tmp_path / "bill.jsonl")]
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["calls"] == 3
