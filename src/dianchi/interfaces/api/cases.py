"""For each kind of case: list, get, timeline, available acts, and one typed operation per act."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import JsonValue

from dianchi.foundation import clock
from dianchi.foundation.cases import present
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import CaseType, case_types, get_case
from dianchi.interfaces.api.problems import Problem, RefusalReason, language
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import Invalid, Refusal
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text

MOST = 100
_LONGEST_KEY = 80
_VERSION = re.compile(r'^(?:W/)?"?([0-9]{1,9})"?$')
REFUSED = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    409: Problem,
    413: Problem,
    422: Problem,
    503: Problem,
}


class Summary(Schema):
    """A case in a list."""

    type: str
    code: str
    title: str
    state: str
    state_label: str
    version: int
    region: str
    opened_for: str
    opened_at: str
    state_since: str


class Detail(Summary):
    """A case with its facts."""

    digest: str
    facts: dict[str, JsonValue]


class Page(Schema):
    """A page of cases; `next` is the cursor of the following page."""

    items: list[Summary]
    next: str | None


class AvailableAct(Schema):
    """An act from the case's state."""

    act: str
    title: str
    by: list[str]
    target: str
    article: str
    allowed: bool
    refusals: list[RefusalReason]


class Moment(Schema):
    """One entry of the timeline."""

    index: int
    kind: str
    title: str
    at: str
    organisation: str
    role: str
    article: str
    from_state: str
    to_state: str
    outcome: str


class Outcome(Schema):
    """What an act came to; `reveal` is shown only this once."""

    case: Detail
    ledger_index: int | None
    reveal: dict[str, str]


def actor(request: HttpRequest) -> Actor:
    """Who the token stands for."""
    return request.auth  # type: ignore[attr-defined, no-any-return]


def human(kind: CaseType) -> tuple[Act[Any], ...]:
    """The acts that a person can do; those of time alone are no operations."""
    return tuple(act for act in kind.lifecycle.acts if act.by - {Role.SYSTEM})


def routers() -> list[tuple[str, Router]]:
    """One router per kind of case."""
    return [(f"/{kind.name}", _router(kind)) for kind in case_types().values()]


def _router(kind: CaseType) -> Router:
    router = Router(tags=[str(kind.lifecycle.title)])
    _add(router, "GET", "", _list(kind), f"list_{kind.name}", Page, kind.lifecycle.title)
    _add(router, "GET", "/{code}", _get(kind), f"get_{kind.name}", Detail, kind.lifecycle.title)
    _add(router, "GET", "/{code}/acts", _acts(kind), f"acts_of_{kind.name}", list[AvailableAct], kind.lifecycle.title)
    _add(
        router,
        "GET",
        "/{code}/timeline",
        _timeline(kind),
        f"timeline_of_{kind.name}",
        list[Moment],
        kind.lifecycle.title,
    )
    for act in human(kind):
        path = "" if act.opens else f"/{{code}}/{act.name}"
        view = _open(kind, act) if act.opens else _do(kind, act)
        if act.inputs is not None:
            view.__annotations__["body"] = act.inputs
        _add(router, "POST", path, view, f"{kind.name}_{act.name}", Outcome, act.title, 201 if act.opens else 200, act)
    return router


def _add(router: Router, method: str, path: str, view: Callable[..., Any], operation: str, answer: Any, title: Text,
         status: int = 200, act: Act[Any] | None = None) -> None:  # fmt: skip
    describe = f"{title} · {title.en}"
    about = f"{act.article.citation} · {act.article.citation.en}" if act else None
    extra: dict[str, Any] = {}
    if act:
        headers = [_header("Idempotency-Key", {"type": "string", "maxLength": _LONGEST_KEY})]
        if not act.opens:
            headers.append(_header("If-Match", {"type": "string", "pattern": _VERSION.pattern}))
        extra = {"parameters": headers, "x-article": act.article.key, "x-roles": sorted(act.by)}
    router.add_api_operation(
        path, [method], view, response={status: answer, **REFUSED}, operation_id=operation.replace("-", "_"),
        summary=describe, description=about, openapi_extra=extra or None,
    )  # fmt: skip


def _header(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": schema}


def _list(kind: CaseType) -> Callable[..., Any]:
    def view(request: HttpRequest, state: str = "", q: str = "", cursor: str = "", limit: int = 20) -> Any:
        cases = kind.model.objects.visible_to(actor(request)).order_by("-id")
        if state:
            cases = cases.filter(state=state)
        if q:
            cases = cases.filter(Q(title__icontains=q) | Q(code__icontains=q))
        if cursor:
            cases = cases.filter(id__lt=_read_cursor(cursor))
        limit = max(1, min(limit, MOST))
        page = list(cases[: limit + 1])
        more = len(page) > limit
        return {
            "items": [present.summary(c, language(request)) for c in page[:limit]],
            "next": _cursor(page[limit - 1].pk) if more else None,
        }

    return view


def _get(kind: CaseType) -> Callable[..., Any]:
    def view(request: HttpRequest, code: str) -> Any:
        return present.detail(get_case(kind.name, code, actor(request)), language(request))

    return view


def _acts(kind: CaseType) -> Callable[..., Any]:
    def view(request: HttpRequest, code: str) -> Any:
        by = actor(request)
        return present.acts(get_case(kind.name, code, by), by, clock.now(), language(request))

    return view


def _timeline(kind: CaseType) -> Callable[..., Any]:
    def view(request: HttpRequest, code: str) -> Any:
        return present.timeline(get_case(kind.name, code, actor(request)), language(request))

    return view


def _open(kind: CaseType, act: Act[Any]) -> Callable[..., Any]:
    if act.inputs is None:

        def bare(request: HttpRequest) -> Any:
            return Status(201, _perform(request, kind, act, None, None))

        return bare

    def view(request: HttpRequest, body: Any) -> Any:
        return Status(201, _perform(request, kind, act, None, body))

    return view


def _do(kind: CaseType, act: Act[Any]) -> Callable[..., Any]:
    if act.inputs is None:

        def bare(request: HttpRequest, code: str) -> Any:
            return _perform(request, kind, act, code, None)

        return bare

    def view(request: HttpRequest, code: str, body: Any) -> Any:
        return _perform(request, kind, act, code, body)

    return view


def _perform(request: HttpRequest, kind: CaseType, act: Act[Any], code: str | None, inputs: Any) -> dict[str, Any]:
    done = perform(
        kind.name, act.name, by=actor(request), at=clock.now(), code=code, inputs=inputs,
        version=_version(request), key=_key(request),
    )  # fmt: skip
    return {
        "case": present.detail(done.case, language(request)),
        "ledger_index": done.index if done.index >= 0 else None,
        "reveal": done.reveal,
    }


def _version(request: HttpRequest) -> int | None:
    """The version that the caller saw; a precondition that cannot be read is refused, never passed over."""
    text = request.headers.get("If-Match", "*")
    if text == "*":
        return None
    shape = _VERSION.fullmatch(text)
    if shape is None:
        message = Text("版本条件无效", "The version precondition is not valid")
        remedy = Text("请填写所见事项的版本号", "Give the version of the case as you saw it")
        raise Invalid(Refusal("api.bad-version", message, remedy=remedy, field="If-Match"))
    return int(shape[1])


def _key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > _LONGEST_KEY:
        message = Text("幂等键过长", "The idempotency key is too long")
        remedy = Text("请使用不超过 80 个字符的键", "Use a key of at most 80 characters")
        raise Invalid(Refusal("api.bad-key", message, remedy=remedy, field="Idempotency-Key"))
    return key or None


def _cursor(pk: int) -> str:
    return base64.urlsafe_b64encode(str(pk).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        message = Text("翻页游标无效", "The cursor is not valid")
        raise Invalid(
            Refusal(
                "api.bad-cursor",
                message,
                remedy=Text("请从第一页重新翻起", "Start again from the first page"),
                field="cursor",
            )
        ) from None
