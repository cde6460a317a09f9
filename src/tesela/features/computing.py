"""Facts and answers are computed beside the event loop: in one thread, with a bounded queue before it.

More threads would not be faster, for they share one interpreter; they would only slow everything else down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from tesela.errors import TooBusy

T = TypeVar("T")

MOST_WAITING = 32
"""Computations that may wait for their turn; each takes a fraction of a second."""
_POOL = ThreadPoolExecutor(1, "computing")
_waiting = 0


async def computed(work: Callable[..., T], *args: Any, **named: Any) -> T:
    """Return what `work` returns when its turn has come. Raises TooBusy when too many wait already."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise TooBusy("Too much is computed at the same time: try again in a moment", retry_after_seconds=2)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_POOL, partial(work, *args, **named))
    finally:
        _waiting -= 1
