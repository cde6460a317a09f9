"""Filters that a tile's SQL does not name, applied by table substitution (see `tables`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tesela.errors import QueryRefused
from tesela.model.interaction import Clause
from tesela.model.statement import Statement
from tesela.sql.tables import Columns, TableRef, base_tables, narrow


@dataclass(frozen=True, slots=True)
class Filtered:
    """applied: the clauses that now hold. ignored: those for which no table has the column, or one cannot take it."""

    statement: Statement
    applied: tuple[Clause, ...] = ()
    ignored: tuple[Clause, ...] = ()


def substitute(statement: Statement, dialect: str, tables: Columns, clauses: Sequence[Clause]) -> Filtered:
    """Return the statement over tables that hold only the rows for which the clauses hold.

    Every base table that has a clause's column is narrowed, or none is and the clause is ignored.
    Raises QueryRefused for values that cannot be bound.

    >>> total = Statement(("SELECT SUM(amount) FROM sales",))
    >>> only = [Clause("region", "eq", ("N",))]
    >>> substitute(total, "duckdb", {"sales": ["Region", "amount"]}, only).statement.text
    ('SELECT SUM(amount) FROM (SELECT * FROM sales WHERE "Region" = ', ') AS sales')
    """
    if not clauses:
        return Filtered(statement)
    try:
        seen = base_tables(statement, dialect)
    except QueryRefused:
        return Filtered(statement, ignored=tuple(clauses))
    applied = tuple(clause for clause in clauses if _can_apply(clause, seen, tables))

    def pick(table: TableRef) -> list[Clause]:
        found = ((clause, column_of(table, clause.column, tables)) for clause in applied)
        return [Clause(column, clause.operator, clause.values) for clause, column in found if column]

    narrowed = narrow(statement, dialect, pick)
    return Filtered(narrowed, applied, tuple(clause for clause in clauses if clause not in applied))


def column_of(table: TableRef, column: str, tables: Columns) -> str | None:
    """Return the table's own spelling of a column, or None when it has none of that name."""
    columns = tables.get(table.key, ())
    if column in columns:
        return column
    return next((name for name in columns if name.lower() == column.lower()), None)


def _can_apply(clause: Clause, seen: Sequence[TableRef], tables: Columns) -> bool:
    having = [table for table in seen if column_of(table, clause.column, tables)]
    return bool(having) and not any(table.obstacle for table in having)
