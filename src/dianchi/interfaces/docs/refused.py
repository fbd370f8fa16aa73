"""refusals.md: every code that a person or a program may meet, with what to do about it."""

from __future__ import annotations

from itertools import groupby

from dianchi.interfaces.docs.known import Known, refusals
from dianchi.interfaces.docs.markdown import NOTE, cited, table

_HEAD = ("代码 Code", "说明", "Message", "依据 Article", "规则 Rules", "如何办理", "Remedy")


_NOTE = """\
代码不变，供程序判断；说明供人阅读，不含数据值。`‹…›` 处随事项而定。
Codes are stable and meant for programs; the sentences are for people and hold no data. `‹…›` varies with the case.
"""


def refused() -> str:
    """The whole document."""
    parts = [
        NOTE,
        "# 拒绝理由 Refusals\n",
        _NOTE,
    ]
    for noun, group in groupby(refusals().values(), key=lambda one: one.refusal.code.partition(".")[0]):
        title = "…" if "‹" in noun else noun
        parts += [f"## {title}\n", table(_HEAD, (_row(one) for one in group))]
    return "\n".join(parts)


def _row(one: Known) -> tuple[str, ...]:
    r = one.refusal
    remedy = r.remedy
    return (
        f"`{r.code}`", str(r.message), r.message.en, cited(r.article), " ".join(r.rules),
        str(remedy or ""), remedy.en if remedy else "",
    )  # fmt: skip
