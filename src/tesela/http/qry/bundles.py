"""/api/dashboards/{id}/export-config and /api/dashboards/import: dashboards as files.

`router` is included before the one of dashboards, whose paths would take `import` for an id.
"""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from tesela.errors import BadRequest
from tesela.features import bundles
from tesela.http.deps import AccessDep, CallerDep, EditorDep, ServicesDep, StoreDep
from tesela.http.downloads import attachment
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import DashboardId, DashboardOut
from tesela.http.qry.showing import shown
from tesela.http.web import Answer, Body, StrictJsonRoute, version_etag
from tesela.model.bundle import SUFFIX, BundleTile

router = APIRouter(
    prefix="/api/dashboards", tags=["bundles"], route_class=StrictJsonRoute, responses=PROBLEMS
)


class PreflightBody(Body):
    bundle: Any
    datasource_mapping: dict[str, str] = Field(default_factory=dict)


class ImportBody(PreflightBody):
    """mode `update`: over the dashboard `dashboard_id`, which the caller owns."""

    name: str | None = None
    workspace_id: str | None = None
    mode: Literal["create", "update"] = "create"
    dashboard_id: str | None = None


class RequiredOut(Answer):
    ref: str
    name: str
    type: str


class TileFindingsOut(Answer):
    title: str
    tile_type: str
    problems: list[str]
    warnings: list[str]


class PreflightOut(Answer):
    """problems: why an import would be refused; warnings: what would not work after it."""

    name: str
    required_datasources: list[RequiredOut]
    page_count: int
    tile_count: int
    filter_count: int
    suggested_mapping: dict[str, str]
    problems: list[str]
    warnings: list[str]
    tiles: list[TileFindingsOut]


@router.get(
    "/{dashboard_id}/export-config",
    operation_id="export_config",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}, "description": "The bundle, as a file"}},
)
async def export_config(
    dashboard_id: DashboardId, store: StoreDep, access: AccessDep, caller: CallerDep
) -> Response:
    """Return the dashboard as a file that another server can import. Owner or admin."""
    dashboard, content = await bundles.export_bundle(store, access, caller, dashboard_id)
    headers = {
        "Content-Disposition": attachment(dashboard.document.name, SUFFIX),
        "Cache-Control": "no-store",
        "ETag": version_etag(dashboard.version),
    }
    return Response(content, media_type="application/json", headers=headers)


@router.post("/import/preflight", operation_id="preflight_import")
async def preflight(body: PreflightBody, found: ServicesDep, caller: CallerDep) -> PreflightOut:
    """Look at a bundle without importing it; with a mapping, also for tables and columns that are missing."""
    seen = await bundles.look_at_bundle(
        found.store,
        found.access,
        found.sources,
        found.catalogs,
        caller,
        body.bundle,
        mapping=body.datasource_mapping,
        clock=found.clock,
    )
    bundle = seen.bundle
    return PreflightOut(
        name=bundle.dashboard.name,
        required_datasources=[
            RequiredOut(ref=one.ref, name=one.name, type=one.type) for one in bundle.required_datasources
        ],
        page_count=max(len(bundle.pages), 1),
        tile_count=len(bundle.tiles),
        filter_count=len(bundle.dashboard.filters),
        suggested_mapping=dict(seen.suggested),
        problems=list(seen.problems),
        warnings=list(seen.warnings),
        tiles=[_findings_out(tile, one) for tile, one in zip(bundle.tiles, seen.tiles, strict=True)],
    )


@router.post("/import", status_code=201, operation_id="import_dashboard")
async def import_dashboard(
    request: Request, response: Response, body: ImportBody, editor: EditorDep
) -> DashboardOut:
    """Make a dashboard of a bundle, or put one over another (200): all of it, or nothing."""
    if body.mode == "update":
        if body.dashboard_id is None:
            raise BadRequest("dashboard_id is required when mode is update")
        if body.workspace_id is not None:
            raise BadRequest(
                "workspace_id cannot be sent when mode is update: the dashboard stays where it is"
            )
        dashboard = await bundles.update_from_bundle(
            editor, body.dashboard_id, body.bundle, mapping=body.datasource_mapping, name=body.name
        )
        response.status_code = 200
    else:
        if body.dashboard_id is not None:
            raise BadRequest("dashboard_id can only be sent when mode is update")
        dashboard = await bundles.import_bundle(
            editor.store,
            editor.access,
            editor.caller,
            body.bundle,
            mapping=body.datasource_mapping,
            clock=editor.clock,
            name=body.name,
            workspace_id=body.workspace_id,
        )
    return await shown(request, response, editor.caller, dashboard)


def _findings_out(tile: BundleTile, one: bundles.TileFindings) -> TileFindingsOut:
    return TileFindingsOut(
        title=one.title, tile_type=tile.tile_type, problems=list(one.problems), warnings=list(one.warnings)
    )
