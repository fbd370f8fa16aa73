"""All that is wrong with a query, gathered so that it can be told at once, each with its place in the text."""

from __future__ import annotations

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from dianchi.engines.guard.parse import Parsed, place
from dianchi.engines.guard.refusals import GuardRefusal, Says, Stop

_LONGEST = 200


class Trouble:
    """The refusals of one query, in order, without repetitions."""

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed
        self.refusals: list[GuardRefusal] = []

    def add(self, says: Says, node: exp.Expr | None = None, column: str = "", **values: object) -> None:
        """Note a refusal about a node of the tree."""
        clause, line, col = self.where(node)
        refusal = says.at(clause, line, col, column, **values)
        if all(
            (r.code, r.clause, r.line, r.col, r.column) != (says.code, clause, line, col, column) for r in self.refusals
        ):
            self.refusals.append(refusal)

    def stop(self, says: Says, node: exp.Expr | None = None, column: str = "", **values: object) -> Stop:
        """Note a refusal after which nothing further can be said."""
        self.add(says, node, column, **values)
        return Stop()

    def stop_at(self, says: Says, found: tuple[int, int] | None) -> Stop:
        """Note a refusal about a place in the text, given by offset and length, after which nothing can be said."""
        if found is None:
            return self.stop(says, self.parsed.tree)
        self.add_at(says, found)
        return Stop()

    def add_at(self, says: Says, found: tuple[int, int], **values: object) -> None:
        """Note a refusal about a place in the text, given by offset and length."""
        start, length = found
        token = next((t for t in self.parsed.tokens if t.end >= start), None)
        end = max(start + length, token.end + 1 if token is not None else start + 1)
        line, col = place(self.parsed.text, start)
        self.refusals.append(says.at(self.parsed.text[start:end][:_LONGEST], line, col, "", **values))

    def stop_if_any(self) -> None:
        """End here if something was wrong."""
        if self.refusals:
            raise Stop

    def where(self, node: exp.Expr | None) -> tuple[str, int, int]:
        """The clause as it stands in the text with its line and column; what is around a node that has no place."""
        spans = [] if node is None else _spans(node)
        while node is not None and not spans:
            node = node.parent
            spans = [] if node is None or isinstance(node, exp.Query) else _spans(node)
        if not spans:
            first, last = self.parsed.tokens[0], self.parsed.tokens[-1]
            line, col = place(self.parsed.text, first.start)
            return self.parsed.text[first.start : last.end + 1][:_LONGEST], line, col
        start, end = self._widened(min(s for s, _ in spans), max(e for _, e in spans), node)
        line, col = place(self.parsed.text, start)
        return self.parsed.text[start : end + 1][:_LONGEST], line, col

    def _widened(self, start: int, end: int, node: exp.Expr | None) -> tuple[int, int]:
        """Take in the name and brackets of a function, which the parser keeps no place of."""
        tokens = self.parsed.tokens
        first = next((i for i, t in enumerate(tokens) if t.start >= start), 0)
        if isinstance(node, exp.Func | exp.Window | exp.Subquery) and first >= 2:
            back = first - 1
            while back > 0 and tokens[back].token_type is TokenType.DISTINCT:
                back -= 1
            if tokens[back].token_type is TokenType.L_PAREN:
                start = tokens[back - 1].start if isinstance(node, exp.Func | exp.Window) else tokens[back].start
                first = back - 1
        return start, _balanced(tokens, first, start, end)


def _balanced(tokens: tuple[Token, ...], first: int, start: int, end: int) -> int:
    depth = 0
    for token in tokens[first:]:
        if token.start < start:
            continue
        if token.token_type is TokenType.L_PAREN:
            depth += 1
        elif token.token_type is TokenType.R_PAREN:
            depth -= 1
        if token.end >= end and depth <= 0:
            return token.end if depth == 0 else max(end, token.start - 1)
    return end


def _spans(node: exp.Expr) -> list[tuple[int, int]]:
    spans = []
    for n in node.walk():
        start = n.meta.get("start")
        end = n.meta.get("end")
        if start is not None and end is not None:
            spans.append((int(start), int(end)))
    return spans
