"""What a query names that a database does not have."""

from __future__ import annotations

import pytest

from tesela.model.catalog import Catalog, CatalogInfo, ColumnInfo, SchemaInfo, TableInfo
from tesela.sql.missing import missing_in


def table(name: str, *columns: str) -> TableInfo:
    return TableInfo(name=name, columns=tuple(ColumnInfo(name=column, type="TEXT") for column in columns))


CATALOG = Catalog(
    catalogs=(
        CatalogInfo(
            name="db",
            schemas=(
                SchemaInfo(
                    name="main",
                    tables=(table("sales", "region", "month", "revenue"), table("Costs", "region", "cost")),
                ),
                SchemaInfo(name="other", tables=(table("stock", "item"),)),
            ),
        ),
    ),
    default_catalog="db",
    default_schema="main",
)

NOTHING_MISSING = [
    "SELECT region, SUM(revenue) FROM sales GROUP BY ALL ORDER BY 2",
    "SELECT Region, COST FROM costs",
    "SELECT * FROM db.main.sales JOIN other.stock ON TRUE",
    "SELECT s.*, item FROM sales AS s, other.stock",
    "WITH t AS (SELECT region AS r, SUM(revenue) AS v FROM sales GROUP BY 1) SELECT t.r, v FROM t WHERE t.v > 1",
    "WITH sales AS (SELECT 1 AS x) SELECT x, sales.x FROM sales",
    "WITH t(a, b) AS (SELECT region, month FROM sales) SELECT a, b FROM t",
    "SELECT sub.total FROM (SELECT SUM(revenue) AS total FROM sales) AS sub",
    "SELECT region, SUM(revenue) AS total FROM sales GROUP BY 1 HAVING total > 3 ORDER BY total",
    "SELECT month FROM sales WHERE EXISTS (SELECT 1 FROM costs WHERE costs.region = sales.region)",
    "SELECT x FROM UNNEST([1, 2]) AS t(x), sales",
    "SELECT anything FROM read_something('x'), sales",
    "SELECT list_transform([1], y -> y + 1), region FROM sales",
    "SELECT current_date, rowid FROM sales",
    "SELECT row_number() OVER (PARTITION BY region ORDER BY month) FROM sales",
    "SELECT region FROM sales UNION ALL SELECT region FROM costs ORDER BY region",
    "SELECT region FROM sales WHERE month >= ${range.start} ${filters.where} GROUP BY region",
    "SELECT ${drill.field} AS dim, SUM(b.revenue) FROM (SELECT * FROM sales) AS b WHERE 1=1 ${drill.where} GROUP BY 1",
    "SELECT table_name FROM information_schema.tables",
    "SELECT 1",
    "SELECT nothing that can be read",
    "DROP TABLE sales",
]


@pytest.mark.parametrize("sql", NOTHING_MISSING)
def test_nothing_is_missing_where_all_is_there_or_nothing_can_be_told(sql: str) -> None:
    assert missing_in(sql, "duckdb", CATALOG) == []


@pytest.mark.parametrize(
    ("sql", "missing"),
    [
        ("SELECT amount FROM sales", ["column amount"]),
        ("SELECT * FROM gone", ["table gone"]),
        ("SELECT x FROM gone JOIN sales USING (region)", ["table gone"]),
        ("SELECT * FROM stock", ["table stock"]),
        ("SELECT * FROM other.sales", ["table other.sales"]),
        (
            "SELECT s.amount, c.cost, c.cents FROM sales s JOIN costs c USING (region)",
            ["column s.amount", "column c.cents"],
        ),
        ("SELECT region FROM sales WHERE region IN (SELECT area FROM costs)", ["column area"]),
        ("WITH t AS (SELECT amount FROM sales) SELECT amount FROM t", ["column amount"]),
        ("SELECT region FROM sales WHERE year >= ${range.start}", ["column year"]),
        ("SELECT a FROM gone UNION SELECT a FROM gone", ["table gone"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_once(sql: str, missing: list[str]) -> None:
    assert missing_in(sql, "duckdb", CATALOG) == [f"there is no {one}" for one in missing]


def test_a_tile_may_name_its_schema() -> None:
    assert missing_in("SELECT item FROM stock", "duckdb", CATALOG, schema="Other") == []
    assert missing_in("SELECT region FROM sales", "duckdb", CATALOG, schema="Other") == []


def test_a_sub_select_called_like_its_table_hides_no_column_of_it() -> None:
    sql = "SELECT region, twice FROM (SELECT *, amount * 2 AS twice FROM sales) AS sales"
    catalog = Catalog(
        catalogs=(
            CatalogInfo(
                name="db",
                schemas=(SchemaInfo(name="main", tables=(table("sales", "region", "amount"),)),),
            ),
        ),
        default_catalog="db",
        default_schema="main",
    )

    assert missing_in(sql, "duckdb", catalog) == []
