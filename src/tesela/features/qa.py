"""Questions about a dashboard, answered from rows that its tiles already hold. Nothing here can run a query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from tesela.analytics.questions import (
    Answer,
    Plan,
    answer,
    answer_plan,
    nothing_to_ask,
    starters,
)
from tesela.analytics.questions import Tile as Shown
from tesela.errors import BadRequest, NotFound, QueryError
from tesela.features.access import Access
from tesela.features.computing import computed
from tesela.features.data import Defaults, question_of
from tesela.features.definitions import Definitions
from tesela.features.snapshots import latest_snapshot
from tesela.features.tiles import in_grid_order
from tesela.features.viewing import Viewing
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.rows import Rows, rows_of
from tesela.running.catalog import Catalogs
from tesela.running.visible import NotRememberedError, Visible
from tesela.store import Store

MAX_TILES = 12
"""Tiles that are read for a question; more are left out, and told."""
MAX_QUESTION = 1_000


@dataclass(frozen=True, slots=True)
class Planned:
    """What a better reader made of a question. plan: None where it found none. tokens: what asking a model has cost."""

    plan: Plan | None
    model: str | None = None
    tokens: int = 0
    note: str | None = None


Planner = Callable[[str, Sequence[Shown], str], Awaitable[Planned]]
"""Given a question, the tiles and the language: a plan, or none.

Asked only where the words alone gave no plan; what it returns is checked against the rows and executed by us.
"""
FOR_A_PLANNER = ("unknown", "unclear", "measure", "ambiguous")
"""Refusals that a better reader might not have made. The others are of what the rows themselves lack."""


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at which dashboard in which state, without any means to ask a database.

    opens: nothing was chosen: then a snapshot may stand in for rows that are not in memory.
    """

    visible: Visible
    store: Store
    access: Access
    defaults: Defaults
    caller: Caller
    dashboard: Dashboard
    viewing: Viewing
    definitions: Definitions
    drill_path: Sequence[Mapping[str, Any]] = ()
    opens: bool = False

    @property
    def catalogs(self) -> Catalogs:
        return self.visible.catalogs


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer as it is served. not_at_hand: titles of tiles without rows in memory. left_out: beyond the cap.

    by_model: `model` read the question. tokens: what asking it has cost, also where its plan was of no use.
    """

    answer: Answer
    language: str
    not_at_hand: tuple[str, ...]
    left_out: int
    by_model: bool = False
    model: str | None = None
    tokens: int = 0
    notes: tuple[str, ...] = ()

    def body(self) -> bytes:
        """Return the answer as JSON."""
        found = self.answer
        missing = None
        if found.missing is not None:
            missing = {
                "kind": found.missing.kind,
                "words": found.missing.words,
                "suggestions": found.missing.suggestions,
            }
        return orjson.dumps(
            {
                "answer": _with_notes(self),
                "referenced_tiles": [
                    {"tile_id": one.tile_id, "title": one.title, "why": one.why} for one in found.references
                ],
                "suggested_followups": found.followups,
                "answerable_from_visible": found.is_answered,
                "missing": missing,
                "facts": found.facts,
                "rows_used": found.rows_used,
                "language": self.language,
                "by_model": self.by_model,
                "model": self.model,
                "tokens": self.tokens,
                "notes": self.notes,
            }
        )


async def ask_dashboard(
    looking: Looking,
    question: str,
    *,
    tile_focus: Sequence[str] | None = None,
    language: str = "en",
    planner: Planner | None = None,
) -> Asked:
    """Return the answer to a question from rows that are in memory, or what is missing for it.

    tile_focus: ids of tiles; all in grid order without it, at most 12. Raises BadRequest.
    """
    asked = " ".join(question.split())
    if not asked:
        raise BadRequest("question must not be blank; ask for a figure, a name or a list")
    if len(asked) > MAX_QUESTION:
        raise BadRequest(f"question must have at most {MAX_QUESTION} characters")
    tiles = _focused(looking.dashboard, tile_focus)
    read, left_out = tiles[:MAX_TILES], max(0, len(tiles) - MAX_TILES)
    shown, absent = await _at_hand(looking, read)
    if not shown:
        return Asked(nothing_to_ask(language, is_empty=not read), language, absent, left_out)
    found = await computed(answer, asked, shown, language=language)
    planned, by_model = Planned(None), False
    if planner is not None and found.missing is not None and found.missing.kind in FOR_A_PLANNER:
        planned = await planner(asked, shown, language)
        if planned.plan is not None:
            better = await computed(answer_plan, planned.plan, shown, language=language)
            if better.is_answered:
                found, by_model = better, True
    if not found.followups:
        found = replace(found, followups=await computed(starters, shown, language=language))
    notes = () if planned.note is None else (planned.note,)
    model = planned.model if by_model else None
    return Asked(found, language, absent, left_out, by_model, model, planned.tokens, notes)


def _focused(dashboard: Dashboard, tile_focus: Sequence[str] | None) -> list[Tile]:
    """Return the tiles with queries that are asked about, in grid order. Raises BadRequest."""
    tiles = in_grid_order(dashboard.document)
    if tile_focus:
        wanted = {one.lower() for one in tile_focus}
        if unknown := wanted - {tile.id for tile in tiles}:
            raise BadRequest(f"tile_focus: the dashboard has no tile {min(unknown)[:100]}")
        tiles = [tile for tile in tiles if tile.id in wanted]
    return [tile for tile in tiles if tile.query is not None or tile.metric_query is not None]


async def _at_hand(looking: Looking, tiles: Sequence[Tile]) -> tuple[list[Shown], tuple[str, ...]]:
    """Return the tiles whose rows are in memory, or in a snapshot that the caller may read; and titles of the rest."""
    rows: dict[str, Rows] = {}
    for tile in tiles:
        found = await _peeked(looking, tile)
        if found is not None:
            rows[tile.id] = found
    lacking = [tile for tile in tiles if tile.id not in rows]
    if lacking and looking.opens:
        rows |= await _from_snapshot(looking, lacking)
    shown = [
        Shown(tile.id, tile.title, rows[tile.id], tile.chart_config) for tile in tiles if tile.id in rows
    ]
    return shown, tuple(tile.title for tile in tiles if tile.id not in rows)


async def _peeked(looking: Looking, tile: Tile) -> Rows | None:
    """Return the rows of a tile in this state of the view, from the shelf alone."""
    try:
        asked = await question_of(looking, looking.visible.source, tile, tile.query)
    except (QueryError, NotRememberedError):
        return None
    answered = looking.visible.peek(asked.question)
    if answered is None:
        return None
    return await computed(rows_of, answered.shelved.result)


async def _from_snapshot(looking: Looking, tiles: Sequence[Tile]) -> dict[str, Rows]:
    """Return rows by tile id from the newest snapshot, of tiles that did not change since it was taken."""
    try:
        snapshot, contents = await latest_snapshot(
            looking.store, looking.access, looking.caller, looking.dashboard.id
        )
    except NotFound:
        return {}
    held = await computed(orjson.loads, contents.tile_data)
    found = {}
    for tile in tiles:
        body = held.get(tile.id)
        if body is not None and body["data"] is not None and tile.updated_at <= snapshot.created_at:
            columns = tuple(body["data"]["columns"])
            found[tile.id] = Rows(columns, body["types"], body["data"]["rows"], body["truncated"])
    return found


def _with_notes(asked: Asked) -> str:
    """Return the answer's text, with what was left out where that matters."""
    text, es = asked.answer.text, asked.language == "es"
    if asked.not_at_hand and not asked.answer.is_answered and asked.answer.missing is not None:
        titles = ", ".join(asked.not_at_hand[:3])
        if asked.answer.missing.kind != "refresh":
            text += (
                f" Sin filas a mano: {titles}; actualice primero el panel."
                if es
                else f" Not at hand: {titles}; refresh the dashboard first."
            )
    if asked.left_out:
        text += (
            f" Se leyeron los primeros {MAX_TILES} paneles; quedan {asked.left_out}."
            if es
            else f" The first {MAX_TILES} tiles were read; {asked.left_out} more were not."
        )
    return text
