"""What the card of a citation says."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from dianchi.kernel.law.articles import Article, Status
from dianchi.kernel.law.measures import MEASURES
from dianchi.kernel.text import Text

STATUS = {
    Status.LAW: Text("现行法律法规", "Law in force"),
    Status.NORM: Text("现行规范性文件或标准", "Normative document or standard in force"),
    Status.DRAFT: Text("征求意见稿", "Draft for comment"),
    Status.DEFAULT: Text("平台默认，可调整", "Platform default, adjustable"),
}


@dataclass(frozen=True)
class Card:
    """A citation as people read it."""

    citation: Text
    title: Text
    gist: Text | None
    number: str
    status: Text
    tone: str


def card(cited: Article | None) -> Card | None:
    """The card of an article; nothing for nothing."""
    if cited is None:
        return None
    measure = MEASURES[cited.measure]
    tone = {Status.LAW: "force", Status.NORM: "waiting"}.get(measure.status, "draft")
    return Card(cited.citation, measure.title, _gist(cited), measure.number, STATUS[measure.status], tone)


def _gist(cited: Article) -> Text | None:
    if not find_spec("dianchi.kernel.law.gists"):
        return None
    found: Text | None = import_module("dianchi.kernel.law.gists").gist(cited)
    return found
