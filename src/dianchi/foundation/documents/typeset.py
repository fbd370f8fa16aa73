"""Setting an official document as PDF, by typst; the same form at the same moment gives the same bytes."""

from __future__ import annotations

import json
from datetime import datetime
from importlib.resources import files
from io import BytesIO

import segno
import typst

from dianchi.foundation.documents.form import Form, plain


def pdf(form: Form, at: datetime) -> bytes:
    """The document as PDF/A-2b dated `at`; as plain PDF where a character has no glyph."""
    inputs = {"form": json.dumps(plain(form), ensure_ascii=False)}
    if form.address:
        inputs["qr"] = _qr(form.address)
    template = files("dianchi.foundation.documents").joinpath("official.typ").read_bytes()
    stamp = int(at.timestamp())
    try:
        made: bytes = typst.compile(template, format="pdf", sys_inputs=inputs, pdf_standards="a-2b", timestamp=stamp)
    except typst.TypstError:  # a rare character that no font here has: PDF/A forbids the box that stands for it
        made = typst.compile(template, format="pdf", sys_inputs=inputs, timestamp=stamp)
    return made


def _qr(address: str) -> str:
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0)
    return picture.getvalue().decode()
