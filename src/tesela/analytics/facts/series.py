"""A series of numbers: its season, its outliers, and the simplest shape that describes it. Pure arithmetic.

Outliers: seasonal medians off, distance to the running median and to the neighbours on both sides, in robust
standard deviations. Shapes are compared by Schwarz's criterion (BIC): flat, line, step, bend.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

FLAG = 5.5
"""Robust standard deviations from where a point stands out; with few cycles of a season more."""
FLAG_FEW_CYCLES = 8.0


@dataclass(frozen=True, slots=True)
class Shape:
    """at: the first point after a step or a bend. slope: of the line, per point."""

    kind: Literal["flat", "line", "step", "bend"]
    at: int = 0


def median(values: Sequence[float]) -> float:
    """Return the middle of the values, which are at least one."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def spread(values: Sequence[float]) -> float:
    """Return the robust standard deviation around zero: 1.4826 times the median of the sizes."""
    return 1.4826 * median([abs(one) for one in values]) if values else 0.0


def ols(values: Sequence[float]) -> tuple[float, float]:
    """Return level at the first point and slope per point of the line of least squares."""
    n = len(values)
    if n < 2:
        return (values[0] if values else 0.0), 0.0
    mean_t, mean = (n - 1) / 2, math.fsum(values) / n
    top = math.fsum((at - mean_t) * (value - mean) for at, value in enumerate(values))
    slope = top / (n * (n * n - 1) / 12)
    return mean - slope * mean_t, slope


def season_of(values: Sequence[float], phases: Sequence[int], length: int) -> list[float] | None:
    """Return what the season adds at each point, or None without one.

    Three cycles at least; and the median of the other cycles must tell a point better than no season, by 35 %
    of the mean error, which chance does not reach.
    """
    n = len(values)
    if length < 2 or n < 3 * length:
        return None
    trend = _moving(values, length)
    rest = [value - level for value, level in zip(values, trend, strict=True)]
    groups: dict[int, list[int]] = {}
    for at, phase in enumerate(phases):
        groups.setdefault(phase, []).append(at)
    base = error = 0.0
    centre = median(rest)
    for members in groups.values():
        if len(members) < 2:
            continue
        ordered = sorted(rest[at] for at in members)
        for place, value in enumerate(ordered):
            base += abs(value - centre)
            error += abs(value - _median_without(ordered, place))
    if base <= 0 or error > 0.65 * base:
        return None
    effect = {phase: median([rest[at] for at in members]) for phase, members in groups.items()}
    return [effect[phase] for phase in phases]


def outliers(values: Sequence[float], season: Sequence[float] | None, cycles: float) -> list[int]:
    """Return the points that stand out, the largest first. Too many to be exceptions: all of them, see `is_volatile`.

    values: six at least. What returns a season later is no outlier, also where the season is not sure.
    """
    n = len(values)
    if n < 6:
        return []
    y = list(values) if season is None else [a - b for a, b in zip(values, season, strict=True)]
    rest = [value - _around(y, at) for at, value in enumerate(y)]
    # The medians of a season, and running ones, lie on some of the points themselves: their zeros say nothing.
    noise = spread([one for one in rest if one != 0]) * (1.0 if season is None else 1 + 1 / max(cycles, 1.0))
    # A series of very even steps would make every wobble an exception.
    scale = max(noise, 0.002 * median([abs(one) for one in values]), 1e-12)
    if spread(rest) == 0 and sum(1 for one in rest if abs(one) > scale) > max(1, n // 10):
        return []
    flag = FLAG_FEW_CYCLES if season is not None and cycles < 5 else FLAG
    found = []
    for at, distance in enumerate(rest):
        wanted = flag * scale * (1.25 if at < 2 or at >= n - 2 else 1.0)
        if abs(distance) > wanted and _is_alone(y, at, distance, wanted):
            found.append(at)
    return sorted(found, key=lambda at: -abs(rest[at]))


def is_volatile(count: int, n: int) -> bool:
    """Say whether so many points stand out that none is an exception."""
    return count > max(1, min(3, round(n * 0.1)), n // 20)


def repeats(values: Sequence[float], at: int, length: int) -> bool:
    """Say whether a point like this stands a season before or after: then it is no exception but a habit."""
    here = values[at] - _around(values, at)
    for other in (at - length, at + length):
        if 0 <= other < len(values):
            there = values[other] - _around(values, other)
            if here * there > 0 and abs(there) > 0.5 * abs(here):
                return True
    return False


def near(values: Sequence[float], at: int) -> float:
    """Return the median of the three points on either side: what one would expect at `at`."""
    return median([*values[max(0, at - 3) : at], *values[at + 1 : at + 4]])


def shape_of(values: Sequence[float]) -> Shape:
    """Return the simplest shape that describes the values: a richer one must gain ten in BIC, a line four.

    A step must be twice as high as the values scatter around it; four points lie on each side of a change.
    """
    n = len(values)
    if n < 6:
        return Shape("flat")
    mean = math.fsum(values) / n
    y = [value - mean for value in values]
    total = math.fsum(one * one for one in y)
    floor = max(1e-9 * total, 1e-18)
    start, slope = ols(y)
    line = math.fsum((one - start - slope * at) ** 2 for at, one in enumerate(y))
    costs: list[tuple[float, Shape]] = [(_bic(total, n, 1, floor), Shape("flat"))]
    line_cost = _bic(line, n, 2, floor)
    t = abs(slope) / math.sqrt(max(line, floor) / max(n - 2, 1) / (n * (n * n - 1) / 12))
    if costs[0][0] - line_cost > 4 and t > 3.5:
        costs.append((line_cost, Shape("line")))
    if n >= 8:
        simple = min(cost for cost, _ in costs)
        step, at = _best_step(y, total)
        rise = abs(math.fsum(y[:at]) / at - math.fsum(y[at:]) / (n - at))
        cost = _bic(step, n, 3, floor)
        if simple - cost > 10 and rise > 2 * math.sqrt(step / n):
            costs.append((cost, Shape("step", at)))
        bend, at = _best_bend(y)
        cost = _bic(bend, n, 4, floor)
        if simple - cost > 10:
            costs.append((cost, Shape("bend", at)))
    return min(costs, key=lambda one: one[0])[1]


def _median_without(ordered: Sequence[float], place: int) -> float:
    """Return the median of sorted values without the one at a place."""
    left = len(ordered) - 1
    low, high = (left - 1) // 2, left // 2
    return (ordered[low + (low >= place)] + ordered[high + (high >= place)]) / 2


def _bic(rss: float, n: int, parameters: int, floor: float) -> float:
    return n * math.log(max(rss, floor) / n) + parameters * math.log(n)


def _best_step(y: Sequence[float], total: float) -> tuple[float, int]:
    """Return the least squares that two means leave, and where the second begins."""
    n = len(y)
    left = math.fsum(y[:3])
    whole = math.fsum(y)
    best, place = math.inf, 4
    for at in range(4, n - 3):
        left += y[at - 1]
        rest = total - left * left / at - (whole - left) ** 2 / (n - at)
        if rest < best:
            best, place = rest, at
    return max(best, 0.0), place


def _best_bend(y: Sequence[float]) -> tuple[float, int]:
    """Return the least squares that two joined lines leave, and the knot: y = a + b t + c max(0, t - knot).

    y: with mean zero. Sums over the points after a knot come from those after the next one.
    """
    n = len(y)
    mean_t = (n - 1) / 2
    tt = n * (n * n - 1) / 12
    ty = math.fsum(at * value for at, value in enumerate(y))
    yy = math.fsum(value * value for value in y)
    best, place = yy, 4
    rest = hy = 0.0
    for knot in range(n - 2, 3, -1):
        rest += y[knot + 1]
        hy += rest
        if knot > n - 4:
            continue
        after = n - knot
        total = (after - 1) * after / 2
        squares = (after - 1) * after * (2 * after - 1) / 6
        hh = squares - total * total / n
        th = knot * total + squares - mean_t * total
        det = tt * hh - th * th
        if det <= 1e-9 * tt * hh:
            continue
        b, c = (hh * ty - th * hy) / det, (tt * hy - th * ty) / det
        error = yy - b * ty - c * hy
        if error < best:
            best, place = error, knot
    return max(best, 0.0), place


def _moving(values: Sequence[float], length: int) -> list[float]:
    """Return the mean of one season around each point; at the ends the last ones go on in a straight line."""
    n, half = len(values), length // 2
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value)
    inner = {}
    for at in range(half, n - half):
        if length % 2:
            inner[at] = (sums[at + half + 1] - sums[at - half]) / length
        else:
            ends = (values[at - half] + values[at + half]) / 2
            inner[at] = (sums[at + half] - sums[at - half + 1] + ends) / length
    first, last = half, n - half - 1
    width = min(length, last - first) or 1
    rise, fall = (inner[first + width] - inner[first]) / width, (inner[last] - inner[last - width]) / width
    return [
        inner[at]
        if at in inner
        else inner[first] + rise * (at - first)
        if at < first
        else inner[last] + fall * (at - last)
        for at in range(n)
    ]


def _around(y: Sequence[float], at: int) -> float:
    """Return what the neighbours of a point say: their running median; near the ends a robust line through them."""
    n = len(y)
    if 3 <= at < n - 3:
        return median(y[at - 3 : at + 4])
    low, high = max(0, at - 5), min(n, at + 6)
    others = [one for one in range(low, high) if one != at]
    slopes = [(y[b] - y[a]) / (b - a) for k, a in enumerate(others) for b in others[k + 1 :]]
    slope = median(slopes)
    return median([y[one] - slope * (one - at) for one in others])


def _is_alone(y: Sequence[float], at: int, distance: float, wanted: float) -> bool:
    """Say whether the point lies off the neighbours of both sides, in the same direction: a step does not."""
    sides = [y[max(0, at - 3) : at], y[at + 1 : at + 4]]
    gaps = [y[at] - median(side) for side in sides if len(side) >= 2]
    return all(gap * distance > 0 and abs(gap) > wanted * 0.8 for gap in gaps)
