"""What differs between databases: buckets of time, moving in time, and values as literals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from tesela.errors import QueryRefused
from tesela.model.metric import Grain, Value

HERE = "here__"
"""Stands in the patterns below for the expression that they are about."""
_TRUNCATED = {
    "hour": "CAST(DATE_TRUNC('hour', here__) AS TIMESTAMP)",
    **{
        grain: f"CAST(DATE_TRUNC('{grain}', here__) AS DATE)"
        for grain in ("day", "week", "month", "quarter", "year")
    },
}
BUCKETS: dict[str, dict[str, str]] = {
    "duckdb": _TRUNCATED,
    "postgres": _TRUNCATED,
    "sqlite": {
        "hour": "STRFTIME('%Y-%m-%d %H:00:00', here__)",
        "day": "DATE(here__)",
        "week": "DATE(here__, 'weekday 0', '-6 days')",
        "month": "DATE(here__, 'start of month')",
        "quarter": "DATE(here__, 'start of month', "
        "'-' || ((CAST(STRFTIME('%m', here__) AS INTEGER) - 1) % 3) || ' months')",
        "year": "DATE(here__, 'start of year')",
    },
}
"""The first moment of the bucket in which a moment lies; weeks begin on Monday (ISO 8601)."""
DAY_OF_MONTH = {
    "duckdb": "EXTRACT(DAY FROM here__)",
    "postgres": "EXTRACT(DAY FROM here__)",
    "sqlite": "STRFTIME('%d', here__)",
}
MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Shift:
    """How far back the time is with which another is compared. unit: month, day or second."""

    count: int
    unit: str


def bucket(moment: exp.Expr, grain: Grain, dialect: str) -> exp.Expr:
    """Return the expression of the bucket of `grain` in which `moment` lies."""
    return _filled(BUCKETS[_known(dialect)][grain], moment, dialect)


def moved(moment: exp.Expr, by: Shift, grain: Grain | None, dialect: str) -> exp.Expr:
    """Return `moment` later by the shift. For buckets of months and more, whole months are moved.

    The 31st of March has no counterpart in April; its month has.
    """
    if by.unit == "month" and grain in ("month", "quarter", "year"):
        moment = bucket(moment, "month", dialect)
    if dialect == "sqlite":
        return _filled(f"DATETIME(here__, '{by.count:+d} {by.unit}s')", moment, dialect)
    return _filled(f"(here__ + INTERVAL '{by.count:d} {by.unit}s')", moment, dialect)


def same_day_of_month(one: exp.Expr, other: exp.Expr, dialect: str) -> exp.Expr:
    """Return the condition that two moments have the same day of the month: the 29th of February has no year before."""
    pattern = DAY_OF_MONTH[_known(dialect)]
    return exp.EQ(this=_filled(pattern, one, dialect), expression=_filled(pattern, other, dialect))


def literal(value: Value) -> exp.Expr:
    """Return a value as a literal, which the generator writes and escapes. Raises QueryRefused.

    `${` is never written as such: it would be read as a placeholder.
    """
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise QueryRefused("a value is a whole number beyond 64 bits")
        return _number(repr(value))
    if isinstance(value, float):
        if not math.isfinite(value):
            raise QueryRefused("a value is not a finite number")
        return _number(repr(value))
    if len(value) > MAX_TEXT or "\x00" in value or (not value.isascii() and not _is_clean(value)):
        raise QueryRefused(
            f"a value has more than {MAX_TEXT:,} characters, or one that databases cannot carry"
        )
    first, *rest = value.split("${")
    found: exp.Expr = exp.Literal.string(first)
    for part in rest:
        found = exp.DPipe(this=found, expression=exp.Literal.string("$"))
        found = exp.DPipe(this=found, expression=exp.Literal.string("{" + part))
    return exp.Paren(this=found) if rest else found


def true_division(node: exp.Expr, dialect: str) -> exp.Expr:
    """Return arithmetic between aggregates in which `/` never drops what is behind the point."""
    if dialect == "duckdb":
        return node

    def change(one: exp.Expr) -> exp.Expr:
        if isinstance(one, exp.Div):
            one.set("this", exp.Paren(this=exp.Mul(this=_number("1.0"), expression=one.this)))
        return one

    return node.transform(change)


def _number(text: str) -> exp.Expr:
    if text.startswith("-"):
        return exp.Paren(this=exp.Neg(this=exp.Literal.number(text[1:])))
    return exp.Literal.number(text)


def _is_clean(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _known(dialect: str) -> str:
    if dialect not in BUCKETS:
        raise QueryRefused("metrics are not supported on this kind of datasource")
    return dialect


def _filled(pattern: str, moment: exp.Expr, dialect: str) -> exp.Expr:
    tree = sqlglot.parse_one(pattern, dialect=dialect)
    return tree.transform(
        lambda node: moment.copy() if isinstance(node, exp.Column) and node.name == HERE else node
    )
