"""The API under /api/v1."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.urls import re_path
from ninja import NinjaAPI, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from dianchi.foundation import clock, ledger
from dianchi.foundation.cases.registry import get_case
from dianchi.foundation.identity.login import actor_of_token, issue_token, revoke_token, sign_in
from dianchi.foundation.identity.queries import actors
from dianchi.foundation.ledger.models import Entry
from dianchi.interfaces.api import problems
from dianchi.interfaces.api.cases import REFUSED, actor, routers
from dianchi.kernel import canonical
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import DomainError, NotFound, NotPermitted, Refusal
from dianchi.kernel.text import Text


class Canonical(BaseRenderer):
    """JSON as people read it: UTF-8, no escapes."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        return canonical.dumps(data)


class Token(HttpBearer):
    """A person's API token."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The actor, or None for the framework's 401."""
        try:
            return actor_of_token(token, clock.now())
        except NotPermitted:
            return None


class Credentials(Schema):
    """Account and password; the organisation where a person has several."""

    username: str
    password: str
    organisation: str = ""


class Session(Schema):
    """A token and whom it stands for."""

    token: str
    expires_in: int
    name: str
    organisation: str
    organisation_name: str
    roles: list[str]


class Me(Schema):
    """Whom the token stands for."""

    name: str
    organisation: str
    organisation_name: str
    region: str
    roles: list[str]


class Api(NinjaAPI):
    """Refusals are problem documents, and the description says so."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The framework's description with the media type that refusals really have."""
        schema = super().get_openapi_schema(**options)
        for operation in (o for methods in schema["paths"].values() for o in methods.values()):
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if int(status) >= 400 and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
        return schema


api = Api(
    title="滇池 dianchi", version="1", auth=Token(), renderer=Canonical(), urls_namespace="api", docs_url=None,
    openapi_url="/openapi.json", description="公共数据资源授权运营平台 · Authorized operation of public data resources",
)  # fmt: skip
LASTS = timedelta(hours=12)
session = Router(tags=["会话"])


@session.post("", auth=None, response={200: Session, **REFUSED}, operation_id="session_open", summary="登录 · Sign in")
def open_session(request: HttpRequest, body: Credentials) -> Any:
    """Exchange account and password for a token."""
    at = clock.now()
    person = sign_in(body.username, body.password, at)
    acting = [a for a in actors(person, at) if body.organisation in ("", a.organisation)]
    if not acting:
        message = Text("您目前没有可用的任用", "You hold no role at present")
        raise NotPermitted(
            Refusal("identity.no-role", message, remedy=Text("请联系系统管理员", "Ask the system administrator"))
        )
    token = issue_token(person, acting[0].organisation, at, LASTS)
    return {"token": token, "expires_in": int(LASTS.total_seconds()), **_me(acting[0])}


@session.get("", response={200: Me, **REFUSED}, operation_id="session_get", summary="当前身份 · Who am I")
def me(request: HttpRequest) -> Any:
    """Whom the token stands for."""
    by = actor(request)
    return {**_me(by), "region": by.region}


@session.delete("", response={204: None, **REFUSED}, operation_id="session_close", summary="退出登录 · Sign out")
def close_session(request: HttpRequest) -> Any:
    """Revoke the token that is shown."""
    revoke_token(request.headers["Authorization"].partition(" ")[2].strip(), clock.now())
    return Status(204, None)


def _me(by: Any) -> dict[str, Any]:
    return {
        "name": by.name, "organisation": by.organisation, "organisation_name": by.organisation_name, "roles": sorted(by.roles),
    }  # fmt: skip


records = Router(tags=["存证"])


@records.get("/{int:index}", response={200: dict[str, Any], **REFUSED}, operation_id="ledger_proof",
             summary="包含性证明 · Inclusion proof")  # fmt: skip
def proof(request: HttpRequest, index: int) -> Any:
    """What an outsider needs to check offline that an entry is in the sealed log; for those who may see its case."""
    entry = Entry.objects.filter(pk=index).first()
    if entry is None:
        raise NotFound(Refusal("ledger.no-entry", Text("账本中没有该序号", "The ledger has no such index")))
    if not actor(request).plays(Role.AUDITOR, Role.AUDIT_ADMIN):
        get_case(entry.case_type, entry.case_id, actor(request))
    return canonical.plain(ledger.inclusion_proof(index))


api.add_router("/session", session)
api.add_router("/ledger", records)
for path, router in routers():
    api.add_router(path, router)
api.add_exception_handler(DomainError, problems.domain)
api.add_exception_handler(ValidationError, problems.invalid)
api.add_exception_handler(AuthenticationError, problems.unauthenticated)
api.add_exception_handler(HttpError, problems.http)
api.add_exception_handler(RequestDataTooBig, problems.too_large)
api.add_exception_handler(Exception, problems.unexpected)

app_name = "api"
urlpatterns = [*api.urls[0], re_path("", problems.no_such_address)]
