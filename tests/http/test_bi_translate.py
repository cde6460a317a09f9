"""A widget and its tile say the same: nothing is lost on the way there and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

import make
from tesela.errors import BadRequest
from tesela.features.tiles import checked_fields
from tesela.http.bi.translate import (
    BESIDE,
    CONFIG_NAMES,
    ONLY_TILES,
    WIDGET_TYPES,
    config_of,
    exchanged,
    members_of,
    our_words,
    position_of,
    shown_filter,
    source_of,
    stored_filters_of,
    widget_type_of,
)
from tesela.model.charts import CHART_CONFIGS, TILE_CONFIGS
from tesela.model.dashboard import Tile
from tesela.model.filter import stored_filters

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
WORDS = [*CONFIG_NAMES, *CONFIG_NAMES.values(), *ONLY_TILES, BESIDE, "content", "mine"]
KEYS = some.sampled_from(WORDS) | some.text(max_size=8)
CONFIGS = some.dictionaries(KEYS, JSON, max_size=6)
EXTRAS = some.dictionaries(some.text(max_size=8), JSON, max_size=3)


def after(said: dict[str, Any], before: Tile) -> Tile:
    """Return the tile with the members changed, as a document takes them, whatever their values mean."""
    known = {("schema_" if key == "schema" else key): value for key, value in said.items()}
    return before.model_copy(update=known)


def as_widget(tile: Tile) -> dict[str, Any]:
    """Return all that a widget's answer says and a request may send."""
    return {
        "name": tile.title,
        "widget_type": widget_type_of(tile.tile_type, tile.chart_type),
        "page_id": tile.page_id,
        "position": position_of(tile),
        "data_source": source_of(tile, shows_sql=True),
        "config": config_of(tile, shows_sql=True),
    }


@given(CONFIGS)
def test_names_that_change_places_come_back(config: dict[str, Any]) -> None:
    assert exchanged(exchanged(config)) == config
    assert len(exchanged(config)) == len(config)


@given(CONFIGS, some.sampled_from(sorted(WIDGET_TYPES)))
def test_a_tile_sent_back_as_the_widget_that_it_is_stays_what_it_was(
    config: dict[str, Any], widget_type: str
) -> None:
    tile_type, chart_type = WIDGET_TYPES[widget_type]
    is_text = tile_type == "text"
    tile = make.tile(
        None if is_text else make.new_id(),
        tile_type=tile_type,
        chart_type=chart_type,
        chart_config=config,
        query=None if is_text else "SELECT 1",
        content="# Hello" if is_text else None,
        catalog="c",
        cache_ttl_seconds=60,
    )

    said = members_of(as_widget(tile), tile)

    assert after(said, tile) == tile


@given(CONFIGS, EXTRAS, some.sampled_from(sorted(WIDGET_TYPES)))
def test_a_widget_comes_back_as_it_was_sent(
    config: dict[str, Any], extras: dict[str, Any], widget_type: str
) -> None:
    source = {**extras, "sql": "SELECT 1", "datasource_id": make.new_id(), "cache_ttl_seconds": 5}
    source.pop("metrics", None)
    source = {key: value for key, value in source.items() if key not in ("catalog", "schema")}
    sent = {"name": "W", "widget_type": widget_type, "config": config, "data_source": source}
    is_text = widget_type == "text"
    if is_text:
        config["content"] = "# Hello"

    try:
        said = members_of(sent, None)
    except BadRequest as refused:
        assert "data_source" in refused.sentence  # noqa: PT017  (one of two answers, both are good)
        return
    blank = make.tile(None, chart_config={}, schema=None, query=None)
    tile = after(said, blank)

    assert config_of(tile, shows_sql=True) == config
    shown = source_of(tile, shows_sql=True)
    assert {**(shown or {}), **({"sql": "SELECT 1"} if is_text else {})}.items() >= extras_of(source).items()
    assert is_text or shown == source
    assert widget_type_of(tile.tile_type, tile.chart_type) == widget_type


def extras_of(source: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in source.items() if key not in ("datasource_id", "cache_ttl_seconds")}


@pytest.mark.parametrize("kind", [*CHART_CONFIGS, *TILE_CONFIGS])
def test_every_documented_member_has_a_name_in_small_letters(kind: str) -> None:
    fields = (CHART_CONFIGS | TILE_CONFIGS)[kind].model_fields

    named = exchanged(dict.fromkeys(fields, 1))

    assert [name for name in named if name != name.lower()] == []
    assert exchanged(named) == dict.fromkeys(fields, 1)


def test_every_kind_of_tile_has_one_widget_type() -> None:
    kinds = {("chart", kind) for kind in CHART_CONFIGS} | {(kind, None) for kind in TILE_CONFIGS}

    assert set(WIDGET_TYPES.values()) == kinds
    assert len(WIDGET_TYPES) == len(kinds)
    assert all(WIDGET_TYPES[widget_type_of(*kind)] == kind for kind in kinds)


def test_a_config_without_them_leaves_what_a_click_does() -> None:
    clicks = {
        "detail_query": "SELECT 1 WHERE 1=1 ${detail.where}",
        "drill_levels": [{"id_column": "a"}],
        "drilldown": {"levels": [{"field": "a", "label": "A"}]},
        "cross_filter_enabled": True,
        "crossFilterField": "a",
        "crossFilterLabelField": "b",
        "detailFields": ["a"],
        BESIDE: {"kept": [1]},
    }
    tile = make.tile(make.new_id(), chart_config={"xField": "old", "gone": 1, **clicks})

    said = members_of({"config": {"x_axis": "new"}}, tile)

    assert said == {"chart_config": {"xField": "new", **clicks}}


def test_null_takes_away_what_a_click_does() -> None:
    tile = make.tile(make.new_id(), chart_config={"drill_levels": [{"id_column": "a"}]})

    said = members_of({"config": {"drill_levels": None}}, tile)

    assert said["chart_config"] == {"drill_levels": None}


def test_metrics_are_carried_as_they_are_asked() -> None:
    asked = {
        "metrics": ["revenue"],
        "dimensions": ["region"],
        "time_grain": "month",
        "filters": [{"field": "region", "operator": "in", "values": ["EU"]}],
        "order_by": [{"field": "revenue", "direction": "desc"}],
        "limit": 10,
        "compare": "previous_year",
    }
    source = {**asked, "of another version": {"a": 1}, "cache_ttl_seconds": 60}
    sent = {"name": "M", "widget_type": "bar_chart", "data_source": source}

    fields = checked_fields(members_of(sent, None), None)

    assert fields["metric_query"] == asked
    assert (fields["query"], fields["cache_ttl_seconds"]) == (None, 60)
    tile = make.tile(None).model_copy(update=fields)
    assert source_of(tile, shows_sql=False) == {**source, "datasource_id": None}
    assert members_of({"data_source": {"sql": "SELECT 1"}}, tile) == {
        "query": "SELECT 1",
        "metric_query": None,
    }


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "W"}, "widget_type is required"),
        ({"name": "W", "widget_type": "cube"}, "widget_type is not known"),
        ({"widget_type": "table", "data_source": {"sql": "SELECT 1", "metrics": ["m"]}}, "sql or metrics"),
        ({"widget_type": "text", "config": {"content": 5}}, "config.content"),
        ({"widget_type": "bar_chart", "config": {"data_source": {"a": 1}}}, "config.data_source"),
    ],
)
def test_what_makes_no_widget_is_refused(sent: dict[str, Any], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        members_of(sent, None)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Tile not found or access denied", "Widget not found or access denied"),
        ("query is required", "data_source.sql is required"),
        ("query: Only one statement may be run", "data_source.sql: Only one statement may be run"),
        ("cache_ttl_seconds must be between 0 and 604800, or null", None),
        ("filters: the tile 'tile' says ${filter.x}; change the tile first", None),
        ("Dashboard not found or access denied", "Dashboard not found or access denied"),
    ],
)
def test_a_sentence_says_a_widgets_words(ours: str, theirs: str | None) -> None:
    said = our_words(ours)

    assert said == (theirs or said)
    assert "grid_" not in said
    assert "chart_config" not in said


FILTERS: list[dict[str, Any]] = [
    {
        "name": "period",
        "label": "Period",
        "field": "day",
        "type": "date_range",
        "default": {"relative": "last_30_days"},
    },
    {"name": "who", "type": "text", "label": "Who"},
    {"name": "size", "field": "n", "type": "number_range", "default": {"min": 1, "max": 5}, "of mine": [1]},
    {
        "name": "kind",
        "field": "kind",
        "type": "multi_select",
        "options": ["a", "b"],
        "targets": ["t"],
        "default": ["a"],
    },
    {"name": "one", "field": "one", "default": "x", "values": "an unknown member"},
    {"name": "gone", "field": "gone", "type": "boolean", "operator": "is_null", "default": True},
]


def test_filters_sent_back_as_they_were_shown_stay_what_they_were() -> None:
    shown = [shown_filter(one, shows_sql=True) for one in FILTERS]

    assert stored_filters_of(shown, FILTERS) == FILTERS


def test_the_contracts_filters_come_back_with_what_they_said() -> None:
    sent = [{"field": "region", "operator": "in", "values": ["US", "EU"], "of mine": 1}]

    stored = stored_filters(stored_filters_of(sent, []))

    assert shown_filter(stored[0], shows_sql=True).items() >= sent[0].items()
    assert list(stored_filters(stored_filters_of(sent, stored))) == list(stored)


def test_a_changed_filter_keeps_what_only_the_other_side_says() -> None:
    sent = [{"field": "kind", "operator": "in", "values": ["b"]}]

    stored = stored_filters_of(sent, FILTERS)

    assert stored == [{**FILTERS[3], "operator": "in", "default": ["b"]}]


def test_another_operator_makes_it_a_filter_of_another_type() -> None:
    sent = [{"field": "kind", "operator": "contains", "values": ["b"]}]

    stored = stored_filters_of(sent, FILTERS)

    assert stored == [{**FILTERS[3], "operator": "contains", "default": "b", "type": "text"}]
