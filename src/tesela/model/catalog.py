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
    """`table`, `view`, or `partition` for a table that is a part of another one."""
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

    def uncounted(self) -> Catalog:
        """Return the same without the counts of rows."""
        return self.model_copy(
            update={"catalogs": tuple(_uncounted(one) for one in self.catalogs)},
        )


def _uncounted(catalog: CatalogInfo) -> CatalogInfo:
    schemas = tuple(
        schema.model_copy(
            update={"tables": tuple(one.model_copy(update={"row_count": None}) for one in schema.tables)}
        )
        for schema in catalog.schemas
    )
    return catalog.model_copy(update={"schemas": schemas})
