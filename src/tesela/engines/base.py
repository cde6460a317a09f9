"""What every database looks like from the inside: one protocol."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any, ClassVar, Protocol

import orjson

from tesela.model.catalog import Catalog, CatalogInfo, ColumnInfo, SchemaInfo, TableInfo
from tesela.model.result import ExportFormat, ExportPart, Limits, Result
from tesela.model.statement import Statement


class Engine(Protocol):
    """An open door to one datasource. One instance serves all its queries at the same time.

    dialect: sqlglot's name of the database's SQL.
    """

    kind: ClassVar[str]
    dialect: ClassVar[str]

    async def run(self, statement: Statement, limits: Limits) -> Result:
        """Return the rows of a read-only statement, encoded.

        Cancelling the awaiting task tells the database to stop. Raises QueryFailed, QueryRefused,
        QueryTimedOut, SourceUnavailable.
        """
        ...

    def export(
        self,
        statement: Statement,
        limits: Limits,
        *,
        to: ExportFormat,
    ) -> AsyncGenerator[ExportPart]:
        """Yield the rows of a statement as text of a format: a head, pieces, an end. Memory stays bounded.

        csv: lines without the header. xlsx: the `row` elements of a sheet, without that of the names.
        The head comes with the first rows. Take the pieces as they come: the database waits meanwhile, and its
        deadline runs. Close the generator to tell the database to stop. Raises as `run` does, at any piece.
        """
        ...

    async def test(self) -> str:
        """Return one sentence about the database and its version, with warnings about its rights.

        Raises SourceUnavailable with the reason, without secrets.
        """
        ...

    async def catalog(self) -> Catalog:
        """Return the schemas, tables and columns that this login can read, system schemas left out."""
        ...

    async def close(self) -> None:
        """Let go of connections and files; queries that still run are cancelled."""
        ...


CATALOG_LIMITS = Limits(max_rows=200_000, max_bytes=100_000_000, timeout_ms=30_000)
UNSENDABLE = "A value cannot be sent to this database: it is no valid text, or too large a number."
SAMPLE_LIMITS = Limits(max_rows=1_000, max_bytes=1_000_000, timeout_ms=10_000)


def rows_of(result: Result) -> list[dict[str, Any]]:
    """Return the rows of a small result as Python values."""
    rows: list[dict[str, Any]] = orjson.loads(result.rows_json)
    return rows


def quoted(name: str) -> str:
    """Return an identifier in double quotes, those inside doubled.

    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def catalog_of(rows: list[dict[str, Any]], catalog: str | None, schema: str | None) -> Catalog:
    """Return the tree of rows {catalog, schema, table, kind, row_count, column, type, nullable}, in order."""
    tree: dict[str, dict[str, dict[str, TableInfo]]] = {}
    columns: dict[tuple[str, str, str], list[ColumnInfo]] = {}
    for row in rows:
        key = (str(row["catalog"]), str(row["schema"]), str(row["table"]))
        tables = tree.setdefault(key[0], {}).setdefault(key[1], {})
        if key[2] not in tables:
            count = row["row_count"]
            tables[key[2]] = TableInfo(
                name=key[2], kind=row["kind"], row_count=None if count is None else int(count)
            )
        info = ColumnInfo(name=row["column"], type=row["type"], nullable=bool(row["nullable"]))
        columns.setdefault(key, []).append(info)
    return Catalog(
        catalogs=tuple(
            CatalogInfo(
                name=name,
                schemas=tuple(
                    SchemaInfo(
                        name=inner,
                        tables=tuple(
                            table.model_copy(update={"columns": tuple(columns[name, inner, table.name])})
                            for table in tables.values()
                        ),
                    )
                    for inner, tables in schemas.items()
                ),
            )
            for name, schemas in tree.items()
        ),
        default_catalog=catalog,
        default_schema=schema,
    )
