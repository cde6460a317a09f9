"""`detail`: the rows behind a click, with every dimension of the main query under its own name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from tesela.sql.assist.base import Base, base_of, ctes_around
from tesela.sql.assist.reading import BASE, Reading, Written, read
from tesela.sql.assist.shape import Output, Shape, shape_of
from tesela.sql.spots import NotRewritten
from tesela.sql.tables import Columns

LIMIT = 5_000


def detail(sql: str, dialect: str, tables: Columns) -> Written:
    """Return the detail query of a main query. Raises QueryRefused for its SQL, NotRewritten with the reason.

    >>> print(detail("SELECT a AS b, sum(n) FROM t GROUP BY 1", "duckdb", {"t": ["a", "n"]}).sql)
    SELECT
      *
    FROM (
      SELECT
        a AS b,
        t.a,
        t.n
      FROM t
    ) AS base
    WHERE
      1 = 1 ${detail.where}
    LIMIT 5000
    """
    reading = read(sql, dialect)
    shapes = [shape_of(arm, dialect, tables) for arm in arms(reading.tree)]
    notes = [f"{part} is left out: it judges groups, not rows" for one in shapes for part in one.dropped]
    for one in shapes:
        for hidden in [out for out in one.outputs if out.is_metric or out.expr is None]:
            if hidden.expr is None and not one.wrappers:
                notes.append(f"{hidden.name} is computed over many rows and is left out")
    if any("subtotals" in part for one in shapes for part in one.dropped):
        notes.append("a click on a subtotal finds no rows: there the dimension is empty")
    for one in shapes:
        one.outputs = [_kept(out) for out in one.outputs]
    bases = [base_of(reading, one) for one in shapes]
    rows = bases[0].select if len(bases) == 1 else _united(reading, shapes, bases)
    for base in bases:
        if any(isinstance(node, exp.AggFunc) for item in base.select.expressions for node in item.walk()):
            raise NotRewritten("a dimension of the query is computed over many rows")
    made = exp.select("*").from_(exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier(BASE))))
    made = made.where(always(reading, "detail.where")).limit(LIMIT)
    return Written(reading.written(with_ctes(reading, shapes, made)), tuple(dict.fromkeys(notes)))


def always(reading: Reading, placeholder: str) -> exp.Expr:
    """Return `1 = 1 ${placeholder}`."""
    true = exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1))
    return exp.And(this=true, expression=reading.stand_in(placeholder, is_clause=True))


def arms(query: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the SELECTs of a UNION, or the query itself. Raises NotRewritten for INTERSECT and EXCEPT."""
    while isinstance(query, exp.Subquery):
        query = query.this
    if not isinstance(query, exp.SetOperation):
        yield query
        return
    if not isinstance(query, exp.Union):
        raise NotRewritten("the query is an INTERSECT or EXCEPT")
    if query.args.get("by_name"):
        raise NotRewritten("the query is a UNION BY NAME")
    yield from arms(query.this)
    yield from arms(query.expression)


def with_ctes(reading: Reading, shapes: Sequence[Shape], made: exp.Select) -> exp.Select:
    """Return the query with the CTEs that it needs in front. Raises NotRewritten."""
    found: dict[str, exp.CTE] = {}
    for shape in shapes:
        for cte in ctes_around(reading, shape.select, made):
            name = cte.alias.lower()
            if name in found and found[name] != cte:
                raise NotRewritten("two of its queries in WITH have the same name")
            found[name] = cte
    if BASE in found:
        raise NotRewritten(f"one of its queries in WITH is called {BASE}")
    if found:
        made.set("with_", exp.With(expressions=list(found.values())))
    return made


def _kept(out: Output) -> Output:
    return Output(out.name, None, is_metric=True) if out.is_metric else out


def _united(reading: Reading, shapes: Sequence[Shape], bases: Sequence[Base]) -> exp.Expr:
    """Return the rows of all arms: the dimensions as the first arm calls them, and the columns that all have."""
    if any(base.is_open for base in bases):
        raise NotRewritten("the columns of its tables are not known")
    first = shapes[0]
    dims = [number for number, out in enumerate(first.outputs) if not out.is_metric and out.expr is not None]
    for shape in shapes[1:]:
        if len(shape.outputs) != len(first.outputs):
            raise NotRewritten("the parts of its UNION show different columns")
        if any(shape.outputs[number].is_metric for number in dims):
            raise NotRewritten("the parts of its UNION group by different columns")
    names = {first.outputs[number].name.lower() for number in dims}
    shared = [
        column
        for column in bases[0].columns
        if column.lower() not in names
        and all(column.lower() in [one.lower() for one in base.columns] for base in bases)
    ]
    parts: list[exp.Expr] = []
    for shape, base in zip(shapes, bases, strict=True):
        items: list[exp.Expr] = []
        for number in dims:
            expr = shape.outputs[number].expr
            assert expr is not None  # noqa: S101  the same numbers as the first arm's
            items.append(exp.Alias(this=expr.copy(), alias=reading.identifier(first.outputs[number].name)))
        by_name = {item.output_name.lower(): item for item in base.select.expressions}
        items += [by_name[column.lower()].copy() for column in shared]
        base.select.set("expressions", items)
        parts.append(base.select)
    made = parts[0]
    for part in parts[1:]:
        made = exp.Union(this=made, expression=part, distinct=False)
    return made
