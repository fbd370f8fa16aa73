"""Setting an official document as Word: the same form as the PDF, in the fonts that offices have."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from dianchi.foundation.documents.form import Form, Grid, Line, Part, heading

FANG, HEI, KAI, SONG = "仿宋", "黑体", "楷体", "方正小标宋简体"
RED = RGBColor(0xC8, 0x10, 0x2E)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of the archive's members: only what is said distinguishes two files


def docx(form: Form, at: datetime) -> bytes:
    """The document as .docx."""
    made = Document()
    _page(made)
    if form.agreement:
        _say(made, f"编号：{form.number}", size=12, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
    else:
        _say(made, form.issuer, SONG, 30, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, colour=RED, rule=True)
        _say(made, form.number, size=14, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False)
    _say(made, form.title, SONG, 22, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False)
    _address(made, form)
    for n, part in enumerate(form.parts, 1):
        _part(made, form, n, part)
    _close(made, form)
    return _bytes(made, form, at)


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _font(made.styles["Normal"], FANG, 16)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for piece in ("第 ", "PAGE", " 页　共 ", "NUMPAGES", " 页"):
        run = footer.add_run("" if piece.isupper() else piece)
        _font(run, FANG, 10.5)
        if piece.isupper():
            _field(run, piece)


def _address(made: Any, form: Form) -> None:
    if form.agreement:
        for signing in form.signings:
            _labelled(made, Line(signing.party, signing.name), HEI, indent=False)
    elif form.addressees:
        _say(made, "、".join(form.addressees) + "：", indent=False)
    if form.opening:
        _say(made, form.opening)


def _part(made: Any, form: Form, n: int, part: Part) -> None:
    _say(made, heading(form, n) + part.title, HEI).paragraph_format.keep_with_next = True
    for said in part.body:
        if isinstance(said, Grid):
            _table(made, said)
        elif not said.label or len(said.text) > 60 or "\n" in said.text:
            if said.label:
                _say(made, said.label, KAI)
            for line in said.text.splitlines():
                _say(made, line)
        else:
            _labelled(made, said, KAI)


def _table(made: Any, grid: Grid) -> None:
    if grid.label:
        _say(made, grid.label, KAI)
    table = made.add_table(rows=1, cols=len(grid.heads), style="Table Grid")
    for row, font in ((grid.heads, HEI), *((r, FANG) for r in grid.rows)):
        cells = table.rows[0].cells if row is grid.heads else table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            _font(cell.paragraphs[0].add_run(text), font, 10.5)


def _close(made: Any, form: Form) -> None:
    if form.agreement:
        for signing in form.signings:
            _say(made, f"{signing.party}（电子签名）：{signing.name}　{signing.on}", HEI, 14, indent=False)
            for line in signing.digests:
                _say(made, f"{line.label}：{line.text}", size=9, indent=False)
    else:
        for text in (form.issuer, form.issued_on):
            _say(made, text, align=WD_ALIGN_PARAGRAPH.RIGHT, indent=False).paragraph_format.right_indent = Pt(32)
    _say(made, f"账本序号：{form.entry}", size=9, indent=False, rule=True)
    _say(made, f"内容摘要（国密 SM3）：{form.digest}", size=9, indent=False)
    if form.address:
        _say(made, f"核对地址：{form.address}", size=9, indent=False)


def _say(made: Any, text: str, font: str = FANG, size: float = 16, *, align: Any = None, indent: bool = True,
         colour: RGBColor | None = None, rule: bool = False) -> Any:  # fmt: skip
    paragraph = made.add_paragraph()
    paragraph.alignment = align if align is not None else WD_ALIGN_PARAGRAPH.JUSTIFY
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(max(size * 1.75, 14))
    if indent:
        shape.first_line_indent = Pt(2 * size)
    run = paragraph.add_run(text)
    _font(run, font, size)
    if colour is not None:
        run.font.color.rgb = colour
    if rule:
        _rule(paragraph, "C8102E" if colour is not None else "000000", under=colour is not None)
    return paragraph


def _labelled(made: Any, line: Line, font: str, *, indent: bool = True) -> None:
    paragraph = _say(made, f"{line.label}：", font, indent=indent)
    _font(paragraph.add_run(line.text), FANG, 16)


def _font(run: Any, name: str, size: float) -> None:
    """A run's or style's font; Chinese characters take theirs from eastAsia."""
    run.font.name, run.font.size = name, Pt(size)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _field(run: Any, instruction: str) -> None:
    for kind, text in (("begin", ""), ("", instruction), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _rule(paragraph: Any, colour: str, *, under: bool) -> None:
    borders = OxmlElement("w:pBdr")
    side = OxmlElement("w:bottom" if under else "w:top")
    for key, value in (
        ("val", "thickThinSmallGap" if under else "single"),
        ("sz", "24" if under else "4"),
        ("space", "4"),
        ("color", colour),
    ):
        side.set(qn(f"w:{key}"), value)
    borders.append(side)
    paragraph._p.get_or_add_pPr().append(borders)


def _bytes(made: Any, form: Form, at: datetime) -> bytes:
    said = made.core_properties
    said.title, said.author, said.subject = form.title, form.issuer, form.number
    said.created = said.modified = at.astimezone(UTC).replace(tzinfo=None)
    written, kept = BytesIO(), BytesIO()
    made.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _EPOCH), source.read(name), zipfile.ZIP_DEFLATED)
    return kept.getvalue()
