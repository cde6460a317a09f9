"""The outer edge of a request, around an application of the tests' own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request

from tesela.http import errors
from tesela.http.edge import UPLOAD_PATH, Edge
from tesela.http.metrics import Metrics

Message = dict[str, Any]


def answered(path: str, pieces: Sequence[tuple[float, bytes]], *, ends: bool) -> tuple[int, Any]:
    """Return status and body for a body that arrives in pieces, each after its seconds."""
    app = FastAPI()
    errors.install(app)

    @app.post("/{path:path}")
    async def count(request: Request) -> int:
        return len(await request.body())

    said: list[Message] = []
    coming = [*pieces, *([(0.0, b"")] if ends else [])]

    async def receive() -> Message:
        if not coming:
            await asyncio.sleep(60)
        seconds, body = coming.pop(0)
        await asyncio.sleep(seconds)
        return {"type": "http.request", "body": body, "more_body": bool(coming) or not ends}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": []}
    edge = Edge(app, body_max_bytes=10, metrics=Metrics(), body_seconds=0.2)
    asyncio.run(edge({**scope, "raw_path": path.encode()}, receive, send))
    return said[0]["status"], orjson.loads(said[-1]["body"])


def test_a_body_within_its_limits_arrives() -> None:
    assert answered("/api/x", [(0.0, b"12345"), (0.01, b"6789")], ends=True) == (200, 9)


def test_a_body_that_does_not_come_to_an_end_is_408() -> None:
    late = (408, {"detail": "The body takes too long to arrive: send it again"})

    assert answered("/api/x", [(0.0, b"1")], ends=False) == late
    assert answered("/api/x", [(0.09, b"1"), (0.09, b"2"), (0.09, b"3"), (0.0, b"4")], ends=True) == late


def test_an_upload_may_go_on_for_as_long_as_it_goes_on() -> None:
    pieces = [(0.09, b"12345")] * 4

    assert answered(UPLOAD_PATH, pieces, ends=True) == (200, 20)
    assert answered(UPLOAD_PATH, [(0.0, b"1")], ends=False)[0] == 408


def test_a_body_past_its_limit_is_413() -> None:
    assert answered("/api/x", [(0.0, b"12345")] * 3, ends=True) == (
        413,
        {"detail": "The body must be at most 10 bytes"},
    )
