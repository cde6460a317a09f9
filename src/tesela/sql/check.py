"""What is checked when SQL is saved: no database is asked, so it works while the database is down."""

from __future__ import annotations

from dataclasses import dataclass

from tesela.errors import QueryRefused
from tesela.sql.bind import compile_template


@dataclass(frozen=True, slots=True)
class CheckedSql:
    """SQL that may be saved.

    placeholders: the names used, in order, each once.
    filters: the dashboard filters that it names, in order, each once.
    names: as in `Statement`.
    """

    sql: str
    dialect: str
    placeholders: tuple[str, ...]
    filters: tuple[str, ...]
    names: tuple[str | None, ...]


def check_sql(sql: str, dialect: str) -> CheckedSql:
    """Return what SQL uses. Raises UnknownPlaceholder, QueryRefused, with line and column.

    >>> check_sql("SELECT * FROM t WHERE a IN (${filter.a}) ${filter.b.where}", "duckdb").filters
    ('a', 'b')
    """
    template = compile_template(sql, dialect)
    named = [name.split(".")[1] for name in template.placeholders if name.startswith("filter.")]
    return CheckedSql(sql, dialect, template.placeholders, tuple(dict.fromkeys(named)), template.names)


def check_detail_sql(sql: str, dialect: str) -> CheckedSql:
    """Return what a tile's detail query uses. Raises as `check_sql` does, and without ${detail.where}."""
    checked = check_sql(sql, dialect)
    if "detail.where" not in checked.placeholders:
        raise QueryRefused("detail_query must contain ${detail.where}, as in WHERE 1=1 ${detail.where}")
    return checked
