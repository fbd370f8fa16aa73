"""What a check found: its verdict, the parameters it went by, and counts as evidence; never a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from dianchi.kernel.text import Text


class Verdict(StrEnum):
    """A check passes or fails; one that lacks its evidence has failed."""

    PASS = "PASS"  # noqa: S105
    FAIL = "FAIL"


@dataclass(frozen=True)
class Outcome:
    """One check of one output."""

    check: str  # stable: "minimum-subjects"
    verdict: Verdict
    message: Text
    parameters: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    def as_record(self) -> dict[str, object]:
        """As plain values, for canonical JSON."""
        return {
            "check": self.check,
            "verdict": self.verdict.value,
            "message": {"zh": str(self.message), "en": self.message.en},
            "parameters": dict(self.parameters),
            "counts": dict(self.counts),
        }


@dataclass(frozen=True)
class Report:
    """All checks of one output, in the order asked for."""

    outcomes: tuple[Outcome, ...]
    rows: int
    columns: int

    @property
    def passed(self) -> bool:
        """Whether something was checked and nothing failed."""
        return bool(self.outcomes) and all(outcome.verdict is Verdict.PASS for outcome in self.outcomes)

    def as_record(self) -> dict[str, object]:
        """As plain values, for canonical JSON."""
        return {
            "passed": self.passed,
            "rows": self.rows,
            "columns": self.columns,
            "outcomes": [outcome.as_record() for outcome in self.outcomes],
        }


def outcome(check: str, *, failed: bool, words: tuple[Text, Text], **found: Mapping[str, object]) -> Outcome:
    """An outcome with the sentence for passing or the one for failing, its placeholders filled with the counts."""
    parameters = {name: _plain(value) for name, value in found.get("parameters", {}).items()}
    counts = {name: int(str(value)) for name, value in found.get("counts", {}).items()}
    verdict = Verdict.FAIL if failed else Verdict.PASS
    return Outcome(check, verdict, words[failed].format(**parameters, **counts), parameters, counts)


def unproven(check: str, what: Text) -> Outcome:
    """The failure of a check that was not given what it needs."""
    message = Text("缺少检查所需的依据：{what}。", "The evidence the check needs is missing: {what}.").format(what=what)
    return Outcome(check, Verdict.FAIL, message, {}, {"missing_evidence": 1})


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
