"""Own data: in only with proof and approval, scanned, joined under the guard, seen by nobody else, destroyed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.factories import operation as make
from tests.factories.operation import BEGAN, do
from tests.factories.people import actor
from tests.factories.rules import matrix, refused, rows

from dianchi.chapters.operation.holdings.lifecycle import HOLDING, Facts
from dianchi.chapters.operation.programs.queries import grant
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.jobs.queue import run_next
from dianchi.foundation.ledger.models import Entry
from dianchi.gate import development, holdings, vault
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Invalid, NotFound, NotPermitted, RuleBroken

pytestmark = pytest.mark.django_db
LATER = BEGAN + timedelta(hours=1)
ROOMS = "code,rooms\n530100,100\n530300,50\n533400,7\n"
ALLOWED = """
draft: - -> draft: developer
revise: draft -> draft: developer
submit: draft -> submitted: developer
approve: submitted -> approved: operator
return: submitted -> draft: operator
refuse: submitted -> refused: operator
receive: approved -> in-use: system
end: approved, in-use -> ended: developer operator system
destroy: ended -> destroyed: system
"""
JOINED = "select h.rooms, count(*) as n from visits v join our_hotels h on h.code = v.prefecture_code group by h.rooms"


def test_who_may_do_what_from_where() -> None:
    assert matrix(HOLDING, Facts()) == rows(ALLOWED)


def received(contract: Any, folder: Path, text: str = ROOMS, **changes: Any) -> Any:
    case = make.an_approved_holding(contract, **changes)
    path = folder / "rooms.csv"
    path.write_text(text, "utf-8")
    return holdings.receive(case.code, path, by=actor(Role.DEVELOPER), at=LATER, file_name="rooms.csv").case


def test_nothing_comes_in_without_proof_of_source(contract: Any) -> None:
    case = do("holdings", "draft", Role.DEVELOPER, **make.holding_inputs(contract))
    with refused("holdings.no-proof", "R54"):
        do("holdings", "submit", Role.DEVELOPER, case.code)


def test_nothing_comes_in_without_approval(contract: Any, tmp_path: Path) -> None:
    case = do("holdings", "draft", Role.DEVELOPER, **make.holding_inputs(contract))
    make.proved(case)
    do("holdings", "submit", Role.DEVELOPER, case.code)
    with pytest.raises(RuleBroken) as why:
        holdings.receive(case.code, tmp_path / "x.csv", by=actor(Role.DEVELOPER), at=LATER, file_name="x.csv")
    assert why.value.refusals[0].rules == ("R54",)


def test_nobody_approves_an_own_submission(contract: Any) -> None:
    case = do("holdings", "draft", Role.DEVELOPER, **make.holding_inputs(contract))
    make.proved(case)
    do("holdings", "submit", Role.DEVELOPER, case.code)
    with refused("holdings.own-submission", "R66"):
        do("holdings", "approve", actor(Role.OPERATOR, person="person-of-developer"), case.code, reason=make.WHY)


def test_personal_data_need_a_basis(contract: Any) -> None:
    with refused("holdings.no-basis-for-personal", "R46"):
        do("holdings", "draft", Role.DEVELOPER, **make.holding_inputs(contract, personal_information=True))


def test_undeclared_personal_data_stay_out(contract: Any, tmp_path: Path) -> None:
    columns = [{"name": "code", "title": "证件号码"}, {"name": "rooms", "title": "客房数", "type": "BIGINT"}]
    text = "code,rooms\n" + "11010519491231002X,1\n" * 5
    with refused("holdings.undeclared-personal", "R54"):
        received(contract, tmp_path, text, columns=columns)
    code = Entry.objects.filter(kind="holdings.receive", outcome="refused").get().case_id
    assert not vault.folder(code).exists()


def test_rows_that_do_not_fit_keep_the_whole_file_out(contract: Any, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"holdings\.rows-refused"):
        received(contract, tmp_path, "code,rooms\n530100,many\n")


def test_the_receipt_names_the_file_and_the_rest_is_sealed(contract: Any, tmp_path: Path) -> None:
    case = received(contract, tmp_path)
    assert (case.state, case.rows, len(case.sm3)) == ("in-use", 3, 64)
    kept = b"".join(p.read_bytes() for p in vault.folder(case.code).iterdir())
    assert b"533400" not in kept


def test_own_data_are_joined_under_the_guard(contract: Any, data_request: Any, tmp_path: Path) -> None:
    case = received(contract, tmp_path)
    program = make.an_approved_program(data_request, sql=JOINED, holdings=[case.code])
    run = do("runs", "start", Role.DEVELOPER, at=LATER, title="融合", program=program.code, arguments=[])
    while run_next(lambda: LATER, lane="development."):
        pass
    found = get_case("runs", run.code, actor(Role.DEVELOPER))
    assert found.state == "isolated", found.problems
    assert case.code in found.snapshots
    table = development.result(found).to_pylist()
    assert {row["rooms"] for row in table} <= {100, 50}  # the small place never shows
    assert all(row["n"] >= 10 for row in table)


def test_another_developers_data_are_not_to_be_had(contract: Any, data_request: Any, tmp_path: Path) -> None:
    case = received(contract, tmp_path)
    type(case).objects.filter(pk=case.pk).update(developer=make.another_enterprise())
    with pytest.raises(RuleBroken, match=r"holdings\.not-in-use"):
        grant(data_request, [case.code], LATER)
    with pytest.raises(NotFound):
        get_case("holdings", case.code, actor(Role.DEVELOPER))


def test_nobody_imports_for_another(contract: Any, tmp_path: Path) -> None:
    case = make.an_approved_holding(contract)
    with pytest.raises(NotPermitted):
        holdings.receive(case.code, tmp_path / "x.csv", by=actor(Role.OPERATOR), at=LATER, file_name="x.csv")


def test_the_end_of_the_agreement_destroys_them_with_a_certificate(
    contract: Any, data_request: Any, tmp_path: Path
) -> None:
    case = received(contract, tmp_path)
    do("contracts", "terminate", Role.DEVELOPER, contract.code, at=LATER, reason=make.WHY)
    assert holdings.sweep(LATER) == 1
    gone = get_case("holdings", case.code, actor(Role.OPERATOR))
    assert (gone.state, gone.destroyed_files) == ("destroyed", 2)
    assert gone.destroyed_at == LATER
    assert gone.lifecycle.act("destroy").document
    assert not vault.folder(case.code).exists()


def test_a_table_name_stands_once(contract: Any, data_request: Any, tmp_path: Path) -> None:
    case = received(contract, tmp_path, name="visits")
    with pytest.raises(Invalid, match=r"programs\.table-name-taken"):
        grant(data_request, [case.code], LATER)
    with refused("holdings.name-taken"):
        do("holdings", "draft", Role.DEVELOPER, **make.holding_inputs(contract, name="visits"))
