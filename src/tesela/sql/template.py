"""The author's SQL, split at its placeholders. What they become is decided in `bind`.

The closed set of placeholders is here, and so are the stand-ins (same length as the placeholder, so that
positions stay true) under which the parser sees the SQL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from string import ascii_lowercase
from typing import Literal, NoReturn

from sqlglot.tokenizer_core import Token, TokenType

from tesela.errors import UnknownPlaceholder
from tesela.sql.lexical import position, refuse_at, short, tokenize

Kind = Literal["value", "identifier", "clause"]

FIXED: dict[str, Kind] = {
    "drill.value": "value",
    "drill.where": "clause",
    "drill.field": "identifier",
    "detail.where": "clause",
    "range.start": "value",
    "range.end": "value",
    "range.prev_start": "value",
    "range.prev_end": "value",
    "filters.where": "clause",
    "cross.where": "clause",
    "user.id": "value",
}
"""Every placeholder without a name of the author's in it; docs/placeholders.md has a line for each."""
FAMILIES: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"filter\.[\w-]{1,64}\.where"), "clause"),
    (re.compile(r"filter\.[\w-]{1,64}"), "value"),
    (re.compile(r"user\.[\w-]{1,64}"), "value"),
)
CLOSE_TO = (*FIXED, "filter.name", "filter.name.where", "user.attribute")

MAX_PLACEHOLDERS = 200
OPENERS = frozenset(
    {TokenType.WHERE, TokenType.HAVING, TokenType.QUALIFY, TokenType.ON, TokenType.AND}
    | {TokenType.L_PAREN, TokenType.WHEN, TokenType.PREWHERE}
)
"""After these a clause is the first condition and needs no AND."""
_PLACEHOLDER = re.compile(r"\$\{([\w.-]+)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `${name}` at text[start:end]. opens: a clause that needs no AND before it."""

    name: str
    kind: Kind
    start: int
    end: int
    opens: bool = False


def kind_of(name: str) -> Kind | None:
    """Return what a placeholder stands for, or None when there is none of that name.

    >>> kind_of("filter.country.where"), kind_of("DRILL.VALUE")
    ('clause', None)
    """
    if name in FIXED:
        return FIXED[name]
    return next((kind for pattern, kind in FAMILIES if pattern.fullmatch(name)), None)


def split(sql: str) -> tuple[Placeholder, ...]:
    """Return the placeholders of `sql` in order. Raises UnknownPlaceholder with the nearest known name.

    >>> [(p.name, p.start, p.end) for p in split("SELECT ${drill.value}")]
    [('drill.value', 7, 21)]
    """
    found: list[Placeholder] = []
    at = sql.find("${")
    while at >= 0:
        match = _PLACEHOLDER.match(sql, at)
        kind = kind_of(match[1]) if match else None
        if match is None or kind is None:
            _unknown(sql, at)
        if len(found) == MAX_PLACEHOLDERS:
            refuse_at(sql, at, f"the SQL has more than {MAX_PLACEHOLDERS} placeholders")
        found.append(Placeholder(match[1], kind, match.start(), match.end()))
        at = sql.find("${", match.end())
    return tuple(found)


def stand_in_prefix(sql: str) -> str:
    """Return a word with which no name in `sql` begins.

    >>> stand_in_prefix("SELECT tph"), stand_in_prefix("SELECT 1")
    ('tpha', 'tph')
    """
    lowered = sql.lower()
    prefixes = ("tph" + "".join(tail) for size in range(3) for tail in product(ascii_lowercase, repeat=size))
    return next(prefix for prefix in prefixes if prefix not in lowered)


def stand_in(sql: str, placeholders: Sequence[Placeholder], prefix: str) -> str:
    """Return `sql` with a column name, as long as itself, in the place of each placeholder."""
    pieces: list[str] = []
    at = 0
    for index, placeholder in enumerate(placeholders):
        word = f" AND {prefix}{index} " if _needs_and(placeholder) else f" {prefix}{index} "
        pieces += (sql[at : placeholder.start], word.ljust(placeholder.end - placeholder.start))
        at = placeholder.end
    return "".join((*pieces, sql[at:]))


def place(sql: str, placeholders: tuple[Placeholder, ...], dialect: str) -> tuple[Placeholder, ...]:
    """Return the placeholders with `opens` decided by the word before each.

    Raises QueryRefused for those that stand inside a string, a quoted name or a comment.
    """
    prefix = stand_in_prefix(sql)
    bare = tuple(Placeholder(p.name, p.kind, p.start, p.end, opens=True) for p in placeholders)
    tokens = tokenize(stand_in(sql, bare, prefix), dialect)
    before = {token.text: tokens[i - 1] if i else None for i, token in enumerate(tokens)}
    placed = []
    for index, placeholder in enumerate(bare):
        if f"{prefix}{index}" not in before:
            _inside(sql, placeholder, tokens, dialect)
        previous = before[f"{prefix}{index}"]
        opens = placeholder.kind == "clause" and previous is not None and previous.token_type in OPENERS
        placed.append(
            Placeholder(placeholder.name, placeholder.kind, placeholder.start, placeholder.end, opens)
        )
    return tuple(placed)


def _needs_and(placeholder: Placeholder) -> bool:
    return placeholder.kind == "clause" and not placeholder.opens


def _unknown(sql: str, at: int) -> NoReturn:
    line, column = position(sql, at)
    match = re.match(r"\$\{([^${}\r\n]*)(\}?)", sql[at:])
    written, closed = (match[1], match[2]) if match else ("", "")
    close = get_close_matches(written.strip().lower(), CLOSE_TO, n=1, cutoff=0.6)
    if not closed:
        why = f"${{{short(written)} is not closed with }}"
    else:
        hint = close[0] if close else "filter.<name>"
        hint = (
            hint.replace("name", "<name>").replace("<<name>>", "<name>").replace("attribute", "<attribute>")
        )
        why = f"${{{short(written)}}} is not a placeholder; the nearest is ${{{hint}}}"
    raise UnknownPlaceholder(f"line {line}, column {column}: {why}", line=line, column=column)


def _inside(sql: str, placeholder: Placeholder, tokens: Sequence[Token], dialect: str) -> NoReturn:
    written = "${" + placeholder.name + "}"
    around = next((t for t in tokens if t.start <= placeholder.start and t.end >= placeholder.end - 1), None)
    if around is None:
        refuse_at(sql, placeholder.start, f"{written} stands inside a comment; take it out")
    text = sql[around.start + 1 : around.end]
    if around.token_type is TokenType.IDENTIFIER:
        why = f"{written} stands inside a quoted name; write it without the quotes"
    elif text.strip() == written:
        why = f"remove the quotes around {written}; values travel apart from the SQL"
    elif placeholder.kind == "value" and text.replace(written, "").strip("%") == "":
        why = f"write {_like(text, written, dialect)} instead of {short(repr(text))}"
    else:
        why = f"{written} stands inside quotes; close them before it, and join the parts with ||"
    refuse_at(sql, placeholder.start, why)


def _like(text: str, written: str, dialect: str) -> str:
    """Return how to write a LIKE pattern around a value, e.g. `LIKE '%' || ${x} || '%'`."""
    parts = [part for part in ("'%'" * text.startswith("%"), written, "'%'" * text.endswith("%")) if part]
    if dialect in ("mysql", "bigquery", "clickhouse"):
        return f"LIKE CONCAT({', '.join(parts)})"
    return f"LIKE {' || '.join(parts)}"
