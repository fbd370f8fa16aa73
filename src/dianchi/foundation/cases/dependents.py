"""What depends on a case: live cases of other kinds that name it, by a reference or by its code in their inputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from django.db import models
from django.db.models.functions import Cast
from pydantic import BaseModel

from dianchi.foundation.cases.models import Case
from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.kernel import codes
from dianchi.kernel.inputs import about
from dianchi.kernel.lifecycle import Tone


@cache
def naming(name: str) -> Mapping[str, tuple[str, ...]]:
    """For each kind of case the fields that hold cases of this kind: references, and codes in texts or lists."""
    model = next(k.model for k in case_types().values() if k.name == name)
    found: dict[str, tuple[str, ...]] = {}
    for kind in case_types().values():
        asked = {field for act in kind.lifecycle.acts for field in _referring(act.inputs, name)}
        own = {f.name: f for f in kind.model._meta.concrete_fields}
        keys = {n for n, f in own.items() if isinstance(f, models.ForeignKey) and f.related_model is model}
        if fields := tuple(n for n in own if n in asked | keys):
            found[kind.name] = fields
    return MappingProxyType(found)


def _referring(inputs: Any, name: str) -> Iterator[str]:
    """The fields of an inputs model that refer to cases of that kind, also through nested models."""
    for field, info in getattr(inputs, "model_fields", {}).items():
        inner = [a for a in _parts(info.annotation) if isinstance(a, type) and issubclass(a, BaseModel)]
        if about(field, info).refers == name or any(next(_referring(model, name), None) for model in inner):
            yield field


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _parts(part)


def dependents(case: Case) -> list[Case]:
    """Every case of another kind that names this one and has not come to a stop."""
    return [one for kind, fields in _others(case) for one in _naming_it(kind, fields, case)]


def _others(case: Case) -> Iterable[tuple[CaseType, tuple[str, ...]]]:
    kinds = case_types()
    return ((kinds[name], fields) for name, fields in naming(case.lifecycle.name).items())


def _naming_it(kind: CaseType, fields: tuple[str, ...], case: Case) -> Iterator[Case]:
    stopped = [s.value for s in kind.lifecycle.states if s.tone is Tone.STOPPED]
    rows, said = kind.model.objects.exclude(state__in=stopped), models.Q()
    for name in fields:
        if isinstance(kind.model._meta.get_field(name), models.ForeignKey):
            said |= models.Q(**{name: case})
        else:
            rows = rows.annotate(**{f"text_of_{name}": Cast(name, models.TextField())})
            said |= models.Q(**{f"text_of_{name}__contains": case.code})
    yield from rows.filter(said).order_by("pk")


def parties(case: Case) -> set[str]:
    """The organisations that a case names as its own: who opened it, and every field that holds one's code."""
    values = (getattr(case, f.name) for f in case._meta.concrete_fields if isinstance(f, models.CharField))
    return {v for v in values if isinstance(v, str) and len(v) == 18 and codes.is_uscc(v)}
