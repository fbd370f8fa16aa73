"""Inputs of acts: one pydantic model is at once the API body, the web form and the CLI's JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from dianchi.kernel.text import Text


class Inputs(BaseModel):
    """Base of all inputs: unknown fields are refused, texts are stripped, values are frozen."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    def __init_subclass__(cls, **settings: Any) -> None:
        """Name the model's schema after its folder too: many kinds of case have a `Reason`, each of its own."""
        folder = cls.__module__.split(".")[-2:-1]
        cls.__qualname__ = "".join(part.title() for part in (*folder, "")) + cls.__name__
        super().__init_subclass__(**settings)


@dataclass(frozen=True)
class Entry:
    """What a person needs to fill one field in, beside its type."""

    label: Text
    help: Text | None = None
    example: str = ""
    refers: str = ""  # the value is the code of a case of this type
    widget: str = ""  # "long", "sql", "file", "region", "organisation", "fen", "password"; empty: by type
    personal: bool = False  # recorded only as a salted hash
    choices: tuple[tuple[str, Text], ...] = ()


def entry(label: Text, *, default: Any = ..., help: Text | None = None,  # noqa: A002 - as pydantic and argparse call it
          example: str = "", refers: str = "",
          widget: str = "", personal: bool = False, choices: tuple[tuple[str, Text], ...] = (), **limits: Any) -> Any:  # fmt: skip
    """A field of an Inputs model; limits are pydantic's (min_length, ge, le, pattern, …)."""
    about = Entry(label, help, example, refers, widget, personal, choices)
    # The JSON schema is Chinese; the forms read the bilingual Entry.
    return Field(default, title=str(label), description=str(help) if help else None,
                 examples=[example] if example else None, json_schema_extra=_Extra(about), **limits)  # fmt: skip


class _Extra:
    """Carries the Entry on the field and tells the JSON schema what it may know of it."""

    def __init__(self, about: Entry):
        self.about = about

    def __call__(self, schema: dict[str, Any]) -> None:
        if self.about.refers:
            schema["x-refers"] = self.about.refers
        if self.about.widget:
            schema["x-widget"] = self.about.widget


def about(name: str, info: FieldInfo) -> Entry:
    """The Entry of a field; a field without one is labelled by its name."""
    extra = info.json_schema_extra
    return extra.about if isinstance(extra, _Extra) else Entry(Text(name, name))
