"""How well a rule or figure is founded: read in the text, reported, recalled, seen in practice, or our own."""

from __future__ import annotations

from enum import StrEnum

from dianchi.kernel.text import Text


class Mark(StrEnum):
    """The source marks of the domain dossier."""

    LAW = "law"  # read in the text it cites
    REPORTED = "reported"  # read in a secondary source that reports the text
    RECALLED = "recalled"  # general knowledge of the text, not re-read
    PRACTICE = "practice"  # seen in other places' texts and platforms
    DEFAULT = "default"  # our own inference; a parameter or switch, never law

    @property
    def label(self) -> Text:
        """For people."""
        return _LABELS[self]


_LABELS = {
    Mark.LAW: Text("见于原文", "read in the text"),
    Mark.REPORTED: Text("据转述", "as reported"),
    Mark.RECALLED: Text("待核对原文", "to be checked against the text"),
    Mark.PRACTICE: Text("参考他地实践", "practice elsewhere"),
    Mark.DEFAULT: Text("平台默认，可调整", "platform default, adjustable"),
}
