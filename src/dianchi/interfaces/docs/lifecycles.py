"""lifecycles.md: every kind of case with its diagram and its table of acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.interfaces.docs.markdown import NOTE, both, cited, codes, table
from dianchi.kernel.actors import Role
from dianchi.kernel.inputs import about
from dianchi.kernel.lifecycle import Act, Deadline, Lifecycle
from dianchi.kernel.parameters import PARAMETERS

_HEAD = ("事项 Act", "办理人 By", "从 From", "到 To", "依据 Article", "前提 Guards", "填写 Inputs")
_DUE = ("状态 State", "期限 Period", "办结什么 What is due", "由谁 By", "依据 Article", "届满 Then", "时限 Clock")
FOLDERS = {
    "foundation": "基础 Foundation",
    "resources": "数据资源 Resources",
    "authorization": "授权 Authorization",
    "operation": "运营 Operation",
    "supervision": "监督 Supervision",
}


def lifecycles() -> str:
    """The whole document."""
    parts = [
        NOTE,
        "# 事项 Lifecycles\n",
        "每类事项的状态、可办的动作及其依据。 Every kind of case: its states, its acts, and the article of each.\n",
        "## 角色 Roles\n",
        table(("角色 Role", "代码", "职责 Duty"), ((both(r.label), f"`{r.value}`", both(r.duty)) for r in Role)),
    ]
    for folder, title in FOLDERS.items():
        parts += [f"## {title}\n", *(_kind(k) for k in case_types().values() if k.chapter == folder)]
    return "\n".join(parts)


def _kind(kind: CaseType) -> str:
    lifecycle = kind.lifecycle
    return "\n".join([
        f"### {both(lifecycle.title)} `{kind.name}` ({kind.prefix})\n",
        f"```mermaid\n{diagram(lifecycle)}\n```\n",
        table(_HEAD, (_act(lifecycle, act) for act in lifecycle.acts)),
        table(_DUE, (_deadline(deadline) for deadline in lifecycle.deadlines)),
    ])  # fmt: skip


def diagram(lifecycle: Lifecycle[Any]) -> str:
    """The acts between the states as a Mermaid state diagram; acts that keep the state are loops."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{both(s.label)}" as {_id(s.value)}' for s in lifecycle.states]
    for act in lifecycle.acts:
        for source, target in _arrows(lifecycle, act):
            lines.append(f"    {source} --> {target}: {act.title} {act.name}")
    return "\n".join(lines)


def _arrows(lifecycle: Lifecycle[Any], act: Act[Any]) -> Iterator[tuple[str, str]]:
    if act.opens:
        yield "[*]", _id((act.target or next(iter(lifecycle.states))).value)
    for state in lifecycle.states:
        if state in act.sources:
            yield _id(state.value), _id((act.target or state).value)


def _id(state: str) -> str:
    return f"s_{state.replace('-', '_')}"


def _act(lifecycle: Lifecycle[Any], act: Act[Any]) -> tuple[str, ...]:
    marks = [word for flag, word in ((act.sensitive, "敏感 sensitive"), (act.final, "不可撤销 final")) if flag]
    if act.opinions:
        marks.append(f"意见 {act.opinions.needed} opinions" + ("，盲审 blinded" if act.opinions.blinded else ""))
    return (
        f"`{act.name}` {both(act.title)}" + "".join(f"<br>{m}" for m in marks),
        roles(act.by),
        "—" if act.opens else "<br>".join(str(s.label) for s in lifecycle.states if s in act.sources),
        str(act.target.label) if act.target else "不变 same",
        cited(act.article),
        codes(dict.fromkeys(guard.refusal.code for guard in act.provided)),
        "<br>".join(_inputs(act)),
    )


def _inputs(act: Act[Any]) -> Iterator[str]:
    for name, info in getattr(act.inputs, "model_fields", {}).items():
        needed = "" if info.is_required() else "（可不填 optional）"
        yield f"`{name}` {about(name, info).label}{needed}"


def _deadline(deadline: Deadline) -> tuple[str, ...]:
    parameter = PARAMETERS[deadline.period.parameter]
    figure = f"{parameter.default} {parameter.unit.label}"
    return (
        str(deadline.state.label),
        f"{figure} `{parameter.key}`",
        both(deadline.asks),
        roles(deadline.of),
        cited(deadline.article),
        "提醒 remind" if deadline.then == "remind" else f"`{deadline.then}`",
        deadline.clock,
    )


def roles(wanted: Any) -> str:
    """Roles in their own order."""
    return "<br>".join(str(role.label) for role in Role if role in wanted)
