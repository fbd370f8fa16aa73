"""The certificate as PDF: one page with a QR code, set by typst in the fonts of the system; no font, no paper."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import segno
import typst

from dianchi.chapters.resources.registration.states import OBJECT_TYPES
from dianchi.kernel import canonical
from dianchi.kernel.divisions import DIVISIONS
from dianchi.kernel.errors import Refusal, TryLater
from dianchi.kernel.text import Text

FACES = (("FZXiaoBiaoSong-B05S", "STSong", "Noto Serif CJK SC"), ("SimHei", "Heiti SC", "Noto Sans CJK SC"))
NO_FONT = Refusal(
    "certificates.no-font", Text("服务器缺少中文字体，不能打印凭证", "The server has no Chinese font to print the certificate with"),
    remedy=Text("请系统管理员安装思源宋体和思源黑体，或先使用凭证文件", "Ask the administrator to install Noto Serif and Sans CJK; use the file meanwhile"),
)  # fmt: skip


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts(include_embedded_fonts=False).families())


def require_fonts() -> None:
    """Refuse loudly where no face has Chinese: a page of boxes is no certificate."""
    if not all(set(faces) & _families() for faces in FACES):
        raise TryLater(NO_FONT)


def pdf(statement: Mapping[str, Any], entry: int, address: str) -> bytes:
    """The certificate of a statement as PDF; the same statement gives the same bytes."""
    require_fonts()
    inputs = {"certificate": json.dumps(_said(statement, entry), ensure_ascii=False), "qr": _qr(address)}
    template = files("dianchi.chapters.resources.registration").joinpath("certificate.typ").read_bytes()
    stamp = int(datetime.fromisoformat(statement["issued_at"]).timestamp())
    made: bytes = typst.compile(template, format="pdf", sys_inputs=inputs, timestamp=stamp)
    return made


def _said(statement: Mapping[str, Any], entry: int) -> dict[str, Any]:
    parties = [statement["registrant"], *statement["joint_registrants"]]
    division = DIVISIONS.get(statement["region"])
    facts = [
        ["登记类型", str(dict(OBJECT_TYPES)[statement["object_type"]])],
        ["数据名称", statement["title"]],
        ["内容简介", statement["summary"]],
        ["登记主体", "\n".join(f"{p['name']}\n（统一社会信用代码 {p['uscc']}）" for p in parties)],
        ["登记对象编号", statement["object_code"]],
        ["区划", str(division.name) if division else statement["region"]],
        ["有效期", f"{_day(statement['valid_from_on'])}至{_day(statement['valid_to_on'])}"],
        ["存证摘要", f"{statement['evidence_digest'][:32]}\n{statement['evidence_digest'][32:]}"],
    ]
    return {
        "heading": "公共数据资源登记凭证" if statement["object_type"] == "1" else "公共数据产品和服务登记凭证",
        "subheading": f"第 {statement['edition']} 版", "query_code": statement["query_code"], "facts": facts,
        "registrar": statement["registrar"]["name"] or "登记机构", "issued_on": _day(statement["issued_at"][:10]),
        "entry": entry, "digest": canonical.sm3(statement),
    }  # fmt: skip


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _qr(address: str) -> str:
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0)
    return picture.getvalue().decode()
