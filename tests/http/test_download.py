"""How a download is sent: whole or not at all, and never to somebody who has stopped reading."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from starlette.types import Message

from tesela.errors import QueryFailed
from tesela.features.export import Download, Report
from tesela.http.qry.export import DownloadResponse
from tesela.running.spool import Spools


class Client:
    """Takes messages; after `takes` of them it stops, and leaves if it is one who leaves."""

    def __init__(self, takes: int = 1_000, *, leaves: bool = False) -> None:
        self.takes, self.leaves = takes, leaves
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self.begun = asyncio.Event()

    async def send(self, message: Message) -> None:
        if len(self.messages) == self.takes:
            if self.leaves:
                self.gone.set()
            await asyncio.Event().wait()
        self.messages.append(message)
        self.begun.set()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages)

    @property
    def is_whole(self) -> bool:
        return self.messages[-1].get("more_body") is False


def sent(tmp_path: Path, client: Client, *pieces: bytes | Exception, report: Report | None = None) -> Spools:
    async def source() -> AsyncGenerator[bytes]:
        for piece in pieces:
            if isinstance(piece, Exception):
                await client.begun.wait()
                raise piece
            yield piece

    async def run() -> Spools:
        spools = Spools(tmp_path, 10**9)
        spool = spools.take(source())
        await spool.begun(0.05)
        download = Download("Año.csv", "csv", spool, report or Report())
        await DownloadResponse(download, idle_seconds=0.2)({"type": "http"}, client.receive, client.send)
        return spools

    return asyncio.run(asyncio.wait_for(run(), 10))


def test_a_ready_file_says_how_long_it_is_and_what_is_missing(tmp_path: Path) -> None:
    client = Client()

    spools = sent(tmp_path, client, b"a" * 300_000, b"b", report=Report(truncated=True, ignored=("á, b",)))

    headers = dict(client.messages[0]["headers"])
    assert headers[b"content-length"] == b"300001"
    assert headers[b"x-tesela-truncated"] == b"true"
    assert headers[b"x-tesela-filters-ignored"] == b"%C3%A1%2C%20b"
    assert (
        headers[b"content-disposition"] == b"attachment; filename=\"Ano.csv\"; filename*=UTF-8''A%C3%B1o.csv"
    )
    assert (client.body, client.is_whole) == (b"a" * 300_000 + b"b", True)
    assert spools.size == 0


def test_a_file_that_breaks_is_left_without_its_end(tmp_path: Path) -> None:
    client = Client()

    spools = sent(tmp_path, client, b"some", QueryFailed("It broke"))

    assert b"content-length" not in dict(client.messages[0]["headers"])
    assert (client.body, client.is_whole) == (b"some", False)
    assert spools.size == 0


def test_a_reader_who_takes_nothing_is_let_go(tmp_path: Path) -> None:
    client = Client(takes=2)

    spools = sent(tmp_path, client, b"a" * 1_000_000)

    assert not client.is_whole
    assert spools.size == 0


def test_a_reader_who_leaves_is_not_waited_for(tmp_path: Path) -> None:
    client = Client(takes=2, leaves=True)

    spools = sent(tmp_path, client, b"a" * 1_000_000)

    assert not client.is_whole
    assert spools.size == 0
