"""What HTTP itself needs: bodies, versions, waiting clients."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import orjson
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from tesela.errors import BadRequest, QueryCancelled

T = TypeVar("T")

MAX_DEPTH = 150
"""Levels of a JSON body: documents are stored a few levels deeper, and readers of JSON give up at 200."""


class Body(BaseModel):
    """A request body: strict types, unknown fields ignored so that newer clients keep working."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", populate_by_name=True)


class Answer(BaseModel):
    """A response body."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class StrictJsonRequest(Request):
    """A request whose JSON must be JSON: no NaN, no lone surrogates, no bytes that are not UTF-8, not too deep.

    What is wrong is raised as FastAPI's own error, the only one that it passes on from here.
    """

    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            body = await self.body()
            try:
                self._json = orjson.loads(body)
            except orjson.JSONDecodeError as error:
                raise HTTPException(400, f"The body is not valid JSON: {error}") from error
            if body.count(b"{") + body.count(b"[") > MAX_DEPTH and is_deeper(self._json, MAX_DEPTH):
                raise HTTPException(400, f"The body is nested more than {MAX_DEPTH} levels deep")
            self.state.sent = self._json  # for the audit, which says a few facts of it
        return self._json


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether there are more lists and objects inside each other than `levels`. No recursion.

    >>> is_deeper({"a": [1]}, 2), is_deeper({"a": [[]]}, 2)
    (False, True)
    """
    level = [value] if isinstance(value, dict | list) else []
    while level and levels:
        level = [
            member
            for each in level
            for member in (each.values() if isinstance(each, dict) else each)
            if isinstance(member, dict | list)
        ]
        levels -= 1
    return bool(level)


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
