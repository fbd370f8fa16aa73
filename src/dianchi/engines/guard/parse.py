"""From text to tree: bounded in size and depth before any recursive code sees it; exactly one query, no comments left."""

from __future__ import annotations

import contextlib
import io
import logging
from dataclasses import dataclass
from itertools import pairwise

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from dianchi.engines.guard.refusals import GuardRefusal, Says
from dianchi.kernel.errors import Invalid, RuleBroken
from dianchi.kernel.text import Text

MAX_CHARS = 65_536
MAX_TOKENS = 12_000
MAX_NESTING = 60  # brackets, CASE and prefix operators, counted before parsing
MAX_BARE_JOINS = 8  # joins without a condition of their own
MAX_DEPTH = 160  # of the tree
MAX_NODES = 30_000

NOT_SQL = Says(
    "query.not-sql",
    Text("这段文字不是可以解析的查询。", "This text cannot be parsed as a query."),
    Text("请检查语法。", "Check the syntax near the place shown."),
)
EMPTY = Says("query.empty", Text("没有查询。", "There is no query."), Text("请写一条 SELECT。", "Write one SELECT."))
TOO_LARGE = Says(
    "query.too-large",
    Text("查询过大或嵌套过深。", "The query is too large or nested too deeply."),
    Text("请拆成较小的查询。", "Split it into smaller queries."),
)
SEVERAL = Says(
    "query.several",
    Text("一次只能提交一条查询。", "Only one query may be sent at a time."),
    Text("请分别提交。", "Send them one by one."),
)
NOT_A_QUERY = Says(
    "query.not-select",
    Text("只允许查询（SELECT），不允许其他语句。", "Only a query (SELECT) is allowed, no other statement."),
    Text("请改写为 SELECT。", "Write it as a SELECT."),
)

_OPEN = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE}
_CLOSE = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END}
_PREFIX = {TokenType.NOT, TokenType.DASH, TokenType.PLUS, TokenType.TILDE, TokenType.INTERVAL, TokenType.DISTINCT}
_STATEMENTS = {
    TokenType.SELECT,
    TokenType.WITH,
    TokenType.FROM,
    TokenType.L_PAREN,
    TokenType.VALUES,
    TokenType.SEMICOLON,
}


@dataclass(frozen=True)
class Parsed:
    """The text, its tokens, and its tree."""

    text: str
    tokens: tuple[Token, ...]
    tree: exp.Expr


def parse(text: str) -> Parsed:
    """The one query in the text, or the reason why there is none."""
    if len(text) > MAX_CHARS or len(text.encode("utf-8", "replace")) > MAX_CHARS:
        raise RuleBroken(TOO_LARGE.at())
    if not text.strip() or "\x00" in text:
        raise Invalid(EMPTY.at() if not text.strip() else NOT_SQL.at())
    tokens = _tokens(text)
    statement = _one_statement(text, tokens)
    _shallow(text, statement)
    tree = _tree(text, statement)
    if not isinstance(tree, exp.Query) or isinstance(tree, exp.Table):
        raise RuleBroken(_here(NOT_A_QUERY, text, statement[0]))
    return Parsed(text, tuple(statement), tree)


def place(text: str, start: int) -> tuple[int, int]:
    """Line and column, both from 1, of an offset."""
    before = text[:start]
    return before.count("\n") + 1, start - (before.rfind("\n") + 1) + 1


def _here(says: Says, text: str, token: Token) -> GuardRefusal:
    line, col = place(text, token.start)
    return says.at(text[token.start : token.end + 1][:80], line, col)


def _tokens(text: str) -> list[Token]:
    try:
        return list(sqlglot.tokenize(text, read="duckdb"))
    except (SqlglotError, ValueError, IndexError, RecursionError) as e:
        start = len(text) - len(text.lstrip())
        raise Invalid(NOT_SQL.at(text[start : start + 80], *place(text, start))) from e


def _one_statement(text: str, tokens: list[Token]) -> list[Token]:
    body = [t for t in tokens if t.token_type is not TokenType.SEMICOLON]
    if not body:
        raise Invalid(EMPTY.at())
    last = body[-1]
    for token in tokens:
        if token.token_type is TokenType.SEMICOLON and body[0].start < token.start < last.start:
            raise RuleBroken(_here(SEVERAL, text, token))
    if body[0].token_type not in _STATEMENTS:
        raise (
            RuleBroken(_here(NOT_A_QUERY, text, body[0]))
            if body[0].text.upper() in _OTHERS
            else Invalid(_here(NOT_SQL, text, body[0]))
        )
    return body


_OTHERS = frozenset(
    [
        "INSERT",
        "UPDATE",
        "DELETE",
        "MERGE",
        "CREATE",
        "ALTER",
        "DROP",
        "TRUNCATE",
        "COPY",
        "EXPORT",
        "IMPORT",
        "ATTACH",
        "DETACH",
        "USE",
        "SET",
        "RESET",
        "PRAGMA",
        "CALL",
        "EXPLAIN",
        "DESCRIBE",
        "DESC",
        "SHOW",
        "SUMMARIZE",
        "PREPARE",
        "EXECUTE",
        "DEALLOCATE",
        "INSTALL",
        "LOAD",
        "FORCE",
        "CHECKPOINT",
        "VACUUM",
        "ANALYZE",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "ABORT",
        "START",
        "GRANT",
        "REVOKE",
        "COMMENT",
        "PIVOT",
        "UNPIVOT",
        "TABLE",
        "KILL",
        "CACHE",
        "UNCACHE",
        "REFRESH",
        "DECLARE",
        "END",
        "REPLACE",
    ]
)


def _shallow(text: str, tokens: list[Token]) -> None:
    if len(tokens) > MAX_TOKENS:
        raise RuleBroken(TOO_LARGE.at())
    if _bare_joins(tokens) > MAX_BARE_JOINS:
        raise RuleBroken(TOO_LARGE.at())
    depth = run = 0
    for before, token in pairwise([tokens[0], *tokens]):
        kind = token.token_type
        depth += (kind in _OPEN) - (kind in _CLOSE and before is not token)
        run = run + 1 if kind in _PREFIX or token.text.upper() in _CHAINS else 0
        if depth > MAX_NESTING or run > MAX_NESTING:
            raise RuleBroken(_here(TOO_LARGE, text, token))


def _bare_joins(tokens: list[Token]) -> int:
    """Joins not followed by a condition of their own: the parser tries each in two ways, 2^n for n of them."""
    waiting, bare = [False], 0
    for i, token in enumerate(tokens):
        kind = token.token_type
        if kind is TokenType.L_PAREN:
            waiting.append(False)
        elif kind is TokenType.R_PAREN and len(waiting) > 1:
            bare += waiting.pop()
        elif kind in (TokenType.ON, TokenType.USING):
            waiting[-1] = False
        elif kind in (TokenType.JOIN, TokenType.STRAIGHT_JOIN) and not _crossed(tokens[max(0, i - 2) : i]):
            bare += waiting[-1]
            waiting[-1] = True
    return bare + sum(waiting)


def _crossed(before: list[Token]) -> bool:
    """Whether a join is CROSS or NATURAL, and these are not the name of the relation before it."""
    kinds = [t.token_type for t in before]
    return bool(kinds) and kinds[-1] in (TokenType.CROSS, TokenType.NATURAL) and kinds[0] is not TokenType.ALIAS


_CHAINS = frozenset(
    ["LATERAL", "EXPLAIN", "FROM", "SELECT", "PRIOR", "ALL", "ANY", "EXISTS", "WITH", "RECURSIVE", "AS"]
)


def _tree(text: str, tokens: list[Token]) -> exp.Expr:
    from sqlglot.dialects.duckdb import DuckDB

    level = logging.getLogger("sqlglot").level
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # its warnings repeat the text
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            trees = DuckDB().parser().parse(list(tokens), text)
    except (
        SqlglotError,
        RecursionError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        IndexError,
        AssertionError,
    ) as e:
        raise Invalid(_where(e, text, tokens)) from e
    finally:
        logging.getLogger("sqlglot").setLevel(level)
    if len(trees) != 1 or trees[0] is None:
        raise Invalid(NOT_SQL.at())
    _bounded(trees[0])
    return _without_comments(trees[0])


def _where(error: Exception, text: str, tokens: list[Token]) -> GuardRefusal:
    """Where the parser stopped: it tells the end of the token; without that, the first one."""
    found = (getattr(error, "errors", None) or [{}])[0]
    line, col = int(found.get("line") or 0), int(found.get("col") or 0)
    at = next((t for t in tokens if t.line == line and t.col >= col), tokens[0] if not line else tokens[-1])
    return _here(NOT_SQL, text, at)


def _bounded(tree: exp.Expr) -> None:
    nodes, stack = 0, [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise RuleBroken(TOO_LARGE.at())
        stack.extend((child, depth + 1) for child in node.iter_expressions())


def _without_comments(tree: exp.Expr) -> exp.Expr:
    for node in tree.walk():
        node.comments = None
    return tree
