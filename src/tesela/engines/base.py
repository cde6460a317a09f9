"""What every database looks like from the inside: one protocol."""

from __future__ import annotations

from typing import ClassVar, Protocol

from tesela.model.catalog import Catalog
from tesela.model.result import Limits, Result
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

    async def test(self) -> str:
        """Return one sentence about the database and its version, with warnings about its rights.

        Raises SourceUnavailable with the reason, without secrets.
        """
        ...

    async def catalog(self) -> Catalog:
        """Return the schemas, tables and columns that this login can read, system schemas left out."""
        ...

    async def sample_values(
        self, catalog: str | None, schema: str | None, table: str, column: str, *, limit: int
    ) -> list[str]:
        """Return the most frequent values of a column as text, at most `limit`, without nulls."""
        ...

    async def close(self) -> None:
        """Let go of connections and files; queries that still run are cancelled."""
        ...
