"""The shape of an input: what a pydantic annotation asks for, once Optional and Annotated are taken off."""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dianchi.kernel.inputs import Entry, about
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Shape:
    """One field: what it holds, whether several, whether it may be empty."""

    name: str
    entry: Entry
    holds: Any  # the type of one value
    many: bool = False
    optional: bool = False
    info: FieldInfo | None = None

    @property
    def model(self) -> type[BaseModel] | None:
        """The nested model, if it holds one."""
        return self.holds if isinstance(self.holds, type) and issubclass(self.holds, BaseModel) else None

    @property
    def choices(self) -> tuple[tuple[str, Text | str], ...]:
        """What it can be chosen from, with words; empty if it is free."""
        if self.entry.choices:
            return self.entry.choices
        if get_origin(self.holds) is Literal:
            return tuple((str(v), str(v)) for v in get_args(self.holds))
        if isinstance(self.holds, type) and issubclass(self.holds, Enum):
            return tuple((str(m.value), getattr(m, "label", str(m.value))) for m in self.holds)
        return ()

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The fields of the nested model."""
        return shapes(self.model) if self.model else ()


def shapes(model: Any) -> tuple[Shape, ...]:
    """The fields of an inputs model, in the order declared; none for an act without inputs."""
    fields: dict[str, FieldInfo] = getattr(model, "model_fields", {})
    return tuple(_shape(name, info) for name, info in fields.items())


def _shape(name: str, info: FieldInfo) -> Shape:
    holds, optional = _without_none(info.annotation)
    many = get_origin(holds) in (list, tuple, set, frozenset)
    if many:
        holds, _ = _without_none((get_args(holds) or (str,))[0])
    return Shape(name, about(name, info), holds, many, optional or not info.is_required(), info)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    """The annotation without Annotated and None, and whether None was allowed."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [p for p in get_args(annotation) if p is not type(None)]
        inner, _ = _without_none(parts[0])
        return inner, len(parts) < len(get_args(annotation))
    return annotation, False
