"""The developer's workbench: schema, editor, explanation, tries, runs and what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from dianchi.chapters.operation.programs import queries as programs
from dianchi.chapters.operation.programs import schema
from dianchi.chapters.operation.runs import queries as runs
from dianchi.engines.guard.functions import FUNCTIONS
from dianchi.foundation.cases import present, queries
from dianchi.foundation.cases.perform import perform
from dianchi.foundation.cases.registry import get_case
from dianchi.gate import development, trials
from dianchi.interfaces.web import menu, results, say
from dianchi.interfaces.web.access import acting
from dianchi.kernel.actors import Actor, Role
from dianchi.kernel.errors import DomainError, Invalid, NotFound, NotPermitted, Refusal
from dianchi.kernel.law.articles import spec27
from dianchi.kernel.text import Text

NOT_A_DEVELOPER = Refusal(
    "development.not-a-developer",
    Text("数据开发由开发主体办理", "Developing is for developers"),
    spec27(15),
    Text("请切换到开发主体的任职", "Switch to the capacity of a developer"),
)
NOT_READABLE = Refusal(
    "development.not-readable", Text("请求的内容无法读取", "What was sent cannot be read"),
    remedy=Text("请刷新页面后重试", "Reload the page and try again"),
)  # fmt: skip
NO_TRIAL = Refusal(
    "development.no-such-try", Text("没有找到这次试算", "There is no such try"),
    remedy=Text("请重新试算", "Try again"),
)  # fmt: skip
MOST = 12  # runs and programs beside the editor


def developing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for developers alone."""

    @acting
    @wraps(view)
    def asked(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
        if not actor.plays(Role.DEVELOPER):
            raise NotPermitted(NOT_A_DEVELOPER)
        return view(request, actor, *args, **kwargs)

    return asked


def answering(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """An answer for the page's script; a refusal is an answer too, with its reasons."""

    @developing
    @wraps(view)
    def asked(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return JsonResponse(view(request, actor, *args, **kwargs), json_dumps_params={"ensure_ascii": False})
        except DomainError as refused:
            reasons = [present.refusal(r, say.language()) for r in refused.refusals]
            return JsonResponse({"refusals": reasons}, json_dumps_params={"ensure_ascii": False})

    return asked


@developing
@require_GET
def workbench(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The page; `?request=` or `?program=` choose what is worked on."""
    at: datetime = request.at  # type: ignore[attr-defined]
    mine = _requests(actor)
    program = get_case("programs", request.GET["program"], actor) if "program" in request.GET else None
    chosen = program.request if program else _chosen(mine, request.GET.get("request", ""))
    about: dict[str, Any] = {"requests": mine, "chosen": chosen, "program": program, "steps": development.STEPS}
    if chosen is not None:
        about |= _about(actor, chosen, program, at)
    return render(request, "web/develop.html", about)


def _requests(actor: Actor) -> list[Any]:
    found = queries.visible("requests", actor).filter(developer=actor.organisation, state="provisioned")
    return list(found.order_by("-state_since")[:100])


def _chosen(mine: list[Any], code: str) -> Any:
    return next((r for r in mine if r.code == code), mine[0] if mine else None)


def _about(actor: Actor, chosen: Any, program: Any, at: datetime) -> dict[str, Any]:
    holdings = program.holdings if program else []
    try:
        tables, refused = schema.described(chosen, holdings, at), ()
    except DomainError as why:
        tables, refused = [], why.refusals
    saved = queries.visible("programs", actor).filter(request=chosen).exclude(state="retired").order_by("-state_since")
    ran = queries.visible("runs", actor).filter(program__request=chosen).order_by("-opened_at")[:MOST]
    own = queries.visible("holdings", actor).filter(
        contract=chosen.contract, developer=actor.organisation, state="in-use"
    )
    return {
        "tables": tables, "refused": refused, "programs": list(saved[:MOST]), "runs": list(ran), "own": list(own),
        "holdings": holdings, "sql": program.sql if program else schema.example(tables),
        "board": _board(chosen, program, tables),
    }  # fmt: skip


def _board(chosen: Any, program: Any, tables: list[dict[str, Any]]) -> dict[str, Any]:
    """What the page's script needs to know."""
    return {
        "request": chosen.code, "program": program.code if program else "", "version": program.edition if program else 0,
        "state": program.state if program else "", "parameters": program.parameters if program else [],
        "tables": {t["name"]: [{"name": c["name"], "says": f"{c['title']} · {c['type']} · " + "、".join(str(say.say(u)) for u in c["uses"])}
                               for c in t["columns"] if c["usable"]] for t in tables},
        "functions": sorted({f.name for f in FUNCTIONS.values()}),
        "steps": [str(say.say(step)) for step in development.STEPS],
    }  # fmt: skip


@answering
@require_POST
def explain(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What the guard says of the text as it stands; reads no data."""
    given = _given(request)
    return trials.explain(
        _request(given, actor), given["sql"], given["parameters"], given["holdings"], say.language(), request.at,  # type: ignore[attr-defined]
    )  # fmt: skip


@answering
@require_POST
def attempt(request: HttpRequest, actor: Actor, kind: str) -> dict[str, Any]:
    """Queue a try on the twin or on the real data."""
    given = _given(request)
    trial = trials.ask(
        _request(given, actor), kind, actor, request.at, sql=given["sql"], parameters=given["parameters"],  # type: ignore[attr-defined]
        arguments=given["arguments"], holdings=given["holdings"],
    )  # fmt: skip
    return {"key": trial.key}


@answering
@require_GET
def attempted(request: HttpRequest, actor: Actor, key: str) -> dict[str, Any]:
    """What came of a try, once it is there."""
    trial = runs.trial(key, actor.person, actor.organisation)
    if trial is None:
        raise NotFound(NO_TRIAL)
    return {"outcome": trials.outcome(trial, say.language())}


@answering
@require_POST
def save(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Save the text as a program, or as its next version."""
    given = _given(request)
    code, title = str(given.get("program", "")), str(given.get("title", "")).strip()
    inputs = {
        "title": title, "request": given["request"], "sql": given["sql"], "parameters": given["parameters"],
        "holdings": given["holdings"], "note": str(given.get("note", "")),
    }  # fmt: skip
    act = "revise" if code else "draft"
    case = perform("programs", act, by=actor, at=request.at, code=code or None, inputs=inputs).case  # type: ignore[attr-defined]
    menu.acted()
    return {"code": case.code, "edition": case.edition, "state": case.state, "url": f"/develop?program={case.code}"}


@answering
@require_POST
def start(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """Run the saved program on the real data."""
    given = _given(request)
    program = get_case("programs", str(given.get("program", "")), actor)
    values = [{"name": name, "value": value} for name, value in given["arguments"].items()]
    title = f"{program.title}（{program.edition}）"[:200]
    inputs = {"title": title, "program": program.code, "arguments": values}
    case = perform("runs", "start", by=actor, at=request.at, inputs=inputs).case  # type: ignore[attr-defined]
    menu.acted()
    return {"code": case.code, **_progress(case)}


@answering
@require_POST
def cancel(request: HttpRequest, actor: Actor, code: str) -> dict[str, Any]:
    """Cancel a run that is not yet done."""
    case = perform("runs", "cancel", by=actor, at=request.at, code=code).case  # type: ignore[attr-defined]
    return _progress(case)


@answering
@require_GET
def progress(request: HttpRequest, actor: Actor, code: str) -> dict[str, Any]:
    """How far a run is."""
    return _progress(get_case("runs", code, actor))


def _progress(run: Any) -> dict[str, Any]:
    job, lang = runs.job_of(run), say.language()
    found = run.lifecycle.state(run.state)
    return {
        "code": run.code, "state": run.state, "label": str(say.say(found.label)), "tone": str(found.tone.value),
        "step": job.done if job else 0, "steps": len(development.STEPS), "url": f"/develop/runs/{run.code}",
        "problems": [p[lang] for p in run.problems], "rows": run.rows, "suppressed": run.suppressed,
        "under_way": run.state in ("queued", "running"),
    }  # fmt: skip


@developing
@require_GET
def result(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """A run with its isolated result, for the developer whose it is."""
    run = get_case("runs", code, actor)
    if run.developer != actor.organisation:
        raise NotPermitted(NOT_A_DEVELOPER)
    about: dict[str, Any] = {"run": run, "progress": _progress(run), "kind": run.lifecycle}
    if run.state == "isolated":
        about |= results.of(development.result(run))
        about["asked"] = queries.visible("egress", actor).filter(run=run).order_by("-opened_at")
    return render(request, "web/develop_run.html", about)


@acting
@require_GET
def versions(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """The versions of a program and what changed between two of them."""
    program = get_case("programs", code, actor)
    every = programs.versions(program)
    numbers = {str(v.number): v for v in every}
    newer = numbers.get(request.GET.get("to", ""), every[0])
    older = numbers.get(request.GET.get("from", ""), every[1] if len(every) > 1 else every[0])
    about = {
        "program": program, "versions": every, "newer": newer, "older": older,
        "diff": results.diff(spelled(older), spelled(newer)), "runs": queries.visible("runs", actor).filter(program=program),
    }  # fmt: skip
    return render(request, "web/develop_versions.html", about)


def spelled(version: Any) -> list[str]:
    """A version as lines: its text, then its parameters and own data."""
    declared = [
        f"${p['name']}: {p['type']} [{p['minimum']}, {p['maximum']}] {' '.join(p['choices'])}".rstrip()
        for p in version.parameters
    ]
    return [*version.sql.splitlines(), *declared, *version.holdings]


def _given(request: HttpRequest) -> dict[str, Any]:
    """The body as the script sends it; Invalid when it is anything else."""
    try:
        given = json.loads(request.body)
        sent = {
            "request": str(given["request"]), "sql": str(given["sql"]),
            "parameters": [_parameter(p) for p in given["parameters"]],
            "arguments": {str(k): str(v) for k, v in given["arguments"].items()},
            "holdings": [str(h) for h in given["holdings"]],
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Invalid(NOT_READABLE) from None
    return {**given, **sent}


def _parameter(sent: dict[str, Any]) -> dict[str, Any]:
    plain = {name: str(sent.get(name, "")) for name in ("name", "type", "minimum", "maximum")}
    return {**plain, "choices": [str(c) for c in sent.get("choices", [])]}


def _request(given: dict[str, Any], actor: Actor) -> Any:
    found = get_case("requests", given["request"], actor)
    if found.developer != actor.organisation:
        raise NotPermitted(NOT_A_DEVELOPER)
    return found
