"""What is entered about caps and prices."""

from __future__ import annotations

from decimal import Decimal

from dianchi.chapters.operation.tariffs.charges import Charge, Ground, Span
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.text import Text

UNITS = (
    ("CALL", Text("按调用次数", "Per call")),
    ("ITEM", Text("按产品件数", "Per product")),
    ("SERVICE", Text("按服务次数", "Per service")),
    ("TIME", Text("按服务时间", "By time")),
)
COVERS = (
    ("SERVICE_FEE", Text("运营机构的公共数据运营服务费", "The operator's service fee")),
    ("REDEVELOPED", Text("开发主体再开发产品的市场价格", "The market price of a re-developed product")),
)
_MOST = 10**12


class NewCap(Inputs):
    """A cap under a verified permitted revenue."""

    pricing: str = entry(Text("准许收入核定", "Permitted revenue"), default="", refers="pricing")
    cap_fen: int = entry(Text("上限收费标准", "Cap"), widget="fen", ge=0, le=_MOST)
    forecast_volume: int = entry(Text("预计年用量", "Forecast of the year's volume"), ge=0, le=_MOST)
    basis: str = entry(
        Text("制定依据", "Basis"), widget="long", min_length=4, max_length=2000,
        help=Text(
            "综合考虑数据、算力、存储占用，人员投入和销售规模", "Data, compute and storage used, staff and scale of sales"
        ),
    )  # fmt: skip


class Cap(NewCap):
    """The first cap of a product, either under a verified permitted revenue or on trial."""

    product: str = entry(Text("产品", "Product"), refers="products")
    trial: bool = entry(
        Text("试行收费", "Trial"),
        default=False,
        help=Text("运营未满一年、尚无核定收入时使用", "Before a full year of operation, while nothing is verified"),
    )
    unit: str = entry(Text("计费单位", "Unit"), default="CALL", choices=UNITS, pattern="^(CALL|ITEM|SERVICE|TIME)$")
    covers: str = entry(
        Text("收费范围", "What is charged"),
        default="SERVICE_FEE",
        choices=COVERS,
        pattern="^(SERVICE_FEE|REDEVELOPED)$",
    )


class BlockOf(Inputs):
    """One block of a tiered charge."""

    up_to: int = entry(
        Text("用量至", "Up to"), default=0, ge=0, le=_MOST, help=Text("最后一档填零", "Zero in the last block")
    )
    price_fen: int = entry(Text("每单位价格", "Price per unit"), widget="fen", ge=0, le=_MOST)


class DiscountOf(Inputs):
    """A discount for all who meet its ground."""

    ground: Ground = entry(Text("优惠条件", "Ground"), choices=tuple((g.value, g.label) for g in Ground))
    least: int = entry(Text("达到", "From"), default=0, ge=0, le=_MOST)
    percent: Decimal = entry(Text("优惠百分比", "Per cent off"), gt=0, le=100, max_digits=5, decimal_places=2)


class Price(Inputs):
    """What the operator charges, and how it is counted."""

    charge: Charge = entry(
        Text("计费方式", "Kind of charge"), default=Charge.PER_UNIT, choices=tuple((c.value, c.label) for c in Charge)
    )
    price_fen: int = entry(
        Text("具体收费标准", "Price"), widget="fen", ge=0, le=_MOST,
        help=Text("按量：每批单位的价格；套餐：一份的价格；按时间：一期的价格", "Per lot of units, per package or per span, by the kind"),
    )  # fmt: skip
    lot: int = entry(
        Text("每批单位数", "Units in a lot"), default=1, ge=1, le=10_000,
        help=Text("单价不足一分时使用，例如每一万次", "For prices below a fen: per 10,000 calls, say"),
    )  # fmt: skip
    blocks: tuple[BlockOf, ...] = entry(Text("阶梯", "Blocks"), default=(), max_length=10)
    included: int = entry(Text("套餐内用量", "Units in the package"), default=0, ge=0, le=_MOST)
    over_fen: int = entry(Text("超出部分每单位价格", "Price per unit beyond"), default=0, widget="fen", ge=0, le=_MOST)
    span: Span = entry(
        Text("计时单位", "Span of time"), default=Span.MONTH, choices=tuple((s.value, s.label) for s in Span)
    )
    discounts: tuple[DiscountOf, ...] = entry(
        Text("优惠", "Discounts"), default=(), max_length=10,
        help=Text("对达到条件的所有使用方一律适用", "They hold for every consumer who meets the ground"),
    )  # fmt: skip


class CapReport(Inputs):
    """The written report of the cap to the price authority and the data administration."""

    report_number: str = entry(Text("书面报告文号", "Number of the report"), min_length=2, max_length=80)


class Formal(Inputs):
    """The application for formal pricing."""

    application_number: str = entry(Text("申请文号", "Number of the application"), min_length=2, max_length=80)
    application: str = entry(Text("申请说明", "Application"), widget="long", min_length=4, max_length=2000)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)
