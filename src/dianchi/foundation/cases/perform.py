"""The one door for acts: get, require, change, save, record, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, OperationalError, transaction

from dianchi.foundation import ledger
from dianchi.foundation.cases import deadlines, opinions
from dianchi.foundation.cases.epoch import bump
from dianchi.foundation.cases.inputs import fill, parse, personal, recorded
from dianchi.foundation.cases.models import Case, IdempotencyKey
from dianchi.foundation.cases.registry import CaseType, Doing, case_type, get_case
from dianchi.kernel import canonical
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal, RuleBroken, TryLater
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
        with _in_words(kind, row), transaction.atomic():
            if not key:
                return _perform(kind, row, by=by, at=at, code=code, inputs=inputs, version=version)
            used, new = _claim(kind, row, by, at, code, inputs, key)
            if not new:
                return Done(get_case(name, used.case_code, by), used.ledger_index, {})
            done = _perform(kind, row, by=by, at=at, code=code, inputs=inputs, version=version)
            used.case_code, used.ledger_index = done.case.code, done.index
            used.save(update_fields=["case_code", "ledger_index"])
            return done
    except DomainError as refused:
        if row.sensitive and not isinstance(refused, Invalid | NotFound | TryLater):
            _record_refused(kind, row, by, at, code, refused)
        raise


def _perform(kind: CaseType, act: Act[Any], *, by: Actor, at: datetime, code: str | None, inputs: object,
             version: int | None) -> Done:  # fmt: skip
    case = _get(kind, act, by, at, code, version)
    before = case.state or None
    if _out_of_place(act, before, by):
        kind.lifecycle.require(act.name, before, by, None)  # refuses before any fact is asked
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


def _out_of_place(act: Act[Any], state: str | None, by: Actor) -> bool:
    """Whether role or state alone forbid the act: then its facts are not even gathered."""
    return not by.roles & act.by or not (state is None if act.opens else state in act.sources)


def _act(kind: CaseType, name: str) -> Act[Any]:
    try:
        return kind.lifecycle.act(name)
    except KeyError:
        raise NotFound(Refusal("cases.no-such-act", Text("没有这个事项动作", "There is no such act"))) from None


def _get(kind: CaseType, act: Act[Any], by: Actor, at: datetime, code: str | None, version: int | None) -> Case:
    if act.opens:
        return kind.model(
            code=_fresh_code(kind, at), region=by.region, opened_at=at, opened_by=by.person,
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


def _fresh_code(kind: CaseType, at: datetime) -> str:
    """A code that no case has: codes of one half minute differ by 25 random bits, which a busy store uses up."""
    code = new_code(kind.prefix, at)
    while kind.model.objects.filter(code=code).exists():
        code = new_code(kind.prefix, at)
    return code


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
    (deadlines.moved if entered else deadlines.stayed)(case, at)


def _record(case: Case, doing: Doing, before: str | None, old: dict[str, object]) -> int:
    new, hidden = case.content(), _hidden(case, doing)
    changes = {k: v for k, v in new.items() if (k not in old or old[k] != v) and k not in hidden}
    # Beside the other fields in the clear, a plain digest would let a personal one be guessed.
    sealed = {k: ledger.person_hash(v) if k in hidden else v for k, v in new.items()}
    return ledger.record(
        f"{case.lifecycle.name}.{doing.act.name}", case_type=case.lifecycle.name, case_id=case.code,
        by=doing.by.person, organisation=doing.by.organisation, role=_role(doing), at=doing.at,
        article=doing.act.article.key, from_state=before or "", to_state=case.state, outcome="done",
        payload={
            "inputs": _blinded(case, doing) or recorded(doing.inputs, ledger.person_hash),
            "changes": changes,
            "digest": canonical.sm3(sealed),
            "version": case.version,
        },
    )  # fmt: skip


def _hidden(case: Case, doing: Doing) -> set[str]:
    """Fields that the ledger may hold only as hashes: those that say so, and every id of a person (`…_by`)."""
    people = {f.name for f in case._meta.concrete_fields if f.name.endswith("_by")}
    return {*getattr(case, "personal_fields", ()), *personal(doing.inputs), *people}


def _blinded(case: Case, doing: Doing) -> dict[str, Any]:
    """A blinded opinion stands in the ledger as a commitment: who may read the ledger must not read it before time."""
    if not (doing.act.opinions and doing.act.opinions.blinded):
        return {}
    opinion = [case.digest(), doing.by.person, doing.inputs.model_dump(mode="json")]
    return {"opinion": ledger.person_hash(canonical.dumps(opinion).decode())}


def _role(doing: Doing) -> str:
    return ",".join(sorted(doing.by.roles & doing.act.by))


def _claim(kind: CaseType, act: Act[Any], by: Actor, at: datetime, code: str | None, inputs: object,
           key: str) -> tuple[IdempotencyKey, bool]:  # fmt: skip
    """Claim the key before anything is done, so that a second call at the same moment waits for the first."""
    given = parse(act, inputs)
    asked = [kind.name, act.name, by.organisation, code, given.model_dump(mode="json") if given is not None else None]
    request = canonical.sha256(asked)
    used, new = IdempotencyKey.objects.get_or_create(
        person=by.person, key=key, defaults={"request": request, "case_type": kind.name, "case_code": "", "at": at}
    )
    if used.request != request:
        message = Text("该幂等键已用于另一个请求", "This idempotency key was used for another request")
        raise Invalid(
            Refusal("cases.idempotency-key-reused", message, remedy=Text("请换用新的幂等键", "Use a new key"))
        )
    return used, new


@contextmanager
def _in_words(kind: CaseType, act: Act[Any]) -> Iterator[None]:
    """What the database itself refuses, as one of the five errors; nothing has been changed then."""
    try:
        yield
    except IntegrityError as error:
        raise RuleBroken(_constraint(kind, act, error)) from None
    except DataError:
        message = Text("填写的内容超出可存储的范围", "Something entered does not fit what can be stored")
        raise Invalid(Refusal("inputs.does-not-fit", message, act.article)) from None
    except OperationalError as error:
        if not _busy(error):
            raise
        message = Text("系统繁忙，未作任何改动", "The system is busy; nothing was changed")
        raise TryLater(Refusal("cases.busy", message, remedy=Text("请稍后重试", "Try again in a moment"))) from None


def _busy(error: OperationalError) -> bool:
    """SQLite waited too long for its lock, or PostgreSQL broke a deadlock or gave up waiting."""
    return getattr(error.__cause__, "sqlstate", None) in ("40001", "40P01", "55P03") or "is locked" in str(error)


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
    if _out_of_place(row, state, by):
        return kind.lifecycle.refusals(act, state, by, None, with_inputs=False)
    subject = case if case is not None else _get(kind, row, by, at, None, None)
    facts = kind.facts(subject, by, at, None)
    return kind.lifecycle.refusals(act, state, by, facts, with_inputs=False)
