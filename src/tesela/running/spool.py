"""Bytes that are made faster than they are read, kept in a file without a name.

So a download holds an engine for as long as the engine needs, and not for as long as its reader does: somebody on
a slow line, or who stops reading, keeps nobody else waiting and no result in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

from tesela.errors import StoreUnavailable

PIECE_BYTES = 2**18
NO_ROOM = "The server has no room for this download now; try again later"


class Spools:
    """All downloads that are under way. folder: where they lie. max_bytes: of disk for all of them."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self.size = 0

    def take(self, source: AsyncGenerator[bytes]) -> Spool:
        """Begin to keep what `source` makes. Close the spool when its reader has left."""
        return Spool(source, self)


class Spool:
    """Takes everything from `source` as it comes. Its file has no name, so it ends with the process at the latest."""

    def __init__(self, source: AsyncGenerator[bytes], spools: Spools) -> None:
        self.size = 0
        self._spools = spools
        self._source = source
        self._file = tempfile.TemporaryFile(dir=spools.folder)  # noqa: SIM115  (`close` closes it)
        self._grown = asyncio.Event()
        self._filling = asyncio.get_running_loop().create_task(self._fill())
        self._filling.add_done_callback(self._filled)

    @property
    def is_complete(self) -> bool:
        return self._filling.done() and not self._filling.cancelled() and self._filling.exception() is None

    async def begun(self, patience_seconds: float) -> None:
        """Return when all is there, or something and the patience is over. Raises what the source raised."""
        await asyncio.wait({self._filling}, timeout=patience_seconds)
        while not self.size and not self._filling.done():
            await self._growth()
        if self._filling.done():
            self._filling.result()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield everything from the beginning, and wait for more. Raises what the source raised, at its place."""
        offset = 0
        while True:
            if offset < self.size:
                piece = await asyncio.to_thread(os.pread, self._file.fileno(), PIECE_BYTES, offset)
                offset += len(piece)
                yield piece
            elif self._filling.done():
                self._filling.result()
                return
            else:
                await self._growth()

    async def close(self) -> None:
        """Stop the source, and let go of the file."""
        self._filling.cancel()
        await asyncio.wait({self._filling})
        self._spools.size -= self.size
        self.size = 0
        self._file.close()

    async def _growth(self) -> None:
        self._grown.clear()
        await self._grown.wait()

    async def _fill(self) -> None:
        async with contextlib.aclosing(self._source) as source:
            async for piece in source:
                if self._spools.size + len(piece) > self._spools.max_bytes:
                    raise StoreUnavailable(NO_ROOM, private="TESELA_EXPORT_DISK_BYTES are in use")
                try:
                    await asyncio.to_thread(self._write, piece, self.size)
                except OSError as error:
                    raise StoreUnavailable(NO_ROOM, private=str(error)) from error
                self.size += len(piece)
                self._spools.size += len(piece)
                self._grown.set()

    def _write(self, piece: bytes, offset: int) -> None:
        rest = memoryview(piece)
        while rest:
            written = os.pwrite(self._file.fileno(), rest, offset)
            offset, rest = offset + written, rest[written:]

    def _filled(self, task: asyncio.Task[None]) -> None:
        self._grown.set()
        if not task.cancelled():
            task.exception()  # seen: whoever reads gets it, but nobody may be reading any more
