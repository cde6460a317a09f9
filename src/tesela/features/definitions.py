"""The metrics of each tenant, in memory until one of them changes: what tiles are made of at each view."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from tesela.features.memory import Memory
from tesela.model.metric import Definition, Metric, MetricQuery
from tesela.semantic.compiling import CompiledMetrics, View, compile_metrics
from tesela.store import Store

KEPT_TENANTS = 1_000
KEPT_QUERIES = 500


@dataclass(slots=True)
class Book:
    """All metrics of a tenant at one moment, by name. Another one takes its place when a metric changes."""

    metrics: Mapping[str, Metric]
    definitions: Mapping[str, Definition] = field(init=False)
    _compiled: OrderedDict[tuple[str, str, View], CompiledMetrics] = field(default_factory=OrderedDict)

    def __post_init__(self) -> None:
        self.definitions = {name: one.definition for name, one in self.metrics.items()}

    def compiled(self, query: MetricQuery, dialect: str, view: View) -> CompiledMetrics:
        """Return the SQL of a query, from memory where it was asked before. Raises BadRequest, QueryRefused."""
        key = (query.model_dump_json(exclude={"date_range", "cache_ttl_seconds"}), dialect, view)
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = compile_metrics(query, self.definitions, dialect, view)
            if len(self._compiled) > KEPT_QUERIES:
                self._compiled.popitem(last=False)
        return found

    def with_one(self, metric: Metric, *, former: str | None = None) -> Book:
        """Return a book in which this metric stands, in the place of the one that was called `former`."""
        rest = {name: one for name, one in self.metrics.items() if name not in (former, metric.name)}
        return Book({**rest, metric.name: metric})

    def built_on(self, names: frozenset[str]) -> frozenset[str]:
        """Return the names with those of all metrics whose formulas come down to one of them."""
        found = set(names)
        while True:
            more = {name for name, one in self.definitions.items() if found & set(one.references)} - found
            if not more:
                return frozenset(found)
            found |= more


class Books(Protocol):
    """Where the metrics of a tenant are found."""

    async def of(self, tenant_id: str) -> Book: ...

    def is_current(self, tenant_id: str, book: Book) -> bool: ...


@dataclass(frozen=True, slots=True)
class Supposed:
    """A book that is not stored: what would be if it were."""

    book: Book

    async def of(self, tenant_id: str) -> Book:
        """Return the supposed metrics."""
        return self.book

    def is_current(self, tenant_id: str, book: Book) -> bool:
        """Return that it never is: what it answers is not kept for others."""
        return False


class Definitions:
    """Books by tenant. One instance serves the whole server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._books = Memory[Book](KEPT_TENANTS)
        store.on_change(self._hear)

    async def of(self, tenant_id: str) -> Book:
        """Return the tenant's metrics."""
        found = self._books.get(tenant_id)
        if found is None:
            found = await self._books.load(tenant_id, lambda: book_of(self._store, tenant_id))
        return found or Book({})

    def is_current(self, tenant_id: str, book: Book) -> bool:
        """Return whether no metric changed since the book was opened."""
        return self._books.get(tenant_id) is book

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        if kind in ("metric", "user", "tenant"):
            self._books.drop(tenant_id)


async def book_of(store: Store, tenant_id: str) -> Book:
    """Return the tenant's metrics as they are stored."""
    found = await store.read(lambda tx: tx.metrics.list(tenant_id))
    return Book({one.name: one for one in found})
