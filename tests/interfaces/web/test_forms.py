"""Forms from inputs: what is filled in comes back as the JSON that the act takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.people import actor

from dianchi.interfaces.web.fields import Form, kind_of, raw
from dianchi.interfaces.web.shapes import shapes
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

WHO = actor(Role.OPERATOR)


class Line(Inputs):
    """A nested row."""

    name: str = entry(Text("名称", "Name"))
    cost_fen: int = entry(Text("成本", "Cost"), ge=0)
    shared: bool = entry(Text("共享", "Shared"), default=False)


class Everything(Inputs):
    """One field of every kind."""

    title: str = entry(Text("名称", "Title"), max_length=20)
    reason: str = entry(Text("理由", "Reason"), widget="long")
    price_fen: int = entry(Text("价格", "Price"))
    rate: Decimal = entry(Text("比率", "Rate"), default=Decimal("0"))
    starts_on: date = entry(Text("起始", "From"))
    favourable: bool = entry(Text("同意", "In favour"))
    trial: bool = entry(Text("试行", "Trial"), default=False)
    mode: Literal["A", "B"] = entry(Text("方式", "Mode"))
    grade: str = entry(Text("级别", "Grade"), choices=tuple((str(i), Text(f"{i}级", f"Level {i}")) for i in range(9)))
    tags: list[str] = entry(Text("标签", "Tags"), default=[])
    lines: list[Line] = entry(Text("明细", "Lines"), min_length=1)
    extra: dict[str, object] = entry(Text("其他", "Other"), default={})
    note: str | None = entry(Text("备注", "Note"), default=None)


FILLED = (
    "title=云岭&reason=甲%0D%0A乙&price_fen=12,345.60&rate=1.5&starts_on=2026-03-02&favourable=no&trial=yes&mode=B&grade=3"
    "&tags=一%0D%0A%0D%0A二&lines.0.name=人工&lines.0.cost_fen=1.05&lines.7.name=设备&lines.7.cost_fen=2&lines.7.shared=yes"
    '&lines.9.name=&lines.9.cost_fen=&extra={"a":1}&note='
)


def test_each_kind_of_field_is_shown_as_what_it_is() -> None:
    kinds = {s.name: kind_of(s) for s in shapes(Everything)}
    assert kinds == {
        "title": "text", "reason": "long", "price_fen": "money", "rate": "decimal", "starts_on": "date",
        "favourable": "yesno", "trial": "check", "mode": "radios", "grade": "select", "tags": "lines", "lines": "rows",
        "extra": "json", "note": "text",
    }  # fmt: skip


def test_what_is_posted_becomes_the_inputs() -> None:
    given = Everything.model_validate(raw(Everything, QueryDict(FILLED)))
    assert given.price_fen == 1_234_560
    assert given.reason == "甲\n乙"
    assert (given.favourable, given.trial) == (False, True)
    assert given.tags == ["一", "二"]
    assert [(r.name, r.cost_fen, r.shared) for r in given.lines] == [("人工", 105, False), ("设备", 200, True)]
    assert given.extra == {"a": 1}
    assert given.note is None


def test_a_yes_or_no_left_open_is_not_taken_for_no() -> None:
    assert "favourable" not in raw(Everything, QueryDict("title=x"))


@pytest.mark.parametrize("typed", ["1.234", "十元", "1e-3"])
def test_what_is_no_amount_is_left_for_the_model_to_refuse(typed: str) -> None:
    assert raw(Everything, QueryDict(mutable=True) | {"price_fen": typed})["price_fen"] == typed


@given(st.integers(min_value=0, max_value=10**13))
def test_an_amount_shown_and_posted_again_is_the_same(fen: int) -> None:
    class Price(Inputs):
        price_fen: int = entry(Text("价格", "Price"))

    shown = Form(Price, WHO, {"price_fen": fen}).fields[0].value
    assert raw(Price, {"price_fen": shown}) == {"price_fen": fen}


@pytest.mark.django_db
def test_a_refusal_stands_at_the_field_that_it_names() -> None:
    form = Form(Everything, WHO, raw(Everything, QueryDict(FILLED)))
    at_cell = Refusal("x.cell", Text("太大", "Too large"), field="lines.1.cost_fen")
    at_row = Refusal("x.row", Text("重复", "Twice"), field="lines.1.nowhere")
    nowhere = Refusal("x.none", Text("不行", "No"))
    form.refuse([at_cell, at_row, nowhere])
    assert {f.path: [e.code for e in f.errors] for f in form.walk() if f.errors} == {
        "lines": ["x.row"], "lines.1.cost_fen": ["x.cell"],
    }  # fmt: skip
    assert form.general == [nowhere]
    assert len(form.problems) == 3


def test_adding_a_row_keeps_what_is_there() -> None:
    form = Form(Everything, WHO, raw(Everything, QueryDict(FILLED)), extra="lines")
    rows = next(f for f in form.fields if f.path == "lines").rows
    assert [row[0].value for row in rows] == ["人工", "设备", ""]
    assert rows[2][0].path == "lines.2.name"
