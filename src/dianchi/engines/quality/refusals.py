"""Why a contract is refused, or data against it."""

from __future__ import annotations

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default
from dianchi.kernel.text import Text

UNREADABLE = Refusal(
    "contract.unreadable", Text("契约文件不是有效的结构。", "The contract is not well formed."), default()
)
BAD_COLUMN = Refusal(
    "contract.bad-column",
    Text("契约中“{column}”列的定义有误：{problem}。", "Column “{column}” of the contract is ill defined: {problem}."),
    default(),
)
BAD_RULE = Refusal(
    "contract.bad-rule",
    Text("契约中“{rule}”规则的定义有误：{problem}。", "Rule “{rule}” of the contract is ill defined: {problem}."),
    default(),
)
COLUMNS_DIFFER = Refusal(
    "contract.columns-differ",
    Text(
        "数据的列与契约不一致，缺少：{missing}；多出：{extra}。",
        "The columns differ from the contract; missing: {missing}; unexpected: {extra}.",
    ),
    default(),
    Text("请核对文件表头，或先修订契约。", "Check the header of the file, or revise the contract first."),
)
NO_REFERENCE = Refusal(
    "contract.no-reference",
    Text("缺少“{rule}”规则所参照的资源。", "The resource that rule “{rule}” refers to was not given."),
    default(),
)
