"""The shape of every error, for the description of the API."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Problem(BaseModel):
    """Every error: one sentence for a person."""

    detail: str
    error_code: str | None = None
    line: int | None = None
    column: int | None = None
    version: int | None = None
    problems: list[str] | None = None


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 409, 413)
}
