"""The tables of a datasource by every name that they may be written with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tesela.model.catalog import Catalog


@dataclass(frozen=True, slots=True)
class KnownTable:
    """One table. kind: `table`, `view` or `partition`, as the catalog says."""

    catalog: str
    schema: str
    name: str
    kind: str
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class KnownTables:
    """Tables by `table`, `schema.table` and `catalog.schema.table` in lower case. Compared by identity."""

    by_name: Mapping[str, tuple[KnownTable, ...]]

    def named(self, parts: Sequence[str]) -> tuple[KnownTable, ...]:
        """Return the tables that these parts of a name may mean; several where only their case differs."""
        return self.by_name.get(".".join(parts).lower(), ())

    def all(self) -> tuple[KnownTable, ...]:
        """Return every table once."""
        return tuple(dict.fromkeys(table for found in self.by_name.values() for table in found))


def known_tables(catalog: Catalog, *, schema: str | None = None) -> KnownTables:
    """Return the tables of a catalog; unqualified names mean those of `schema`, else of the default one."""
    default = (schema or catalog.default_schema or "").lower()
    found: dict[str, list[KnownTable]] = {}
    for database in catalog.catalogs:
        for group in database.schemas:
            for table in group.tables:
                columns = tuple(column.name for column in table.columns)
                known = KnownTable(database.name, group.name, table.name, table.kind, columns)
                names = [f"{database.name}.{group.name}.{table.name}", f"{group.name}.{table.name}"]
                names += [table.name] if group.name.lower() == default else []
                for name in names:
                    found.setdefault(name.lower(), []).append(known)
    return KnownTables({name: tuple(tables) for name, tables in found.items()})
