"""Rules that every lifecycle keeps."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.interfaces.docs.known import refusals
from dianchi.kernel.actors import Role
from dianchi.kernel.law.gists import gist
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.law.rules import CLOCKS, RULES
from dianchi.kernel.parameters import PARAMETERS
from tests.architecture.source import PACKAGE, dotted, imports, modules

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+")
NAME = re.compile(r"[a-z]+(-[a-z]+)*")
KINDS = list(case_types().values())
NOT_CASES = {"foundation/cases/perform.py", "foundation/jobs/queue.py"}  # the door itself; a job is no case
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)


def test_there_are_kinds_of_case_in_every_chapter() -> None:
    assert {"foundation", "resources", "authorization", "operation", "supervision"} <= {k.chapter for k in KINDS}


def test_prefixes_of_codes_are_unique() -> None:
    prefixes = [kind.prefix for kind in KINDS]
    assert all(re.fullmatch("[A-Z]{2,3}", p) for p in prefixes)
    assert len(set(prefixes)) == len(prefixes)


@each_kind
def test_every_act_cites_a_provision_whose_gist_is_told(kind: CaseType) -> None:
    for act in kind.lifecycle.acts:
        assert act.article.measure in MEASURES, act.name
        assert gist(act.article), f"{act.name}: {act.article.key}"


@each_kind
def test_a_person_opens_a_case_in_one_way(kind: CaseType) -> None:
    opening = [act.name for act in kind.lifecycle.acts if act.opens and act.by - {Role.SYSTEM}]
    assert len(opening) <= 1, opening


@each_kind
def test_names_are_plain(kind: CaseType) -> None:
    for name in (kind.name, *(a.name for a in kind.lifecycle.acts), *(s.value for s in kind.lifecycle.states)):
        assert NAME.fullmatch(name), name


@each_kind
def test_every_state_can_be_reached(kind: CaseType) -> None:
    acts = kind.lifecycle.acts
    reached = {a.target for a in acts if a.opens}
    for _ in acts:
        reached |= {a.target for a in acts if a.target and a.sources & reached}
    replaced = {"parameters": {"withdrawn"}}.get(kind.name, set())
    assert set(kind.lifecycle.states) - reached <= replaced


@each_kind
def test_guards_speak_for_their_lifecycle(kind: CaseType) -> None:
    for act in kind.lifecycle.acts:
        for guard in act.provided:
            refusal = guard.refusal
            assert refusal.code.startswith(f"{kind.name}."), refusal.code
            assert refusal.article, refusal.code
            assert refusal.article.measure in MEASURES, refusal.code
            assert set(refusal.rules) <= {*RULES, *CLOCKS}, refusal.code


def test_a_code_means_one_thing() -> None:
    said: dict[str, set[str]] = {}
    for kind in KINDS:
        for act in kind.lifecycle.acts:
            for guard in act.provided:
                said.setdefault(guard.refusal.code, set()).add(str(guard.refusal.message))
    assert {code: messages for code, messages in said.items() if len(messages) > 1} == {}


def test_every_code_is_in_kebab_case() -> None:
    assert [code for code in refusals() if "‹" not in code and not KEBAB.fullmatch(code)] == []


@each_kind
def test_deadlines_read_parameters_and_name_clocks(kind: CaseType) -> None:
    for deadline in kind.lifecycle.deadlines:
        assert deadline.period.parameter in PARAMETERS
        assert deadline.clock in {"", *CLOCKS}


@each_kind
def test_the_folder_of_a_kind_is_complete(kind: CaseType) -> None:
    folder = Path(PACKAGE, *kind.model.__module__.split(".")[1:-1])
    assert {"__init__.py", "lifecycle.py", "models.py", "facts.py", "effects.py"} <= {p.name for p in folder.iterdir()}
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))


@pytest.mark.parametrize("path", [p for p in modules() if re.match(r"(chapters|foundation)/.*/lifecycle\.py$", p)])
def test_a_lifecycle_imports_the_kernel_alone(path: str) -> None:
    """Itself or through files of its own folder that hold parts of it."""
    assert _beyond_the_kernel(path) == []


def _beyond_the_kernel(path: str) -> list[str]:
    folder = path.rpartition("/")[0]
    own = "dianchi." + folder.replace("/", ".")
    found = []
    for name in imports(modules()[path]):
        if name.startswith(f"{own}."):
            found += _beyond_the_kernel(f"{folder}/{name.rpartition('.')[2]}.py")
        elif name.startswith(("dianchi", "django")) and not name.startswith("dianchi.kernel"):
            found.append(f"{path}: {name}")
    return found


def test_only_the_door_and_effects_write_the_state_of_a_case() -> None:
    found = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path not in NOT_CASES and not path.endswith("/effects.py")
        for node in ast.walk(tree)
        if _writes_state(node)
    ]
    assert found == []


def _writes_state(node: ast.AST) -> bool:
    """`x.state = …`, `setattr(x, "state", …)`, `….update(state=…)` or `….create(state=…)`."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets)
    if isinstance(node, ast.Call):
        verb = dotted(node.func).rpartition(".")[2]
        if verb == "setattr":
            return any(isinstance(a, ast.Constant) and a.value == "state" for a in node.args)
        writing = {"update", "create", "bulk_create", "get_or_create", "update_or_create"}
        return verb in writing and any(k.arg == "state" for k in node.keywords)
    return False


@pytest.mark.parametrize(
    "source", ["case.state = 'x'", "setattr(case, 'state', 'x')", "Case.objects.filter(pk=1).update(state='x')"]
)
def test_writing_a_state_is_noticed(source: str) -> None:
    assert any(_writes_state(node) for node in ast.walk(ast.parse(source)))
