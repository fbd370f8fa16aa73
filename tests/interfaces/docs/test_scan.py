"""Refusals are found in the source as they stand there."""

from __future__ import annotations

from pathlib import Path

import pytest

from dianchi.interfaces.docs.scan import declared
from dianchi.kernel.errors import Refusal

MODULE = """
PORT = Refusal("cli.port-taken", Text("端口已被占用", "The port is taken"), spec27(9, 5), rules=("R9", "R10"))
KIND = Says("join.no-equality", Text("只能等值联接", "Join by equality"), Text("请改写", "Rewrite it"))


def refuse(code, zh, en, article=None):
    remedy = Text("请核对", "Check it")
    return Invalid(Refusal(code, Text(zh, en), article, remedy))


def ask():
    message = Text("{n} 不行", "{n} will not do").format(n=1)
    raise RuleBroken(Refusal("asked.badly", message, default()))


def use(name):
    raise refuse("phone.not-valid", "电话号码不正确", "Not a telephone number", cite("PIPL", 23))


def missing(name):
    raise NotFound(Refusal(f"{name}.not-found", Text("没有", "None")))
"""


@pytest.fixture
def found(tmp_path: Path) -> dict[str, Refusal]:
    package = tmp_path / "house"
    (package / "migrations").mkdir(parents=True)
    (package / "door.py").write_text(MODULE, "utf-8")
    (package / "migrations" / "0001.py").write_text('Refusal("left.out", Text("略", "x"))', "utf-8")
    every = declared(package)
    assert {one.module for one in every} == {"house.door"}
    return {one.refusal.code: one.refusal for one in every}


def test_all_are_found_and_nothing_else(found: dict[str, Refusal]) -> None:
    expected = {"cli.port-taken", "join.no-equality", "asked.badly", "phone.not-valid", "‹name›.not-found"}
    assert set(found) == expected


def test_article_and_rules_are_read(found: dict[str, Refusal]) -> None:
    port = found["cli.port-taken"]
    assert port.article is not None
    assert port.article.key == "SPEC27.9.5"
    assert port.rules == ("R9", "R10")


def test_a_sentence_is_followed_through_its_name(found: dict[str, Refusal]) -> None:
    assert found["asked.badly"].message.en == "{n} will not do"
    assert found["asked.badly"].article is not None


def test_a_helper_is_read_with_the_arguments_of_its_callers(found: dict[str, Refusal]) -> None:
    phone = found["phone.not-valid"]
    assert (str(phone.message), phone.message.en) == ("电话号码不正确", "Not a telephone number")
    assert phone.article is not None
    assert phone.article.key == "PIPL.23"
    assert phone.remedy is not None
    assert phone.remedy.en == "Check it"
