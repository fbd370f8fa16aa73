"""What a product is for; the price notice makes two of the four free of charge."""

from __future__ import annotations

from enum import StrEnum

from dianchi.kernel.text import Text


class Purpose(StrEnum):
    """Governance and welfare are free; industry and sector development may be charged (price notice, 1)."""

    label: Text
    free: bool

    def __new__(cls, value: str, label: Text, free: bool) -> Purpose:
        purpose = str.__new__(cls, value)
        purpose._value_ = value
        purpose.label, purpose.free = label, free
        return purpose

    PUBLIC_GOVERNANCE = "PUBLIC_GOVERNANCE", Text("公共治理", "Public governance"), True
    PUBLIC_WELFARE = "PUBLIC_WELFARE", Text("公益事业", "Public welfare"), True
    INDUSTRY = "INDUSTRY", Text("产业发展", "Industry development"), False
    SECTOR = "SECTOR", Text("行业发展", "Sector development"), False


PURPOSES = tuple((p.value, p.label) for p in Purpose)
