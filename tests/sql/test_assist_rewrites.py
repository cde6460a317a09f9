"""Detail, drill and comparison: what is written runs and brings the right rows; what is not certain is refused."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from bench.analytics import rewrites

from tesela.sql.assist.audit import audit
from tesela.sql.assist.comparison import comparison
from tesela.sql.assist.detail import detail
from tesela.sql.assist.drill import drill
from tesela.sql.assist.levels import Profile, levels
from tesela.sql.bind import compile_template
from tesela.sql.spots import NotRewritten

DOCUMENT: dict[str, Any] = json.loads(rewrites.CASES.read_text())
SCHEMA: dict[str, list[str]] = DOCUMENT["schema"]
RANGE = "o.order_date >= ${range.start} AND o.order_date < ${range.end}"
JOINED = "FROM orders o JOIN stores s ON s.store_id = o.store_id WHERE " + RANGE


@pytest.fixture(scope="module")
def con() -> duckdb.DuckDBPyConnection:
    return rewrites.database(DOCUMENT)


def run(con: duckdb.DuckDBPyConnection, sql: str, **replaced: str) -> list[dict[str, Any]]:
    compile_template(sql, "duckdb")
    texts = {
        **DOCUMENT["placeholders"],
        "${detail.where}": "",
        "${drill.where}": "",
        "${drill.field}": "city",
    }
    texts |= {"${" + name.replace("__", ".") + "}": text for name, text in replaced.items()}
    for placeholder, text in texts.items():
        sql = sql.replace(placeholder, text)
    cursor = con.execute(sql)
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def one(con: duckdb.DuckDBPyConnection, sql: str) -> Any:
    return next(iter(run(con, sql)[0].values()))


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=lambda case: case["id"])
@pytest.mark.parametrize("kind", ["detail", "comparison", "drill", "cross_filter"])
def test_the_public_cases_come_out_as_a_person_wrote_them(
    con: duckdb.DuckDBPyConnection, case: dict[str, Any], kind: str
) -> None:
    assert rewrites.problems(con, DOCUMENT, case, kind) == []


DETAILED = {
    "a month": "SELECT date_trunc('month', o.order_date) AS month, SUM(o.amount) FROM orders o "
    f"WHERE {RANGE} GROUP BY 1",
    "a case": f"SELECT CASE WHEN o.amount > 300 THEN 'big' ELSE 'small' END AS size, COUNT(*) AS n "
    f"FROM orders o WHERE {RANGE} GROUP BY 1",
    "a rank around it": "SELECT region, total, RANK() OVER (ORDER BY total DESC) AS place FROM "
    f"(SELECT s.region, SUM(o.amount) AS total {JOINED} GROUP BY s.region) t WHERE total > 100",
    "two levels": "SELECT country, AVG(total) AS mean FROM "
    f"(SELECT s.country, s.store_id, SUM(o.amount) AS total {JOINED} GROUP BY 1, 2) t GROUP BY country",
    "a rollup": f"SELECT s.country, s.region, SUM(o.amount) AS total {JOINED} GROUP BY ROLLUP (s.country, s.region)",
    "a comma join": f"SELECT s.city, SUM(o.amount) FROM orders o, stores s WHERE s.store_id = o.store_id AND {RANGE} "
    "GROUP BY s.city HAVING COUNT(*) > 3 LIMIT 2",
    "distinct": f"SELECT DISTINCT s.region, s.city {JOINED}",
    "its rows": f"SELECT o.order_id, s.city, o.amount {JOINED} ORDER BY o.amount DESC LIMIT 10",
}


@pytest.mark.parametrize("name", DETAILED)
def test_a_detail_holds_the_rows_of_the_period(con: duckdb.DuckDBPyConnection, name: str) -> None:
    made = detail(DETAILED[name], "duckdb", SCHEMA)

    rows = run(con, made.sql)
    plain = run(con, f"SELECT o.order_id {JOINED}")

    assert sorted(row["order_id"] for row in rows) == sorted(row["order_id"] for row in plain)
    assert made.sql.endswith("LIMIT 5000")


def test_a_detail_finds_a_computed_dimension_by_its_name(con: duckdb.DuckDBPyConnection) -> None:
    made = detail(DETAILED["a case"], "duckdb", SCHEMA)

    rows = run(con, made.sql, detail__where="AND size = 'big'")

    assert rows
    assert all(row["amount"] > 300 for row in rows)


def test_a_detail_of_a_union_holds_the_rows_of_both_parts(con: duckdb.DuckDBPyConnection) -> None:
    both = (
        f"SELECT 'store' AS channel, SUM(o.amount) AS total FROM orders o WHERE {RANGE} UNION ALL "
        f"SELECT 'online', SUM(o.amount) FROM online_orders o WHERE {RANGE}"
    )

    rows = run(con, detail(both, "duckdb", SCHEMA).sql, detail__where="AND channel = 'online'")

    assert len(rows) == one(con, f"SELECT COUNT(*) FROM online_orders o WHERE {RANGE}")
    assert list(rows[0]) == ["channel", "order_id", "order_date", "customer_id", "product_id", "amount"]


def test_a_rank_is_computed_over_the_level_below(con: duckdb.DuckDBPyConnection) -> None:
    made = drill(DETAILED["a rank around it"].replace(" WHERE total > 100", ""), "duckdb", SCHEMA)

    rows = run(con, made.written.sql, drill__where="AND region = 'Centro'")

    assert [(row["region"], row["place"]) for row in sorted(rows, key=lambda row: row["place"])] == [
        ("Madrid", 1),
        ("Toledo", 2),
    ]


def test_a_share_of_the_level_adds_up_to_all_of_it(con: duckdb.DuckDBPyConnection) -> None:
    share = (
        f"SELECT s.region, 100.0 * SUM(o.amount) / SUM(SUM(o.amount)) OVER () AS share {JOINED} GROUP BY 1"
    )

    rows = run(con, drill(share, "duckdb", SCHEMA).written.sql, drill__where="AND region = 'Centro'")

    assert sum(row["share"] for row in rows) == pytest.approx(100)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT DISTINCT region FROM stores", "no metric"),
        (
            "WITH m AS (SELECT date_trunc('month', o.order_date) AS month, SUM(o.amount) AS t FROM orders o "
            f"WHERE {RANGE} GROUP BY 1) SELECT month, SUM(t) OVER (ORDER BY month) AS c FROM m",
            "window along the groups",
        ),
        (DETAILED["two levels"], "counts on store_id"),
        (
            "SELECT a.x, SUM(b.y) AS s FROM nowhere a JOIN elsewhere b USING (id) GROUP BY 1",
            "columns of its tables",
        ),
        (
            "SELECT region, COUNT(*) FROM stores GROUP BY 1 UNION ALL SELECT 'all', COUNT(*) FROM stores",
            "UNION",
        ),
        ("SELECT ${drill.field} AS d, COUNT(*) AS n FROM stores GROUP BY 1", "drill already"),
        (
            "SELECT s.region, SUM(t.total) FROM (SELECT store_id, SUM(amount) AS total FROM orders GROUP BY 1) t "
            "JOIN stores s USING (store_id) GROUP BY 1",
            "joins queries that group",
        ),
    ],
)
def test_a_drill_that_is_not_certain_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(NotRewritten, match=reason):
        drill(sql, "duckdb", SCHEMA)


def test_the_period_before_is_matched_step_by_step(con: duckdb.DuckDBPyConnection) -> None:
    monthly = (
        "SELECT date_trunc('month', o.order_date) AS month, SUM(o.amount) AS total FROM orders o "
        f"WHERE {RANGE} GROUP BY 1 ORDER BY 1"
    )
    rows = run(con, comparison(monthly, "duckdb", SCHEMA).sql)
    before = run(con, monthly, range__start="DATE '2025-01-01'", range__end="DATE '2025-04-01'")

    assert [str(row["month"])[:7] for row in rows] == ["2025-04", "2025-05", "2025-06"]
    assert [row["total_prev"] for row in rows] == pytest.approx([row["total"] for row in before])


def test_a_month_that_is_missing_shifts_no_other(con: duckdb.DuckDBPyConnection) -> None:
    monthly = (
        "SELECT date_trunc('month', o.order_date) AS month, COUNT(*) AS n FROM orders o "
        f"WHERE {RANGE} AND EXTRACT(MONTH FROM o.order_date) <> 1 GROUP BY 1 ORDER BY 1"
    )

    rows = run(con, comparison(monthly, "duckdb", SCHEMA).sql)

    assert rows[0]["n_prev"] is None
    assert rows[1]["n_prev"] == one(
        con, "SELECT COUNT(*) FROM orders WHERE order_date >= '2025-02-01' AND order_date < '2025-03-01'"
    )


@pytest.mark.parametrize(
    "end", ["BETWEEN ${range.start} AND ${range.end}", ">= ${range.start} AND o.order_date <= ${range.end}"]
)
def test_the_end_of_the_period_before_is_excluded(con: duckdb.DuckDBPyConnection, end: str) -> None:
    main = f"SELECT COUNT(*) AS n FROM orders o WHERE o.order_date {end}"

    found = run(con, comparison(main, "duckdb", SCHEMA).sql)[0]

    assert found["n_prev"] == one(
        con, "SELECT COUNT(*) FROM orders WHERE order_date >= '2025-01-01' AND order_date < '2025-04-01'"
    )
    assert found["n"] == one(
        con, "SELECT COUNT(*) FROM orders WHERE order_date BETWEEN '2025-04-01' AND '2025-07-01'"
    )


def test_what_chooses_among_groups_does_not_choose_among_those_before(con: duckdb.DuckDBPyConnection) -> None:
    best = "SELECT region, total FROM (SELECT region, total, RANK() OVER (ORDER BY total DESC) AS place FROM "
    best += f"(SELECT s.region, SUM(o.amount) AS total {JOINED} GROUP BY s.region) t) u WHERE place = 3"

    rows = run(con, comparison(best, "duckdb", SCHEMA).sql)

    assert len(rows) == 1
    assert rows[0]["total_prev"] is not None


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT status, SUM(amount) AS a FROM orders GROUP BY 1",
            r"no \$\{range.start\}.*orders.order_date",
        ),
        (f"SELECT o.order_id FROM orders o WHERE {RANGE}", "no metric"),
        (f"SELECT SUM(o.amount) AS a, SUM(o.qty) AS a_prev FROM orders o WHERE {RANGE}", "a_prev already"),
        (f"SELECT SUM(o.amount) AS a FROM orders o WHERE {RANGE} GROUP BY o.status", "does not show it"),
    ],
)
def test_a_comparison_that_is_not_certain_is_refused(sql: str, reason: str) -> None:
    with pytest.raises(NotRewritten, match=reason):
        comparison(sql, "duckdb", SCHEMA)


@pytest.mark.parametrize(
    ("sql", "codes"),
    [
        ("SELECT region, COUNT(*) AS n FROM stores GROUP BY 1", []),
        ("SELECT region AS r, COUNT(*) AS n FROM stores GROUP BY 1", ["alias"]),
        ("SELECT upper(region) AS r, COUNT(*) AS n FROM stores GROUP BY 1", ["computed"]),
        ("SELECT main.stores.region, COUNT(*) AS n FROM main.stores GROUP BY 1", ["schema_qualified"]),
        (
            "SELECT DISTINCT c.name FROM customers c JOIN products p ON p.product_id = c.customer_id LIMIT 3",
            ["ambiguous", "limit", "distinct"],
        ),
        ("SELECT region FROM stores UNION SELECT category FROM products", ["set_operation"]),
        (
            "SELECT region, n, SUM(n) OVER () AS a FROM "
            "(SELECT region, COUNT(*) AS n FROM stores GROUP BY 1 HAVING COUNT(*) > 1) t",
            ["having", "window", "nested"],
        ),
    ],
)
def test_the_audit_names_what_surprises(sql: str, codes: list[str]) -> None:
    found = audit(sql, "duckdb", {**SCHEMA, **{f"main.{name}": columns for name, columns in SCHEMA.items()}})

    assert [warning.split(":")[0] for warning in found] == codes


def test_levels_are_true_hierarchies_only() -> None:
    places = [
        ("ES", "Centro", "Madrid", "a"),
        ("ES", "Centro", "Toledo", "b"),
        ("ES", "Sur", "Cadiz", "a"),
        ("FR", "Nord", "Lille", "b"),
        ("FR", "Sud", "Nice", "a"),
    ]
    profile = Profile("stores", ("country", "region", "city", "grade"), places)

    assert levels("region", [profile], profile.columns) == ["country", "region", "city"]
    assert levels("grade", [profile], ["grade", "city"]) == ["grade", "city"]
    assert levels("region", [profile], ["region"]) == ["region"]
