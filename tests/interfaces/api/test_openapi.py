"""The description of the API is exact: every answer to what it allows is one that it announces."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client, RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from tests.factories.accounts import account
from tests.factories.operation import a_draft_product
from tests.factories.people import HOME, enrol_all
from tests.factories.resources import a_draft_item

from dianchi.config.wsgi import application
from dianchi.foundation import clock
from dianchi.foundation.cases.registry import case_types
from dianchi.foundation.identity.login import issue_token
from dianchi.interfaces.api.cases import human
from dianchi.interfaces.api.urls import api
from dianchi.kernel.actors import Role

DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"), default=str))
OPERATIONS = [
    (path, method, said) for path, methods in DESCRIPTION["paths"].items() for method, said in methods.items()
]
schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.app = application


def test_it_is_openapi_3_1_and_served_as_it_is(client: Client):
    import jsonschema_rs

    assert DESCRIPTION["openapi"].startswith("3.1")
    served = client.get("/api/v1/openapi.json")
    assert served.status_code == 200
    assert set(served.json()["paths"]) == set(DESCRIPTION["paths"])
    for part in DESCRIPTION["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **part})


def test_every_act_of_a_person_has_its_operation_with_roles_and_article():
    said = {o["operationId"]: o for _, _, o in OPERATIONS}
    assert len(said) == len(OPERATIONS)
    for kind in case_types().values():
        for act in kind.lifecycle.acts:
            operation = said.get(f"{kind.name}_{act.name}".replace("-", "_"))
            if act.by == {Role.SYSTEM}:
                assert operation is None
                continue
            assert operation["x-roles"] == sorted(act.by)
            assert operation["x-article"] == act.article.key
            assert ("requestBody" in operation) is (act.inputs is not None)


def test_each_act_shows_its_own_inputs() -> None:
    """Many kinds of case have a `Draft` or a `Reason`; each operation describes that of its own act."""
    shown = {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[
            -1
        ]
        for path in DESCRIPTION["paths"].values()
        for operation in path.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    parts = DESCRIPTION["components"]["schemas"]
    asked = {
        f"{k.name}_{a.name}".replace("-", "_"): a.inputs
        for k in case_types().values()
        for a in human(k)
        if a.inputs is not None
    }
    assert asked.keys() <= shown.keys()
    for operation, inputs in asked.items():
        assert set(parts[shown[operation]]["properties"]) == set(inputs.model_fields), operation


def test_everything_but_signing_in_asks_for_a_token():
    assert [p for p, m, o in OPERATIONS if not o.get("security")] == ["/api/v1/session"]


@pytest.mark.django_db
def test_every_operation_for_every_role_is_answered_as_announced():
    """No role gets a 500, or a status that the description does not know, from any operation."""
    enrol_all()
    cases, wrong = {"catalogue": a_draft_item().code, "products": a_draft_product().code}, []
    for role in (*HOME, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        token = issue_token(account(role), HOME.get(role, HOME[Role.BUREAU])[0], clock.now())
        for path, method, said in OPERATIONS:
            code = cases.get(path.split("/")[3], "XX-2026-00000-00000")
            if "{code}" in path and code.startswith("XX") and role is not Role.BUREAU:
                continue  # where there is no case, all roles hear the same, before their role is asked
            status = ask(method, path.replace("{code}", code).replace("{index}", "0"), token)
            if (status >= 500 and status != 503) or str(status) not in said["responses"]:
                wrong.append((role, method, path, status))
    assert wrong == []


def ask(method: str, address: str, token: str) -> int:
    """The status of an answer to an empty body; straight from the view, past the pages' middleware."""
    request = RequestFactory().generic(
        method.upper(), address, b"{}", content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )
    if address.endswith("/session") and method == "delete":
        return 204  # would end the role's own session
    found = resolve(address)
    return found.func(request, *found.args, **found.kwargs).status_code


@pytest.fixture
def token(db: None) -> str:
    enrol_all()
    person = account(Role.PROVIDER)
    a_draft_item()
    return issue_token(person, HOME[Role.PROVIDER][0], clock.now())


@schema.include(path_regex="/(session|organisations|catalogue|parameters)").parametrize()
@settings(
    max_examples=3, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@pytest.mark.django_db
def test_whatever_is_sent_the_answer_is_as_described(case: Any, token: str):
    headers = {} if case.path.endswith("/session") and case.method == "DELETE" else {"Authorization": f"Bearer {token}"}
    case.call_and_validate(
        headers=headers,
        checks=[
            checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
            checks.response_schema_conformance,
        ],
    )  # fmt: skip
