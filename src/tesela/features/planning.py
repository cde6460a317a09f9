"""A model that reads a question and writes a plan; the plan is checked against the rows and carried out by us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, Field

from tesela.analytics.questions import Plan, Tile, answer_plan
from tesela.analytics.questions.tables import Table, tables_of
from tesela.features.prompts import advised, instructions
from tesela.features.qa import Planned, Planner
from tesela.llm import Door, Prompt

DISTINCT, SAMPLES, MOST_COLUMNS, MOST_CHARACTERS = 20, 5, 40, 80
"""What is told of a tile: values of a column that has no more different ones, rows, columns, the length of a value."""


class Wanted(BaseModel):
    """What the model answers: a plan, or what is missing for one."""

    plan: Plan | None
    missing: list[str] = Field(default_factory=list, max_length=20)


def planner(door: Door | None) -> Planner | None:
    """Return what asks this model for plans; None without one."""
    if door is None:
        return None

    async def planned(question: str, tiles: Sequence[Tile], language: str) -> Planned:
        described = [described_table(table, rows=door.sends_rows) for table in _tables(tiles)]

        def wrong(given: Wanted) -> str | None:
            if given.plan is None:
                return None
            found = answer_plan(given.plan, tiles, language="en")
            if found.is_answered or found.missing is None:
                return None
            if not door.sends_rows:
                return f"The plan cannot be carried out: {found.missing.kind}"
            return f"The plan cannot be carried out: {found.text}"

        prompt = Prompt.of(instructions("plan"), question=question, language=language, tiles=described)
        advice = await advised(door, prompt, Wanted, check=wrong, language=language)
        plan = None if advice.value is None else advice.value.plan
        if plan is not None:  # what it calls a measure would stand in our sentence
            plan = plan.model_copy(update={"measure": plan.measure.model_copy(update={"label": None})})
        return Planned(plan, advice.model, advice.tokens, advice.note)

    return planned


def described_table(table: Table, *, rows: bool) -> dict[str, Any]:
    """Return what a model is told of a tile. rows: whether values may be in it."""
    columns = table.columns[:MOST_COLUMNS]
    told: dict[str, Any] = {
        "id": table.id,
        "title": table.title,
        "rows": table.size,
        "columns": [{"name": one.name, "kind": one.kind} for one in columns],
    }
    if not rows:
        return told
    for column, said in zip(columns, told["columns"], strict=True):
        different = list(dict.fromkeys(_short(value) for value in column.raw if value is not None))
        if column.kind == "text" and len(different) <= DISTINCT:
            said["values"] = different
        elif column.kind == "date" and different:
            said["from"], said["to"] = min(different), max(different)
    told["sample"] = [
        {one.name: _short(one.raw[at]) for one in columns} for at in range(min(SAMPLES, table.size))
    ]
    return told


def _tables(tiles: Sequence[Tile]) -> list[Table]:
    """Return the tables of the tiles, the first reading of each."""
    found: dict[str, Table] = {}
    for tile in tiles:
        for table in tables_of(tile):
            found.setdefault(table.id, table)
    return list(found.values())


def _short(value: Any) -> Any:
    return value[:MOST_CHARACTERS] if isinstance(value, str) else value
