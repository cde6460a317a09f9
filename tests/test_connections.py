"""What a stranger may send before a request has begun, and for how long."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from tesela.connections import Connection


class Hasty(Connection):
    HEAD_BYTES = 1_000
    HEAD_SECONDS = 0.2


async def slow_app(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.sleep(0.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def said(*pieces: bytes | float) -> bytes:
    """Send pieces, with pauses in seconds between them; return all that comes back."""

    async def talk() -> bytes:
        config = uvicorn.Config(slow_app, lifespan="off", log_config=None, timeout_keep_alive=1)
        config.load()
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: Hasty(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in pieces:
            if isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            else:
                await asyncio.sleep(piece)
        answer = await reader.read()
        writer.close()
        server.close()
        await asyncio.gather(*state.tasks)
        return answer

    return asyncio.run(talk())


@pytest.mark.parametrize("piece", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"], ids=["nothing", "half"])
def test_a_head_that_does_not_come_is_not_waited_for(piece: bytes) -> None:
    assert said(piece).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_drips_is_not_waited_for() -> None:
    assert b"408 Request Timeout" in said(
        b"GET / HT", 0.09, b"TP/1.1\r\n", 0.09, b"A: b\r\n", 0.09, b"C: d\r\n"
    )


def test_a_head_that_grows_is_refused() -> None:
    assert said(b"GET / HTTP/1.1\r\nA: ", b"a" * 600, 0.02, b"a" * 600).startswith(b"HTTP/1.1 431 ")


def test_an_answer_may_take_longer_than_a_head() -> None:
    answer = said(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2_000)

    assert answer.startswith(b"HTTP/1.1 200 OK")


def test_one_connection_carries_several_requests() -> None:
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

    answer = said(request, 0.7, request, 0.3, request[:10], 0.05, request[10:])

    assert answer.count(b"HTTP/1.1 200 OK") == 3
