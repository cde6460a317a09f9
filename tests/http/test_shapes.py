"""Drill and cross-filters over queries of many shapes: each answer is what a hand-written query brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from live import Person
from servers import PostgresServer
from sql.interactions import LEVELS, PATHS, TABLES, Shape, read_shapes

SHAPES = list(read_shapes())
CONFIG = {"cross_filter_enabled": True, "drill_levels": [{"id_column": level} for level in LEVELS]}
FILTERS = [{"name": "products", "field": "product", "type": "multi_select"}]
TYPES = {"id": "INT", "product": "INT", "amt": "INT", "goal": "INT", "sale": "INT", "day": "DATE"}


@dataclass
class Shop:
    """A datasource with the tables of the shop, and a dashboard over it whose tile `source` is clicked."""

    owner: Person
    kind: str
    datasource: str
    dashboard: str
    source: str

    @property
    def url(self) -> str:
        return f"/api/dashboards/{self.dashboard}"

    def tile(self, query: str, **config: Any) -> dict[str, Any]:
        return self.owner.new_tile(
            self.dashboard,
            title="T",
            tile_type="table",
            datasource_id=self.datasource,
            query=query,
            chart_config=CONFIG | config,
        )

    def by_hand(self, sql: str) -> Any:
        answer = self.owner.post(f"/api/datasources/{self.datasource}/query", json={"sql": sql})
        assert answer.status_code == 200, (sql, answer.text)
        return answer.json()["rows"]

    def drill(self, tile_id: str, path: tuple[str | None, ...], **state: Any) -> Any:
        steps = [
            {"level": number, "id_column": LEVELS[number], "value": value}
            for number, value in enumerate(path)
        ]
        return self.owner.post(f"{self.url}/tiles/{tile_id}/drill", json={"drill_path": steps, **state})

    def data(self, tile_id: str, **state: Any) -> Any:
        answer = self.owner.post(f"{self.url}/data", json={"tile_ids": [tile_id], **state})
        assert answer.status_code == 200, answer.text
        return answer.json()["tiles"][0]


@pytest.fixture(scope="module", params=["duckdb", "postgresql"])
def shop(request: pytest.FixtureRequest, owner: Person) -> Iterator[Shop]:
    if request.param == "duckdb":
        yield made_shop(owner, "duckdb", uploaded(owner))
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    url = postgres.new_database()
    fill(url)
    config = {
        "host": "127.0.0.1",
        "port": postgres.port,
        "database": url.rpartition("/")[2],
        "user": "tester",
        "sslmode": "disable",
    }
    body = {
        "name": "Shop in PostgreSQL",
        "type": "postgresql",
        "config": config,
        "secrets": {"password": "-"},
    }
    answer = owner.post("/api/datasources", json=body)
    assert answer.status_code == 201, answer.text
    yield made_shop(owner, "postgresql", answer.json()["id"])
    postgres.drop_database(url)


def uploaded(owner: Person) -> str:
    found = ""
    for name, content in TABLES.items():
        where = {"datasource_id": found} if found else {"name": "Shop"}
        found = owner.upload(f"{name}.csv", content.encode(), table=name, **where)["datasource_id"]
    return found


def fill(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for name, content in TABLES.items():
            header, *rows = content.strip().split("\n")
            columns = ", ".join(f"{column} {TYPES.get(column, 'TEXT')}" for column in header.split(","))
            connection.execute(f"CREATE TABLE {name} ({columns})".encode())
            for row in rows:
                values = [value or None for value in row.split(",")]
                marks = ", ".join(["%s"] * len(values))
                connection.execute(f"INSERT INTO {name} VALUES ({marks})".encode(), values)


def made_shop(owner: Person, kind: str, datasource: str) -> Shop:
    made = owner.new_dashboard(name=f"Shapes on {kind}", filters=FILTERS)
    shop = Shop(owner, kind, datasource, made["id"], "")
    shop.source = shop.tile("SELECT region, sum(amt) AS total FROM sales GROUP BY 1", xField="region")["id"]
    return shop


@pytest.mark.postgres
@pytest.mark.parametrize("shape", SHAPES, ids=[shape.title for shape in SHAPES])
def test_a_click_and_a_drill_bring_what_a_person_would_ask_for(shape: Shape, shop: Shop) -> None:
    if shape.only not in ("", shop.kind):
        return
    tile = shop.tile(shape.query)
    click = {"source_tile_id": shop.source, "column": "region", "operator": "in", "values": ["North"]}

    crossed = shop.data(tile["id"], cross_filters=[click])
    top = shop.drill(tile["id"], ())
    steps = {path: shop.drill(tile["id"], path) for path in PATHS}

    assert crossed["error"] is None
    assert crossed["filters_ignored"] == []
    assert crossed["data"]["rows"] == shop.by_hand(shape.cross)
    assert top.json()["error"] is None
    if shape.refused:
        assert {answer.status_code for answer in steps.values()} == {400}
        assert {shape.refused in answer.json()["detail"] for answer in steps.values()} == {True}
        return
    assert tile["warnings"] == []
    for path, answer in steps.items():
        assert answer.status_code == 200, (path, answer.text)
        assert answer.json()["error"] is None, path
        assert answer.json()["data"]["columns"] == top.json()["data"]["columns"]
        assert answer.json()["data"]["rows"] == shop.by_hand(shape.drilled(path)), path
