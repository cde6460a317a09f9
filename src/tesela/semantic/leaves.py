"""A leaf: the sub-select that answers aggregates over the rows of one table, by the dimensions that are asked.

No join may double a row of what is summed up. A row that is counted (of the base, or of a table joined
one to many when the aggregate is about that table) gets a number, and where another join has several rows for
it, it is kept once for each group, by DISTINCT over its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from tesela.errors import QueryRefused
from tesela.model.metric import Condition, Definition, Dimension, Grain, Join
from tesela.semantic.dialects import Shift, bucket, literal, moved, same_day_of_month
from tesela.semantic.expressions import row_expression

SINGLE = {"eq": exp.EQ, "neq": exp.NEQ, "gt": exp.GT, "gte": exp.GTE, "lt": exp.LT, "lte": exp.LTE}


@dataclass(frozen=True, slots=True)
class Place:
    """A `*.where` placeholder and the columns that its conditions may name."""

    marker: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Times:
    """What narrows the time column. Markers of values; None: open.

    shift: set in the leaf of the former period. raw_*: its own bounds; start, end: of what it is compared with.
    """

    start: str | None = None
    end: str | None = None
    raw_start: str | None = None
    raw_end: str | None = None
    shift: Shift | None = None


@dataclass(slots=True)
class Leaf:
    """Aggregates over the same rows. unit: the alias whose rows are counted. aggregates: by their column."""

    definition: Definition
    unit: str
    dialect: str
    prefix: str
    aggregates: dict[str, exp.Expr] = field(default_factory=dict)

    def select(
        self, dimensions: Sequence[str], grain: Grain | None, filters: Sequence[Condition],
        places: Sequence[Place], times: Times,
    ) -> exp.Select:  # fmt: skip
        """Return the SELECT: the bucket, the dimensions, the aggregates."""
        shown = ([grain] if grain else []) + list(dimensions)
        narrowed = [name for place in places for name in place.columns]
        rows = self._rows(list(dict.fromkeys([*shown, *narrowed])), filters, times, grain)
        measures = [f"{self.prefix}_c{number}" for number in range(len(self._columns()))]
        used = self._aliases([*shown, *narrowed, *(one.field for one in filters)])
        if self._doubles(used):
            inner = exp.select(*(_name(one) for one in (self._row, *shown, *measures)))
            rows = _narrowed(inner.distinct().from_(_as(rows, "source")), places)
            outer = exp.select().from_(_as(rows, "source"))
        else:
            outer = _narrowed(exp.select().from_(_as(rows, "source")), places)
        over = {self._key(column): measures[n] for n, column in enumerate(self._columns())}
        outer = outer.select(*(_name(one) for one in shown))
        for name, tree in self.aggregates.items():
            outer = outer.select(exp.alias_(self._measured(tree, over), name, quoted=True))
        return outer.group_by(*(_name(one) for one in shown)) if shown else outer

    @property
    def _row(self) -> str:
        return f"{self.prefix}_row"

    def _rows(
        self, names: Sequence[str], filters: Sequence[Condition], times: Times, grain: Grain | None
    ) -> exp.Select:
        """Return the rows with what is asked of them: buckets and dimensions by name, columns by number."""
        own = list(self.definition.filters)
        fields = [*names, *(one.field for one in filters), *(rule.field for rule in own if rule.field)]
        used = self._aliases(fields)
        select = self._from(used)
        if self._doubles(used):
            select = select.select(exp.alias_(_column(self._row, self.unit), self._row, quoted=True))
        for name in names:
            select = select.select(exp.alias_(self._dimension(name, times), name, quoted=True))
        for number, column in enumerate(self._columns()):
            select = select.select(exp.alias_(column.copy(), f"{self.prefix}_c{number}", quoted=True))
        if not select.expressions:
            select = select.select("1")
        for rule in own:
            if rule.sql is not None:
                select = select.where(
                    exp.paren(self._bound(row_expression(rule.sql, self.dialect, "filters")))
                )
            elif rule.field is not None:
                wanted = Condition(field=rule.field, operator=rule.operator, values=rule.values)
                select = select.where(self._condition(wanted, times))
        for one in filters:
            select = select.where(self._condition(one, times))
        return select.where(*self._time_conditions(times, grain))

    def _time_conditions(self, times: Times, grain: Grain | None) -> list[exp.Expr]:
        if not (times.start or times.end or times.raw_start or times.raw_end or times.shift):
            return []
        plain = self._time()
        found: list[exp.Expr] = []
        if times.raw_start:
            found.append(exp.GTE(this=plain.copy(), expression=exp.column(times.raw_start)))
        if times.raw_end:
            found.append(exp.LT(this=plain.copy(), expression=exp.column(times.raw_end)))
        later = plain if times.shift is None else moved(plain, times.shift, None, self.dialect)
        if times.start:
            found.append(exp.GTE(this=later.copy(), expression=exp.column(times.start)))
        if times.end:
            found.append(exp.LT(this=later.copy(), expression=exp.column(times.end)))
        if times.shift is not None and times.shift.unit == "month" and grain in ("hour", "day"):
            found.append(same_day_of_month(plain, later, self.dialect))
        return found

    def _time(self) -> exp.Expr:
        if self.definition.time_column is None:
            raise QueryRefused(f"the metric {self.definition.name} has no time_column")
        return _column(self.definition.time_column, self.definition.base_alias)

    def _dimension(self, name: str, times: Times) -> exp.Expr:
        found = {one.name: one for one in self.definition.dimensions}.get(name)
        if found is not None:
            return self._bound(dimension_tree(found, self.definition, self.dialect))
        if name not in self.definition.grains:
            known = ", ".join(one.name for one in self.definition.dimensions) or "none"
            raise QueryRefused(f"the metric {self.definition.name} has no dimension {name}; it has {known}")
        moment = self._time()
        if times.shift is not None:
            moment = moved(moment, times.shift, name, self.dialect)
        return bucket(moment, name, self.dialect)

    def _condition(self, one: Condition, times: Times) -> exp.Expr:
        return condition(self._dimension(one.field, times), one)

    def _columns(self) -> list[exp.Column]:
        """Return the columns that the aggregates read, each once, with their tables."""
        found: dict[str, exp.Column] = {}
        for tree in self.aggregates.values():
            for column in self._bound(tree).find_all(exp.Column):
                found.setdefault(self._key(column), column)
        return list(found.values())

    def _measured(self, tree: exp.Expr, names: Mapping[str, str]) -> exp.Expr:
        return self._bound(tree).transform(
            lambda node: _name(names[self._key(node)]) if isinstance(node, exp.Column) else node
        )

    def _key(self, column: exp.Expr) -> str:
        return column.sql(dialect=self.dialect)

    def _bound(self, tree: exp.Expr) -> exp.Expr:
        return bound(tree, self.definition)

    def _aliases(self, names: Sequence[str]) -> set[str]:
        """Return the joins that the aggregates, the default filters and these dimensions need, those between too."""
        dimensions = {one.name: one for one in self.definition.dimensions}
        trees: list[exp.Expr] = [*self._columns()]
        trees += [
            self._bound(dimension_tree(dimensions[name], self.definition, self.dialect))
            for name in names
            if name in dimensions
        ]
        for rule in self.definition.filters:
            if rule.sql is not None:
                trees.append(self._bound(row_expression(rule.sql, self.dialect, "filters")))
            elif rule.field in dimensions:
                trees.append(
                    self._bound(dimension_tree(dimensions[rule.field], self.definition, self.dialect))
                )
        needed = {self.unit} | {column.table for tree in trees for column in tree.find_all(exp.Column)}
        return with_between(needed, self.definition, self.dialect)

    def _doubles(self, used: set[str]) -> bool:
        """Return whether a join of those has several rows for one that is counted."""
        path = with_between({self.unit}, self.definition, self.dialect)
        return any(
            one.cardinality == "one_to_many" for one in self.definition.joins if one.name in used - path
        )

    def _from(self, used: set[str]) -> exp.Select:
        base = self.definition.base_alias
        select = exp.select().from_(self._table(base, base_of(self.definition, self.dialect), used))
        path = with_between({self.unit}, self.definition, self.dialect)
        for one in self.definition.joins:
            if one.name not in used:
                continue
            # The rows that are counted must be there; others may be missing.
            kind = "INNER" if one.name in path and self.unit != base else "LEFT"
            table = exp.table_(
                exp.to_identifier(one.table, quoted=True),
                db=exp.to_identifier(one.schema_, quoted=True) if one.schema_ else None,
                catalog=exp.to_identifier(one.catalog, quoted=True) if one.catalog else None,
            )
            on = self._bound(row_expression(one.on, self.dialect, "joins.on"))
            select = select.join(self._table(one.name, table, used), on=on, join_type=kind)
        return select

    def _table(self, alias: str, source: exp.Expr, used: set[str]) -> exp.Expr:
        if alias == self.unit and self._doubles(used):
            numbered = exp.Window(this=exp.RowNumber())
            inner: exp.Expr = source if isinstance(source, exp.Table) else _as(source, "numbered")
            source = exp.select("*", exp.alias_(numbered, self._row, quoted=True)).from_(inner)
        return _as(source, alias)


def unit_of(tree: exp.Expr, definition: Definition, dialect: str) -> str:
    """Return the alias whose rows an aggregate counts. Raises QueryRefused when there is no one."""
    tables = {column.table for column in bound(tree, definition).find_all(exp.Column)}
    many = {
        one.name
        for one in definition.joins
        if one.cardinality == "one_to_many" and one.name in with_between(tables, definition, dialect)
    }
    ends = [name for name in many if not many - with_between({name}, definition, dialect)]
    if many and not ends:
        raise QueryRefused(f"expression: {tree.sql()} multiplies rows of {' and '.join(sorted(many))}")
    return ends[0] if ends else definition.base_alias


def with_between(needed: set[str], definition: Definition, dialect: str) -> set[str]:
    """Return the aliases with those that their joins stand on."""
    joins = {one.name: one for one in definition.joins}
    found = set(needed)
    waiting = list(needed)
    while waiting:
        name = waiting.pop()
        if name in joins:
            on = bound(row_expression(joins[name].on, dialect, "joins.on"), definition)
            more = {column.table for column in on.find_all(exp.Column)} - found
            found |= more
            waiting += more
    return found


def check_joins(definition: Definition, dialect: str) -> None:
    """Raise QueryRefused for a join that names a table of no join before it, and for a column of no table."""
    known = {definition.base_alias}
    for one in definition.joins:
        tree = bound(row_expression(one.on, dialect, "joins.on"), definition)
        tables = {column.table for column in tree.find_all(exp.Column)}
        if not tables & known or one.name not in tables:
            raise QueryRefused(
                f"joins.{one.name}: on must name a column of {one.name} and one of what is before it"
            )
        if unknown := tables - known - {one.name}:
            raise QueryRefused(f"joins.{one.name}: {min(unknown)} is not joined before it")
        known.add(one.name)


def dimension_tree(one: Dimension, definition: Definition, dialect: str) -> exp.Expr:
    """Return the expression of a dimension, its columns not yet bound to tables."""
    if one.sql is not None:
        tree = row_expression(one.sql, dialect, f"dimensions.{one.name}.sql")
        return tree if isinstance(tree, exp.Column) else exp.paren(tree)
    return _column(one.column or one.name, one.join or definition.base_alias)


def bound(tree: exp.Expr, definition: Definition) -> exp.Expr:
    """Return a copy in which each column has its table: the base, where none is written. Raises QueryRefused."""
    names = {one.name.lower(): one.name for one in definition.joins}
    names[definition.base_alias.lower()] = definition.base_alias
    copy = tree.copy()
    for column in copy.find_all(exp.Column):
        if isinstance(column.this, exp.Star):
            continue
        if column.args.get("db") or (column.table and column.table.lower() not in names):
            raise QueryRefused(
                f"{column.sql()}: there is no join of that name; it has {', '.join(names.values())}"
            )
        alias = names[column.table.lower()] if column.table else definition.base_alias
        column.set("table", exp.to_identifier(alias, quoted=True))
    return copy


def base_of(definition: Definition, dialect: str) -> exp.Expr:
    """Return the base: its table, or its query. Raises QueryRefused for what is no query."""
    if definition.sql is None:
        return exp.table_(
            exp.to_identifier(definition.table, quoted=True),
            db=exp.to_identifier(definition.schema_, quoted=True) if definition.schema_ else None,
            catalog=exp.to_identifier(definition.catalog, quoted=True) if definition.catalog else None,
        )
    if "${" in definition.sql:
        raise QueryRefused("sql: placeholders have no place in a metric; filters narrow its dimensions")
    try:
        found = [one for one in Dialect.get_or_raise(dialect).parse(definition.sql) if one is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused("sql: this is not a query") from error
    if len(found) != 1 or not isinstance(found[0], exp.Select | exp.SetOperation):
        raise QueryRefused("sql must be one SELECT")
    return found[0]


def condition(left: exp.Expr, one: Condition) -> exp.Expr:
    """Return a condition on an expression; values are literals. Raises QueryRefused."""
    known = [literal(value) for value in one.values if value is not None]
    has_null = len(known) < len(one.values)
    null = exp.Is(this=left.copy(), expression=exp.Null())
    match one.operator:
        case "is_null":
            return null
        case "not_null":
            return exp.Not(this=null)
        case "in" | "not_in":
            return _membership(left, one, known, has_null=has_null)
        case "eq" | "neq" if has_null:
            return null if one.operator == "eq" else exp.Not(this=null)
        case _ if has_null:
            raise QueryRefused(f"filters.{one.field}: {one.operator} needs values that are not null")
        case "between":
            return exp.Between(this=left.copy(), low=known[0], high=known[1])
        case "contains" | "starts_with":
            return _like(left, one)
        case _:
            return SINGLE[one.operator](this=left.copy(), expression=known[0])


def _membership(left: exp.Expr, one: Condition, known: list[exp.Expr], *, has_null: bool) -> exp.Expr:
    null = exp.Is(this=left.copy(), expression=exp.Null())
    inside: exp.Expr = exp.In(this=left.copy(), expressions=known) if known else exp.false()
    inside = exp.paren(exp.or_(inside, null)) if has_null else inside
    return inside if one.operator == "in" else exp.Not(this=exp.paren(inside))


def _like(left: exp.Expr, one: Condition) -> exp.Expr:
    value = one.values[0]
    if not isinstance(value, str):
        raise QueryRefused(f"filters.{one.field}: {one.operator} takes a text")
    for special in ("!", "%", "_"):
        value = value.replace(special, "!" + special)
    pattern = f"%{value}%" if one.operator == "contains" else f"{value}%"
    like = exp.Like(this=left.copy(), expression=literal(pattern))
    return exp.Escape(this=like, expression=exp.Literal.string("!"))


def _narrowed(select: exp.Select, places: Sequence[Place]) -> exp.Select:
    """Return the SELECT with the places of conditions; each expands to AND ..., or to nothing."""
    return select.where(exp.true(), *(exp.column(place.marker) for place in places)) if places else select


def _name(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True))


def _column(name: str, table: str) -> exp.Column:
    return exp.column(exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True))


def _as(source: exp.Expr, alias: str) -> exp.Expr:
    name = exp.TableAlias(this=exp.to_identifier(alias, quoted=True))
    if isinstance(source, exp.Table):
        source.set("alias", name)
        return source
    return exp.Subquery(this=source, alias=name)


__all__ = ["Join", "Leaf", "Place", "Times", "bound", "check_joins", "condition", "unit_of"]
