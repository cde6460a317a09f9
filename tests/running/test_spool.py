"""Bytes on their way to a reader: kept on disk, in order, and gone afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest

from tesela.errors import QueryFailed, StoreUnavailable
from tesela.running.spool import Spool, Spools


class Source:
    """Yields the pieces, an exception among them raised, and waits for `go` before those after a None."""

    def __init__(self, *pieces: bytes | Exception | None) -> None:
        self.pieces = pieces
        self.go = asyncio.Event()
        self.is_closed = False

    async def __call__(self) -> AsyncGenerator[bytes]:
        try:
            for piece in self.pieces:
                if piece is None:
                    await self.go.wait()
                elif isinstance(piece, Exception):
                    raise piece
                else:
                    yield piece
        finally:
            self.is_closed = True


def spooled(
    tmp_path: Path,
    pieces: tuple[bytes | Exception | None, ...],
    work: Callable[[Spool, Source], Awaitable[object]],
    *,
    max_bytes: int = 10**9,
) -> tuple[Spools, Source]:
    async def run() -> tuple[Spools, Source]:
        spools, source = Spools(tmp_path, max_bytes), Source(*pieces)
        spool = spools.take(source())
        try:
            await work(spool, source)
        finally:
            await spool.close()
        return spools, source

    return asyncio.run(asyncio.wait_for(run(), 10))


async def read(spool: Spool) -> bytes:
    return b"".join([piece async for piece in spool.pieces()])


def test_a_reader_gets_everything_in_order(tmp_path: Path) -> None:
    many = tuple(bytes([number % 256]) * 50_000 for number in range(40))

    async def work(spool: Spool, _: Source) -> None:
        await spool.begun(5)
        assert spool.is_complete
        assert spool.size == 2_000_000
        assert await read(spool) == b"".join(many)

    spools, source = spooled(tmp_path, many, work)

    assert (spools.size, source.is_closed) == (0, True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_grows_begins_before_its_end(tmp_path: Path) -> None:
    async def work(spool: Spool, source: Source) -> None:
        await spool.begun(0.05)
        assert not spool.is_complete
        pieces = spool.pieces()
        assert await anext(pieces) == b"first"
        source.go.set()
        assert [piece async for piece in pieces] == [b"second"]

    spooled(tmp_path, (b"first", None, b"second"), work)


def test_nothing_begins_before_the_first_bytes(tmp_path: Path) -> None:
    async def work(spool: Spool, source: Source) -> None:
        begun = asyncio.create_task(spool.begun(0.01))
        await asyncio.sleep(0.1)
        assert not begun.done()
        source.go.set()
        await begun

    spooled(tmp_path, (None, b"late"), work)


def test_an_error_before_the_first_bytes_is_raised_at_once(tmp_path: Path) -> None:
    async def work(spool: Spool, _: Source) -> None:
        with pytest.raises(QueryFailed, match="It broke"):
            await spool.begun(5)

    spooled(tmp_path, (QueryFailed("It broke"),), work)


def test_an_error_within_the_patience_is_raised_at_once_too(tmp_path: Path) -> None:
    async def work(spool: Spool, _: Source) -> None:
        with pytest.raises(QueryFailed):
            await spool.begun(5)

    spooled(tmp_path, (b"some", QueryFailed("It broke")), work)


def test_a_later_error_is_raised_where_the_bytes_end(tmp_path: Path) -> None:
    async def work(spool: Spool, source: Source) -> None:
        await spool.begun(0.01)
        source.go.set()
        pieces = spool.pieces()
        assert await anext(pieces) == b"some"
        with pytest.raises(QueryFailed):
            await anext(pieces)
        assert not spool.is_complete

    spooled(tmp_path, (b"some", None, QueryFailed("It broke")), work)


def test_closing_stops_the_source(tmp_path: Path) -> None:
    async def work(spool: Spool, _: Source) -> None:
        await spool.begun(0.01)

    spools, source = spooled(tmp_path, (b"some", None), work)

    assert (spools.size, source.is_closed) == (0, True)


def test_the_disk_has_a_limit(tmp_path: Path) -> None:
    async def work(spool: Spool, _: Source) -> None:
        with pytest.raises(StoreUnavailable, match="no room"):
            await spool.begun(5)

    spools, source = spooled(tmp_path, (b"x" * 60, b"x" * 60), work, max_bytes=100)

    assert (spools.size, source.is_closed) == (0, True)
