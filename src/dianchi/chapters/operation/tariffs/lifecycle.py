"""Which acts set the cap and the price of a product."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.inputs import Inputs, entry
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Guard, Lifecycle, Tone
from dianchi.kernel.text import Text


class State(CaseState):
    """A price counts once it is published beside its cap."""

    CAPPED = "capped", Text("已定上限", "Capped"), Tone.WAITING
    PRICED = "priced", Text("已公布价格", "Price published"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


UNITS = (
    ("CALL", Text("按调用次数", "Per call")),
    ("ITEM", Text("按产品件数", "Per product")),
    ("SERVICE", Text("按服务次数", "Per service")),
    ("TIME", Text("按服务时间", "By time")),
)


class Cap(Inputs):
    """A cap, either under a verified permitted revenue or on trial."""

    product: str = entry(Text("产品", "Product"), refers="products")
    pricing: str = entry(Text("准许收入核定", "Permitted revenue"), default="", refers="pricing")
    trial: bool = entry(
        Text("试行收费", "Trial"),
        default=False,
        help=Text("运营未满一年、尚无核定收入时使用", "Before a full year of operation, while nothing is verified"),
    )
    unit: str = entry(Text("计费单位", "Unit"), default="CALL", choices=UNITS, pattern="^(CALL|ITEM|SERVICE|TIME)$")
    cap_fen: int = entry(Text("上限收费标准", "Cap"), widget="fen", ge=0, le=10**12)
    forecast_volume: int = entry(Text("预计年用量", "Forecast of the year's volume"), ge=0, le=10**12)
    basis: str = entry(Text("制定依据", "Basis"), widget="long", min_length=4, max_length=2000)


class Price(Inputs):
    """What the operator charges."""

    price_fen: int = entry(Text("具体收费标准", "Price"), widget="fen", ge=0, le=10**12)


class Reason(Inputs):
    """Why."""

    reason: str = entry(Text("理由", "Reason"), widget="long", min_length=4, max_length=500)


@dataclass(frozen=True)
class Facts:
    """What the guards ask."""

    product_stands: bool = True  # reviewed, and neither returned nor recalled
    no_other: bool = True
    revenue_verified: bool = True  # or on trial
    inside_revenue: bool = True
    free_is_free: bool = True
    under_the_cap: bool = True
    yours: bool = True


product_stands = Guard[Facts](
    lambda f: f.product_stands,
    Refusal(
        "tariffs.product-not-approved",
        Text("产品未通过出域审查或已召回，不能定价", "The product has not passed egress review, or was recalled"),
        price65(3),
        Text("请先完成出域审查", "Complete the review first"),
        field="product",
    ),
)
only_one = Guard[Facts](
    lambda f: f.no_other,
    Refusal(
        "tariffs.already-capped",
        Text("该产品已有生效的收费标准", "The product already has a tariff"),
        price65(3),
        Text("请先撤回原收费标准", "Withdraw the earlier one first"),
        field="product",
    ),
    on_inputs=True,
)
revenue_is_verified = Guard[Facts](
    lambda f: f.revenue_verified,
    Refusal(
        "tariffs.revenue-not-verified",
        Text(
            "该运营机构的最高准许收入尚未核定，且不属于试行收费",
            "The operator's permitted revenue is not verified, and this is no trial",
        ),
        price65(2),
        Text("请待价格主管部门核定，或按试行收费办理", "Wait for the verification, or set a trial cap"),
        ("R34",),
        "pricing",
    ),
)
inside_the_revenue = Guard[Facts](
    lambda f: f.inside_revenue,
    Refusal(
        "tariffs.caps-above-revenue",
        Text(
            "各产品上限收费乘以预计用量之和超过最高准许收入",
            "The sum of caps times forecast volumes exceeds the permitted revenue",
        ),
        price65(2),
        Text("请调低上限或核对预计用量", "Lower the cap or check the forecast"),
        ("R35",),
        "cap_fen",
    ),
    on_inputs=True,
)
free_is_free = Guard[Facts](
    lambda f: f.free_is_free,
    Refusal(
        "tariffs.free-product-charged",
        Text("用于公共治理、公益事业的产品免费提供", "Products for governance and welfare are free of charge"),
        price65(1),
        Text("请填写零", "Enter zero"),
        ("R32",),
        "price_fen",
    ),
    on_inputs=True,
)
under_the_cap = Guard[Facts](
    lambda f: f.under_the_cap,
    Refusal(
        "tariffs.price-above-cap",
        Text("具体收费标准高于上限收费标准", "The price is above the cap"),
        price65(2),
        Text("请填写不高于上限的价格", "Enter a price at or below the cap"),
        ("R33",),
        "price_fen",
    ),
    on_inputs=True,
)
product_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "tariffs.not-your-product", Text("该产品由另一家运营机构经营", "Another operator runs this product"), price65(2)
    ),
)

TARIFF = Lifecycle[Facts](
    "tariffs",
    Text("收费标准", "Tariffs"),
    State,
    (
        Act("cap", Text("制定上限", "Set the cap"), {Role.AUTHORIZER}, frozenset(), State.CAPPED, price65(2),
            (product_stands, only_one, revenue_is_verified, inside_the_revenue, free_is_free), Cap, sensitive=True,
            document=Text("上限收费标准通知", "Notice of the cap")),
        Act("price", Text("公布价格", "Publish the price"), {Role.OPERATOR}, {State.CAPPED, State.PRICED}, State.PRICED,
            price65(2), (product_is_yours, product_stands, revenue_is_verified, under_the_cap, free_is_free), Price,
            sensitive=True),
        Act("withdraw", Text("撤回", "Withdraw"), {Role.AUTHORIZER, Role.BUREAU}, {State.CAPPED, State.PRICED},
            State.WITHDRAWN,
            default(), inputs=Reason, duty=False, final=True),
    ),
)  # fmt: skip
