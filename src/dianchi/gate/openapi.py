"""The OpenAPI 3.1 document of one product: its parameters with their bounds, its columns, its refusals."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from dianchi.chapters.operation.products import lifecycle as products
from dianchi.chapters.operation.products.queries import live, program
from dianchi.engines import guard
from dianchi.gate import formats, sandbox
from dianchi.gate.kinds import verification
from dianchi.kernel.text import Text, localize

_KINDS = {
    "DATE": ("string", "date"),
    "BIGINT": ("integer", "int64"),
    "VARCHAR": ("string", ""),
    "DECIMAL": ("number", ""),
}
_NUMBERS = ("DECIMAL", "DOUBLE", "FLOAT")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_HEADS = {
    "Dianchi-Receipt": Text("签名回执（编码后的 JSON）", "The signed receipt, JSON in base64url"),
    "ETag": Text("结果的版本标识", "Tag of this result"),
}
_PAGE = Text("每页行数", "Rows of a page")
_CALL_ID = Text(
    "调用方自定的调用标识，重试时沿用则不重复计量", "Your own name of the call; a retry with it is not metered twice"
)


def document(slug: str, lang: str, at: datetime) -> dict[str, Any]:
    """The document; raises NotFound or RuleBroken where the product is not listed or may not be delivered."""
    product = live(slug)
    what = program(product, at)
    plan = guard.compile(what.sql, what.grant, what.parameters)
    call = _call(product, what.parameters, plan, lang)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": product.title, "version": str(product.edition), "description": product.summary,
            "x-source-statement": product.source_statement, "x-kind": product.kind, "x-purpose": product.purpose,
        },
        "servers": [{"url": settings.DIANCHI_GATE_ADDRESS or "/"}],
        "security": [{"key": []}],
        "paths": {
            f"/gate/v1/products/{slug}": {"post" if product.kind == products.FUSION else "get": call},
            f"/gate/v1/products/{slug}/sandbox": {"get": {**call, "operationId": "sandbox", "security": []}},
        },
        "components": {
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer"},
                "oauth": {
                    "type": "oauth2",
                    "flows": {"clientCredentials": {"tokenUrl": "/gate/v1/oauth/token", "scopes": {}}},
                },
            },
            "schemas": {"Answer": _answer(product.kind, plan), "Problem": _PROBLEM},
        },
    }  # fmt: skip


def _call(product: Any, parameters: dict[str, guard.Parameter], plan: guard.Plan, lang: str) -> dict[str, Any]:
    refs = {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}}
    others = {kind: {} for kind in (formats.CSV, formats.ARROW, formats.PARQUET, formats.XLSX)}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Any] = {
        "operationId": "call", "summary": product.title,
        "parameters": [*(_parameter(p) for p in parameters.values()), *_reserved(product.kind, lang)],
        "responses": {
            "200": {
                "description": "OK", "content": {**refs, **others},
                "headers": {n: {"description": localize(t, lang), "schema": {"type": "string"}} for n, t in _HEADS.items()},
            },
            "304": {"description": "Not Modified"},
            **{code: {"description": "Problem", "content": problem} for code in ("401", "403", "409", "422", "429", "503")},
        },
    }  # fmt: skip
    if product.kind == products.FUSION:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": _own(product)}}}
        found["parameters"] = _reserved(product.kind, lang)
    return found


def _parameter(parameter: guard.Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name, "in": "query", "required": True, "schema": _bounded(parameter),
        "example": _plain(sandbox.example(parameter)),
    }  # fmt: skip


def _bounded(parameter: guard.Parameter) -> dict[str, Any]:
    kind, form = _KINDS[parameter.type.split("(")[0]]
    schema: dict[str, Any] = {"type": kind, **({"format": form} if form else {})}
    if parameter.choices:
        schema["enum"] = [_plain(c) for c in parameter.choices]
    names = ("minimum", "maximum") if kind != "string" else ("x-minimum", "x-maximum")
    bounds = zip(names, (parameter.least, parameter.most), strict=True)
    schema |= {name: _plain(bound) for name, bound in bounds if bound is not None}
    return schema | ({"maxLength": parameter.longest} if parameter.type == "VARCHAR" else {})


def _reserved(kind: str, lang: str) -> list[dict[str, Any]]:
    names = [("_page_size", {"type": "integer", "minimum": 1, "maximum": 100_000}, _PAGE)]
    if kind == products.VERIFICATION:
        names += [
            (verification.CONSENT, {"type": "string", "pattern": "^[0-9a-f]{64}$"}, verification.NO_GROUND.message),
            (verification.CONSENT_UNTIL, {"type": "string", "format": "date"}, verification.CONSENT_PAST.message),
            (verification.BASIS, {"type": "string"}, verification.NO_GROUND.message),
        ]
    found = [
        {"name": n, "in": "query", "required": False, "schema": s, "description": localize(t, lang)}
        for n, s, t in names
    ]
    call_id = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
    head = {"name": "Idempotency-Key", "in": "header", "required": False, "schema": call_id}
    return [*found, {**head, "description": localize(_CALL_ID, lang)}]


def _own(product: Any) -> dict[str, Any]:
    row = {"type": "object", "properties": {c["name"]: _column(c["type"]) for c in product.own_columns}}
    given = {"type": "object", "additionalProperties": {"type": "string"}}
    own = {"type": "array", "items": row}
    return {"type": "object", "required": ["own"], "properties": {"parameters": given, "own": own}}


def _answer(kind: str, plan: guard.Plan) -> dict[str, Any]:
    columns = {"match": {"type": "boolean"}} if kind == products.VERIFICATION else {
        c.name: _column(c.type) for c in plan.columns
    }  # fmt: skip
    if kind == products.MODEL:
        columns["score"] = {"type": ["number", "null"]}
    return {
        "type": "object",
        "required": ["product", "edition", "rows", "suppressed_groups", "result_digest", "ledger_index", "receipt"],
        "properties": {
            "product": {"type": "string"}, "edition": {"type": "integer"},
            "rows": {"type": "array", "items": {"type": "object", "properties": columns, "required": list(columns)}},
            "suppressed_groups": {"type": "integer"}, "snapshots": {"type": "object"},
            "result_digest": {"type": "string"}, "ledger_index": {"type": "integer"}, "at": {"type": "string"},
            "receipt": {"type": "object"}, "next": {"type": "string"},
        },
    }  # fmt: skip


def _column(kind: str) -> dict[str, Any]:
    base = kind.split("(")[0]
    if base in _WHOLE:
        return {"type": ["integer", "null"]}
    if base in _NUMBERS:
        return {"type": ["number", "null"]}
    if base == "BOOLEAN":
        return {"type": ["boolean", "null"]}
    return {"type": ["string", "null"], **({"format": "date"} if base == "DATE" else {})}


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | str) else float(value) if isinstance(value, Decimal) else str(value)


_PROBLEM = {
    "type": "object", "required": ["type", "title", "status", "code", "detail", "refusals"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "code": {"type": "string"}, "detail": {"type": "string"}, "refusals": {"type": "array"},
    },
}  # fmt: skip
