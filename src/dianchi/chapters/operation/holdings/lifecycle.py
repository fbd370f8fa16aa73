"""Which acts bring a developer's own data into the domain and out of existence again."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import cite, default, yn
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, workdays
from dianchi.kernel.text import Text


class State(CaseState):
    """Only what is in use may be named by a program."""

    DRAFT = "draft", Text("起草中", "Draft"), Tone.DRAFT
    SUBMITTED = "submitted", Text("待审批", "Awaiting approval"), Tone.WAITING
    APPROVED = "approved", Text("同意导入", "May be imported"), Tone.WAITING
    REFUSED = "refused", Text("不同意导入", "Refused"), Tone.STOPPED
    IN_USE = "in-use", Text("使用中", "In use"), Tone.FORCE
    ENDED = "ended", Text("已停用，待销毁", "Ended, to be destroyed"), Tone.WAITING
    DESTROYED = "destroyed", Text("已销毁", "Destroyed"), Tone.STOPPED


SOURCES = (
    ("collected", Text("自行采集", "Collected by ourselves")),
    ("purchased", Text("合同购买", "Purchased")),
    ("licensed", Text("许可使用", "Licensed")),
    ("published", Text("依法公开", "Lawfully published")),
)
TYPES = (
    ("VARCHAR", Text("文字", "Text")),
    ("BIGINT", Text("整数", "Whole number")),
    ("DECIMAL(18,4)", Text("小数", "Decimal")),
    ("DATE", Text("日期", "Date")),
)


class OwnColumn(Inputs):
    """One column of the file."""

    name: str = entry(Text("字段名", "Name"), pattern="^[a-z][a-z0-9_]{0,39}$")
    title: str = entry(Text("含义", "Meaning"), min_length=1, max_length=80)
    type: str = entry(
        Text("类型", "Type"), choices=TYPES, pattern=r"^(VARCHAR|BIGINT|DECIMAL\(18,4\)|DATE)$", default="VARCHAR"
    )


class Draft(Inputs):
    """What comes in, from where, with what proof."""

    title: str = entry(Text("数据名称", "Title"), min_length=2, max_length=200)
    contract: str = entry(Text("开发利用协议", "Development agreement"), refers="contracts")
    name: str = entry(Text("在查询中的表名", "Name in queries"), pattern="^[a-z][a-z0-9_]{0,39}$", example="our_hotels")
    source: str = entry(Text("来源", "Source"), choices=SOURCES, pattern="^(collected|purchased|licensed|published)$")
    source_statement: str = entry(
        Text("来源说明", "Statement of source"), widget="long", min_length=4, max_length=2000,
        help=Text("写明从何处、何时、依据什么取得", "Say from where, when and on what basis it was obtained"),
    )  # fmt: skip
    proof_number: str = entry(
        Text("来源证明文号", "Number of the proof"), min_length=2, max_length=100, example="采购合同 2026-018 号"
    )
    columns: tuple[OwnColumn, ...] = entry(Text("字段", "Columns"), min_length=1, max_length=60)
    personal_information: bool = entry(Text("含个人信息", "Holds personal information"), default=False)
    consent: str = entry(
        Text("个人信息的处理依据", "Basis for the personal information"), default="", widget="long", max_length=1000
    )
    use: str = entry(
        Text("与公共数据融合的用途", "What it is joined for"), widget="long", min_length=4, max_length=1000
    )


class Opinion(Inputs):
    """What the approver found."""

    reason: str = entry(Text("审批意见", "Opinion"), widget="long", min_length=4, max_length=1000)


class Receipt(Inputs):
    """What the gate received and what its scan found; counts and categories, no value."""

    file_name: str = entry(Text("文件名", "File"), max_length=200)
    rows: int = entry(Text("行数", "Rows"), ge=1)
    bytes: int = entry(Text("字节数", "Bytes"), ge=1)
    sm3: str = entry(Text("数据摘要（国密）", "SM3 digest"), pattern="^[0-9a-f]{64}$")
    findings: tuple[dict[str, str], ...] = entry(Text("扫描发现", "Findings of the scan"), default=())
    personal_found: bool = entry(Text("发现个人信息", "Personal information found"))


class Certificate(Inputs):
    """What was destroyed and how."""

    destroyed_files: int = entry(Text("销毁文件数", "Files destroyed"), ge=0)
    destroyed_bytes: int = entry(Text("销毁字节数", "Bytes destroyed"), ge=0)
    method: str = entry(Text("销毁方式", "Method"), max_length=200)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    is_operator: bool = True
    is_developer: bool = True
    is_party: bool = True
    contract_in_force: bool = True
    name_free: bool = True
    columns_distinct: bool = True
    consent_given: bool = True
    proof_on_file: bool = True
    own_submission: bool = False
    declared: bool = True  # personal information was declared, or none was found


_NOT_YOURS = Refusal(
    "holdings.not-your-data", Text("该步骤由另一家机构办理", "This step belongs to another organisation"), yn(4)
)
the_developer_itself = Guard[Facts](lambda f: f.is_developer, _NOT_YOURS)
the_operator_itself = Guard[Facts](lambda f: f.is_operator, _NOT_YOURS)
the_party_itself = Guard[Facts](lambda f: f.is_party, _NOT_YOURS)
contract_is_in_force = Guard[Facts](
    lambda f: f.contract_in_force,
    Refusal(
        "holdings.contract-not-in-force",
        Text("开发利用协议未生效或已终止", "The development agreement is not in force"),
        cite("SAFE18", item=4),
        Text("请在协议有效期内办理", "Do it while the agreement is in force"),
        ("R52",),
        "contract",
    ),
)
name_is_free = Guard[Facts](
    lambda f: f.name_free,
    Refusal(
        "holdings.name-taken",
        Text("本机构已有同名的自有数据", "Your organisation has own data of that name"),
        default(),
        Text("请换一个表名", "Choose another name"),
        field="name",
    ),
    on_inputs=True,
)
columns_are_distinct = Guard[Facts](
    lambda f: f.columns_distinct,
    Refusal(
        "holdings.column-twice",
        Text("字段名重复", "A column stands twice"),
        default(),
        Text("请为每个字段起不同的名称", "Give each its own name"),
        field="columns",
    ),
    on_inputs=True,
)
consent_is_stated = Guard[Facts](
    lambda f: f.consent_given,
    Refusal(
        "holdings.no-basis-for-personal",
        Text("含个人信息的自有数据未说明处理依据", "It holds personal information and no basis is stated"),
        cite("PIPL", 13),
        Text("请写明同意或其他合法依据", "State the consent or another lawful basis"),
        ("R46", "R47"),
        "consent",
    ),
)
proof_is_on_file = Guard[Facts](
    lambda f: f.proof_on_file,
    Refusal(
        "holdings.no-proof",
        Text("没有来源证明材料，自有数据不得导入", "Without proof of source own data may not come in"),
        cite("SAFE18", item=4),
        Text("请先在材料中添加来源证明文件", "Attach the proof under Documents first"),
        ("R54",),
    ),
)
approver_is_another = Guard[Facts](
    lambda f: not f.own_submission,
    Refusal(
        "holdings.own-submission",
        Text("不能审批本人或本机构提交的导入申请", "You cannot approve what you or your organisation submitted"),
        default(),
        Text("请由运营机构的其他经办人审批", "Let another officer of the operator decide"),
        ("R66",),
    ),
)
personal_data_were_declared = Guard[Facts](
    lambda f: f.declared,
    Refusal(
        "holdings.undeclared-personal",
        Text(
            "扫描发现未申明的个人信息，未予导入",
            "The scan found personal information that was not declared; nothing came in",
        ),
        cite("PIPL", 13),
        Text("请去除个人信息，或另行申请并写明处理依据", "Take it out, or apply anew and state the basis"),
        ("R46", "R54"),
    ),
    on_inputs=True,
)

_FORM = (contract_is_in_force, name_is_free, columns_are_distinct, consent_is_stated)

HOLDING = Lifecycle[Facts](
    "holdings",
    Text("自有数据", "Own data"),
    State,
    (
        Act("draft", Text("申请导入", "Apply"), {Role.DEVELOPER}, frozenset(), State.DRAFT, cite("SAFE18", item=4),
            _FORM, Draft),
        Act("revise", Text("修改", "Revise"), {Role.DEVELOPER}, {State.DRAFT}, State.DRAFT, cite("SAFE18", item=4),
            (the_developer_itself, *_FORM), Draft, duty=False),
        Act("submit", Text("提交审批", "Submit"), {Role.DEVELOPER}, {State.DRAFT}, State.SUBMITTED,
            cite("SAFE18", item=4), (the_developer_itself, contract_is_in_force, consent_is_stated, proof_is_on_file),
            sensitive=True),
        Act("approve", Text("同意导入", "Approve"), {Role.OPERATOR}, {State.SUBMITTED}, State.APPROVED, yn(4),
            (the_operator_itself, approver_is_another, contract_is_in_force, proof_is_on_file), Opinion, sensitive=True),
        Act("return", Text("退回修改", "Return"), {Role.OPERATOR}, {State.SUBMITTED}, State.DRAFT, yn(4),
            (the_operator_itself,), Opinion, duty=False),
        Act("refuse", Text("不同意导入", "Refuse"), {Role.OPERATOR}, {State.SUBMITTED}, State.REFUSED, yn(4),
            (the_operator_itself, approver_is_another), Opinion, duty=False, final=True),
        Act("receive", Text("接收文件", "Receive"), {Role.SYSTEM}, {State.APPROVED}, State.IN_USE, yn(4),
            (contract_is_in_force, proof_is_on_file, personal_data_were_declared), Receipt, sensitive=True,
            document=Text("自有数据导入回执", "Receipt of own data")),
        Act("end", Text("停止使用", "End"), {Role.DEVELOPER, Role.OPERATOR, Role.SYSTEM},
            {State.APPROVED, State.IN_USE}, State.ENDED, cite("DSL", 40), (the_party_itself,), duty=False, final=True,
            help=Text("停用后由平台销毁并出具销毁证明", "The platform then destroys it and certifies that")),
        Act("destroy", Text("销毁", "Destroy"), {Role.SYSTEM}, {State.ENDED}, State.DESTROYED, cite("PIPL", 21),
            inputs=Certificate, final=True, sensitive=True,
            document=Text("自有数据销毁证明", "Certificate of destruction")),
    ),
    deadlines=(
        Deadline(State.SUBMITTED, workdays("holding.approval-days"), default(),
                 Text("完成导入审批", "Decide on the import"), {Role.OPERATOR}),
        Deadline(State.ENDED, workdays("holding.destroy-days"), cite("PIPL", 21),
                 Text("销毁自有数据", "Destroy the own data"), {Role.OPERATOR}),
    ),
)  # fmt: skip
