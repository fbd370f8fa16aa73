"""The figures of the cockpit: three goals, what each figure counts, and what a reader opens behind it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dianchi.kernel.text import Text


class Goal(StrEnum):
    """The three goals of the drafting explanation: data can be supplied, can flow, can be controlled."""

    title: Text

    def __new__(cls, value: str, title: Text) -> Goal:
        goal = str.__new__(cls, value)
        goal._value_ = value
        goal.title = title
        return goal

    SUPPLY = "supply", Text("供得出", "Supplied")
    FLOW = "flow", Text("流得动", "Flowing")
    CONTROL = "control", Text("管得住", "Controlled")


class Form(StrEnum):
    """How a figure is put together from its parts and shown."""

    COUNT = "count"
    MONEY = "money"  # fen
    RATIO = "ratio"  # a part of a whole
    MEAN = "mean"  # days, or a score


@dataclass(frozen=True)
class Metric:
    """One figure."""

    key: str
    goal: Goal
    title: Text
    definition: Text
    form: Form = Form.COUNT
    kind: str = ""  # the kind of case behind it, for the list
    states: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()  # kinds of ledger entry behind it
    warns: bool = False  # above zero somebody should look
    unit: Text | None = None


METRICS = (
    Metric("catalogued", Goal.SUPPLY, Text("已发布目录", "Catalogue items"),
           Text("已发布的资源目录条目数", "Catalogue items that are published"),
           kind="catalogue", states=("published",), entries=("catalogue.publish",)),
    Metric("in_service", Goal.SUPPLY, Text("在用数据批次", "Loads in service"),
           Text("质量合格、已投入使用的供数批次", "Loads that passed inspection and are in service"),
           kind="supply", states=("in-service", "stale"), entries=("supply.pass",)),
    Metric("on_time", Goal.SUPPLY, Text("供数按时率", "On time"),
           Text("近十二个月目录、供数和质量整改事项中按时办结的比例", "Duties of cataloguing, supply and quality done in time, last twelve months"),
           Form.RATIO, kind="supply"),
    Metric("quality", Goal.SUPPLY, Text("数据质量得分", "Quality"),
           Text("在用数据各质量维度得分的平均值", "Mean of the quality dimensions of data in service"),
           Form.MEAN, kind="supply", states=("in-service",)),
    Metric("requests", Goal.FLOW, Text("数据申请", "Data requests"),
           Text("提出的数据申请数", "Data requests made"), kind="requests", entries=("requests.draft", "requests.submit")),
    Metric("request_days", Goal.FLOW, Text("申请到提供", "Request to provision"),
           Text("从提出申请到提供数据的平均天数", "Mean days from request to provision"),
           Form.MEAN, kind="requests", states=("provisioned",), entries=("requests.provision",), unit=Text("天", "days")),
    Metric("products", Goal.FLOW, Text("上架产品", "Products listed"),
           Text("已审查登记并上架的产品数", "Products reviewed, registered and listed"),
           kind="products", states=("listed",), entries=("products.list",)),
    Metric("calls", Goal.FLOW, Text("交付次数", "Answers delivered"),
           Text("经出口交付并计量的次数，近十二个月", "Answers metered at the gate, last twelve months"),
           kind="orders", entries=("gate.delivered",)),
    Metric("revenue", Goal.FLOW, Text("运营收入", "Revenue"),
           Text("近十二个月账单扣除红字账单后的不含税金额", "Bills less credit notes, net of tax, last twelve months"),
           Form.MONEY, kind="settlement", entries=("settlement.draw",)),
    Metric("refusals", Goal.CONTROL, Text("依规拒绝", "Refusals"),
           Text("近十二个月被规则拒绝并记录的办理和调用", "Acts and calls that a rule refused and the ledger kept, last twelve months"),
           entries=("refused",)),
    Metric("overdue", Goal.CONTROL, Text("逾期事项", "Overdue duties"),
           Text("法定或约定期限已过而未办结的事项", "Duties past their end and not done"), warns=True),
    Metric("incidents", Goal.CONTROL, Text("安全事件", "Incidents"),
           Text("近十二个月登记的安全事件", "Incidents recorded in the last twelve months"),
           kind="incidents", entries=("incidents.discover",), warns=True),
    Metric("small_groups", Goal.CONTROL, Text("隐去小样本", "Small groups withheld"),
           Text("近十二个月交付时因人数低于门槛而隐去的分组", "Groups withheld from answers for too few subjects, last twelve months"),
           kind="orders", entries=("gate.delivered",)),
    Metric("near_cap", Goal.CONTROL, Text("接近上限的价格", "Prices near the cap"),
           Text("具体收费达到上限百分之九十五以上的收费标准", "Prices at 95 per cent of their cap or above"),
           kind="tariffs", states=("priced", "applying"), entries=("tariffs.price", "tariffs.reprice"), warns=True),
)  # fmt: skip
BY_KEY = {metric.key: metric for metric in METRICS}
