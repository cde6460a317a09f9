"""Which step a time axis takes, told from its labels; forecasts are labelled in the same way."""

from __future__ import annotations

import datetime as dt

import pytest

from analytics.made import days, forecast, hours, months, wave
from tesela.analytics.labels import read, write
from tesela.errors import Unprocessable


def labelled(x: list[str] | list[int], horizon: int = 3, *, season: int = 7) -> tuple[str, list[str | int]]:
    found = forecast(list(x), wave(len(x), season), horizon)
    return found.granularity, list(found.x)


@pytest.mark.parametrize(
    "label",
    [
        2026, "2026", "2026-06", "2026-Q2", "2026 Q2", "2026Q2", "2026-W23", "2026-06-30", "2026-06-30T00:00:00",
        "2026-06-30 05:00", "2026-06-30T05:00:00.000000", "2026-06-30T05:00:00.120Z", "2026-06-30T05:00:00+01:00",
        "2026-06-30 05:00:00-0300",
    ],
)  # fmt: skip
def test_a_label_is_written_as_it_was_read(label: str | int) -> None:
    found = read(label)

    assert found is not None
    assert write(*found) == label


@pytest.mark.parametrize(
    "label", ["North", "", "2026-13", "2026-W60", "2026-02-30", 3, 2150, True, None, 1.5, "20260630", [], {}]
)
def test_what_names_no_time_is_not_read(label: object) -> None:
    assert read(label) is None


def test_months_quarters_and_years_by_their_names() -> None:
    assert labelled(months(30)) == ("month", ["2023-07", "2023-08", "2023-09"])
    quarters = [f"{2019 + at // 4}-Q{at % 4 + 1}" for at in range(24)]
    assert labelled(quarters) == ("quarter", ["2025-Q1", "2025-Q2", "2025-Q3"])
    assert labelled(list(range(2000, 2020))) == ("year", [2020, 2021, 2022])
    assert labelled([str(year) for year in range(2000, 2020)], 1) == ("year", ["2020"])


def test_dates_that_name_months_quarters_and_years() -> None:
    assert labelled([f"{month}-01" for month in months(30)], 1) == ("month", ["2023-07-01"])
    assert labelled([f"{month}-15" for month in months(20, step=3)], 1) == ("quarter", ["2026-01-15"])
    assert labelled([f"{year}-12-31" for year in range(2000, 2020)], 2) == (
        "year",
        ["2020-12-31", "2021-12-31"],
    )


def test_month_ends_stay_month_ends() -> None:
    ends = [(dt.date(2023 + at // 12, at % 12 + 1, 1) - dt.timedelta(days=1)).isoformat() for at in range(25)]

    assert labelled(ends, 2) == ("month", ["2025-01-31", "2025-02-28"])


def test_weeks_by_their_days_and_by_their_numbers() -> None:
    sundays = days(200, dt.date(2025, 1, 5))[::7]
    assert labelled(sundays, 2) == ("week", ["2025-07-27", "2025-08-03"])
    numbered = [f"2020-W{week:02d}" for week in range(30, 54)]
    assert labelled(numbered, 2) == ("week", ["2021-W01", "2021-W02"])


def test_days_and_days_without_weekends() -> None:
    assert labelled(days(60), 2) == ("day", ["2026-03-02", "2026-03-03"])
    working = [day for day in days(60) if dt.date.fromisoformat(day).weekday() < 5]
    assert labelled(working, 3, season=5) == ("day", ["2026-03-02", "2026-03-03", "2026-03-04"])
    friday = [day for day in working if day <= "2026-02-27"]
    assert labelled(friday, 1, season=5) == ("day", ["2026-03-02"])
    but_sundays = [day for day in days(59) if dt.date.fromisoformat(day).weekday() < 6]
    assert labelled(but_sundays, 2, season=6) == ("day", ["2026-03-02", "2026-03-03"])


def test_hours_and_parts_of_hours() -> None:
    assert labelled(hours(100, " "), 2, season=24) == ("hour", ["2026-03-05 04:00:00", "2026-03-05 05:00:00"])
    first = dt.datetime(2026, 3, 1)  # noqa: DTZ001
    quarters = [(first + dt.timedelta(minutes=15 * at)).isoformat() for at in range(60)]
    found = forecast(quarters, wave(60), 1)
    assert (found.granularity, found.step, found.x) == ("minute", 15, ("2026-03-01T15:00:00",))


def test_every_second_month_is_a_step_of_two() -> None:
    found = forecast(months(30, step=2), wave(30, 6), 1)

    assert (found.granularity, found.step, found.x, found.model["season"]) == ("month", 2, ("2026-01",), 6)


def test_days_of_a_zone_keep_to_its_midnight_over_the_change_of_the_clock() -> None:
    first = dt.date(2026, 3, 1)
    shown = [f"{first + dt.timedelta(days=at)}T00:00:00+01:00" for at in range(29)]

    found = forecast(shown, wave(29, 7), 2, zone="Europe/Madrid")

    assert found.granularity == "day"
    assert found.x == ("2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00")


def test_hours_of_a_zone_count_true_hours_over_the_change_of_the_clock() -> None:
    begin = dt.datetime(2026, 3, 27, tzinfo=dt.UTC)
    shown = [f"{(begin + dt.timedelta(hours=at + 1)):%Y-%m-%dT%H:00:00}+01:00" for at in range(48)]

    found = forecast(shown, wave(48, 24), 2, zone="Europe/Madrid")

    assert found.x == ("2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00")


def test_a_last_working_day_a_month_is_a_month() -> None:
    shown = ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-30", "2025-06-30", "2025-07-31"]

    assert labelled(shown, 1)[0] == "month"


@pytest.mark.parametrize(
    "x",
    [
        ["2026-01-01", "2026-01-04", "2026-01-05", "2026-01-17", "2026-02-20", "2026-06-01"],
        ["2026-01-01T00:00:03", "2026-01-01T00:07:00", "2026-01-01T02:00:00", "2026-01-02T09:00:00"],
    ],
)
def test_dates_without_a_step_are_refused(x: list[str]) -> None:
    with pytest.raises(Unprocessable, match="no regular step"):
        forecast(x, wave(len(x)))


def test_two_ways_of_writing_dates_are_refused() -> None:
    with pytest.raises(Unprocessable, match="different ways"):
        forecast([*months(5), "2021-06-01"], wave(6))


def test_categories_are_refused_with_the_word_that_is_no_date() -> None:
    with pytest.raises(Unprocessable, match="'North' is none"):
        forecast(["North", "South", "East", "West", "Up"], wave(5))
