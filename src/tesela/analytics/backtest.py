"""The backtest that comes with every forecast: the same method, asked from earlier on, against what came.

Rolling origin (L. Tashman: Out-of-sample tests of forecasting accuracy, 2000). MASE: mean absolute error in
units of the naive forecast's error inside the history (R. Hyndman, A. Koehler 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tesela.analytics.mixture import Outlook, Stop, width_of
from tesela.analytics.smoothing import Floats

MOST_ORIGINS = 3
CLEARLY = 0.9
"""Naive is served when the model's rivals' error is below this share of the model's, from every origin."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How the forecast did where the truth is known; None where it could not be tested.

    mase: below 1, better inside the horizon than the naive forecast is one season (or one period) ahead.
    coverage: share of true values inside the interval. origins: from how many moments it was asked.
    beats_naive: whether it was served; False means that repeating the last season (or value) did better.
    typical_error: sum of absolute errors over sum of absolute values.
    """

    mase: float | None
    coverage: float | None
    origins: int
    beats_naive: bool | None
    typical_error: float | None


UNTESTED = Quality(None, None, 0, None, None)


def stops_of(n: int, season: int, horizon: int) -> list[Stop]:
    """Return where to ask from: up to three windows that end with the series, then its end.

    The first origin has two seasons, and half of the series, before it. Windows shrink to what is left.
    """
    needed = max(2 * season, 4, (n + 1) // 2)
    steps = min(horizon, n - needed)
    if steps < 1:
        return [Stop(n, horizon)]
    origins = min(MOST_ORIGINS, (n - needed) // steps)
    return [*(Stop(n - back * steps, steps) for back in range(origins, 0, -1)), Stop(n, horizon)]


def naive(values: Floats, season: int, steps: int, level: float) -> Outlook:
    """Return the naive forecast: the last season again (season 1: the last value).

    Its bounds: the spread of the seasonal differences, growing with the root of the seasons passed.
    """
    last = values[-season:]
    step = np.arange(steps)
    mean = last[step % season]
    apart = values[season:] - values[:-season]
    sigma = float(np.sqrt(np.mean(apart**2))) if len(apart) else 0.0
    reach = width_of(level) * sigma * np.sqrt(step // season + 1)
    found = Outlook(mean, mean - reach, mean + reach)
    return found.at_least(0.0) if float(values.min()) >= 0 else found


def judged(
    actual: Floats, season: int, stops: Sequence[Stop], models: Sequence[Outlook], naives: Sequence[Outlook]
) -> tuple[Quality, bool]:
    """Return the quality of what is served, and whether that is the naive forecast.

    actual: all values; models, naives: the forecasts from each of `stops`.
    """
    if not stops:
        return UNTESTED, False
    errors = [_errors(actual, stop, model) for stop, model in zip(stops, models, strict=True)]
    rivals = [_errors(actual, stop, one) for stop, one in zip(stops, naives, strict=True)]
    is_naive = len(stops) > 1 and all(
        rival.mean() < CLEARLY * error.mean() for error, rival in zip(errors, rivals, strict=True)
    )
    served, outlooks = (rivals, naives) if is_naive else (errors, models)
    scales = [_scale(actual[: stop.n], season) for stop in stops]
    scaled = [float(error.mean()) / scale for error, scale in zip(served, scales, strict=True) if scale > 0]
    truth = [actual[stop.n : stop.n + stop.steps] for stop in stops]
    inside = [(part >= one.lower) & (part <= one.upper) for part, one in zip(truth, outlooks, strict=True)]
    total = float(np.abs(np.concatenate(truth)).sum())
    return (
        Quality(
            round(float(np.mean(scaled)), 3) if scaled else None,
            round(float(np.concatenate(inside).mean()), 3),
            len(stops),
            not is_naive,
            round(float(np.concatenate(served).sum()) / total, 4) if total > 0 else None,
        ),
        is_naive,
    )


def _errors(actual: Floats, stop: Stop, outlook: Outlook) -> Floats:
    found: Floats = np.abs(actual[stop.n : stop.n + stop.steps] - outlook.mean)
    return found


def _scale(values: Floats, season: int) -> float:
    return float(np.abs(values[season:] - values[:-season]).mean()) if len(values) > season else 0.0
