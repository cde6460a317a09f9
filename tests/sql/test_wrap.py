"""A condition round a whole query: only where nothing is known of its source, and only where it is right."""

from __future__ import annotations

import duckdb
import pytest

from tesela.model.interaction import Clause
from tesela.model.statement import Statement
from tesela.sql.bind import compile_template
from tesela.sql.wrap import wrap

BY_KIND = (Clause("Kind", "in", ("a", "x'y")),)
MADE = "(VALUES ('a', 1), ('a', 2), ('b', 3), ('x''y', 4)) AS made(kind, n)"
KNOWN = {"sales": ("kind", "n")}


@pytest.mark.parametrize(
    ("sql", "truth"),
    [
        (f"SELECT kind, n FROM {MADE} ORDER BY n DESC", [("x'y", 4), ("a", 2), ("a", 1)]),
        (f"SELECT kind, sum(n) FROM {MADE} GROUP BY kind ORDER BY 2; -- all", [("a", 3), ("x'y", 4)]),
        (f"SELECT DISTINCT kind FROM {MADE} WHERE n > 1 ORDER BY kind", [("a",), ("x'y",)]),
        (f"SELECT KIND, sum(n) AS s FROM {MADE} GROUP BY 1 HAVING sum(n) > 3 ORDER BY s", [("x'y", 4)]),
    ],
)
def test_a_query_over_what_is_not_known_is_wrapped(sql: str, truth: list[tuple[object, ...]]):
    statement = compile_template(sql, "duckdb").bind()

    wrapped = wrap(statement, "duckdb", KNOWN, BY_KIND)

    assert (wrapped.applied, wrapped.ignored) == (BY_KIND, ())
    with duckdb.connect() as database:
        found = database.execute(wrapped.statement.render(lambda _: "?"), list(wrapped.statement.values))
        assert found.fetchall() == truth


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT kind, n FROM {MADE} ORDER BY n LIMIT 2",
        f"SELECT kind, n FROM {MADE} ORDER BY n * 2",
        f"SELECT kind, sum(n) OVER () FROM {MADE}",
        f"SELECT DISTINCT ON (kind) kind, n FROM {MADE}",
        f"SELECT kind, sum(n) FROM {MADE} GROUP BY ROLLUP (kind)",
        f"SELECT kind, sum(n), (SELECT 1) FROM {MADE} GROUP BY 1",
        f"SELECT upper(kind) AS kind FROM {MADE}",
        f"SELECT n AS kind FROM {MADE}",
        f"SELECT kind AS k FROM {MADE}",
        f"SELECT sum(n) FROM {MADE}",
        f"SELECT * FROM {MADE}",
        f"SELECT kind, kind FROM {MADE}",
        f"SELECT any_value(kind) AS kind FROM {MADE}",
        f"SELECT kind FROM {MADE} JOIN sales USING (n)",
        f"WITH x AS (SELECT 1) SELECT kind FROM {MADE}",
        f"SELECT kind FROM {MADE} UNION ALL SELECT 'b'",
        "SELECT kind, n FROM sales",
        "SELECT kind FROM (SELECT kind FROM sales LIMIT 1) AS q",
        f"SELECT kind FROM {MADE} USING SAMPLE 10%",
    ],
)
def test_anything_else_is_left_as_it_is_and_said(sql: str):
    statement = Statement((sql,))

    wrapped = wrap(statement, "duckdb", KNOWN, BY_KIND)

    assert (wrapped.statement, wrapped.applied, wrapped.ignored) == (statement, (), BY_KIND)


def test_values_and_names_and_place_stay():
    statement = Statement(
        ("SELECT kind, sum(n) FROM unheard_of WHERE n > ", " GROUP BY kind ORDER BY kind"),
        (1,),
        (None, "n"),
        "c",
        "s",
    )

    wrapped = wrap(statement, "postgres", KNOWN, (Clause("kind", "eq", (None,)), Clause("size", "eq", (1,))))

    assert wrapped.statement == Statement(
        (
            "SELECT * FROM (SELECT kind, sum(n) FROM unheard_of WHERE n > ",
            ' GROUP BY kind ) AS filtered WHERE "kind" IS NULL ORDER BY kind',
        ),
        (1,),
        (None, "n"),
        "c",
        "s",
    )
    assert wrapped.ignored == (Clause("size", "eq", (1,)),)
