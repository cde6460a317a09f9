"""What no definition and no query may say, and values that try to become SQL."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from semantic.asked import FLIGHTS, FLOWN, compiled, definitions, rows
from tesela.errors import BadRequest, QueryRefused, TeselaError
from tesela.model.metric import read_definition, read_metric_query
from tesela.semantic.compiling import compile_metrics, trials
from tesela.sql.bind import compile_template

BASE: dict[str, Any] = {"name": "m", "datasource_id": "ds", "table": "t", "expression": "sum(a)"}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"expression": "a"}, "must aggregate rows"),
        ({"expression": "sum(a) + b"}, "b stands outside of an aggregate"),
        ({"expression": "sum(a) FROM t; DROP TABLE t"}, "not an expression|one expression"),
        ({"expression": "sum(a), sum(b)"}, "not an expression|one expression"),
        ({"expression": "sum(a) -- x\n, 1"}, "not an expression|one expression"),
        ({"expression": "(SELECT sum(x) FROM secrets)"}, "one expression"),
        ({"expression": "sum((SELECT max(x) FROM secrets))"}, "sub-queries"),
        ({"expression": "sum(a) OVER ()"}, "windows"),
        ({"expression": "sum(${user.id})"}, "placeholders have no place"),
        ({"expression": "sum(other.a)"}, "there is no join of that name"),
        ({"dimensions": [{"name": "d", "sql": "a + (SELECT 1)"}]}, "sub-queries"),
        ({"dimensions": [{"name": "d", "sql": "a) FROM x --"}]}, "not an expression"),
        ({"dimensions": [{"name": "d", "sql": "sum(a)"}]}, "must not aggregate"),
        ({"filters": [{"sql": "1 = 1; DROP TABLE t"}]}, "one expression|not an expression"),
        ({"table": None, "sql": "DELETE FROM t"}, "one SELECT"),
        ({"table": None, "sql": "SELECT 1; SELECT 2"}, "one SELECT"),
        ({"joins": [{"table": "u", "on": "1 = 1", "cardinality": "many_to_one"}]}, "must name a column of u"),
    ],
)
def test_a_definition_that_is_more_than_it_says_is_refused(changes: dict[str, Any], sentence: str) -> None:
    known = {"m": read_definition({**BASE, **changes})}

    with pytest.raises(QueryRefused, match=sentence):
        trials("m", known, "duckdb")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Robert'); DROP"}, "name: must be a name"),
        ({"expression": None}, "either expression or formula"),
        ({"formula": "{x}"}, "either expression or formula"),
        ({"sql": "SELECT 1"}, "either table or sql"),
        ({"datasource_id": None}, "needs datasource_id"),
        ({"type": "derived"}, "needs a formula"),
        ({"colour": "red"}, "colour: is not known"),
        ({"dimensions": [{"name": 'x" --'}]}, "dimensions.0.name"),
        ({"dimensions": [{"name": "a"}, {"name": "a"}]}, "a is there twice"),
        ({"joins": [{"table": "t", "on": "a = b", "cardinality": "one_to_one"}]}, "t is there twice"),
        ({"joins": [{"table": "u", "on": "a = b", "cardinality": "some"}]}, "cardinality"),
        ({"filters": [{"field": "a", "sql": "b"}]}, "either field"),
        ({"filters": [{"field": "a", "operator": "between", "values": [1]}]}, "takes 2 values"),
        ({"grains": ["decade"]}, "grains.0"),
    ],
)
def test_a_definition_out_of_shape_is_refused_by_its_member(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadRequest, match=sentence):
        read_definition({**BASE, **changes})


def test_formulas_that_name_each_other_in_a_circle_are_refused() -> None:
    known = definitions(
        {"name": "a", "type": "derived", "formula": "{b} + 1"},
        {"name": "b", "type": "derived", "formula": "{c} * 2"},
        {"name": "c", "type": "derived", "formula": "{a}"},
    )

    with pytest.raises(BadRequest, match="in a circle: a -> b -> c -> a"):
        trials("a", known, "duckdb")


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("{nothing} + 1", "there is no metric nothing"),
        ("{flown} + revenue", "revenue is no metric"),
        ("sum({flown})", "must not aggregate"),
        ("{flown} + (SELECT 1)", "sub-queries"),
        ("{flown}; DROP TABLE flights", "not an expression|one expression"),
        ("'{flown}'", "must name|inside quotes"),
        ("1 + 1", "must name metrics in braces"),
    ],
)
def test_a_formula_that_is_no_arithmetic_of_metrics_is_refused(formula: str, sentence: str) -> None:
    known = FLOWN | definitions({"name": "f", "type": "derived", "formula": formula})

    with pytest.raises(TeselaError, match=sentence):
        trials("f", known, "duckdb")


def test_formulas_that_double_at_each_step_are_stopped() -> None:
    steps = [
        {"name": f"s{n}", "type": "derived", "formula": f"{{s{n - 1}}} + {{s{n - 1}}}"} for n in range(1, 20)
    ]
    known = definitions({"name": "s0", "expression": "count(*)", **FLIGHTS}, *steps)

    with pytest.raises(QueryRefused, match="more than"):
        compile_metrics(read_metric_query({"metrics": ["s19"]}), known, "duckdb")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"metrics": []}, "metric_query.metrics"),
        ({"metrics": ["flown"], "dimensions": ["x"]}, "no dimension x"),
        ({"metrics": ["flown"], "time_grain": "decade"}, "metric_query.time_grain"),
        ({"metrics": ["flown"], "order_by": ["carrier"]}, "none of the columns flown"),
        ({"metrics": ["flown"], "filters": [{"field": "x", "values": [1]}]}, "no dimension x"),
        ({"metrics": ["flown"], "limit": 0}, "metric_query.limit"),
        ({"metrics": ["flown", "flown"]}, "flown is there twice"),
        ({"metrics": ["flown"], "sql": "SELECT 1"}, "metric_query.sql: is not known"),
        ({"metrics": ["unknown"]}, "there is no metric unknown"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why(query: dict[str, Any], sentence: str) -> None:
    with pytest.raises(TeselaError, match=sentence):
        compiled(query)


HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE t; --",
    "\\' OR 1=1 --",
    "\\",
    "$$x$$",
    "${filters.where}",
    "a${b",
    "?",
    "$1",
    "%s",
    ":name",
    "/* x */",
    "\n--\n",
    '"',
    "msr_ph0_",
    "Löwen & Cía <b>",
    "\u2028\u202e",
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "sqlite"])
def test_a_hostile_value_is_one_literal_and_nothing_else(value: str, dialect: str) -> None:
    known = definitions({**BASE, "dimensions": [{"name": "d"}]})
    query = {"metrics": ["m"], "filters": [{"field": "d", "operator": "eq", "values": [value]}]}

    template = compile_template(compiled(query, known, dialect), dialect)
    harmless = compile_template(
        compiled({**query, "filters": [{"field": "d", "values": ["x"]}]}, known, dialect), dialect
    )

    assert template.placeholders == ()
    assert [
        type(node) for node in template.tree.walk() if node.key in ("select", "table", "where", "eq")
    ] == [type(node) for node in harmless.tree.walk() if node.key in ("select", "table", "where", "eq")]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("operator", ["eq", "in", "contains", "starts_with"])
def test_a_hostile_value_finds_itself_and_only_itself(value: str, operator: str) -> None:
    known = definitions({**BASE, "expression": "count(*)", "dimensions": [{"name": "d"}]})
    query = {"metrics": ["m"], "filters": [{"field": "d", "operator": operator, "values": [value]}]}
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (d VARCHAR, a INTEGER)")
        connection.executemany("INSERT INTO t VALUES (?, 1)", [[value], ["plain"], [None]])

        assert rows(connection, query, known) == [(1,)]


@pytest.mark.parametrize("value", ["\x00", "x" * 10_001, 2**64, float("inf"), "\ud800"])
def test_a_value_that_no_database_carries_is_refused(value: Any) -> None:
    with pytest.raises(TeselaError):
        compiled({"metrics": ["flown"], "filters": [{"field": "carrier", "values": [value]}]})
