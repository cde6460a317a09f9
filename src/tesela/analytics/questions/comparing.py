"""Questions that set something against something: differences, changes, shares, ranks, the most and the least."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from tesela.analytics.questions.periods import Mention, Span
from tesela.analytics.questions.plan import Having, Measure, Period, Plan
from tesela.analytics.questions.steps import after, before, floor
from tesela.analytics.questions.subject import Refused, Subject, label, period_of
from tesela.analytics.questions.tables import Grain
from tesela.analytics.questions.words import listed


class Comparing(Subject):
    """The forms of answer that compare."""

    def _difference(self, pair: tuple[str, list[str]] | None) -> Plan:
        spans, measures = self._plain_spans(), self.figures.measures
        percent = "percent" if self.r.has("percent") and not self.r.has("absolute") else "absolute"
        if pair is not None and len(pair[1]) == 2 and len(spans) < 2:
            return self._make(
                group_by=pair[0], subjects=tuple(pair[1]), form="difference", agg=self._agg(), change=percent
            )
        if len(spans) == 2 and pair is None and len(self.r.spans) == 2:
            return self._between(spans[0], spans[1], percent)
        if len(measures) == 2 and pair is None:
            measure = Measure(kind="difference", column=measures[0], other=measures[1])
            return self._make(measure=measure, form="value")
        if len(self._ranges()) == 1:
            return self._growth()
        raise Refused("unclear")

    def _between(self, one: Span, other: Span, change: str) -> Plan:
        first, second = (one, other) if one.start > other.start else (other, one)
        return Plan(
            tile=self.table.id,
            filters=self._filters(),
            period=period_of(first),
            base=period_of(second),
            measure=self._measure(),
            agg=self._agg(),
            change=change,
            form="growth",
        )

    def _growth(self) -> Plan:
        """How much a figure, or each group's, changed between two periods."""
        r, group, pair = self.r, self._group(), self._pair()
        if self.time is None and pair is not None and len(pair[1]) == 2 and group is None:
            change = "percent" if r.has("percent") else "absolute"
            return self._make(group_by=pair[0], subjects=tuple(pair[1]), form="difference", change=change)
        if self.time is None:
            return self._against_previous()
        period, base = self._two_periods()
        grow = r.first("grow")
        direction = grow.arg if grow else "any"
        is_negated = grow is not None and any(op.name == "not" and self._negates_growth(op) for op in r.ops)
        change = "absolute" if r.has("absolute") else "percent"
        if group is None and pair is None and r.has("rows") and r.tokens[0].word in ("which", "what", "que"):
            row = self.table.row_key
            if row is None:
                raise Refused("unclear")
            group = (row.name, None)
        more: dict[str, Any] = {
            "tile": self.table.id, "filters": self._filters(), "period": period, "base": base, "agg": self._agg(),
            "measure": self._measure(), "change": change,
        }  # fmt: skip
        if group and group[1] is not None:
            if self._pair() is None:
                raise Refused("unclear")
            group = None
        best = self._superlative() or self._growth_best()
        if pair and (r.has("comp", "sup", "suptime", "supgood", "compgood") or self._has_or()):
            order = "asc" if best == "min" or direction == "down" else "desc"
            return Plan(
                **more, group_by=pair[0], order=order, limit=1, form="entity", subjects=tuple(pair[1])
            )
        if group is None and pair is None:
            if self.figures.conditions or best:
                raise Refused("unclear")
            return Plan(**more, form="growth")
        if pair and group is None:
            return Plan(**more, group_by=pair[0], subjects=tuple(pair[1]), form="table")
        if group is None:
            raise Refused("unclear")
        if self._is_said_of(group[0]) and not best and not self.figures.conditions and not (r.has("count")):
            return Plan(**more, form="growth")
        if best is not None or (r.has("ordinal")):
            limit, offset = self._how_many()
            order = "asc" if (direction == "down") != (best == "min") else "desc"
            having = Having(op="lt", value="0") if direction == "down" and best != "min" else None
            return Plan(
                **more,
                group_by=group[0],
                order=order,
                limit=limit,
                offset=offset,
                having=having,
                form="entity",
            )
        having_op, value = {"up": "gt", "down": "lt", "any": "ne"}[direction], Decimal(0)
        if is_negated:
            having_op = "le" if direction == "up" else "ge"
        if r.has("flat"):
            having_op = "eq"
        if self.figures.conditions:
            if len(self.figures.conditions) > 1 or self.figures.conditions[0][0].number is None or is_negated:
                raise Refused("unclear")
            condition = self.figures.conditions[0][0]
            having_op, value = condition.op, condition.number or Decimal(0)
            if direction == "down":
                having_op, value = _mirrored(having_op), -value
        elif direction == "any" and not r.has("flat"):
            return Plan(**more, group_by=group[0], order="desc", form="table")
        if not self.figures.conditions:
            more["change"] = "absolute"  # from nothing to something is growth too
        having = Having(op=having_op, value=str(value))
        return Plan(
            **more, group_by=group[0], having=having, order="desc", form="count" if r.has("count") else "list"
        )

    def _against_previous(self) -> Plan:
        """The change from the column that holds the value before: "revenue", "revenue_prev_month"."""
        measure = self.figures.main
        if measure is None or measure.column is None or measure.kind != "column" or self._group():
            raise Refused("period", "time")
        own = set(self.table[measure.column].words)
        found = [
            one
            for one in self.table.numbers
            if own < set(one.words) and not _BEFORE.isdisjoint(set(one.words) - own)
        ]
        if len(found) != 1 or self._superlative() is not None or self.figures.conditions:
            raise Refused("period", "time")
        percent = not self.r.has("absolute")
        kind: Literal["margin_of_cost", "difference"] = "margin_of_cost" if percent else "difference"
        change = Measure(kind=kind, column=measure.column, other=found[0].name, percent=percent)
        return self._make(measure=change, form="value")

    def _growth_best(self) -> str | None:
        fast = self.r.first("suptime")
        return None if fast is None else ("max" if fast.arg == "min" else "min")

    def _two_periods(self) -> tuple[Period, Period]:
        """Return what is compared with what: later, earlier. Raises Refused."""
        r, calendar = self.r, self.r.calendar
        if calendar is None:
            raise Refused("unclear")
        spans, ranges = self._plain_spans(), self._ranges()
        if len(ranges) + len(spans) != len(r.spans):
            raise Refused("unclear")
        step: dict[str, Grain] = {"yoy": "year", "mom": "month", "wow": "week", "qoq": "quarter"}
        steps = [size for name, size in step.items() if r.has(name)]
        if len(ranges) == 1 and not spans:
            base, last = ranges[0].base, ranges[0].spans[0]
            if base is None:
                raise Refused("unclear")
            if not ranges[0].is_range:
                own = base.grain or calendar.grain
                start = floor(calendar.last, own) if calendar.grain != "week" else calendar.last
                last = Span(start, after(start, own), own)
            return period_of(last), self._with_rows(base)
        if ranges:
            raise Refused("unclear")
        if len(spans) == 2 and not steps:
            first, second = sorted(spans, key=lambda one: one.start)
            return period_of(second), period_of(first)
        if len(spans) > 1:
            raise Refused("unclear")
        if steps or spans:
            size: Grain
            grain: Grain | None = steps[0] if steps else spans[0].grain
            if grain is None:
                raise Refused("unclear")
            if spans:
                span = spans[0]
            else:
                size = calendar.grain if steps[0] == "year" else steps[0]
                start = calendar.last if size == calendar.grain else floor(calendar.last, size)
                span = Span(start, after(start, size), size)
            if grain == "year":
                base = Span(_year_before(span.start), _year_before(span.end), span.grain)
            else:
                base = Span(before(span.start, grain), span.start, grain)
            return self._with_rows(span), self._with_rows(base)
        if calendar.grain == "day" or len(calendar.days) < 2:
            raise Refused("unclear" if calendar.grain == "day" else "period", "period")
        first = Span(calendar.first, after(calendar.first, calendar.grain), calendar.grain)
        last = Span(calendar.last, after(calendar.last, calendar.grain), calendar.grain)
        return period_of(last), period_of(first)

    def _with_rows(self, span: Span) -> Period:
        if self.r.calendar is None:
            raise Refused("unclear")
        if not self.r.calendar.has(span):
            raise Refused("period", label(span))
        return period_of(span)

    def _share(self) -> Plan:
        r, group = self.r, self._group()
        if self.figures.conditions:
            if group is None:
                raise Refused("unclear")
            filters = (*self._filters(), *self._row_filters())
            if group[1] is None and not self.table[group[0]].is_unique:
                raise Refused("unclear")
            return self._make(
                measure=Measure(kind="rows"),
                filters=filters,
                group_by=group[0],
                bucket=group[1],
                form="share",
                per="rows",
            )
        if self._superlative() is not None and group and not self._is_said_of(group[0]):
            return self._best(None, with_share=True)
        spans = [one for one in r.spans if one.spans]
        measure = self.figures.main
        if not self.entities:
            if len(spans) in (1, 2) and group is None:
                return self._share_of_time([one.spans[0] for one in spans])
            if group and not spans:
                return self._make(group_by=group[0], bucket=group[1], form="share", order="desc")
            raise Refused("unclear")
        if (pair := self._pair()) is not None and not self._are_joined(pair[0]):
            return self._conversion(pair)
        columns = sorted(self.entities, key=lambda one: -len(self.table[one].by_key))
        if len(columns) == 2 and (part := self._part_of_the_other()) is not None:
            columns = [part]
        column = columns[0]
        if measure is None and group and group[0] != column and not self.figures.verbs:
            measure = Measure(kind="rows")  # the share of products that are furniture
            if not self.table[group[0]].is_unique:
                raise Refused("unclear")
        return self._make(
            measure=measure or self._measure(),
            filters=self._filters(without=column),
            group_by=column,
            subjects=tuple(self.entities[column]),
            form="share",
        )

    def _conversion(self, pair: tuple[str, list[str]]) -> Plan:
        """How much of the first member the second is: "what percentage of users who added to cart paid"."""
        said = [one for one in self.r.values if one.column == pair[0]]
        between = [token.word for token in self.r.tokens[said[0].at + said[0].length : said[-1].at]]
        if len(said) != 2 or len(pair[1]) != 2 or not _STEPS.issuperset(between) or self._group() is not None:
            raise Refused("unclear")
        return self._make(
            filters=self._filters(without=pair[0]),
            group_by=pair[0],
            subjects=(pair[1][1],),
            whole=pair[1][0],
            form="share",
        )

    def _part_of_the_other(self) -> str | None:
        """Return the column of the second value, when it is said to be part of the first: "Garden sales is South"."""
        first, last = self.r.values[0], self.r.values[-1]
        between = [token.word for token in self.r.tokens[first.at + first.length : last.at]]
        return last.column if not _COMES.isdisjoint(between) else None

    def _share_of_time(self, spans: list[Span]) -> Plan:
        if self.r.calendar is None:
            raise Refused("unclear")
        inner = min(spans, key=lambda one: (one.end - one.start, len(one.weekdays) == 0))
        outer = max(spans, key=lambda one: one.end - one.start) if len(spans) == 2 else None
        if outer and not (outer.start <= inner.start and inner.end <= outer.end):
            raise Refused("unclear")
        calendar = self.r.calendar
        whole = (
            Period(start=outer.start, end=outer.end)
            if outer
            else Period(start=calendar.first, end=calendar.end)
        )
        return Plan(
            tile=self.table.id, filters=self._filters(), measure=self._measure(), period=period_of(inner),
            base=whole, form="share",
        )  # fmt: skip

    def _looks_like_share(self) -> bool:
        if self.figures.main is not None and self.figures.is_rate(self.figures.main):
            return False
        if self.figures.conditions and self._group():
            return True
        return bool(self.entities) and self.figures.main is not None and not self.r.has("grow")

    def _rank(self) -> Plan:
        group, order = self._group(), self.r.first("order")
        best = self._superlative()
        direction = order.arg if order else ("asc" if best == "min" else "desc")
        if self.entities:
            column = group[0] if group and group[0] in self.entities else next(iter(self.entities))
            if len(self.entities[column]) != 1:
                raise Refused("unclear")
            return self._make(
                filters=self._filters(without=column), group_by=column, order=direction,
                subjects=tuple(self.entities[column]),
                form="rank", agg=self._agg(),
            )  # fmt: skip
        if group is None:
            raise Refused("unclear")
        limit, _ = self._how_many() if self.r.numbers else (None, 0)
        return self._make(
            group_by=group[0], bucket=group[1], order=direction, limit=limit, form="list", agg=self._agg()
        )

    def _best(self, pair: tuple[str, list[str]] | None, *, with_share: bool = False) -> Plan:
        """Who has the most, the least, the second most."""
        best = self._superlative()
        is_date = self.figures.is_date(self._measure())
        if is_date and best is None:
            ordinal = self.r.first("ordinal")
            if ordinal is None or ordinal.arg != "1":
                raise Refused("unclear")
            best = "min"  # who was hired first
        if best is None:
            comp = self.r.first("comp", "compgood")
            best = "min" if comp and comp.arg == "lt" else "max"
            if comp and comp.name == "compgood":
                best = self._good(best)
        limit, offset = self._how_many()
        group = self._group()
        time_words = self.r.has("when") or (group is not None and group[1] is not None)
        measure = self._measure()
        more: dict[str, Any] = {
            "order": "asc" if best == "min" else "desc", "limit": limit, "offset": offset,
            "form": "entity" if limit == 1 else "list", "agg": self._agg(),
        }  # fmt: skip
        if self.figures.is_date(measure):
            more["agg"] = "max" if best == "max" else "min"
        if self.r.has("suptime") and group and more["agg"] == "sum":
            more["agg"] = "avg"  # who is slow takes long each time, not in all
        if pair is not None and (group is None or group[0] == pair[0]):
            return self._make(**more, group_by=pair[0], subjects=tuple(pair[1]))
        if group is None and self.r.has("when"):
            if self.figures.is_date(measure):
                return self._make(measure=measure, agg=more["agg"])
            if self.time is None:
                raise Refused("period", "time")
            group = (self.time.name, self.r.calendar.grain if self.r.calendar else None)
        if group is None and self.table.texts and (self._asks_who() or self.r.has("rows")):
            group = (self.table.texts[0].name, None)
        if group is None or (self._is_said_of(group[0]) and not time_words):
            if limit != 1 or offset or self.figures.conditions:
                raise Refused("unclear")
            return self._make(measure=measure, agg="max" if best == "max" else "min", form="value")
        if self.figures.conditions:
            more["filters"] = (*self._filters(), *self._row_filters())
            if group[1] is None and not self.table[group[0]].is_unique:
                raise Refused("unclear")
        if with_share:
            more["change"] = None
        return self._make(**more, measure=measure, group_by=group[0], bucket=group[1])


_COMES = frozenset(
    listed(
        "is are was were come comes came went goes es son fue fueron viene vienen vino proviene corresponde"
    )
)
_STEPS = frozenset(
    listed(
        "to a hasta who that then also made it up in are is were was and y the el la al que luego llegaron"
    )
)
_BEFORE = frozenset(listed("prev previou prior anterior previo"))


def settled(spans: Sequence[Mention]) -> list[Mention]:
    """Return the phrases of time with "Q1" beside "Q1 of last year" made the later one."""
    known = [one.spans[0] for one in spans if len(one.spans) == 1]
    found = list(spans)
    for at, one in enumerate(found):
        if len(one.spans) > 1 and len(known) == 1 and len(found) == 2:
            same = [
                span for span in one.spans if span.grain == known[0].grain and span.start > known[0].start
            ]
            same = [span for span in same if span.start == after(known[0].start, "year")]
            if len(same) == 1:
                found[at] = replace(one, spans=(same[0],))
    return found


def _year_before(day: dt.date) -> dt.date:
    return dt.date(
        max(day.year - 1, dt.MINYEAR), day.month, 28 if (day.month, day.day) == (2, 29) else day.day
    )


def _mirrored(op: str) -> str:
    return {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}.get(op, op)
