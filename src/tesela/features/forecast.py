"""Forecast: a tile's series continued, from the rows that the tile shows."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tesela.errors import BadRequest, TooBusy, Unprocessable
from tesela.features.data import Asking
from tesela.model.dashboard import Tile
from tesela.model.result import ColumnType
from tesela.model.rows import Rows, rows_of
from tesela.running.runner import Answered

if TYPE_CHECKING:
    from tesela.analytics.forecast import Fields, Forecasts

CHARTS = ("line", "area", "bar")
MOST_HORIZON = 366
LEAST_LEVEL = 0.5
MOST_WAITING = 32
"""Forecasts that may wait for their turn; each takes a fraction of a second."""
NUMBERS: tuple[ColumnType, ...] = ("int", "bigint", "decimal", "bigdecimal", "float")
TIMES: tuple[ColumnType, ...] = ("date", "timestamp", "timestamptz")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says. horizon: periods, None for a sensible number. series: the one to put first."""

    horizon: int | None = None
    confidence_level: float = 0.95
    series: str | None = None


class Forecaster:
    """Computes forecasts beside the event loop, one at a time."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="forecast")
        self._waiting = 0

    async def forecast(self, asking: Asking, tile: Tile, asked: Asked) -> dict[str, Any]:
        """Return the forecast of a tile in the state of the view, as JSON's objects.

        The rows come from the shelf where the tile has just shown them. Raises BadRequest for an argument out of
        its range, Unprocessable with the reason when the tile or its rows cannot be continued, the QueryError of
        a query that fails, TooBusy.
        """
        _check(asked)
        query = _query_of(tile)
        question = await asking.question(tile, query)
        answered = await asking.runner.run(question.question, force=asking.force)
        if self._waiting >= MOST_WAITING:
            raise TooBusy("Too many forecasts at the same time: try again in a moment", retry_after_seconds=2)
        self._waiting += 1
        try:
            zone = asking.dashboard.document.time_zone
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(
                self._pool, _computed, answered, tile.chart_config, zone, asked
            )
        finally:
            self._waiting -= 1
        ignored = (*asking.viewing.chosen.ignored, *question.ignored)
        return {**found, "filters_ignored": ignored}

    def close(self) -> None:
        """Let go of the thread; what waits for it is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def fields_of(config: Mapping[str, Any], rows: Rows) -> Fields:
    """Return the columns that the chart draws: those its settings name, else those it would choose.

    Raises Unprocessable when there are none.
    """
    from tesela.analytics.forecast import Fields

    x, series = (_named(config, key, rows) for key in ("xField", "seriesField"))
    wanted = config.get("yField")
    names = wanted if isinstance(wanted, list) else [wanted]
    y = tuple(dict.fromkeys(name for name in names if isinstance(name, str) and name in rows.columns))
    if x is None:
        x = next((name for name in rows.columns if rows.types.get(name) in TIMES), None)
        x = x or next((name for name in rows.columns if name not in (*y, series)), None)
    if not y:
        y = tuple(
            name for name in rows.columns if name not in (x, series) and rows.types.get(name) in NUMBERS
        )[:1]
    if x is None or not y:
        raise Unprocessable("A forecast needs a column of dates and one of numbers: set xField and yField")
    return Fields(x, y, series)


def _named(config: Mapping[str, Any], key: str, rows: Rows) -> str | None:
    name = config.get(key)
    return name if isinstance(name, str) and name in rows.columns else None


def _check(asked: Asked) -> None:
    if asked.horizon is not None and not 1 <= asked.horizon <= MOST_HORIZON:
        raise BadRequest(f"horizon must be between 1 and {MOST_HORIZON}")
    if not LEAST_LEVEL <= asked.confidence_level < 1:
        raise BadRequest(f"confidence_level must be at least {LEAST_LEVEL} and below 1, for example 0.95")


def _query_of(tile: Tile) -> str | None:
    what = tile.chart_type if tile.tile_type == "chart" else tile.tile_type
    if not tile.asks or what not in CHARTS:
        article = "an" if what and what[0] in "aeiou" else "a"
        raise Unprocessable(f"A forecast needs a line, area or bar chart; this tile is {article} {what}")
    return tile.query


def _computed(answered: Answered, config: Mapping[str, Any], zone: str, asked: Asked) -> dict[str, Any]:
    """Return the answer's members. Runs in a thread; loads numpy when it is needed first."""
    from tesela.analytics.forecast import Wanted, forecast_rows

    result = answered.shelved.result
    rows = rows_of(result)
    wanted = Wanted(asked.horizon, asked.confidence_level, result.executed_at, zone, asked.series)
    found = forecast_rows(rows, fields_of(config, rows), wanted)
    return _body(found, asked.confidence_level, result.executed_at.isoformat())


def _body(found: Forecasts, level: float, executed_at: str) -> dict[str, Any]:
    series = [one.body() for one in found.series]
    first = series[0]
    told = [{"code": one.code, "text": one.text, "values": one.values} for one in found.notes]
    return {
        **first,
        "notes": [*first["notes"], *told],
        "confidence_level": level,
        "executed_at": executed_at,
        "series": series,
    }
