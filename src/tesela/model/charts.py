"""The shapes of `chart_config`, one per chart type: one source for server, API description and web app.

A field that names a column ends in `Field` or `Fields`. Unknown keys are kept. Source: the contract's
"Chart Configuration Reference"; scatter, radar and text: docs/decisions.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tesela.errors import BadRequest


class Config(BaseModel):
    """What every tile may say. Interactivity lives here, as the contract writes it."""

    model_config = ConfigDict(extra="allow", frozen=True)

    detail_query: str | None = None
    drill_levels: list[DrillLevel] | None = None
    cross_filter_enabled: bool | None = None
    crossFilterField: str | None = None
    """The column that a click filters the others by, where it is not what the chart shows."""
    crossFilterLabelField: str | None = None
    """The column that says what that value is called."""
    detailFields: list[str] | None = None
    """The columns that a click passes on to `detail_query`; None: those that the chart shows."""
    subtitle: str | None = None
    """A line under the title: the unit, the period, the answer."""


class DrillLevel(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    id_column: str = Field(min_length=1)
    label_column: str | None = None
    label: str | None = None
    """What the level is called: "airport"."""


class Chart(Config):
    colorScheme: str | None = None
    showLegend: bool | None = None
    valueFormat: Literal["number", "compact", "percent", "currency", "duration"] | None = None
    """`percent` shows 0.12 as 12 %; `duration` is in seconds."""
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    prefix: str | None = None
    suffix: str | None = None
    decimals: int | None = Field(None, ge=0, le=10)


class Cartesian(Chart):
    """bar, line, area"""

    xField: str | None = None
    yField: str | list[str] | None = None
    """Several columns make several series."""
    seriesField: str | None = None
    stacked: bool | None = None
    smooth: bool | None = None
    horizontal: bool | None = None
    showLabels: bool | None = None
    xLabel: str | None = None
    yLabel: str | None = None


class NameValue(Chart):
    """pie, funnel"""

    nameField: str | None = None
    valueField: str | None = None
    donut: bool | None = None
    showLabels: bool | None = None


class Scatter(Chart):
    xField: str | None = None
    yField: str | None = None
    sizeField: str | None = None
    seriesField: str | None = None
    nameField: str | None = None
    xLabel: str | None = None
    yLabel: str | None = None


class Heatmap(Chart):
    xField: str | None = None
    yField: str | None = None
    valueField: str | None = None
    showLabels: bool | None = None


class Flow(Chart):
    """sankey, chord"""

    sourceField: str | None = None
    targetField: str | None = None
    valueField: str | None = None


class Treemap(Chart):
    nameField: str | None = None
    valueField: str | None = None
    categoryField: str | None = None


class Sunburst(Chart):
    pathFields: list[str] | None = None
    valueField: str | None = None


class Radar(Chart):
    nameField: str | None = None
    valueField: str | None = None
    seriesField: str | None = None
    max: float | None = None


class Gauge(Chart):
    valueField: str | None = None
    min: float | None = None
    max: float | None = None


class Boxplot(Chart):
    """Raw rows in `valueField`, or, where all five are named, one row a box that the query has summed up."""

    categoryField: str | None = None
    valueField: str | None = None
    minField: str | None = None
    q1Field: str | None = None
    medianField: str | None = None
    q3Field: str | None = None
    maxField: str | None = None


class Candlestick(Chart):
    dateField: str | None = None
    openField: str | None = None
    highField: str | None = None
    lowField: str | None = None
    closeField: str | None = None


class Kpi(Chart):
    valueField: str | None = None
    comparisonField: str | None = None
    compareLabel: str | None = None
    lowerIsBetter: bool | None = None
    showSparkline: bool | None = None
    sparklineField: str | None = None


class Table(Config):
    zebra: bool | None = None
    compact: bool | None = None
    pageSize: int | None = Field(None, ge=1, le=1000)
    showSearch: bool | None = None
    columns: list[dict[str, Any]] | None = None
    """Optional per-column settings: {field, label?, format?, width?, hidden?}, in order."""


class Text(Config):
    content: str | None = None


CHART_CONFIGS: dict[str, type[Config]] = {
    "bar": Cartesian,
    "line": Cartesian,
    "area": Cartesian,
    "pie": NameValue,
    "scatter": Scatter,
    "funnel": NameValue,
    "heatmap": Heatmap,
    "treemap": Treemap,
    "sunburst": Sunburst,
    "sankey": Flow,
    "chord": Flow,
    "radar": Radar,
    "gauge": Gauge,
    "boxplot": Boxplot,
    "candlestick": Candlestick,
}
TILE_CONFIGS: dict[str, type[Config]] = {"kpi": Kpi, "table": Table, "text": Text}


def config_class(tile_type: str, chart_type: str | None) -> type[Config]:
    """Return the class that describes the `chart_config` of a tile."""
    if tile_type == "chart":
        return CHART_CONFIGS[chart_type or "bar"]
    return TILE_CONFIGS[tile_type]


def check_config(tile_type: str, chart_type: str | None, config: dict[str, Any]) -> None:
    """Raise BadRequest with the field and the remedy when `config` has a known key of a wrong type."""
    try:
        config_class(tile_type, chart_type).model_validate(config)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadRequest(f"chart_config.{where}: {first['msg']}") from error
