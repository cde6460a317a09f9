"""Pages of a dashboard: create, rename, reorder, delete."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from tesela.errors import BadRequest, NotFound
from tesela.features import checks
from tesela.features.editing import Edit, Editor
from tesela.model.dashboard import Dashboard, Document, Page

NOT_FOUND = "Page not found or access denied"
MAX_PAGES = 50


async def create_page(
    editor: Editor, dashboard_id: str, name: str | None, *, page_id: str | None = None
) -> tuple[Dashboard, Page]:
    """Return the dashboard with a new last page, and the page. page_id: made by the client, for its undo."""
    new_id = str(uuid.uuid4()) if page_id is None else checks.uuid_field(page_id, "id")
    page = Page(id=new_id, name=checks.name(name, "name", required_as="Page name"))

    def make(document: Document) -> Edit:
        if len(document.pages) >= MAX_PAGES:
            raise BadRequest(f"A dashboard can have at most {MAX_PAGES} pages")
        if any(other.id == page.id for other in document.pages):
            raise BadRequest("id: the dashboard already has a page with this id")
        pages = (*document.pages, page)
        return Edit(document.model_copy(update={"pages": pages}), f"Added the page '{page.name}'")

    return await editor.change(dashboard_id, make), page


async def rename_page(
    editor: Editor, dashboard_id: str, page_id: str, name: str | None
) -> tuple[Dashboard, Page]:
    """Return the dashboard with the page renamed, and the page. Raises NotFound."""
    await editor.access.dashboard(editor.caller, "edit", dashboard_id)
    new_name = checks.name(name, "name", required_as="Page name")

    def make(document: Document) -> Edit:
        before = find_page(document, page_id)
        pages = tuple(Page(id=p.id, name=new_name) if p.id == before.id else p for p in document.pages)
        sentence = f"Renamed the page '{before.name}' to '{new_name}'"
        return Edit(document.model_copy(update={"pages": pages}), sentence)

    dashboard = await editor.change(dashboard_id, make)
    return dashboard, find_page(dashboard.document, page_id)


async def reorder_pages(editor: Editor, dashboard_id: str, page_ids: Sequence[str]) -> Dashboard:
    """Return the dashboard with its pages in the given order. `page_ids` names every page once."""

    def make(document: Document) -> Edit:
        by_id = {page.id: page for page in document.pages}
        if sorted(page_ids) != sorted(by_id):
            raise BadRequest("page_ids must name every page of the dashboard once")
        pages = tuple(by_id[page_id] for page_id in page_ids)
        return Edit(document.model_copy(update={"pages": pages}), "Changed the order of the pages")

    return await editor.change(dashboard_id, make)


async def delete_page(editor: Editor, dashboard_id: str, page_id: str) -> Dashboard:
    """Return the dashboard without the page and its tiles. The last page cannot go: BadRequest."""

    def make(document: Document) -> Edit:
        gone = find_page(document, page_id)
        if len(document.pages) == 1:
            raise BadRequest("The last page of a dashboard cannot be deleted")
        kept = {
            "pages": tuple(page for page in document.pages if page.id != gone.id),
            "tiles": tuple(tile for tile in document.tiles if tile.page_id != gone.id),
        }
        lost = len(document.tiles) - len(kept["tiles"])
        sentence = f"Deleted the page '{gone.name}' with {lost} tile{'' if lost == 1 else 's'}"
        return Edit(document.model_copy(update=kept), sentence)

    return await editor.change(dashboard_id, make)


def find_page(document: Document, page_id: str) -> Page:
    """Return the page. Raises NotFound."""
    for page in document.pages:
        if page.id == page_id.lower():
            return page
    raise NotFound(NOT_FOUND)


def page_order(document: Document, page_id: str) -> int:
    """Return the place of a page among the pages, from 0."""
    return [page.id for page in document.pages].index(page_id)
