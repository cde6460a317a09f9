"""Rows and a tile's settings -> what is measured, over what: time, dimensions, and the parts of a ratio."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tesela.analytics.facts.periods import Period, read_periods
from tesela.analytics.facts.things import PERCENT, PLAIN, Unit
from tesela.errors import Unprocessable
from tesela.model.rows import Rows

NUMERIC = frozenset({"int", "bigint", "decimal", "bigdecimal", "float"})
NO_SUMS = frozenset({"boxplot", "candlestick", "radar", "gauge"})
"""Charts of quartiles, prices, scores and shares: what they plot is never added up."""
_SPANS = frozenset(
    {
        "min",
        "minutes",
        "s",
        "sec",
        "ms",
        "years",
        "days",
        "°",
        "°c",
        "°f",
        "km/h",
        "mph",
        "min.",
        "años",
        "días",
    }
)
"""Units of durations and temperatures; hours are left out: hours of work are sums."""
LARGEST, SMALLEST = 1e100, 1e-100
"""Sizes of the numbers that are looked at."""
CURRENCIES = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

_RATIO = re.compile(
    r"(?:^|_)(?:rate|ratio|share|pct|perc|percent|percentage|avg|average|mean|median|margin|ctr|cvr|per|price|"
    r"score|index|nps|csat|distinct|unique|min|max|p50|p90|p95|p99|tasa|ratio|porcentaje|promedio|media|mediana|"
    r"cuota|margen|precio|puntuacion|temperature|temperatura|latency|delay|age|duration|speed|distance|rating|humidity|pressure|wait|retraso|edad|"
    r"duracion|velocidad|distancia|utilization|occupancy)(?:_|$)"
)
_BASES = re.compile(
    r"(?:^|_)(?:count|counts|n|orders|visits|sessions|users|customers|clients|headcount|employees|staff|people|"
    r"impressions|clicks|applicants|applications|applied|patients|treated|trials|attempts|total|units|quantity|qty|"
    r"hours|days|students|tickets|leads|visitors|base|population|sample|sent|emails|calls|cases|items|transactions|"
    r"invoices|members|subscribers|accounts|contacts|requests|deliveries|shipments|pedidos|visitas|sesiones|usuarios|"
    r"clientes|empleados|plantilla|personas|unidades|horas|pacientes|solicitudes|alumnos|facturas|llamadas|envios)"
    r"(?:_|$)"
)
_BEFORE = re.compile(r"^(?:prev|previous|prior|last|anterior)_(.+)$|^(.+)_(?:prev|previous|prior|before|ly|py|"
                     r"last_year|last_month|anterior|previo|previa)$")  # fmt: skip
_ONE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_YEAR_COLUMN = re.compile(r"(?:^|_)(?:year|yr|fy|fiscal_year|año|anio|ano|ejercicio)(?:_|$)")
_GENERIC = re.compile(
    r"^(?:value|val|v|y|n|total|sum|count|amount|metric|measure|valor|result|count_star\(\))$"
)
_AGGREGATE = re.compile(r"^(?:sum|total|count|avg|min|max)[_(](.+?)\)?$")


@dataclass(frozen=True, slots=True)
class Picture:
    """A tile as far as facts depend on it. config: its fields name columns of the rows where they can."""

    title: str
    tile_type: str
    chart_type: str | None
    config: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of numbers. values: one per row; is_additive: sums of it mean something."""

    column: str
    name: str
    unit: Unit
    is_additive: bool
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column of names. cells: one per row, as text; raw: what the rows hold, by that text.

    A number says nothing alone: 19 of a column `hour` is called "hour 19".
    """

    column: str
    name: str
    cells: Sequence[str]
    raw: Mapping[str, Any]

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.cells))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A rate with its parts: what is told is numerator / denominator. name: of the rate itself, where it has one."""

    numerator: Measure
    denominator: Measure
    unit: Unit
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What the rows are about. periods: one per row, or None when there is no time in them.

    dimensions: the most telling first. before: the first measure a period earlier, in its own column.
    """

    picture: Picture
    rows: Rows
    periods: Sequence[Period | None] | None
    time_column: str | None
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    before: Measure | None
    ratio: Ratio | None


def read(rows: Rows, picture: Picture) -> Subject:
    """Return what the rows are about, by the tile's settings where they say it, else by names and values."""
    config = picture.config
    numeric = [column for column in rows.columns if _is_numeric(rows, column)]
    time_column, periods = _time(rows, picture, numeric)
    numeric = [column for column in numeric if column != time_column]
    is_grid = picture.chart_type == "heatmap"  # whose y is the other axis
    heights = ("valueField",) if is_grid else ("yField", "valueField", "medianField", "closeField")
    plotted = [column for column in _fields(config, *heights) if column in numeric]
    named = _fields(
        config,
        "seriesField",
        "xField",
        "nameField",
        "categoryField",
        "sourceField",
        "targetField",
        "pathFields",
    )
    named += _fields(config, "yField") if is_grid else []
    ordered = [column for column in (*named, *rows.columns) if column in rows.columns]
    texts = [
        column
        for column in dict.fromkeys(ordered)
        if column != time_column and (column not in numeric or (column in named and column not in plotted))
    ]
    dimensions = tuple(_dimension(rows, column) for column in texts if not _is_nested(rows, column))
    loose = [
        column for column in numeric if column not in plotted and column not in texts and not _is_id(column)
    ]
    plotted, loose = _later_first(plotted), _later_first(loose)
    measures = {column: _measure(rows, picture, column) for column in (*plotted, *loose)}
    before = _before(config, plotted or loose, measures)
    if before is not None:
        measures = {name: one for name, one in measures.items() if name != before.column}
    shown = tuple(measures[column] for column in (plotted or loose) if column in measures)
    ratio = _ratio(shown, measures, has_plotted=bool(plotted))
    return Subject(picture, rows, periods, time_column, dimensions, shown, before, ratio)


def human(column: str) -> str:
    """Return a column's name for a sentence.

    >>> human("sum_net_revenue"), human("AVG(price)")
    ('net revenue', 'AVG(price)')
    """
    name = column
    if (match := _AGGREGATE.match(column.casefold())) and column.casefold().startswith(("sum", "total_")):
        name = column[-len(match[1]) - column.endswith(")") :].removesuffix(")")
    return clipped(name.replace("_", " ").strip() or column)


def clipped(text: str, most: int = 60) -> str:
    """Return one line of text: no control characters, at most `most` letters."""
    line = re.sub(r"\s+", " ", "".join(one if one.isprintable() else " " for one in text)).strip()
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def number(value: Any) -> float | None:
    """Return a cell as a number; None for null and for what is none. `bigint` columns arrive as strings.

    What is nearer to zero than `SMALLEST` is zero. Raises Unprocessable past `LARGEST`: squares and sums of such
    numbers are no numbers any more.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(found):
        return None
    if abs(found) > LARGEST:
        raise Unprocessable("The numbers of this tile are too large to be explained")
    return found if abs(found) > SMALLEST else 0.0


def _is_numeric(rows: Rows, column: str) -> bool:
    kind = rows.types.get(column)
    if kind is not None and kind not in NUMERIC:
        return False
    cells = [row.get(column) for row in rows.rows]
    there = [cell for cell in cells if cell is not None]
    if not there:
        return kind is not None
    if kind in ("bigint", "bigdecimal"):
        return all(number(cell) is not None for cell in there)
    return all(isinstance(cell, int | float) and not isinstance(cell, bool) for cell in there)


def _is_nested(rows: Rows, column: str) -> bool:
    return any(isinstance(row.get(column), dict | list) for row in rows.rows)


def _is_id(column: str) -> bool:
    name = column.casefold()
    return name in (
        "id",
        "uuid",
        "rank",
        "row_number",
        "lat",
        "lon",
        "latitude",
        "longitude",
    ) or name.endswith("_id")


def _fields(config: Mapping[str, Any], *keys: str) -> list[str]:
    found: list[str] = []
    for key in keys:
        value = config.get(key)
        found += [
            one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one
        ]
    return found


def _time(
    rows: Rows, picture: Picture, numeric: Sequence[str]
) -> tuple[str | None, Sequence[Period | None] | None]:
    """Return the column of time and its periods. Numbers are years only where the tile or their name says so."""
    named = _fields(picture.config, "xField", "dateField", "seriesField", "nameField", "categoryField")
    if picture.chart_type == "scatter":
        return None, None
    for column in dict.fromkeys((*named, *rows.columns)):
        if column not in rows.columns:
            continue
        kind = rows.types.get(column)
        is_named = column in named
        if column in numeric and not (
            _YEAR_COLUMN.search(column.casefold()) or (is_named and kind in (None, "int"))
        ):
            continue
        if kind in ("bool", "json", "binary", "time", "interval"):
            continue
        periods = read_periods([row.get(column) for row in rows.rows])
        if periods is None or (len({one.order for one in periods if one}) < 2 and not is_named):
            continue
        return column, periods
    return None, None


def _dimension(rows: Rows, column: str) -> Dimension:
    name = human(column)
    found = [row.get(column) for row in rows.rows]
    is_bare = all(
        isinstance(cell, int | float) and not isinstance(cell, bool) for cell in found if cell is not None
    )
    cells = [f"{name} {cell}" if is_bare and cell is not None else _text(cell) for cell in found]
    return Dimension(column, name, cells, dict(zip(cells, found, strict=True)))


def _text(cell: Any) -> str:
    if cell is None or cell == "":
        return "—"
    return clipped(str(cell).lower() if isinstance(cell, bool) else str(cell))


def _measure(rows: Rows, picture: Picture, column: str) -> Measure:
    values = [number(row.get(column)) for row in rows.rows]
    unit = _unit(picture, column)
    name = human(column)
    if _GENERIC.match(column.casefold()) and picture.title.strip():
        name = clipped(picture.title)
    is_additive = picture.chart_type not in NO_SUMS and _is_additive(column, unit)
    return Measure(column, name, unit, is_additive, values)


def _is_additive(column: str, unit: Unit) -> bool:
    return not (
        unit.is_percent
        or unit.suffix.strip().casefold() in _SPANS
        or _RATIO.search(re.sub(r"[^a-z0-9]+", "_", column.casefold()))
    )


def _unit(picture: Picture, column: str) -> Unit:
    """Return how the tile shows the column: its own settings for a table's column, else those of the chart."""
    config = dict(picture.config)
    columns = config.get("columns")
    if isinstance(columns, list):
        config |= next((one for one in columns if isinstance(one, dict) and one.get("field") == column), {})
    form = config.get("valueFormat") or config.get("format")
    decimals = config.get("decimals") if isinstance(config.get("decimals"), int) else None
    if form == "percent":
        return Unit(suffix="%", scale=100.0, decimals=decimals)
    prefix, suffix = (str(config.get(key) or "") for key in ("prefix", "suffix"))
    currency = config.get("currency")
    if isinstance(currency, str) and currency and not prefix:
        return Unit(CURRENCIES.get(currency, currency), suffix, decimals=decimals, is_currency_code=True)
    if (
        not prefix
        and not suffix
        and re.search(r"(?:^|_)(?:pct|percent|percentage|porcentaje)(?:_|$)", column.casefold())
    ):
        return Unit(suffix="%", decimals=decimals)
    return Unit(prefix, suffix, decimals=decimals)


def _without_year(column: str) -> tuple[str, int | None]:
    """Return a column's name without the year in it, and that year: "sales_2024"."""
    match = _ONE_YEAR.search(column)
    if match is None:
        return column, None
    return f"{column[: match.start()]}_{column[match.end() :]}".strip("_ "), int(match[1])


def _later_first(columns: Sequence[str]) -> list[str]:
    """Return the columns with the later of two years of the same figure before the earlier one."""
    found = list(columns)
    families: dict[str, list[tuple[int, str]]] = {}
    for column in columns:
        family, year = _without_year(column.casefold())
        if year is not None:
            families.setdefault(family, []).append((year, column))
    for members in families.values():
        if len(members) == 2:
            at = sorted(found.index(column) for _, column in members)
            found[at[0]], found[at[1]] = max(members)[1], min(members)[1]
    return found


def _before(
    config: Mapping[str, Any], columns: Sequence[str], measures: Mapping[str, Measure]
) -> Measure | None:
    named = config.get("comparisonField")
    if isinstance(named, str) and named in measures:
        return measures[named]
    if not columns:
        return None
    first = columns[0].casefold()
    family, year = _without_year(first)
    if year is not None:
        others = [_without_year(one.casefold()) for one in measures if one.casefold() != first]
        same = [other for name, other in others if name == family and other is not None]
        earlier = (
            [one for one in measures if _without_year(one.casefold()) == (family, same[0])]
            if len(same) == 1
            else []
        )
        if earlier and same[0] < year:
            return measures[earlier[0]]
    for column, measure in measures.items():
        if (match := _BEFORE.match(column.casefold())) and first in (match[1], match[2]):
            return measure
    return None


def _ratio(shown: Sequence[Measure], measures: Mapping[str, Measure], *, has_plotted: bool) -> Ratio | None:
    """Return the rate that the columns hold: a plotted one with its parts, or a plotted part with the other.

    Only two counts of the same things, or a sum and a count of what it was summed over, make a rate.
    """
    if not shown:
        return None
    main = shown[0]
    others = [one for one in measures.values() if one is not main]
    if not main.is_additive:
        return _with_parts(main, others)
    rates = [one for one in others if not one.is_additive]
    for rate in rates:
        if found := _with_parts(rate, [one for one in measures.values() if one.is_additive]):
            return found
    parts = [one for one in others if one.is_additive]
    if len(parts) != 1 or (not has_plotted and len(shown) != 2):
        return None
    other = parts[0]
    pairs = [
        (a, b) for a, b in zip(main.values, other.values, strict=True) if a is not None and b is not None
    ]
    if len(pairs) < 2 or any(a < 0 or b < 0 for a, b in pairs):
        return None
    is_counts = all(a == int(a) and b == int(b) for a, b in pairs)
    is_base, is_other_base = (bool(_BASES.search(one.column.casefold())) for one in (main, other))
    if is_counts and all(a <= b for a, b in pairs) and (is_other_base or not is_base):
        return Ratio(main, other, PERCENT)
    if is_counts and is_base and all(b <= a for a, b in pairs):
        return Ratio(other, main, PERCENT)
    if is_other_base and not is_base:
        return Ratio(main, other, main.unit)
    if is_base and not is_other_base:
        return Ratio(other, main, other.unit)
    return None


def _with_parts(rate: Measure, others: Sequence[Measure]) -> Ratio | None:
    """Return the pair of columns whose quotient the rate is in every row, in percent or not."""
    parts = [one for one in others if one.is_additive][:6]
    for top in parts:
        for bottom in parts:
            if top is bottom:
                continue
            for scale in (1.0, 100.0):
                if _divides(rate, top, bottom, scale):
                    is_percent = scale == 100.0 or rate.unit.is_percent or _is_part_of(rate, top, bottom)
                    return Ratio(top, bottom, PERCENT if is_percent else rate.unit, rate.name)
    return None


def _is_part_of(rate: Measure, top: Measure, bottom: Measure) -> bool:
    pairs = [
        (a, b) for a, b in zip(top.values, bottom.values, strict=True) if a is not None and b is not None
    ]
    return rate.unit == PLAIN and all(0 <= a <= b and a == int(a) for a, b in pairs)


def _divides(rate: Measure, top: Measure, bottom: Measure, scale: float) -> bool:
    seen = 0
    for value, a, b in zip(rate.values, top.values, bottom.values, strict=True):
        if value is None or a is None or not b:
            continue
        seen += 1
        if abs(scale * a / b - value) > max(0.006 * abs(value), 0.0051 * (scale / 100)):
            return False
    return seen >= 2
