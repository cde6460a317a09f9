"""What a datasource holds: catalogs, schemas, tables, columns."""

from __future__ import annotations

from tesela.model.frozen import Frozen


class ColumnInfo(Frozen):
    name: str
    type: str
    """The database's own name of the type, e.g. `VARCHAR`, `timestamp with time zone`."""
    nullable: bool = True


class TableInfo(Frozen):
    name: str
    kind: str = "table"
    """`table` or `view`."""
    columns: tuple[ColumnInfo, ...] = ()
    row_count: int | None = None
    """Exact where the database knows it cheaply, an estimate where it keeps one, else None."""


class SchemaInfo(Frozen):
    name: str
    tables: tuple[TableInfo, ...] = ()


class CatalogInfo(Frozen):
    name: str
    schemas: tuple[SchemaInfo, ...] = ()


class Catalog(Frozen):
    """Everything a datasource's login can see, system schemas left out."""

    catalogs: tuple[CatalogInfo, ...] = ()
    default_catalog: str | None = None
    default_schema: str | None = None
