"""/api/dashboards/{id}/tiles/{tile}/export and /api/dashboards/{id}/export: rows as files.

Nothing is sent before the first rows are there, so what fails until then has its status. What fails later
ends the connection: a client then knows that its file is not whole.
"""

from __future__ import annotations

import asyncio
from typing import Any, Literal
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request, Response
from pydantic import Field
from starlette.types import Receive, Scope, Send

from tesela.errors import TeselaError
from tesela.features.data import Selection, selected_tiles
from tesela.features.export import MEDIA_TYPES, Bounds, Download, export_dashboard, export_tile
from tesela.features.tiles import tile_of
from tesela.features.viewing import State
from tesela.http.asking import ask
from tesela.http.deps import CallerDep, Services, ServicesDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, TileId, ViewState
from tesela.http.web import Body, StrictJsonRoute, while_connected
from tesela.model.result import ExportFormat

log = structlog.get_logger()

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}", tags=["export"], route_class=StrictJsonRoute, responses=PROBLEMS
)

IDLE_SECONDS = 60.0
"""How long a client may take nothing before its download ends."""
FILES = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in MEDIA_TYPES.values()}
A_WORKBOOK = {MEDIA_TYPES["xlsx"]: FILES[MEDIA_TYPES["xlsx"]]}


class TileExport(ViewState):
    """A format, and the state of the view."""

    format: ExportFormat = "csv"
    bom: bool = Field(False, description="Begin CSV with a byte order mark, which some spreadsheets want.")


class DashboardExport(Body):
    """The state of the view. page_id: only the tiles of a page."""

    format: Literal["xlsx"] = "xlsx"
    filter_values: dict[str, Any] = Field(default_factory=dict)
    cross_filters: list[dict[str, Any]] = Field(default_factory=list)
    page_id: str | None = None


@router.post(
    "/tiles/{tile_id}/export",
    operation_id="export_tile",
    response_class=Response,
    responses={200: {"content": FILES}},
)
async def export_of_tile(
    request: Request,
    dashboard_id: DashboardId,
    tile_id: TileId,
    body: TileExport,
    found: ServicesDep,
    caller: CallerDep,
) -> Response:
    """Download all rows of a tile, in the state of the view."""
    asking = await ask(found, caller, dashboard_id, body.state())
    tile = tile_of(asking.dashboard, tile_id)
    work = export_tile(asking, tile, to=body.format, bom=body.bom, bounds=_bounds(found), spools=found.spools)
    return DownloadResponse(await while_connected(request, work))


@router.post(
    "/export",
    operation_id="export_dashboard",
    response_class=Response,
    responses={200: {"content": A_WORKBOOK}},
)
async def export_of_dashboard(
    request: Request, dashboard_id: DashboardId, body: DashboardExport, found: ServicesDep, caller: CallerDep
) -> Response:
    """Download a workbook with a sheet for each tile and an overview, in the state of the view."""
    asking = await ask(found, caller, dashboard_id, State(body.filter_values, body.cross_filters))
    tiles = selected_tiles(asking.dashboard, Selection(body.page_id))
    work = export_dashboard(asking, tiles, clock=found.clock, bounds=_bounds(found), spools=found.spools)
    return DownloadResponse(await while_connected(request, work))


def _bounds(found: Services) -> Bounds:
    return Bounds(found.settings.export_max_rows, found.settings.export_timeout_ms)


class DownloadResponse(Response):
    """A file that may still be growing. It is let go when it is sent, and when the client leaves or stands still."""

    def __init__(self, download: Download, *, idle_seconds: float = IDLE_SECONDS) -> None:
        super().__init__(media_type=download.media_type)
        self._idle_seconds = idle_seconds
        self._spool = download.spool
        for name, value in _headers(download).items():
            self.headers[name] = value
        if not self._spool.is_complete:
            del self.headers["Content-Length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait({sending, leaving})
            await self._spool.close()

    async def _send(self, send: Send) -> None:
        """Send the file. Without its last message the server closes the connection, as it has to after an error."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async for piece in self._spool.pieces():
                async with asyncio.timeout(self._idle_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except TeselaError as error:
            log.warning("download_broken", why=error.private or error.sentence)
        except TimeoutError:
            log.info("download_idle", seconds=self._idle_seconds)
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


def _headers(download: Download) -> dict[str, str]:
    headers = {
        "Content-Disposition": download.disposition,
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
        "Content-Length": str(download.spool.size),
    }
    if download.spool.is_complete and download.report.truncated:
        headers["X-Tesela-Truncated"] = "true"
    if download.report.ignored:
        headers["X-Tesela-Filters-Ignored"] = ", ".join(quote(name) for name in download.report.ignored)
    return headers


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
