"""What the text columns of tables hold, sampled once: values to recognise in words, and true hierarchies.

Asked by the ordinary door, so with the caller's policies and limits; kept on the shelf like any other answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tesela.errors import QueryError
from tesela.features.data import Asking
from tesela.features.viewing import Viewing
from tesela.model.catalog import Catalog, TableInfo
from tesela.model.dashboard import Tile
from tesela.model.rows import rows_of
from tesela.running.sources import dialect_of
from tesela.sql.assist.levels import Profile, text_columns
from tesela.sql.quoting import quote

SAMPLED_ROWS = 100_000
COMBINATIONS = 5_000
MOST_COLUMNS = 16
MOST_TABLES = 12
KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Known:
    """A table of the datasource. name: as a query writes it; qualified only where it must be."""

    name: str
    parts: tuple[str, ...]
    info: TableInfo


def known_tables(
    catalog: Catalog, *, schema: str | None = None, catalog_name: str | None = None
) -> list[Known]:
    """Return the tables that an unqualified name can mean first, then the others, each once."""
    default = (schema or catalog.default_schema or "").lower()
    own_catalog = (catalog_name or catalog.default_catalog or "").lower()
    first: list[Known] = []
    others: list[Known] = []
    for database in catalog.catalogs:
        is_own = not own_catalog or database.name.lower() == own_catalog
        for group in database.schemas:
            for table in group.tables:
                if is_own and group.name.lower() == default:
                    first.append(Known(table.name, (table.name,), table))
                else:
                    parts = (group.name, table.name) if is_own else (database.name, group.name, table.name)
                    others.append(Known(".".join(parts), parts, table))
    return first + others


def without_filters(asking: Asking) -> Asking:
    """Return the same asking with nothing chosen and no filter of the dashboard."""
    chosen = replace(asking.viewing.chosen, states={}, missing=(), ignored=())
    return replace(asking, viewing=Viewing((), chosen, ()), drill_path=(), force=False)


async def profiles(asking: Asking, tile: Tile, tables: Sequence[Known]) -> list[Profile]:
    """Return the profiles of the tables that can be read; at most 12 of them."""
    plain = without_filters(asking)
    found = await asyncio.gather(*(_profile(plain, tile, table) for table in tables[:MOST_TABLES]))
    return [one for one in found if one is not None]


async def _profile(asking: Asking, tile: Tile, table: Known) -> Profile | None:
    names = text_columns({column.name: column.type for column in table.info.columns})[:MOST_COLUMNS]
    if not names or tile.datasource_id is None:
        return None
    try:
        source = await asking.runner.sources.get(asking.caller.tenant_id, tile.datasource_id)
        dialect = dialect_of(source.datasource)
        columns = ", ".join(quote(name, dialect) for name in names)
        of = ".".join(quote(part, dialect) for part in table.parts)
        rows_sql = f"SELECT {columns} FROM {of} LIMIT {SAMPLED_ROWS}"  # noqa: S608  names of the catalog
        sql = f"SELECT DISTINCT {columns} FROM ({rows_sql}) AS sampled LIMIT {COMBINATIONS}"  # noqa: S608
        plain = tile.model_copy(update={"chart_config": {}})
        asked = await asking.question(plain, sql, max_rows=COMBINATIONS)
        answered = await asking.runner.run(replace(asked.question, ttl_seconds=KEPT_SECONDS))
    except QueryError:
        return None  # a table that may not be read has nothing to tell
    found = rows_of(answered.shelved.result)
    rows = [tuple(row[name] for name in found.columns) for row in found.rows]
    return Profile(table.name, tuple(names), rows, is_whole=len(rows) < COMBINATIONS and not found.truncated)
