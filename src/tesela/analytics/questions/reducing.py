"""Some rows reduced to one figure: exact decimals, missing values counted, nothing added up that may not be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tesela.analytics.questions.plan import Filter, Measure, Period, Plan, Unanswerable
from tesela.analytics.questions.select import selected
from tesela.analytics.questions.steps import floor
from tesela.analytics.questions.tables import Column, Table

Key = Any


class Undoable(Exception):
    """Why a plan cannot be executed on these rows."""

    def __init__(self, kind: str, *words: str) -> None:
        self.why = Unanswerable(kind=kind, words=words)
        super().__init__(kind)


@dataclass(frozen=True, slots=True)
class Group:
    """A group's figure. now, base: the two figures that a change lies between. rows: how many rows it has.

    labels: what tells its rows apart from others of the group (the warehouse of a SKU).
    """

    key: Key
    value: Decimal | None
    now: Decimal | None = None
    base: Decimal | None = None
    rows: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a plan came to.

    groups: those that are the answer, in its order. all_groups: how many there were before conditions and limit.
    total: of a share, and of several named values. without: groups that have no figure, with the reason
    ("zero", "missing"). missing: values that were not there. rows: how many rows were read.
    """

    plan: Plan
    table: Table
    groups: list[Group]
    all_groups: int
    total: Decimal | None = None
    without: list[tuple[Key, str]] = field(default_factory=list)
    missing: int = 0
    rows: int = 0
    rank: int | None = None
    tied: int = 0
    is_true: bool | None = None
    time: Column | None = None
    like_for_like: tuple[Decimal, Decimal] | None = None


class Reducer:
    """A plan on a table: the rows that it reads, and their figures."""

    def __init__(self, plan: Plan, table: Table) -> None:
        self.plan, self.table = plan, table
        self.time = self._time()
        if (plan.period or plan.base) and self.time is None:
            raise Undoable("period", "time")
        self.without: list[tuple[Key, str]] = []
        self.missing = 0
        self.read: set[int] = set()

    def _time(self) -> Column | None:
        if self.plan.group_by and self.table[self.plan.group_by].kind == "date":
            return self.table[self.plan.group_by]
        if self.table.time is not None:
            return self.table.time
        dates = [one for one in self.table.columns if one.kind == "date"]
        return dates[0] if len(dates) == 1 else None

    def _rows(self, filters: Sequence[Filter] | None = None, period: Period | None = None) -> list[int]:
        found = selected(
            self.table,
            self.plan.filters if filters is None else filters,
            period or self.plan.period,
            self.time,
        )
        self.read.update(found)
        return found

    def _figure(self, rows: Sequence[int]) -> Decimal | None:
        """Return the measure of some rows. Raises Undoable where it would mean nothing."""
        plan, measure = self.plan, self.plan.measure
        if measure.kind == "rows":
            if self.table.truncated and plan.agg in ("count", "sum"):
                raise Undoable("truncated")
            return Decimal(len(rows))
        if measure.kind != "column":
            return self._figure_of_two(measure, rows)
        if measure.column is None:
            raise Undoable("unclear")
        column = self.table[measure.column]
        if column.kind == "date":
            days = [column.values[row] for row in rows if column.values[row] is not None]
            if not days:
                return None
            if plan.agg not in ("min", "max") and len(set(days)) > 1:
                raise Undoable("unclear")
            return Decimal((min(days) if plan.agg == "min" else max(days)).toordinal())
        if plan.per is not None and plan.per not in ("rows",):
            return self._figure_per(column, rows)
        values = [column.values[row] for row in rows if column.values[row] is not None]
        if plan.agg in ("count", "distinct"):
            if self.table.truncated:
                raise Undoable("truncated")
            return Decimal(len(values) if plan.agg == "count" else len(set(values)))
        self.missing += len(rows) - len(values)
        return self._reduced(column, rows, values, plan.agg)

    def _reduced(
        self, column: Column, rows: Sequence[int], values: list[Decimal], agg: str
    ) -> Decimal | None:
        if not values:
            return None
        if len(rows) == 1:
            return values[0]
        if agg in ("min", "max"):
            return min(values) if agg == "min" else max(values)
        if self.table.truncated:
            raise Undoable("truncated")
        if agg == "median":
            ordered = sorted(values)
            half = len(ordered) // 2
            return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
        if agg == "avg":
            return sum(values, Decimal(0)) / len(values)
        if column.is_rate and len(set(values)) == 1 and agg == "sum":
            return values[0]  # the same price in every row is the price
        if column.is_rate:
            raise Undoable("rate", column.name)
        if column.is_level and self._spans_time(rows):
            raise Undoable("level", column.name)
        return sum(values, Decimal(0))

    def _spans_time(self, rows: Sequence[int]) -> bool:
        time = self.table.time
        return time is not None and len({time.values[row] for row in rows}) > 1

    def _figure_per(self, column: Column, rows: Sequence[int]) -> Decimal | None:
        """Return the average (or median) of the sums of groups."""
        members: dict[Key, list[int]] = {}
        by = self.table[self.plan.per] if self.plan.per in self.table.names else None
        for row in rows:
            day = (
                by.values[row] if by is not None else self.time.values[row] if self.time is not None else None
            )
            if day is not None:
                same = by is not None or (self.time is not None and self.plan.per == self.time.grain)
                members.setdefault(day if same else floor(day, self.plan.per), []).append(row)  # type: ignore[arg-type]
        sums = []
        for those in members.values():
            values = [column.values[row] for row in those if column.values[row] is not None]
            found = self._reduced(column, those, values, "sum")
            if found is not None:
                sums.append(found)
        if not sums:
            return None
        if self.plan.agg == "median":
            ordered = sorted(sums)
            half = len(ordered) // 2
            return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
        return sum(sums, Decimal(0)) / len(sums)

    def _figure_of_two(self, measure: Measure, rows: Sequence[int]) -> Decimal | None:
        """Return a ratio, difference or margin of two totals, of the rows that have both."""
        if measure.column is None or measure.other is None:
            raise Undoable("unclear")
        one, other = self.table[measure.column], self.table[measure.other]
        both = [row for row in rows if one.values[row] is not None and other.values[row] is not None]
        self.missing += len(rows) - len(both)
        if not both:
            return None
        if len(both) > 1:
            if self.table.truncated:
                raise Undoable("truncated")
            for column in (one, other):
                if column.is_rate:
                    raise Undoable("rate", column.name)
                if column.is_level and self._spans_time(both) and measure.kind != "ratio":
                    raise Undoable("level", column.name)
        a = sum((one.values[row] for row in both), Decimal(0))
        b = sum((other.values[row] for row in both), Decimal(0))
        if measure.kind == "difference":
            return a - b
        bottom = {"ratio": b, "margin": a, "margin_of_cost": b}[measure.kind]
        if bottom == 0:
            if self.plan.group_by is None:
                raise Undoable("undefined", measure.other if measure.kind != "margin" else measure.column)
            return None
        top = a if measure.kind == "ratio" else a - b
        return top / bottom * (100 if measure.percent else 1)

    def _is_additive_here(self) -> bool:
        """Return whether the groups may be added up: levels may, at one moment."""
        measure = self.plan.measure
        if measure.kind == "column" and measure.column and self.table[measure.column].is_level:
            is_sum = self.plan.agg == "sum" and not self.table[measure.column].is_rate
            return is_sum and not self._spans_time(sorted(self.read))
        return self._is_additive()

    def _is_additive(self) -> bool:
        measure = self.plan.measure
        if measure.kind != "column" or measure.column is None or self.plan.agg != "sum":
            return False
        column = self.table[measure.column]
        return column.kind == "number" and not column.is_rate and not column.is_level
