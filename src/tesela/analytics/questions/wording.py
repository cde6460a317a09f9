"""The sentence of an outcome: a template over its figures. Nothing here computes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from tesela.analytics.questions import figures as write
from tesela.analytics.questions.periods import Calendar
from tesela.analytics.questions.plan import Measure, Period, Plan
from tesela.analytics.questions.reducing import Group, Outcome
from tesela.analytics.questions.tables import Table

Words = dict[str, str]
EN: Words = {
    "highest": "highest", "lowest": "lowest", "rows": "rows", "for": "for", "in": "in", "not": "without",
    "sum": "Total", "avg": "Average", "median": "Median", "min": "Lowest", "max": "Highest", "none": "None",
    "of": "of", "each": "each", "tie": "tie", "more": "more", "less": "less", "total": "total", "than": "than",
    "between": "between", "against": "against", "ahead": "ahead of", "per": "per", "latest": "Latest",
}  # fmt: skip
ES: Words = {
    "highest": "mayor", "lowest": "menor", "rows": "filas", "for": "de", "in": "en", "not": "sin",
    "sum": "Total de", "avg": "Media de", "median": "Mediana de", "min": "Mínimo de", "max": "Máximo de",
    "none": "Ninguno", "of": "de", "each": "cada uno", "tie": "empatan", "more": "más", "less": "menos",
    "total": "total", "than": "que", "between": "entre", "against": "frente a", "ahead": "por delante de",
    "per": "por", "latest": "Última fecha de",
}  # fmt: skip
_COMPARED = {
    "en": {"gt": "above", "ge": "at least", "lt": "below", "le": "at most", "eq": "equal to", "ne": "other than"},
    "es": {"gt": "por encima de", "ge": "al menos", "lt": "por debajo de", "le": "como mucho", "eq": "igual a",
           "ne": "distinto de"},
}  # fmt: skip
_PERIODS = {
    "en": {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"},
    "es": {"day": "día", "week": "semana", "month": "mes", "quarter": "trimestre", "year": "año"},
}
_MANY = {
    "en": {"day": "days", "week": "weeks", "month": "months", "quarter": "quarters", "year": "years"},
    "es": {"day": "días", "week": "semanas", "month": "meses", "quarter": "trimestres", "year": "años"},
}


def sentence(outcome: Outcome, language: str) -> str:
    """Return the answer in words."""
    return _Sentence(outcome, language).text()


def measure_name(measure: Measure, table: Table) -> str:
    """Return what a figure is called in words.

    The words of a column's name, or those that the question has for two columns.
    """
    if measure.kind == "rows":
        return "rows"
    if measure.kind == "column" or measure.column is None or measure.other is None:
        return plain(measure.column or "")
    if measure.label:
        return measure.label.lower() if not measure.label.isupper() else measure.label
    if measure.kind == "difference":
        return f"{plain(measure.column)} − {plain(measure.other)}"
    return f"{plain(measure.column)} / {plain(measure.other)}"


def plain(name: str) -> str:
    """Return a column's name as words."""
    return name.replace("_", " ").strip()


class _Sentence:
    def __init__(self, outcome: Outcome, language: str) -> None:
        self.o, self.plan, self.table = outcome, outcome.plan, outcome.table
        self.language = language
        self.es = language == "es"
        self.w = ES if self.es else EN
        self.name = measure_name(self.plan.measure, self.table)

    def text(self) -> str:
        forms = {
            "value": self._value, "entity": self._entity, "list": self._list, "count": self._count,
            "yes_no": self._yes_no, "share": self._share, "rank": self._rank, "growth": self._growth,
            "difference": self._difference, "table": self._table,
        }  # fmt: skip
        return forms[self.plan.form]() + self._notes()

    # Parts

    def _n(self, value: Decimal | None, *, signed: bool = False, percent: bool | None = None) -> str:
        if value is None:
            return "–"
        measure = self.plan.measure
        if measure.kind == "column" and measure.column and self.table[measure.column].kind == "date":
            found = dt.date.fromordinal(int(value))
            return f"{write.day(found, self.language)} ({found.isoformat()})"
        is_column = measure.kind == "column" and measure.column is not None
        is_percent = measure.percent or (is_column and self.table[measure.column or ""].is_percent)
        return write.number(
            value, self.language, percent=is_percent if percent is None else percent, signed=signed
        )

    def _pct(self, value: Decimal, *, signed: bool = False) -> str:
        return write.number(value, self.language, percent=True, signed=signed)

    def _key(self, group: Group) -> str:
        column = self.plan.group_by
        if column is not None and self.table[column].kind == "date":
            bucket = self.plan.bucket or self.table[column].grain
            text = write.time_key(group.key, bucket, self.language)
            if (
                bucket == "month"
                and self.table[column].grain == "month"
                and self.plan.form in ("entity", "list")
            ):
                raw = next(
                    r
                    for r, v in zip(self.table[column].raw, self.table[column].values, strict=True)
                    if v == group.key
                )
                text += f" ({raw})"
        else:
            text = str(group.key)
        return f"{text} ({', '.join(group.labels)})" if group.labels else text

    def _keys(self, groups: Sequence[Group]) -> str:
        return write.joined([self._key(group) for group in groups], self.language)

    def _period(self, period: Period | None) -> str:
        return "" if period is None else write.period(period, self._calendar(), self.language)

    def _calendar(self) -> Calendar | None:
        return None if self.o.time is None else Calendar(self.o.time)

    def _scope(self, *, with_period: bool = True) -> str:
        """Return " for Madrid in August 2026": what the figures are narrowed to."""
        parts = []
        named = self.plan.group_by if self.plan.subjects else None
        for one in self.plan.filters:
            if one.column == named and one.op == "in":
                continue
            values = write.joined(list(one.values), self.language, limit=5)
            if one.op == "in":
                parts.append(f" {self.w['for']} {values}")
            elif one.op == "not_in":
                parts.append(f" {self.w['not']} {values}")
            else:
                other = plain(one.other) if one.other else self._plain_number(one.values[0])
                parts.append(f" ({plain(one.column)} {_COMPARED[self.language][one.op]} {other})")
        if with_period and self.plan.period is not None:
            parts.append(
                f", {self._period(self.plan.period)}" if self.es else f" in {self._period(self.plan.period)}"
            )
        return "".join(parts)

    def _plain_number(self, value: str) -> str:
        return write.number(Decimal(value), self.language)

    def _named(self, *, lower: bool = False) -> str:
        """Return the measure with how it was put together: "Total revenue"."""
        plan = self.plan
        agg = plan.agg
        group = self.o.groups[0] if self.o.groups else None
        is_single = group is not None and group.rows == 1
        name = self.name
        per = ""
        if plan.per is not None and plan.per != "rows":
            per = f" {self.w['per']} {_PERIODS[self.language].get(plan.per, plain(plan.per))}"
        if plan.measure.kind != "column" or (is_single and not per):
            text = name[:1].upper() + name[1:]
        else:
            text = f"{self.w[agg if agg in self.w else 'sum']} {name}{per}"
        return text[:1].lower() + text[1:] if lower else text

    # Forms

    def _value(self) -> str:
        group = self.o.groups[0]
        text = f"{self._named()}{self._scope()}: {self._n(group.value)}"
        if self.plan.measure.percent or self.plan.measure.kind != "column":
            text += self._of_what()
        return f"{text}."

    def _of_what(self) -> str:
        measure = self.plan.measure
        if (
            measure.kind == "column"
            or measure.column is None
            or measure.other is None
            or measure.label is None
        ):
            return ""
        sign = {"ratio": "÷", "difference": "−"}.get(measure.kind, "−")
        formula = f"{plain(measure.column)} {sign} {plain(measure.other)}"
        if measure.kind == "margin":
            formula = f"({formula}) ÷ {plain(measure.column)}"
        if measure.kind == "margin_of_cost":
            formula = f"({formula}) ÷ {plain(measure.other)}"
        return f" ({formula})"

    def _entity(self) -> str:
        plan, groups = self.plan, self.o.groups
        if not groups:
            return self._nobody()
        side = self.w["highest" if plan.order == "desc" else "lowest"]
        values = self._change(groups[0]) if plan.change else self._n(groups[0].value)
        keys = self._keys(groups)
        rank = f"{write.ordinal(plan.offset + 1, self.language)} " if plan.offset else ""
        if plan.change:
            what = (
                f"la variación {rank}{side} de {self.name}"
                if self.es
                else f"the {rank}{side} change in {self.name}"
            )
            scope = self._scope(with_period=False) + self._from_to()
        else:
            is_date = plan.measure.column and self.table[plan.measure.column].kind == "date"
            if is_date:
                side = {
                    "desc": "más reciente" if self.es else "latest",
                    "asc": "más antigua" if self.es else "earliest",
                }[plan.order or "desc"]
            what = f"{rank}{side} {self.name}" if not self.es else f"{self.name}: {rank}{side}"
            agg = {"avg": "average ", "median": "median "}.get(plan.agg, "") if not self.es else ""
            what = (
                f"the {rank}{side} {agg}{self.name}"
                if not self.es
                else f"el valor {rank}{side} de {self.name}"
            )
            scope = self._scope()
        if len(groups) > 1:
            if self.es:
                return f"{keys} empatan con {what}{scope}: {values} {self.w['each']}."
            return f"{keys} tie for {what}{scope}: {values} each."
        if self.es:
            return f"{keys} tiene {what}{scope}: {values}."
        return f"{keys} had {what}{scope}: {values}."

    def _nobody(self) -> str:
        text = f"{self.w['none']}: " + ("ningún grupo lo cumple" if self.es else "no group fits")
        return f"{text}{self._scope()}."

    def _change(self, group: Group) -> str:
        now, base = group.now or Decimal(0), group.base or Decimal(0)
        difference = now - base
        parts = [self._n(difference, signed=True)]
        if base > 0 and not self.plan.measure.percent:
            parts.insert(0, self._pct(difference / base * 100, signed=True))
        if self.plan.change == "absolute":
            parts.reverse()
        detail = f"{self._n(base)} → {self._n(now)}"
        return f"{parts[0]} ({'; '.join([*parts[1:], detail])})"

    def _from_to(self) -> str:
        base, period = self._period(self.plan.base), self._period(self.plan.period)
        return f" de {base} a {period}" if self.es else f" from {base} to {period}"

    def _list(self) -> str:
        groups = self.o.groups
        if not groups:
            return self._nobody()
        if self.plan.measure.kind == "rows":
            return f"{self._keys(groups)}{self._met()}."
        shown = [
            f"{self._key(group)} ({self._change(group) if self.plan.change else self._n(group.value)})"
            for group in groups
        ]
        text = write.joined(shown, self.language)
        scope = self._scope(with_period=not self.plan.change) + (self._from_to() if self.plan.change else "")
        by = "por" if self.es else "by"
        return f"{text}, {by} {self.name}{scope}."

    def _met(self) -> str:
        return self._scope()

    def _count(self) -> str:
        plan, found = self.plan, len(self.o.groups)
        if plan.group_by is None:
            found = int(self.o.groups[0].value or 0) if self.o.groups else 0
            noun = self.w["rows"]
        else:
            noun = self._noun()
        had = ""
        if plan.having is not None:
            bound = self._plain_number(plan.having.value)
            what = (
                self.name
                if not plan.change
                else (f"cambio de {self.name}" if self.es else f"change in {self.name}")
            )
            sign = "%" if plan.change == "percent" else ""
            had = f" ({what} {_COMPARED[self.language][plan.having.op]} {bound}{sign})"
        scope = self._scope(with_period=not plan.change) + (self._from_to() if plan.change else "")
        return f"{write.number(Decimal(found), self.language)} {noun}{had}{scope}."

    def _noun(self) -> str:
        plan = self.plan
        if plan.bucket is not None and plan.bucket in _PERIODS[self.language]:
            return _MANY[self.language][plan.bucket]
        return ("valores de " if self.es else "different values of ") + plain(plan.group_by or "")

    def _yes_no(self) -> str:
        said = ("Sí" if self.o.is_true else "No") if self.es else ("Yes" if self.o.is_true else "No")
        groups = self.o.groups
        if self.plan.change and groups:
            return f"{said}: {self.name}{self._scope(with_period=False)}{self._from_to()}: {self._change(groups[0])}."
        if self.plan.group_by is not None and groups:
            shown = groups[:10]
            parts = [
                f"{self._key(g)} ({self._n(g.value)})" if self.plan.measure.kind != "rows" else self._key(g)
                for g in shown
            ]
            name = f", {self.name}" if self.plan.measure.kind != "rows" else ""
            return f"{said}: {write.joined(parts, self.language)}{name}{self._scope()}."
        if groups:
            return f"{said}: {self.name}{self._scope()}: {self._n(groups[0].value)}."
        return f"{said}{self._scope()}." if not self.plan.filters else f"{said}."

    def _share(self) -> str:
        plan = self.plan
        group = self.o.groups[0]
        if plan.group_by is not None and not plan.subjects and plan.per != "rows":
            shown = [f"{self._key(one)} {self._pct(one.value or Decimal(0))}" for one in self.o.groups]
            return f"{write.joined(shown, self.language)} {self.w['of']} {self.name}{self._scope()}."
        value = self._pct(group.value or Decimal(0))
        parts = f"({self._n(group.now, percent=False)} {self.w['of']} {self._n(group.base, percent=False)})"
        if plan.per == "rows":
            return f"{value} {parts}{self._scope()}."
        if plan.base is not None and plan.group_by is None:
            scope = self._scope(with_period=False)
            return f"{self._period(plan.period)}: {value} {self.w['of']} {self.name} {parts}{scope}."
        subjects = write.joined(list(plan.subjects), self.language)
        whole = self.name if plan.whole is None else plan.whole
        return f"{subjects}: {value} {self.w['of']} {whole} {parts}{self._scope()}."

    def _rank(self) -> str:
        plan, group = self.plan, self.o.groups[0]
        place = write.ordinal(self.o.rank or 0, self.language)
        tied = ""
        if self.o.tied:
            tied = f", empatado con {self.o.tied}" if self.es else f", tied with {self.o.tied}"
        by = f"{self.name}{self._scope()} ({self._n(group.value)}){tied}."
        if self.es:
            return f"{self._key(group)}: puesto {place} de {self.o.all_groups} por {by}"
        direction = ", lowest first" if plan.order == "asc" else ""
        return f"{self._key(group)} ranks {place} of {self.o.all_groups}{direction} by {by}"

    def _growth(self) -> str:
        group = self.o.groups[0]
        name = self.name[:1].upper() + self.name[1:]
        like = self.o.like_for_like
        if like is not None and like[1] > 0:
            now, base = like
            rate = self._pct((now - base) / base * 100, signed=True)
            only = "solo con valores en ambos periodos" if self.es else "only where both periods have a value"
            everything = "todas las filas" if self.es else "all rows"
            scope = f"{self._scope(with_period=False)}{self._from_to()}"
            return (
                f"{name}{scope}: {rate} ({self._n(base)} → {self._n(now)}, {only}; "
                f"{everything}: {self._change(group)})."
            )
        return f"{name}{self._scope(with_period=False)}{self._from_to()}: {self._change(group)}."

    def _difference(self) -> str:
        one, other = self.o.groups
        mine, theirs = one.value or Decimal(0), other.value or Decimal(0)
        difference = mine - theirs
        size = self._n(abs(difference))
        side = self.w["more" if difference >= 0 else "less"]
        against = f"({self._n(one.value)} {self.w['against']} {self._n(other.value)})"
        percent = ""
        if self.plan.change == "percent" and theirs > 0:
            percent = f" ({self._pct(difference / theirs * 100, signed=True)})"
        mine_key, their_key, scope = self._key(one), self._key(other), self._scope()
        if self.es:
            return f"{mine_key} tiene {size}{percent} {side} que {their_key} en {self.name}{scope} {against}."
        return f"{mine_key} has {size}{percent} {side} {self.name} than {their_key}{scope} {against}."

    def _table(self) -> str:
        groups = self.o.groups
        shown = [
            f"{self._key(g)}: {self._change(g) if self.plan.change else self._n(g.value)}" for g in groups
        ]
        total = ""
        if self.o.total is not None:
            total = f" ({self.w['total']}: {self._n(self.o.total)})"
        scope = self._scope(with_period=not self.plan.change) + (self._from_to() if self.plan.change else "")
        name = self._named() if not self.plan.change else self.name[:1].upper() + self.name[1:]
        return f"{name}{scope} – {write.joined(shown, self.language)}{total}."

    def _notes(self) -> str:
        notes = []
        if self.o.without and self.plan.form not in ("yes_no",):
            if self.plan.form in ("list", "count"):
                count = len(self.o.without)
                notes.append(
                    f"{count} sin cifra comparable."
                    if self.es
                    else f"{count} left out: nothing to compare with."
                )
            else:
                names = write.joined([str(key) for key, _ in self.o.without], self.language, limit=5)
                if self.plan.change:
                    notes.append(
                        f"Sin base o sin valor: {names}."
                        if self.es
                        else f"No rate (no base or no value): {names}."
                    )
                else:
                    notes.append(f"Sin valor: {names}." if self.es else f"No value: {names}.")
        elif self.o.missing and self.plan.form != "list":
            notes.append(
                f"Falta un valor en {self.o.missing} filas; no se cuentan." if self.es
                else f"{self.o.missing} missing value{'s are' if self.o.missing > 1 else ' is'} not counted."
            )  # fmt: skip
        if self.table.truncated:
            notes.append(
                "Solo de las filas visibles: hay más."
                if self.es
                else "Of the visible rows only: there are more."
            )
        return "".join(f" {note}" for note in notes)


def why_of(plan: Plan, table: Table, language: str) -> str:
    """Return why a tile was read: what it gave."""
    name = measure_name(plan.measure, table)
    group = f" {'por' if language == 'es' else 'per'} {plain(plan.group_by)}" if plan.group_by else ""
    if plan.measure.kind == "rows":
        name = plain(plan.group_by) if plan.group_by else ("filas" if language == "es" else "rows")
        group = ""
    return f"{'Aporta' if language == 'es' else 'Provides'} {name}{group}."
