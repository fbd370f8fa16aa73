"""Why a job did not run to its end: stable codes and sentences that hold no data and no words of the engine."""

from __future__ import annotations

from dianchi.kernel.errors import DomainError, Invalid, NotFound, Refusal, RuleBroken, TryLater
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

OUT_OF_MEMORY = Refusal(
    "runner.out-of-memory",
    Text("计算所需内存超过上限，作业已停止。", "The job was stopped: it needs more memory than it may use."),
    article=default(),
    remedy=Text(
        "请缩小数据范围或减少分组后重试，或申请更高的内存上限。",
        "Narrow the data or use fewer groups, or ask for a higher limit.",
    ),
)
TIMEOUT = Refusal(
    "runner.timeout",
    Text("计算超过时限，作业已停止。", "The job was stopped: it ran longer than it may."),
    article=default(),
    remedy=Text(
        "请缩小数据范围或简化查询后重试，或申请更长的时限。",
        "Narrow the data or simplify the query, or ask for a longer limit.",
    ),
)
TOO_MANY_ROWS = Refusal(
    "runner.too-many-rows",
    Text("结果行数超过上限，未返回任何数据。", "The result has more rows than allowed; nothing was returned."),
    article=default(),
    remedy=Text("请先汇总或加上行数限制。", "Aggregate first, or limit the rows."),
)
TOO_LARGE = Refusal(
    "runner.too-large",
    Text("结果数据量超过上限，未返回任何数据。", "The result is larger than allowed; nothing was returned."),
    article=default(),
    remedy=Text("请减少列数或行数。", "Take fewer columns or rows."),
)
STOPPED = Refusal(
    "runner.stopped",
    Text("作业已按要求停止，未返回任何数据。", "The job was stopped as asked; nothing was returned."),
    article=default(),
)
DISK_FULL = Refusal(
    "runner.temp-full",
    Text("临时空间用尽，作业已停止。", "The job was stopped: its temporary space is full."),
    article=default(),
    remedy=Text("请缩小数据范围或简化查询后重试。", "Narrow the data or simplify the query."),
)
CRASHED = Refusal(
    "runner.crashed",
    Text("计算进程意外终止，未返回任何数据。", "The job's process ended unexpectedly; nothing was returned."),
    article=default(),
    remedy=Text(
        "请重试；若再次发生，请凭作业编号联系平台。",
        "Try again; if it happens again, contact the platform with the job's number.",
    ),
)
FAILED = Refusal(
    "runner.failed",
    Text("计算引擎未能执行该查询，未返回任何数据。", "The engine could not run this query; nothing was returned."),
    article=default(),
    remedy=Text(
        "请检查查询后重试；若再次发生，请凭作业编号联系平台。",
        "Check the query and try again; if it happens again, contact the platform with the job's number.",
    ),
)
BUSY = Refusal(
    "runner.busy",
    Text("计算资源繁忙，请稍后再试。", "All workers are busy; try again shortly."),
    article=default(),
)
CLOSED = Refusal("runner.closed", Text("计算服务已停止。", "The runner is closed."), article=default())
FILE_MISSING = Refusal(
    "runner.file-missing", Text("授权数据文件不存在。", "A granted file does not exist."), article=default()
)
SOURCE_MALFORMED = Refusal(
    "runner.source-malformed",
    Text("数据来源的文件、列或类型不合规范。", "The files, columns or types of a source are not well formed."),
    article=default(),
)
KEY_MALFORMED = Refusal(
    "runner.key-malformed", Text("数据密钥长度不合规范。", "The key of a source is not well formed."), article=default()
)
LIMITS_MALFORMED = Refusal(
    "runner.limits-malformed",
    Text("作业上限必须大于零。", "The limits of a job must be above zero."),
    article=default(),
)
NOT_REGISTERED = Refusal(
    "runner.not-registered", Text("该计算计划未登记。", "No plan is registered under this name."), article=default()
)

_KINDS: dict[Refusal, type[DomainError]] = {
    CRASHED: TryLater,
    BUSY: TryLater,
    CLOSED: TryLater,
    FAILED: Invalid,
    FILE_MISSING: NotFound,
    NOT_REGISTERED: NotFound,
}
_BY_CODE = {r.code: r for r in (OUT_OF_MEMORY, TIMEOUT, TOO_MANY_ROWS, TOO_LARGE, DISK_FULL, CRASHED, FAILED)}


class PrivateLog:
    """The engine's own words, for the operator's log alone: neither str() nor repr() shows them."""

    __slots__ = ("text",)

    def __init__(self, text: str):
        self.text = text

    def __repr__(self) -> str:
        return "<PrivateLog>"


def error(refusal: Refusal, log: str = "") -> DomainError:
    """The exception for a refusal, with the engine's words in `.log` and nowhere else."""
    caught = _KINDS.get(refusal, RuleBroken)(refusal)
    caught.log = PrivateLog(log)  # type: ignore[attr-defined]
    return caught


def from_code(code: str, log: str = "") -> DomainError:
    """The exception for a code that came through the wall; an unknown code is a failure like any other."""
    return error(_BY_CODE.get(code, FAILED), log)
