"""The one door for acts: get, require, change, save, record, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dianchi.foundation import ledger
from dianchi.foundation.cases import deadlines, opinions
from dianchi.foundation.cases.epoch import bump
from dianchi.foundation.cases.inputs import fill, parse, recorded
from dianchi.foundation.cases.models import Case, IdempotencyKey
from dianchi.foundation.cases.registry import CaseType, Doing, case_type, get_case
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal, RuleBroken
from dianchi.kernel.ids import new_code
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Done:
    """What an act came to: the case as it is now, the ledger index, and what is shown only this once."""

    case: Any
    index: int
    reveal: dict[str, str]


def perform(name: str, act: str, *, by: Actor, at: datetime, code: str | None = None, inputs: object = None,
            version: int | None = None, key: str | None = None) -> Done:  # fmt: skip
    """Do an act on a case, or open one with it.

    `version`: the version the actor saw; if somebody was quicker, the act is refused.
    `key`: idempotency key; the same request asked again with it answers the same and does nothing.
    Raises the kernel's five errors; nothing is changed then, but refused sensitive acts are recorded.
    """
    kind = case_type(name)
    row = _act(kind, act)
    try:
        with transaction.atomic():
            if key and (earlier := _earlier(kind, row, by, code, inputs, key)):
                return earlier
            done = _perform(kind, row, by=by, at=at, code=code, inputs=inputs, version=version)
            if key:
                IdempotencyKey.objects.create(
                    person=by.person, key=key, request=_request(kind, row, code, inputs),
                    case_type=name, case_code=done.case.code, at=at,
                )  # fmt: skip
            return done
    except IntegrityError as error:
        raise RuleBroken(_constraint(kind, row, error)) from None
    except DomainError as refused:
        if row.sensitive and not isinstance(refused, Invalid | NotFound):
            _record_refused(kind, row, by, at, code, refused)
        raise


def _perform(kind: CaseType, act: Act[Any], *, by: Actor, at: datetime, code: str | None, inputs: object,
             version: int | None) -> Done:  # fmt: skip
    case = _get(kind, act, by, at, code, version)
    before = case.state or None
    given = parse(act, inputs)
    facts = kind.facts(case, by, at, given)
    target = kind.lifecycle.require(act.name, before, by, facts)
    doing = Doing(act, by, at, given, facts)
    old = {} if act.opens else case.content()
    if act.opinions:
        opinions.add_opinion(case, act, by, at, given)
    else:
        _change(kind, case, doing)
    _save(case, target, before, at)
    bump()
    index = _record(case, doing, before, old)
    return Done(case, index, doing.reveal)


def _act(kind: CaseType, name: str) -> Act[Any]:
    try:
        return kind.lifecycle.act(name)
    except KeyError:
        raise NotFound(Refusal("cases.no-such-act", Text("没有这个事项动作", "There is no such act"))) from None


def _get(kind: CaseType, act: Act[Any], by: Actor, at: datetime, code: str | None, version: int | None) -> Case:
    if act.opens:
        return kind.model(
            code=new_code(kind.prefix, at), region=by.region, opened_at=at, opened_by=by.person,
            opened_for=by.organisation, state_since=at,
        )  # fmt: skip
    case = get_case(kind.name, code or "", by, lock=True)
    if version is not None and version != case.version:
        message = Text(
            "该事项刚被他人办理过，您看到的内容已过时",
            "Somebody has just acted on this case; what you saw is out of date",
        )
        remedy = Text("请刷新页面，核对后再办理", "Reload the page, check and try again")
        raise RuleBroken(Refusal("cases.version-conflict", message, act.article, remedy))
    return case


def _change(kind: CaseType, case: Case, doing: Doing) -> None:
    if doing.inputs is not None:
        fill(case, doing.inputs, doing.by)
    if effect := kind.effects.get(doing.act.name):
        effect(case, doing)


def _save(case: Case, target: Any, before: str | None, at: datetime) -> None:
    entered = target != before
    case.state, case.version = str(target.value), case.version + 1
    if entered:
        case.state_since = at
    case.save()
    if entered:
        deadlines.moved(case, at)


def _record(case: Case, doing: Doing, before: str | None, old: dict[str, object]) -> int:
    new = case.content()
    changes = {k: v for k, v in new.items() if k not in old or old[k] != v}
    return ledger.record(
        f"{case.lifecycle.name}.{doing.act.name}", case_type=case.lifecycle.name, case_id=case.code,
        by=doing.by.person, organisation=doing.by.organisation, role=_role(doing), at=doing.at,
        article=doing.act.article.key, from_state=before or "", to_state=case.state, outcome="done",
        payload={
            "inputs": recorded(doing.inputs, ledger.person_hash),
            "changes": {k: v for k, v in changes.items() if k not in _hidden(case, doing)},
            "digest": canonical.sm3(new),
            "version": case.version,
        },
    )  # fmt: skip


def _hidden(case: Case, doing: Doing) -> set[str]:
    """Fields that the ledger may hold only as hashes: those of the case that say so."""
    return set(getattr(case, "personal_fields", ()))


def _role(doing: Doing) -> str:
    return ",".join(sorted(doing.by.roles & doing.act.by))


def _request(kind: CaseType, act: Act[Any], code: str | None, inputs: object) -> str:
    given = parse(act, inputs)
    return canonical.sha256([kind.name, act.name, code, given.model_dump(mode="json") if given is not None else None])


def _earlier(kind: CaseType, act: Act[Any], by: Actor, code: str | None, inputs: object, key: str) -> Done | None:
    used = IdempotencyKey.objects.filter(person=by.person, key=key).first()
    if used is None:
        return None
    if used.request != _request(kind, act, code, inputs):
        message = Text("该幂等键已用于另一个请求", "This idempotency key was used for another request")
        raise Invalid(
            Refusal("cases.idempotency-key-reused", message, remedy=Text("请换用新的幂等键", "Use a new key"))
        )
    return Done(get_case(kind.name, used.case_code, by), -1, {})


def _constraint(kind: CaseType, act: Act[Any], error: IntegrityError) -> Refusal:
    """The database's own constraint refused: name it, never its values."""
    names = [c.name for m in (kind.model, IdempotencyKey) for c in m._meta.constraints]
    broken = next((n for n in names if n in str(error)), "")
    message = Text("与已有记录冲突，未作任何改动", "It conflicts with what is on record; nothing was changed")
    remedy = Text("请刷新页面，核对已有记录后再办理", "Reload the page, check the record and try again")
    return Refusal(
        f"{kind.name}.constraint" + (f".{broken.replace('_', '-')}" if broken else ""), message, act.article, remedy
    )


def _record_refused(
    kind: CaseType, act: Act[Any], by: Actor, at: datetime, code: str | None, refused: DomainError
) -> None:
    """A refused attempt at a sensitive act, in a transaction of its own."""
    with transaction.atomic():
        ledger.record(
            f"{kind.name}.{act.name}", case_type=kind.name, case_id=code or "", by=by.person,
            organisation=by.organisation, role=",".join(sorted(by.roles)), at=at, article=act.article.key,
            from_state="", to_state="", outcome="refused",
            payload={"refusals": [r.code for r in refused.refusals]},
        )  # fmt: skip


def refusals(name: str, act: str, *, by: Actor, at: datetime, case: Case | None = None) -> tuple[Refusal, ...]:
    """Why the actor cannot do the act now, before anything is entered; the same rules as `perform`."""
    kind = case_type(name)
    row = _act(kind, act)
    state = None if row.opens or case is None else case.state
    subject = case if case is not None else _get(kind, row, by, at, None, None)
    facts = kind.facts(subject, by, at, None)
    return kind.lifecycle.refusals(act, state, by, facts, with_inputs=False)
