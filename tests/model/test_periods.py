"""Relative dates and the period before."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tesela.model.periods import Period, previous, relative

NOW = dt.datetime(2026, 11, 21, 15, 30, tzinfo=dt.UTC)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", "2026-11-21", "2026-11-22"),
        ("yesterday", "2026-11-20", "2026-11-21"),
        ("last_1_days", "2026-11-21", "2026-11-22"),
        ("last_7_days", "2026-11-15", "2026-11-22"),
        ("last_30_days", "2026-10-23", "2026-11-22"),
        ("next_7_days", "2026-11-22", "2026-11-29"),
        ("this_week", "2026-11-16", "2026-11-23"),
        ("last_week", "2026-11-09", "2026-11-16"),
        ("last_2_weeks", "2026-11-02", "2026-11-16"),
        ("this_month", "2026-11-01", "2026-12-01"),
        ("last_month", "2026-10-01", "2026-11-01"),
        ("next_month", "2026-12-01", "2027-01-01"),
        ("last_3_months", "2026-08-01", "2026-11-01"),
        ("this_quarter", "2026-10-01", "2027-01-01"),
        ("last_quarter", "2026-07-01", "2026-10-01"),
        ("last_2_quarters", "2026-04-01", "2026-10-01"),
        ("this_year", "2026-01-01", "2027-01-01"),
        ("last_year", "2025-01-01", "2026-01-01"),
        ("last_2_years", "2024-01-01", "2026-01-01"),
        ("week_to_date", "2026-11-16", "2026-11-22"),
        ("month_to_date", "2026-11-01", "2026-11-22"),
        ("quarter_to_date", "2026-10-01", "2026-11-22"),
        ("year_to_date", "2026-01-01", "2026-11-22"),
    ],
)
def test_what_a_relative_name_means(name: str, start: str, end: str) -> None:
    assert relative(name, NOW) == Period(day(start), day(end))


def test_hours_are_moments() -> None:
    assert relative("last_24_hours", NOW) == Period(NOW - dt.timedelta(hours=24), NOW)


@pytest.mark.parametrize(
    "name",
    ["", "last", "last_days", "last_-1_days", "last_99999_days", "last_9999_years", "LAST_7_DAYS", "; DROP"],
)
def test_an_unknown_name_means_nothing(name: str) -> None:
    assert relative(name, NOW) is None


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2026-01-01", "2026-04-01", "2025-10-01"),
        ("2026-03-01", "2026-04-01", "2026-02-01"),
        ("2024-03-01", "2024-04-01", "2024-02-01"),
        ("2026-01-01", "2027-01-01", "2025-01-01"),
        ("2026-01-01", "2026-01-02", "2025-12-31"),
        ("2026-01-01", "2026-03-01", "2025-11-03"),
        ("2026-01-15", "2026-02-15", "2025-12-15"),
    ],
)
def test_the_period_before(start: str, end: str, before: str) -> None:
    assert previous(Period(day(start), day(end))) == Period(day(before), day(start))


def test_the_period_before_an_open_one_is_open() -> None:
    assert previous(Period(day("2026-01-01"), None)) == Period(None, None)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 900))
def test_the_period_before_ends_where_the_period_starts(start: dt.date, days: int) -> None:
    period = Period(start, start + dt.timedelta(days=days))

    before = previous(period)

    assert before.end == period.start
    assert before.start is not None
    assert before.start < start
