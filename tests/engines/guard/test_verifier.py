"""The verifier is independent: when a pass is broken on purpose, it refuses."""

from __future__ import annotations

import pytest
from tests.engines.guard import people

from dianchi.engines import guard
from dianchi.engines.guard import bind, compiler, label, render, verify
from dianchi.kernel.errors import RuleBroken

GRANT = guard.Grant.from_json(people.grant())


@pytest.fixture(autouse=True)
def _uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "_CACHE", {})


def codes(sql: str) -> list[str]:
    with pytest.raises(RuleBroken) as refused:
        guard.compile(sql, GRANT)
    return [r.code for r in refused.value.refusals]


def test_broken_labels_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label.Labeller, "leaves", lambda *a: None)  # nothing is refused at the root any more
    assert codes("select cost from visits") == ["verifier.disagreement"]
    assert codes("select name from visits where age > 90") == ["verifier.disagreement"]
    assert codes("with a as (select cost as c from visits) select x.c from a as x") == ["verifier.disagreement"]


def test_broken_rendering_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = render.Renderer.statement
    monkeypatch.setattr(
        render.Renderer, "statement", lambda self, names: real(self, names).replace('"cost"', '"id_number"')
    )
    assert codes("select count(cost) as c from visits") == ["verifier.disagreement"]


def test_broken_names_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = bind.Binder.column

    def lying(self, node, scope):  # type: ignore[no-untyped-def]
        found = real(self, node, scope)
        if found.name == "age":
            found.this.set("this", "region_code")
        return found

    monkeypatch.setattr(bind.Binder, "column", lying)
    assert codes("select age as r, count(*) from visits group by 1") == ["verifier.disagreement"]


def test_it_sees_through_what_names_no_column() -> None:
    denied = [
        "select visits from visits",
        "select columns('.*') from visits",
        "select #4 from visits",
        "select * like 'c%' from visits",
        "select to_json(v) from visits v",
    ]
    for sql in denied:
        assert {c for t, c, _ in verify.reads(sql, GRANT)} >= {"cost"}
        with pytest.raises(verify.Disagreement):
            verify.verify(sql, "select 1", set(), GRANT)


def test_denied_columns_do_not_even_exist_for_the_original() -> None:
    with pytest.raises(verify.Disagreement):
        list(verify.reads("select id_number from visits", GRANT, named_only=True))


def test_a_table_whose_rows_are_only_counted_is_among_what_is_read() -> None:
    plan = guard.compile("select 'x' as said, count(*) as n from visits", GRANT)
    assert plan.reads["visits"] == ()
