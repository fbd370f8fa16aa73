"""What a plan says: twelve contents with guidance, the five points of its argument, its products."""

from __future__ import annotations

from datetime import date

from dianchi.kernel.inputs import Inputs, about, entry
from dianchi.kernel.purposes import PURPOSES
from dianchi.kernel.text import Text


def _part(zh: str, en: str, help_zh: str, help_en: str) -> str:
    part: str = entry(Text(zh, en), default="", widget="long", max_length=20000, help=Text(help_zh, help_en))
    return part


class Contents(Inputs):
    """The twelve mandatory contents (operation norm, art. 9); each may still be empty in a draft."""

    name: str = _part("名称", "Name", "方案全称，写明地区或领域", "The full name with its region or sector")
    feasibility: str = _part(
        "必要性可行性论证", "Necessity and feasibility", "论证结论；五个方面的论证另行逐项填写",
        "The conclusion; the five points of the argument are entered one by one below",
    )  # fmt: skip
    operator_conditions: str = _part(
        "运营机构选择条件", "Conditions for the operator", "从资金、管理、技术、服务、安全能力五方面写明",
        "Funds, management, technology, service, security ability",
    )  # fmt: skip
    mode: str = _part(
        "授权运营模式", "Mode", "整体授权或者分领域授权，分领域的写明理由", "Whole or by sector, and why by sector"
    )
    data_scope: str = _part(
        "数据资源范围、目录、更新频率和质量", "Data scope, catalogue, frequency and quality",
        "与下方所选目录一致，写明更新频率和质量要求", "As the catalogue chosen below, with frequency and quality",
    )  # fmt: skip
    schedule: str = _part(
        "期限、建设内容、技术保障、进度和退出机制", "Term, construction, support, schedule and exit",
        "还应写明评价标准和资产管理", "With evaluation standard and management of assets",
    )  # fmt: skip
    products: str = _part(
        "拟提供的产品和服务清单", "List of products and services", "分公共治理与公益、产业与行业发展两类，写明预期形式",
        "In two classes, free and paid, with the forms expected",
    )  # fmt: skip
    revenue: str = _part(
        "成本和收益核算、收益分配", "Cost, revenue and distribution", "写明核算口径、分配参数和反哺方式",
        "How it is counted, distributed and fed back",
    )  # fmt: skip
    security: str = _part(
        "数据安全、个人信息保护和应急处置", "Security, personal information and emergencies",
        "写明分类分级、最小必要、原始数据不出域和应急预案", "Grading, minimum necessity, raw data staying inside, emergency plan",
    )  # fmt: skip
    duties: str = _part(
        "各方权利义务",
        "Rights and duties",
        "实施机构、运营机构、数据提供单位和其他参与方",
        "Institution, operator, providers, others",
    )
    supervision: str = _part(
        "监督管理和考核评价要求",
        "Supervision and assessment",
        "写明考核频次、指标和结果运用",
        "How often, by what, to what effect",
    )
    other: str = _part("其他事项", "Other matters", "没有的填“无”", "Enter “none” if there are none")


class Argument(Inputs):
    """The five points that the argument covers at least (operation norm, art. 10)."""

    service: str = _part(
        "数据全生命周期管理服务能力", "Management service over the data's whole life", "汇聚、治理、开发、流通、销毁各环节由谁保障",
        "Who ensures each step from aggregation to destruction",
    )  # fmt: skip
    need: str = _part(
        "社会需求",
        "Social need",
        "谁需要、需要什么、为何现有渠道不能满足",
        "Who needs what, and why it is not met today",
    )
    market: str = _part("市场规模", "Size of the market", "测算依据和口径", "With the basis of the estimate")
    effect: str = _part(
        "预期成效", "Expected effect", "经济效益和社会效益分别说明", "Economic and social benefit apart"
    )
    risk: str = _part(
        "风险防控", "Risk control", "安全、财务、竞争风险和应对措施", "Security, financial and competition risks"
    )


class Product(Inputs):
    """A product or service that the plan foresees."""

    name: str = entry(Text("产品和服务名称", "Product or service"), min_length=2, max_length=120)
    purpose: str = entry(
        Text("用途类别", "Purpose"), choices=PURPOSES, pattern="^(PUBLIC_GOVERNANCE|PUBLIC_WELFARE|INDUSTRY|SECTOR)$"
    )


class Plan(Inputs):
    """What stands in a plan, whoever writes it down when."""

    title: str = entry(
        Text("方案名称", "Title"), min_length=2, max_length=200, example="云南省公共数据资源授权运营实施方案"
    )
    authorization: str = entry(Text("授权", "Authorization"), refers="authorizations")
    contents: Contents = entry(Text("十二项内容", "The twelve contents"), default=Contents())
    argument: Argument = entry(Text("论证要点", "Points of the argument"), default=Argument())
    resources: list[str] = entry(Text("资源目录编号", "Catalogue codes"), min_length=1, refers="catalogue")
    products: list[Product] = entry(Text("产品和服务清单", "Products and services"), min_length=1)
    starts_on: date = entry(Text("起始日期", "From"), example="2026-01-01")
    ends_on: date = entry(Text("终止日期", "To"), example="2030-12-31")


PARTS = {name: about(name, info).label for name, info in Contents.model_fields.items()}
POINTS = {name: about(name, info).label for name, info in Argument.model_fields.items()}
# A change of these is a large one and goes through the original procedure (operation norm, art. 11; the list is ours).
LARGE_PARTS = ("mode", "operator_conditions", "revenue", "security")
SCOPE, TERM = Text("授权范围扩大", "A wider scope"), Text("期限", "The term")


def large_changes(old: dict[str, object], new: dict[str, object]) -> tuple[Text, ...]:
    """What is large among the differences of two plans; both as the fields of a case: contents, resources, dates."""
    before, after = dict(old["contents"]), dict(new["contents"])  # type: ignore[call-overload]
    found = [PARTS[p] for p in LARGE_PARTS if str(before.get(p, "")).strip() != str(after.get(p, "")).strip()]
    if set(new["resources"]) - set(old["resources"]):  # type: ignore[call-overload]
        found.append(SCOPE)
    if any(str(old[day]) != str(new[day]) for day in ("starts_on", "ends_on")):
        found.append(TERM)
    return tuple(found)
