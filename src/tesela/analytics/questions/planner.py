"""The plan of a question, from its words alone: no model, and rather none than a wrong one."""

from __future__ import annotations

from typing import Literal

from tesela.analytics.questions.columns import figures_of
from tesela.analytics.questions.comparing import Comparing, settled
from tesela.analytics.questions.lexicon import VERB_OF
from tesela.analytics.questions.plan import Having, Measure, Plan, Unanswerable
from tesela.analytics.questions.reading import Reading
from tesela.analytics.questions.subject import Refused, label
from tesela.analytics.questions.words import listed

YES_NO = frozenset(listed("did does do is are was were has have had can"))
YES_NO_ES = frozenset(
    listed("""es fue son fueron hay hubo tiene tienen tuvo ha han esta estan vendio vendieron crecio crecieron supero
    supera
    gano genero aumento subio bajo cayo hizo ingreso facturo disminuyo""")
)


_MORE = frozenset(
    listed(
        "more higher greater larger bigger less fewer lower smaller better worse mas menos mayor menor mejor peor"
    )
)
_COMPARE = frozenset(
    listed("compare compared comparing compara comparar comparado comparada comparacion versus vs against")
)
_LANDED = frozenset(listed("fell fall falls cayo cayeron"))
"""Words of decline that only say where something lies: "what share of orders fell in Q4"."""


def plan_of(reading: Reading) -> Plan | Unanswerable:
    """Return the plan of a question that was read for one table, or why there is none."""
    try:
        return _Planner(reading).plan()
    except Refused as refused:
        return refused.why


class _Planner(Comparing):
    """Tells which form of answer is asked for."""

    def plan(self) -> Plan:
        r = self.r
        if r.has("why"):
            raise Refused("cause")
        if r.has("future"):
            raise Refused("future")
        if r.has("today"):
            raise Refused("today")
        if r.unknown:
            raise Refused("unknown", *dict.fromkeys(r.unknown), suggestions=list(dict.fromkeys(r.near)))
        if missing := [one.missing for one in r.spans if one.missing]:
            raise Refused("period", *missing)
        r.spans = settled(r.spans)
        if unclear := [one for one in r.spans if len(one.spans) > 1]:
            raise Refused("ambiguous", *(label(one) for one in unclear[0].spans))
        if r.has("minmax"):
            raise Refused("unclear")
        self.figures = figures_of(r)
        if self.figures.trouble is not None:
            raise Refused(*self.figures.trouble)
        self._read_values()
        plan = self._form()
        leftover = [number for at, number in r.numbers if at not in self.used_numbers]
        if leftover:
            raise Refused("unclear")
        return plan

    def _form(self) -> Plan:
        r, figures = self.r, self.figures
        is_growth = r.has("grow", "yoy", "mom", "wow", "qoq", "flat")
        pair = self._pair()
        if self._is_yes_no():
            return self._yes_no(pair, is_growth=is_growth)
        if r.has("share") and all(self.r.tokens[op.at].word in _LANDED for op in r.ops if op.name == "grow"):
            is_growth = r.has("yoy", "mom", "wow", "qoq")
        by_two = r.has("diff") or (r.has("comp") and r.has("value", "count"))
        if by_two and (pair is not None or len(self._plain_spans()) == 2 or len(figures.measures) == 2):
            return self._difference(pair)
        if self._sets_two_periods_side_by_side(pair):
            spans = self._plain_spans()
            return self._between(spans[0], spans[1], "percent")
        if is_growth or (len(self._ranges()) == 1 and r.has("percent", "diff") and not r.has("share")):
            return self._growth()
        if r.has("comp") and not (pair and self._has_or()) and not r.has("sup"):
            return self._compared(pair)
        if r.has("steps"):
            if pair is None:
                raise Refused("unclear")
            return self._conversion(pair)
        if r.has("share") or (r.has("percent") and self._looks_like_share()):
            return self._share()
        if r.has("rank") and not r.has("ordinal"):
            return self._rank()
        if self._superlative() is not None or r.has("ordinal") or (r.has("comp") and pair):
            return self._best(pair)
        if r.has("count"):
            return self._count()
        if (
            self._asks_who()
            and self.entities
            and not (figures.main or figures.conditions or r.has("value", "sum"))
        ):
            return self._who()
        if figures.conditions or (
            self._group() and not figures.main and not r.has("avg", "median", "value", "sum")
        ):
            return self._listed()
        return self._value()

    def _is_yes_no(self) -> bool:
        first = self.r.tokens[0].word if self.r.tokens else ""
        if first in VERB_OF and self.r.has("comp") and not self.r.has("value", "count"):
            return True
        return first in YES_NO or (first in YES_NO_ES and not self.r.has("count", "value"))

    def _sets_two_periods_side_by_side(self, pair: tuple[str, list[str]] | None) -> bool:
        """Return whether the question is "compare Q1 with Q1 of last year"."""
        two = len(self._plain_spans()) == len(self.r.spans) == 2
        said = not _COMPARE.isdisjoint(token.word for token in self.r.tokens)
        return two and said and pair is None and self._group() is None and self._superlative() is None

    def _who(self) -> Plan:
        """Which rows have the named values: "who works in Finance"."""
        row = self.table.row_key
        if row is None or row.name in self.entities or self._group() not in (None, (row.name, None)):
            raise Refused("unclear")
        return self._with_conditions((row.name, None), "list")

    def _value(self) -> Plan:
        """A look-up, a sum, an average; of several named values one by one; of each group."""
        r, group = self.r, self._group()
        measure, agg = self._measure(), self._agg()
        self._join_spans()
        if (
            len([one for one in r.spans if one.base is None and not (one.spans and one.spans[0].weekdays)])
            > 1
        ):
            raise Refused("unclear")
        pair = self._pair()
        per = self.figures.per(agg)
        if group and (self._follows_a_value(group[0]) or self._is_noun_of_rows(group[0])):
            group = None
        if group and per is None and agg in ("sum", "avg", "median") and not self._is_said_of(group[0]):
            return self._make(
                measure=measure,
                agg=agg,
                group_by=group[0],
                bucket=group[1],
                form="table",
                order="desc" if group[1] is None else None,
            )
        is_against = not _COMPARE.isdisjoint(token.word for token in r.tokens)
        if pair and (is_against or not r.has("sum", "avg", "median")):
            return self._make(
                measure=measure, agg=agg, group_by=pair[0], form="table", subjects=tuple(pair[1])
            )
        if self.figures.is_date(measure):
            return self._make(
                measure=measure, agg="max" if r.has("supdate") or measure.kind == "column" else "min"
            )
        return self._make(measure=measure, agg=agg, per=per)

    def _count(self) -> Plan:
        """How many different ones there are, of those that meet the conditions."""
        count = self.r.first("count")
        if count is None:
            raise Refused("unclear")
        self._join_spans()
        if self.figures.counts_rows:
            group = self._group()
            if group is None:
                raise Refused("unclear")
            return self._make(group_by=group[0], bucket=group[1], agg="count", form="table", order="desc")
        noun = self.figures.noun_after(count)
        if noun is None and not self.figures.conditions and self.figures.main_or_default(self.r) is not None:
            return self._value()
        if noun == "measure" and not self.figures.conditions:
            return self._value()
        group = self._group()
        if self.r.has("rows") and group is None:
            filters = (*self._filters(), *self._row_filters())
            return self._make(measure=Measure(kind="rows"), agg="count", filters=filters, form="count")
        if group is None or noun == "measure":
            raise Refused("unclear")
        if self._agg() != "sum":
            raise Refused("unclear")
        return self._with_conditions(group, "count")

    def _listed(self) -> Plan:
        """Which ones meet the conditions."""
        group = self._group()
        if group is None and (self.r.has("rows") or self.table.texts):
            keys = self.table.texts
            group = (
                (keys[0].name, None)
                if len(keys) == 1 or self.table[keys[0].name].is_unique or self.r.has("rows")
                else None
            )
        if group is None and self.time is not None and self.r.has("when"):
            group = (self.time.name, self.r.calendar.grain if self.r.calendar else None)
        if group is None or self._agg() != "sum":
            raise Refused("unclear")
        return self._with_conditions(group, "list")

    def _with_conditions(self, group: tuple[str, str | None], form: str) -> Plan:
        column, bucket = group
        filters = self._filters()
        if column in self.entities and form == "list" and not self.figures.conditions:
            raise Refused("unclear")
        if not self.figures.conditions:
            return self._make(
                measure=Measure(kind="rows"), filters=filters, group_by=column, bucket=bucket, form=form
            )
        names = [
            name for _, measure in self.figures.conditions for name in (measure.column, measure.other) if name
        ]
        is_flat = self._is_one_row_each(column, bucket)
        is_level = all(self.table[name].is_level or self.table[name].kind == "date" for name in names)
        if all(measure.kind == "column" for _, measure in self.figures.conditions) and (is_flat or is_level):
            return self._make(
                measure=Measure(kind="rows"), filters=(*filters, *self._row_filters()), group_by=column, bucket=bucket,
                form=form, per=None if is_flat else "rows",
            )  # fmt: skip
        if len(self.figures.conditions) != 1:
            raise Refused("unclear")
        condition, measure = self.figures.conditions[0]
        if condition.number is None or condition.upper is not None:
            raise Refused("unclear")
        having = Having(op=condition.op, value=str(condition.number))
        return self._make(
            measure=measure,
            filters=filters,
            group_by=column,
            bucket=bucket,
            having=having,
            order="desc",
            form=form,
            agg=self._agg(),
        )

    def _is_noun_of_rows(self, column: str) -> bool:
        """Return whether a group only says what a row is: "average hours of high priority cases", "how much did the
        shops of Madrid sell"."""
        row = self.table.row_key
        if row is None or column != row.name or column in self.entities:
            return False
        at = next((at for at, name in self.figures.places.items() if name == column), 0)
        before = self.r.tokens[at - 1].word if at else ""
        return before not in ("by", "each", "every", "cada") and self.r.has("avg", "median", "sum", "value")

    def _follows_a_value(self, column: str) -> bool:
        """Return whether a group is the noun of a value of another column: "the cost of all Textiles products"."""
        ends = {one.at + one.length for one in self.r.values}
        return any(at in ends for at, name in self.figures.places.items() if name == column)

    def _compared(self, pair: tuple[str, list[str]] | None) -> Plan:
        """ "Who sold more, A or B" is a superlative of two; everything else with "more" is not understood."""
        if pair is not None:
            return self._best(pair)
        group = self._group()
        if (
            group
            and not self._is_said_of(group[0])
            and not self.r.has("than", "count", "value")
            and self._is_asked()
            and self._is_plain_more()
        ):
            return self._best(None)
        spans = self._plain_spans()
        if len(spans) == 2 and self.r.has("value", "count"):
            return self._between(spans[0], spans[1], "absolute")
        raise Refused("unclear")

    def _is_plain_more(self) -> bool:
        return all(self.r.tokens[op.at].word in _MORE for op in self.r.ops if op.name in ("comp", "compgood"))

    def _is_asked(self) -> bool:
        """Return whether the question asks which: "which location holds more units"."""
        return bool(self.r.tokens) and self.r.tokens[0].word in ("which", "what", "que", "cual")

    def _yes_no(self, pair: tuple[str, list[str]] | None, *, is_growth: bool) -> Plan:
        r, figures, spans = self.r, self.figures, self._plain_spans()
        comp = r.first("comp", "compgood")
        sense = "less" if comp and comp.arg == "lt" else "more"
        if comp and comp.name == "compgood" and self._good("max") == "min":
            sense = "less" if sense == "more" else "more"
        if r.has("not", "exclude") and not r.values:
            raise Refused("unclear")
        if r.has("than", "comp") and pair and len(pair[1]) == 2 and comp:
            return self._make(
                group_by=pair[0], subjects=tuple(pair[1]), sense=sense, form="yes_no", agg=self._agg()
            )
        if comp and len(spans) == 2 and len(r.spans) == 2 and pair is None:
            flipped = spans[0].start < spans[1].start
            return self._between(spans[0], spans[1], "absolute").model_copy(
                update={
                    "form": "yes_no",
                    "sense": {"more": "less", "less": "more"}[sense] if flipped else sense,
                }
            )
        if is_growth and not pair and not figures.conditions and not figures.any_asked:
            plan = self._growth()
            if plan.form != "growth" or r.has("not"):
                raise Refused("unclear")
            grow = r.first("grow")
            turned = {"up": "more", "down": "less"}.get(
                grow.arg if grow else "", "same" if r.has("flat") else ""
            )
            if not turned:
                turned = sense if comp else ""
            if not turned:
                raise Refused("unclear")
            return plan.model_copy(update={"form": "yes_no", "sense": turned})
        if is_growth or r.has("share", "rank", "ordinal"):
            raise Refused("unclear")
        best = self._superlative()
        if best and len(self.entities) >= 1 and pair is None and not figures.conditions:
            group = self._group()
            column = group[0] if group and group[0] in self.entities else next(iter(self.entities))
            return self._make(
                filters=self._filters(without=column), group_by=column, subjects=tuple(self.entities[column]),
                order="asc" if best == "min" else "desc", form="yes_no", agg=self._agg(),
            )  # fmt: skip
        if best or pair or (comp and not figures.conditions):
            if comp and len(figures.measures) == 2 and not best and not pair:
                measure = Measure(kind="difference", column=figures.measures[0], other=figures.measures[1])
                return self._make(
                    measure=measure,
                    form="yes_no",
                    sense=sense,
                    having=Having(op="gt" if sense == "more" else "lt", value="0"),
                )
            raise Refused("unclear")
        if figures.conditions:
            return self._yes_no_condition()
        if len(self.entities) == 2 and not figures.main and not self._group():
            held = self.table.holding
            measure = Measure(kind="rows") if held is None else Measure(column=held.name)
            agg: Literal["count", "sum"] = "count" if held is None else "sum"
            return self._make(measure=measure, agg=agg, form="yes_no", having=Having(op="gt", value="0"))
        raise Refused("unclear")

    def _yes_no_condition(self) -> Plan:
        """Is a figure above a number; is there any that is."""
        group = self._group()
        if group and (self.figures.any_asked or not self.entities):
            return self._with_conditions(group, "yes_no").model_copy(update={"form": "yes_no"})
        if len(self.figures.conditions) != 1:
            raise Refused("unclear")
        condition, measure = self.figures.conditions[0]
        if condition.upper is not None:
            raise Refused("unclear")
        if condition.number is None:
            measure = Measure(kind="difference", column=measure.column, other=condition.column)
            return self._make(
                measure=measure, agg=self._agg(), having=Having(op=condition.op, value="0"), form="yes_no"
            )
        having = Having(op=condition.op, value=str(condition.number))
        return self._make(measure=measure, agg=self._agg(), having=having, form="yes_no")
