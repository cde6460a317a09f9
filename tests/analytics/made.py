"""Series with a known shape, and the forecast of rows as the feature asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from tesela.analytics.forecast import Fields, Forecast, Forecasts, Wanted, forecast_rows
from tesela.model.rows import Rows

LATER = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


def months(count: int, first: int = 2021 * 12, step: int = 1) -> list[str]:
    """Return `count` labels like 2021-01."""
    return [f"{at // 12:04d}-{at % 12 + 1:02d}" for at in range(first, first + count * step, step)]


def days(count: int, first: dt.date = dt.date(2026, 1, 1)) -> list[str]:
    return [(first + dt.timedelta(days=at)).isoformat() for at in range(count)]


def hours(count: int, between: str = "T") -> list[str]:
    first = dt.datetime(2026, 3, 1)  # noqa: DTZ001
    return [(first + dt.timedelta(hours=at)).isoformat(sep=between) for at in range(count)]


def wave(
    count: int, season: int = 12, *, rise: float = 1.0, noise: float = 2.0, level: float = 100.0
) -> list[float]:
    """Return level, trend, season and a little noise; the same in every run."""
    at = np.arange(count)
    random = np.random.default_rng(7)
    found = level + rise * at + 20 * np.sin(2 * np.pi * at / season) + noise * random.standard_normal(count)
    return [round(float(one), 3) for one in found]


def table(x: list[Any], y: list[Any], **more: list[Any]) -> Rows:
    columns = {"x": x, "y": y, **more}
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return Rows(tuple(columns), {}, rows)


def forecasts(
    rows: Rows,
    horizon: int | None = 6,
    level: float = 0.95,
    *,
    y: tuple[str, ...] = ("y",),
    series: str | None = None,
    now: dt.datetime = LATER,
    zone: str = "UTC",
    named: str | None = None,
) -> Forecasts:
    return forecast_rows(rows, Fields("x", y, series), Wanted(horizon, level, now, zone, named))


def forecast(
    x: list[Any], y: list[Any], horizon: int | None = 6, level: float = 0.95, **more: Any
) -> Forecast:
    return forecasts(table(x, y), horizon, level, **more).series[0]


def codes(found: Forecast) -> list[str]:
    return [note.code for note in found.notes]
