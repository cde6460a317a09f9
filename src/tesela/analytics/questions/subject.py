"""What a question is about: its values, periods and groups, before it is known what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from tesela.analytics.questions import lexicon
from tesela.analytics.questions.meaning import Figures
from tesela.analytics.questions.naming import ValueMention
from tesela.analytics.questions.periods import Mention, Span
from tesela.analytics.questions.plan import Filter, Measure, Period, Plan, Unanswerable
from tesela.analytics.questions.reading import Condition, Op, Reading
from tesela.analytics.questions.steps import later
from tesela.analytics.questions.tables import Column, Table


class Refused(Exception):
    """Why a question has no plan."""

    def __init__(self, kind: str, *words: str, suggestions: Sequence[str] = ()) -> None:
        self.why = Unanswerable(kind=kind, words=words, suggestions=tuple(suggestions))
        super().__init__(kind)


@dataclass
class Subject:
    """A reading, and what is drawn from it. The forms of answer are in the classes above this."""

    r: Reading
    figures: Figures = field(init=False)
    filters: list[Filter] = field(default_factory=list)
    entities: dict[str, list[str]] = field(default_factory=dict)
    """Values that rows must have, by column, in the order of the question."""
    used_numbers: set[int] = field(default_factory=set)

    @property
    def table(self) -> Table:
        return self.r.table

    @property
    def time(self) -> Column | None:
        return self.r.calendar.column if self.r.calendar else None

    def _read_values(self) -> None:
        """Sort the values into those that rows must have and those that they must not."""
        outside: dict[str, list[str]] = {}
        used: set[int] = set()
        for mention in self.r.values:
            no = self._negation(mention)
            if no is not None:
                used.add(no.at)
                outside.setdefault(mention.column, []).extend(mention.values)
            else:
                self.entities.setdefault(mention.column, []).extend(mention.values)
        for column, values in self.entities.items():
            self.entities[column] = list(dict.fromkeys(values))
        self.filters += [Filter(column=c, op="not_in", values=tuple(v)) for c, v in outside.items()]
        for op in self.r.ops:
            if (
                op.name in ("exclude", "not")
                and op.at not in used
                and not self._negates_growth(op)
                and not self.figures.is_zero(op)
            ):
                raise Refused("unclear")
            if op.name == "none" and op.at not in used and not self.figures.is_zero(op):
                raise Refused("unclear")

    def _negation(self, mention: ValueMention) -> Op | None:
        """Return the "except" or "not" that a value stands under."""
        for op in self.r.ops:
            if op.name in ("exclude", "none", "not") and op.at < mention.at:
                between = range(op.at + op.length, mention.at)
                others = {at for one in self.r.values for at in range(one.at, one.at + one.length)}
                small = (
                    "and",
                    "y",
                    "or",
                    "o",
                    "the",
                    "in",
                    "en",
                    "el",
                    "la",
                    "from",
                    "de",
                    "for",
                    "on",
                    "is",
                    "those",
                    "se",
                    "ha",
                    "han",
                    "has",
                    "have",
                    "been",
                    "are",
                    "were",
                    "yet",
                    "product",
                )
                is_near = all(
                    self.r.tokens[at].word in small or at in others or self._is_noun(at) for at in between
                )
                limit = 1 if op.name != "exclude" else 9
                if is_near and (len(between) <= 4 + limit):
                    return op
        return None

    def _is_noun(self, at: int) -> bool:
        return any(one.at <= at < one.at + one.length for one in self.r.columns)

    def _negates_growth(self, op: Op) -> bool:
        return any(one.name == "grow" and 0 < one.at - op.at <= 3 for one in self.r.ops)

    def _filters(self, without: str | None = None) -> tuple[Filter, ...]:
        inside = [
            Filter(column=column, op="in", values=tuple(values))
            for column, values in self.entities.items()
            if column != without
        ]
        return (*self.filters, *inside)

    def _has_or(self) -> bool:
        return any(token.word in ("or", "o") for token in self.r.tokens)

    def _pair(self) -> tuple[str, list[str]] | None:
        """Return the column of which two or more values are named, and those."""
        found = [(column, values) for column, values in self.entities.items() if len(values) > 1]
        return found[0] if len(found) == 1 else None

    def _plain_spans(self) -> list[Span]:
        return [
            one.spans[0]
            for one in self.r.spans
            if one.spans and one.base is None and not one.spans[0].weekdays
        ]

    def _ranges(self) -> list[Mention]:
        return [one for one in self.r.spans if one.base is not None]

    def _are_joined(self, column: str) -> bool:
        """Return whether the values of a column stand side by side: "Madrid, Sevilla and Bilbao"."""
        said = [one for one in self.r.values if one.column == column]
        small = ("and", "or", "y", "o", "e", "u", "the", "el", "la", "in", "en", "de", "from")
        gaps = [
            [token.word for token in self.r.tokens[one.at + one.length : other.at]]
            for one, other in pairwise(said)
        ]
        return all(set(gap) <= set(small) for gap in gaps) and bool(not gaps or gaps[-1])

    def _join_spans(self) -> None:
        """Make "March and April" one span, when the second begins where the first ends."""
        if len(self.r.spans) != 2 or len(self._plain_spans()) != 2:
            return
        one, other = self.r.spans
        between = [token.word for token in self.r.tokens[one.at + one.length : other.at]]
        first, second = sorted((one.spans[0], other.spans[0]), key=lambda span: span.start)
        if between in (["and"], ["y"], ["and", "in"], ["y", "en"]) and first.end == second.start:
            whole = Span(first.start, second.end)
            self.r.spans = [replace(one, length=other.at + other.length - one.at, spans=(whole,))]

    def _period(self) -> Period | None:
        """Return the days of all phrases of time together: all must hold."""
        spans = [
            Span(one.base.start, one.spans[0].end) if one.base else one.spans[0]
            for one in self.r.spans
            if one.spans
        ]
        if not spans:
            return None
        if sum(bool(one.weekdays) for one in spans) > 1:
            raise Refused("unclear")
        start, end = max(one.start for one in spans), min(one.end for one in spans)
        weekdays = tuple(sorted({day for one in spans for day in one.weekdays}))
        if start >= end:
            raise Refused("unclear")
        if self.r.calendar is None:
            raise Refused("unclear")
        if not self.r.calendar.has(Span(start, end, None, weekdays)):
            raise Refused("period", label(Span(start, end)))
        return Period(start=start, end=end, weekdays=weekdays)

    def _group(self) -> tuple[str, str | None] | None:
        """Return the column that is asked for, and the size of its groups when it is the time column."""
        if self.figures.groups:
            return self.figures.groups[0]
        return None

    def _make(self, **more: Any) -> Plan:
        made = {"tile": self.table.id, "filters": self._filters(), "period": self._period(), **more}
        if "measure" not in made:
            made["measure"] = self._measure()
        return Plan(**made)

    def _measure(self) -> Measure:
        found = self.figures.main_or_default(self.r)
        if found is None:
            raise Refused("measure", *(one.name for one in self.table.numbers))
        return found

    def _row_filters(self) -> list[Filter]:
        """Return the conditions as filters of rows."""
        return [one for condition, column in self.figures.conditions for one in as_filters(condition, column)]

    def _agg(self) -> str:
        if self.r.has("median"):
            return "median"
        return "avg" if self.r.has("avg") and not self.figures.is_average_named else "sum"

    def _is_said_of(self, column: str) -> bool:
        """Return whether a group is only said to describe: "across teams", or the noun of a named value."""
        return column in self.figures.across or column in self.entities

    def _superlative(self) -> str | None:
        """Return max or min, when the question asks for the most or the least of something. Raises Refused."""
        found = set()
        for op in self.r.ops:
            if op.name in ("sup", "supcount") or (
                op.name == "supcost"
                or (op.name == "suptime" and not self.r.has("grow"))
                or op.name == "supdate"
            ):
                found.add(op.arg)
            elif op.name == "supgood":
                found.add(self._good(op.arg))
        if len(found) > 1:
            raise Refused("unclear")
        return next(iter(found), None)

    def _good(self, direction: str) -> str:
        measure = self.figures.main_or_default(self.r)
        if measure is None or measure.kind == "rows":
            raise Refused("measure", *(one.name for one in self.table.numbers))
        words = self.table[measure.column].words if measure.column else ()
        return (
            {"max": "min", "min": "max"}[direction]
            if not lexicon.GOOD_WHEN_LOW.isdisjoint(words)
            else direction
        )

    def _how_many(self) -> tuple[int, int]:
        """Return how many are asked for, and how many are passed over."""
        ordinal = self.r.first("ordinal")
        sup = [op for op in self.r.ops if op.name.startswith("sup") or op.name in ("rank", "list")]
        near = [(at, number) for at, number in self.r.numbers if any(abs(at - op.at) <= 3 for op in sup)]
        if near and ordinal:
            raise Refused("unclear")
        if near:
            at, number = near[0]
            self.used_numbers.add(at)
            if number != int(number) or not 1 <= number <= 100:
                raise Refused("unclear")
            return int(number), 0
        return 1, int(ordinal.arg) - 1 if ordinal else 0

    def _asks_who(self) -> bool:
        return any(token.word in ("who", "quien", "quienes") for token in self.r.tokens[:3])

    def _is_one_row_each(self, column: str, bucket: str | None) -> bool:
        """Return whether each group is one row."""
        found = self.table[column]
        if bucket is None:
            period = self._period()
            if found.is_unique:
                return True
            rows = self.figures.rows_of(self.r, self._filters(), period)
            values = [found.values[row] for row in rows]
            return len(set(values)) == len(values)
        calendar = self.r.calendar
        if calendar is None or bucket != calendar.grain:
            return False
        rows = self.figures.rows_of(self.r, self._filters(), self._period())
        values = [found.values[row] for row in rows]
        return len(set(values)) == len(values)


def period_of(span: Span) -> Period:
    return Period(start=span.start, end=span.end, weekdays=span.weekdays)


def label(span: Span) -> str:
    if span.grain == "year":
        return str(span.start.year)
    if span.grain == "month":
        return f"{span.start:%Y-%m}"
    last = later(span.end, -1)
    return f"{span.start}" if last == span.start else f"{span.start} – {last}"


def as_filters(condition: Condition, measure: Measure) -> list[Filter]:
    if measure.kind != "column" or measure.column is None:
        raise Refused("unclear")
    if condition.column is not None:
        return [Filter(column=measure.column, op=condition.op, other=condition.column)]
    found = [Filter(column=measure.column, op=condition.op, values=(str(condition.number),))]
    if condition.upper is not None:
        found.append(Filter(column=measure.column, op="le", values=(str(condition.upper),)))
    return found
