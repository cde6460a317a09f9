"""`cross_filter`: what a click elsewhere does to a query, column by column, by the way filters are applied here.

A filter narrows every table of the query that has its column, before anything else is done (see
`sql.crossfilter`). The audit says where that surprises, and where it cannot work.
"""

from __future__ import annotations

from sqlglot import exp

from tesela.errors import QueryRefused
from tesela.model.statement import Statement
from tesela.sql.assist.reading import QUOTED, read
from tesela.sql.assist.shape import has_aggregate, has_window
from tesela.sql.bind import compile_template
from tesela.sql.crossfilter import column_of
from tesela.sql.spots import shown_column
from tesela.sql.tables import Columns, TableRef, base_tables


def audit(sql: str, dialect: str, tables: Columns) -> list[str]:
    """Return warnings, each `code: sentence`, about cross-filters on a query. Raises QueryRefused for its SQL.

    >>> audit("SELECT region AS r, sum(n) AS n FROM t GROUP BY 1", "duckdb", {"t": ["region", "n"]})
    ['alias: r is region under another name; a click on it filters by r, which no table has: call it region']
    """
    reading = read(sql, dialect)
    tree = reading.tree
    seen = _tables(sql, dialect)
    found: list[str] = []
    if isinstance(tree, exp.SetOperation) or tree.find(exp.SetOperation) is not None:
        found.append(
            "set_operation: a filter narrows the tables that have its column; "
            "a part of the UNION whose tables lack it stays whole"
        )
    found += _columns(tree, seen, tables)
    found += _obstacles(tree, seen)
    selects = list(tree.find_all(exp.Select))
    if any(
        select.args.get("having") is not None or select.args.get("qualify") is not None for select in selects
    ):
        found.append("having: HAVING is judged after the filter, so a smaller total may leave a group out")
    if any(has_window(item) for select in selects for item in select.expressions):
        found.append("window: ranks, shares and running totals are computed over the filtered rows only")
    if any(
        select.args.get("limit") is not None or select.args.get("offset") is not None for select in selects
    ):
        found.append("limit: LIMIT is taken after the filter, so other rows may move up")
    if any(select.args.get("distinct") is not None for select in selects):
        found.append("distinct: DISTINCT sees the filtered rows only")
    if len(selects) > 1 and not (isinstance(tree, exp.SetOperation) and len(selects) == 2):
        found.append(
            "nested: the filter reaches the tables inside WITH and sub-queries too, wherever they have the column"
        )
    return list(dict.fromkeys(found))


def _tables(sql: str, dialect: str) -> tuple[TableRef, ...]:
    template = compile_template(QUOTED.sub(r"\1", sql.strip().rstrip(";")), dialect)
    plain = Statement((template.tree.sql(dialect),), (), ())
    try:
        return base_tables(plain, dialect)
    except QueryRefused:
        return ()


def _columns(tree: exp.Expr, seen: tuple[TableRef, ...], tables: Columns) -> list[str]:
    """Return what is to be said of the output columns that a click can carry."""
    query = tree
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    found: list[str] = []
    for item in query.expressions:
        if item.is_star or has_aggregate(item) or has_window(item):
            continue
        name, column = item.output_name, shown_column(item)
        having = [table for table in seen if column_of(table, name, tables)]
        if column is None:
            inner = item.this if isinstance(item, exp.Alias) else item
            if isinstance(inner, exp.Literal | exp.Null | exp.Boolean):
                found.append(
                    f"computed: {name} is a constant; no table has it, so a click on it filters nothing"
                )
            elif having:
                found.append(
                    f"computed: {name} is computed, and a click on it compares the table's own column {name} instead"
                )
            else:
                found.append(
                    f"computed: {name} is computed and no table has it; "
                    "filter by the column itself, or place ${cross.where} in the SQL"
                )
        elif name.lower() != column.name.lower() and not having:
            found.append(
                f"alias: {name} is {column.name} under another name; a click on it filters by {name}, "
                f"which no table has: call it {column.name}"
            )
        elif name.lower() != column.name.lower():
            found.append(f"alias: {name} is {column.name}, and a table has another column {name}: rename it")
        keys = {table.key for table in having}
        if len(keys) > 1:
            found.append(
                f"ambiguous: {name} is a column of {' and '.join(sorted(keys))}; a filter on it narrows each of them"
            )
    return found


def _obstacles(tree: exp.Expr, seen: tuple[TableRef, ...]) -> list[str]:
    found: list[str] = []
    for table in seen:
        if table.obstacle:
            code = "schema_qualified" if "schema" in table.obstacle else "computed"
            found.append(f"{code}: {table.key} cannot be filtered: {table.obstacle}")
        elif len(table.parts) > 1:
            found.append(
                f"schema_qualified: {table.key} is filtered there; a table of the same name in another schema is not"
            )
    if not found and any(column.db for column in tree.find_all(exp.Column)):
        found.append("schema_qualified: columns are written with their schema; give the table an alias")
    return found
