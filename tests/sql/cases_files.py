"""Reads the pairs of SQL in `cases/*.sql`: `-- key: value` lines, a statement, what becomes of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tesela.model.interaction import Clause, FilterState, Interaction, TimeRange

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    title: str
    given: str
    expected: str
    dialect: str = "duckdb"
    interaction: Interaction = field(default_factory=Interaction)
    values: tuple[Any, ...] = ()


def read_cases(name: str) -> Iterator[Case]:
    for block in (CASES / name).read_text().split("-- title: ")[1:]:
        title, *lines = block.strip().split("\n")
        notes: dict[str, str] = {}
        while lines and lines[0].startswith("-- ") and ": " in lines[0]:
            key, value = lines.pop(0).removeprefix("-- ").split(": ", 1)
            notes[key] = value
        given, expected = (part.removesuffix(";") for part in "\n".join(lines).split(";\n", 1))
        yield Case(
            title,
            given,
            expected,
            notes.get("dialect", "duckdb"),
            read_interaction(json.loads(notes.get("interaction", "{}"))),
            tuple(json.loads(notes.get("values", "[]"))),
        )


def read_interaction(data: dict[str, Any]) -> Interaction:
    for key in ("drill_path", "detail", "cross"):
        if key in data:
            data[key] = read_clauses(data[key])
    if "filters" in data:
        data["filters"] = {
            name: FilterState(
                tuple(state.get("values", ())),
                read_clauses(state.get("clauses", ())),
                state.get("feeds_range", False),
            )
            for name, state in data["filters"].items()
        }
    if "range" in data:
        data["range"] = TimeRange(**{key: dt.date.fromisoformat(day) for key, day in data["range"].items()})
    if "drill_levels" in data:
        data["drill_levels"] = tuple(data["drill_levels"])
    return Interaction(**data)


def read_clauses(triples: list[Any]) -> tuple[Clause, ...]:
    return tuple(Clause(column, operator, tuple(values)) for column, operator, values in triples)
