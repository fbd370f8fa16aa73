"""Bilingual text: Chinese first, English beside it, declared once where it is used."""

from __future__ import annotations

from typing import Literal

Language = Literal["zh", "en"]


class Text(str):
    """A Chinese sentence that carries its English twin; to everything else it is a plain string."""

    en: str
    __slots__ = ("en",)

    def __new__(cls, zh: str, en: str) -> Text:
        text = super().__new__(cls, zh)
        text.en = en
        return text

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.en

    def format(self, *args: object, **values: object) -> Text:
        """Fill the placeholders of both languages; a Text among the values is used in its own language."""
        zh = {k: localize(v, "zh") for k, v in values.items()}
        en = {k: localize(v, "en") for k, v in values.items()}
        return Text(
            str.format(str(self), *(localize(a, "zh") for a in args), **zh),
            str.format(self.en, *(localize(a, "en") for a in args), **en),
        )


def localize(value: object, lang: str) -> object:
    """The value in the language asked for; what is not bilingual stays as it is."""
    if isinstance(value, Text):
        return value.en if lang.startswith("en") else str(value)
    return value


def join(texts: list[Text] | tuple[Text, ...], zh: str = "、", en: str = ", ") -> Text:
    """Several texts as one list in running text."""
    return Text(zh.join(str(t) for t in texts), en.join(t.en for t in texts))
