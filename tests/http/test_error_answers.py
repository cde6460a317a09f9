"""What a client reads when something of ours breaks."""

from __future__ import annotations

import asyncio

import httpx
from fastapi import FastAPI

from tesela.http import errors


def test_a_broken_runner_is_said_as_the_contract_says_it_and_nothing_leaks() -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/api/dashboards/x/data")
    def data() -> None:
        raise RuntimeError("/srv/secret/path password=hunter2")

    @app.get("/api/dashboards/x")
    def other() -> None:
        raise RuntimeError("/srv/secret/path password=hunter2")

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return [await client.get(path) for path in ("/api/dashboards/x/data", "/api/dashboards/x")]

    answers = asyncio.run(ask())

    assert [answer.status_code for answer in answers] == [500, 500]
    assert answers[0].json() == {"detail": "Failed to execute dashboard queries"}
    assert answers[1].json() == {"detail": "Something went wrong on the server; its log says what"}
