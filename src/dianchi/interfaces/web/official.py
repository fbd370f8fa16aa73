"""The official document of an act: what the ledger says the case was when the act was done, in correct Chinese form."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import translation

from dianchi.foundation.cases.registry import CaseType
from dianchi.foundation.documents.form import Form, Grid, Line, Part, Signing
from dianchi.foundation.documents.history import case_at
from dianchi.interfaces.web import parties, say, sections
from dianchi.interfaces.web.facts import Fact
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.lifecycle import Act

HIDDEN = "（依法不予显示）"
SIGNED = (("国密摘要", "sm3"), ("国密签名（SM2）", "sm2"), ("国际签名（Ed25519）", "ed25519"))
_YES = {True: "是", False: "否"}


def form_of(kind: CaseType, act: Act[Any], entry: Any, address: str) -> Form:
    """The document that the act at a ledger entry issued; it holds no more than the issuing body could see."""
    case = case_at(kind.name, entry.case_id, entry.index)
    roles = frozenset(r for r in Role if r.value in entry.role.split(","))
    issuer = Actor("", "", entry.organisation, case.region, roles)
    named = parties.names(_parties(case) | {entry.organisation})
    with translation.override("zh-hans"):
        told = tuple(_parts(kind, case, issuer))
    return Form(
        title=f"{act.document}",
        number=entry.case_id,
        issuer=named.get(entry.organisation, "云南省公共数据资源授权运营平台"),
        issued_on=_day(entry.at),
        addressees=tuple(named[p] for p in sorted(_parties(case) - {entry.organisation})),
        opening=_opening(kind, act, case),
        parts=told,
        signings=tuple(_signings(case, named)),
        digest=json.loads(entry.payload).get("digest", ""),
        entry=entry.index,
        address=address,
    )  # fmt: skip


def _parties(case: Any) -> set[str]:
    """The organisations that the case names as its parties, beside who opened it."""
    found = {getattr(case, name, "") for name in sections.PARTIES}
    return {p for p in {*found, case.opened_for} if isinstance(p, str) and p}


def _opening(kind: CaseType, act: Act[Any], case: Any) -> str:
    measure, at, rest = str(act.article.citation).partition("第")
    basis = f"依据《{measure}》{at}{rest}"
    return f"{basis}，就“{case.title}”（{kind.lifecycle.title}，编号 {case.code}）办理“{act.title}”，内容如下。"


def _parts(kind: CaseType, case: Any, issuer: Actor) -> Iterator[Part]:
    """A letter tells section by section; an agreement lays its clauses down one by one and leaves the record out."""
    found = sections.sections(kind, case, issuer)
    if not hasattr(case, "signatures"):
        for section in found:
            if body := [said for fact in section.facts for said in _said(fact)]:
                yield Part(str(section.title), tuple(body))
        return
    facts = [f for s in found if s.title != sections.RECORD for f in s.facts]
    yield Part("协议事项", tuple(said for f in facts if not _clause(f) for said in _said(f)))
    for fact in facts:
        for clause in (fact.value if fact.kind == "pairs" else [fact]) if _clause(fact) else ():
            yield Part(str(clause.label), (Line("", words(clause)),))


def _clause(fact: Fact) -> bool:
    """Whether a fact is the text of clauses: the contents of an authorization agreement, or one long text."""
    return fact.kind in ("pairs", "long")


def _said(fact: Fact) -> Iterator[Line | Grid]:
    """A fact as lines and tables."""
    label = str(fact.label)
    if fact.kind == "table":
        heads = tuple(str(h) for h in fact.value["heads"])
        yield Grid(label, heads, tuple(tuple(words(f) for f in row) for row in fact.value["rows"]))
    elif fact.kind == "pairs":
        for inner in fact.value:
            yield from _said(inner)
    elif fact.kind == "list":
        nested = [f for f in fact.value if f.kind in ("pairs", "table", "list")]
        if nested:
            for inner in nested:
                yield from _said(inner)
        else:
            yield Line(label, "；".join(words(f) for f in fact.value))
    elif fact.kind != "empty":
        yield Line(label, words(fact))


def words(fact: Fact) -> str:
    """One value in Chinese words."""
    value = fact.value
    if fact.kind == "empty":
        return "—"
    if fact.kind == "personal":
        return HIDDEN
    if fact.kind in ("organisation", "region"):
        return f"{value['name']}（{value['code']}）"
    if fact.kind == "code":
        return f"{value['title']}（{value['code']}）" if value["title"] else str(value["code"])
    if fact.kind == "case":
        return f"{value.title}（{value.code}）"
    shown = {
        "bool": lambda: _YES[bool(value)], "money": lambda: say.fen(value), "number": lambda: say.number(value),
        "day": lambda: say.day(value), "moment": lambda: say.moment(value), "end": lambda: say.last_moment(value),
    }  # fmt: skip
    if fact.kind in shown:
        return shown[fact.kind]()
    if fact.kind in ("list", "pairs"):
        return "；".join(f"{f.label}：{words(f)}" if fact.kind == "pairs" else words(f) for f in value)
    return str(value)


def _signings(case: Any, named: dict[str, str]) -> Iterator[Signing]:
    for said in getattr(case, "signatures", None) or ():
        yield Signing(
            said["party"], named.get(said["organisation"], said["organisation"]),
            _day(datetime.fromisoformat(said["at"])),
            tuple(Line(label, _broken(said[name])) for label, name in SIGNED),
        )  # fmt: skip


def _day(at: datetime) -> str:
    local = say.local(at)
    return f"{local.year}年{local.month}月{local.day}日"


def _broken(text: str) -> str:
    """A long digest or signature in lines that fit half a page."""
    return "\n".join(text[i : i + 40] for i in range(0, len(text), 40))
