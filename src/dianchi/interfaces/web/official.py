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
    basis = (
        f"依据《{act.article.citation}》" if "《" not in str(act.article.citation) else f"依据{act.article.citation}"
    )
    return f"{basis}，就“{case.title}”（{kind.lifecycle.title}，编号 {case.code}）办理“{act.title}”，内容如下。"


def _parts(kind: CaseType, case: Any, issuer: Actor) -> Iterator[Part]:
    for section in sections.sections(kind, case, issuer):
        body = [said for fact in section.facts for said in _said(fact)]
        if body:
            yield Part(str(section.title), tuple(body))


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
            (Line("国密摘要", said["sm3"]), Line("国密签名（SM2）", said["sm2"]), Line("国际签名（Ed25519）", said["ed25519"])),
        )  # fmt: skip


def _day(at: datetime) -> str:
    local = say.local(at)
    return f"{local.year}年{local.month}月{local.day}日"
