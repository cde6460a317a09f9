"""A plan of a question as SQL: joins that cannot double a sum, and nothing that the plan does not say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlglot import exp, parse_one

from tesela.sql.assist import lexicon
from tesela.sql.assist.question import DATED, NUMERIC, At, Plan, TableWords, planned, shared_words
from tesela.sql.assist.words import words_of
from tesela.sql.quoting import quote
from tesela.sql.spots import NotRewritten

NAMES = {"sum": "total", "avg": "average", "max": "max", "min": "min"}


def ask(question: str, tables: Sequence[TableWords], dialect: str) -> str:
    """Return the SQL of a question. Raises NotRewritten with the reason.

    >>> sales = TableWords("sales", "sales", {"region": "VARCHAR", "amount": "DOUBLE", "day": "DATE"})
    >>> " ".join(ask("max amount by region", [sales], "duckdb").split())
    'SELECT sales.region, MAX(sales.amount) AS max_amount FROM sales GROUP BY sales.region ORDER BY max_amount DESC'
    """
    return _Writing(planned(question, tables), tables, dialect).sql()


class _Writing:
    def __init__(self, plan: Plan, tables: Sequence[TableWords], dialect: str) -> None:
        self.plan, self.dialect = plan, dialect
        self.tables = {one.name: one for one in tables}
        self.shared = shared_words(tables)
        self.used: list[str] = []

    def sql(self) -> str:
        plan = self.plan
        measured = [at for _, at in plan.measures]
        plan.listed = [at for at in dict.fromkeys(plan.listed) if at not in plan.dims and at not in measured]
        plan.dims = list(dict.fromkeys(plan.dims))
        plan.measures = list(dict.fromkeys(plan.measures))
        base = self._base()
        if plan.measures and plan.listed:
            plan.dims += plan.listed  # "region and total revenue"
        elif not plan.measures and (plan.dims or plan.grain):
            plan.measures = [(self._default(at), at) for at in plan.listed]
            if not plan.measures:
                raise NotRewritten("it does not know what to measure")
        if (
            plan.limit is not None
            and plan.counted not in (None, base)
            and not plan.dims
            and plan.grain is None
        ):
            table = self.tables[plan.counted or base]
            label = table.label(self.shared)
            if label is not None and table.key(self.shared) is not None:
                plan.dims = [At(table.name, label)]
        if plan.limit is not None and plan.measures and not plan.dims and plan.grain is None:
            raise NotRewritten("it does not know of what to show the top")
        if not plan.measures and not plan.listed:
            raise NotRewritten("it does not know what to show")
        self.used = [base]
        dims = [(self._column(at), at.column) for at in plan.dims]
        if plan.grain is not None:
            dims.insert(0, (self._bucket(base), plan.grain))
        items = [
            text if text.rsplit(".", 1)[-1] == self._q(name) else f"{text} AS {self._q(name)}"
            for text, name in dims
        ]
        measures = [self._measure(function, at, base) for function, at in plan.measures]
        items += [f"{text} AS {self._q(name)}" for text, name in measures]
        if not plan.measures:
            items = [self._column(at) for at in plan.listed]
        where = self._conditions()
        where += [part for period in plan.periods for part in self._period(base, *period)]
        if plan.counted not in (None, *self.used):
            raise NotRewritten(f"it does not know what {plan.counted} has to do with it")
        head = "SELECT DISTINCT" if plan.is_distinct and not plan.measures else "SELECT"
        text = " ".join((head, ", ".join(items), "FROM", self._from(base)))
        text += f" WHERE {' AND '.join(where)}" if where else ""
        if plan.measures and dims:
            text += f" GROUP BY {', '.join([one for one, _ in dims] + self._keys_of_labels())}"
        text += self._order(dims, measures)
        return parse_one(text, dialect=self.dialect).sql(self.dialect, pretty=True)

    def _keys_of_labels(self) -> list[str]:
        """Return the keys beside names that are grouped by: two people may have one name."""
        found = []
        for at in self.plan.dims:
            table = self.tables[at.table]
            key = table.key(self.shared)
            if at.column == table.label(self.shared) and key is not None and at.table != self.used[0]:
                found.append(self._column(At(at.table, key)))
        return list(dict.fromkeys(found))

    def _order(self, dims: Sequence[tuple[str, str]], measures: Sequence[tuple[str, str]]) -> str:
        if self.plan.limit is not None:
            if not measures:
                raise NotRewritten("it does not know by what to order")
            return f" ORDER BY {self._q(measures[0][1])} {self.plan.order.upper()} LIMIT {self.plan.limit}"
        if self.plan.grain is not None and dims:
            return " ORDER BY 1"
        return f" ORDER BY {self._q(measures[0][1])} {self.plan.order.upper()}" if dims and measures else ""

    def _base(self) -> str:
        """Return the table whose rows are measured: the one of the measures, else the one that is listed."""
        plan = self.plan
        named = [at.table for _, at in plan.measures if at is not None]
        named += [plan.counted] if plan.counted and any(at is None for _, at in plan.measures) else []
        named = named or [at.table for at in plan.listed] or ([plan.counted] if plan.counted else [])
        different = list(dict.fromkeys(named))
        if not different:
            raise NotRewritten("it finds no column and no table of the datasource in the words")
        if len(different) > 1:
            reach = [
                one for one in different if all(self._path(one, other) is not None for other in different)
            ]
            if len(reach) != 1 or plan.measures:
                raise NotRewritten(f"it measures {' and '.join(different)} at once")
            return reach[0]
        return different[0]

    def _default(self, at: At) -> str:
        type_ = self.tables[at.table].columns[at.column]
        words = set(words_of(at.column))
        if not NUMERIC.search(type_) or words & lexicon.NOT_ADDED or words & {"id"}:
            raise NotRewritten(f"say what of {at.column}: its sum, average, minimum or maximum")
        return "sum"

    def _measure(self, function: str, at: At | None, base: str) -> tuple[str, str]:
        if at is None:
            if self.plan.is_distinct:
                key = self.tables[base].key(self.shared) or ""
                return f"COUNT(DISTINCT {self._column(At(base, key))})", f"{base.lower()}_count"
            return "COUNT(*)", f"{base.lower()}_count"
        column = self._column(at)
        if function == "count":
            return f"COUNT(DISTINCT {column})", f"distinct_{at.column.lower()}"
        if function == "plain":
            function = self._default(at)
        if function in ("sum", "avg") and not NUMERIC.search(self.tables[at.table].columns[at.column]):
            raise NotRewritten(f"{at.column} is no number")
        return f"{function.upper()}({column})", f"{NAMES[function]}_{at.column.lower()}"

    def _q(self, name: str) -> str:
        plain = name.isidentifier() and name == name.lower()
        return name if plain and name.upper() not in exp_words(self.dialect) else quote(name, self.dialect)

    def _column(self, at: At) -> str:
        if self.used and at.table not in self.used:
            path = self._path(self.used[0], at.table)
            if path is None:
                raise NotRewritten(f"it finds no certain way from {self.used[0]} to {at.table}")
            self.used += [step for _, step, _ in path if step not in self.used]
        return f"{self._of(at.table)}.{self._q(at.column)}"

    def _of(self, table: str) -> str:
        return self._q(table.rsplit(".", 1)[-1])

    def _from(self, base: str) -> str:
        text = self.tables[base].sql
        joined = [base]
        for table in self.used[1:]:
            for here, there, (left, right) in self._path(base, table) or ():
                if there in joined:
                    continue
                joined.append(there)
                on = f"{self._of(there)}.{self._q(right)} = {self._of(here)}.{self._q(left)}"
                text += f" JOIN {self.tables[there].sql} ON {on}"
        return text

    def _path(self, start: str, end: str) -> list[tuple[str, str, tuple[str, str]]] | None:
        """Return the one shortest way from a table to another, from many rows to one at every step."""
        ways: list[list[tuple[str, str, tuple[str, str]]]] = [[]]
        seen = {start}
        while ways:
            found = [way for way in ways if (way[-1][1] if way else start) == end]
            if found:
                return found[0] if len(found) == 1 else None
            longer = []
            for way in ways:
                here = way[-1][1] if way else start
                for there in self.tables:
                    pairs = self._keys(here, there) if there not in seen else []
                    longer += [[*way, (here, there, pair)] for pair in pairs]
            ways = longer
            seen |= {way[-1][1] for way in ways}
        return None

    def _keys(self, here: str, there: str) -> list[tuple[str, str]]:
        """Return (column here, key there) by which rows here name one row there."""
        target = self.tables[there]
        key = target.key(self.shared)
        if key is None:
            return []
        own = {"".join(words_of(there)) + "id", target.called(self.shared) + "id"}
        table = self.tables[here]
        names = {one: {"".join(words_of(one)), table.bare(one)} for one in table.columns}
        return [(one, key) for one in table.columns if names[one] & own]

    def _date(self, base: str) -> At:
        found = [At(base, name) for name, type_ in self.tables[base].columns.items() if DATED.search(type_)]
        named = [at for at in (*self.plan.listed, *self.plan.dims) if at in found]
        if len(named or found) != 1:
            dates = ", ".join(at.column for at in found)
            raise NotRewritten(
                f"it cannot tell which date counts: {dates}" if found else f"{base} has no date column"
            )
        return (named or found)[0]

    def _bucket(self, base: str) -> str:
        column = self._column(self._date(base))
        if self.dialect == "sqlite":
            formats = {"month": "%Y-%m", "year": "%Y", "day": "%Y-%m-%d"}
            if self.plan.grain not in formats:
                raise NotRewritten(f"it does not know how this database cuts time by {self.plan.grain}")
            return f"STRFTIME('{formats[self.plan.grain]}', {column})"
        return f"DATE_TRUNC('{self.plan.grain}', {column})"

    def _period(self, base: str, start: dt.date, end: dt.date) -> list[str]:
        column = self._column(self._date(base))
        found = []
        for operator, day, open_end in ((">=", start, dt.date.min), ("<", end, dt.date.max)):
            if day != open_end:
                literal = f"'{day.isoformat()}'"
                found.append(
                    f"{column} {operator} {literal if self.dialect == 'sqlite' else f'CAST({literal} AS DATE)'}"
                )
        return found

    def _conditions(self) -> list[str]:
        """Return the conditions; several values of one column are alternatives."""
        found: list[str] = []
        equal: dict[At, list[str]] = {}
        for at, operator, value in self.plan.filters:
            text = exp.Literal.string(value).sql(self.dialect) if isinstance(value, str) else str(value)
            if operator == "=":
                equal.setdefault(at, []).append(text)
            else:
                found.append(f"{self._column(at)} {operator} {text}")
        for at, texts in equal.items():
            one = f"= {texts[0]}" if len(texts) == 1 else f"IN ({', '.join(dict.fromkeys(texts))})"
            found.append(f"{self._column(at)} {one}")
        return found


def exp_words(dialect: str) -> frozenset[str]:
    """Return the words that a dialect reads as its own."""
    from sqlglot.dialects.dialect import Dialect

    return frozenset(Dialect.get_or_raise(dialect).tokenizer_class.KEYWORDS)
