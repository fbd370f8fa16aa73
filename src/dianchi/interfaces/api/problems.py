"""Every domain error becomes one problem document (RFC 9457)."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from dianchi.foundation.cases import present
from dianchi.foundation.cases.inputs import parse
from dianchi.foundation.cases.registry import case_type
from dianchi.kernel import canonical
from dianchi.kernel.errors import DomainError, Invalid, NotFound, NotPermitted, Refusal
from dianchi.kernel.text import Text, localize

log = logging.getLogger("dianchi.api")

TITLES = {
    400: Text("请求格式有误", "The request is not well formed"),
    401: Text("请先登录", "Sign in first"),
    403: Text("无权办理", "Not permitted"),
    404: Text("没有找到", "Not found"),
    405: Text("不支持该方法", "Method not allowed"),
    409: Text("依规不能办理", "A rule forbids it"),
    413: Text("请求内容过大", "The request is too large"),
    422: Text("填写有误", "The input is not valid"),
    500: Text("系统出错", "Something went wrong"),
    503: Text("请稍后再试", "Try again later"),
}


class RefusalReason(Schema):
    """One reason of a refusal."""

    code: str
    message: str
    article: str | None
    article_key: str | None
    remedy: str | None
    rules: list[str]
    field: str | None


class Problem(Schema):
    """A problem document."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    refusals: list[RefusalReason]


def language(request: HttpRequest) -> str:
    """Chinese unless the caller prefers English."""
    return "en" if request.headers.get("Accept-Language", "").lower().startswith("en") else "zh"


def problem(request: HttpRequest, status: int, refusals: tuple[Refusal, ...]) -> HttpResponse:
    """The response for one or more refusals."""
    lang = language(request)
    first = present.refusal(refusals[0], lang)
    body: dict[str, Any] = {
        "type": f"urn:dianchi:{refusals[0].code}",
        "title": localize(TITLES[status], lang),
        "status": status,
        "code": first["code"],
        "detail": first["message"],
        "refusals": [present.refusal(r, lang) for r in refusals],
    }
    response = HttpResponse(canonical.dumps(body), status=status, content_type="application/problem+json")
    if status == 503:
        response["Retry-After"] = "60"
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="dianchi"'
    return response


def domain(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The one mapping of the five kinds."""
    return problem(request, error.status, error.refusals)


def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or a bad one."""
    remedy = Text("请用账号口令换取访问令牌", "Exchange account and password for a token")
    return problem(request, 401, (Refusal("api.sign-in-first", TITLES[401], remedy=remedy),))


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The body or a query parameter is not valid: said in the words of the act's own fields where there is one."""
    try:
        parts = request.path.strip("/").split("/")[2:] if request.method == "POST" else []
        lifecycle = case_type(parts[0]).lifecycle
        act = lifecycle.act(parts[2]) if len(parts) == 3 else lifecycle.opening
        parse(act, canonical_json(request))
    except Invalid as found:
        return domain(request, found)
    except (NotFound, KeyError, IndexError, ValueError):
        pass
    refusals = tuple(
        Refusal(
            "api.invalid-parameter",
            Text("参数填写有误", "A parameter is not valid"),
            field=".".join(str(s) for s in e["loc"][1:]),
        )
        for e in error.errors
    )
    return problem(request, 422, refusals or (Refusal("api.invalid", TITLES[422]),))


def canonical_json(request: HttpRequest) -> Any:
    """The body as JSON; ValueError if it is none."""
    import json

    return json.loads(request.body or b"null")


def http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses."""
    status = error.status_code if error.status_code in TITLES else 400
    return problem(request, status, (Refusal(f"api.http-{error.status_code}", TITLES[status]),))


def too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    """The body is larger than the site reads."""
    return problem(request, 413, (Refusal("api.too-large", TITLES[413]),))


def no_such_address(request: HttpRequest) -> HttpResponse:
    """An address under the API that is none."""
    message = Text("接口没有这个地址", "The API has no such address")
    return problem(request, 404, (Refusal("api.no-such-address", message),))


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """A bug: logged once, answered with a reference number, never with a trace or data."""
    reference = uuid.uuid4().hex[:12]
    log.error("reference %s", reference, exc_info=error)
    message = Text("系统出错，参考号 {reference}", "Something went wrong, reference {reference}")
    remedy = Text("请将参考号告知系统管理员", "Give the reference to the system administrator")
    return problem(request, 500, (Refusal("api.unexpected", message.format(reference=reference), remedy=remedy),))


__all__ = [
    "NotPermitted",
    "Problem",
    "domain",
    "http",
    "invalid",
    "no_such_address",
    "problem",
    "too_large",
    "unauthenticated",
    "unexpected",
]
