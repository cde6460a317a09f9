"""Which rows a plan is about."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tesela.analytics.questions.periods import Span
from tesela.analytics.questions.plan import Filter, Period
from tesela.analytics.questions.tables import Column, Table

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


def selected(
    table: Table, filters: Sequence[Filter], period: Period | None, time: Column | None
) -> list[int]:
    """Return the numbers of the rows that meet all filters and lie in the period. A missing value meets none."""
    rows = list(range(table.size))
    if period is not None:
        if time is None:
            return []
        span = Span(period.start, period.end, None, period.weekdays)
        rows = [row for row in rows if time.values[row] is not None and span.holds(time.values[row])]
    for one in filters:
        rows = _met(table, one, rows)
    return rows


def _met(table: Table, one: Filter, rows: list[int]) -> list[int]:
    values = table[one.column].values
    if one.op in ("in", "not_in"):
        wanted = set(one.values)
        return [
            row for row in rows if values[row] is not None and (values[row] in wanted) == (one.op == "in")
        ]
    compare = COMPARE[one.op]
    if one.other is not None:
        others = table[one.other].values
        return [
            row
            for row in rows
            if values[row] is not None and others[row] is not None and compare(values[row], others[row])
        ]
    bound = Decimal(one.values[0])
    return [row for row in rows if values[row] is not None and compare(values[row], bound)]
