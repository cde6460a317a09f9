"""What the faces do alike when the rows behind tiles are asked for: who asks what, and the answers of one request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header, Query, Request

from tesela.features import data
from tesela.features.data import Asking, Selection, TileAnswer
from tesela.features.rights import Action
from tesela.features.viewing import AS_IT_OPENS, State
from tesela.features.viewing import view as view_of
from tesela.http.deps import Services
from tesela.http.web import while_connected
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Tile

View = Annotated[
    str | None,
    Header(
        alias="X-Tesela-View",
        max_length=100,
        description="Random name of a browser tab; newer requests of it replace older ones.",
    ),
]
Refresh = Annotated[bool, Query(description="Ask the databases even when there is an answer.")]


async def ask(
    found: Services,
    caller: Caller,
    dashboard_id: str,
    state: State,
    *,
    force: bool = False,
    action: Action = "view",
) -> Asking:
    """Return what to ask for a dashboard that the caller may see, and do `action` with. Raises NotFound, BadRequest."""
    dashboard = await found.access.dashboard(caller, action, dashboard_id)
    return asking_of(found, caller, dashboard, state, force=force)


def asking_of(found: Services, caller: Caller, dashboard: Dashboard, state: State, *, force: bool) -> Asking:
    """Return what to ask for a dashboard that was found already. Raises BadRequest for a state that does not fit."""
    viewing = view_of(dashboard, state, now=found.clock())
    return Asking(
        found.runner,
        found.catalogs,
        found.defaults,
        caller,
        dashboard,
        viewing,
        found.definitions,
        drill_path=state.drill_path,
        opens=state == AS_IT_OPENS,
        force=force,
    )


async def answers_of_dashboard(
    request: Request, found: Services, asking: Asking, selection: Selection, view: str | None
) -> list[TileAnswer]:
    """Return the answer of each selected tile, in grid order; kept for the next viewer where it is for everybody.

    Raises TooBusy when not one query got a turn.
    """
    dashboard = asking.dashboard
    tiles = data.selected_tiles(dashboard, selection)

    async def run() -> list[TileAnswer]:
        with found.views.entered(asking.caller.user_id, view, dashboard.id, None):
            return await data.run_tiles(asking, tiles)

    answers = await while_connected(request, run())
    data.raise_when_all_were_refused(answers)
    if asking.opens and selection == Selection():
        found.assemblies.keep(asking.caller, dashboard, None, answers, found.clock())
    return answers


async def answer_of_tile(
    request: Request, found: Services, asking: Asking, tile: Tile, view: str | None
) -> TileAnswer:
    """Return one tile's answer, kept for the next viewer when it is as the dashboard opens."""

    async def run() -> list[TileAnswer]:
        with found.views.entered(asking.caller.user_id, view, asking.dashboard.id, tile.id):
            return await data.run_tiles(asking, [tile])

    answers = await while_connected(request, run())
    if asking.opens:
        found.assemblies.keep(asking.caller, asking.dashboard, tile.id, answers, found.clock())
    return answers[0]
