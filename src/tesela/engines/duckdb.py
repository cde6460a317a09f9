"""The embedded DuckDB: files that uploads made, read by walled workers. Where it runs: `workers`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import ClassVar

from tesela.engines.base import CATALOG_LIMITS, SAMPLE_LIMITS, catalog_of, rows_of
from tesela.engines.workers import WorkerPool
from tesela.errors import QueryError, SourceUnavailable
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.model.result import ExportFormat, ExportPart, Limits, Result
from tesela.model.statement import Statement

COLUMNS = """
SELECT c.database_name AS catalog, c.schema_name AS schema, c.table_name AS "table",
       CASE WHEN t.table_name IS NULL THEN 'view' ELSE 'table' END AS kind,
       t.estimated_size AS row_count,
       c.column_name AS "column", c.data_type AS type, c.is_nullable AS nullable
FROM duckdb_columns() AS c
LEFT JOIN duckdb_tables() AS t
       ON t.database_name = c.database_name AND t.schema_name = c.schema_name AND t.table_name = c.table_name
WHERE NOT c.internal AND c.database_name = current_database()
ORDER BY c.schema_name, c.table_name, c.column_index
"""


class DuckDB:
    """One embedded datasource: `<files>/<id>.<generation>.duckdb`, or nothing yet."""

    kind: ClassVar[str] = "duckdb"
    dialect: ClassVar[str] = "duckdb"

    def __init__(self, source: Datasource, pool: WorkerPool, files: Path) -> None:
        self._pool = pool
        generation = source.config.get("generation")
        self._file = None if generation is None else files / file_name(source.id, int(generation))

    async def run(self, statement: Statement, limits: Limits) -> Result:
        self._check_file()
        sql = statement.render(lambda _: "?")
        return await self._pool.run(
            self._file, sql, statement.values, statement.names, limits, schema=statement.schema
        )

    def export(
        self,
        statement: Statement,
        limits: Limits,
        *,
        to: ExportFormat,
    ) -> AsyncGenerator[ExportPart]:
        self._check_file()
        sql = statement.render(lambda _: "?")
        return self._pool.export(
            self._file,
            sql,
            statement.values,
            statement.names,
            limits,
            to=to,
            schema=statement.schema,
        )

    async def test(self) -> str:
        try:
            result = await self.run(Statement(("SELECT version() AS version",)), SAMPLE_LIMITS)
        except QueryError as error:
            raise SourceUnavailable(error.sentence, private=error.private) from error
        version = str(rows_of(result)[0]["version"]).removeprefix("v")
        return f"DuckDB {version}, embedded and read-only." + ("" if self._file else " It has no data yet.")

    async def catalog(self) -> Catalog:
        result = await self.run(Statement((COLUMNS,)), CATALOG_LIMITS)
        rows = rows_of(result)
        return catalog_of(rows, rows[0]["catalog"] if rows else None, "main")

    def _check_file(self) -> None:
        if self._file is not None and not self._file.exists():
            raise SourceUnavailable("The data of this datasource are not there.", private=str(self._file))

    async def close(self) -> None:
        """The pool is shared, and closed by whoever made it."""


def file_name(datasource_id: str, generation: int) -> str:
    """Return the name of the file that holds one generation of an embedded datasource."""
    return f"{datasource_id}.{generation}.duckdb"
