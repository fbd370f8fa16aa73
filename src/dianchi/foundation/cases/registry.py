"""All kinds of case, found from the apps: a folder with `effects.py` that names its CASE is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

from django.apps import apps

from dianchi.foundation.cases.models import Case
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import NotFound, Refusal
from dianchi.kernel.lifecycle import Act, Lifecycle
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Doing:
    """The act being done, as an effect sees it."""

    act: Act[Any]
    by: Actor
    at: datetime
    inputs: Any  # an instance of act.inputs, or None
    facts: Any
    reveal: dict[str, str] = field(default_factory=dict)  # shown once to the actor, never stored


Facts = Callable[[Any, Actor, datetime, Any], Any]
Effect = Callable[[Any, Doing], None]
Suggest = Callable[[str, Any, Actor, Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True)
class CaseType:
    """One kind of case: its table of acts, its model, how facts are gathered, what acts change besides the state."""

    lifecycle: Lifecycle[Any]
    model: type[Case]
    facts: Facts
    effects: Mapping[str, Effect] = field(default_factory=dict)
    prefix: str = ""  # of its codes: "XY" for agreements
    suggest: Suggest | None = (
        None  # what a form starts from: act, case (None: to be opened), actor, the address's query
    )

    @property
    def name(self) -> str:
        """The plural noun that names it everywhere."""
        return self.lifecycle.name

    @property
    def chapter(self) -> str:
        """The folder of the law it belongs to: "authorization", "resources", …"""
        parts = self.model.__module__.split(".")
        return parts[2] if parts[1] == "chapters" else parts[1]


@cache
def case_types() -> Mapping[str, CaseType]:
    """Every kind of case by name, in the order of the apps."""
    found: dict[str, CaseType] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.effects"
        if config.name.startswith("dianchi.") and find_spec(module):
            case: CaseType = import_module(module).CASE
            found[case.name] = case
    return MappingProxyType(found)


def case_type(name: str) -> CaseType:
    """The kind of case of that name."""
    try:
        return case_types()[name]
    except KeyError:
        raise NotFound(Refusal("cases.no-such-type", Text("没有这类事项", "There is no such kind of case"))) from None


def get_case(name: str, code: str, by: Actor, *, lock: bool = False) -> Any:
    """The one way to reach a case. What the actor may not see does not exist."""
    model = case_type(name).model
    found = model.objects.visible_to(by).filter(code=code) if "\0" not in code else model.objects.none()
    if lock:  # who may see may take a DISTINCT or a join, which cannot be locked
        found = model.objects.select_for_update(no_key=True).filter(pk__in=found.values("pk"))
    case = found.first()
    if case is None:
        message = Text("没有找到该事项，或您无权查看", "There is no such case, or it is not yours to see")
        remedy = Text("请核对编号，或联系事项的经办机构", "Check the code or ask the body in charge")
        raise NotFound(Refusal(f"{name}.not-found", message, remedy=remedy))
    return case
