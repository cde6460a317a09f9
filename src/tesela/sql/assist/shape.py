"""What a query groups, measures and reads: its dimensions, its metrics, and the SELECT that sees the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from tesela.sql.grouping import KNOWN_PARTS, has_subtotals
from tesela.sql.sources import Source, output_columns, sources_of
from tesela.sql.spots import NotRewritten
from tesela.sql.tables import Columns, cte_of


@dataclass(frozen=True, slots=True)
class Output:
    """One output column. expr: over what the SELECT of the rows reads; None where rows do not have it."""

    name: str
    expr: exp.Expr | None
    is_metric: bool


@dataclass(slots=True)
class Shape:
    """One SELECT of rows with what is made of it.

    select: the SELECT that reads rows: it groups them, or shows them one by one.
    wrappers: the SELECTs around it, outermost first.
    outputs: of the whole query, in order. inner: of `select` itself.
    conditions: of the wrappers, on dimensions only, over what `select` reads.
    dropped: parts that judge groups, which rows do not have. judging: those of them that are conditions in WHERE.
    """

    select: exp.Select
    sources: list[Source]
    wrappers: list[exp.Select] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    inner: list[Output] = field(default_factory=list)
    conditions: list[exp.Expr] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    judging: list[exp.Expr] = field(default_factory=list)

    @property
    def dims(self) -> list[Output]:
        return [one for one in self.outputs if not one.is_metric and one.expr is not None]

    @property
    def metrics(self) -> list[Output]:
        return [one for one in self.outputs if one.is_metric]


def shape_of(query: exp.Expr, dialect: str, tables: Columns) -> Shape:
    """Return the shape of a query without UNION. Raises NotRewritten."""
    select = plain_select(query)
    sources = sources_of(select, dialect, tables)
    if len(sources) == 1 and sources[0].body is not None and groups(sources[0].body, dialect, tables):
        body = sources[0].body
        if sources[0].obstacle:
            raise NotRewritten("the query inside is sampled, pivoted or made by a function")
        if isinstance(body, exp.SetOperation):
            raise NotRewritten("the query reads a UNION of grouped queries")
        return _wrapped(select, sources[0], shape_of(body, dialect, tables), dialect)
    if any(one.body is not None and groups(one.body, dialect, tables) for one in sources):
        raise NotRewritten("the query joins queries that group their rows themselves")
    found = _items(select, sources)
    dropped = list(_judging(select))
    return Shape(select, sources, outputs=found, inner=list(found), dropped=dropped)


def plain_select(query: exp.Expr) -> exp.Select:
    """Return the query itself when it is a SELECT of known parts. Raises NotRewritten."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.SetOperation):
        raise NotRewritten("the query is a UNION, INTERSECT or EXCEPT")
    if not isinstance(query, exp.Select):
        raise NotRewritten("the query is no plain SELECT")
    parts = {name for name, value in query.args.items() if value}
    if not parts <= KNOWN_PARTS or any(query.find_all(exp.Columns)):
        raise NotRewritten(
            "the SELECT has a part that is not rewritten, such as a sample, a hint or COLUMNS()"
        )
    if parts & {"distinct"} and query.args["distinct"].args.get("on"):
        raise NotRewritten("the query has DISTINCT ON")
    return query


def groups(query: exp.Expr, dialect: str, tables: Columns) -> bool:
    """Return whether a query makes groups of rows, itself or in the one query that it reads."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.SetOperation):
        return groups(query.this, dialect, tables) or groups(query.expression, dialect, tables)
    if not isinstance(query, exp.Select):
        return False
    if is_grouped(query):
        return True
    return any(
        one.body is not None and groups(one.body, dialect, tables)
        for one in sources_of(query, dialect, tables)
    )


def is_grouped(select: exp.Select) -> bool:
    """Return whether a SELECT itself makes one row of many."""
    if select.args.get("group") is not None or select.args.get("distinct") is not None:
        return True
    return any(has_aggregate(item) for item in select.expressions)


def own(node: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the nodes of an expression without those of queries inside it."""
    yield node
    if isinstance(node, exp.Query | exp.Subquery):
        return
    for child in node.iter_expressions():
        yield from own(child)


def has_aggregate(item: exp.Expr) -> bool:
    """Return whether an expression folds many rows into one; a window over plain rows does not."""
    for node in own(item):
        if isinstance(node, exp.AggFunc):
            parent = node.parent
            while isinstance(parent, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
                parent = parent.parent
            if not (
                isinstance(parent, exp.Window)
                and parent.find(exp.Window) is parent
                and _is_windowed(node, parent)
            ):
                return True
    return False


def has_window(item: exp.Expr) -> bool:
    return any(isinstance(node, exp.Window) for node in own(item))


def _is_windowed(node: exp.Expr, window: exp.Window) -> bool:
    inner = window.this
    while isinstance(inner, exp.Filter | exp.IgnoreNulls | exp.RespectNulls | exp.WithinGroup):
        inner = inner.this
    return inner is node


def _items(select: exp.Select, sources: Sequence[Source]) -> list[Output]:
    """Return the outputs of a SELECT that reads rows; names of other items inside it are written out."""
    grouped = is_grouped(select)
    by_alias: dict[str, exp.Expr] = {}
    found: list[Output] = []
    for item in select.expressions:
        if item.is_star:
            if grouped:
                raise NotRewritten("the query groups by *")
            continue
        inner = item.this if isinstance(item, exp.Alias) else item
        expr = _without_aliases(inner, by_alias, sources)
        if isinstance(item, exp.Alias):
            by_alias.setdefault(item.alias.lower(), expr)
        is_metric = has_aggregate(expr) or (grouped and has_window(expr))
        is_value = not grouped and has_window(expr)
        found.append(Output(item.output_name, None if is_value else expr, is_metric or is_value))
    return found


def _without_aliases(expr: exp.Expr, by_alias: dict[str, exp.Expr], sources: Sequence[Source]) -> exp.Expr:
    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in by_alias:
            is_open = any(one.columns is None for one in sources)
            if not is_open and not any(one.spelling(node.name) for one in sources):
                return exp.paren(by_alias[node.name.lower()].copy())
        return node

    return expr.copy().transform(put)


def _judging(select: exp.Select) -> Iterator[str]:
    """Yield the parts of a SELECT that choose among its groups."""
    for part, word in (
        ("having", "HAVING"),
        ("qualify", "QUALIFY"),
        ("limit", "LIMIT"),
        ("offset", "OFFSET"),
    ):
        if select.args.get(part) is not None:
            yield word
    if has_subtotals(select):
        yield "subtotals (ROLLUP, CUBE, GROUPING SETS)"


def _wrapped(select: exp.Select, source: Source, inside: Shape, dialect: str) -> Shape:
    """Return the shape of a SELECT around one that groups: its outputs over the rows of the inner one."""
    names = output_columns(source.body, dialect, {}) if source.body is not None else None
    alias = source.node.args.get("alias")
    cte = cte_of(source.node, dialect) if isinstance(source.node, exp.Table) else None
    renames = (alias is not None and alias.columns) or (cte is not None and cte.args["alias"].columns)
    if names is None or renames:
        raise NotRewritten("the query inside gives its columns other names, or hides them by *")
    below = {one.name.lower(): one for one in inside.outputs}
    outputs: list[Output] = []
    grouped = is_grouped(select)
    for item in select.expressions:
        if item.is_star:
            outputs += inside.outputs
            continue
        inner = item.this if isinstance(item, exp.Alias) else item
        if grouped and not has_aggregate(inner):
            outputs.append(_mapped(item.output_name, inner, below))
        elif grouped:
            outputs.append(Output(item.output_name, None, is_metric=True))
        else:
            outputs.append(_mapped(item.output_name, inner, below))
    conditions, dropped = list(inside.conditions), [*inside.dropped, *_judging(select)]
    judging = list(inside.judging)
    where = select.args.get("where")
    if where is not None:
        for part in _parts(where.this):
            mapped = substituted(part, below)
            if mapped is None:
                dropped.append("a condition on the grouped result")
                judging.append(part)
            else:
                conditions.append(mapped)
    wrappers = [select, *inside.wrappers]
    return Shape(inside.select, inside.sources, wrappers, outputs, inside.inner, conditions, dropped, judging)


def _mapped(name: str, expr: exp.Expr, below: dict[str, Output]) -> Output:
    inner = substituted(expr, below)
    plain = isinstance(expr, exp.Column)
    of = below.get(expr.name.lower()) if plain else None
    if of is not None:
        return Output(name, of.expr, of.is_metric)
    if inner is None or has_window(expr):
        return Output(name, None, is_metric=True)
    return Output(name, inner, is_metric=False)


def substituted(expr: exp.Expr, below: dict[str, Output]) -> exp.Expr | None:
    """Return an expression with the dimensions' own expressions in the place of their names; None with a metric."""
    columns = list(expr.find_all(exp.Column))
    for column in columns:
        of = below.get(column.name.lower())
        if of is None or of.is_metric or of.expr is None:
            return None
    if expr.find(exp.Query, exp.Window) is not None:
        return None

    def put(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            inner = below[node.name.lower()].expr
            assert inner is not None  # noqa: S101  looked at above
            return inner.copy() if isinstance(inner, exp.Column | exp.Literal) else exp.paren(inner.copy())
        return node

    return expr.copy().transform(put)


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from _parts(condition.this)
        yield from _parts(condition.expression)
    else:
        yield condition
