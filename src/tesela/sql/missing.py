"""What a query names that a database does not have: tables for certain, columns where the text alone tells.

Advice for one who moves a dashboard, never a refusal: what cannot be told is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from tesela.errors import QueryError
from tesela.model.catalog import Catalog
from tesela.sql.bind import compile_template
from tesela.sql.tables import ROW_IDS, columns_by_table, tables_in

SYSTEM_SCHEMAS = ("information_schema", "pg_catalog", "sys", "system")
SYSTEM_PREFIXES = ("pg_", "sqlite_", "duckdb_")
KNOWN_WORDS = (
    frozenset({"all", "default", "current_date", "current_timestamp", "current_user", "user"}) | ROW_IDS
)
"""What a parser may take for a column and is none of a table's own."""
OTHER_SOURCES = (exp.Unnest, exp.Lateral, exp.Pivot, exp.Values, exp.TableFromRows, exp.Comprehension)


def missing_in(sql: str, dialect: str, catalog: Catalog, *, schema: str | None = None) -> list[str]:
    """Return a sentence for each table and column that the query names and the catalog has not.

    schema: where unqualified tables are looked for, beside the default one. Nothing for SQL that is refused.
    """
    try:
        template = compile_template(sql, dialect)
    except QueryError:
        return []
    default = columns_by_table(catalog)
    known = {**default, **columns_by_table(catalog, schema=schema)} if schema else default
    tables = [table for table in tables_in(template.tree, dialect) if not _is_system(table)]
    absent = [table for table in tables if _find(table, known) is None]
    names = dict.fromkeys(".".join(part.name for part in table.parts) for table in absent)
    sentences = [f"there is no table {name}" for name in names]
    columns = _missing_columns(template.tree, tables, known, template.prefix, is_whole=not absent)
    return sentences + [f"there is no column {name}" for name in dict.fromkeys(columns)]


def _missing_columns(
    tree: exp.Expr,
    tables: list[exp.Table],
    known: Mapping[str, tuple[str, ...]],
    prefix: str,
    *,
    is_whole: bool,
) -> Iterator[str]:
    """Yield columns that no source can have. is_whole: all tables are known, so that bare names can be judged."""
    sources: dict[str, set[str] | None] = {}
    for table in tables:
        found = _find(table, known)
        name = table.alias_or_name.lower()
        columns = None if found is None else {column.lower() for column in found}
        is_other = name in sources and sources[name] != columns
        sources[name] = None if is_other or table.args.get("pivots") else columns
    for alias in tree.find_all(exp.TableAlias):  # of a sub-select or CTE, which may be called like a table
        if not isinstance(alias.parent, exp.Table):
            sources[alias.name.lower()] = None
    is_closed = is_whole and bool(tables) and not any(_is_open(node) for node in tree.walk())
    of_tables = {column.lower() for table in tables for column in _find(table, known) or ()}
    everything = of_tables | _made_names(tree)
    for column in tree.find_all(exp.Column):
        name = column.name.lower()
        if (
            not name
            or name in KNOWN_WORDS
            or (prefix and name.startswith(prefix))
            or isinstance(column.this, exp.Star)
        ):
            continue
        of = sources.get(column.table.lower()) if column.table else None
        if of is not None and name not in of:
            yield f"{column.table}.{column.name}"
        elif not column.table and is_closed and name not in everything and name not in sources:
            yield column.name


def _made_names(tree: exp.Expr) -> set[str]:
    """Return the names that the query itself gives to columns."""
    made = {alias.alias.lower() for alias in tree.find_all(exp.Alias)}
    made |= {name.name.lower() for alias in tree.find_all(exp.TableAlias) for name in alias.columns}
    made |= {name.name.lower() for aliases in tree.find_all(exp.Aliases) for name in aliases.expressions}
    made |= {name.name.lower() for one in tree.find_all(exp.Lambda) for name in one.expressions}
    return made | {function.sql_name().lower() for function in tree.find_all(exp.Func)}


def _is_open(node: exp.Expr) -> bool:
    """Return whether columns come from something that no catalog describes."""
    if isinstance(node, OTHER_SOURCES):
        return True
    return isinstance(node, exp.Table) and isinstance(node.this, exp.Func)


def _is_system(table: exp.Table) -> bool:
    return table.db.lower() in SYSTEM_SCHEMAS or (
        not table.db and table.name.lower().startswith(SYSTEM_PREFIXES)
    )


def _find(table: exp.Table, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    return known.get(".".join(part.name for part in table.parts).lower())
