"""Every query of the demo runs on the real data, answers what its tile draws, and says true things."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from tesela.demo import dashboards, data
from tesela.model.dashboard import ChartType, Document, Tile, TileType
from tesela.model.drill import levels_of
from tesela.model.filter import OptionQuery, read_filters
from tesela.model.interaction import NO_INTERACTION, Clause, Interaction, TimeRange
from tesela.sql.bind import compile_template
from tesela.sql.check import check_detail_sql, check_sql

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
QUARTER = TimeRange(dt.date(2013, 10, 1), dt.date(2014, 1, 1), dt.date(2013, 7, 1), dt.date(2013, 10, 1))
"""What the filter `period` of the first dashboard opens with, and the quarter before it."""
DOCUMENTS = {
    slug: dashboards.document(slug, namespace=uuid.UUID(int=1), datasource_id="ds", now=NOW)
    for slug in dashboards.SLUGS
}
ASKING = [
    pytest.param(tile, id=f"{slug}: {tile.title}")
    for slug, document in DOCUMENTS.items()
    for tile in document.tiles
    if tile.query
]


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demo's tables."""
    folder: Path = tmp_path_factory.mktemp("flights")
    connection = duckdb.connect(":memory:", config={"threads": "2"})
    for table in data.tables(folder):
        connection.execute(f"CREATE TABLE {table.name} AS {table.select()}")
    yield connection
    connection.close()


def rows_of(
    connection: duckdb.DuckDBPyConnection, sql: str, interaction: Interaction = NO_INTERACTION
) -> list[dict[str, Any]]:
    statement = compile_template(sql, "duckdb").bind(interaction)
    cursor = connection.cursor()
    cursor.execute("?".join(statement.text), statement.values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def as_it_opens(tile: Tile) -> Interaction:
    """Return what the tile's placeholders stand for before anyone chose anything."""
    levels = tuple(level.id_column for level in levels_of(tile.chart_config))
    return Interaction(drill_levels=levels, range=QUARTER)


def fields_of(config: dict[str, Any]) -> set[str]:
    """Return the columns that a chart_config names."""
    found: set[str] = set()
    for key, value in config.items():
        if key.endswith(("Field", "Fields")):
            found |= {value} if isinstance(value, str) else set(value)
    return found | {column["field"] for column in config.get("columns", ())}


@pytest.mark.parametrize("tile", ASKING)
def test_a_query_answers_the_columns_that_its_tile_draws(
    flights: duckdb.DuckDBPyConnection, tile: Tile
) -> None:
    rows = rows_of(flights, tile.query or "", as_it_opens(tile))

    assert rows
    assert fields_of(tile.chart_config) <= rows[0].keys()
    assert len(rows) <= 1_000


@pytest.mark.parametrize("tile", ASKING)
def test_a_query_passes_the_check_that_saving_a_tile_makes(tile: Tile) -> None:
    check_sql(tile.query or "", "duckdb")
    if detail := tile.chart_config.get("detail_query"):
        check_detail_sql(detail, "duckdb")


@pytest.mark.parametrize("tile", ASKING)
def test_the_columns_that_a_click_names_are_columns_of_the_rows_behind_it(
    flights: duckdb.DuckDBPyConnection, tile: Tile
) -> None:
    detail = tile.chart_config.get("detail_query")
    if not detail:
        assert "detailFields" not in tile.chart_config
        return
    levels = [level.id_column for level in levels_of(tile.chart_config)]
    named = tile.chart_config.get("detailFields") or levels or sorted(dimensions_of(tile))
    shown = rows_of(flights, tile.query or "", as_it_opens(tile))[0]
    clicked = tuple(Clause(name, "eq", (shown[name],)) for name in named if name in shown)

    assert clicked
    assert rows_of(flights, detail, Interaction(detail=clicked))


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_filters_and_clicks_name_columns_of_the_tables(
    flights: duckdb.DuckDBPyConnection, document: Document
) -> None:
    known = {
        name for (name,) in flights.cursor().execute("SELECT column_name FROM duckdb_columns()").fetchall()
    }
    filters = read_filters(document.filters)
    clicks = {tile.chart_config["crossFilterField"] for tile in document.tiles if clicks_by_code(tile)}
    options = [one.options.query for one in filters if isinstance(one.options, OptionQuery)]

    assert {one.field for one in filters} | clicks <= known
    assert [rows_of(flights, query)[0].keys() >= {"carrier", "airline"} for query in options] == [True]


def test_the_dashboards_use_filters_drill_detail_cross_filters_and_comparison() -> None:
    configs = [tile.chart_config for document in DOCUMENTS.values() for tile in document.tiles]
    kinds = {one["type"] for document in DOCUMENTS.values() for one in document.filters}

    assert {"date_range", "multi_select", "number_range"} <= kinds
    assert all(document.filters for document in DOCUMENTS.values())
    for member in ("drill_levels", "detail_query", "cross_filter_enabled", "comparisonField"):
        assert any(config.get(member) for config in configs), member


def clicks_by_code(tile: Tile) -> bool:
    return "crossFilterField" in tile.chart_config


def dimensions_of(tile: Tile) -> set[str]:
    """Return the columns that tell a mark of the chart from the others."""
    wanted = {"xField", "seriesField", "nameField", "categoryField"}
    if tile.chart_type == "heatmap":
        wanted |= {"yField"}
    return {value for key, value in tile.chart_config.items() if key in wanted}


def test_every_kind_of_tile_and_chart_is_there() -> None:
    tiles = [tile for document in DOCUMENTS.values() for tile in document.tiles]

    assert {tile.chart_type for tile in tiles if tile.chart_type} == set(get_args(ChartType))
    assert {tile.tile_type for tile in tiles} == set(get_args(TileType))


def test_every_query_and_text_file_is_used() -> None:
    used = set()
    for slug in dashboards.SLUGS:
        definition = json.loads((dashboards.folder() / f"{slug}.json").read_text(encoding="utf-8"))
        used |= {f"{slug}.json"}
        for page in definition["pages"]:
            for tile in page["tiles"]:
                used.add(f"{tile['sql']}.sql" if "sql" in tile else f"{tile['content']}.md")
                used |= {f"{tile['detail_sql']}.sql"} if "detail_sql" in tile else set()
        used |= {f"{one['options_sql']}.sql" for one in definition["filters"] if "options_sql" in one}

    assert {file.name for file in dashboards.folder().iterdir()} == used


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_tiles_fill_the_grid_without_touching_each_other(document: Document) -> None:
    taken: set[tuple[str, int, int]] = set()
    for tile in document.tiles:
        cells = {
            (tile.page_id, x, y)
            for x in range(tile.grid_x, tile.grid_x + tile.grid_w)
            for y in range(tile.grid_y, tile.grid_y + tile.grid_h)
        }
        assert tile.grid_x + tile.grid_w <= 12
        assert not taken & cells
        taken |= cells

    for page in document.pages:
        rows = 1 + max(y for page_id, _, y in taken if page_id == page.id)
        assert sum(1 for cell in taken if cell[0] == page.id) == rows * 12


def test_making_a_document_twice_makes_the_same() -> None:
    again = dashboards.document("year", namespace=uuid.UUID(int=1), datasource_id="ds", now=NOW)

    assert again == DOCUMENTS["year"]


FACTS = [
    ("SELECT count(*) FROM flights", 336_776),
    ("SELECT count(*) FROM flights WHERE dep_time IS NULL", 8_255),
    ("SELECT count(DISTINCT dest) FROM flights", 105),
    ("SELECT count(DISTINCT carrier) FROM flights", 16),
    ("SELECT count(*) FROM airlines", 16),
    ("SELECT count(*) FROM airports", 1_458),
    ("SELECT count(*) FROM planes", 3_322),
    ("SELECT min(year) || ' to ' || max(year) FROM planes", "1956 to 2013"),
    ("SELECT count(*) FROM weather", 26_115),
    ("SELECT count(DISTINCT date) FROM flights", 365),
    ("SELECT count(*) FROM flights JOIN planes USING (tailnum)", 284_170),
    ("SELECT count(*) FROM flights WHERE carrier IN ('UA', 'EV', 'B6', 'DL')", 215_583),
    ("SELECT round(avg(dep_delay), 1) FROM flights WHERE hour = 6", 1.6),
    ("SELECT round(avg(dep_delay), 1) FROM flights WHERE hour = 19", 24.8),
    ("SELECT median(dep_delay) <= 0 FROM flights WHERE hour = 12", True),
    ("SELECT round(avg(dep_delay), 1) FROM flights WHERE carrier = 'EV'", 20.0),
    ("SELECT round(avg(dep_delay), 1) FROM flights WHERE carrier = 'US'", 3.8),
    ("SELECT round(avg(dep_delay)) FROM flights WHERE date = '2013-03-08'", 84.0),
    (
        "SELECT count(*) FROM flights WHERE date IN ('2013-02-08', '2013-02-09') AND dep_time IS NULL",
        865,
    ),
    (
        "SELECT round(avg(dep_delay)) FROM flights JOIN weather USING (origin, time_hour) WHERE visib >= 10",
        11.0,
    ),
    (
        "SELECT round(avg(dep_delay)) FROM flights JOIN weather USING (origin, time_hour) WHERE visib < 1",
        30.0,
    ),
]
"""The numbers that titles and texts say."""


@pytest.mark.parametrize(("sql", "answer"), FACTS, ids=[sql for sql, _ in FACTS])
def test_the_texts_say_true_numbers(
    flights: duckdb.DuckDBPyConnection, sql: str, answer: float | str | bool
) -> None:
    found = flights.cursor().execute(sql).fetchone()

    assert found == (answer,)
