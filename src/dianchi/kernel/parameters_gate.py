"""Figures of the gate: probing limits of verifications, life of keys, what counts as unusual."""

from __future__ import annotations

from dianchi.kernel.law.articles import default, spec27
from dianchi.kernel.law.marks import Mark
from dianchi.kernel.parameter import Parameter, Unit
from dianchi.kernel.text import Text


def _ours(key: str, zh: str, en: str, figure: int, unit: Unit, least: int, most: int, *rules: str) -> Parameter:
    """A default of our own."""
    source = spec27(21) if rules else default()
    return Parameter(key, Text(zh, en), figure, unit, source, Mark.DEFAULT, rules=rules, minimum=least, maximum=most)


GATE = (
    _ours("gate.verifications-per-subject", "同一主体每日核验次数上限", "Verifications of one subject a day",
          10, Unit.COUNT, 1, 1000, "R50"),
    _ours("gate.verifications-before-hit-rate", "核验次数达到该数后检查命中率", "Verifications of a day before the hit rate counts",
          50, Unit.COUNT, 10, 100_000, "R50"),
    _ours("gate.least-hit-percent", "核验命中率下限（百分之）", "Least hit rate of verifications, per cent",
          20, Unit.COUNT, 0, 100, "R50"),
    _ours("gate.fusion-rows", "融合计算调用方数据的行数上限", "Most rows that a caller brings to a fusion call",
          100_000, Unit.COUNT, 10, 10_000_000, "R54"),
    _ours("gate.key-days", "调用密钥有效期上限", "Longest life of a key", 365, Unit.DAYS, 1, 1095),
    _ours("gate.key-overlap-hours", "轮换后旧密钥继续有效的时间", "How long a rotated key still works", 24, Unit.HOURS, 0, 720),
    _ours("gate.token-minutes", "访问令牌有效期", "Life of an access token", 30, Unit.MINUTES, 1, 1440),
    _ours("gate.signature-seconds", "请求签名的时间容差", "How far a signed request's time may be off", 300, Unit.SECONDS, 5, 3600),
    _ours("gate.calls-per-minute", "每个订单每分钟调用次数上限", "Calls of an order a minute", 6000, Unit.COUNT, 1, 1_000_000),
    _ours("gate.file-hours", "交付文件的下载有效期", "How long a delivered file may be fetched", 72, Unit.HOURS, 1, 720),
    _ours("alert.review-days", "使用预警核查时限", "Looking into an alert", 3, Unit.WORKDAYS, 1, 30),
    _ours("watch.night-calls", "夜间调用次数达到该数时预警", "Calls between 0 and 6 o'clock that raise an alert", 100, Unit.COUNT, 1, 1_000_000),
    _ours("watch.volume-times", "一日调用量超过此前日均的倍数时预警", "Times the usual volume of a day that raise an alert", 5, Unit.COUNT, 2, 1000),
    _ours("watch.refused-percent", "被拒绝的调用占比达到该数时预警（百分之）", "Share of refused calls that raises an alert, per cent", 30, Unit.COUNT, 1, 100),
    _ours("watch.enumeration-values", "一小时内同一参数的不同取值数达到该数时预警", "Different requests of an hour that raise an alert", 500, Unit.COUNT, 10, 1_000_000, "R50"),
    _ours("watch.differencing", "一日内被差分规则拒绝的次数达到该数时预警", "Calls of a day refused for differencing that raise an alert", 3, Unit.COUNT, 1, 1000, "R50"),
)  # fmt: skip
