"""A tile's rows, continued: one forecast a series, with its bounds and what is known of its quality."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from tesela.analytics.backtest import UNTESTED, Quality, judged, naive, stops_of
from tesela.analytics.granularity import Steps, infer
from tesela.analytics.mixture import Outlook, outlooks
from tesela.analytics.series import Note, Point, Series, points_of, prepare
from tesela.analytics.smoothing import Floats
from tesela.errors import Unprocessable
from tesela.model.rows import Rows

MOST_SERIES = 8
MOST_HORIZON = 366
DEFAULT_HORIZON = {"week": 13, "year": 3}
"""Of units whose season says nothing useful: a quarter of weeks, three years."""
DIGITS = 8
"""Significant digits of the largest number in an answer."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which columns a chart draws: x, one or more y, and the one that splits y into series."""

    x: str
    y: tuple[str, ...]
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. horizon: periods, None for a sensible number; level: of the interval, e.g. 0.95.

    now: when the rows were read, with its zone. zone: the dashboard's, an IANA name. series: the one to put first.
    """

    horizon: int | None
    level: float
    now: dt.datetime
    zone: str = "UTC"
    series: str | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """One series, continued. x: labels as the rows write them; y, lower, upper: one number for each.

    granularity, step: the unit of a period, and how many of it. history: first and last label, and periods used.
    """

    name: str | None
    x: tuple[str | int, ...]
    y: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    granularity: str
    step: int
    model: dict[str, Any]
    quality: Quality
    notes: tuple[Note, ...]
    history: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """Return it as JSON's objects."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """All series of a tile: the largest (or the one named) first; notes on those that have none."""

    series: tuple[Forecast, ...]
    notes: tuple[Note, ...]


def forecast_rows(rows: Rows, fields: Fields, wanted: Wanted) -> Forecasts:
    """Return the forecasts of a tile's series, largest first, at most eight.

    Raises Unprocessable with the reason when there is nothing that can be continued.
    """
    groups = _groups(rows, fields)
    names = sorted(groups, key=lambda name: (-_size(groups[name]), str(name)))
    if wanted.series is not None:
        named = [name for name in names if name == wanted.series]
        if not named:
            shown = ", ".join(str(name) for name in names[:MOST_SERIES] if name is not None)
            known = f"it has {shown}" if shown else "it has only one, without a name"
            raise Unprocessable(f"The tile has no series {wanted.series[:60]!r}: {known}")
        names = [*named, *(name for name in names if name != wanted.series)]
    points = [point for group in groups.values() for point in group]
    if not points:
        raise Unprocessable("The tile has no rows to continue")
    steps = infer(sorted({point.moment for point in points}), points[0].style, wanted.zone)
    notes = []
    if len(names) > MOST_SERIES:
        text = f"The {MOST_SERIES} largest of {len(names)} series are forecast"
        notes.append(Note("largest", text, {"count": MOST_SERIES, "total": len(names)}))
    found: list[Forecast] = []
    for name in names[:MOST_SERIES]:
        try:
            found.append(_forecast(name, groups[name], steps, wanted, truncated=rows.truncated))
        except Unprocessable as error:
            if len(names) == 1 or name == wanted.series:
                raise
            shown = str(name)
            notes.append(
                Note("left_out", f"{shown}: {error.sentence}", {"name": shown, "why": error.sentence})
            )
    if not found:
        raise Unprocessable(f"None of the series can be continued: {notes[-1].text}")
    return Forecasts(tuple(found), tuple(notes))


def default_horizon(steps: Steps, periods: int) -> int:
    """Return how many periods to forecast when nobody says: a season, at most half of what there is."""
    season = DEFAULT_HORIZON.get(steps.unit, steps.season if steps.season > 1 else 6)
    return max(1, min(season, periods // 2, MOST_HORIZON))


def _groups(rows: Rows, fields: Fields) -> dict[str | None, list[Point]]:
    """Return the points by series: by the value of the series column, else one for each y (its name when many)."""
    many = len(fields.y) > 1
    labels: dict[str | None, list[object]] = {}
    values: dict[str | None, list[object]] = {}
    for row in rows.rows:
        for column in fields.y:
            parts = []
            if fields.series is not None:
                parts.append(_name(row.get(fields.series)))
            if many:
                parts.append(column)
            name = " · ".join(parts) if parts else None
            labels.setdefault(name, []).append(row.get(fields.x))
            values.setdefault(name, []).append(row.get(column))
    return {name: points_of(labels[name], values[name]) for name in labels}


def _name(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _size(points: Sequence[Point]) -> float:
    return sum(abs(point.value) for point in points if point.value is not None)


def _forecast(
    name: str | None, points: Sequence[Point], steps: Steps, wanted: Wanted, *, truncated: bool
) -> Forecast:
    now = wanted.now.astimezone(steps.zone or ZoneInfo(wanted.zone))
    series = prepare(points, steps, now, truncated=truncated)
    count = len(series.values)
    most = min(MOST_HORIZON, max(12, 2 * count))
    horizon = default_horizon(steps, count) if wanted.horizon is None else wanted.horizon
    if horizon > most:
        raise Unprocessable(f"horizon may be at most {most} for a series of {count} periods")
    outlook, model, quality, told = _continued(series, horizon, wanted.level)
    after = series.first + count
    shown = _rounded(outlook)
    return Forecast(
        name=name,
        x=tuple(steps.label(place) for place in range(after, after + horizon)),
        y=tuple(shown.mean.tolist()),
        lower=tuple(shown.lower.tolist()),
        upper=tuple(shown.upper.tolist()),
        granularity=steps.unit,
        step=steps.step,
        model=model,
        quality=quality,
        notes=(*series.notes, *told),
        history={
            "first": steps.label(series.first),
            "last": steps.label(after - 1),
            "periods": count,
        },
    )


def _continued(
    series: Series, horizon: int, level: float
) -> tuple[Outlook, dict[str, Any], Quality, tuple[Note, ...]]:
    """Return what is served: the constant, the smoothing, or the naive forecast when that did clearly better."""
    values, season = series.smoothed, series.season
    if float(np.ptp(values)) == 0.0:
        flat = np.full(horizon, values[0])
        note = Note("constant", "All values are the same: they are continued as they are")
        return Outlook(flat, flat, flat), {"method": "constant", "season": 1}, UNTESTED, (note,)
    stops = stops_of(len(values), season, horizon)
    found = outlooks(values, season, stops, level)
    origins = stops[:-1]
    rivals = [naive(values[: stop.n], season, stop.steps, level) for stop in origins]
    quality, is_naive = judged(series.values, season, origins, found[:-1], rivals)
    if is_naive:
        what = "the last season" if season > 1 else "the last value"
        note = Note("naive", f"Repeating {what} forecast better here: that is shown", {"season": season})
        method = "seasonal naive" if season > 1 else "naive"
        return naive(values, season, horizon, level), {"method": method, "season": season}, quality, (note,)
    return found[-1], {"method": "exponential smoothing", "season": season}, quality, ()


def _rounded(outlook: Outlook) -> Outlook:
    """Return the numbers without the digits that mean nothing; the order of the bounds is kept."""
    parts: tuple[Floats, ...] = (outlook.mean, outlook.lower, outlook.upper)
    largest = max(float(np.abs(one).max()) for one in parts)
    decimals = DIGITS - 1 - int(np.floor(np.log10(largest))) if largest > 0 else 0
    return Outlook(*(np.round(one, min(decimals, 300)) for one in parts))
