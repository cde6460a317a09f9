"""The door to our own database: short transactions, run in threads of the store's own.

Nothing here blocks the event loop, and no transaction is open while anything else is awaited: the function
given to `read` or `write` is synchronous and runs from BEGIN to COMMIT in one thread.
"""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError

from tesela.errors import BadRequest, StoreUnavailable
from tesela.store import connections, migrate
from tesela.store.changes import Log
from tesela.store.secrets import Keys
from tesela.store.totals import Totals
from tesela.store.tx import Tx
from tesela.store.work import Change, ChangeKind, Clock

T = TypeVar("T")
Listener = Callable[[ChangeKind, str, str], None]
"""Called with kind, tenant id and object id of each committed change, in the event loop."""


class Store:
    """Made by `open_store`, closed by `close`."""

    def __init__(self, url: str, *, keys: Keys, clock: Clock) -> None:
        self._url = connections.parse_url(url)
        self._writer = connections.connect(self._url, writing=True)
        self._reader = connections.connect(self._url, writing=False)
        self._keys = keys
        self._clock = clock
        self._listeners: list[Listener] = []
        self._totals = Totals()
        self._log = Log(uuid.uuid4().hex)
        self._watching: asyncio.Task[None] | None = None
        writers = 1 if self.is_sqlite else connections.WRITERS
        self._reading = ThreadPoolExecutor(connections.READERS, "store-read")
        self._writing = ThreadPoolExecutor(writers, "store-write")

    @property
    def keys(self) -> Keys:
        """The server's own keys, for what is signed outside of a transaction."""
        return self._keys

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    async def migrate(self) -> None:
        """Bring the tables to this version; quick when they are. Safe when several start at once.

        Raises BadStoreVersion, StoreUnavailable.
        """
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writing, migrate.upgrade, self._url, self._writer)
        except DBAPIError as error:
            raise StoreUnavailable(
                "The store cannot be opened: check its address and that it answers", private=str(error.orig)
            ) from error

    async def read(self, fn: Callable[[Tx], T]) -> T:
        """Return what `fn` returns; its one transaction can only read. Raises StoreUnavailable."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._reading, self._run_read, fn)

    async def write(self, fn: Callable[[Tx], T]) -> T:
        """Return what `fn` returns after its transaction is committed; roll back when it raises.

        `fn` may run twice (when a connection turns out to be dead), so it changes nothing but the store.
        Listeners have heard of the changes when this returns. Raises StoreUnavailable.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writing, self._run_write, fn, loop)

    def on_change(self, listener: Listener) -> None:
        """Call `listener` for every committed change from now on."""
        self._listeners.append(listener)

    def start_watching(self, every_seconds: float = 1.0) -> None:
        """From now on, also tell listeners what other processes change, within `every_seconds`."""
        if self._watching is None:
            self._watching = asyncio.get_running_loop().create_task(self._watch(every_seconds))

    async def catch_up(self) -> None:
        """Tell listeners what other processes changed since the last time. Raises StoreUnavailable."""
        changes = await self.read(self._log.read)
        self._forget_totals(changes)
        self._tell(changes)

    async def close(self) -> None:
        """Let running transactions finish, then let go of all connections."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})
            self._watching = None
        await asyncio.to_thread(self._close)

    async def _watch(self, every_seconds: float) -> None:
        rounds_per_hour = max(int(3600 / every_seconds), 1)
        for number in itertools.count(1):
            await asyncio.sleep(every_seconds)
            try:
                await self.catch_up()
                if number % rounds_per_hour == 0:
                    await self.write(self._log.prune)
            except StoreUnavailable:
                continue  # the next round hears of it all

    def _close(self) -> None:
        self._writing.shutdown()
        self._reading.shutdown()
        self._reader.dispose()
        self._writer.dispose()

    def _run_read(self, fn: Callable[[Tx], T]) -> T:
        return self._attempt(self._reader, fn)[0]

    def _run_write(self, fn: Callable[[Tx], T], loop: asyncio.AbstractEventLoop) -> T:
        result, changes = self._attempt(self._writer, fn)
        self._forget_totals(changes)
        if changes and not loop.is_closed():
            # Before the result is handed over, so the one who wrote never reads an old copy; and also
            # when nobody waits for the result any more.
            loop.call_soon_threadsafe(self._tell, changes)
        return result

    def _attempt(self, engine: Engine, fn: Callable[[Tx], T]) -> tuple[T, list[Change]]:
        """Run `fn` in a transaction; once more when the connection was dead before the commit."""
        committing = False
        for is_last in (False, True):
            generation = self._totals.generation
            try:
                with engine.connect() as connection, connection.begin() as transaction:
                    tx = Tx(connection, self._clock, self._keys, self._totals, generation)
                    result = fn(tx)
                    tx.changes = list(dict.fromkeys(tx.changes))
                    self._log.write(tx)
                    committing = True
                    transaction.commit()
                    return result, tx.changes
            except DataError as error:
                raise BadRequest("A text holds a character that cannot be stored") from error
            except DBAPIError as error:
                if error.connection_invalidated and not committing and not is_last:
                    continue
                raise StoreUnavailable(
                    "The server cannot reach its own database right now: try again", private=str(error.orig)
                ) from error
        raise AssertionError("the second attempt returns or raises")

    def _forget_totals(self, changes: list[Change]) -> None:
        for change in changes:
            self._totals.hear(change.kind, change.tenant_id)

    def _tell(self, changes: list[Change]) -> None:
        for change in changes:
            for listener in self._listeners:
                listener(change.kind, change.tenant_id, change.id)


async def open_store(url: str, *, keys: Keys, clock: Clock) -> Store:
    """Return the store at `url`; it migrates nothing by itself.

    url: sqlite:////path/to/tesela.db or postgresql://user:password@host/db. Raises BadStoreUrl.
    """
    return await asyncio.to_thread(lambda: Store(url, keys=keys, clock=clock))
