"""/api/v1/bi/dashboards/{id}/widgets: the widgets of a dashboard."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tesela.errors import BadRequest
from tesela.features import checks, tiles
from tesela.features.datasources import default_datasource
from tesela.http.bi.shapes import DashboardId, WidgetBody, WidgetId, WidgetOut, widget_out
from tesela.http.bi.translate import dashboard_id_of, in_our_words, members_of, widget_id_of
from tesela.http.deps import AccessDep, CallerDep, EditorDep
from tesela.http.problems import PROBLEMS
from tesela.http.web import StrictJsonRoute, version_etag

router = APIRouter(
    prefix="/api/v1/bi/dashboards/{dashboard_id}/widgets",
    tags=["bi-widgets"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


@router.post("", status_code=201, operation_id="bi_add_widget")
async def add(
    response: Response, dashboard_id: DashboardId, body: WidgetBody, editor: EditorDep
) -> WidgetOut:
    """Add a widget. Without a datasource it asks the tenant's default one, without a place it goes to the bottom."""
    with in_our_words():
        await editor.access.dashboard(editor.caller, "edit", dashboard_id_of(dashboard_id))
        members = members_of(body.sent(), None)
        checks.name(body.name, "name", required_as="Widget name")
        if members["tile_type"] != "text" and not (members.get("query") or members.get("metric_query")):
            raise BadRequest("query is required")
        if members.get("query") and not members.get("datasource_id") and members["tile_type"] != "text":
            source = await default_datasource(editor.access, editor.caller)
            if source is None:
                raise BadRequest("datasource_id is required: the tenant has no default datasource")
            members["datasource_id"] = source.id
        dashboard, tile = await tiles.add_tile(editor, dashboard_id_of(dashboard_id), members)
    response.headers["ETag"] = version_etag(dashboard.version)
    return widget_out(dashboard, tile, shows_sql=True, warnings=await tiles.save_warnings(editor, tile))


@router.get("/{widget_id}", operation_id="bi_get_widget")
async def get(
    response: Response, dashboard_id: DashboardId, widget_id: WidgetId, access: AccessDep, caller: CallerDep
) -> WidgetOut:
    """Return one widget."""
    dashboard = await access.dashboard(caller, "view", dashboard_id_of(dashboard_id))
    with in_our_words():
        tile = tiles.tile_of(dashboard, widget_id_of(widget_id))
    rights = await access.rights(caller, dashboard)
    response.headers["ETag"] = version_etag(dashboard.version)
    shows_sql = rights.edit or tile.datasource_id in rights.usable_datasources
    return widget_out(dashboard, tile, shows_sql=shows_sql)


@router.put("/{widget_id}", operation_id="bi_update_widget")
async def update(
    response: Response, dashboard_id: DashboardId, widget_id: WidgetId, body: WidgetBody, editor: EditorDep
) -> WidgetOut:
    """Change the members that are sent. What a config cannot say stays."""
    sent = body.sent()
    with in_our_words():
        dashboard, tile = await tiles.update_tile(
            editor,
            dashboard_id_of(dashboard_id),
            widget_id_of(widget_id),
            lambda before: members_of(sent, before),
        )
    response.headers["ETag"] = version_etag(dashboard.version)
    return widget_out(dashboard, tile, shows_sql=True, warnings=await tiles.save_warnings(editor, tile))


@router.delete("/{widget_id}", status_code=204, operation_id="bi_delete_widget")
async def delete(
    response: Response, dashboard_id: DashboardId, widget_id: WidgetId, editor: EditorDep
) -> None:
    """Remove the widget."""
    with in_our_words():
        dashboard = await tiles.delete_tile(editor, dashboard_id_of(dashboard_id), widget_id_of(widget_id))
    response.headers["ETag"] = version_etag(dashboard.version)
