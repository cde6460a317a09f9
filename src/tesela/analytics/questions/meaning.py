"""What the columns of a question are for: its figure, its groups, its conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tesela.analytics.questions import lexicon
from tesela.analytics.questions.plan import Filter, Measure, Period
from tesela.analytics.questions.reading import Condition, Op, Reading
from tesela.analytics.questions.select import selected
from tesela.analytics.questions.tables import Table
from tesela.analytics.questions.words import listed


@dataclass
class Figures:
    """What the columns of a question are for.

    measures: columns of figures that are asked for, in order. main: the figure that is asked for, None when none
    is named. groups: columns to group by, with a size for the time column. conditions: with the figure they are on.
    trouble: why this cannot be understood, as the arguments of a refusal.
    """

    table: Table
    measures: list[str] = field(default_factory=list)
    main: Measure | None = None
    groups: list[tuple[str, str | None]] = field(default_factory=list)
    across: set[str] = field(default_factory=set)
    conditions: list[tuple[Condition, Measure]] = field(default_factory=list)
    verbs: list[str] = field(default_factory=list)
    trouble: tuple[str, ...] | None = None
    is_average_named: bool = False
    any_asked: bool = False
    counts_rows: bool = False
    """Rows are counted in each group: "which agent has the most cases", where a row is a case."""
    zeros: set[int] = field(default_factory=set)
    places: dict[int, str] = field(default_factory=dict)
    """Where a measure or a group is named: position -> "measure" or the column."""
    per_bucket: str | None = None

    def is_zero(self, op: Op) -> bool:
        """Return whether a "no" is of a figure: no open positions."""
        return op.at in self.zeros

    def is_date(self, measure: Measure) -> bool:
        return (
            measure.column is not None
            and measure.kind == "column"
            and self.table[measure.column].kind == "date"
        )

    def is_rate(self, measure: Measure) -> bool:
        return measure.percent or (
            measure.kind == "column" and measure.column is not None and self.table[measure.column].is_rate
        )

    def per(self, agg: str) -> str | None:
        """Return the size of the time groups that are summed before an average is taken: "monthly", "per day"."""
        return self.per_bucket if agg in ("avg", "median") else None

    def noun_after(self, count: Op) -> str | None:
        """Return what "how many" counts: "measure", a column, or None."""
        later = sorted(at for at in self.places if at >= count.at + count.length)
        return self.places[later[0]] if later else None

    def main_or_default(self, reading: Reading) -> Measure | None:
        """Return the figure that is asked for, or the only one that can be meant."""
        if self.main is not None:
            return self.main
        wanted: Sequence[str] = ()
        if reading.has("supcost"):
            wanted = lexicon.PRICES
        elif reading.has("suptime") and not reading.has("grow"):
            wanted = lexicon.TIMES
        elif reading.has("supdate"):
            dates = [one for one in self.table.columns if one.kind == "date"]
            return Measure(column=dates[0].name) if len(dates) == 1 else None
        for word in wanted:
            for column in self.table.numbers:
                if any(lexicon.is_same(word, own) for own in column.words):
                    return Measure(column=column.name)
        if wanted:
            return None
        for name in self.verbs:
            return Measure(column=name)
        if reading.verbs and any(stems for _, stems in reading.verbs):
            return None
        if len(self.table.numbers) == 1:
            return Measure(column=self.table.numbers[0].name)
        if self.table.main is not None:
            return Measure(column=self.table.main.name)
        if any(op.name == "sup" and reading.tokens[op.at].stem in _BIG for op in reading.ops):
            for size in lexicon.SIZES:
                for column in self.table.numbers:
                    if size in column.words:
                        return Measure(column=column.name)
        return None

    def rows_of(self, reading: Reading, filters: Sequence[Filter], period: Period | None) -> list[int]:
        """Return the numbers of the rows that filters and period leave."""
        time = reading.calendar.column if reading.calendar else None
        return selected(self.table, filters, period, time)


_BIG = frozenset(listed("biggest largest smallest bigger smaller larger grande pequeno"))
