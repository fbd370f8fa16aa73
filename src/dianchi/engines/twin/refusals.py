"""Why no twin can be made."""

from __future__ import annotations

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

COLUMN_MALFORMED = Refusal(
    "twin.column-malformed",
    Text("列的合成方式不合规范。", "The way a column is to be made is not well formed."),
    default(),
)
COLUMN_MISSING = Refusal(
    "twin.column-missing",
    Text("来源数据中没有要合成的列。", "The source lacks a column that is to be made."),
    default(),
)
THRESHOLD_TOO_LOW = Refusal(
    "twin.threshold-too-low",
    Text("合成数据的主体数阈值不得小于{least}。", "The threshold of a twin is at least {least}."),
    default(),
)
TYPE_UNKNOWN = Refusal(
    "twin.type-unknown",
    Text("无法为该类型的列生成虚构值。", "No made-up value fits the type of a column."),
    default(),
)
