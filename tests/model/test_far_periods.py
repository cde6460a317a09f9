"""Ranges that reach so far that the period before them would begin before the calendar does."""

from __future__ import annotations

import datetime as dt

import pytest

from tesela.model.periods import Period, previous


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (dt.date(1900, 1, 1), dt.date(9999, 12, 31)),
        (dt.date(1, 1, 1), dt.date(1, 2, 1)),
        (dt.date(1, 1, 1), dt.date(2, 1, 1)),
        (dt.datetime(1000, 5, 1, 12, tzinfo=dt.UTC), dt.datetime(9000, 1, 1, tzinfo=dt.UTC)),
    ],
)
def test_the_period_before_a_far_range_begins_where_the_calendar_does(start: dt.date, end: dt.date) -> None:
    found = previous(Period(start, end))

    assert found.start is not None
    assert (found.start.year, found.start.month, found.start.day) == (1, 1, 1)
    assert found.end == start
