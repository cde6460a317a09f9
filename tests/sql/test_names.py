"""What result columns are called, and how a field finds its column."""

from __future__ import annotations

import pytest

from tesela.errors import QueryRefused
from tesela.model.interaction import Clause, Interaction
from tesela.sql.bind import compile_template
from tesela.sql.check import check_detail_sql, check_sql
from tesela.sql.names import resolve_field


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT region, SUM(revenue) FROM t GROUP BY 1", (None, "revenue")),
        ("SELECT revenue, SUM(revenue) FROM t GROUP BY 1", (None, "sum_revenue")),
        ("SELECT SUM(a) AS revenue, SUM(revenue) FROM t", (None, "sum_revenue")),
        ("SELECT SUM(revenue), AVG(revenue), SUM(revenue) FROM t", ("revenue", "avg_revenue", "sum_revenue")),
        ("SELECT SUM(a), SUM(a), SUM(a) FROM t", ("a", "sum_a", "sum_a_1")),
        ("SELECT SUM(t.Revenue) FROM t", ("Revenue",)),
        ('SELECT "REVENUE", sum(revenue) FROM t', (None, "sum_revenue")),
        ("SELECT SUM(revenue)::int, COUNT(DISTINCT carrier) FROM t", ("revenue", "carrier")),
        ("SELECT SUM(a) FILTER (WHERE b > 1), MAX(c) OVER (PARTITION BY d) FROM t", ("a", "c")),
        ("SELECT COUNT(*), SUM(a * b), ROUND(SUM(a)) FROM t", ()),
        ("SELECT a, b FROM t", ()),
        ("SELECT *, SUM(a) FROM t", ()),
        ("SELECT SUM(a) FROM t UNION ALL SELECT SUM(b) FROM u", ("a",)),
        ("WITH x AS (SELECT 1) SELECT MIN(a) FROM x", ("a",)),
        ("VALUES (1)", ()),
        ("SELECT MAX(${filter.a}) FROM t", ()),
    ],
)
def test_an_unaliased_aggregate_answers_under_its_column(sql: str, names: tuple[str | None, ...]):
    assert check_sql(sql, "duckdb").names == names


def test_a_drill_level_is_a_column_that_is_taken():
    template = compile_template(
        "SELECT ${drill.field}, SUM(a), COUNT(${drill.field}) FROM t GROUP BY 1", "duckdb"
    )

    statement = template.bind(Interaction(drill_levels=("a", "b")))
    deeper = template.bind(Interaction(drill_levels=("a", "b"), drill_path=(Clause("a", "eq", (1,)),)))

    assert statement.names == (None, "sum_a", "count_a")
    assert deeper.names == (None, "a", "count_b")


@pytest.mark.parametrize(
    ("field", "columns", "found"),
    [
        ("a", ["A", "a"], "a"),
        ("a", ["A"], "A"),
        ("sum_revenue", ["region", "revenue"], "revenue"),
        ("SUM_Revenue", ["region", "revenue"], "revenue"),
        ("revenue", ["region", "sum_revenue"], "sum_revenue"),
        ("revenue", ["avg_revenue", "sum_revenue"], "sum_revenue"),
        ("month", ["region"], None),
        ("sum_", [""], ""),
    ],
)
def test_a_field_finds_its_column(field: str, columns: list[str], found: str | None):
    assert resolve_field(field, columns) == found


def test_a_checked_query_tells_what_it_uses():
    checked = check_sql(
        "SELECT * FROM t WHERE a = ${filter.a} ${filter.b-2.where} ${filter.a.where}", "postgres"
    )

    assert checked.placeholders == ("filter.a", "filter.b-2.where", "filter.a.where")
    assert checked.filters == ("a", "b-2")


def test_a_detail_query_without_its_clause_is_refused():
    with pytest.raises(QueryRefused, match=r"detail_query must contain \$\{detail.where\}"):
        check_detail_sql("SELECT * FROM orders", "duckdb")
    assert check_detail_sql("SELECT * FROM orders WHERE 1=1 ${detail.where}", "duckdb").placeholders
