"""What the forms of a registration start from: what is known of the object already need not be typed again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dianchi.chapters.resources.catalogue.queries import item
from dianchi.chapters.resources.catalogue.states import FREQUENCIES
from dianchi.chapters.resources.registration.evidence import latest
from dianchi.chapters.resources.registration.statements import Statements
from dianchi.chapters.resources.registration.states import PRODUCT, RESOURCE
from dianchi.chapters.resources.supply.queries import current
from dianchi.kernel.actors import Actor

_STORED = "省级公共数据授权运营平台数据湖，加密存储"


def suggest(act: str, case: Any, by: Actor, given: Mapping[str, str]) -> dict[str, Any]:
    """Values for the form of an act; `given` is what the address names."""
    if act in ("apply-change", "apply-correction"):
        return {"proposal": {name: getattr(case, name) for name in Statements.model_fields}}
    if act == "apply" and (code := given.get("object_code", "")[:40]):
        return _application(code)
    return {}


def _application(code: str) -> dict[str, Any]:
    resource = item(code)
    if resource is None:
        return {"object_code": code, "object_type": PRODUCT, "evidence_digest": latest(code)}
    return {
        "object_code": code, "object_type": RESOURCE, "title": resource.title, "summary": resource.summary[:400],
        "source_statement": f"依据{resource.legal_basis}依法履职取得。", "situation": _situation(resource),
        "evidence_digest": latest(code), "risk_assessment": resource.risk_assessment, "storage": _STORED,
    }  # fmt: skip


def _situation(resource: Any) -> str:
    load, often = current(resource.code), dict(FREQUENCIES)[resource.update_frequency]
    rows = f"最近一批入库{load.rows_accepted}行，" if load is not None else ""
    return f"{rows}共{len(resource.items)}个数据项，更新频率为{often}。"
