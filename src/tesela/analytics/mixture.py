"""The forecast of a series: families of exponential smoothing averaged, and an interval that was calibrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from tesela.analytics.smoothing import LOG_WEIGHT, Fitted, Floats, Run, ahead, fit, season_of

HOURS_A_DAY = 24
HOURS_A_WEEK = 168
LONGEST_LOG = 600.0
"""Beyond it an exponential is no number any more."""
PROFILE_POWER = 4
"""How sharply the better of two fits is preferred: with and without the hours of the week."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next periods: what is expected, and the bounds at the level that was asked for; shape (steps,)."""

    mean: Floats
    lower: Floats
    upper: Floats

    def at_least(self, least: float) -> Outlook:
        """Return the same, with nothing below `least`."""
        return Outlook(*(np.maximum(one, least) for one in (self.mean, self.lower, self.upper)))


@dataclass(frozen=True, slots=True)
class Stop:
    """Where to look ahead from: after `n` values, for `steps`."""

    n: int
    steps: int


def outlooks(values: Floats, season: int, stops: Sequence[Stop], level: float) -> list[Outlook]:
    """Return the forecasts from each stop, the last of which is the end of the series.

    The last one's start (season, level, slope) is taken from the whole series; the earlier ones share a start
    that knows only the values before the first of them, so that none sees what it is to forecast.
    Where all values are positive and there is a season, two scales are mixed: additive and multiplicative.
    """
    width = width_of(level)
    linear = _scale(values, season, stops, width, is_log=False)
    found = linear
    if season > 1 and float(values.min()) > 0:
        logs = _scale(np.log(values), season, stops, width, is_log=True)
        found = [_mixed(one, _raised(two), LOG_WEIGHT) for one, two in zip(linear, logs, strict=True)]
    return [one.at_least(0.0) for one in found] if float(values.min()) >= 0 else found


def width_of(level: float) -> float:
    """Return how many standard deviations an interval of that level reaches to each side."""
    return NormalDist().inv_cdf(min(0.5 + level / 2, 1 - 1e-9))


def small_sample(n: int) -> float:
    """Return by how much to widen the closed-form interval of a fit to n values.

    Closed forms leave out that parameters, start and model were chosen from the same few values. Calibrated on
    one half of public competition series and checked on the other (docs/forecast.md).
    """
    return min(2.4, 0.9 + 14 / n + 250 / n**2)


def _scale(
    values: Floats, season: int, stops: Sequence[Stop], width: float, *, is_log: bool
) -> list[Outlook]:
    """Return the forecasts from each stop on one scale: all runs of it in one pass."""
    *origins, end = stops
    known = [end.n, *([origins[0].n] if origins else [])]
    taken = [[end], origins]
    runs: list[Run] = []
    profiles: list[Floats] = []
    for seen, some in zip(known, taken, strict=False):
        runs.append(Run(values, seen, [one.n for one in some]))
        profiles.append(np.zeros(1))
    if season == HOURS_A_DAY:
        for seen, some in zip(known, taken, strict=False):
            if seen >= 3 * HOURS_A_WEEK:
                profile = _hours_of_the_week(values[:seen])
                runs.append(Run(values - _cycled(profile, 0, len(values)), seen, [one.n for one in some]))
                profiles.append(profile)
    fitted = fit(runs, season, is_log=is_log)
    steps = {one.n: one.steps for one in stops}
    found: dict[int, tuple[float, Outlook]] = {}
    for states, profile in zip(fitted, profiles, strict=True):
        for state in states:
            one = _outlook(state, steps[state.n], profile, width)
            error = _error(state, len(profile))
            if state.n in found:
                before, plain = found[state.n]
                share = 1 / (1 + min(error / before, 1e6) ** PROFILE_POWER)
                one = _mixed(plain, one, share)
            found[state.n] = (error, one)
    return [found[one.n][1] for one in stops]


def _error(state: Fitted, estimated: int) -> float:
    """Return the standard error of one step, for that many numbers estimated beside the candidates' own."""
    freedom = state.n / (state.n - estimated) if estimated > 1 else 1.0
    return max(float(np.sqrt(state.variance @ state.weight * freedom)), 1e-150)


def _outlook(state: Fitted, steps: int, profile: Floats, width: float) -> Outlook:
    mean, variance = ahead(state, steps)
    mean = mean + _cycled(profile, state.n, steps)
    reach = width * small_sample(state.n) * np.sqrt(variance)
    return Outlook(mean, mean - reach, mean + reach)


def _hours_of_the_week(values: Floats) -> Floats:
    """Return how each hour of the week differs from the same hour of an average day, shape (168,)."""
    week = season_of(values, HOURS_A_WEEK)
    week -= np.tile(week.reshape(-1, HOURS_A_DAY).mean(axis=0), HOURS_A_WEEK // HOURS_A_DAY)
    return week


def _cycled(profile: Floats, begin: int, count: int) -> Floats:
    found: Floats = profile[(begin + np.arange(count)) % len(profile)]
    return found


def _raised(one: Outlook) -> Outlook:
    """Return a forecast of logarithms on the scale of the values."""
    mean, lower, upper = (
        np.exp(np.clip(part, -LONGEST_LOG, LONGEST_LOG)) for part in (one.mean, one.lower, one.upper)
    )
    return Outlook(mean, lower, upper)


def _mixed(one: Outlook, two: Outlook, share: float) -> Outlook:
    """Return the average, `share` of it from the second."""
    pairs = ((one.mean, two.mean), (one.lower, two.lower), (one.upper, two.upper))
    return Outlook(*((1 - share) * first + share * second for first, second in pairs))
