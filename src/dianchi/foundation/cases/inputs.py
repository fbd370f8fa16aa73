"""From what was sent to checked inputs, and from inputs to the fields of a case."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DoesNotFit
from django.db import models
from pydantic import BaseModel, ValidationError

from dianchi.foundation.cases.models import Case
from dianchi.foundation.cases.registry import get_case
from dianchi.kernel.actors import Actor
from dianchi.kernel.errors import Invalid, NotFound, Refusal
from dianchi.kernel.inputs import Entry, about
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
_CORRECT = Text("请按填写说明修改后再提交", "Correct it as the field's help says and submit again")
_OTHER = Text("“{label}”填写有误", "“{label}” is not valid")


def parse(act: Act[Any], raw: object) -> Any:
    """The inputs of an act, checked field by field; raises Invalid with every problem found."""
    if act.inputs is None:
        if raw:
            raise Invalid(
                Refusal("inputs.none-wanted", Text("该事项不需要填写内容", "This act takes no inputs"), act.article)
            )
        return None
    if not isinstance(raw, act.inputs):
        try:
            raw = act.inputs.model_validate(raw if raw is not None else {})  # type: ignore[attr-defined]
        except ValidationError as error:
            raise Invalid(*(_refusal(act, problem) for problem in error.errors(include_input=False))) from None
    refuse = [_unfit(act, name, why) for name, value in dict(raw).items() if (why := _why_unfit(value))]
    if refuse:
        raise Invalid(*refuse)
    return raw


_NO_CONTROLS = Text("“{label}”含有不可见的控制字符", "“{label}” holds an invisible control character")
_NOT_EXACT = Text("“{label}”中的小数请以文本填写", "Write the decimals in “{label}” as text")


def _why_unfit(value: object) -> tuple[str, Text] | None:
    """What no database column or no canonical record can hold: NUL characters, floating-point numbers."""
    if isinstance(value, str):
        return ("inputs.control-character", _NO_CONTROLS) if "\0" in value else None
    if isinstance(value, float):
        return "inputs.not-exact", _NOT_EXACT
    if isinstance(value, BaseModel):
        value = dict(value)
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    return next((why for v in value if (why := _why_unfit(v))), None) if isinstance(value, list | tuple) else None


def _unfit(act: Act[Any], name: str, why: tuple[str, Text]) -> Refusal:
    label = about(name, act.inputs.model_fields[name]).label  # type: ignore[union-attr]
    return Refusal(why[0], why[1].format(label=label), act.article, _CORRECT, field=name)


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
    code = f"inputs.{problem['type'].replace('_', '-')}"
    return Refusal(code, message, act.article, _CORRECT, field=".".join(path))


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
        setattr(case, name, _fitting(fields[name], entry, _stored(value)))


def _fitting(field: Any, entry: Entry, value: Any) -> Any:
    """The value if its column can hold it: SQLite would keep what PostgreSQL refuses."""
    try:
        field.run_validators(value)
    except DoesNotFit:
        message = Text("“{label}”过长或超出范围", "“{label}” is too long or out of range").format(label=entry.label)
        raise Invalid(Refusal("inputs.does-not-fit", message, remedy=_CORRECT, field=field.name)) from None
    return value


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


def personal(inputs: Any) -> set[str]:
    """The names of the inputs that the ledger may hold only as hashes."""
    fields = type(inputs).model_fields if inputs is not None else {}
    return {name for name, info in fields.items() if about(name, info).personal}


def recorded(inputs: Any, hashed: Any) -> dict[str, Any]:
    """The inputs as the ledger may hold them: personal fields, at any depth, only as what `hashed` makes of them."""
    if inputs is None:
        return {}
    kept: dict[str, Any] = {}
    plain = inputs.model_dump(mode="json")
    for name, info in type(inputs).model_fields.items():
        entry, value = about(name, info), getattr(inputs, name)
        if entry.widget == "password":
            continue
        if entry.personal and value not in (None, ""):
            kept[name] = hashed(str(plain[name]))
        elif isinstance(value, BaseModel):
            kept[name] = recorded(value, hashed)
        elif isinstance(value, list | tuple) and any(isinstance(v, BaseModel) for v in value):
            kept[name] = [recorded(v, hashed) if isinstance(v, BaseModel) else v for v in value]
        else:
            kept[name] = plain[name]
    return kept
