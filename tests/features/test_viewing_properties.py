"""Nothing that a viewer sends can change the SQL: only the author's text, declared names and markers are in it."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from features.viewed import KnownTables, bound_tile
from tesela.errors import BadRequest, QueryRefused
from tesela.features.viewing import State
from tesela.model.statement import Statement
from tesela.sql.guard import guard

TABLES = KnownTables({"t": ("id", "name", "parent", "size"), "u": ("id", "name")})
FILTERS = [
    {"name": "one", "field": "name", "type": "select"},
    {"name": "many", "field": "name", "type": "multi_select"},
    {"name": "word", "field": "parent", "type": "text"},
    {"name": "sizes", "field": "size", "type": "number_range"},
]
LEVELS = {"drill_levels": [{"id_column": "parent"}, {"id_column": "name"}, {"id_column": "size"}]}
PLACED = (
    "SELECT id FROM t WHERE name = ${filter.one} AND name IN (${filter.many}) ${drill.where} ${cross.where} "
    "${filters.where}"
)
DETAIL = "SELECT * FROM t WHERE 1=1 ${detail.where} ${filters.where}"
GROUPED = "SELECT parent, count(*) AS n FROM t JOIN u ON u.id = t.id GROUP BY parent ORDER BY parent"
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text("'\"\\;-/*%_$?:{}()[] \n\r\0", max_size=20),
    st.sampled_from(
        ["'; DROP TABLE t; --", "${drill.where}", "$1", "?", "%s", ":x", "NULL", "1 OR 1=1", "\\'"]
    ),
)
SCALARS = st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
NULLABLE = st.one_of(SCALARS, st.none())


def bind(query: str, state: State, **more: Any) -> Statement | None:
    """Return the statement; None where the state is refused, which is an answer too."""
    try:
        found = asyncio.run(
            bound_tile(TABLES, "duckdb", query, state, filters=FILTERS, config=LEVELS, **more)
        )
    except (BadRequest, QueryRefused):
        return None
    return found.statement


def check(query: str, state: State, plain: State, values: list[Any], **more: Any) -> None:
    """Compare a state with one of the same shape and harmless values: the same text, the values apart."""
    statement, harmless = bind(query, state, **more), bind(query, plain, **more)
    assert harmless is not None
    if statement is None:
        return
    assert statement.text == harmless.text
    assert guard(statement.render(lambda number: f" v{number} "), "duckdb") == guard(
        harmless.render(lambda number: f" v{number} "), "duckdb"
    )
    assert [value for value in values if value is not None and value not in statement.values] == []


def steps(*values: Any) -> list[dict[str, Any]]:
    return [{"value": value} for value in values]


def click(*values: Any) -> dict[str, Any]:
    return {"source_tile_id": "clicked", "column": "name", "values": list(values)}


def not_empty(value: Any) -> bool:
    return value != ""


@settings(deadline=None, max_examples=150)
@given(SCALARS.filter(not_empty), st.lists(SCALARS, min_size=2, max_size=2), TEXTS.filter(not_empty))
def test_no_filter_value_changes_the_text(one: Any, many: list[Any], word: str):
    given_values = {"one": one, "many": many, "word": word}
    state = State(filter_values=given_values)
    plain = State(filter_values={"one": "a", "many": ["a", "b"], "word": "c"})

    for query in (PLACED, GROUPED):
        check(query, state, plain, [one, *many])


@settings(deadline=None, max_examples=150)
@given(SCALARS, SCALARS, st.lists(SCALARS, min_size=1, max_size=3))
def test_no_drill_step_and_no_click_changes_the_text(first: Any, second: Any, clicked: list[Any]):
    state = State(drill_path=steps(first, second), cross_filters=[click(*clicked)])
    plain = State(drill_path=steps("a", "b"), cross_filters=[click(*"xyz"[: len(clicked)])])

    for query in (PLACED, GROUPED):
        check(query, state, plain, [first, second, *clicked])


@settings(deadline=None, max_examples=150)
@given(NULLABLE, NULLABLE)
def test_no_dimension_changes_the_text(size: Any, step: Any):
    state = State(drill_path=steps(step), dimensions={"size": size})
    plain = State(
        drill_path=steps(None if step is None else "a"), dimensions={"size": None if size is None else "b"}
    )

    check(GROUPED, state, plain, [size, step], sql=DETAIL)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=30), st.sampled_from(["cross", "drill", "detail", "filter", "tile"]))
def test_no_name_from_a_request_gets_into_the_sql(name: str, where: str):
    declared = {"parent", "name", "size", "n"}
    states = {
        "cross": State(cross_filters=[{**click("a"), "column": name}]),
        "drill": State(drill_path=[{"id_column": name, "value": "a"}]),
        "detail": State(dimensions={name: "a"}),
        "filter": State(filter_values={name: "a"}),
        "tile": State(cross_filters=[{**click("a"), "source_tile_id": name}]),
    }
    if name.lower() in declared | {"id", "clicked", "one", "many", "word", "sizes", "date_range"}:
        return

    statement = bind(GROUPED, states[where], sql=DETAIL if where == "detail" else None)

    is_passed_over = where == "filter" or (where == "cross" and name)
    assert statement == (bind(GROUPED, State()) if is_passed_over else None)
