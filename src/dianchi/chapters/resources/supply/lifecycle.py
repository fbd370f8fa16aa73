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
    STALE = "stale", Text("超期未更新", "Stale"), Tone.WAITING
    ROLLED_BACK = "rolled-back", Text("已回退", "Rolled back"), Tone.STOPPED
    REJECTED = "rejected", Text("核验不通过", "Rejected"), Tone.STOPPED


CHANNELS = (
    ("upload", Text("网页上传", "Upload in the browser")),
    ("command", Text("命令行", "Command line")),
    ("folder", Text("投递目录", "Drop folder")),
    ("postgresql", Text("数据库", "PostgreSQL")),
    ("http", Text("网络接口", "Web service")),
    ("ckan", Text("其他数据平台", "Another data platform")),
)


class Opening(Inputs):
    """Which resource is to be supplied."""

    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue")
    note: str = entry(Text("说明", "Note"), default="", max_length=300)
    corrects: str = entry(
        Text("补正的供数", "Load that it corrects"), default="", refers="supply",
        help=Text("补交隔离行时填写：补交的行并入该次供数", "For rows sent again after they were set aside: they join that load"),
    )  # fmt: skip
    added: bool = entry(
        Text("增量供数", "Adds to what is in service"), default=False,
        help=Text("不勾选则替换在用的全部数据", "Otherwise it replaces all that is in service"),
    )  # fmt: skip


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
    shapes: dict[str, dict[str, int]] = entry(Text("取值分布", "Distributions"), default={})
    channel: str = entry(Text("供数方式", "Channel"), default="command", max_length=20, choices=CHANNELS)
    onto: str = entry(Text("并入的快照", "Snapshot that it adds to"), default="", max_length=40)


class Reason(Inputs):
    """Why the data go back to what they were."""

    reason: str = entry(Text("原因", "Reason"), widget="long", min_length=4, max_length=1000)


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
    corrects_own: bool = True  # what it corrects is a load of the same resource, with rows set aside
    latest: bool = True  # it is the load in service
    replaced: bool = True  # newer data are in service
    before: bool = True  # another load was in service before it
    overdue: bool = True  # the resource should have been updated by now
    set_aside_until_past: bool = True  # its rows set aside may be kept no longer
    has_set_aside: bool = True


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
corrects_its_like = Guard[Facts](
    lambda f: f.corrects_own,
    Refusal("supply.corrects-another", Text("只能补正同一资源有隔离行的供数", "It can only correct a load of the same resource that had rows set aside"),
            default(), Text("请核对所补正的供数编号", "Check the load that it corrects"), field="corrects"),
    on_inputs=True,
)  # fmt: skip
is_the_latest = Guard[Facts](
    lambda f: f.latest,
    Refusal("supply.not-the-latest", Text("该次供数不是当前在用的数据", "Another load is in service"), spec27(21),
            Text("请对当前在用的供数办理", "Act on the load in service")),
)  # fmt: skip
was_one_before = Guard[Facts](
    lambda f: f.before,
    Refusal("supply.nothing-before", Text("此前没有在用的供数，不能回退", "No load was in service before it; there is nothing to go back to"),
            spec27(21), Text("可暂停该资源目录", "Suspend the catalogue item instead")),
)  # fmt: skip
is_overdue = Guard[Facts](
    lambda f: f.overdue,
    Refusal("supply.not-overdue", Text("数据尚在更新周期内", "The data are within their update period"), default()),
)  # fmt: skip
was_replaced = Guard[Facts](
    lambda f: f.replaced,
    Refusal("supply.not-replaced", Text("尚无新的在用数据", "No newer data are in service"), default()),
)  # fmt: skip
may_forget = Guard[Facts](
    lambda f: f.has_set_aside and f.set_aside_until_past,
    Refusal("supply.quarantine-kept", Text("隔离行尚在保存期内或已清除", "The rows set aside are still to be kept, or are gone already"), default()),
)  # fmt: skip
_LAWFUL = (is_graded, no_secret, not_core, important_is_assessed)

SUPPLY = Lifecycle[Facts](
    "supply",
    Text("数据供给", "Supply"),
    State,
    (
        Act("open", Text("发起供数", "Open"), {Role.PROVIDER}, frozenset(), State.OPENED, yn(3),
            (holder_supplies, item_is_published, corrects_its_like), Opening),
        Act("receive", Text("接收", "Receive"), {Role.SYSTEM}, {State.OPENED}, State.RECEIVED, yn(3),
            (item_still_published, *_LAWFUL, counts_add_up, file_is_new),
            Receipt, document=Text("数据接收回执", "Receipt")),
        Act("pass", Text("核验通过", "Pass"), {Role.BUREAU}, {State.RECEIVED}, State.IN_SERVICE, spec27(21),
            (*_LAWFUL, something_accepted, another_body), Verdict),
        Act("reject", Text("核验不通过", "Reject"), {Role.BUREAU}, {State.RECEIVED}, State.REJECTED, spec27(21), (another_body,),
            Verdict, duty=False),
        Act("roll-back", Text("回退", "Roll back"), {Role.BUREAU}, {State.IN_SERVICE, State.STALE}, State.ROLLED_BACK, spec27(21),
            (is_the_latest, was_one_before, another_body), Reason, duty=False, final=True, sensitive=True,
            help=Text("该资源恢复到上一次在用的快照", "The resource returns to the snapshot that was in service before")),
        Act("expire", Text("标记超期未更新", "Mark stale"), {Role.SYSTEM}, {State.IN_SERVICE}, State.STALE, default(),
            (is_the_latest, is_overdue), duty=False),
        Act("relieve", Text("解除超期标记", "Relieve"), {Role.SYSTEM}, {State.STALE}, State.IN_SERVICE, default(), (was_replaced,), duty=False),
        Act("forget", Text("清除隔离行", "Forget the rows set aside"), {Role.SYSTEM},
            {State.RECEIVED, State.IN_SERVICE, State.STALE, State.REJECTED, State.ROLLED_BACK}, None, cite("PIPL", 47), (may_forget,), duty=False),
    ),
    (
        Deadline(State.STALE, workdays("supply.renewal-days"), default(), Text("供应更新的数据", "Supply newer data"), {Role.PROVIDER}),
        Deadline(State.RECEIVED, workdays("quality.ticket-days"), default(), Text("核验数据质量", "Verify the quality"), {Role.BUREAU}),
    ),
)  # fmt: skip
