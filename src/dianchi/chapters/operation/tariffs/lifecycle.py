"""Which acts set the cap and the price of a product."""

from __future__ import annotations

from dataclasses import dataclass

from dianchi.chapters.operation.tariffs.inputs import Cap, CapReport, Formal, NewCap, Price, Reason
from dianchi.kernel.actors import Role
from dianchi.kernel.errors import Refusal
from dianchi.kernel.law.articles import default, price65
from dianchi.kernel.lifecycle import Act, CaseState, Deadline, Guard, Lifecycle, Tone, months
from dianchi.kernel.text import Text


class State(CaseState):
    """A price counts once it is published beside its cap."""

    CAPPED = "capped", Text("已定上限", "Capped"), Tone.WAITING
    PRICED = "priced", Text("已公布价格", "Price published"), Tone.FORCE
    APPLYING = "applying", Text("试行期满，已申请正式定价", "Trial over, formal pricing applied for"), Tone.FORCE
    WITHDRAWN = "withdrawn", Text("已撤回", "Withdrawn"), Tone.STOPPED


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
    service_fee: bool = True  # not the market price of what a developer re-developed
    on_trial: bool = True
    reported: bool = True  # the cap, in writing, or it is a trial price
    unreported: bool = True
    trial_year_over: bool = True
    formal_due: bool = False  # a full year of trial is over and nothing was applied for
    fits_unit: bool = True
    well_formed: bool = True
    above_the_price: bool = True


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
only_the_service_fee = Guard[Facts](
    lambda f: f.service_fee,
    Refusal(
        "tariffs.redeveloped-under-cap",
        Text(
            "开发主体再开发的产品由市场定价，不适用上限收费标准",
            "What a developer re-developed has a market price, no cap",
        ),
        price65(1),
        Text("请由开发主体自主定价，并在合同中约定", "The developer prices it and agrees it in the contract"),
        ("R41",),
        "covers",
    ),
    on_inputs=True,
)
cap_is_reported = Guard[Facts](
    lambda f: f.reported,
    Refusal(
        "tariffs.cap-not-reported",
        Text("上限收费标准尚未书面报告价格主管部门和数据管理部门", "The cap is not yet reported in writing"),
        price65(2),
        Text("请授权主体先办理书面报告", "The authorizing body reports it first"),
    ),
)
not_reported_yet = Guard[Facts](
    lambda f: f.unreported,
    Refusal("tariffs.reported-already", Text("该上限已书面报告", "This cap is reported already"), price65(2)),
)
it_is_on_trial = Guard[Facts](
    lambda f: f.on_trial,
    Refusal("tariffs.not-on-trial", Text("该收费标准不是试行收费", "This tariff is not on trial"), price65(2)),
)
a_full_year_is_over = Guard[Facts](
    lambda f: f.trial_year_over,
    Refusal(
        "tariffs.no-full-year-yet",
        Text("试行尚未满一个完整运营年度", "The trial has not lasted a full operating year"),
        price65(2),
        Text("请待满一个完整运营年度后申请", "Apply once the year is over"),
    ),
)
formal_pricing_is_applied_for = Guard[Facts](
    lambda f: not f.formal_due,
    Refusal(
        "tariffs.trial-outlived",
        Text(
            "试行收费已满一个完整运营年度，应当申请正式定价",
            "The trial has lasted a full operating year: formal pricing must be applied for",
        ),
        price65(2),
        Text("请授权主体书面申请正式定价", "The authorizing body applies in writing"),
        ("R39",),
    ),
)
charge_fits_the_unit = Guard[Facts](
    lambda f: f.fits_unit,
    Refusal(
        "tariffs.charge-not-in-unit",
        Text("计费方式与上限的计费单位不符", "The kind of charge does not fit the unit of the cap"),
        price65(3),
        Text("请选择与计费单位相符的方式", "Choose a kind that fits"),
        field="charge",
    ),
    on_inputs=True,
)
charge_is_well_formed = Guard[Facts](
    lambda f: f.well_formed,
    Refusal(
        "tariffs.charge-incomplete",
        Text("计费方式的要素不全或者相互矛盾", "The charge lacks something or contradicts itself"),
        price65(5),
        Text(
            "阶梯须逐档递增且末档填零，套餐须写明套餐内用量，免费的价格为零",
            "Blocks rise and end with zero, packages say what they hold, what is free costs nothing",
        ),
        field="charge",
    ),
    on_inputs=True,
)
above_the_price = Guard[Facts](
    lambda f: f.above_the_price,
    Refusal(
        "tariffs.cap-below-price",
        Text("新的上限低于正在执行的收费标准", "The new cap is below the price charged now"),
        price65(2),
        Text("请运营机构先调低具体收费标准", "The operator lowers the price first"),
        ("R33",),
        "cap_fen",
    ),
    on_inputs=True,
)
product_is_yours = Guard[Facts](
    lambda f: f.yours,
    Refusal(
        "tariffs.not-your-product", Text("该产品由另一家运营机构经营", "Another operator runs this product"), price65(2)
    ),
)

_CHARGED = (
    product_is_yours, product_stands, revenue_is_verified, under_the_cap, free_is_free, charge_fits_the_unit,
    charge_is_well_formed,
)  # fmt: skip
_CAPPED = (revenue_is_verified, inside_the_revenue, free_is_free, above_the_price)
_OPEN = {State.CAPPED, State.PRICED, State.APPLYING}

TARIFF = Lifecycle[Facts](
    "tariffs",
    Text("收费标准", "Tariffs"),
    State,
    (
        Act("cap", Text("制定上限", "Set the cap"), {Role.AUTHORIZER}, frozenset(), State.CAPPED, price65(2),
            (product_stands, only_one, only_the_service_fee, revenue_is_verified, inside_the_revenue, free_is_free),
            Cap, sensitive=True, document=Text("上限收费标准通知", "Notice of the cap")),
        Act("report", Text("书面报告上限", "Report the cap"), {Role.AUTHORIZER}, _OPEN, None, price65(2),
            (not_reported_yet,), CapReport, document=Text("上限收费标准书面报告", "Written report of the cap")),
        Act("price", Text("公布价格", "Publish the price"), {Role.OPERATOR}, {State.CAPPED}, State.PRICED, price65(2),
            (*_CHARGED, cap_is_reported), Price, sensitive=True),
        Act("reprice", Text("调整价格", "Change the price"), {Role.OPERATOR}, {State.PRICED, State.APPLYING}, None,
            price65(2), (*_CHARGED, formal_pricing_is_applied_for), Price, duty=False, sensitive=True),
        Act("adjust-cap", Text("调整上限", "Adjust the cap"), {Role.AUTHORIZER}, {State.CAPPED, State.PRICED}, None,
            price65(4), _CAPPED, NewCap, duty=False, sensitive=True,
            document=Text("上限收费标准调整通知", "Notice of the adjusted cap")),
        Act("apply-formal", Text("申请正式定价", "Apply for formal pricing"), {Role.AUTHORIZER}, {State.PRICED},
            State.APPLYING, price65(2), (it_is_on_trial, a_full_year_is_over), Formal,
            document=Text("正式定价申请", "Application for formal pricing")),
        Act("formalise", Text("制定正式上限", "Set the formal cap"), {Role.AUTHORIZER}, {State.APPLYING}, State.PRICED,
            price65(2), _CAPPED, NewCap, sensitive=True,
            document=Text("上限收费标准通知", "Notice of the cap")),
        Act("withdraw", Text("撤回", "Withdraw"), {Role.AUTHORIZER, Role.BUREAU}, _OPEN, State.WITHDRAWN,
            default(), inputs=Reason, duty=False, final=True),
    ),
    (
        Deadline(State.PRICED, months("trial.full-year-months"), price65(2),
                 Text("试行满一个完整运营年度，申请正式定价", "Apply for formal pricing after a full year of trial"),
                 {Role.AUTHORIZER}, since="trial_since"),
    ),
)  # fmt: skip
