"""Every example of a state, a query and what becomes of it, in the docs, is what really becomes of it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from features.viewed import KnownTables, bound_tile
from tesela.features.viewing import State

DOCS = Path(__file__).resolve().parent.parent / "docs"
BLOCKS = re.compile(r"```json\n(\{[^`]*?)```\n+```sql\n([^`]*?)```\n+```sql\n([^`]*?)\n-- (\[[^\n]*\])\n```")
EXAMPLES = [
    pytest.param(*found, id=f"{name}: {found[0].strip()[:60]}")
    for name in ("placeholders.md", "filters.md", "drill.md")
    for found in BLOCKS.findall((DOCS / name).read_text(encoding="utf-8"))
]
COLUMNS = {"sales": ("region", "country", "city", "day", "kind", "amount"), "goals": ("country", "goal")}
FILTERS = [
    {"name": "country", "field": "country"},
    {"name": "kinds", "field": "kind", "type": "multi_select"},
    {"name": "word", "field": "city", "type": "text"},
    {"name": "period", "field": "day", "type": "date_range"},
]
CONFIG = {"drill_levels": [{"id_column": level} for level in ("region", "country", "city")]}


@pytest.mark.parametrize(("state", "query", "becomes", "values"), EXAMPLES)
def test_an_example_is_true_and_runs(state: str, query: str, becomes: str, values: str) -> None:
    statement = asyncio.run(
        bound_tile(
            KnownTables(COLUMNS),
            "duckdb",
            query.rstrip("\n"),
            State(**json.loads(state)),
            filters=FILTERS,
            config=CONFIG,
            declared="region",
        )
    ).statement

    assert statement.render(lambda _: "?") == becomes
    assert [as_json(value) for value in statement.values] == json.loads(values)
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE sales (region TEXT, country TEXT, city TEXT, day DATE, kind TEXT, amount INT);"
            "CREATE TABLE goals (country TEXT, goal INT)"
        )
        database.execute(statement.render(lambda _: "?"), list(statement.values))


def test_there_are_examples_on_each_page() -> None:
    pages = {str(example.id).split(":")[0] for example in EXAMPLES}

    assert pages == {"placeholders.md", "filters.md", "drill.md"}
    for page in pages:
        assert (DOCS / page).read_text(encoding="utf-8").count("```json") == sum(
            str(example.id).startswith(f"{page}:") for example in EXAMPLES
        )


def as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
