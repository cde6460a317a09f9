"""A query of metrics -> SQL.

Each aggregate is answered by a sub-select over its own table (`leaves`), by the dimensions that are asked. Where
there are several, their rows are put under each other and grouped again, so that null is a group like others and
no join can double anything. Formulas are worked out last: a ratio is a ratio of sums, never a mean of ratios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from string import ascii_lowercase

from sqlglot import exp

from tesela.errors import QueryRefused
from tesela.model.metric import Definition, Dimension, Grain, MetricQuery
from tesela.semantic.dialects import Shift, true_division
from tesela.semantic.expressions import (
    MAX_DEPTH,
    adding_up,
    atoms_in,
    check_references,
    formula,
    measure,
    parts_of,
)
from tesela.semantic.leaves import Leaf, Place, Times, check_joins, dimension_tree, unit_of

MAX_AGGREGATES = 100
"""Of one query, formulas resolved."""
TRIED_AT_ONCE = 10
"""Dimensions of one trial."""
MAX_RESOLVED = 500
"""Metrics met while the formulas of one query are resolved: those that double at each step end here."""


@dataclass(frozen=True, slots=True)
class View:
    """What a view adds to a query.

    places: names of `*.where` placeholders, each with the dimensions that its conditions name.
    start, end: whether `${range.start}` and `${range.end}` have values.
    previous: how far back the compared time is; None where the query compares nothing by buckets.
    windowed: the compared time has bounds of its own, `${range.prev_start}` and `${range.prev_end}`.
    """

    places: tuple[tuple[str, tuple[str, ...]], ...] = ()
    start: bool = False
    end: bool = False
    previous: Shift | None = None
    windowed: bool = False


AS_WRITTEN = View()


@dataclass(frozen=True, slots=True)
class CompiledMetrics:
    """sql: a template, as an author would write it. columns: those of the answer, in order."""

    sql: str
    datasource_id: str
    columns: tuple[str, ...]


def datasource_of(names: Sequence[str], definitions: Mapping[str, Definition]) -> str:
    """Return the datasource that metrics are measured on. Raises BadRequest, QueryRefused."""
    found = {part.datasource_id for name in names for part in parts_of(name, definitions)}
    if len(found) != 1:
        raise QueryRefused(f"the metrics {', '.join(names)} are on different datasources; ask them apart")
    return str(found.pop())


def shared_dimensions(names: Sequence[str], definitions: Mapping[str, Definition]) -> dict[str, Dimension]:
    """Return the dimensions that all the metrics can be split by, in the order of the first."""
    parts = [part for name in names for part in parts_of(name, definitions)]
    sets = [{one.name for one in part.dimensions} for part in parts]
    common = set.intersection(*sets) if sets else set()
    return {one.name: one for one in parts[0].dimensions if one.name in common} if parts else {}


def shared_grains(names: Sequence[str], definitions: Mapping[str, Definition]) -> tuple[Grain, ...]:
    """Return the grains that all the metrics have."""
    parts = [part for name in names for part in parts_of(name, definitions)]
    first = parts[0].grains if parts else []
    return tuple(grain for grain in first if all(part.time_column and grain in part.grains for part in parts))


def compile_metrics(
    query: MetricQuery, definitions: Mapping[str, Definition], dialect: str, view: View = AS_WRITTEN
) -> CompiledMetrics:
    """Return the SQL of a query. definitions: by name, all that its formulas may name.

    Raises BadRequest, QueryRefused naming what does not fit.
    """
    for name in query.metrics:
        check_references(name, definitions)
    compilation = _Compilation(query, definitions, dialect, view)
    return CompiledMetrics(compilation.sql(), datasource_of(query.metrics, definitions), compilation.columns)


def trials(name: str, definitions: Mapping[str, Definition], dialect: str) -> list[str]:
    """Return the SQL of queries that use all there is of a metric: its dimensions, its first grain.

    Raises BadRequest, QueryRefused for a definition that cannot be asked.
    """
    check_references(name, definitions)
    if definitions[name].formula is None:
        check_joins(definitions[name], dialect)
    dimensions = list(shared_dimensions([name], definitions))
    grains = shared_grains([name], definitions)
    found = []
    for start in range(0, max(len(dimensions), 1), TRIED_AT_ONCE):
        some = dimensions[start : start + TRIED_AT_ONCE]
        grain = next((one for one in grains if one not in some), None)
        asked = MetricQuery(metrics=[name], dimensions=some, time_grain=grain)
        view = View(start=grain is not None, end=grain is not None)
        found.append(compile_metrics(asked, definitions, dialect, view).sql)
    return found


@dataclass(slots=True)
class _Compilation:
    """One query on its way to SQL. leaves: by what makes their rows the same ones."""

    query: MetricQuery
    definitions: Mapping[str, Definition]
    dialect: str
    view: View
    leaves: dict[str, Leaf] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    """The key of its leaf, by the column of each aggregate."""
    prefix: str = ""
    resolved: int = 0
    markers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        said = repr(self.query.model_dump()) + "".join(
            repr(part.model_dump())
            for name in self.query.metrics
            for part in parts_of(name, self.definitions)
        )
        self.prefix = _free_word(said + repr(self.view))

    @property
    def keys(self) -> list[str]:
        grain = self.query.time_grain
        return ([grain] if grain else []) + list(self.query.dimensions)

    @property
    def columns(self) -> tuple[str, ...]:
        endings = ("", "_prev", "_change") if self.query.compare else ("",)
        return (*self.keys, *(f"{name}{end}" for name in self.query.metrics for end in endings))

    def sql(self) -> str:
        trees = {name: self._resolved(name, 0) for name in self.query.metrics}
        if self.query.time_grain and self.query.time_grain not in shared_grains(
            self.query.metrics, self.definitions
        ):
            raise QueryRefused(f"time_grain: not all of these metrics have the grain {self.query.time_grain}")
        merged, tables = self._merged()
        select = exp.select(*(_name(key) for key in self.keys)).from_(_as(merged, "merged"))
        for name, tree in trees.items():
            select = select.select(exp.alias_(tree, name, quoted=True))
            if self.query.compare:
                former = tree.transform(self._former)
                select = select.select(exp.alias_(former, f"{name}_prev", quoted=True))
        if self.query.compare:
            select = self._with_changes(select)
        select = self._ordered(select)
        for alias, table in tables:
            select = select.with_(exp.to_identifier(alias), as_=table)
        text = select.sql(dialect=self.dialect, pretty=True, comments=False)
        for marker, written in self.markers.items():
            text = text.replace(f"AND {marker}" if written.endswith(".where}") else marker, written)
        return text

    def _marker(self, name: str) -> str:
        """Return the word that stands for a placeholder until the text is written."""
        marker = f"{self.prefix}_ph{len(self.markers)}_"
        self.markers[marker] = f"${{{name}}}"
        return marker

    def _resolved(self, name: str, depth: int) -> exp.Expr:
        """Return the expression of a metric over the columns of aggregates."""
        definition = self.definitions[name]
        self.resolved += 1
        if depth > MAX_DEPTH or self.resolved > MAX_RESOLVED:
            raise QueryRefused(f"the formulas come to more than {MAX_RESOLVED} metrics; ask fewer at once")
        if definition.formula is not None:
            tree = true_division(formula(definition, self.dialect), self.dialect)
            found = tree.transform(
                lambda node: (
                    exp.paren(self._resolved(node.name.strip("{} \t\n"), depth + 1))
                    if isinstance(node, exp.Column)
                    else node
                )
            )
        else:
            found = self._measured(definition)
        return self._running(definition, found) if definition.type == "cumulative" else found

    def _measured(self, definition: Definition) -> exp.Expr:
        tree = measure(definition, self.dialect)
        columns = {id(atom): self._atom(definition, atom) for atom in atoms_in(tree)}
        if id(tree) in columns:
            return _name(columns[id(tree)])
        for atom in list(atoms_in(tree)):
            atom.replace(_name(columns[id(atom)]))
        return true_division(tree, self.dialect)

    def _atom(self, definition: Definition, tree: exp.Expr) -> str:
        """Return the column of an aggregate, in the leaf of its rows."""
        unit = unit_of(tree, definition, self.dialect)
        key = self._leaf_key(definition, unit)
        leaf = self.leaves.setdefault(key, Leaf(definition, unit, self.dialect, self.prefix))
        known = {one.sql(dialect=self.dialect): column for column, one in leaf.aggregates.items()}
        written = tree.sql(dialect=self.dialect)
        if written in known:
            return known[written]
        column = f"{self.prefix}_a{len(self.homes)}"
        if len(self.homes) >= MAX_AGGREGATES:
            raise QueryRefused(
                f"the metrics come to more than {MAX_AGGREGATES} aggregates; ask fewer at once"
            )
        leaf.aggregates[column] = tree.copy()
        self.homes[column] = key
        return column

    def _leaf_key(self, definition: Definition, unit: str) -> str:
        """Return what two definitions must have alike to be answered by the same rows."""
        asked = {*self.query.dimensions, *(one.field for one in self.query.filters)}
        asked |= {name for _, names in self.view.places for name in names}
        alike = definition.model_dump(
            include={"datasource_id", "catalog", "schema_", "table", "sql", "time_column", "joins", "filters"}
        )
        ways = [
            dimension_tree(one, definition, self.dialect).sql(dialect=self.dialect)
            for one in sorted(definition.dimensions, key=lambda one: one.name)
            if one.name in asked
        ]
        return repr((alike, unit, ways))

    def _running(self, definition: Definition, tree: exp.Expr) -> exp.Expr:
        """Return the running total over the grain, for each combination of the dimensions."""
        bare = tree.unnest()
        leaf = self.leaves.get(self.homes.get(bare.name, "")) if isinstance(bare, exp.Column) else None
        function = adding_up(leaf.aggregates[bare.name]) if leaf is not None else None
        if function is None:
            raise QueryRefused(
                f"the metric {definition.name} is cumulative: it must be one sum, count, min or max"
            )
        if self.query.time_grain is None:
            return bare
        return exp.Window(
            this=function(this=bare.copy()),
            partition_by=[_name(one) for one in self.query.dimensions],
            order=exp.Order(expressions=[exp.Ordered(this=_name(self.query.time_grain))]),
            spec=exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW", end_side=None
            ),
        )

    def _merged(self) -> tuple[exp.Expr, list[tuple[str, exp.Expr]]]:
        """Return the rows with all aggregates, and the leaves that they are made of, by alias."""
        places = [Place(self._marker(name), columns) for name, columns in self.view.places]
        now = Times(
            start=self._marker("range.start") if self.view.start else None,
            end=self._marker("range.end") if self.view.end else None,
        )
        tables: list[tuple[str, exp.Expr, list[str]]] = []
        for number, leaf in enumerate(self.leaves.values()):
            times = now if leaf.definition.time_column else Times()
            tables.append((f"part_{number}", self._leaf(leaf, places, times), list(leaf.aggregates)))
            if self.query.compare:
                before = self._former_leaf(leaf)
                select = self._leaf(before, places, self._former_times(now))
                tables.append((f"part_{number}_prev", select, list(before.aggregates)))
        if len(tables) == 1:
            return tables[0][1], []
        return self._under_each_other(tables), [(alias, table) for alias, table, _ in tables]

    def _leaf(self, leaf: Leaf, places: Sequence[Place], times: Times) -> exp.Select:
        query = self.query
        return leaf.select(query.dimensions, query.time_grain, query.filters, places, times)

    def _former_leaf(self, leaf: Leaf) -> Leaf:
        renamed = {self._former_name(name): tree for name, tree in leaf.aggregates.items()}
        return Leaf(leaf.definition, leaf.unit, leaf.dialect, leaf.prefix, renamed)

    def _former_times(self, now: Times) -> Times:
        if self.query.time_grain is None and not self.view.windowed:
            return Times(raw_start=self._marker("range.prev_start"), raw_end=self._marker("range.prev_end"))
        raw = (
            (self._marker("range.prev_start"), self._marker("range.prev_end"))
            if self.view.windowed
            else (None, None)
        )
        if self.query.time_grain is None:
            return Times(raw_start=raw[0], raw_end=raw[1])
        if not self.view.windowed:
            return Times(now.start, now.end, None, None, self.view.previous)
        shift = self.view.previous
        is_whole = (
            shift is not None and shift.unit == "month" and self.query.time_grain not in ("hour", "day")
        )
        # A longer period may have buckets that lie after the end of the one it is compared with.
        return Times(None, None if is_whole else now.end, raw[0], raw[1], shift)

    def _under_each_other(self, tables: list[tuple[str, exp.Expr, list[str]]]) -> exp.Expr:
        """Return UNION ALL of the parts, grouped: each column of aggregates comes from one part only."""
        home = {column: alias for alias, _, columns in tables for column in columns}
        union: exp.Expr | None = None
        for alias, _, columns in tables:
            select = exp.select(*(_name(key) for key in self.keys)).from_(exp.to_identifier(alias))
            for column, owner in home.items():
                # A null of the right type: databases guess the type of a bare one.
                absent = exp.select(_name(column)).from_(exp.to_identifier(owner)).where(exp.false())
                value: exp.Expr = _name(column) if column in columns else exp.Subquery(this=absent)
                select = select.select(exp.alias_(value, column, quoted=True))
            union = select if union is None else exp.union(union, select, distinct=False)
        assert union is not None  # noqa: S101 there are at least two parts
        grouped = exp.select(*(_name(key) for key in self.keys)).from_(_as(union, "parts"))
        for column in home:
            grouped = grouped.select(exp.alias_(exp.Max(this=_name(column)), column, quoted=True))
        if self.query.compare and self.query.time_grain and not self.view.windowed:
            grouped = grouped.where(
                exp.LTE(this=_name(self.query.time_grain), expression=self._latest(tables))
            )
        return grouped.group_by(*(_name(key) for key in self.keys)) if self.keys else grouped

    def _latest(self, tables: list[tuple[str, exp.Expr, list[str]]]) -> exp.Expr:
        """Return the last bucket that is not a former one: what came before the last one lies after it."""
        grain = self.query.time_grain or "day"
        alike: exp.Expr | None = None
        for alias, _, _ in tables:
            if alias.endswith("_prev"):
                continue
            one = exp.select(_name(grain)).from_(exp.to_identifier(alias))
            alike = one if alike is None else exp.union(alike, one, distinct=False)
        assert alike is not None  # noqa: S101
        return exp.Subquery(this=exp.select(exp.Max(this=_name(grain))).from_(_as(alike, "buckets")))

    def _former_name(self, column: str) -> str:
        return f"{column}_prev"

    def _former(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and node.name in self.homes:
            return _name(self._former_name(node.name))
        return node

    def _with_changes(self, select: exp.Select) -> exp.Select:
        outer = exp.select(*(_name(key) for key in self.keys)).from_(_as(select, "compared"))
        for name in self.query.metrics:
            now, former = _name(name), _name(f"{name}_prev")
            size = exp.Nullif(this=exp.Abs(this=former.copy()), expression=exp.Literal.number(0))
            change = true_division(
                exp.Div(this=exp.paren(exp.Sub(this=now.copy(), expression=former.copy())), expression=size),
                self.dialect,
            )
            outer = outer.select(now, former, exp.alias_(change, f"{name}_change", quoted=True))
        return outer

    def _ordered(self, select: exp.Select) -> exp.Select:
        """Return the SELECT in the order that is asked, else by time, else the largest first."""
        grain = self.query.time_grain
        wanted: list[tuple[str, bool]] = [(one.field, one.direction == "desc") for one in self.query.order_by]
        if unknown := [name for name, _ in wanted if name not in self.columns]:
            known = ", ".join(self.columns)
            raise QueryRefused(f"order_by: {unknown[0]} is none of the columns {known}")
        if not wanted:
            wanted = [(grain, False)] if grain else [(self.query.metrics[0], True)] if self.keys else []
        asked = {name for name, _ in wanted}
        wanted += [(key, False) for key in self.keys if key not in asked]
        for name, is_desc in wanted:
            select = select.order_by(exp.Ordered(this=_name(name), desc=is_desc, nulls_first=False))
        return select.limit(self.query.limit) if self.query.limit is not None else select


def _free_word(said: str) -> str:
    """Return a word that stands nowhere in what is said."""
    lowered = said.lower()
    words = ("msr" + "".join(tail) for size in range(3) for tail in product(ascii_lowercase, repeat=size))
    return next(word for word in words if word not in lowered)


def _name(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _as(source: exp.Expr, alias: str) -> exp.Subquery:
    return exp.Subquery(this=source, alias=exp.TableAlias(this=exp.to_identifier(alias)))
