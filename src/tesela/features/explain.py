"""Explain: what is true of a tile's rows, in words, every number computed from them.

A model may only reword: its text is checked against the facts, and the computed one is served where it fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog

from tesela.analytics.facts import Explanation, Fact, Language, Picture, explain, verify
from tesela.errors import Unprocessable
from tesela.features.computing import computed
from tesela.features.data import Asking
from tesela.model.dashboard import Tile
from tesela.model.rows import Rows, rows_of
from tesela.sql.names import resolve_field

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reworded:
    """What a model made of a summary; None where it made nothing, and `note` may say why. tokens: what it cost."""

    text: str | None
    model: str | None = None
    tokens: int = 0
    note: str | None = None


Reword = Callable[[Explanation, str], Awaitable[Reworded]]
"""Given the explanation and the tile's title, another wording of the summary in the same language."""


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation as it is served. summary: the computed one, or a checked rewording by `model`.

    tokens: what asking the model has cost, also where its wording is not served.
    """

    explanation: Explanation
    summary: str
    model: str | None
    tokens: int
    notes: tuple[str, ...]
    ignored: tuple[str, ...]

    def body(self) -> bytes:
        """Return the answer as JSON."""
        found = self.explanation
        return orjson.dumps(
            {
                "summary": self.summary,
                "highlights": found.highlights,
                "facts": [_fact(one) for one in found.facts],
                "marks": [{"x": one.x, "series": one.series, "kind": one.kind} for one in found.marks],
                "language": found.language,
                "model": self.model,
                "tokens": self.tokens,
                "notes": self.notes,
                "filters_ignored": self.ignored,
            }
        )


async def explain_tile(
    asking: Asking, tile: Tile, *, language: Language, now: dt.datetime, reword: Reword | None = None
) -> Explained:
    """Return what is true of the tile's rows in the state of the view.

    now: aware; the period it lies in, in the dashboard's time zone, is not complete. reword: None without a model.
    Raises Unprocessable for a tile of text, and the QueryError of a query that fails.
    """
    if not tile.asks:
        raise Unprocessable("A tile of text has no rows to explain; choose a chart, a KPI or a table")
    asked = await asking.question(tile, tile.query)
    answered = await asking.runner.run(asked.question)
    local = now.astimezone(ZoneInfo(asking.dashboard.document.time_zone)).replace(tzinfo=None)

    def work() -> Explanation:
        rows = rows_of(answered.shelved.result)
        return explain(rows, picture_of(tile, rows), language=language, now=local)

    explanation = await computed(work)
    summary, made, notes = await worded(explanation, tile, reword)
    ignored = (*asking.viewing.chosen.ignored, *asked.ignored)
    return Explained(explanation, summary, made.model, made.tokens, (*explanation.notes, *notes), ignored)


def picture_of(tile: Tile, rows: Rows) -> Picture:
    """Return the tile as far as facts depend on it, its fields as the names of columns where they match."""
    return Picture(tile.title, tile.tile_type, tile.chart_type, resolved(tile.chart_config, rows.columns))


def resolved(config: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Return the config with each field as the column that it means, by the same rule as a chart's."""

    def column(name: Any) -> Any:
        return (resolve_field(name, columns) or name) if isinstance(name, str) and name else name

    return {
        key: ([column(one) for one in value] if isinstance(value, list) else column(value))
        if key.endswith(("Field", "Fields"))
        else value
        for key, value in config.items()
    }


async def worded(
    explanation: Explanation, tile: Tile, reword: Reword | None
) -> tuple[str, Reworded, tuple[str, ...]]:
    """Return the summary, what the model did for it (its name only where its wording is served), and what to note."""
    if reword is None:
        return explanation.summary, Reworded(None), ()
    made = await reword(explanation, tile.title)
    notes = () if made.note is None else (made.note,)
    if made.text is None:
        return explanation.summary, replace(made, model=None), notes
    problems = verify(made.text, explanation.facts, title=tile.title, language=explanation.language)
    if problems:
        log.info("rewording_refused", tile=tile.id, model=made.model, problems=problems[:5])
        return explanation.summary, replace(made, model=None), (_REFUSED[explanation.language],)
    return made.text.strip(), made, notes


_REFUSED: dict[Language, str] = {
    "en": "The model's wording did not match the facts; this is the computed text.",
    "es": "La redacción del modelo no coincidía con los hechos; este es el texto calculado.",
}


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "kind": fact.kind,
        "sentence": fact.sentence,
        "numbers": [{"name": one.name, "value": one.value, "shown": one.shown} for one in fact.numbers],
        "entities": fact.entities,
        "importance": fact.importance,
        "marks": [{"x": one.x, "series": one.series, "kind": one.kind} for one in fact.marks],
    }
