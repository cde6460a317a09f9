"""`drill`: the main query with the level of the path in the place of its dimension, measured from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from tesela.sql.assist.base import Base, base_of, over_base
from tesela.sql.assist.detail import always, with_ctes
from tesela.sql.assist.reading import BASE, Reading, Written, read
from tesela.sql.assist.shape import Output, Shape, has_aggregate, has_window, is_grouped, own, shape_of
from tesela.sql.spots import NothingToRewrite, NotRewritten
from tesela.sql.tables import Columns

FIELD = "dim"


@dataclass(frozen=True, slots=True)
class DrillWritten:
    """The query; `columns`: what a level may be, () when not known; `top`: the column that it groups by today."""

    written: Written
    columns: tuple[str, ...]
    top: str | None


def drill(sql: str, dialect: str, tables: Columns) -> DrillWritten:
    """Return the drill query of a main query. Raises QueryRefused for its SQL, NotRewritten with the reason.

    Metrics are computed from rows, so that averages, ratios and distinct counts of a level are its own.

    >>> print(drill("SELECT a, sum(n) AS m FROM t GROUP BY 1", "duckdb", {"t": ["a", "n"]}).written.sql)
    SELECT
      ${drill.field} AS a,
      SUM(n) AS m
    FROM (
      SELECT
        a,
        t.n
      FROM t
    ) AS base
    WHERE
      1 = 1 ${drill.where}
    GROUP BY
      ${drill.field}
    """
    reading = read(sql, dialect)
    if any(reading.uses(name) for name in ("drill.field", "drill.where")):
        raise NothingToRewrite("the query is a drill already")
    if isinstance(reading.tree, exp.SetOperation):
        raise NotRewritten("the query is a UNION, and a metric of several parts has no one set of rows")
    shape = shape_of(reading.tree, dialect, tables)
    if not any(out.is_metric and out.expr is not None for out in shape.inner):
        raise NothingToRewrite(
            "the query has no metric: nothing such as sum() or count() to measure per level"
        )
    notes = [f"{part} is left out: it is about the groups of before" for part in shape.dropped]
    inner_dims = [out for out in shape.inner if not out.is_metric]
    top = _top(shape, inner_dims)
    if len(inner_dims) > 1:
        rest = ", ".join(out.name for out in inner_dims if out is not top)
        if shape.wrappers:
            raise NotRewritten(f"the query around the grouping counts on {rest} too")
        notes.append(f"{rest} is no part of the drill: it groups by one level at a time")
    base = base_of(reading, Shape(shape.select, shape.sources, outputs=shape.inner))
    grouping = _grouped(reading, shape, base, top)
    made = _inside(reading, shape, grouping) if shape.wrappers else with_ctes(reading, [shape], grouping)
    column = top.expr.name if top is not None and isinstance(top.expr, exp.Column) else None
    shown = top.name if top is not None else None
    return DrillWritten(
        Written(reading.written(made), tuple(dict.fromkeys(notes))), tuple(base.columns), shown or column
    )


def _top(shape: Shape, dims: list[Output]) -> Output | None:
    """Return the dimension that the level takes the place of: the first plain column, else the first."""
    plain = [out for out in dims if isinstance(out.expr, exp.Column)]
    return next(iter(plain or dims), None)


def _grouped(reading: Reading, shape: Shape, base: Base, top: Output | None) -> exp.Select:
    first = exp.Alias(
        this=reading.stand_in("drill.field"), alias=reading.identifier(top.name if top is not None else FIELD)
    )
    items: list[exp.Expr] = [first]
    by_sql: dict[str, str] = {}
    for out in shape.inner:
        if not out.is_metric:
            continue
        if out.expr is None:
            raise NotRewritten(f"{out.name} is computed over rows of before")
        _check_window(out)
        expr = over_base(out.expr, shape, base, reading)
        by_sql[out.expr.sql(reading.dialect)] = out.name
        items.append(exp.Alias(this=expr, alias=reading.identifier(out.name)))
    made = exp.Select()
    made.set("expressions", items)
    made = made.from_(exp.Subquery(this=base.select, alias=exp.TableAlias(this=exp.to_identifier(BASE))))
    made = made.where(always(reading, "drill.where")).group_by(reading.stand_in("drill.field"))
    order = _order(reading, shape, by_sql, top)
    if order:
        made.set("order", exp.Order(expressions=order))
    return made


def _check_window(out: Output) -> None:
    """Refuse a window over groups whose keys are those of before."""
    if out.expr is None or not has_window(out.expr):
        return
    for window in [node for node in own(out.expr) if isinstance(node, exp.Window)]:
        keys = [*(window.args.get("partition_by") or [])]
        order = window.args.get("order")
        keys += order.expressions if order is not None else []
        if any(key.find(exp.Column) is not None and not has_aggregate(key) for key in keys):
            raise NotRewritten(f"{out.name} is a window along the groups of before")


def _order(reading: Reading, shape: Shape, by_sql: dict[str, str], top: Output | None) -> list[exp.Expr]:
    """Return the sort keys that still mean something: metrics, and the dimension itself."""
    order = shape.select.args.get("order")
    if order is None or shape.wrappers:
        return []
    metrics = {out.name.lower(): out.name for out in shape.inner if out.is_metric}
    kept: list[exp.Expr] = []
    for ordered in order.expressions:
        key = ordered.this
        name: str | None = None
        if isinstance(key, exp.Literal) and not key.is_string:
            place = int(key.this) - 1
            if 0 <= place < len(shape.inner):
                name = shape.inner[place].name
        elif isinstance(key, exp.Column) and not key.table:
            name = key.name
        else:
            name = by_sql.get(key.sql(reading.dialect))
        copy = ordered.copy()
        if name is not None and name.lower() in metrics:
            copy.set("this", reading.column(metrics[name.lower()]))
            kept.append(copy)
        elif name is not None and top is not None and name.lower() == top.name.lower():
            copy.set("this", exp.Literal.number(1))
            kept.append(copy)
    return kept


def _inside(reading: Reading, shape: Shape, grouping: exp.Select) -> exp.Expr:
    """Return the whole query with the grouping in its place. Raises NotRewritten where what is around counts on it."""
    dims = {out.name.lower() for out in shape.inner if not out.is_metric}
    for wrapper in shape.wrappers:
        if is_grouped(wrapper):
            raise NotRewritten("the query groups what is grouped already")
        if wrapper.args.get("joins"):
            raise NotRewritten("the grouped result is joined to others")
        for item in wrapper.expressions:
            for window in item.find_all(exp.Window):
                if any(column.name.lower() in dims for column in window.find_all(exp.Column)):
                    raise NotRewritten("the query has a window along the groups of before")
        where = wrapper.args.get("where")
        if where is not None and any(column.name.lower() in dims for column in where.find_all(exp.Column)):
            raise NotRewritten("the query around the grouping has a condition on its dimension")
        for part in ("where", "limit", "offset", "qualify"):
            wrapper.set(part, None)
    for part in ("having", "qualify", "limit", "offset", "order"):
        shape.select.set(part, None)
    if shape.select.args.get("with_") is not None:
        grouping.set("with_", shape.select.args["with_"].copy())
    shape.select.replace(grouping)
    return reading.tree
