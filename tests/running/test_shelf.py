"""The shelf: what is fresh, what is stale, what has to go."""

from __future__ import annotations

import datetime as dt

from tesela.model.result import Result
from tesela.running.shelf import Shelf, Shelved

RESULT = Result((), b"[]", 0, False, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), 1)


def entry(now: float, *, fresh: float = 10, stale: float = 30, size: int = 100) -> Shelved:
    return Shelved(RESULT, b"x" * size, now, now + fresh, now + stale)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_result_is_cached_then_stale_then_gone() -> None:
    clock = Clock()
    shelf = Shelf(100_000, clock)
    kept = entry(0)
    shelf.put(b"k", kept)

    seen = []
    for clock.now in (0.0, 9.9, 10.0, 29.9, 30.0):
        found = shelf.look(b"k")
        seen.append(found[1] if found else None)

    assert seen == ["cached", "cached", "stale", "stale", None]
    assert len(shelf) == 0
    assert shelf.size == 0


def test_the_least_recently_used_goes_first_when_the_bytes_are_full() -> None:
    shelf = Shelf(8 * 1512, Clock())
    for name in b"abcdefgh":
        shelf.put(bytes([name]), entry(0, size=1000))

    shelf.look(b"a")
    shelf.put(b"i", entry(0, size=1000))

    assert shelf.look(b"a") is not None
    assert shelf.look(b"b") is None
    assert shelf.size <= 8 * 1512
    assert shelf.evictions == 1


def test_a_result_larger_than_an_eighth_is_not_kept() -> None:
    shelf = Shelf(8000, Clock())

    shelf.put(b"k", entry(0, size=1000))

    assert shelf.look(b"k") is None


def test_replacing_an_entry_counts_its_bytes_once() -> None:
    shelf = Shelf(100_000, Clock())

    for _ in range(5):
        shelf.put(b"k", entry(0, size=100))

    assert shelf.size == 612


def test_an_entry_that_lives_for_no_time_is_not_kept() -> None:
    shelf = Shelf(100_000, Clock())

    shelf.put(b"k", entry(0, fresh=0, stale=0))

    assert len(shelf) == 0
