"""The CKAN action API over the public catalogue, as far as a client needs it to list, search, show and dump.

Packages are catalogue items, organisations the departments that hold them, groups their sectors, resources their
descriptions: data never leave here (R43). Reading only; who asks for an unknown action or thing is told so as CKAN does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from dianchi.interfaces.api import ckan_packages as packages
from dianchi.interfaces.api.ckan_packages import Missing, Wrong

Asked = Mapping[str, Any]
Action = Callable[[Asked, str], Any]
VERSION = "2.10.4"  # of the action API that is followed
_LARGEST = 64 * 1024  # bytes of a question


def status_show(asked: Asked, host: str) -> Any:
    """What answers here."""
    return {
        "site_title": "云南省公共数据授权运营平台", "site_description": "公共数据资源目录", "site_url": host,
        "ckan_version": VERSION, "error_emails_to": None, "locale_default": "zh_Hans_CN", "extensions": [],
        "dianchi_version": version("dianchi"),
    }  # fmt: skip


ACTIONS: dict[str, Action] = {
    "status_show": status_show,
    "site_read": lambda asked, host: True,
    "package_list": packages.package_list,
    "package_search": packages.package_search,
    "package_show": packages.package_show,
    "package_autocomplete": packages.package_autocomplete,
    "current_package_list_with_resources": packages.current_package_list,
    "resource_show": packages.resource_show,
    "resource_search": packages.resource_search,
    "resource_view_list": lambda asked, host: [],
    "organization_list": packages.organization_list,
    "organization_show": packages.organization_show,
    "organization_list_for_user": lambda asked, host: [],
    "group_list": packages.group_list,
    "group_show": packages.group_show,
    "group_package_show": packages.group_package_show,
    "tag_list": packages.tag_list,
    "tag_show": packages.tag_show,
    "tag_search": packages.tag_search,
    "license_list": packages.license_list,
    "user_list": lambda asked, host: [],
    "vocabulary_list": lambda asked, host: [],
}


def help_show(asked: Asked, host: str) -> Any:
    """What an action does."""
    action = ACTIONS.get(str(asked.get("name", "")))
    if action is None:
        raise Missing
    return (action.__doc__ or "").strip()


ACTIONS["help_show"] = help_show


@csrf_exempt  # reads only, and acts for nobody
def action(request: HttpRequest, name: str) -> HttpResponse:
    """One action, by GET with a query or by POST with JSON."""
    host = f"{request.scheme}://{request.get_host()}"
    does = ACTIONS.get(name)
    if does is None:
        return JsonResponse(f"Bad request - Action name not known: {name}", status=400, safe=False)
    said: dict[str, Any] = {"help": f"{host}/api/3/action/help_show?name={name}"}
    try:
        result = does(_asked(request), host)
    except Missing:
        return _failed(said, 404, {"__type": "Not Found Error", "message": "Not found"})
    except Wrong as wrong:
        return _failed(said, 409, {"__type": "Validation Error", wrong.field: [wrong.message]})
    return _answer({**said, "success": True, "result": result})


def _failed(said: dict[str, Any], status: int, error: dict[str, Any]) -> HttpResponse:
    return _answer({**said, "success": False, "error": error}, status)


def _answer(said: dict[str, Any], status: int = 200) -> HttpResponse:
    response = JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"  # public by law; browsers elsewhere may read it
    return response


def _asked(request: HttpRequest) -> Asked:
    if request.method == "GET":
        return {key: values[0] if len(values) == 1 else values for key, values in request.GET.lists()}
    body = request.body
    if len(body) > _LARGEST:
        raise Wrong("body", "Too long")
    try:
        asked = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        if request.POST:
            return request.POST.dict()
        raise Wrong("body", "Not JSON") from None
    if not isinstance(asked, dict):
        raise Wrong("body", "Not an object")
    return asked


def version_of(request: HttpRequest) -> HttpResponse:
    """What version of the interface answers."""
    return JsonResponse({"version": 3})
