"""Which acts connect a source of data, and what time does with it."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, spec27, yn
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """Whether it is fetched from."""

    ACTIVE = "active", Text("运行中", "Active"), Tone.FORCE
    PAUSED = "paused", Text("已暂停", "Paused"), Tone.WAITING
    STOPPED = "stopped", Text("已停用", "Stopped"), Tone.STOPPED


FOLDER, POSTGRESQL, HTTP, CKAN = "folder", "postgresql", "http", "ckan"
KINDS = (
    (FOLDER, Text("投递目录", "Drop folder")), (POSTGRESQL, Text("数据库", "PostgreSQL")),
    (HTTP, Text("网络接口", "Web service")), (CKAN, Text("其他数据平台", "Another data platform")),
)  # fmt: skip


class Connection(Inputs):
    """Where the data are and how they are asked for."""

    title: str = entry(Text("名称", "Name"), min_length=2, max_length=200)
    kind: str = entry(Text("方式", "Kind"), choices=KINDS)
    item: str = entry(Text("资源目录", "Catalogue item"), refers="catalogue", default="",
                      help=Text("并入其他平台时不填", "None when another platform is folded in"))  # fmt: skip
    address: str = entry(Text("地址", "Address"), default="", max_length=500, example="https://data.example.gov.cn/api/visits",
                         help=Text("不得写入口令；投递目录不填", "Without any password; none for a drop folder"))  # fmt: skip
    query: str = entry(Text("表名或查询", "Table or query"), default="", widget="sql", max_length=4000)
    watermark: str = entry(Text("增量字段", "Watermark column"), default="", max_length=128,
                           help=Text("填写后每次只取该字段更大的行", "If given, only rows beyond its last value are fetched"))  # fmt: skip
    since: str = entry(Text("增量参数名", "Parameter for the watermark"), default="", max_length=60)
    page: str = entry(Text("页码参数名", "Page parameter"), default="", max_length=60, example="page")
    size: str = entry(Text("每页条数参数名", "Page size parameter"), default="", max_length=60, example="pageSize")
    page_size: int = entry(Text("每页条数", "Rows per page"), default=1000, ge=1, le=100_000)
    username: str = entry(Text("用户名", "User name"), default="", max_length=200)
    secret: str = entry(Text("口令或令牌", "Password or token"), default="", max_length=2000, widget="password", personal=True,
                        help=Text("加密保存，不再显示；修改时留空即不变", "Kept sealed and never shown; leave blank to keep it"))  # fmt: skip
    sector: str = entry(Text("并入资源的行业", "Sector of what is folded in"), default="", max_length=40)
    legal_basis: str = entry(Text("并入资源的采集依据", "Legal basis of what is folded in"), default="", max_length=500)


class Fetched(Inputs):
    """What a fetch brought."""

    rows: int = entry(Text("取得行数", "Rows fetched"), ge=0, default=0)
    watermark_value: str = entry(Text("增量位置", "Watermark"), default="", max_length=200)
    load: str = entry(Text("供数", "Load"), default="", max_length=40)
    problem: str = entry(Text("未取得的原因", "Why nothing came"), default="", max_length=500)
    report: list[dict[str, str]] = entry(Text("核对报告", "Reconciliation"), default=[])
    mapping: dict[str, str] = entry(Text("数据集与目录对应", "Datasets and their items"), default={})


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("原因", "Reason"), widget="long", min_length=2, max_length=1000)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    holder: bool = True
    item_published: bool = True
    complete: bool = True  # what its kind needs is there
    host: str = ""
    host_allowed: bool = True
    password_in_address: bool = False


holder_connects = Guard[Facts](
    lambda f: f.holder,
    Refusal("sources.not-the-provider", Text("只有数据提供单位可以接入数据源", "Only the data provider connects a source"), spec27(21),
            Text("请由数据提供单位办理", "Let the provider do it")),
)  # fmt: skip
item_is_published = Guard[Facts](
    lambda f: f.item_published,
    Refusal("sources.item-not-published", Text("资源目录尚未发布，不能接入数据源", "The catalogue item is not published"), yn(3),
            Text("请先完成编目和审核", "Catalogue and publish it first"), field="item"),
    on_inputs=True,
)  # fmt: skip
is_complete = Guard[Facts](
    lambda f: f.complete,
    Refusal("sources.incomplete", Text("该方式所需的信息不完整", "What this kind of source needs is not complete"), default(),
            Text("数据库须填地址和表名或查询；网络接口须填地址；其他平台须填地址、行业和采集依据",
                 "PostgreSQL needs an address and a table or query, a web service an address, another platform also sector and legal basis"),
            field="address"),
    on_inputs=True,
)  # fmt: skip
host_is_allowed = Guard[Facts](
    lambda f: f.host_allowed,
    Refusal("sources.host-not-allowed", Text("主机“{host}”不在允许连接的数据源主机之内", "The host “{host}” is not among those that sources may be fetched from"),
            default(), Text("请管理员核准后在参数“允许连接的数据源主机”中登记", "Let it be entered in the parameter of allowed hosts"), field="address"),
    on_inputs=True,
    naming=lambda f: {"host": f.host},
)  # fmt: skip
no_password_in_address = Guard[Facts](
    lambda f: not f.password_in_address,
    Refusal("sources.password-in-address", Text("地址中不得写入口令", "The address must not hold a password"), cite("GBT22239"),
            Text("请填写在“口令或令牌”中", "Enter it as password or token"), field="address"),
    on_inputs=True,
)  # fmt: skip
_SOUND = (holder_connects, item_is_published, is_complete, no_password_in_address, host_is_allowed)
_P = {Role.PROVIDER}

SOURCES = Lifecycle[Facts](
    "sources",
    Text("数据源", "Sources"),
    State,
    (
        Act("connect", Text("接入", "Connect"), _P, frozenset(), State.ACTIVE, yn(3), _SOUND, Connection, sensitive=True),
        Act("change", Text("变更", "Change"), _P, {State.ACTIVE, State.PAUSED}, None, yn(3), _SOUND, Connection, duty=False, sensitive=True),
        Act("fetched", Text("记录取数", "Record a fetch"), {Role.SYSTEM}, {State.ACTIVE}, None, yn(3), (), Fetched, duty=False),
        Act("pause", Text("暂停", "Pause"), {Role.PROVIDER, Role.BUREAU}, {State.ACTIVE}, State.PAUSED, default(), (), Reason, duty=False),
        Act("resume", Text("恢复", "Resume"), _P, {State.PAUSED}, State.ACTIVE, default(), (holder_connects,), duty=False),
        Act("stop", Text("停用", "Stop"), {Role.PROVIDER, Role.BUREAU}, {State.ACTIVE, State.PAUSED}, State.STOPPED, default(), (),
            Reason, duty=False, final=True),
    ),
)  # fmt: skip
