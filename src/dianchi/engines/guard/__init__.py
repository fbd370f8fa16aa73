"""Governed SQL: a pure function from a text and a grant to a plan, or to every reason against it (guard.md)."""

from dianchi.engines.guard.compiler import compile_text as compile  # noqa: A004
from dianchi.engines.guard.explain import Explanation, explain
from dianchi.engines.guard.grant import Column, Dominance, Grant, Subject, Table
from dianchi.engines.guard.plan import Footprint, OutputColumn, Parameter, Plan
from dianchi.engines.guard.refusals import GuardRefusal

__all__ = [
    "Column",
    "Dominance",
    "Explanation",
    "Footprint",
    "Grant",
    "GuardRefusal",
    "OutputColumn",
    "Parameter",
    "Plan",
    "Subject",
    "Table",
    "compile",
    "explain",
]
