"""Drill by rewriting: what is written, and why not. That the answers are right is tests/http/test_shapes.py's."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest

from tesela.model.drill import Level
from tesela.model.interaction import Clause, FilterState, Interaction
from tesela.sql.bind import compile_template
from tesela.sql.rewrite import Drilled, drill, objection

TABLES = {
    "sales": ("id", "Region", "country", "region_name", "country_name", "product", "amt"),
    "products": ("id", "name"),
    "stores": ("id", "region", "country"),
    "twins": ("id", "region", "REGION", "country"),
}
TABLES |= {f"main.{name}": columns for name, columns in TABLES.items()}
PLAIN = (Level("region"), Level("country"))
LABELLED = (Level("region", "region_name"), Level("country", "country_name"), Level("product"))
NARROWED = "(SELECT * FROM sales WHERE 1=1 ${drill.where})"


def text(sql: str, levels: tuple[Level, ...] = PLAIN, depth: int = 1, dialect: str = "duckdb") -> str:
    found = drill(compile_template(sql, dialect), levels, depth, TABLES)
    return found.template.sql if isinstance(found, Drilled) else f"REFUSED {found}"


@pytest.mark.parametrize(
    ("sql", "drilled"),
    [
        (
            "SELECT region, sum(amt) FROM sales GROUP BY region ORDER BY region",
            f'SELECT sales."country" AS "Region", sum(amt) FROM {NARROWED} AS sales '
            'GROUP BY sales."country" ORDER BY region',
        ),
        (
            "select S.REGION r, sum(amt) from main.sales as S group by s.region order by s.region desc",
            'select S."country" r, sum(amt) from (SELECT * FROM main.sales WHERE 1=1 ${drill.where}) as S '
            'group by S."country" order by S."country" desc',
        ),
        (
            'SELECT "Region", count(*) FROM "sales" GROUP BY ALL',
            'SELECT "sales"."country" AS "Region", count(*) '
            'FROM (SELECT * FROM "sales" WHERE 1=1 ${drill.where}) AS "sales" GROUP BY ALL',
        ),
        (
            "SELECT region AS a, region b, count(*) FROM sales GROUP BY 1, 2",
            f'SELECT sales."country" AS a, sales."country" b, count(*) FROM {NARROWED} AS sales GROUP BY 1, 2',
        ),
        (
            "SELECT region, max(amt) AS country FROM sales GROUP BY region ORDER BY country",
            f'SELECT sales."country" AS "Region", max(amt) AS country FROM {NARROWED} AS sales '
            'GROUP BY sales."country" ORDER BY country',
        ),
        (
            "SELECT q.region, sum(q.amt) FROM (SELECT * FROM sales WHERE id = ${filter.id}) q GROUP BY q.region",
            'SELECT q."country" AS "Region", sum(q.amt) FROM (SELECT * FROM '
            "(SELECT * FROM sales WHERE id = ${filter.id}) AS q WHERE 1=1 ${drill.where}) q "
            'GROUP BY q."country"',
        ),
    ],
)
def test_the_column_of_the_level_takes_the_place_of_the_first(sql: str, drilled: str):
    assert text(sql) == drilled


def test_labels_go_along_and_the_deepest_level_without_one_shows_itself():
    sql = "SELECT region, region_name AS name, sum(amt) FROM sales GROUP BY region, region_name"
    start = f"FROM {NARROWED} AS sales GROUP BY"

    assert text(sql, LABELLED, 1) == (
        f'SELECT sales."country" AS "Region", sales."country_name" AS name, sum(amt) {start} '
        'sales."country", sales."country_name"'
    )
    assert text(sql, LABELLED, 2) == (
        f'SELECT sales."product" AS "Region", sales."product" AS name, sum(amt) {start} '
        'sales."product", sales."product"'
    )
    assert text(sql, LABELLED, 3) == text(sql, LABELLED, 2)


def test_a_single_level_is_narrowed_and_nothing_else():
    sql = "SELECT region, sum(amt) FROM sales GROUP BY 1"

    assert text(sql, PLAIN[:1]) == f"SELECT region, sum(amt) FROM {NARROWED} AS sales GROUP BY 1"


def test_the_path_is_bound_on_the_spelling_of_the_source():
    found = drill(compile_template("SELECT region FROM sales GROUP BY 1", "duckdb"), PLAIN, 1, TABLES)

    assert isinstance(found, Drilled)
    assert found.columns == ("Region", "country")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT region FROM sales", "does not group by region"),
        ("SELECT sum(amt) FROM sales GROUP BY region", "does not select region by itself"),
        ("SELECT region, sum(amt) FROM sales GROUP BY product", "does not group by region"),
        ("SELECT region AS product, sum(amt) FROM sales GROUP BY product", "does not group by region"),
        ("SELECT lower(region) AS region FROM sales GROUP BY 1", "does not select region by itself"),
        ("SELECT region, count(DISTINCT region) FROM sales GROUP BY 1", "inside an expression"),
        ("SELECT region, sum(amt) FROM sales GROUP BY 1 ORDER BY lower(region)", "inside an expression"),
        ("SELECT region, sum(amt) FROM sales GROUP BY 1 HAVING region > 'a'", "inside an expression"),
        (
            "SELECT region, sum(sum(amt)) OVER w FROM sales GROUP BY 1 WINDOW w AS (ORDER BY region)",
            "inside an expression",
        ),
        (
            "SELECT region, (SELECT max(id) FROM products p WHERE p.name = sales.region) FROM sales GROUP BY 1",
            "inside an expression",
        ),
        ("SELECT DISTINCT ON (region) region, amt FROM sales", "DISTINCT ON"),
        ("SELECT region FROM sales GROUP BY 1 UNION SELECT 'a'", "UNION"),
        ("VALUES ('a')", "no plain SELECT"),
        ("SELECT region FROM stores JOIN sales USING (region) GROUP BY 1", "several tables"),
        ("SELECT region FROM stores a JOIN sales b ON a.id = b.id GROUP BY 1", "several tables"),
        ("SELECT a.region, b.region FROM stores a, sales b GROUP BY 1, 2", "several tables"),
        ("SELECT region FROM unheard_of GROUP BY 1", "are not known"),
        ("SELECT region FROM unnest([1]) AS t(region) GROUP BY 1", "are not known"),
        ("SELECT region FROM sales TABLESAMPLE 10% GROUP BY 1", "sampled"),
        ("SELECT region FROM sales USING SAMPLE 10% GROUP BY 1", "is not rewritten"),
        ("SELECT region FROM sales POSITIONAL JOIN products GROUP BY 1", "by position"),
        ("SELECT region FROM sales NATURAL JOIN products GROUP BY 1", "by position"),
        ("SELECT s.region FROM products p ASOF JOIN sales s ON p.id >= s.id GROUP BY 1", "may be empty"),
        ("SELECT s.region FROM products p FULL JOIN sales s USING (id) GROUP BY 1", "may be empty"),
        ("SELECT s.region FROM sales s RIGHT JOIN products p ON p.id = s.id GROUP BY 1", "may be empty"),
        ("SELECT region FROM (SELECT region, country FROM sales) GROUP BY 1", "has no name"),
        ("SELECT x.region FROM sales AS x(id, region) GROUP BY 1", "are not known"),
        ("SELECT region, rowid FROM sales GROUP BY ALL", "row ids"),
        ("SELECT region, country, sum(amt) FROM sales GROUP BY ROLLUP (region, country)", "with subtotals"),
        ("SELECT region, COLUMNS('a.*') FROM sales GROUP BY ALL", "is not rewritten"),
        (
            "SELECT region, s FROM (SELECT region, sum(amt) s FROM sales GROUP BY 1) q WHERE region <> 'x'",
            "condition",
        ),
        (
            "SELECT region, sum(n) FROM (SELECT region, product, sum(amt) n FROM sales GROUP BY 1, 2 LIMIT 9) q "
            "GROUP BY 1",
            "has a limit",
        ),
        (
            "WITH a AS (SELECT region FROM sales GROUP BY 1) SELECT a.region FROM a, a AS b",
            "read more than once",
        ),
        ("SELECT region FROM products GROUP BY 1", "has no column region"),
        ("SELECT region AS r, sum(amt) FROM sales WHERE r = 'N' GROUP BY 1", "alias of region"),
        ("SELECT region AS r, sum(amt) FROM sales GROUP BY 1 HAVING r = 'N'", "inside an expression"),
        ("SELECT region AS r, r || '!' AS x FROM sales GROUP BY 1", "inside an expression"),
        (
            "WITH x(region, n) AS (SELECT product, sum(amt) FROM sales GROUP BY 1) SELECT region, n FROM x",
            "other names",
        ),
        ('SELECT "REGION", count(*) FROM twins GROUP BY 1', "only in case"),
    ],
)
def test_what_may_not_be_right_is_not_rewritten(sql: str, why: str):
    found = text(sql)

    assert found.startswith("REFUSED "), found
    assert why in found
    assert found.endswith("; write ${drill.field} and ${drill.where} into its SQL")


def test_a_label_in_an_expression_or_beside_the_grouping_is_refused():
    start = "REFUSED region_name stands inside"
    assert text("SELECT region, max(region_name) FROM sales GROUP BY 1", LABELLED).startswith(start)
    assert "does not group by region_name" in text(
        "SELECT region, region_name FROM sales GROUP BY 1", LABELLED, dialect="sqlite"
    )


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT region, sum(amt) FROM a JOIN b USING (id) GROUP BY 1", None),
        ("SELECT region, sum(amt) FROM anything GROUP BY 1", None),
        ("WITH x AS (SELECT * FROM anything) SELECT region FROM x GROUP BY 1", None),
        ("SELECT region FROM t WHERE 1=1 ${drill.where}", None),
        ("SELECT sum(amt) FROM anything", "does not select region by itself"),
        ("SELECT region, amt FROM anything", "does not group by region"),
    ],
)
def test_without_the_database_only_what_the_text_tells_is_said(sql: str, said: str | None):
    found = objection(compile_template(sql, "duckdb"), PLAIN)

    assert (found is None) if said is None else (found is not None and said in found)


def test_postgresql_keeps_the_case_of_quoted_names():
    tables = {"sales": ("Region", "Country", "amt")}
    levels = (Level("Region"), Level("Country"))
    template = compile_template('SELECT "Region", sum(amt) FROM sales GROUP BY "Region"', "postgres")

    found = drill(template, levels, 1, tables)

    assert isinstance(found, Drilled)
    assert found.template.sql == (
        f'SELECT sales."Country" AS "Region", sum(amt) FROM {NARROWED} AS sales GROUP BY sales."Country"'
    )


def test_sqlite_and_duckdb_take_what_is_written():
    template_sql = (
        "SELECT region, count(*) AS n FROM sales WHERE product IN (${filter.p}) GROUP BY region ORDER BY n, 1"
    )
    rows = [("N", "SE", 1), ("N", "SE", 2), ("N", "NO", 1), ("S", "ES", 1)]
    interaction = Interaction(
        drill_path=(Clause("region", "eq", ("N",)),), filters={"p": FilterState((1, 2))}
    )
    create = "CREATE TABLE sales (region TEXT, country TEXT, product INT)"
    tables = {"sales": ("region", "country", "product")}
    answers = []
    for dialect in ("sqlite", "duckdb"):
        found = drill(compile_template(template_sql, dialect), PLAIN, 1, tables)
        assert isinstance(found, Drilled)
        statement = found.template.bind(interaction)
        database = sqlite3.connect(":memory:") if dialect == "sqlite" else duckdb.connect()
        database.execute(create)
        database.executemany("INSERT INTO sales VALUES (?, ?, ?)", rows)
        cursor = database.execute(statement.render(lambda _: "?"), list(statement.values))
        answers.append(([column[0] for column in cursor.description], cursor.fetchall()))
        database.close()

    assert answers == [(["region", "n"], [("NO", 1), ("SE", 2)])] * 2
