"""The figure of a parameter where it is asked: the region's own setting, else that above it, else the default."""

from __future__ import annotations

from django.apps import apps

from dianchi.kernel.parameters import PARAMETERS, Value

Figure = Value


def value(key: str, region: str = "530000") -> Figure:
    """The figure in force for a region."""
    # By name: the app `parameters` stands on this one.
    settings = apps.get_model("parameters", "Setting").objects.filter(key=key, state="in-force")
    by_region = dict(settings.values_list("region", "value"))
    for division in (region, f"{region[:4]}00", f"{region[:2]}0000"):
        if division in by_region:
            return read(key, by_region[division])
    return PARAMETERS[key].default


def read(key: str, text: str) -> Figure:
    """The text of a setting as the figure that its parameter admits; raises Invalid."""
    parameter = PARAMETERS[key]
    kind = type(parameter.default)
    try:
        figure: Figure = {"true": True, "false": False}.get(text.lower(), text) if kind is bool else kind(text)
    except (ValueError, ArithmeticError):
        figure = text
    return parameter.check(figure)
