"""The market, the fairness report, ownership pictures, versions side by side, official documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories import authorization, operation
from tests.factories.operation import BEGAN, DEVELOPER, OPERATOR, WHY, do
from tests.factories.people import HOME, actor

from dianchi.chapters.operation.fairness.report import report
from dianchi.foundation.affiliations.graph import Link, Tie
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.web.ownership import draw
from dianchi.kernel.actors import Role

pytestmark = pytest.mark.django_db
Enter = Callable[[Role], Client]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def scenario() -> Any:
    return operation.a_published_scenario()


def test_the_market_shows_criteria_to_all_and_scores_to_those_concerned(scenario: Any, signed_in: Enter) -> None:
    case = operation.a_qualified_developer(scenario)
    operator, developer, consumer = signed_in(Role.OPERATOR), signed_in(Role.DEVELOPER), signed_in(Role.CONSUMER)
    for client in (operator, developer, consumer):
        text = page(client, "/market")
        assert scenario.title in text
        assert scenario.criteria in text
    assert WHY in page(operator, "/market")
    assert case.code in page(developer, "/market")
    assert case.code not in page(consumer, "/market")
    assert "另有其他候选" in page(consumer, "/market")


def test_an_admission_shows_the_path_that_ties_the_two(scenario: Any, signed_in: Enter) -> None:
    case = operation.a_qualified_developer(scenario)
    client = signed_in(Role.OPERATOR)
    assert "没有关联路径" in page(client, f"/cases/developers/{case.code}")
    operation.affiliated(OPERATOR, DEVELOPER)
    text = page(client, f"/cases/developers/{case.code}")
    assert "存在关联" in text
    assert '<g class="tie path' in text
    assert "昆明数智科技有限公司" in page(client, f"/ties?organisation={DEVELOPER}")


def test_firms_look_at_their_own_ties_alone(scenario: Any, signed_in: Enter) -> None:
    operation.affiliated(HOME[Role.CONSUMER][0], HOME[Role.REGISTRAR][0])
    text = page(signed_in(Role.DEVELOPER), f"/ties?organisation={HOME[Role.CONSUMER][0]}")
    assert "没有登记的关系" in text


def test_names_in_a_picture_are_escaped_and_rings_are_drawn() -> None:
    ring = [Link("A", "B", Tie.CONTROL), Link("B", "C", Tie.CONTROL), Link("C", "A", Tie.CONTROL)]
    svg = draw(ring, {"A": "<script>", "B": "乙", "C": "丙"}, marked={"A"}, path=ring[:1])
    assert "<script>" not in svg
    assert svg.count('class="tie path') == 1
    assert svg.count("<rect") == 3


def test_a_lesser_candidate_before_a_better_one_is_a_finding(scenario: Any) -> None:
    low = operation.an_application(scenario)
    do("developers", "submit", Role.DEVELOPER, low.code, **operation.material())
    do("developers", "review", Role.OPERATOR, low.code, favourable=True, score=60, reason=WHY)
    do("developers", "qualify", Role.OPERATOR, low.code)
    other = HOME[Role.CONSUMER][0]
    high = operation.an_application(scenario, developer=other)
    by = actor(Role.DEVELOPER, organisation=other)
    do("developers", "submit", by, high.code, **operation.material())
    do("developers", "review", Role.OPERATOR, high.code, favourable=False, score=95, reason=WHY)
    do("developers", "reject", Role.OPERATOR, high.code, ground="lower-ranked", reason="未入选。")
    found = report(OPERATOR, BEGAN)
    assert [(f.rule, {c for _, c in f.evidence}) for f in found.findings] == [("R27", {high.code, low.code})]
    assert [d.score for d in found.decisions] == [60, 95]


def test_an_undecided_and_an_exclusive_case_are_findings(scenario: Any) -> None:
    waiting = operation.an_admission_under_review(scenario)
    later = report(OPERATOR, BEGAN.replace(month=6))
    assert [(f.rule, f.evidence) for f in later.findings] == [("R28", (("developers", waiting.code),))]
    assert report(OPERATOR, BEGAN).findings == ()


def test_exclusive_agreements_are_told_for_weighing() -> None:
    case = operation.a_draft_contract(exclusive=True, exclusive_reason="首创场景投入大。")
    do("contracts", "sign", Role.DEVELOPER, case.code)
    do("contracts", "countersign", Role.OPERATOR, case.code)
    assert [(f.rule, f.evidence) for f in report(OPERATOR, BEGAN).findings] == [("R29", (("contracts", case.code),))]


def test_the_report_is_for_the_operator_itself_and_supervision(scenario: Any, signed_in: Enter) -> None:
    operator = signed_in(Role.OPERATOR)
    for client in (operator, signed_in(Role.BUREAU), signed_in(Role.AUDITOR)):
        assert "公平对待报告" in page(client, "/fairness")
    assert signed_in(Role.DEVELOPER).get("/fairness").status_code == 403
    assert operator.get(f"/fairness?operator={DEVELOPER}").status_code == 403


def test_two_versions_stand_side_by_side(signed_in: Enter) -> None:
    plan = authorization.a_draft_plan()
    changed = authorization.PLAN_CONTENTS | {"other": "自审定之日起施行。"}
    do(
        "plans",
        "revise",
        Role.IMPLEMENTER,
        plan.code,
        **authorization.plan_inputs(plan.authorization, contents=changed),
    )
    text = page(signed_in(Role.IMPLEMENTER), f"/cases/plans/{plan.code}/versions?a=1&b=2")
    assert "<ins>" in text
    assert text.count("有变化") == 1
    assert "自审定之日起施行" in text
    assert signed_in(Role.DEVELOPER).get(f"/cases/plans/{plan.code}/versions").status_code == 404


def test_an_official_document_is_the_same_for_all_who_may_see_it(signed_in: Enter) -> None:
    case = authorization.an_agreement_in_force()
    entry = Entry.objects.get(case_id=case.code, kind="agreements.countersign")
    address = f"/cases/agreements/{case.code}/official/{entry.index}"
    operator, bureau = signed_in(Role.OPERATOR), signed_in(Role.BUREAU)
    first, again = operator.get(f"{address}.pdf"), bureau.get(f"{address}.pdf")
    assert first.content.startswith(b"%PDF-")
    assert first.content == again.content
    assert bureau.get(f"{address}.docx").content.startswith(b"PK")
    assert Entry.objects.filter(kind="documents.freeze", case_id=case.code).count() == 1
    assert signed_in(Role.DEVELOPER).get(f"{address}.pdf").status_code == 404
    assert bureau.get(f"{address}.exe").status_code == 404
    assert "文书定稿存证" in page(bureau, f"/cases/agreements/{case.code}?tab=timeline")
    assert "两套算法均有效" in page(bureau, f"/cases/agreements/{case.code}")
