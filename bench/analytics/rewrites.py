"""How many rewrites are right: `python -m bench.analytics.rewrites`.

Each main query of rewrite_cases.json is rewritten by the rules and run in DuckDB over invented rows; the rows must
be those that a person wrote down.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tesela.sql.assist.audit import audit
from tesela.sql.assist.comparison import comparison
from tesela.sql.assist.detail import detail
from tesela.sql.assist.drill import drill
from tesela.sql.assist.levels import Profile, levels
from tesela.sql.spots import NotRewritten

CASES = Path(__file__).with_name("rewrite_cases.json")
DIALECT = "duckdb"


def database(document: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Return a database with the invented rows."""
    found = duckdb.connect(":memory:")
    for statement in document["fixture"]:
        found.execute(statement)
    return found


def profiles_of(con: duckdb.DuckDBPyConnection) -> list[Profile]:
    """Return what the text columns of every table hold."""
    columns = "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'VARCHAR'"
    by_table: dict[str, list[str]] = {}
    for table, column in con.execute(columns).fetchall():
        by_table.setdefault(table, []).append(column)
    found = []
    for table, names in by_table.items():
        rows = con.execute(f"SELECT DISTINCT {', '.join(names)} FROM {table}").fetchall()
        found.append(Profile(table, tuple(names), rows))
    return found


def answer(kind: str, main: str, schema: dict[str, list[str]], hierarchy: list[str]) -> dict[str, Any]:
    """Return what the rules make of a main query, as `generate-sql` would answer."""
    del hierarchy
    document = json.loads(CASES.read_text())
    try:
        if kind == "detail":
            return {"sql": detail(main, DIALECT, schema).sql}
        if kind == "comparison":
            return {"sql": comparison(main, DIALECT, schema).sql}
        if kind == "cross_filter":
            return {"sql": main, "warnings": audit(main, DIALECT, schema)}
        made = drill(main, DIALECT, schema)
        chain = levels(made.top, profiles_of(database(document)), made.columns)
        return {
            "sql": made.written.sql,
            "suggested_levels": [{"field": name, "label": name} for name in chain],
        }
    except NotRewritten as reason:
        return {"sql": "", "warnings": [str(reason)]}


def problems(
    con: duckdb.DuckDBPyConnection, document: dict[str, Any], case: dict[str, Any], kind: str
) -> list[str]:
    """Return what is wrong with the rewrite of one case; [] when it is right."""
    expected = case["expect"][kind]
    made = answer(kind, case["main_query"], document["schema"], document["hierarchy"])
    sql, warnings = made["sql"], made.get("warnings", [])
    if expected["mode"] == "refuse":
        return [] if not sql and warnings else ["should be refused"]
    if kind == "cross_filter":
        text = " ".join(warnings)
        return [f"no warning: {code}" for code in expected["warnings_must_include"] if f"{code}:" not in text]
    if not sql:
        return [f"refused: {warnings[0]}"]
    found = [f"lacks {part}" for part in expected.get("must_contain", []) if part not in sql]
    found += [f"matches {one}" for one in expected.get("must_not_match", []) if re.search(one, sql)]
    found += [f"lacks {one}" for one in expected.get("must_match", []) if not re.search(one, sql)]
    fields = [level["field"] for level in made.get("suggested_levels", [])]
    found += [
        f"no level {one}"
        for one in expected.get("levels_must_include", [])
        if kind == "drill" and one not in fields
    ]
    return found + _rows(con, document, expected.get("run"), sql)


def _rows(
    con: duckdb.DuckDBPyConnection, document: dict[str, Any], run: dict[str, Any] | None, sql: str
) -> list[str]:
    if run is None:
        return []
    for placeholder, text in {**document["placeholders"], **run.get("replace", {})}.items():
        sql = sql.replace(placeholder, text)
    cursor = con.execute(sql)
    names = [one[0].lower() for one in cursor.description]
    rows = [[_plain(value) for value in row] for row in cursor.fetchall()]
    if "dim_then_metrics" in run:
        return _compared(
            {str(row[0]): row for row in rows}, {str(row[0]): row for row in run["dim_then_metrics"]}
        )
    if "columns" in run:
        if names != run["columns"]:
            return [f"columns {names}"]
        at = [names.index(key) for key in run["key"]]
        return _compared(
            {str([row[i] for i in at]): row for row in rows},
            {str([row[i] for i in at]): row for row in run["rows"]},
        )
    wrong = [] if len(rows) == run["rows"] else [f"{len(rows)} rows, not {run['rows']}"]
    for column, total in run["sum"].items():
        if column not in names or abs(sum(row[names.index(column)] or 0 for row in rows) - total) > 0.01:
            wrong.append(f"the sum of {column} is another")
    return wrong


def _compared(found: dict[str, list[Any]], expected: dict[str, list[Any]]) -> list[str]:
    if found.keys() != expected.keys():
        return ["other groups"]
    return [f"row {key}" for key, row in expected.items() if not all(map(_same, found[key], row))][:1]


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 6e-5 + 1e-6 * abs(other)
    return str(one)[:10] == str(other)[:10]


def _plain(value: Any) -> Any:
    return (
        float(value)
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, date)
        else value
    )


def main() -> int:
    """Print what is wrong and how many are right; 1 when a rewrite that needs no model is not."""
    document = json.loads(CASES.read_text())
    con = database(document)
    right = total = 0
    for case in document["cases"]:
        for kind in case["expect"]:
            found = problems(con, document, case, kind)
            total += 1
            right += not found
            if found:
                print(f"{case['id']:22} {kind:12} {'; '.join(found)}")
    print(f"{right} of {total} rewrites are right")
    return 0 if right == total else 1


if __name__ == "__main__":
    sys.exit(main())
