"""Why the lake refuses."""

from __future__ import annotations

from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.text import Text

MASTER_KEY_SHAPE = Refusal(
    "lake.master-key-shape",
    Text("主密钥必须为三十二字节。", "The master key must have 32 bytes."),
    cite("GBT39786"),
    Text(
        "请由密钥管理员提供主密钥；没有密钥不存任何数据。",
        "Let the keeper of keys provide it; without one nothing is stored.",
    ),
    ("R69",),
)
KEY_REFUSED = Refusal(
    "lake.key-refused",
    Text("主密钥不能打开该资源的数据密钥。", "The master key does not open this resource's data key."),
    spec27(21),
    Text("请使用写入该资源时的主密钥。", "Use the master key under which the resource was written."),
)
KEY_DESTROYED = Refusal(
    "lake.key-destroyed",
    Text(
        "该资源的数据密钥已销毁，数据不可恢复。", "The resource's data key was destroyed; its data cannot be had again."
    ),
    cite("PIPL", 21),
    Text("如需再次供数，请以新的目录条目办理。", "To supply it again, use a new catalogue item."),
    ("R52",),
)
BAD_CODE = Refusal(
    "lake.bad-code",
    Text(
        "资源代码只能由字母、数字、连字符和下划线组成，长度不超过一百个字符。",
        "A resource code has letters, digits, hyphens and underscores only, at most 100.",
    ),
    default(),
    field="resource_code",
)
NO_RESOURCE = Refusal("lake.no-resource", Text("湖中没有该资源。", "The lake holds no such resource."), default())
NO_SNAPSHOT = Refusal("lake.no-snapshot", Text("该资源没有这一快照。", "The resource has no such snapshot."), default())
NO_COLUMN = Refusal("lake.no-column", Text("该资源没有这一列。", "The resource has no such column."), default())
SCHEMA_DIFFERS = Refusal(
    "lake.schema-differs",
    Text("数据的列与契约不一致：{columns}。", "The columns of the data differ from the contract: {columns}."),
    default(),
    Text("请先修订契约，再重新装载。", "Revise the contract first, then load again."),
)
COLUMN_MISSING = Refusal(
    "lake.column-missing",
    Text("新结构缺少已有的列：{columns}。", "The new schema lacks columns that the resource has: {columns}."),
    default(),
    Text("列可以增加或改名，不能悄悄消失。", "Columns may be added or renamed, never vanish silently."),
)
TYPE_CHANGED = Refusal(
    "lake.type-changed",
    Text("列的类型不能这样改变：{columns}。", "The type of a column cannot change like this: {columns}."),
    default(),
    Text("请建立新资源，或把列改为更宽的类型。", "Make a new resource, or widen the type."),
)
BUSY = Refusal(
    "lake.busy",
    Text("该资源正被其他装载写入，请稍后再试。", "Other loads are writing this resource; try again shortly."),
    default(),
)
