"""A widget is a tile in other words: ids, types, places, config, sources and filters, both ways. Pure.

Nothing is lost on the way there and back: what has no other word keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from tesela.errors import BadRequest, TeselaError
from tesela.model.charts import CHART_CONFIGS, TILE_CONFIGS
from tesela.model.dashboard import Tile
from tesela.model.filter import OPERATORS, values_of, with_default
from tesela.model.metric import MetricQuery

DASHBOARD, WIDGET = "dash-", "widget-"

WIDGET_TYPES: Mapping[str, tuple[str, str | None]] = {
    "bar_chart": ("chart", "bar"),
    "line_chart": ("chart", "line"),
    "pie_chart": ("chart", "pie"),
    "area_chart": ("chart", "area"),
    "scatter_plot": ("chart", "scatter"),
    "heatmap": ("chart", "heatmap"),
    "kpi_card": ("kpi", None),
    "table": ("table", None),
    "text": ("text", None),
    **{
        f"{kind}_chart": ("chart", kind)
        for kind in CHART_CONFIGS
        if kind not in ("bar", "line", "pie", "area", "scatter", "heatmap")
    },
}
"""Tile type and chart type of each widget type: those of the contract, and every other chart under its own name."""
_TYPES = {kinds: name for name, kinds in WIDGET_TYPES.items()}


def _snake(key: str) -> str:
    """
    >>> _snake("colorScheme"), _snake("q1Field")
    ('color_scheme', 'q1_field')
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


_OTHERWISE = {"xField": "x_axis", "yField": "y_axis"}
CONFIG_NAMES: Mapping[str, str] = {
    _OTHERWISE.get(key, _snake(key)): key
    for config in (*CHART_CONFIGS.values(), *TILE_CONFIGS.values())
    for key in config.model_fields
    if _OTHERWISE.get(key, _snake(key)) != key
}
"""What each documented member of a `config` is called in `chart_config`. Every other member keeps its name."""
_EXCHANGED = {**CONFIG_NAMES, **{core: ours for ours, core in CONFIG_NAMES.items()}}
"""Names change places, so that a member that happens to be called as the other side would call it is kept apart."""

BESIDE = "data_source"
"""The member of `chart_config` that keeps what we do not know of a `data_source`."""
ONLY_TILES = (
    "detail_query",
    "drill_levels",
    "drilldown",
    "cross_filter_enabled",
    "crossFilterField",
    "crossFilterLabelField",
    "detailFields",
)
"""Members of `chart_config` that a `config` without them leaves as they are: they say what a click does."""
PLACED = ("datasource_id", "catalog", "schema", "cache_ttl_seconds")
SAID_OF_SQL = frozenset({"sql", *PLACED})
POSITION = {"x": "grid_x", "y": "grid_y", "width": "grid_w", "height": "grid_h"}


def dashboard_id_of(given: str) -> str:
    """Return the id of a dashboard; the prefix may be left out.

    >>> dashboard_id_of("dash-1"), dashboard_id_of("1")
    ('1', '1')
    """
    return given.removeprefix(DASHBOARD)


def widget_id_of(given: str) -> str:
    """Return the id of a tile; the prefix may be left out."""
    return given.removeprefix(WIDGET)


def widget_type_of(tile_type: str, chart_type: str | None) -> str:
    return _TYPES[tile_type, chart_type if tile_type == "chart" else None]


def exchanged(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a `config` as a `chart_config`, and a `chart_config` as a `config`: names change places.

    >>> exchanged({"x_axis": "region", "mine": 1}), exchanged({"xField": "region", "mine": 1})
    ({'xField': 'region', 'mine': 1}, {'x_axis': 'region', 'mine': 1})
    """
    return {_EXCHANGED.get(key, key): value for key, value in config.items()}


def config_of(tile: Tile, *, shows_sql: bool) -> dict[str, Any]:
    """Return the `config` of a widget, as its reader may see it."""
    config = dict(tile.chart_config)
    if _is_beside(config.get(BESIDE)):
        del config[BESIDE]
    if tile.tile_type == "text":
        config["content"] = tile.content
    if not shows_sql and config.get("detail_query"):
        config["detail_query"] = None
    return exchanged(config)


def source_of(tile: Tile, *, shows_sql: bool) -> dict[str, Any] | None:
    """Return the `data_source` of a widget, as its reader may see it; None for a text that has none."""
    kept = tile.chart_config.get(BESIDE)
    source: dict[str, Any] = {**kept} if isinstance(kept, dict) and _is_beside(kept) else {}
    source |= tile.metric_query or {}
    if tile.tile_type == "text":
        return source or None
    if tile.metric_query is None:
        source["sql"] = tile.query if shows_sql else None
    source["datasource_id"] = tile.datasource_id
    source |= {
        key: value
        for key, value in (("catalog", tile.catalog), ("schema", tile.schema_))
        if value is not None
    }
    source["cache_ttl_seconds"] = tile.cache_ttl_seconds
    return source


def position_of(tile: Tile) -> dict[str, int]:
    return {ours: getattr(tile, core) for ours, core in POSITION.items()}


def members_of(sent: Mapping[str, Any], before: Tile | None) -> dict[str, Any]:
    """Return the members of a tile that a widget's sent members say. before: the tile as it is; None: a new one.

    What only a tile can say stays. Raises BadRequest naming the widget's member.
    """
    said: dict[str, Any] = {}
    if "name" in sent or before is None:
        said["title"] = sent.get("name")
    if sent.get("widget_type") is not None or before is None:
        said["tile_type"], said["chart_type"] = _kinds(sent.get("widget_type"))
    if sent.get("page_id") is not None:
        said["page_id"] = sent["page_id"]
    position = sent.get("position") or {}
    said |= {core: position[ours] for ours, core in POSITION.items() if position.get(ours) is not None}
    tile_type = said.get("tile_type") or (before.tile_type if before else None)
    config = before.chart_config if before else {}
    if "config" in sent:
        config, content = _config(sent["config"] or {}, before, is_text=tile_type == "text")
        said |= {} if content is None else {"content": content}
    source, beside = _source(sent.get("data_source") or {}, config)
    if beside is not None:
        config = {**config, BESIDE: beside}
    if before is None or config != before.chart_config:
        said["chart_config"] = config
    return said | source


def shown_filter(stored: Mapping[str, Any], *, shows_sql: bool) -> dict[str, Any]:
    """Return a dashboard's filter as {field, operator, values} with whatever else it has."""
    kept = {key: value for key, value in stored.items() if key not in ("values", "default")}
    options = kept.get("options")
    if not shows_sql and isinstance(options, dict):
        kept["options"] = {**options, "query": None, "datasource_id": None}
    operator = stored.get("operator") or OPERATORS[stored.get("type") or "select"]
    return {**kept, "field": stored.get("field"), "operator": operator, "values": values_of(stored)}


def stored_filters_of(
    given: Sequence[Mapping[str, Any]], before: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the filters to store. One that was there, by its name or else its field, keeps what is not said."""
    known = [dict(one) for one in before]
    return [_stored_filter(one, known) for one in given]


@contextmanager
def in_our_words() -> Iterator[None]:
    """Say what is refused inside by the names that a widget's members have."""
    try:
        yield
    except TeselaError as error:
        error.sentence = our_words(error.sentence)
        error.args = (error.sentence, *error.args[1:])
        raise


def our_words(sentence: str) -> str:
    """Return a sentence about a tile as one about a widget.

    >>> our_words("grid_x + grid_w must be at most 12, the columns of the grid")
    'position.x + position.width must be at most 12, the columns of the grid'
    >>> our_words("chart_config.xField: Input should be a valid string")
    'config.x_axis: Input should be a valid string'
    """
    if sentence == "query is required" or sentence.startswith("query: "):
        sentence = f"data_source.sql{sentence.removeprefix('query')}"
    sentence = re.sub(
        r"chart_config\.(\w+)", lambda found: f"config.{_EXCHANGED.get(found[1], found[1])}", sentence
    )
    return _WORDS.sub(lambda found: _SAID[found[0]], sentence)


_SAID = {
    **{core: f"position.{ours}" for ours, core in POSITION.items()},
    "chart_config": "config",
    "cache_ttl_seconds": "data_source.cache_ttl_seconds",
    "datasource_id": "data_source.datasource_id",
    "tile_type": "widget_type",
    "Tile": "Widget",
    "tile": "widget",
    "tiles": "widgets",
    "title": "name",
}
_WORDS = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(_SAID, key=len, reverse=True))})(?![\w'])")


def _kinds(widget_type: str | None) -> tuple[str, str | None]:
    if widget_type is None or widget_type not in WIDGET_TYPES:
        said = "widget_type is required" if widget_type is None else "widget_type is not known"
        raise BadRequest(f"{said}: one of {', '.join(WIDGET_TYPES)}")
    return WIDGET_TYPES[widget_type]


def _config(
    sent: Mapping[str, Any], before: Tile | None, *, is_text: bool
) -> tuple[dict[str, Any], str | None]:
    """Return the `chart_config` that a sent `config` means, and a text's content where it says one."""
    config = exchanged(sent)
    content = None
    if _is_beside(config.get(BESIDE)):
        raise BadRequest("config.data_source: say data_source beside config, not in it")
    kept = before.chart_config if before else {}
    if is_text:
        content = config.pop("content", None)
        if content is not None and not isinstance(content, str):
            raise BadRequest("config.content must be text (Markdown)")
        if "content" in kept:
            config["content"] = kept["content"]
    for key in ONLY_TILES:
        if key in kept and key not in config:
            config[key] = kept[key]
    if _is_beside(kept.get(BESIDE)):
        config[BESIDE] = kept[BESIDE]
    return config, content


def _source(
    sent: Mapping[str, Any], config: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the tile's members that a sent `data_source` says, and what is to be kept beside them, if anything."""
    said = {key: sent[key] for key in PLACED if key in sent}
    for key in ("catalog", "schema"):
        if key in said and said[key] is not None and not isinstance(said[key], str):
            raise BadRequest(f"data_source.{key} must be text")
    metrics = sent.get("metrics")
    if metrics is not None:
        if sent.get("sql") is not None:
            raise BadRequest("data_source takes sql or metrics, not both")
        asked = MetricQuery.model_fields.keys() - SAID_OF_SQL
        query = {key: value for key, value in sent.items() if key in asked}
        said |= {"metric_query": query, "query": None}
        unknown = {key: value for key, value in sent.items() if key not in SAID_OF_SQL | asked}
    else:
        if sent.get("sql") is not None:
            said |= {"query": sent["sql"], "metric_query": None}
        unknown = {key: value for key, value in sent.items() if key not in SAID_OF_SQL and key != "metrics"}
    kept = config.get(BESIDE)
    if not unknown:
        return said, None
    if BESIDE in config and not _is_beside(kept):
        raise BadRequest(
            f"data_source.{min(unknown)[:100]}: the tile's chart_config has a member data_source of its own"
        )
    return said, {**(kept or {}), **unknown}


def _is_beside(value: Any) -> bool:
    """Return whether this is what `BESIDE` keeps: members that we do not know, at least one."""
    return isinstance(value, dict) and bool(value) and not (SAID_OF_SQL | {"metrics"}) & set(value)


def _stored_filter(given: Mapping[str, Any], known: list[dict[str, Any]]) -> dict[str, Any]:
    same = "name" if "name" in given else "field"
    found = next((one for one in known if one.get(same) == given.get(same) and given.get(same)), None)
    if found is None:
        return dict(given) if "name" not in given or "values" not in given else with_default(given)
    known.remove(found)
    shown = shown_filter(found, shows_sql=True)
    if all(key in shown and shown[key] == value for key, value in given.items()):
        return found
    said = {**found, **{key: value for key, value in given.items() if key != "values"}}
    values = given.get("values", shown["values"])
    has_other_operator = given.get("operator", shown["operator"]) != shown["operator"]
    if not has_other_operator and values == shown["values"]:
        return said
    if has_other_operator and said.get("type") == found.get("type"):
        said.pop("type", None)
    return _typed({**said, "values": values})


def _typed(given: dict[str, Any]) -> dict[str, Any]:
    """Return the filter with the default that its values are; of another type where they no longer fit the old."""
    fresh = with_default({key: value for key, value in given.items() if key != "type"})
    kind = given.get("type")
    is_ranged = {"date_range", "number_range"}
    if kind is None or kind == fresh["type"] or kind in is_ranged or fresh["type"] in is_ranged:
        return fresh
    return {**fresh, "type": kind}
