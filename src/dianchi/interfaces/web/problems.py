"""Pages for what cannot be shown: each says what is the matter, what to do next, and under which number to ask."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dianchi.kernel.errors import DomainError
from dianchi.kernel.text import Text

TITLES = {
    400: (Text("请求无法处理", "The request cannot be handled"), Text("请返回后重新操作。", "Go back and try again.")),
    403: (
        Text("您没有办理权限", "This is not yours to do"),
        Text("如确需办理，请联系本单位管理员或切换任职机构。",
             "Ask your administrator, or switch the organisation you act for."),
    ),
    404: (
        Text("没有找到", "Not found"),
        Text("页面不存在，或者您无权查看。请核对编号或地址。",
             "There is no such page, or it is not yours to see. Check the code or address."),
    ),
    409: (
        Text("现在不能办理", "It cannot be done now"),
        Text("请按提示处理后再办理。", "Do what is asked below and try again."),
    ),
    422: (
        Text("填写有误", "Something is not valid"),
        Text("请返回修改后再提交。", "Go back, correct it and submit again."),
    ),
    500: (
        Text("系统出错", "Something went wrong"),
        Text("问题已记录，未作任何改动。请凭编号联系系统管理员。",
             "It has been logged and nothing was changed. Ask the system administrator, naming the number."),
    ),
    503: (Text("请稍后再试", "Please try later"), Text("系统暂时不能受理。", "It cannot be done for the moment.")),
}  # fmt: skip


def page(request: HttpRequest, status: int, reasons: tuple[Any, ...] = ()) -> HttpResponse:
    """The page of a status, with the reasons there are."""
    title, hint = TITLES.get(status, TITLES[400])
    about = {"status": status, "title": title, "hint": hint, "reasons": reasons}
    return render(request, "web/problem.html", about, status=status)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """One of the five anticipated refusals."""
    return page(request, error.status, error.refusals)


def failed(request: HttpRequest) -> HttpResponse:
    """A bug."""
    return page(request, 500)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404."""
    return page(request, 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    return page(request, 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    return page(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return page(request, 500)
