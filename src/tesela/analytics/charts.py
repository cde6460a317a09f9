"""Which charts suit a result, from the shape of its columns and rows. Pure; the best one first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tesela.model.rows import Rows

NUMBERS = frozenset({"int", "bigint", "decimal", "bigdecimal", "float"})
DATES = frozenset({"date", "timestamp", "timestamptz"})
DATE_TEXT = re.compile(r"\d{4}-(\d\d(-\d\d)?|[QqWw]\d{1,2})")
SHARE = re.compile(r"(?i)share|pct|percent|ratio|rate|porcentaje|cuota|tasa")
KEY = re.compile(r"(?i)(^|_)id$|(^|_)(key|code|zip|year|ano)$")
MOST_SLICES = 6
MOST_BARS = 40
MOST_SERIES = 10
MOST_SUGGESTIONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A tile's type and config, and why, as one sentence."""

    tile_type: str
    chart_type: str | None
    chart_config: Mapping[str, Any]
    why: str


def suggest(rows: Rows) -> list[Suggestion]:
    """Return up to three charts that suit the rows, the best first; a table is always among them.

    >>> types = {"region": "text", "total": "int"}
    >>> sales = Rows(("region", "total"), types, [{"region": r, "total": -3} for r in "NS"])
    >>> [(one.tile_type, one.chart_type) for one in suggest(sales)]
    [('chart', 'bar'), ('table', None)]
    """
    found: list[Suggestion] = []
    times, numbers, names = _kinds(rows)
    count = len(rows.rows)
    if count > 1:  # a name that all rows share tells them apart no more
        several = [name for name in names if len(_values(rows, name)) > 1]
        names = several if several or times else names
    if count == 1 and numbers and not times and len(names) <= 1:
        found.append(_kpi(numbers))
    elif times and numbers and count > 1:
        found += _over_time(rows, times[0], numbers, names)
    elif names and numbers:
        found += _by_name(rows, names, numbers)
    elif len(numbers) >= 2 and not names and count > 2:
        config = {"xField": numbers[0], "yField": numbers[1]}
        found.append(Suggestion("chart", "scatter", config, "two numbers a row: how one goes with the other"))
    table = Suggestion("table", None, {}, "every row and column as they are")
    return [*found[: MOST_SUGGESTIONS - 1], table]


def as_chart(rows: Rows, wanted: str) -> Suggestion | None:
    """Return the rows as the kind of tile that somebody asks for (a chart's type, `table`, `kpi`), or None.

    None: these rows do not have what such a chart shows, so it would be empty or untrue.
    """
    times, numbers, names = _kinds(rows)
    by = [*times, *names]
    if wanted == "table":
        return Suggestion("table", None, {}, "every row and column as they are")
    if wanted == "kpi":
        return _kpi(numbers) if len(rows.rows) == 1 and numbers else None
    if wanted == "scatter":
        config: dict[str, Any] = dict(zip(("xField", "yField"), numbers, strict=False))
        return Suggestion("chart", wanted, config, "two numbers a row") if len(numbers) >= 2 else None
    if not by or not numbers or len(by) > 2 or not _is_unique(rows, by):
        return None
    first, value = by[0], numbers[0]
    if wanted in ("bar", "line", "area"):
        config = {"xField": first, "yField": value if len(numbers) == 1 or len(by) == 2 else numbers[:4]}
        config |= {"seriesField": by[1]} if len(by) == 2 else {}
        return Suggestion("chart", wanted, config, f"{value} by {first}")
    if wanted == "heatmap" and len(by) == 2:
        config = {"xField": first, "yField": by[1], "valueField": value}
        return Suggestion("chart", wanted, config, f"{value} where {first} meets {by[1]}")
    if wanted not in ("pie", "funnel", "treemap", "radar") or len(by) != 1:
        return None
    parts = [row.get(value) for row in rows.rows]
    if wanted != "radar" and not all(isinstance(part, int | float) and part >= 0 for part in parts):
        return None  # a part of a whole is never below nothing
    return Suggestion("chart", wanted, {"nameField": first, "valueField": value}, f"{value} by {first}")


def _is_unique(rows: Rows, by: list[str]) -> bool:
    return len({tuple(str(row.get(name)) for name in by) for row in rows.rows}) == len(rows.rows)


def _kinds(rows: Rows) -> tuple[list[str], list[str], list[str]]:
    """Return the columns that are times, numbers to measure, and names."""
    times, numbers, names = [], [], []
    for column in rows.columns:
        type_ = rows.types.get(column)
        if type_ in DATES or (type_ == "text" and _is_dated(rows, column)):
            times.append(column)
        elif type_ in NUMBERS and not KEY.search(column):
            numbers.append(column)
        elif type_ in ("text", "bool") or type_ in NUMBERS:
            names.append(column)
    return times, numbers, names


def _is_dated(rows: Rows, column: str) -> bool:
    texts = [row.get(column) for row in rows.rows[:50] if row.get(column) is not None]
    return bool(texts) and all(isinstance(text, str) and DATE_TEXT.match(text) for text in texts)


def _kpi(numbers: list[str]) -> Suggestion:
    value = numbers[0]
    before = next((one for one in numbers if one.lower() == f"{value}_prev".lower()), None)
    config = {"valueField": value} | ({"comparisonField": before} if before else {})
    return Suggestion(
        "kpi", None, config, "one row: a key figure" + (", with the period before" if before else "")
    )


def _over_time(rows: Rows, time: str, numbers: list[str], names: list[str]) -> list[Suggestion]:
    series = next((name for name in names if 1 < len(_values(rows, name)) <= MOST_SERIES), None)
    if names and series is None:
        return []  # a point a time would not be one row
    if series is not None:
        config: dict[str, Any] = {"xField": time, "yField": numbers[0], "seriesField": series}
        why = f"{numbers[0]} over {time}, a line for each {series}"
        return [
            Suggestion("chart", "line", config, why),
            Suggestion("chart", "area", {**config, "stacked": True}, f"the total over {time} and its parts"),
        ]
    config = {"xField": time, "yField": numbers[0] if len(numbers) == 1 else numbers[:4]}
    few = len(rows.rows) <= 12
    found = [Suggestion("chart", "line", config, f"{', '.join(numbers[:4])} over {time}")]
    return (
        [*found, Suggestion("chart", "bar", config, f"{len(rows.rows)} points of {time}")] if few else found
    )


def _by_name(rows: Rows, names: list[str], numbers: list[str]) -> list[Suggestion]:
    first, value = names[0], numbers[0]
    count = len(_values(rows, first))
    if len(names) > 1:
        return _by_two(rows, names, value)
    if count != len(rows.rows) or count > MOST_BARS:
        return []
    found = []
    shown = numbers if len(numbers) == 1 else [one for one in numbers if not SHARE.search(one)][:4] or [value]
    config: dict[str, Any] = {"xField": first, "yField": shown[0] if len(shown) == 1 else shown}
    longest = max((len(str(name)) for name in _values(rows, first)), default=0)
    if count > 8 or longest > 14:
        config["horizontal"] = True
    found.append(Suggestion("chart", "bar", config, f"{', '.join(shown)} by {first}"))
    parts = [row.get(value) for row in rows.rows]
    is_whole = all(isinstance(part, int | float) and part >= 0 for part in parts)
    if len(numbers) == 1 and 2 <= count <= MOST_SLICES and is_whole:
        slices = {"nameField": first, "valueField": value}
        found.append(Suggestion("chart", "pie", slices, f"{count} parts of one total"))
    return found


def _by_two(rows: Rows, names: list[str], value: str) -> list[Suggestion]:
    first, second = names[0], names[1]
    counts = (len(_values(rows, first)), len(_values(rows, second)))
    if len(names) > 2 or len({(row.get(first), row.get(second)) for row in rows.rows}) != len(rows.rows):
        return []
    found = []
    if counts[0] <= MOST_BARS and counts[1] <= MOST_SERIES:
        config = {"xField": first, "yField": value, "seriesField": second}
        found.append(Suggestion("chart", "bar", config, f"{value} by {first}, a colour for each {second}"))
    if all(3 <= one <= MOST_BARS for one in counts):
        config = {"xField": first, "yField": second, "valueField": value}
        found.append(Suggestion("chart", "heatmap", config, f"{value} where {first} meets {second}"))
    return found


def _values(rows: Rows, column: str) -> set[Any]:
    return {str(row.get(column)) for row in rows.rows}
