"""/api/dashboards/{id}/pages: the pages of a dashboard."""

from __future__ import annotations

from fastapi import APIRouter, Response

from tesela.features import pages
from tesela.http.deps import EditorDep
from tesela.http.problems import PROBLEMS
from tesela.http.qry.shapes import (
    DashboardId,
    PageAnswer,
    PageBody,
    PageCreate,
    PageId,
    PageOrder,
    page_out,
)
from tesela.http.web import StrictJsonRoute, version_etag

router = APIRouter(
    prefix="/api/dashboards/{dashboard_id}/pages",
    tags=["pages"],
    route_class=StrictJsonRoute,
    responses=PROBLEMS,
)


@router.post("", status_code=201, operation_id="create_page")
async def create(
    response: Response, dashboard_id: DashboardId, body: PageCreate, editor: EditorDep
) -> PageAnswer:
    """Add a page at the end."""
    dashboard, page = await pages.create_page(editor, dashboard_id, body.name, page_id=body.id)
    response.headers["ETag"] = version_etag(dashboard.version)
    return page_out(dashboard, page)


@router.put("/order", status_code=204, operation_id="reorder_pages")
async def reorder(response: Response, dashboard_id: DashboardId, body: PageOrder, editor: EditorDep) -> None:
    """Put the pages into the given order."""
    dashboard = await pages.reorder_pages(editor, dashboard_id, body.page_ids)
    response.headers["ETag"] = version_etag(dashboard.version)


@router.put("/{page_id}", operation_id="rename_page")
async def rename(
    response: Response, dashboard_id: DashboardId, page_id: PageId, body: PageBody, editor: EditorDep
) -> PageAnswer:
    """Give the page another name."""
    dashboard, page = await pages.rename_page(editor, dashboard_id, page_id, body.name)
    response.headers["ETag"] = version_etag(dashboard.version)
    return page_out(dashboard, page)


@router.delete("/{page_id}", status_code=204, operation_id="delete_page")
async def delete(response: Response, dashboard_id: DashboardId, page_id: PageId, editor: EditorDep) -> None:
    """Delete the page with its tiles; the last page stays."""
    dashboard = await pages.delete_page(editor, dashboard_id, page_id)
    response.headers["ETag"] = version_etag(dashboard.version)
