"""What comes back for ordinary and for odd series."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import numpy as np
import pytest

from analytics.made import codes, days, forecast, forecasts, hours, months, table, wave
from tesela.errors import Unprocessable


def test_trend_and_season_go_on() -> None:
    whole = wave(72, rise=2.0)

    found = forecast(months(60), whole[:60], 12)

    errors = np.abs(np.array(found.y) - whole[60:])
    assert errors.mean() < 6
    assert all(low < mean < up for low, mean, up in zip(found.lower, found.y, found.upper, strict=True))
    inside = [low <= true <= up for low, true, up in zip(found.lower, whole[60:], found.upper, strict=True)]
    assert sum(inside) >= 11
    assert found.model == {"method": "exponential smoothing", "season": 12}
    assert found.history == {"first": "2021-01", "last": "2025-12", "periods": 60}


def test_a_season_that_grows_with_the_level_is_multiplied() -> None:
    at = np.arange(72)
    whole = np.exp(4 + 0.02 * at) * (1 + 0.3 * np.sin(2 * np.pi * at / 12))

    found = forecast(months(60), whole[:60].tolist(), 12)

    assert np.abs(np.array(found.y) / whole[60:] - 1).mean() < 0.12


def test_the_hours_of_the_week_are_known() -> None:
    at = np.arange(24 * 7 * 5)
    is_weekend = (at // 24) % 7 >= 5
    whole = (
        100
        + 20 * np.sin(2 * np.pi * at / 24)
        - 60 * is_weekend
        + np.random.default_rng(1).normal(0, 1, len(at))
    )

    found = forecast(hours(len(at) - 72), whole[:-72].tolist(), 72)

    assert np.abs(np.array(found.y) - whole[-72:]).mean() < 15


def test_the_same_rows_give_the_same_answer_in_any_order() -> None:
    x, y = months(40), wave(40)
    turned = forecast(x[::-1], y[::-1])

    assert turned == forecast(x, y)
    assert forecast(x, y) == forecast(x, y)


def test_a_higher_level_has_a_wider_band_around_the_same_line() -> None:
    narrow, wide = (forecast(months(40), wave(40), 6, level) for level in (0.8, 0.99))

    assert narrow.y == wide.y
    assert all(a > b for a, b in zip(narrow.lower, wide.lower, strict=True))
    assert all(a < b for a, b in zip(narrow.upper, wide.upper, strict=True))


def test_without_a_horizon_a_season_is_forecast_or_half_of_the_history() -> None:
    assert len(forecast(months(40), wave(40), None).y) == 12
    assert len(forecast(months(10), wave(10), None).y) == 5
    assert len(forecast(days(60), wave(60, 7), None).y) == 7


def test_a_horizon_beyond_twice_the_history_is_refused_but_twelve_always_fit() -> None:
    assert len(forecast(months(5), wave(5), 12).y) == 12
    with pytest.raises(Unprocessable, match="at most 40 for a series of 20 periods"):
        forecast(months(20), wave(20), 41)


@pytest.mark.parametrize("value", [250, 0, -3.5])
def test_a_constant_is_continued_without_a_band(value: float) -> None:
    found = forecast(months(24), [value] * 24)

    assert set(found.y) == set(found.lower) == set(found.upper) == {value}
    assert codes(found) == ["constant"]


def test_counts_do_not_go_below_zero_and_negative_numbers_may() -> None:
    falling = [max(0.0, 60 - 3.0 * at) for at in range(24)]
    assert min(forecast(months(24), falling, 12).lower) >= 0
    sinking = [-2.0 * at + (at % 3) for at in range(24)]
    assert max(forecast(months(24), sinking, 6).y) < -40


def test_gaps_are_filled_from_their_season_and_not_read_as_zero() -> None:
    x, y = days(84), [100.0 if at % 7 < 5 else 40.0 for at in range(84)]
    kept = [at for at in range(84) if at not in (20, 33, 47, 61)]

    found = forecast([x[at] for at in kept], [y[at] for at in kept], 7)

    assert "filled" in codes(found)
    assert [round(one) for one in found.y] == [100, 100, 100, 100, 100, 40, 40]


def test_nulls_are_gaps_and_most_of_them_are_too_many() -> None:
    x, y = months(24), [100.0 + at for at in range(24)]
    holes: list[float | None] = [None if at in (5, 6, 17) else one for at, one in enumerate(y)]
    assert forecast(x, holes, 1).y[0] == pytest.approx(124, abs=3)

    mostly = [one if at % 3 == 0 else None for at, one in enumerate(y)]
    with pytest.raises(Unprocessable, match="have no value"):
        forecast(x, mostly)


def test_rows_of_the_same_period_are_added_up_and_told() -> None:
    x, y = months(30), [10.0 + at for at in range(30)]

    found = forecast([*x, *x], [*y, *y], 1)

    assert found.y == pytest.approx(forecast(x, [2 * one for one in y], 1).y)
    assert codes(found) == ["added_up"]
    assert found.notes[0].values == {"count": 30}


def test_one_wild_last_value_does_not_become_the_level() -> None:
    y = wave(36, rise=0)
    found = forecast(months(36), [*y[:-1], 900.0], 6)

    assert max(found.y) < 150
    assert "wild" in codes(found)


def test_a_new_level_is_not_a_wild_value() -> None:
    y = wave(24, rise=0) + [one + 300 for one in wave(12, rise=0)]

    found = forecast(months(36), y, 3)

    assert "wild" not in codes(found)
    assert min(found.y) > 250


def test_the_period_that_is_not_over_is_forecast_and_not_used() -> None:
    y = wave(30)
    in_june = dt.datetime(2023, 6, 10, tzinfo=dt.UTC)

    found = forecast(months(30), [*y[:-1], 3.0], 2, now=in_june)

    assert found.x == ("2023-06", "2023-07")
    assert codes(found) == ["incomplete"]
    assert found.y == forecast(months(29), y[:29], 2).y


def test_whether_a_period_is_over_is_asked_in_the_zone_of_the_dashboard() -> None:
    late = dt.datetime(2023, 6, 30, 23, 0, tzinfo=dt.UTC)

    assert codes(forecast(months(30), wave(30), 2, now=late)) == ["incomplete"]
    assert codes(forecast(months(30), wave(30), 2, now=late, zone="Europe/Madrid")) == []


def test_a_plan_for_months_to_come_is_used() -> None:
    assert codes(forecast(months(30), wave(30), 2, now=dt.datetime(2022, 1, 15, tzinfo=dt.UTC))) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_under_four_periods_are_refused(count: int) -> None:
    with pytest.raises(Unprocessable, match=r"at least 4 periods|no rows"):
        forecast(months(count), wave(count))


@pytest.mark.parametrize("count", [4, 5, 6, 9, 13, 26, 27, 28])
def test_short_series_are_forecast_without_a_season_they_cannot_show(count: int) -> None:
    found = forecast(months(count), wave(count), 3)

    assert len(found.y) == 3
    assert found.model["season"] == (12 if count >= 27 else 1)
    assert ("no_season" in codes(found)) == (count < 27)


def test_old_periods_beyond_three_thousand_are_left_out_and_told() -> None:
    at = np.arange(3200)

    found = forecast(days(3200, dt.date(2015, 1, 1)), (100 + at % 7).tolist(), 7)

    assert found.history["periods"] == 3000
    assert "cut" in codes(found)


@pytest.mark.parametrize("value", ["much", True, [1], float("nan"), "-"])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(Unprocessable, match="needs numbers on y"):
        forecast(months(6), [1.0, 2.0, 3.0, 4.0, 5.0, value])


def test_numbers_that_arrive_as_text_are_numbers() -> None:
    large = [str(9_007_199_254_740_993 + 10**13 * at) for at in range(24)]

    assert forecast(months(24), large, 1).y[0] == pytest.approx(9.247e15, rel=0.01)


def test_numbers_too_large_to_continue_are_refused() -> None:
    with pytest.raises(Unprocessable, match="too large"):
        forecast(months(24), [1e200 if at % 2 else -1e200 for at in range(24)])


def test_each_series_is_continued_and_the_largest_stands_first() -> None:
    x, small, large = months(36), wave(36), [10 * one for one in wave(36)]
    rows = table([*x, *x], [*small, *large], who=["small"] * 36 + ["large"] * 36)

    found = forecasts(rows, 3, series="who")

    assert [one.name for one in found.series] == ["large", "small"]
    assert found.series[1].y == forecast(x, small, 3).y
    assert forecasts(rows, 3, series="who", named="small").series[0].name == "small"
    with pytest.raises(Unprocessable, match="no series 'medium': it has large, small"):
        forecasts(rows, 3, series="who", named="medium")


def test_several_columns_are_several_series() -> None:
    rows = table(months(36), wave(36), cost=wave(36, rise=0.5))

    assert [one.name for one in forecasts(rows, 3, y=("y", "cost")).series] == ["y", "cost"]


def test_a_series_that_cannot_be_continued_is_named_and_the_others_stand() -> None:
    rows = table([*months(36), *months(2)], [*wave(36), 1.0, 2.0], who=["old"] * 36 + ["new"] * 2)

    found = forecasts(rows, 3, series="who")

    assert [one.name for one in found.series] == ["old"]
    assert [(note.code, note.values["name"]) for note in found.notes] == [("left_out", "new")]
    with pytest.raises(Unprocessable, match="at least 4 complete periods"):
        forecasts(rows, 3, series="who", named="new")


def test_eight_of_many_series_are_continued() -> None:
    names = [f"s{at}" for at in range(10)]
    rows = table(
        [x for x in months(24) for _ in names],
        [100.0 * (1 + at) + month for month in range(24) for at in range(10)],
        who=[name for _ in range(24) for name in names],
    )

    found = forecasts(rows, 2, series="who")

    assert len(found.series) == 8
    assert found.notes[0].code == "largest"


def test_a_forecast_of_500_points_with_its_backtest_is_quick() -> None:
    x, y = days(500), wave(500, 7, rise=0.1)
    forecast(x, y, 14)
    taken = []
    for _ in range(5):
        begin = time.process_time()
        forecast(x, y, 14)
        taken.append(time.process_time() - begin)

    assert min(taken) < 0.060
