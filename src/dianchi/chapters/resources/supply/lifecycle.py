"""Which acts bring a load of a resource in and put it into service."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Where a load stands."""

    OPENED = "opened", Text("待供数", "Awaiting the file"), Tone.WAITING
    RECEIVED = "received", Text("待核验", "Received"), Tone.WAITING
    IN_SERVICE = "in-service", Text("在用", "In service"), Tone.FORCE
    REJECTED = "rejected", Text("核验不通过", "Rejected"), Tone.STOPPED


class Opening(Inputs):
    """Which resource is to be supplied."""

    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue")
    note: str = entry(Text("说明", "Note"), default="", max_length=300)


class Receipt(Inputs):
    """What the intake counted and hashed; received is always accepted and quarantined together."""

    batch: str = entry(Text("批次", "Batch"), max_length=80)
    source_name: str = entry(Text("文件名", "File"), max_length=200)
    rows_received: int = entry(Text("收到行数", "Rows received"), ge=0)
    rows_accepted: int = entry(Text("入库行数", "Rows accepted"), ge=0)
    rows_quarantined: int = entry(Text("隔离行数", "Rows quarantined"), ge=0)
    bytes_received: int = entry(Text("字节数", "Bytes"), ge=0)
    sm3: str = entry(Text("国密摘要", "SM3"), pattern="^[0-9a-f]{64}$")
    sha256: str = entry(Text("通用摘要", "SHA-256"), pattern="^[0-9a-f]{64}$")
    snapshot: str = entry(Text("快照", "Snapshot"), max_length=40)
    schema_version: int = entry(Text("结构版本", "Schema version"), ge=0)
    max_rows: int | None = entry(Text("单一主体最多行数", "Most rows of one subject"), default=None)
    rule_results: list[dict[str, object]] = entry(Text("规则结果", "Rule results"), default=[])
    scores: dict[str, str] = entry(Text("质量得分", "Quality scores"), default={})


class Verdict(Inputs):
    """The verdict on the quality of the load."""

    verdict: str = entry(Text("核验意见", "Verdict"), widget="long", min_length=4, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    provider: bool = True
    item_published: bool = True
    graded: bool = True
    core: bool = False
    secret: bool = False
    unassessed: bool = False
    counts_add_up: bool = True
    nothing_accepted: bool = False
    own_load: bool = False
    repeated: bool = False  # the same file under the same contract was received before


holder_supplies = Guard[Facts](
    lambda f: f.provider,
    Refusal("supply.not-the-provider", Text("只有数据提供单位可以供数", "Only the data provider supplies"), spec27(21),
            Text("请由数据提供单位办理", "Let the provider do it")),
    on_inputs=True,
)  # fmt: skip
item_is_published = Guard[Facts](
    lambda f: f.item_published,
    Refusal("supply.item-not-published", Text("资源目录尚未发布，不能供数", "The catalogue item is not published"), yn(3),
            Text("请先完成编目和审核", "Catalogue and publish it first")),
    on_inputs=True,
)  # fmt: skip
item_still_published = replace(item_is_published, on_inputs=False)
file_is_new = Guard[Facts](
    lambda f: not f.repeated,
    Refusal("supply.file-received-already", Text("同一份文件已接收过，不能重复入库", "The same file was received already; it is loaded once"),
            default(), Text("请查看已有的接收回执", "See the receipt that stands"), field="batch"),
    on_inputs=True,
)  # fmt: skip
no_secret = Guard[Facts](
    lambda f: not f.secret,
    Refusal("supply.state-secret", Text("涉及国家秘密的数据不得进入本平台", "State secrets stay outside this platform"), cite("YNPD", 2),
            rules=("R1",)),
)  # fmt: skip
not_core = Guard[Facts](
    lambda f: not f.core,
    Refusal("supply.core-data", Text("核心数据不得进入本平台", "Core data never enter this platform"), cite("DSL", 21), rules=("R2",)),
)  # fmt: skip
important_is_assessed = Guard[Facts](
    lambda f: not f.unassessed,
    Refusal("supply.important-not-assessed", Text("重要数据提供前须完成风险评估", "Important data need a risk assessment first"),
            cite("NDR", 31), Text("请在目录中补充风险评估", "Add the assessment to the catalogue item"), ("R3",)),
)  # fmt: skip
is_graded = Guard[Facts](
    lambda f: f.graded,
    Refusal("supply.not-graded", Text("资源尚未分类分级，不能供数", "The resource is not graded"), spec27(5),
            Text("请先办理分类分级", "Grade it first"), ("R4",)),
)  # fmt: skip
counts_add_up = Guard[Facts](
    lambda f: f.counts_add_up,
    Refusal("supply.counts-differ", Text("收到行数必须等于入库与隔离行数之和", "Rows received must equal accepted plus quarantined"),
            default(), field="rows_received"),
    on_inputs=True,
)  # fmt: skip
something_accepted = Guard[Facts](
    lambda f: not f.nothing_accepted,
    Refusal("supply.nothing-accepted", Text("没有一行通过校验，不能投入使用", "No row passed; it cannot go into service"), default(),
            Text("请提供单位修正后重新供数", "Let the provider mend and supply again")),
)  # fmt: skip
another_body = Guard[Facts](
    lambda f: not f.own_load,
    Refusal("supply.own-load", Text("不能核验自己供的数据", "You cannot verify what you supplied"), default(),
            Text("请由数据管理部门核验", "The data administration verifies it"), ("R66",)),
)  # fmt: skip
_LAWFUL = (is_graded, no_secret, not_core, important_is_assessed)

SUPPLY = Lifecycle[Facts](
    "supply",
    Text("数据供给", "Supply"),
    State,
    (
        Act("open", Text("发起供数", "Open"), {Role.PROVIDER}, frozenset(), State.OPENED, yn(3),
            (holder_supplies, item_is_published), Opening),
        Act("receive", Text("接收", "Receive"), {Role.SYSTEM}, {State.OPENED}, State.RECEIVED, yn(3),
            (item_still_published, *_LAWFUL, counts_add_up, file_is_new),
            Receipt, document=Text("数据接收回执", "Receipt")),
        Act("pass", Text("核验通过", "Pass"), {Role.BUREAU}, {State.RECEIVED}, State.IN_SERVICE, spec27(21),
            (*_LAWFUL, something_accepted, another_body), Verdict),
        Act("reject", Text("核验不通过", "Reject"), {Role.BUREAU}, {State.RECEIVED}, State.REJECTED, spec27(21), (another_body,),
            Verdict, duty=False),
    ),
    (
        Deadline(State.RECEIVED, workdays("quality.ticket-days"), default(), Text("核验数据质量", "Verify the quality"), {Role.BUREAU}),
    ),
)  # fmt: skip
