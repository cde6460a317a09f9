"""From a tile's rows to a series without holes: added up, ordered, filled, and what was done told in notes."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tesela.analytics.granularity import FEWEST, Steps
from tesela.analytics.labels import Style, read
from tesela.analytics.smoothing import Floats, season_of
from tesela.errors import Unprocessable

MOST_PERIODS = 3_000
"""Periods that a forecast looks back at; older ones are left out, and the answer says so."""
MOST_MISSING = 0.5
LARGEST = 1e100
"""Beyond it the squares of a long series are no numbers any more."""
WILD = 40.0
"""Median absolute deviations of the deseasonalised differences that a value leaves its neighbours by."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was done to the data. code and values: for those who word it in another language."""

    code: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One row of a series: the moment of its x, its value or None, and how x was written."""

    moment: dt.datetime
    value: float | None
    style: Style


@dataclass(frozen=True, slots=True)
class Series:
    """A series without holes.

    values: one a period, from period `first` of `steps` on; season: its length in periods, 1 for none.
    smoothed: the values that a model is fitted to: wild ones replaced.
    """

    steps: Steps
    first: int
    values: Floats
    smoothed: Floats
    season: int
    notes: tuple[Note, ...]


_read = lru_cache(maxsize=20_000)(read)
"""Labels as they were read: of many columns over the same dates, each is read once."""


def points_of(labels: Sequence[object], values: Sequence[object]) -> list[Point]:
    """Return rows as points, in their order. Raises Unprocessable when an x names no time, or a y no number."""
    points = []
    for label, value in zip(labels, values, strict=True):
        if label is None:
            continue
        found = _read(label) if isinstance(label, str) else read(label)
        if found is None:
            raise Unprocessable(
                f"A forecast needs dates on x; {str(label)[:60]!r} is none: use a date column as xField"
            )
        points.append(Point(found[0], _number(value), found[1]))
    if len({(point.style.kind, bool(point.style.zone)) for point in points}) > 1:
        raise Unprocessable("The dates on x are written in different ways: use one form for all of them")
    return points


def prepare(points: Sequence[Point], steps: Steps, now: dt.datetime, *, truncated: bool = False) -> Series:
    """Return the series of the points. now: when the rows were read, with its zone; truncated: rows are missing.

    Raises Unprocessable with the reason when it is too short or more than half of it is missing.
    """
    notes: list[Note] = []
    if truncated:
        notes.append(Note("truncated", "The tile holds only the first rows of its query"))
    sums, added = _by_place(points, steps)
    if added:
        notes.append(
            Note(
                "added_up",
                f"{added} rows share their period with another and were added up",
                {"count": added},
            )
        )
    notes += _without_open_period(sums, steps, now)
    known = [place for place, value in sums.items() if value is not None]
    if len(known) < FEWEST:
        raise Unprocessable(
            f"A forecast needs at least {FEWEST} complete periods with values; this series has {len(known)}"
        )
    first, last = min(known), max(known)
    if last - first >= MOST_PERIODS:
        first = last - MOST_PERIODS + 1
        notes.append(
            Note("cut", f"Only the last {MOST_PERIODS:,} periods were looked at", {"count": MOST_PERIODS})
        )
    values = np.array([_or_nan(sums.get(place)) for place in range(first, last + 1)])
    missing = int(np.isnan(values).sum())
    if missing > MOST_MISSING * len(values):
        raise Unprocessable(
            f"{missing} of {len(values)} periods have no value: that is too few to continue; fill the gaps in SQL"
        )
    season = season_for(len(values), steps)
    if missing:
        values = filled(values, season)
        notes.append(
            Note(
                "filled",
                f"{missing} periods without a value were filled from their neighbours in the season",
                {"count": missing},
            )
        )
    wild = wild_places(values, season)
    smoothed = values.copy()
    for place in np.flatnonzero(wild).tolist():
        smoothed[place] = _calm(values, wild, place, season)
        at = steps.label(first + place)
        notes.append(Note("wild", f"The unusual value at {at} was not followed", {"x": at}))
    if season == 1 < steps.season and float(np.ptp(values)) > 0:
        notes.append(
            Note(
                "no_season",
                "Too few periods for a season: it is forecast without one",
                {"season": steps.season},
            )
        )
    return Series(steps, first, values, smoothed, season, tuple(notes))


def season_for(count: int, steps: Steps) -> int:
    """Return the season to use for so many periods: two cycles and a little; of the weeks of a year, three."""
    season = steps.season
    needed = 3 * season if steps.unit == "week" else 2 * season + 3
    return season if season > 1 and count >= needed else 1


def filled(values: Floats, season: int) -> Floats:
    """Return the values with each hole as the median of the nearest four of the same phase."""
    result = values.copy()
    known = np.flatnonzero(~np.isnan(values))
    for place in np.flatnonzero(np.isnan(values)).tolist():
        alike = known[(known - place) % season == 0]
        alike = alike if len(alike) else known
        near = alike[np.argsort(np.abs(alike - place), kind="stable")[:4]]
        result[place] = float(np.median(values[near]))
    return result


def wild_places(values: Floats, season: int) -> NDArray[np.bool_]:
    """Return which values stand apart from both sides: beyond the medians of three neighbours before and after.

    Measured in median absolute deviations of the deseasonalised differences. The last value has one side only,
    and needs a quarter more; the first three are left alone.
    """
    count = len(values)
    wild = np.zeros(count, dtype=np.bool_)
    if count < 12:
        return wild
    flat = values - season_of(values, season)[np.arange(count) % season]
    steps = np.diff(flat)
    unit = float(np.median(np.abs(steps - np.median(steps))))
    if unit <= 1e-9 * max(1.0, float(np.abs(values).max())):
        return wild
    windows = np.median(np.lib.stride_tricks.sliding_window_view(flat, 3), axis=1)
    before = flat[3:] - windows[: count - 3]
    after = np.full(count - 3, np.nan)
    after[: count - 6] = flat[3 : count - 3] - windows[4 : count - 2]
    after[count - 6 : count - 4] = [
        flat[place] - np.median(flat[place + 1 :]) for place in (count - 3, count - 2)
    ]
    both = np.where(np.sign(before) == np.sign(after), np.minimum(np.abs(before), np.abs(after)), 0.0)
    wild[3:] = both > WILD * unit
    wild[-1] = abs(before[-1]) > 1.25 * WILD * unit
    return wild


def _calm(values: Floats, wild: NDArray[np.bool_], place: int, season: int) -> float:
    """Return what stands for a wild value: the median of its neighbours, at its place in the season."""
    phase = season_of(values, season)
    near = [one for one in range(max(0, place - 3), min(len(values), place + 4)) if not wild[one]]
    flat = [values[one] - phase[one % season] for one in near]
    return float(np.median(flat) + phase[place % season]) if flat else float(values[place])


def _by_place(points: Sequence[Point], steps: Steps) -> tuple[dict[int, float | None], int]:
    sums: dict[int, float | None] = {}
    added = 0
    for point in points:
        moment = point.moment if steps.zone is None else point.moment.astimezone(steps.zone)
        place = steps.place(moment)
        before = sums.get(place)
        if before is not None and point.value is not None:
            sums[place] = before + point.value
            added += 1
        elif before is None:
            sums[place] = point.value
    return sums, added


def _without_open_period(sums: dict[int, float | None], steps: Steps, now: dt.datetime) -> list[Note]:
    """Take out the last period when it was not over yet; return the note that says so."""
    last = max(sums)
    if steps.is_over(last, now):
        return []
    del sums[last]
    label = steps.label(last)
    text = f"The last period, {label}, was not over when the data was read: it is forecast, not used"
    return [Note("incomplete", text, {"x": label})]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _number(value: object) -> float | None:
    """Return a value of y. Large numbers arrive as text. Raises Unprocessable for what is no number."""
    if value is None:
        return None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            number = float(value)
        except (ValueError, OverflowError):
            number = math.nan
        if abs(number) > LARGEST:
            raise Unprocessable("The numbers on y are too large to be continued")
        if math.isfinite(number):
            return number
    raise Unprocessable(f"A forecast needs numbers on y; {str(value)[:60]!r} is none")
