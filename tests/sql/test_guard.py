"""The guard against text that chokes parsers, that is read in two ways, or that is simply long."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql.cases_files import CASES
from tesela.errors import QueryRefused
from tesela.sql.bind import compile_template
from tesela.sql.guard import guard

DIALECTS = ("duckdb", "sqlite", "postgres", "mysql", "clickhouse", "trino", "spark", "snowflake")

DEEP = {
    "parentheses": "SELECT " + "(" * 40_000 + "1" + ")" * 40_000,
    "nots": "SELECT " + "NOT " * 20_000 + "1",
    "minuses": "SELECT " + "- " * 40_000 + "1",
    "cases": "SELECT " + "CASE WHEN " * 5_000 + "1" + " THEN 1 END" * 5_000,
    "subqueries": "SELECT * FROM " + "(SELECT * FROM " * 4_000 + "t" + ")" * 4_000,
    "subscripts": "SELECT a" + "[1]" * 20_000,
    "casts": "SELECT 1" + "::int" * 10_000,
    "froms": "FROM " * 10_000 + "t",
    "intervals": "SELECT " + "INTERVAL " * 10_000 + "1",
    "types": "SELECT " + "date(" * 60 + "1" + ")" * 60,
    "structs": "SELECT " + "struct(" * 60 + "1" + ")" * 60,
    "decimals": "SELECT 1::" + "decimal(" * 60 + "1" + ")" * 60,
    "words": "SELECT " + "a," * 30_000 + "a",
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.timeout(30)
def test_sql_that_would_choke_the_parser_is_refused(kind: str, dialect: str):
    with pytest.raises(QueryRefused):
        guard(DEEP[kind], dialect)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("sqlite", "select 1 /* /* */ , load_extension('x') -- */ */"),
        ("postgres", "select 1 -- x\r, pg_read_file('x')"),
        ("sqlite", "select 1 -- x\r, 2"),
        ("mysql", "select 1 /*M! , load_file('x') */"),
        ("mysql", "select 1 /*!99999 , load_file('x') */"),
        ("postgres", "select U&'\\0061'"),
        ("postgres", 'select u&"pg_\\0072ead_file"(1)'),
        ("mysql", "select /*+ SET_VAR(max_execution_time=0) */ 1"),
    ],
)
def test_text_that_a_database_reads_in_another_way_is_refused(dialect: str, sql: str):
    with pytest.raises(QueryRefused):
        guard(sql, dialect)


@pytest.mark.parametrize(
    ("dialect", "sql"),
    [
        ("duckdb", "select * from duckdb_settings()"),
        ("duckdb", "select * from duckdb_databases"),
        ("duckdb", "select * from pragma_database_list"),
        ("duckdb", "select * from 'data.parquet'"),
        ("duckdb", "select * from read_text('x'), t"),
        ("duckdb", "select ('x').read_text()"),
        ("duckdb", "select * from x.csv"),
        ("duckdb", "select * from 'https://example.org/x.parquet'"),
        ("duckdb", "select current_setting('temp_directory')"),
        ("duckdb", "with a as (insert into t values (1) returning *) select * from a"),
        ("duckdb", "select * from (describe t)"),
        ("postgres", "select * from rows from (pg_ls_dir('.'))"),
        ("postgres", "select current_setting('data_directory')"),
        ("postgres", "select * from pg_stat_activity"),
        ("postgres", "select * from pg_catalog.pg_shadow"),
        ("postgres", "select query_to_xml('delete from t', true, true, '')"),
        ("postgres", "select pg_sleep(100)"),
        ("sqlite", "select load_extension('x')"),
        ("sqlite", "select * from pragma_database_list"),
        ("clickhouse", "select 1 settings max_execution_time = 0"),
        ("clickhouse", "select {p:String}"),
        ("sqlite", "select $a"),
        ("sqlite", "select @a"),
        ("postgres", "select %s"),
        ("postgres", "select %(a)s"),
        ("duckdb", "select $a"),
        ("duckdb", "select 1; select 2"),
        ("duckdb", ";"),
        ("duckdb", "select 'a"),
        ("duckdb", "select \x00"),
        ("duckdb", "select '\ud800'"),
        ("duckdb", "select '" + "x" * 100_000 + "'"),
        ("duckdb", " \n-- nothing"),
    ],
)
def test_what_does_not_only_read_is_refused(dialect: str, sql: str):
    with pytest.raises(QueryRefused):
        guard(sql, dialect)


@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("SELECT a\nFROM t\nWHERE b = = 1", 3, 11),
        ("SELECT a,\n  read_text('x')", 2, 3),
        ("SELEC a", 1, 1),
        ("SELECT a\nFROM t WHERE b = $1", 2, 18),
        ("SELECT 'é', ?", 1, 13),
    ],
)
def test_a_refusal_knows_its_line_and_column(sql: str, line: int, column: int):
    with pytest.raises(QueryRefused) as refusal:
        guard(sql, "duckdb")

    assert (refusal.value.line, refusal.value.column) == (line, column)


WORDS = (CASES / "words.txt").read_text().split()


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30), st.sampled_from(DIALECTS))
@settings(max_examples=400, deadline=None)
def test_any_heap_of_words_is_read_or_refused(words: list[str], dialect: str):
    for sql in (" ".join(words), "SELECT " + " ".join(words), "SELECT a FROM t WHERE " + "".join(words)):
        try:
            template = compile_template(sql, dialect)
        except QueryRefused:
            continue
        assert template.placeholders == tuple(dict.fromkeys(template.placeholders))
