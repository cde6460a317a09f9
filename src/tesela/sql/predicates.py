"""The predicate of a row policy: a small language over the columns of one table, checked and made into SQL.

It is written anew from its tree, with every column quoted and named through the table, so that no name in it
can mean anything of the query around it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from sqlglot import exp

from tesela.errors import QueryRefused
from tesela.sql.clauses import Bound, Fragment, bound_list, checked_list
from tesela.sql.guard import parse
from tesela.sql.lexical import refuse_at, tokenize
from tesela.sql.positions import columns_of, takes_list
from tesela.sql.quoting import is_clean_text
from tesela.sql.template import Placeholder, place, split, stand_in, stand_in_prefix

MAX_PREDICATE = 5_000
BEGINNING = "SELECT 1 FROM t WHERE "
PARTS = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between,
    exp.In, exp.Is, exp.Like, exp.ILike, exp.Escape, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Null, exp.Boolean,
    exp.Literal, exp.Column, exp.Identifier, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Cast, exp.DataType,
    exp.DataTypeParam, exp.Case, exp.If, exp.Coalesce, exp.Lower, exp.Upper, exp.Trim, exp.Length,
    exp.Substring, exp.Concat, exp.DPipe, exp.Abs, exp.Round, exp.Nullif, exp.CurrentDate,
    exp.CurrentTimestamp, exp.Interval, exp.Var, exp.Extract, exp.Year, exp.Month, exp.DateTrunc,
    exp.TimestampTrunc, exp.StartsWith, exp.Left, exp.Right,
)  # fmt: skip
"""Everything that a predicate may consist of; no part looks at anything but the row, the reader and the clock."""
ALLOWED_WORDS = (
    "comparisons, AND, OR, NOT, IN (...), BETWEEN, LIKE, IS NULL, CASE, coalesce, lower, upper, trim, "
    "length, substring, left, right, concat, abs, round, nullif, extract, date_trunc, CAST, + - * and dates"
)


@dataclass(frozen=True, slots=True)
class Predicate:
    """A checked predicate. names: of its placeholders, in order. columns: as written, each once."""

    tree: exp.Expr
    dialect: str
    prefix: str
    names: tuple[str, ...]
    lists: tuple[bool, ...]
    columns: tuple[str, ...]

    def fragment(self, columns: Sequence[str], values: Mapping[str, Sequence[str]], row: str) -> Fragment:
        """Return the condition on a table with these columns, called `row`. Raises QueryRefused.

        values: of each `${user.<name>}`; all have one at least.
        """
        tree = self.tree.copy()
        for column in list(tree.find_all(exp.Column)):
            stand_in_of = self._number(column.name)
            if stand_in_of is not None:
                column.replace(exp.Var(this=column.name))
                continue
            exact = exact_column(column.name, columns)
            if exact is None:
                raise QueryRefused(
                    "a row policy of this datasource names a column that is not there any more"
                )
            column.replace(exp.column(exp.to_identifier(exact, quoted=True), table=row))
        pieces = re.split(rf"\b{self.prefix}(\d+)\b", tree.sql(self.dialect, comments=False))
        found: list[str | Bound] = []
        for place_, piece in enumerate(pieces):
            if place_ % 2 == 0:
                found += [piece] if piece else []
                continue
            number = int(piece)
            bound = checked_list(values[self.names[number]])
            if len(bound) > 1 and not self.lists[number]:
                raise QueryRefused("a row policy takes one value where your account has a list: ask an admin")
            found += bound_list(bound)
        return tuple(found)

    def _number(self, name: str) -> int | None:
        rest = name.removeprefix(self.prefix)
        return int(rest) if self.prefix and rest != name and rest.isdigit() else None


def exact_column(name: str, columns: Sequence[str]) -> str | None:
    """Return the table's own spelling of a column."""
    if name in columns:
        return name
    return next((one for one in columns if one.lower() == name.lower()), None)


@lru_cache(maxsize=512)
def read_predicate(text: str, dialect: str) -> Predicate:
    """Return a predicate, checked but for its columns. Raises QueryRefused, UnknownPlaceholder with the position.

    >>> read_predicate("region IN (${user.regions}) AND amt > 1", "duckdb").columns
    ('region', 'amt')
    """
    if len(text) > MAX_PREDICATE or not is_clean_text(text):
        raise QueryRefused(f"a predicate is plain text of at most {MAX_PREDICATE:,} characters")
    placeholders = split(text)
    for one in placeholders:
        if not one.name.startswith("user."):
            refuse_at(
                text, one.start, "a predicate may only name ${user.id}, ${user.email} and ${user.<attribute>}"
            )
    prefix = stand_in_prefix(text)
    try:
        condition, found = _condition(text, placeholders, prefix, dialect)
    except QueryRefused as error:
        _told(error)
    _check(condition, text, dialect)
    names = tuple(one.name.removeprefix("user.") for one in placeholders)
    lists = tuple(takes_list(column) for column in found)
    mine = {f"{prefix}{number}" for number in range(len(placeholders))}
    columns = dict.fromkeys(
        column.name for column in condition.find_all(exp.Column) if column.name not in mine
    )
    if not columns:
        return Predicate(condition, dialect, prefix, names, lists, ())
    return Predicate(condition, dialect, prefix, names, lists, tuple(columns))


def _condition(
    text: str, placeholders: tuple[Placeholder, ...], prefix: str, dialect: str
) -> tuple[exp.Expr, tuple[exp.Column, ...]]:
    """Return the tree of the condition, and the columns that stand for its placeholders."""
    whole = BEGINNING + text
    moved = tuple(
        Placeholder(one.name, one.kind, one.start + len(BEGINNING), one.end + len(BEGINNING))
        for one in placeholders
    )
    if moved:
        moved = place(whole, moved, dialect)
    parsed = parse(stand_in(whole, moved, prefix), dialect)
    at = len(BEGINNING) - 1
    for token in tokenize(parsed.sql, dialect):
        if parsed.sql[at + 1 : token.start].strip() and token.start > len(BEGINNING):
            refuse_at(text, 0, "a predicate has no comments")
        at = max(at, token.end)
    select = parsed.tree
    parts = {name for name, value in select.args.items() if value}
    if not isinstance(select, exp.Select) or parts != {"expressions", "from_", "where"}:
        refuse_at(text, 0, "write one condition, such as region = ${user.region}")
    if parsed.sql[at + 1 :].strip():
        refuse_at(text, 0, "a predicate has no comments and no semicolon")
    if select.args["from_"].this.args.get("joins"):
        refuse_at(text, 0, "write one condition, such as region = ${user.region}")
    columns = tuple(columns_of(parsed, moved, prefix)) if moved else ()
    condition: exp.Expr = select.args["where"].this
    return condition, columns


def _check(condition: exp.Expr, text: str, dialect: str) -> None:
    for node in condition.walk():
        if type(node) not in PARTS:
            word = node.name or type(node).__name__
            at = _at(text, word)
            refuse_at(text, at, f"{word[:40] or 'this'} may not stand in a predicate: use {ALLOWED_WORDS}")
        if isinstance(node, exp.Column) and (node.table or isinstance(node.this, exp.Star)):
            refuse_at(text, _at(text, node.table or "*"), "write the column's name alone")
        if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("field")):
            refuse_at(text, _at(text, "in"), "IN takes a list in parentheses")


def _at(text: str, word: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) if word else None
    return found.start() if found else 0


def _told(error: QueryRefused) -> NoReturn:
    """Raise the error with its position in the predicate instead of in the SELECT around it."""
    if error.line is None or error.column is None:
        raise error
    column = max(1, error.column - len(BEGINNING)) if error.line == 1 else error.column
    why = re.sub(r"^line \d+, column \d+: ", "", error.sentence)
    sentence = f"line {error.line}, column {column}: {why}"
    raise type(error)(sentence, line=error.line, column=column) from error
