"""The five kinds of anticipated refusal. Whatever else escapes is a bug."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dianchi.kernel.law.articles import Article
from dianchi.kernel.text import Text


@dataclass(frozen=True)
class Refusal:
    """One reason an act or a query cannot proceed, fit to show to the person who tried it."""

    code: str  # stable, for machines: "products.opinions-missing"
    message: Text  # one sentence, for people; never a data value
    article: Article | None = None  # the provision that demands it
    remedy: Text | None = None  # what to do next
    rules: tuple[str, ...] = ()  # the rules of the dossier that it holds: ("R45",)
    field: str = ""  # the input it is about, if one

    def saying(self, **values: object) -> Refusal:
        """The same refusal with the placeholders of its message and remedy filled."""
        return replace(self, message=self.message.format(**values), remedy=self.remedy and self.remedy.format(**values))


class DomainError(Exception):
    """An anticipated refusal with all its reasons."""

    status, exit_code = 400, 10

    def __init__(self, *refusals: Refusal):
        self.refusals = refusals
        super().__init__("; ".join(f"{r.code}: {r.message}" for r in refusals))


class Invalid(DomainError, ValueError):
    """The input is not well formed. A ValueError too, so that validators of inputs may raise it for their field."""

    status, exit_code = 422, 11


class NotPermitted(DomainError):
    """The actor's role does not allow it."""

    status, exit_code = 403, 12


class NotFound(DomainError):
    """There is no such thing, or none that the actor may see."""

    status, exit_code = 404, 13


class RuleBroken(DomainError):
    """A rule of the law forbids it as things stand."""

    status, exit_code = 409, 14


class TryLater(DomainError):
    """It cannot be done now, but may be soon."""

    status, exit_code = 503, 15
