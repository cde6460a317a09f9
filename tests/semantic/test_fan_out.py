"""No join doubles what is summed up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from semantic.asked import compiled, definitions, plain, rows
from tesela.errors import QueryRefused
from tesela.model.interaction import Clause, FilterState, Interaction
from tesela.semantic.compiling import View

ORDERS: dict[str, Any] = {
    "datasource_id": "ds",
    "table": "orders",
    "dimensions": [
        {"name": "region"},
        {"name": "category", "join": "items"},
        {"name": "tag", "join": "tags"},
    ],
    "joins": [
        {"table": "items", "on": "items.order_id = orders.id", "cardinality": "one_to_many"},
        {"table": "tags", "on": "tags.order_id = orders.id", "cardinality": "one_to_many"},
    ],
}
KNOWN = definitions(
    {"name": "revenue", "expression": "sum(amount)", **ORDERS},
    {"name": "orders", "expression": "count(*)", **ORDERS},
    {"name": "units", "expression": "sum(items.units)", **ORDERS},
    {"name": "per_unit", "type": "ratio", "formula": "{revenue} / {units}"},
)


@pytest.fixture
def shop() -> Iterator[duckdb.DuckDBPyConnection]:
    """Three orders; the first with three items and two tags, the last with none."""
    connection = duckdb.connect(":memory:")
    connection.execute(
        """
        CREATE TABLE orders AS SELECT * FROM (VALUES
            (1, 'N', 100), (2, 'S', 100), (3, NULL, 7)) AS t(id, region, amount);
        CREATE TABLE items AS SELECT * FROM (VALUES
            (1, 'a', 1), (1, 'a', 2), (1, 'b', 3), (2, 'b', 4)) AS t(order_id, category, units);
        CREATE TABLE tags AS SELECT * FROM (VALUES (1, 'x'), (1, 'y'), (2, 'x')) AS t(order_id, tag);
        """
    )
    yield connection
    connection.close()


def test_a_sum_by_a_joined_column_counts_each_row_once_in_each_group(shop: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        shop, {"metrics": ["revenue", "orders"], "dimensions": ["category"], "order_by": ["category"]}, KNOWN
    )

    assert found == [("a", 100, 1), ("b", 200, 2), (None, 7, 1)]


def test_a_filter_on_a_joined_column_keeps_each_row_once(shop: duckdb.DuckDBPyConnection) -> None:
    wanted = {"field": "category", "operator": "in", "values": ["a", "b"]}

    found = rows(shop, {"metrics": ["revenue", "orders"], "filters": [wanted]}, KNOWN)

    assert found == [(200, 2)]


def test_a_condition_of_the_view_keeps_each_row_once(shop: duckdb.DuckDBPyConnection) -> None:
    state = FilterState((), (Clause("category", "in", ("a", "b")),))

    found = rows(
        shop,
        {"metrics": ["revenue"]},
        KNOWN,
        view=View(places=(("filter.c.where", ("category",)),)),
        interaction=Interaction(filters={"c": state}),
    )

    assert found == [(200,)]


def test_equal_amounts_of_different_rows_are_both_counted(shop: duckdb.DuckDBPyConnection) -> None:
    assert rows(shop, {"metrics": ["revenue"], "dimensions": ["tag"], "order_by": ["tag"]}, KNOWN) == [
        ("x", 200),
        ("y", 100),
        (None, 7),
    ]


def test_a_sum_over_the_joined_table_is_not_doubled_by_another_join(shop: duckdb.DuckDBPyConnection) -> None:
    assert rows(shop, {"metrics": ["units"], "dimensions": ["tag"], "order_by": ["tag"]}, KNOWN) == [
        ("x", 10),
        ("y", 6),
    ]
    assert rows(shop, {"metrics": ["units"]}, KNOWN) == plain(shop, "SELECT sum(units) FROM items")


def test_sums_of_both_sides_stand_side_by_side(shop: duckdb.DuckDBPyConnection) -> None:
    found = rows(shop, {"metrics": ["revenue", "units", "per_unit"], "dimensions": ["region"]}, KNOWN)

    assert found == [("N", 100, 6, 100 / 6), ("S", 100, 4, 25.0), (None, 7, None, None)]


def test_an_aggregate_over_two_tables_that_multiply_is_refused() -> None:
    known = definitions({"name": "odd", "expression": "sum(items.units * tags.weight)", **ORDERS})

    with pytest.raises(QueryRefused, match="multiplies rows of items and tags"):
        compiled({"metrics": ["odd"]}, known)
