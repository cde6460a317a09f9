"""SQL is parsed where it does not hold up the others: long SQL in a thread.

The parser needs about a second of CPU for the longest SQL that is allowed. In a thread it still holds the
interpreter for tenths of a second at a time, but no longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tesela.sql.bind import Template, compile_template

LONG = 5_000
"""Characters; what is shorter is parsed in about 20 ms."""
P = ParamSpec("P")
T = TypeVar("T")


async def compiled(sql: str, dialect: str) -> Template:
    """Return the template of an author's SQL. Raises UnknownPlaceholder, QueryRefused, with line and column."""
    return await beside(sql, compile_template, sql, dialect)


async def beside(sql: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what `work` returns, done in a thread when the SQL that it reads is long."""
    if len(sql) <= LONG:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)
