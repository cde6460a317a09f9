"""Small changes that words ask of a query: a filter, another grain of time, the first n, another order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from tesela.sql.assist.question import At, Plan, TableWords, planned
from tesela.sql.assist.reading import Reading, Written, name_items, read
from tesela.sql.assist.shape import has_aggregate, plain_select
from tesela.sql.sources import Source, sources_of
from tesela.sql.spots import NotRewritten
from tesela.sql.tables import Columns


def change(sql: str, wanted: str, tables: Sequence[TableWords], columns: Columns, dialect: str) -> Written:
    """Return the query with the change. Raises QueryRefused for its SQL, NotRewritten with the reason.

    >>> made = change("SELECT a, sum(n) AS m FROM t GROUP BY 1", "top 3", [], {"t": ["a", "n"]}, "duckdb")
    >>> " ".join(made.sql.split())
    'SELECT a, SUM(n) AS m FROM t GROUP BY 1 ORDER BY m DESC LIMIT 3'
    """
    plan = planned(wanted, tables)
    if plan.measures or plan.dims or plan.periods or plan.is_distinct:
        raise NotRewritten("it changes only filters, the grain of time and the first n of a query")
    if not plan.filters and plan.grain is None and plan.limit is None:
        raise NotRewritten("it does not know what to change")
    reading = read(sql, dialect)
    name_items(reading, reading.tree, ())
    select = plain_select(reading.tree)
    sources = sources_of(select, dialect, columns)
    for at, operator, value in plan.filters:
        _filter(select, sources, at, operator, value)
    if plan.grain is not None:
        _grain(select, plan.grain)
    if plan.limit is not None:
        _first(reading, select, plan)
    return Written(reading.written(reading.tree))


def _filter(select: exp.Select, sources: Sequence[Source], at: At, operator: str, value: object) -> None:
    table = at.table.rsplit(".", 1)[-1].lower()
    having = [
        one
        for one in sources
        if isinstance(one.node, exp.Table) and one.body is None and one.node.name.lower() == table
    ]
    if len(having) != 1 or having[0].obstacle:
        raise NotRewritten(
            f"the query does not read {at.table} by itself, so it cannot be filtered by {at.column}"
        )
    name = having[0].spelling(at.column)
    if name is None:
        raise NotRewritten(f"{at.table} has no column {at.column}")
    column = exp.column(name, table=having[0].node.alias_or_name, quoted=not name.islower() or None)
    literal = exp.Literal.string(value) if isinstance(value, str) else exp.Literal.number(str(value))
    kinds: dict[str, type[exp.Binary]] = {"=": exp.EQ, ">": exp.GT, ">=": exp.GTE, "<": exp.LT, "<=": exp.LTE}
    select.where(kinds[operator](this=column, expression=literal), copy=False)


def _grain(select: exp.Select, grain: str) -> None:
    found = list(select.find_all(exp.TimestampTrunc, exp.DateTrunc))
    units = {one.args["unit"].name.upper() for one in found if one.args.get("unit") is not None}
    if len(units) != 1:
        raise NotRewritten("the query does not cut time by date_trunc, so its grain cannot be changed")
    for one in found:
        one.set(
            "unit",
            exp.Var(this=grain.upper())
            if isinstance(one.args["unit"], exp.Var)
            else exp.Literal.string(grain.upper()),
        )


def _first(reading: Reading, select: exp.Select, plan: Plan) -> None:
    measured = [item for item in select.expressions if has_aggregate(item)]
    if len(measured) != 1:
        raise NotRewritten("it does not know by which of the metrics to order")
    order = exp.Ordered(this=reading.column(measured[0].output_name), desc=plan.order == "desc")
    select.set("order", exp.Order(expressions=[order]))
    select.limit(plan.limit or 1, copy=False)
