"""Conditions on one column, with their values apart from the text."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tesela.errors import QueryRefused
from tesela.model.interaction import Clause
from tesela.model.statement import Scalar
from tesela.sql.quoting import is_clean_text, quote

MAX_LIST = 1_000
MAX_TEXT = 10_000
"""Characters of one value."""
ESCAPE = "!"
BACKSLASH_ESCAPE = frozenset({"clickhouse", "bigquery"})
"""Dialects whose LIKE knows no ESCAPE and takes a backslash."""

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass(frozen=True, slots=True)
class Bound:
    """The place of one value inside a fragment."""

    value: Scalar


Fragment = tuple[str | Bound, ...]


def condition(clause: Clause, dialect: str) -> Fragment:
    """Return the condition of one clause. Raises QueryRefused for values that cannot be bound.

    >>> condition(Clause("country", "eq", ("ES",)), "duckdb")
    ('"country" = ', Bound(value='ES'))
    >>> condition(Clause("country", "in", ("ES", None)), "duckdb")
    ('("country" IN (', Bound(value='ES'), ') OR "country" IS NULL)')
    """
    column = quote(clause.column, dialect)
    values = checked_list(clause.values)
    match clause.operator:
        case "is_null":
            return (f"{column} IS NULL",)
        case "not_null":
            return (f"{column} IS NOT NULL",)
        case "eq" | "neq":
            return _equality(column, _one(clause, values), is_equal=clause.operator == "eq")
        case "in" | "not_in":
            return _membership(column, values, is_in=clause.operator == "in")
        case "between":
            return _between(column, clause, values)
        case "contains" | "starts_with":
            return _like(column, clause, values, dialect)
        case "gt" | "gte" | "lt" | "lte":
            return (f"{column} {COMPARISONS[clause.operator]} ", Bound(_known(clause, _one(clause, values))))
    raise QueryRefused(f"{clause.operator!r} is not an operator of a filter")


def all_of(clauses: Sequence[Clause], dialect: str) -> Fragment:
    """Return the conditions joined by AND; () when there are none.

    >>> all_of([Clause("a", "eq", (1,)), Clause("b", "is_null")], "sqlite")
    ('"a" = ', Bound(value=1), ' AND ', '"b" IS NULL')
    """
    fragment: list[str | Bound] = []
    for clause in clauses:
        if fragment:
            fragment.append(" AND ")
        fragment += condition(clause, dialect)
    return tuple(fragment)


def checked(value: object) -> Scalar:
    """Return `value` when it can be bound. Raises QueryRefused with the reason."""
    if value is None or isinstance(value, bool | dt.date):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise QueryRefused("a value is a whole number beyond 64 bits")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise QueryRefused("a value is not a finite number")
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise QueryRefused("a value is not a finite number")
        return value
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise QueryRefused(f"a value is longer than {MAX_TEXT:,} characters")
        if not is_clean_text(value):
            raise QueryRefused("a value has a character that databases cannot carry")
        return value
    raise QueryRefused("a value must be a text, a number, true, false, a date or null")


def checked_list(values: Sequence[object]) -> tuple[Scalar, ...]:
    """Return `values` when all can be bound. Raises QueryRefused."""
    if isinstance(values, str | bytes) or not isinstance(values, Sequence):
        raise QueryRefused("values must be a list")
    if len(values) > MAX_LIST:
        raise QueryRefused(f"a list has more than {MAX_LIST:,} values")
    return tuple(checked(value) for value in values)


def bound_list(values: Sequence[Scalar]) -> Fragment:
    """Return the values with commas between them."""
    fragment: list[str | Bound] = []
    for value in values:
        fragment += (", ", Bound(value)) if fragment else (Bound(value),)
    return tuple(fragment)


def _one(clause: Clause, values: tuple[Scalar, ...]) -> Scalar:
    if len(values) != 1:
        raise QueryRefused(f"{clause.operator} on {clause.column} takes one value, not {len(values)}")
    return values[0]


def _known(clause: Clause, value: Scalar) -> Scalar:
    if value is None:
        raise QueryRefused(f"{clause.operator} on {clause.column} needs a value that is not null")
    return value


def _equality(column: str, value: Scalar, *, is_equal: bool) -> Fragment:
    if value is None:
        return (f"{column} IS NULL" if is_equal else f"{column} IS NOT NULL",)
    return (f"{column} = " if is_equal else f"{column} <> ", Bound(value))


def _membership(column: str, values: tuple[Scalar, ...], *, is_in: bool) -> Fragment:
    known = tuple(value for value in values if value is not None)
    has_null = len(known) < len(values)
    if not values:
        return ("1=0" if is_in else "1=1",)
    if not known:
        return (f"{column} IS NULL" if is_in else f"{column} IS NOT NULL",)
    opening = f"{column} {'IN' if is_in else 'NOT IN'} ("
    if not has_null:
        return (opening, *bound_list(known), ")")
    closing = f") OR {column} IS NULL)" if is_in else f") AND {column} IS NOT NULL)"
    return ("(" + opening, *bound_list(known), closing)


def _between(column: str, clause: Clause, values: tuple[Scalar, ...]) -> Fragment:
    if len(values) != 2:
        raise QueryRefused(f"between on {clause.column} takes two values, not {len(values)}")
    low, high = values
    if low is None and high is None:
        raise QueryRefused(f"between on {clause.column} needs at least one value that is not null")
    if low is None:
        return (f"{column} <= ", Bound(high))
    if high is None:
        return (f"{column} >= ", Bound(low))
    return (f"{column} BETWEEN ", Bound(low), " AND ", Bound(high))


def _like(column: str, clause: Clause, values: tuple[Scalar, ...], dialect: str) -> Fragment:
    value = _one(clause, values)
    if not isinstance(value, str):
        raise QueryRefused(f"{clause.operator} on {clause.column} takes a text")
    escape = "\\" if dialect in BACKSLASH_ESCAPE else ESCAPE
    for special in (escape, "%", "_"):
        value = value.replace(special, escape + special)
    pattern = f"%{value}%" if clause.operator == "contains" else f"{value}%"
    ending = "" if dialect in BACKSLASH_ESCAPE else f" ESCAPE '{ESCAPE}'"
    return (f"{column} LIKE ", Bound(pattern), ending) if ending else (f"{column} LIKE ", Bound(pattern))
