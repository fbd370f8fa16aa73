"""Words for codes that are stored bare: in records that effects write, by the name of the field that holds them."""

from __future__ import annotations

from functools import cache

from dianchi.foundation.cases.registry import case_types
from dianchi.interfaces.web.shapes import Shape, shapes
from dianchi.kernel.text import Text

ALIASES = {"frequency": "update_frequency", "registration_state": "state"}
OWN: dict[str, dict[str, Text]] = {
    "severity": {
        "quarantine": Text("隔离该行", "Row set aside"),
        "warn": Text("提示", "Warning"),
        "reject": Text("整批拒收", "Load refused"),
    },
    "grade": {
        "excellent": Text("优秀", "Excellent"),
        "pass": Text("合格", "Pass"), "rectify": Text("限期整改", "To be rectified"), "fail": Text("不合格", "Fail"),
    },
    "clock": {
        "CRITICAL": Text("关键信息基础设施：一小时", "Critical infrastructure: one hour"),
        "CENTRAL": Text("中央机关：两小时", "Central bodies: two hours"),
        "ORDINARY": Text("其他网络运营者：四小时", "Other network operators: four hours"),
    },
    "level": {
        "province": Text("省级", "Province"), "prefecture": Text("州市级", "Prefecture"), "county": Text("县级", "County"),
    },
}  # fmt: skip
FIRST = ("agreements", "products", "orders")  # whose words for a state win where kinds of case share its code


def word(name: str, value: str) -> Text | None:
    """The word for a code in a field of that name; None where it is no known code."""
    return _known().get(ALIASES.get(name, name), {}).get(value)


@cache
def _known() -> dict[str, dict[str, Text]]:
    found: dict[str, dict[str, Text]] = {name: dict(words) for name, words in OWN.items()}
    kinds = sorted(case_types().values(), key=lambda k: (k.name not in FIRST, k.name))
    for kind in kinds:
        for state in kind.lifecycle.states:
            found.setdefault("state", {}).setdefault(str(state.value), state.label)
        for act in kind.lifecycle.acts:
            _gather(found, shapes(act.inputs))
    return found


def _gather(found: dict[str, dict[str, Text]], parts: tuple[Shape, ...]) -> None:
    for shape in parts:
        for value, said in shape.choices:
            if isinstance(said, Text):
                found.setdefault(shape.name, {}).setdefault(value, said)
        _gather(found, shape.shapes)
