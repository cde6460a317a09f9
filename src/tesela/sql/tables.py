"""The base tables of a statement, and the device that narrows them: each `t` becomes
`(SELECT * FROM t WHERE ...) AS t`, so that the query sees a table which holds only those rows.

Right under joins, windows, limits and anti-joins, where a condition added to the query would not be. Used by
`crossfilter` and `policies`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from tesela.errors import QueryRefused
from tesela.model.catalog import Catalog
from tesela.model.interaction import Clause
from tesela.model.statement import Statement
from tesela.sql.clauses import Bound, Fragment, all_of
from tesela.sql.guard import parse
from tesela.sql.splice import Edit, splice
from tesela.sql.template import stand_in_prefix

Columns = Mapping[str, Sequence[str]]
"""Columns by table: keys in lower case, as `table`, `schema.table` and `catalog.schema.table`."""

UNREPLACEABLE = ("sample", "when", "version", "only", "indexed", "hints", "partition", "changes", "rows_from")
"""Parts of a table reference that a sub-select cannot have."""
ROW_IDS = frozenset({"rowid", "_rowid_", "oid", "ctid", "xmin", "xmax", "tableoid"})
"""Columns that a table has and a sub-select has not."""


@dataclass(frozen=True, slots=True)
class TableRef:
    """One mention of a base table at text[start:end).

    parts: catalog, schema, name, as far as written.
    alias: what to call the sub-select; empty where the author gave an alias or none may stand.
    obstacle: why it cannot be replaced; empty when it can.
    is_narrowed: it is the only table of a sub-select with a WHERE.
    """

    start: int
    end: int
    parts: tuple[str, ...]
    alias: str
    obstacle: str
    is_narrowed: bool

    @property
    def key(self) -> str:
        return ".".join(self.parts).lower()


@dataclass(frozen=True, slots=True)
class Mentions:
    """A statement's text with names in the place of its values, and the base tables in it."""

    sql: str
    holes: tuple[tuple[int, int], ...]
    tables: tuple[TableRef, ...]


def columns_by_table(catalog: Catalog, *, schema: str | None = None) -> dict[str, tuple[str, ...]]:
    """Return the columns of all tables; unqualified names mean those of `schema`, else of the default one."""
    default = (schema or catalog.default_schema or "").lower()
    found: dict[str, tuple[str, ...]] = {}
    for database in catalog.catalogs:
        for group in database.schemas:
            for table in group.tables:
                columns = tuple(column.name for column in table.columns)
                found[f"{database.name}.{group.name}.{table.name}".lower()] = columns
                found.setdefault(f"{group.name}.{table.name}".lower(), columns)
                if group.name.lower() == default:
                    found.setdefault(table.name.lower(), columns)
    return found


def base_tables(statement: Statement, dialect: str) -> tuple[TableRef, ...]:
    """Return every mention of a table that is no CTE of the statement itself. Raises QueryRefused.

    >>> [t.key for t in base_tables(Statement(("WITH a AS (SELECT * FROM s.t) SELECT * FROM a",)), "duckdb")]
    ['s.t']
    """
    return mentions(statement.text, dialect).tables


def tables_in(tree: exp.Expr, dialect: str) -> Iterator[exp.Table]:
    """Yield every mention of a table that is no CTE of the statement itself and no function."""
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.Func) or isinstance(table.parent, exp.Table) or not table.name:
            continue
        if cte_of(table, dialect) is None:
            yield table


def narrow(statement: Statement, dialect: str, pick: Callable[[TableRef], Sequence[Clause]]) -> Statement:
    """Return the statement with each base table narrowed to the rows for which all of `pick(table)` hold.

    Values stay bound, in the order of the text. Raises QueryRefused when a table cannot be narrowed.
    """
    seen = mentions(statement.text, dialect)
    edits: list[Edit] = [
        (start, end, (Bound(value),))
        for (start, end), value in zip(seen.holes, statement.values, strict=True)
    ]
    narrowed: Counter[str] = Counter()
    for table in seen.tables:
        clauses = pick(table)
        if not clauses:
            continue
        if table.obstacle:
            raise QueryRefused(f"the table {table.parts[-1]} cannot be filtered: {table.obstacle}")
        edits.append((table.start, table.end, _sub_select(seen.sql, table, all_of(clauses, dialect))))
        narrowed[table.key] += 1
    if not narrowed:
        return statement
    text, values = splice(seen.sql, edits)
    _check(text, dialect, narrowed, len(seen.tables))
    return replace(statement, text=text, values=values)


@lru_cache(maxsize=512)
def mentions(text: tuple[str, ...], dialect: str) -> Mentions:
    """Return where base tables are mentioned in the text of a statement. Raises QueryRefused."""
    prefix = stand_in_prefix("".join(text))
    sql, holes = text[0], []
    for index, part in enumerate(text[1:]):
        name = f" {prefix}{index} "
        holes.append((len(sql), len(sql) + len(name)))
        sql += name + part
    parsed = parse(sql, dialect)
    loses_row_ids = any(column.name.lower() in ROW_IDS for column in parsed.tree.find_all(exp.Column))
    qualified = {column.args["db"].name.lower() for column in parsed.tree.find_all(exp.Column) if column.db}
    everywhere = "its row ids are used" if loses_row_ids else _pivot_obstacle(parsed.tree)
    tables = [
        _ref(table, sql, everywhere or _obstacle(table, sql, qualified))
        for table in tables_in(parsed.tree, dialect)
    ]
    return Mentions(sql, tuple(holes), tuple(sorted(tables, key=lambda table: table.start)))


def _ref(table: exp.Table, sql: str, obstacle: str) -> TableRef:
    start = table.parts[0].meta.get("start", 0)
    end = table.parts[-1].meta.get("end", 0) + 1
    written = sql[table.parts[-1].meta.get("start", 0) : end]
    may_alias = isinstance(table.parent, exp.From | exp.Join | exp.Subquery) and not table.args.get("pivots")
    select = table.parent.parent if isinstance(table.parent, exp.From) else None
    is_narrowed = (
        isinstance(select, exp.Select)
        and isinstance(select.parent, exp.Subquery)
        and select.args.get("where") is not None
        and not select.args.get("joins")
    )
    alias = written if may_alias and not table.alias else ""
    return TableRef(start, end, tuple(part.name for part in table.parts), alias, obstacle, is_narrowed)


def _obstacle(table: exp.Table, sql: str, qualified: set[str]) -> str:
    if any("start" not in part.meta for part in table.parts):
        return "its place in the text is not known"
    if any(table.args.get(name) for name in UNREPLACEABLE) or isinstance(table.parent, exp.Final):
        return "it is sampled, versioned or hinted"
    if re.search(r"(?i)\btable\s*$", sql[: table.parts[0].meta["start"]]):
        return "write SELECT * FROM instead of TABLE"
    if table.db and table.db.lower() in qualified and not table.alias:
        return "columns are written with its schema; give it an alias"
    return ""


def _pivot_obstacle(tree: exp.Expr) -> str:
    """DuckDB takes no bound values under a PIVOT that reads its columns from the data."""
    for pivot in tree.find_all(exp.Pivot):
        is_statement = not pivot.args.get("unpivot") and not pivot.args.get("fields")
        if is_statement and any(not isinstance(on, exp.In) for on in pivot.expressions):
            return "its PIVOT must list its columns, as in ON month IN (1, 2)"
    return ""


def cte_of(table: exp.Table, dialect: str) -> exp.CTE | None:
    """Return the CTE that a name means where it stands; None for a table of the database."""
    if table.db:
        return None
    name = normal_name(table.this, dialect)
    node: exp.Expr = table
    inside: exp.Expr | None = None
    while node.parent is not None:
        if isinstance(node, exp.CTE):
            inside = node
        node = node.parent
        clause = node.args.get("with_")
        if isinstance(clause, exp.With):
            found = _in_sight(clause, inside, dialect).get(name)
            if found is not None:
                return found
    return None


def _in_sight(clause: exp.With, inside: exp.Expr | None, dialect: str) -> dict[str, exp.CTE]:
    """Return the CTEs that can be named: inside one of them, those before it, or all when recursive."""
    found = {}
    for cte in clause.expressions:
        if cte is inside and not clause.args.get("recursive") and dialect != "sqlite":
            break
        found[normal_name(cte.args["alias"].this, dialect)] = cte
    return found


def normal_name(name: exp.Expr, dialect: str) -> str:
    """Return a name as the database keeps it: unquoted ones fold as the dialect does."""
    copy = name.copy()
    if isinstance(copy, exp.Identifier):
        return Dialect.get_or_raise(dialect).normalize_identifier(copy).name
    return copy.name


def _sub_select(sql: str, table: TableRef, conditions: Fragment) -> Fragment:
    alias = f" AS {table.alias}" if table.alias else ""
    opening = f"(SELECT * FROM {sql[table.start : table.end]} WHERE "  # noqa: S608 the author's own words
    return (opening, *conditions, f"){alias}")


def _check(text: tuple[str, ...], dialect: str, narrowed: Counter[str], count: int) -> None:
    """Read the result again: as many tables as before, and those that should be narrowed are."""
    after = mentions(text, dialect).tables
    found = Counter(table.key for table in after if table.is_narrowed)
    if len(after) != count or narrowed - found:
        raise QueryRefused("the tables of this query cannot be filtered")
