"""Exponential smoothing of many parameters at once: every candidate is a column of one array.

State space form with additive errors (R. J. Hyndman, A. B. Koehler, J. K. Ord, R. D. Snyder: Forecasting with
Exponential Smoothing, 2008, chapter 2), for a level l, a damped slope b and a season s of m phases:

    forecast  f = l + phi b + s[t mod m]         error  e = y - f
    l' = f - s + alpha e      b' = phi b + beta e      s'[t mod m] = s + gamma e

No parameter is searched for. All of a fixed grid run over the series side by side, and their forecasts are
averaged with the weights exp(-AICc / 2) (K. P. Burnham, D. R. Anderson: Model Selection and Multimodel
Inference, 2002, section 2.9). There is no randomness: equal rows give equal bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ALPHAS = (0.02, 0.06, 0.12, 0.2, 0.3, 0.42, 0.56, 0.72, 0.88, 0.98)
TRENDS = (
    *((share, phi) for share in (0.02, 0.1, 0.3) for phi in (0.8, 0.9, 0.97)),
    (0.02, 1.0),
    (0.1, 1.0),
)
"""beta as a share of alpha, and the damping. A lively slope that never dies down is left out."""
GAMMAS = (0.0, 0.03, 0.1, 0.3, 0.7)
"""gamma as a share of 1 - alpha."""
LOG_WEIGHT = 0.4
"""Of the multiplicative season (smoothing of the logarithms), where it may be used."""
LEAST_WEIGHT = 1e-4
"""Candidates below this are left out of the average."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Candidates, one a place: parameters, and how many numbers each of them estimates from the data."""

    alpha: Floats
    beta: Floats
    phi: Floats
    gamma: Floats
    seasonal: NDArray[np.bool_]
    estimated: Floats

    def only(self, keep: NDArray[np.bool_]) -> Grid:
        """Return some of the candidates."""
        alpha, beta, phi, gamma = (one[keep] for one in (self.alpha, self.beta, self.phi, self.gamma))
        return Grid(alpha, beta, phi, gamma, self.seasonal[keep], self.estimated[keep])


@lru_cache(maxsize=64)
def grid_of(season: int, *, is_log: bool) -> Grid:
    """Return the candidates: with and without trend, without and (season > 1) with season.

    is_log: of the logarithms only level and season, as an exponential trend runs away.
    """
    rows: list[tuple[float, float, float, float, bool, int]] = []
    trends: Sequence[tuple[float, float]] = () if is_log else TRENDS
    for alpha in ALPHAS:
        for share, phi in ((0.0, 0.0), *trends):
            trend = 0 if phi == 0.0 else 2 if phi == 1.0 else 3
            if not is_log:
                rows.append((alpha, alpha * share, phi, 0.0, False, 3 + trend))
            if season > 1:
                rows += [
                    (alpha, alpha * share, phi, (1 - alpha) * one, True, 3 + trend + season - (one == 0.0))
                    for one in GAMMAS
                ]
    alpha_, beta, phi_, gamma, seasonal, estimated = (np.array(one) for one in zip(*rows, strict=True))
    return Grid(alpha_, beta, phi_, gamma, seasonal, estimated.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Fitted:
    """The candidates that count, after the first `n` values: states, and the weight of each.

    level, slope, variance, weight: (candidates,); season: (m, candidates), phase 0 is that of the first value.
    variance: of one step's error.
    """

    grid: Grid
    n: int
    level: Floats
    slope: Floats
    season: Floats
    variance: Floats
    weight: Floats


@dataclass(frozen=True, slots=True)
class Run:
    """One series to run the grid over.

    known: how many of its values the start may look at. stops: after how many values to take the state, rising.
    """

    values: Floats
    known: int
    stops: Sequence[int]


def fit(runs: Sequence[Run], season: int, *, is_log: bool) -> list[list[Fitted]]:
    """Run all candidates over all series in one pass; return, of each run, the candidates at its stops."""
    grid = grid_of(season, is_log=is_log)
    starts = [_start(run.values[: run.known], season, grid) for run in runs]
    level, slope = (np.stack([one[place] for one in starts]) for place in (0, 1))
    seasons = np.stack([one[2] for one in starts], axis=1)
    errors = np.zeros_like(level)
    damped, forecast, error, change = (np.empty_like(level) for _ in range(4))
    kept: list[list[Fitted]] = [[] for _ in runs]
    wanted: dict[int, list[int]] = {}
    for number, run in enumerate(runs):
        for stop in run.stops:
            wanted.setdefault(stop, []).append(number)
    most = max(wanted)
    observed = np.zeros((most, len(runs), 1))
    for number, run in enumerate(runs):
        part = run.values[:most]
        observed[: len(part), number, 0] = part
    for at in range(most):
        phase = seasons[at % season]
        np.multiply(grid.phi, slope, out=damped)
        np.add(level, damped, out=forecast)
        np.subtract(observed[at], forecast, out=error)
        error -= phase
        np.multiply(grid.alpha, error, out=change)
        np.add(forecast, change, out=level)
        np.multiply(grid.beta, error, out=change)
        np.add(damped, change, out=slope)
        if season > 1:
            np.multiply(grid.gamma, error, out=change)
            phase += change
        np.multiply(error, error, out=change)
        errors += change
        for number in wanted.get(at + 1, ()):
            variance = errors[number] / (at + 1)
            weight = weights(variance, grid.estimated, at + 1)
            keep = weight > LEAST_WEIGHT
            states = (level[number, keep], slope[number, keep], seasons[:, number, keep], variance[keep])
            kept[number].append(Fitted(grid.only(keep), at + 1, *states, weight[keep] / weight[keep].sum()))
    return kept


def weights(variance: Floats, estimated: Floats, n: int) -> Floats:
    """Return the weight of each candidate, summing to 1: exp(-AICc / 2), AICc as Hurvich and Tsai (1989)."""
    least = max(float(variance.max()) * 1e-12, 1e-300)
    room = n - estimated - 1
    penalty = np.where(room > 0, 2 * estimated * n / np.where(room > 0, room, 1), np.inf)
    if not np.isfinite(penalty).any():
        penalty = 2 * estimated
    criterion = n * np.log(np.maximum(variance, least)) + penalty
    found: Floats = np.exp(-0.5 * (criterion - criterion.min()))
    found /= found.sum()
    return found


def ahead(fitted: Fitted, steps: int) -> tuple[Floats, Floats]:
    """Return mean and variance of the weighted candidates for each of the next `steps`, shape (steps,).

    Variance of one candidate at step h: sigma^2 (1 + c_1^2 + .. + c_(h-1)^2) with
    c_j = alpha + beta (phi + .. + phi^j) + gamma [m divides j] (Hyndman et al. 2008, table 6.2); of the mixture:
    the weighted mean of those plus the variance between the candidates' means.
    """
    grid, weight = fitted.grid, fitted.weight
    season = len(fitted.season)
    step = np.arange(1, steps + 1)
    damping = np.cumsum(grid.phi ** step[:, None], axis=0)
    means = fitted.level + damping * fitted.slope
    means += fitted.season[(fitted.n + step - 1) % season]
    moved = grid.alpha + grid.beta * damping + grid.gamma * ((step % season == 0) & (season > 1))[:, None]
    grown = np.ones_like(means)
    grown[1:] += np.cumsum(moved[:-1] ** 2, axis=0)
    mean: Floats = means @ weight
    spread: Floats = (grown * fitted.variance + (means - mean[:, None]) ** 2) @ weight
    return mean, spread


def _start(values: Floats, season: int, grid: Grid) -> tuple[Floats, Floats, Floats]:
    """Return level, slope (candidates,) and season (m, candidates) before the first value."""
    indices = season_of(values, season)
    flat = values - indices[np.arange(len(values)) % season]
    count = min(len(values), max(10, 2 * season))
    level = np.empty_like(grid.alpha)
    slope = np.zeros_like(grid.alpha)
    for is_seasonal in (False, True):
        rows = grid.seasonal == is_seasonal
        first = (flat if is_seasonal else values)[:count]
        place = np.arange(1, count + 1) - (count + 1) / 2
        rise = float(place @ first / (place @ place)) if count > 1 else 0.0
        mean = float(first.mean())
        has_trend = rows & (grid.phi > 0)
        level[rows] = mean
        level[has_trend] = mean - rise * (count + 1) / 2
        slope[has_trend] = rise
    return level, slope, np.where(grid.seasonal, indices[:, None], 0.0)


def season_of(values: Floats, season: int) -> Floats:
    """Return the additive index of each phase, mean 0: classical decomposition (Macaulay 1931).

    Values less a centred moving average over one season, averaged by phase; zeros for series under two seasons.
    """
    count = len(values)
    if season < 2 or count < 2 * season:
        return np.zeros(max(season, 1))
    window = np.ones(season) if season % 2 else np.concatenate(([0.5], np.ones(season - 1), [0.5]))
    trend = np.convolve(values, window / season, "valid")
    begin = len(window) // 2
    apart = values[begin : begin + len(trend)] - trend
    phase = (np.arange(len(apart)) + begin) % season
    indices: Floats = np.bincount(phase, weights=apart, minlength=season) / np.bincount(
        phase, minlength=season
    )
    indices -= indices.mean()
    return indices
