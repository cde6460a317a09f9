"""How often something may be tried: a bucket for each key, which fills again as time passes."""

from __future__ import annotations

import datetime as dt
import math
from collections import OrderedDict
from collections.abc import Callable

from tesela.errors import TooManyRequests

KEPT_KEYS = 50_000


class Limiter:
    """Counts attempts by key: `per_minute` at once, and as many again in every minute."""

    def __init__(self, per_minute: int, clock: Callable[[], dt.datetime], sentence: str) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._sentence = sentence
        self._buckets: OrderedDict[str, tuple[float, dt.datetime]] = OrderedDict()

    def attempt(self, key: str) -> None:
        """Count an attempt. Raises TooManyRequests with the time until the next one is free."""
        now = self._clock()
        left, since = self._buckets.get(key, (float(self._per_minute), now))
        left = min(self._per_minute, left + (now - since).total_seconds() * self._per_minute / 60)
        if left < 1:
            wait = math.ceil((1 - left) * 60 / self._per_minute)
            raise TooManyRequests(self._sentence, retry_after_seconds=max(wait, 1))
        self._buckets[key] = (left - 1, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > KEPT_KEYS:
            self._buckets.popitem(last=False)

    def forget(self, key: str) -> None:
        """Take back what was counted for a key."""
        self._buckets.pop(key, None)
