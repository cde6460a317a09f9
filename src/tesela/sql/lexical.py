"""What is checked before parsing: the text, its tokens and what stands between them.

Here the parser and the database are made to agree about what is a comment, and text that would choke the
parser is turned away.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NoReturn

from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import TokenError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from tesela.errors import QueryRefused
from tesela.sql.quoting import is_clean_text

MAX_BYTES = 100_000
MAX_TOKENS = 25_000
MAX_NESTING = 64
"""Open parentheses, brackets and CASEs at one place."""
MAX_CHAIN = 200
"""Subscripts, casts or prefixes one after the other; more makes trees that nobody wrote by hand."""
MAX_TYPE_WORK = 10_000
"""Names of types followed by brackets, each counted twice as much as the one around it."""

STARTS = frozenset({TokenType.SELECT, TokenType.WITH, TokenType.FROM, TokenType.VALUES, TokenType.L_PAREN})
STARTS_OF = {
    "duckdb": STARTS | {TokenType.PIVOT, TokenType.UNPIVOT, TokenType.TABLE},
    "postgres": STARTS | {TokenType.TABLE},
    "mysql": STARTS | {TokenType.TABLE},
}


def check_text(sql: str) -> None:
    """Raise QueryRefused for text that is too long or that no database can take."""
    if not is_clean_text(sql):
        raise QueryRefused(
            "the SQL has a character that databases cannot carry (NUL or half a surrogate pair)"
        )
    if len(sql.encode()) > MAX_BYTES:
        raise QueryRefused(f"the SQL is longer than {MAX_BYTES:,} bytes")
    if not sql.strip():
        raise QueryRefused("the SQL is empty")


def tokenize(sql: str, dialect: str) -> list[Token]:
    """Return the tokens of `sql`. Raises QueryRefused when a quote or a comment is not closed."""
    try:
        return Dialect.get_or_raise(dialect).tokenize(sql)
    except TokenError as error:
        raise QueryRefused("the SQL cannot be read: a quote or a comment is not closed") from error


def check_tokens(tokens: list[Token], sql: str, dialect: str) -> None:
    """Raise QueryRefused where the parser and the database could differ, or choke."""
    if not tokens:
        raise QueryRefused("the SQL is empty")
    if len(tokens) > MAX_TOKENS:
        raise QueryRefused(f"the SQL has more than {MAX_TOKENS:,} words and signs")
    if tokens[0].token_type not in STARTS_OF.get(dialect, STARTS):
        refuse_at(
            sql,
            tokens[0].start,
            f"a query starts with SELECT, WITH, FROM or VALUES, not {short(tokens[0].text)}",
        )
    _check_gaps(tokens, sql, dialect)
    _check_nesting(tokens, sql)
    _check_types(tokens, sql)
    for token, following in pairwise(tokens):
        if token.text in ("u", "U") and following.start == token.end + 1 and following.text == "&":
            refuse_at(sql, token.start, 'write the characters themselves instead of U&"..."')
        if token.token_type in (TokenType.UNICODE_STRING, TokenType.BLOCK_START):
            refuse_at(sql, token.start, "this kind of string or block is not supported")
    if tokens[-1].token_type is TokenType.UNICODE_STRING:
        refuse_at(sql, tokens[-1].start, "this kind of string or block is not supported")


def refuse_at(sql: str, offset: int, why: str) -> NoReturn:
    """Raise QueryRefused with the line and column of `offset` (from 0) in `sql`."""
    line, column = position(sql, offset)
    raise QueryRefused(f"line {line}, column {column}: {why}", line=line, column=column)


def position(sql: str, offset: int) -> tuple[int, int]:
    """Return line and column, from 1, of an offset, from 0.

    >>> position("ab\\ncd", 4)
    (2, 2)
    """
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def short(text: str) -> str:
    """Return `text`, cut to what a sentence can hold."""
    return text if len(text) <= 40 else text[:39] + "…"


# What may stand between two tokens: space and comments, read as the database reads them. No comment inside a
# comment (SQLite ends at the first `*/`, PostgreSQL at the last), no lone carriage return (PostgreSQL ends a
# line comment there), no MySQL `/*!`, which is code.
_GAP = r"(?:\s|\ufeff|/\*(?!M?!)(?:(?!\*/|/\*)[\s\S])*\*/|{line}[^\r\n]*(?:\r?\n|$))*"
_GAPS = {
    "mysql": re.compile(_GAP.replace("{line}", r"(?:--(?=[\s]|$)|\#)")),
    "clickhouse": re.compile(_GAP.replace("{line}", r"(?:--|\#!|\#\ )")),
    "bigquery": re.compile(_GAP.replace("{line}", r"(?:--|\#)")),
    "snowflake": re.compile(_GAP.replace("{line}", r"(?:--|//)")),
}
TWO_WAYS = "a comment here could be read in two ways; write a plain -- or /* */ comment"
_OTHER_GAPS = re.compile(_GAP.replace("{line}", "--"))


def _check_gaps(tokens: list[Token], sql: str, dialect: str) -> None:
    pattern, at = _GAPS.get(dialect, _OTHER_GAPS), 0
    for token in tokens:
        if token.start > at and not pattern.fullmatch(sql, at, token.start):
            refuse_at(sql, at, TWO_WAYS)
        at = token.end + 1
    if not pattern.fullmatch(sql, at):
        refuse_at(sql, at, TWO_WAYS)


_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})
_PREFIXES = frozenset({TokenType.NOT, TokenType.DASH, TokenType.TILDE, TokenType.INTERVAL})
_TYPES = frozenset(Parser.TYPE_TOKENS)
_PREFIXES |= {TokenType.FROM, TokenType.DCOLON, TokenType.DOT, TokenType.COLON}


def _check_nesting(tokens: list[Token], sql: str) -> None:
    depth = chain = 0
    previous = None
    for token in tokens:
        kind = token.token_type
        if kind in _OPENING:
            depth += 1
        elif kind in _CLOSING:
            depth = max(0, depth - 1)
        if kind in _PREFIXES or (kind is TokenType.L_BRACKET and previous is TokenType.R_BRACKET):
            chain += 1
        elif kind in (TokenType.COMMA, TokenType.AND, TokenType.OR, TokenType.SELECT):
            chain = 0
        if depth > MAX_NESTING or chain > MAX_CHAIN:
            refuse_at(sql, token.start, "the SQL is nested too deeply")
        previous = kind


def _check_types(tokens: list[Token], sql: str) -> None:
    """Turn away `date(date(date(...` : the parser tries each as a type and as a function, 2^n times in all."""
    work, open_types = 0, [0]
    previous = None
    for token in tokens:
        if token.token_type in _OPENING:
            open_types.append(open_types[-1] + (previous in _TYPES))
            work += 2 ** open_types[-1] if previous in _TYPES else 0
        elif token.token_type in _CLOSING and len(open_types) > 1:
            open_types.pop()
        if work > MAX_TYPE_WORK:
            refuse_at(sql, token.start, "the SQL is nested too deeply")
        previous = token.token_type
