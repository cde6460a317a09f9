"""The plan of an answer: what to take from which tile and what to compute of it.

A plan is JSON, so that a model may write one; it is checked against the columns and values of the rows and executed
by us, so that every figure of an answer is ours.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from tesela.model.frozen import Frozen

Comparison = Literal["eq", "ne", "gt", "ge", "lt", "le"]
Aggregate = Literal["sum", "avg", "median", "min", "max", "count", "distinct"]
Bucket = Literal["day", "week", "month", "quarter", "year", "weekday"]
Form = Literal["value", "entity", "list", "count", "yes_no", "share", "rank", "growth", "difference", "table"]


class Filter(Frozen):
    """A condition on rows: a column of names among values, or a figure against a number or another column."""

    column: str
    op: Literal["in", "not_in", "eq", "ne", "gt", "ge", "lt", "le"]
    values: tuple[str, ...] = Field(default=(), max_length=1_000)
    other: str | None = None


class Period(Frozen):
    """Days of the time column from `start` until before `end`; weekdays: only these, Monday is 0."""

    start: dt.date
    end: dt.date
    weekdays: tuple[int, ...] = ()


class Measure(Frozen):
    """What is measured: a column, or two columns as a ratio (a / b), a difference (a - b), a margin ((a - b) / a)."""

    kind: Literal["column", "ratio", "difference", "margin", "margin_of_cost", "rows"] = "column"
    column: str | None = None
    other: str | None = None
    percent: bool = False
    label: str | None = None


class Having(Frozen):
    """A condition on a group's figure."""

    op: Comparison
    value: str


class Plan(Frozen):
    """What to compute.

    group_by: a column of names or the time column; bucket: the size of the time groups.
    per: sums of each such group come first, and agg is taken of those sums (the average month).
    period, base: what the figures are of, and what they are compared with.
    change: of each group, from base to period, instead of its figure.
    subjects: members of group_by (or, with `periods`, spans) that are set against each other or ranked.
    whole: the member of group_by that a share is of, instead of all: how many of those in the cart paid.
    offset: how many of the best are passed over (1 for the second best).
    """

    tile: str
    filters: tuple[Filter, ...] = ()
    period: Period | None = None
    base: Period | None = None
    group_by: str | None = None
    bucket: Bucket | None = None
    measure: Measure = Measure(kind="rows")
    agg: Aggregate = "sum"
    per: str | None = None
    change: Literal["percent", "absolute"] | None = None
    having: Having | None = None
    order: Literal["desc", "asc"] | None = None
    limit: int | None = Field(default=None, ge=1, le=100)
    offset: int = Field(default=0, ge=0, le=100)
    subjects: tuple[str, ...] = ()
    whole: str | None = None
    sense: Literal["more", "less", "same"] = "more"
    form: Form = "value"


class Unanswerable(Frozen):
    """Why there is no plan. kind decides the sentence, words are what is missing."""

    kind: Literal[
        "unknown", "value", "period", "cause", "future", "measure", "undefined", "ambiguous", "truncated",
        "unclear", "no_rows", "rate", "level", "missing", "today", "refresh",
    ]  # fmt: skip
    words: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
