"""From what was sent to checked inputs, and from inputs to the fields of a case."""

from __future__ import annotations

from typing import Any

from django.db import models
from pydantic import BaseModel, ValidationError

from dianchi.foundation.cases.models import Case
from dianchi.foundation.cases.registry import get_case
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid, NotFound, Refusal
from dianchi.kernel.inputs import about
from dianchi.kernel.lifecycle import Act
from dianchi.kernel.text import Text

# What pydantic found, said so that the person can mend it.
_PROBLEMS = {
    "missing": Text("请填写“{label}”", "Enter “{label}”"),
    "extra_forbidden": Text("没有“{label}”这一项", "There is no field “{label}”"),
    "string_too_short": Text("“{label}”太短", "“{label}” is too short"),
    "string_too_long": Text("“{label}”太长", "“{label}” is too long"),
    "string_pattern_mismatch": Text("“{label}”的格式不对", "“{label}” has the wrong format"),
    "greater_than_equal": Text("“{label}”太小", "“{label}” is too small"),
    "greater_than": Text("“{label}”太小", "“{label}” is too small"),
    "less_than_equal": Text("“{label}”太大", "“{label}” is too large"),
    "too_short": Text("“{label}”至少要有一项", "“{label}” needs at least one entry"),
}
_OTHER = Text("“{label}”填写有误", "“{label}” is not valid")


def parse(act: Act[Any], raw: object) -> Any:
    """The inputs of an act, checked field by field; raises Invalid with every problem found."""
    if act.inputs is None:
        if raw:
            raise Invalid(
                Refusal("inputs.none-wanted", Text("该事项不需要填写内容", "This act takes no inputs"), act.article)
            )
        return None
    if isinstance(raw, act.inputs):
        return raw
    try:
        return act.inputs.model_validate(raw if raw is not None else {})  # type: ignore[attr-defined]
    except ValidationError as error:
        raise Invalid(*(_refusal(act, problem) for problem in error.errors(include_input=False))) from None


def _refusal(act: Act[Any], problem: Any) -> Refusal:
    model, label, path = act.inputs, Text("内容", "inputs"), []
    for step in problem["loc"]:
        path.append(str(step))
        field = getattr(model, "model_fields", {}).get(step) if isinstance(step, str) else None
        if field is not None:
            label, model = about(str(step), field).label, _inner(field.annotation)
        elif isinstance(step, str) and problem["type"] == "extra_forbidden":
            label = Text(step[:40], step[:40])
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, Invalid):
        return Refusal(
            cause.refusals[0].code,
            cause.refusals[0].message,
            act.article,
            cause.refusals[0].remedy,
            field=".".join(path),
        )
    message = _PROBLEMS.get(problem["type"], _OTHER).format(label=label)
    remedy = Text("请按填写说明修改后再提交", "Correct it as the field's help says and submit again")
    return Refusal(f"inputs.{problem['type'].replace('_', '-')}", message, act.article, remedy, field=".".join(path))


def _inner(annotation: Any) -> Any:
    """The model inside `list[Model]`, `Model | None` or `Model`."""
    for part in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def fill(case: Case, inputs: Any, by: Actor) -> None:
    """Copy the inputs that the case has fields for; references become the case that the actor may see."""
    fields = {f.name: f for f in case._meta.concrete_fields}
    for name, info in type(inputs).model_fields.items():
        if name not in fields:
            continue
        value, entry = getattr(inputs, name), about(name, info)
        if isinstance(fields[name], models.ForeignKey):
            value = _referred(name, entry.refers, value, by) if value else None
        setattr(case, name, _stored(value))


def _referred(name: str, case_type: str, code: str, by: Actor) -> Any:
    try:
        return get_case(case_type, code, by)
    except NotFound as error:
        refusal = error.refusals[0]
        raise Invalid(Refusal(refusal.code, refusal.message, remedy=refusal.remedy, field=name)) from None


def _stored(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_stored(v) for v in value]
    return value


def recorded(inputs: Any, hashed: Any) -> dict[str, Any]:
    """The inputs as the ledger may hold them: personal fields only as what `hashed` makes of them."""
    if inputs is None:
        return {}
    values = inputs.model_dump(mode="json")
    for name, info in type(inputs).model_fields.items():
        entry = about(name, info)
        if entry.widget == "password":
            values.pop(name)
        elif entry.personal and values[name] not in (None, ""):
            values[name] = hashed(str(values[name]))
    return values
