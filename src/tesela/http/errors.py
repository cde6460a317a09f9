"""Errors on their way out: one sentence in `detail`, and nothing of the inside."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tesela.errors import BundleRefused, Conflict, QueryError, TeselaError
from tesela.http.edge import without_token

log = structlog.get_logger()

RUNNER_FAILED = "Failed to execute dashboard queries"
"""The contract's sentence for when the runner as a whole fails; a single tile's failure is its own."""
WENT_WRONG = "Something went wrong on the server; its log says what"


def install(app: FastAPI) -> None:
    """Teach `app` to answer every error as the contract does."""
    app.add_exception_handler(TeselaError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def body_of(error: TeselaError) -> dict[str, Any]:
    """Return the JSON body of an error.

    >>> body_of(Conflict("stale", version=3))
    {'detail': 'stale', 'version': 3}
    """
    body: dict[str, Any] = {"detail": error.sentence}
    if isinstance(error, QueryError):
        body["error_code"] = error.error_code
        if error.line is not None:
            body |= {"line": error.line, "column": error.column}
    if isinstance(error, Conflict) and error.version is not None:
        body["version"] = error.version
    if isinstance(error, BundleRefused):
        body["problems"] = list(error.problems)
    return body


def sentence_of(error: RequestValidationError) -> str:
    """Return one sentence for the first field that does not fit."""
    first = error.errors()[0]
    where = [str(part) for part in first["loc"][1:]]  # the first says body, query, path or header
    if first["type"] == "json_invalid":
        return "The body is not valid JSON"
    if first["type"] == "missing" and not where:
        return "A JSON body is required"
    field = ".".join(where) or "The body"
    message = str(first["msg"])
    if first["type"] == "missing":
        return f"{field} is required"
    if first["type"] == "value_error":
        message = message.removeprefix("Value error, ")
    return f"{field}: {message[:1].lower()}{message[1:]}"


async def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TeselaError)  # noqa: S101  (narrows what Starlette types as Exception)
    if error.status >= 500:
        log.warning(
            "request_failed",
            path=without_token(request.url.path),
            status=error.status,
            why=error.private or str(error),
        )
    return JSONResponse(body_of(error), status_code=error.status, headers=error.headers())


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (narrows what Starlette types as Exception)
    return JSONResponse({"detail": sentence_of(error)}, status_code=400)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  (narrows what Starlette types as Exception)
    return JSONResponse({"detail": str(error.detail)}, status_code=error.status_code, headers=error.headers)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    """The one edge that catches everything (the server logs the trace itself)."""
    ran_tiles = request.url.path.endswith(("/data", "/data/stream", "/snapshot"))
    return JSONResponse({"detail": RUNNER_FAILED if ran_tiles else WENT_WRONG}, status_code=500)
