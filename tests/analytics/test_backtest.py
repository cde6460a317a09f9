"""The receipt of a forecast: how the same method did on the end of the history."""

from __future__ import annotations

import numpy as np
import pytest

from analytics.made import codes, days, forecast, months, wave
from tesela.analytics.backtest import judged, naive, stops_of
from tesela.analytics.mixture import Stop, outlooks


def test_windows_end_with_the_series_and_leave_two_seasons_and_half_of_it() -> None:
    assert stops_of(60, 12, 6) == [Stop(42, 6), Stop(48, 6), Stop(54, 6), Stop(60, 6)]
    assert stops_of(30, 12, 12) == [Stop(24, 6), Stop(30, 12)]
    assert stops_of(24, 12, 6) == [Stop(24, 6)]
    assert stops_of(5, 1, 3) == [Stop(4, 1), Stop(5, 3)]


def test_a_backtest_does_not_see_what_it_forecasts() -> None:
    values = np.array(wave(60))
    changed = np.concatenate((values[:42], values[42:] * 3 + 500))

    before, after = (outlooks(one, 12, stops_of(60, 12, 6), 0.95)[0] for one in (values, changed))

    assert before.mean.tolist() == after.mean.tolist()
    assert before.upper.tolist() == after.upper.tolist()


def test_the_forecast_is_the_same_with_and_without_its_backtest() -> None:
    values = np.array(wave(60))

    tested = outlooks(values, 12, stops_of(60, 12, 6), 0.95)[-1]
    alone = outlooks(values, 12, [Stop(60, 6)], 0.95)[-1]

    assert tested.mean.tolist() == pytest.approx(alone.mean.tolist())


def test_a_good_forecast_says_how_good() -> None:
    quality = forecast(months(60), wave(60, rise=3.0), 6).quality

    assert quality.origins == 3
    assert quality.beats_naive is True
    assert quality.mase is not None
    assert quality.mase < 0.5
    assert quality.coverage is not None
    assert quality.coverage >= 0.8
    assert quality.typical_error is not None
    assert quality.typical_error < 0.05


def test_too_short_a_series_is_not_tested_and_says_so() -> None:
    quality = forecast(months(4), [1.0, 3.0, 2.0, 4.0], 2).quality

    assert quality.origins == 0
    assert quality.mase is quality.coverage is quality.beats_naive is quality.typical_error is None


def test_where_repeating_the_last_season_is_better_that_is_served_and_told() -> None:
    random = np.random.default_rng(3)
    week = random.normal(100, 30, 7)
    weeks = np.concatenate([np.tile(random.permutation(week), 6) for _ in range(6)]).tolist()

    found = forecast(days(len(weeks)), weeks, 7)

    assert found.quality.beats_naive is False
    assert found.model == {"method": "seasonal naive", "season": 7}
    assert list(found.y) == pytest.approx(weeks[-7:], rel=1e-6)
    assert codes(found) == ["naive"]


def test_one_lucky_origin_does_not_make_the_naive_forecast_win() -> None:
    values = np.array(wave(40, 4))
    stops = [Stop(30, 2)]
    perfect = naive(values, 4, 2, 0.95)
    perfect = type(perfect)(values[30:32], values[30:32], values[30:32])
    model = type(perfect)(values[30:32] + 50, values[30:32], values[30:32] + 99)

    quality, is_naive = judged(values, 4, stops, [model], [perfect])

    assert not is_naive
    assert quality.beats_naive is True


def test_the_naive_band_widens_with_the_seasons() -> None:
    found = naive(np.array(wave(40, 4)), 4, 9, 0.95)

    widths = (found.upper - found.mean).tolist()
    assert widths[0] == widths[3] < widths[4] < widths[8]
