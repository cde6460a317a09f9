"""What is already there: answers on the shelf and schemas in memory, with no way to ask a database for more."""

from __future__ import annotations

from tesela.engines.base import Engine
from tesela.errors import SourceUnavailable
from tesela.model.catalog import Catalog
from tesela.model.datasource import Datasource
from tesela.running.catalog import Catalogs, Kept, kept_key
from tesela.running.runner import Answered, Question, key_of
from tesela.running.shelf import Shelf
from tesela.running.sources import Source, Sources


class NotRememberedError(Exception):
    """A schema that is not in memory. No QueryError on purpose: what goes on without a schema must not go on here."""


class RememberedCatalogs(Catalogs):
    """The schemas that another one has in memory, however old; nothing is read from a database."""

    def __init__(self, known: Catalogs) -> None:
        super().__init__()
        self.kept = known.kept

    async def get(self, datasource: Datasource, engine: Engine, *, refresh: bool = False) -> Catalog:
        """Return the catalog from memory. Raises NotRememberedError."""
        return self._remembered(datasource).catalog

    async def _get(self, datasource: Datasource, engine: Engine, *, refresh: bool) -> Kept:
        return self._remembered(datasource)

    def _remembered(self, datasource: Datasource) -> Kept:
        found = self.kept.get(kept_key(datasource))
        if found is None:
            raise NotRememberedError(datasource.id)
        return found


class Visible:
    """The door for features that may look at rows but not ask for them: it has no runner and no engine's `run`.

    catalogs: what memory knows of the schemas, enough to find a question's key.
    """

    def __init__(self, sources: Sources, shelf: Shelf, catalogs: Catalogs) -> None:
        self._sources = sources
        self._shelf = shelf
        self.catalogs = RememberedCatalogs(catalogs)

    async def source(self, tenant_id: str, datasource_id: str) -> Source:
        """Return the source when it is open. Raises SourceUnavailable: a closed one has nothing on the shelf."""
        found = self._sources.peek(tenant_id, datasource_id)
        if found is None:
            raise SourceUnavailable("Nothing of this datasource is in memory; refresh the dashboard first")
        return found

    def peek(self, question: Question) -> Answered | None:
        """Return the question's answer when it is on the shelf, stale ones too; None otherwise. Runs nothing."""
        source = self._sources.peek(question.tenant_id, question.datasource_id)
        if source is None:
            return None
        key = key_of(source.datasource, question)
        found = self._shelf.look(key)
        return None if found is None else Answered(key, *found)
