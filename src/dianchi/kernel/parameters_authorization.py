"""Figures for argument, consultation, tenders and the parallel review of data requests."""

from __future__ import annotations

from dianchi.kernel.law.articles import cite, default, spec27
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.parameter import Parameter, Unit
from dianchi.kernel.text import Text

AUTHORIZATION = (
    Parameter(
        "plan.experts",
        Text("实施方案论证最少专家人数", "Fewest experts who argue a plan"),
        3,
        Unit.COUNT,
        default(),
        Mark.DEFAULT,
        minimum=1,
        maximum=15,
    ),
    Parameter(
        "plan.consultation-days",
        Text("实施方案征求部门意见期限", "Time for departments to answer on a plan"),
        10,
        Unit.WORKDAYS,
        default(),
        Mark.DEFAULT,
        minimum=1,
        maximum=60,
    ),
    Parameter(
        "plan.deliberation-days",
        Text("实施方案审定期限", "Time to decide on a plan"),
        20,
        Unit.WORKDAYS,
        default(),
        Mark.DEFAULT,
        minimum=1,
        maximum=120,
    ),
    Parameter(
        "selection.experts",
        Text("运营机构评审最少专家人数", "Fewest experts who score bids"),
        5,
        Unit.COUNT,
        cite("BID"),
        Mark.RECALLED,
        minimum=3,
        maximum=15,
    ),
    Parameter(
        "selection.fewest-bids",
        Text("开标所需最少投标数", "Fewest bids for an opening"),
        3,
        Unit.COUNT,
        cite("BID"),
        Mark.RECALLED,
        minimum=2,
        maximum=10,
    ),
    Parameter(
        "selection.bidding-days",
        Text("公告至开标最短日数", "Fewest days from announcement to opening"),
        20,
        Unit.DAYS,
        cite("BID"),
        Mark.RECALLED,
        minimum=5,
        maximum=90,
    ),
    Parameter(
        "selection.scoring-days",
        Text("运营机构评审期限", "Time to score the bids"),
        10,
        Unit.WORKDAYS,
        default(),
        Mark.DEFAULT,
        minimum=1,
        maximum=60,
    ),
    Parameter(
        "selection.opening-delay-hours",
        Text("到开标时间后开启投标的小时数", "Hours from the opening time until the bids are opened"),
        0,
        Unit.HOURS,
        default(),
        Mark.DEFAULT,
        minimum=0,
        maximum=24,
    ),
    Parameter(
        "authorization.rectification-alerts",
        Text(
            "整改到期前提醒日（逗号分隔）",
            "Days before a step of rectification is due on which to remind (comma separated)",
        ),
        "30,7",
        Unit.DAYS,
        spec27(24),
        Mark.DEFAULT,
    ),
    Parameter(
        "agreement.milestone-days",
        Text("履约节点核查期限", "Time to check a milestone that was reported"),
        10,
        Unit.WORKDAYS,
        default(),
        Mark.DEFAULT,
        minimum=1,
        maximum=60,
    ),
    Parameter(
        "developer.expiry-alerts",
        Text(
            "资格到期前提醒日（逗号分隔）", "Days before a qualification runs out on which to remind (comma separated)"
        ),
        "90,30,7",
        Unit.DAYS,
        default(),
        Mark.DEFAULT,
    ),
    Parameter(
        "request.provider-consultation",
        Text("数据申请须征求数据提供单位意见", "Providers are asked about every data request"),
        True,
        Unit.NONE,
        spec27(21),
        Mark.DEFAULT,
        rules=("R26",),
    ),
)
