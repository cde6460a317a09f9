"""What no value and no name from a request can do: change the SQL. Seen on trees and on real databases."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql.cases_files import CASES, Case, read_cases
from tesela.errors import QueryRefused
from tesela.model.interaction import Clause, FilterState, Interaction
from tesela.model.statement import Scalar, Statement
from tesela.sql.bind import compile_template
from tesela.sql.clauses import checked, condition
from tesela.sql.quoting import quote

ATTACKS = json.loads((CASES / "attacks.json").read_text())
TEXTS: list[str] = ATTACKS["values"]
SQL = (
    "SELECT id FROM t WHERE name = ${drill.value} AND name IN (${filter.name}) ${drill.where} "
    "${filter.name.where} ${filters.where}"
)
SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40),
    st.sampled_from([text for text in TEXTS if text.isprintable()]),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
)


def with_value(value: Scalar) -> Interaction:
    return Interaction(
        drill_path=(Clause("name", "eq", (value,)),),
        filters={
            "name": FilterState((value, value), (Clause("name", "in", (value, value)),)),
            "other": FilterState((value,), (Clause("name", "neq", (value,)),)),
        },
    )


@settings(deadline=None)
@given(SCALARS)
def test_no_value_changes_the_text(value: Scalar):
    template = compile_template(SQL, "duckdb")

    statement = template.bind(with_value(value))

    assert statement.text == template.bind(with_value("x")).text
    assert statement.values == (value,) * 7


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40))
def test_no_name_leaves_its_quotes(name: str):
    connection = sqlite3.connect(":memory:")
    found = connection.execute(f"SELECT 1 AS {quote(name, 'sqlite')}").description
    connection.close()

    assert found[0][0] == name


def run_duckdb(statement: Statement) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS id, 'ES' AS name UNION ALL SELECT 2, 'a%b'")
        connection.execute("CREATE TABLE secret AS SELECT 'canary' AS s")
        rows = connection.execute(statement.render(lambda _: "?"), list(statement.values)).fetchall()
        assert connection.execute("SELECT s FROM secret").fetchall() == [("canary",)]
        return rows


def run_sqlite(statement: Statement) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE TABLE t (id INT, name TEXT); INSERT INTO t VALUES (1, 'ES'), (2, 'a%b');"
        "CREATE TABLE secret (s TEXT); INSERT INTO secret VALUES ('canary');"
    )
    rows = connection.execute(statement.render(lambda _: "?"), statement.values).fetchall()
    assert connection.execute("SELECT s FROM secret").fetchall() == [("canary",)]
    connection.close()
    return rows


RUNNERS = {"duckdb": run_duckdb, "sqlite": run_sqlite}


@pytest.mark.parametrize("dialect", RUNNERS)
@pytest.mark.parametrize("payload", [text for text in TEXTS if "\ud800" not in text and "\x00" not in text])
def test_a_hostile_value_is_data(payload: str, dialect: str):
    template = compile_template("SELECT id FROM t WHERE name = ${drill.value} ${drill.where}", dialect)

    rows = RUNNERS[dialect](template.bind(with_value(payload)))

    assert rows == []


@pytest.mark.parametrize("dialect", RUNNERS)
def test_an_honest_value_finds_its_rows(dialect: str):
    template = compile_template("SELECT id FROM t WHERE name IN (${filter.name}) ${drill.where}", dialect)

    assert RUNNERS[dialect](template.bind(with_value("ES"))) == [(1,)]
    assert RUNNERS[dialect](template.bind()) == [(1,), (2,)]


@pytest.mark.parametrize("dialect", RUNNERS)
@pytest.mark.parametrize(
    ("clause", "ids"),
    [
        (Clause("name", "eq", ("ES",)), [1]),
        (Clause("name", "neq", ("ES",)), [2]),
        (Clause("name", "neq", (None,)), [1, 2]),
        (Clause("name", "eq", (None,)), []),
        (Clause("name", "in", ("ES", None)), [1]),
        (Clause("name", "in", ()), []),
        (Clause("name", "not_in", ()), [1, 2]),
        (Clause("name", "not_in", ("ES", None)), [2]),
        (Clause("name", "not_in", ("ES",)), [2]),
        (Clause("name", "contains", ("%",)), [2]),
        (Clause("name", "contains", ("_",)), []),
        (Clause("name", "contains", ("!",)), []),
        (Clause("name", "starts_with", ("a%",)), [2]),
        (Clause("name", "starts_with", ("%",)), []),
        (Clause("id", "gt", (1,)), [2]),
        (Clause("id", "gte", (1,)), [1, 2]),
        (Clause("id", "lt", (2,)), [1]),
        (Clause("id", "lte", (2,)), [1, 2]),
        (Clause("id", "between", (2, 3)), [2]),
        (Clause("id", "between", (2, None)), [2]),
        (Clause("id", "between", (None, 1)), [1]),
        (Clause("id", "is_null"), []),
        (Clause("id", "not_null"), [1, 2]),
    ],
)
def test_each_operator_finds_its_rows(clause: Clause, ids: list[int], dialect: str):
    template = compile_template("SELECT id FROM t WHERE 1=1 ${drill.where} ORDER BY id", dialect)

    rows = RUNNERS[dialect](template.bind(Interaction(drill_path=(clause,))))

    assert [row[0] for row in rows] == ids


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), "a\x00b", "\ud800", "x" * 10_001, 2**64, {"a": 1}, ["a"], b"x", object()],
)
def test_a_value_that_cannot_be_bound_is_refused(value: Any):
    with pytest.raises(QueryRefused):
        checked(value)
    with pytest.raises(QueryRefused):
        compile_template(SQL, "duckdb").bind(with_value(value))


@pytest.mark.parametrize("structure", ATTACKS["structures"], ids=str)
def test_a_hostile_condition_is_refused_or_bound(structure: list[Any]):
    column, operator, values = structure
    operator = {"=": "eq"}.get(operator, operator)
    values = ["x"] * 1001 if values == "<<list of 1001 strings>>" else values
    clause = Clause(column, operator, tuple(values) if isinstance(values, list) else (values,))

    try:
        fragment = condition(clause, "duckdb")
    except QueryRefused:
        return

    assert fragment[0] == f'"{column}" = '
    assert len(fragment) == 2


BOUND = [case for case in read_cases("bind.sql") if case.values and case.dialect == "duckdb"]


@pytest.mark.parametrize("case", BOUND, ids=[case.title for case in BOUND])
def test_duckdb_takes_every_bound_statement(case: Case):
    statement = compile_template(case.given, case.dialect).bind(case.interaction)
    with duckdb.connect() as connection:
        found = connection.extract_statements(statement.render(lambda i: f"${i + 1}"))

    assert len(found) == 1
    assert found[0].named_parameters == {str(i + 1) for i in range(len(statement.values))}
