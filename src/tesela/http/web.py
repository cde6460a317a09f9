"""What HTTP itself needs: bodies, versions, waiting clients."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from tesela.errors import BadRequest, QueryCancelled

T = TypeVar("T")


class Body(BaseModel):
    """A request body: strict types, unknown fields ignored so that newer clients keep working."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


class Answer(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class StrictJsonRequest(Request):
    """A request whose JSON must be JSON: no NaN, no lone surrogates, no bytes that are not UTF-8."""

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            try:
                self._json = orjson.loads(await self.body())
            except orjson.JSONDecodeError as error:
                raise BadRequest(f"The body is not valid JSON: {error}") from error
        return self._json


class StrictJsonRoute(APIRoute):
    """The route class of every router of ours."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handle(StrictJsonRequest(request.scope, request.receive))

        return strict


_IF_MATCH = re.compile(r'^(?:W/)?"?(\d{1,18})"?$')


def expected_version(request: Request) -> int | None:
    """Return the version that `If-Match` names; None when there is none or it is `*`. Raises BadRequest."""
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    match = _IF_MATCH.match(header.strip())
    if match is None:
        raise BadRequest('If-Match must be a version such as "3"')
    return int(match.group(1))


def version_etag(version: int) -> str:
    """Return the entity tag of a dashboard's version."""
    return f'"{version}"'


async def while_connected(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns; cancel it when the client goes away (raises QueryCancelled)."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise QueryCancelled("The client went away")
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
