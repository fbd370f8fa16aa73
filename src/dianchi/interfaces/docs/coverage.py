"""Which refusals, tests and pages hold each rule R1 to R75 and each clock E1 to E41."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dianchi.interfaces.docs import known
from dianchi.interfaces.docs.tests_of import index
from dianchi.kernel.law.rules import CLOCKS, RULES
from dianchi.kernel.parameters import PARAMETERS


@dataclass(frozen=True)
class Held:
    """What holds one rule or clock; empty where nothing does yet."""

    codes: tuple[str, ...]
    tests: tuple[str, ...]
    pages: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The files of the tests."""
        return tuple(dict.fromkeys(node.partition("::")[0] for node in self.tests))


def coverage(tests: Path) -> Mapping[str, Held]:
    """By id, in the order of the law; `tests` is the folder of the tests and may be missing."""
    named = index(tests)
    return {id_: _rule(id_, named) for id_ in RULES} | {id_: _clock(id_, named) for id_ in CLOCKS}


def _rule(id_: str, named: Mapping[str, tuple[str, ...]]) -> Held:
    holding = {code: one for code, one in known.refusals().items() if id_ in one.refusal.rules}
    return _held(holding, named, (page for one in holding.values() for page in one.pages))


def _clock(id_: str, named: Mapping[str, tuple[str, ...]]) -> Held:
    """A clock's codes are the parameters that carry its figure."""
    running = [(kind, deadline) for kind, deadline in known.deadlines() if deadline.clock == id_]
    figures = [deadline.period.parameter for _, deadline in running]
    figures += [key for key, parameter in PARAMETERS.items() if id_ in parameter.rules]
    holding = {code: one for code, one in known.refusals().items() if id_ in one.refusal.rules}
    pages = [known.page(kind) for kind, _ in running] + [page for one in holding.values() for page in one.pages]
    return _held({*figures, *holding}, named, pages)


def _held(codes: Iterable[str], named: Mapping[str, tuple[str, ...]], pages: Iterable[str]) -> Held:
    codes = tuple(sorted(codes))
    tests = {test for code in codes for test in named.get(code, ())}
    return Held(codes, tuple(sorted(tests)), tuple(sorted(set(pages))))
