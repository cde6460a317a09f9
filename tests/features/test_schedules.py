"""Schedules: five fields of cron in a time zone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from tesela.errors import BadRequest
from tesela.features.schedules import Schedule, read_schedule, schedule_of

AT = dt.datetime(2026, 3, 1, 12, 0, 30, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after"),
    [
        ("* * * * *", "UTC", "2026-03-01T12:01:00+00:00"),
        ("0 6 * * *", "UTC", "2026-03-02T06:00:00+00:00"),
        ("0 6 * * *", "America/New_York", "2026-03-02T11:00:00+00:00"),
        ("*/15 9-17 * * MON-FRI", "Europe/Madrid", "2026-03-02T08:00:00+00:00"),
        ("0 0 L * *", "UTC", "2026-03-31T00:00:00+00:00"),
        ("0 0 29 2 *", "UTC", "2028-02-29T00:00:00+00:00"),
    ],
)
def test_the_next_time_is_found(cron: str, zone: str, after: str) -> None:
    found = Schedule(cron, zone).next_after(AT)

    assert found is not None
    assert found.isoformat() == after


def test_an_hour_that_the_clocks_skip_runs_right_after_it() -> None:
    night = dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC)  # in Madrid two o'clock becomes three

    found = Schedule("30 2 * * *", "Europe/Madrid").next_after(night)

    assert found == dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC)


def test_an_hour_that_comes_twice_runs_once() -> None:
    schedule = Schedule("30 2 * * *", "Europe/Madrid")
    first = schedule.next_after(dt.datetime(2026, 10, 24, 12, 0, tzinfo=dt.UTC))
    assert first is not None

    second = schedule.next_after(first)

    assert second is not None
    assert (second - first) > dt.timedelta(hours=23)


@pytest.mark.parametrize("settings", [{}, {"schedule": None}, {"schedule": {}}, {"schedule": {"cron": ""}}])
def test_without_an_expression_there_is_no_schedule(settings: dict[str, Any]) -> None:
    assert read_schedule(settings, "UTC") is None


def test_the_zone_is_the_dashboards_unless_it_is_named() -> None:
    assert read_schedule({"schedule": {"cron": " 0  6 * * * "}}, "Europe/Madrid") == Schedule(
        "0 6 * * *", "Europe/Madrid"
    )
    named = {"schedule": {"cron": "0 6 * * *", "time_zone": "UTC"}}
    assert read_schedule(named, "Europe/Madrid") == Schedule("0 6 * * *", "UTC")


@given(st.text(alphabet="0123456789*/,-#LW? MONJAN\x00é", max_size=60))
def test_no_text_makes_anything_but_a_schedule_or_a_sentence(cron: str) -> None:
    found = outcome(cron)

    if isinstance(found, BadRequest):
        assert found.sentence.startswith("settings.schedule")
    elif found is not None:
        assert (found.next_after(AT) or AT.max.replace(tzinfo=dt.UTC)) > AT


def outcome(cron: str) -> Schedule | BadRequest | None:
    try:
        return read_schedule({"schedule": {"cron": cron}}, "UTC")
    except BadRequest as error:
        return error


def test_a_stored_schedule_that_cannot_be_read_is_none() -> None:
    assert schedule_of(make.document("Sales", settings={"schedule": {"cron": "nonsense"}})) is None
