"""permissions.md: which role may do which act; whatever is not marked is refused."""

from __future__ import annotations

from dianchi.foundation.cases.registry import CaseType, case_types
from dianchi.interfaces.docs.lifecycles import FOLDERS
from dianchi.interfaces.docs.markdown import NOTE, both, table
from dianchi.kernel.actors import Role

_NOTE = """\
● 可以办理；空白一律拒绝。能否看到某一事项另由该事项的可见范围决定。
● may do it; a blank is refused. Which cases a person sees is decided by the kind's visibility.
"""


def permissions() -> str:
    """The whole document."""
    parts = [
        NOTE,
        "# 权限 Permissions\n",
        _NOTE,
    ]
    for folder, title in FOLDERS.items():
        parts += [f"## {title}\n", *(_kind(k) for k in case_types().values() if k.chapter == folder)]
    return "\n".join([*parts, "## 按角色 By role\n", *(_role(role) for role in Role)])


def _kind(kind: CaseType) -> str:
    acts = kind.lifecycle.acts
    acting = [role for role in Role if any(role in act.by for act in acts)]
    rows = ((f"`{a.name}` {both(a.title)}", *("●" if role in a.by else "" for role in acting)) for a in acts)
    head = ("事项 Act", *(str(role.label) for role in acting))
    return f"### {both(kind.lifecycle.title)} `{kind.name}`\n\n{table(head, rows)}"


def _role(role: Role) -> str:
    rows = [
        (f"`{kind.name}`", ", ".join(f"`{act.name}`" for act in kind.lifecycle.acts if role in act.by))
        for kind in case_types().values()
        if any(role in act.by for act in kind.lifecycle.acts)
    ]
    body = table(("类别 Kind", "事项 Acts"), rows) or "没有可办的事项。 No acts.\n"
    return f"### {both(role.label)} `{role.value}`\n\n{body}"
