"""Dashboards as wholes: create, list, update, archive, delete."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tesela.errors import BadRequest, Conflict, Forbidden
from tesela.features import checks
from tesela.features.access import Access, Action
from tesela.features.editing import Edit, Editor
from tesela.features.schedules import read_schedule
from tesela.model.caller import Caller
from tesela.model.dashboard import Audience, Dashboard, Document, Layout, Page, Tile
from tesela.model.filter import OptionQuery, read_filters, stored_filters
from tesela.running.compiling import beside
from tesela.running.sources import dialect_of
from tesela.sql.check import check_sql
from tesela.store import DashboardRow, Store

FIRST_PAGE = "Page 1"
DEFAULT_REFRESH_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for."""

    workspace_id: str | None = None
    include_archived: bool = False
    search: str | None = None
    audience: Audience | None = None
    link: bool | None = None
    tag: str | None = None
    limit: int = 50
    offset: int = 0


async def create_dashboard(
    store: Store,
    access: Access,
    caller: Caller,
    *,
    name: str | None,
    clock: Callable[[], dt.datetime],
    description: str | None = None,
    workspace_id: str | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Dashboard:
    """Return a new dashboard with one empty page, owned by the caller.

    fields: further members of the document, as `document_fields` checks them.
    Raises BadRequest, and Forbidden for a viewer.
    """
    access.may_create(caller)
    update = document_fields(fields or {})
    await _check_option_queries(access, caller, update.get("filters", ()))
    document = Document(
        name=checks.name(name, "name", required_as="Dashboard name"),
        description=checks.text(description, "description"),
        refresh_interval_seconds=DEFAULT_REFRESH_SECONDS,
        pages=(Page(id=str(uuid.uuid4()), name=FIRST_PAGE),),
    ).model_copy(update=update)
    now = clock()
    dashboard = Dashboard(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        owner_id=caller.user_id,
        workspace_id=await usable_workspace(store, access, caller, workspace_id),
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=now,
        updated_at=now,
        document=document,
    )
    sentence = f"Created the dashboard '{document.name}'"
    await store.write(lambda tx: tx.dashboards.add(dashboard, author_id=caller.user_id, sentence=sentence))
    return dashboard


async def list_dashboards(
    store: Store, access: Access, caller: Caller, wanted: Wanted
) -> tuple[list[DashboardRow], int]:
    """Return one page of what the caller may see, the last changed first, and how many there are in all."""
    visible = await access.visible(caller)
    return await store.read(
        lambda tx: tx.dashboards.list(
            caller.tenant_id,
            visible_to=visible,
            workspace_id=wanted.workspace_id,
            include_archived=wanted.include_archived,
            search=wanted.search,
            audience=wanted.audience,
            link=wanted.link,
            tag=wanted.tag,
            limit=wanted.limit,
            offset=wanted.offset,
        )
    )


@dataclass(frozen=True, slots=True)
class Update:
    """A checked change of a dashboard. make: of its document. beside: of what stands beside the document."""

    make: Callable[[Document], Edit]
    beside: Callable[[Dashboard], Dashboard]


async def update_dashboard(
    editor: Editor, dashboard_id: str, changes: Mapping[str, Any], *, is_owner_only: bool = False
) -> Dashboard:
    """Return the dashboard with `changes` (only the members that were sent) applied."""
    action: Action = "own" if is_owner_only else "edit"
    current = await editor.access.dashboard(editor.caller, action, dashboard_id)
    update = await checked_update(editor, current, changes)
    return await editor.change(dashboard_id, update.make, action=action, beside=update.beside)


async def checked_update(editor: Editor, current: Dashboard, changes: Mapping[str, Any]) -> Update:
    """Return `changes` (only the members that were sent) of a dashboard, checked. Raises BadRequest, Forbidden."""
    wanted = dict(changes)
    beside: dict[str, Any] = {}
    if wanted.get("is_archived") is not None:
        beside["is_archived"] = wanted["is_archived"]
    if "workspace_id" in wanted:
        beside["workspace_id"] = await usable_workspace(
            editor.store, editor.access, editor.caller, wanted["workspace_id"]
        )
    update = document_fields(wanted)
    if "name" in wanted:
        update["name"] = checks.name(wanted["name"], "name", required_as="Dashboard name")
    if "description" in wanted:
        update["description"] = checks.text(wanted["description"], "description")

    def make(document: Document) -> Edit:
        if "filters" in update:
            _keep_named_filters(document, {one["name"] for one in update["filters"]})
        return Edit(document.model_copy(update=update), _sentence(document, update, beside))

    known = [one.get("options") for one in current.document.filters]
    await _check_option_queries(editor.access, editor.caller, update.get("filters", ()), known)
    if "is_archived" in beside and current.is_archived != beside["is_archived"]:
        await editor.access.dashboard(editor.caller, "own", current.id)
    return Update(make, lambda dashboard: replace(dashboard, **beside))


async def archive_dashboard(editor: Editor, dashboard_id: str) -> Dashboard:
    """Return the dashboard, archived: left out of lists, otherwise as it was."""
    return await editor.change(
        dashboard_id,
        lambda document: Edit(document, "Archived the dashboard"),
        action="own",
        beside=lambda dashboard: replace(dashboard, is_archived=True),
    )


async def delete_dashboard(
    store: Store, access: Access, caller: Caller, dashboard_id: str, *, expected_version: int | None
) -> None:
    """Delete the dashboard with its tiles, revisions and snapshots."""
    dashboard = await access.dashboard(caller, "own", dashboard_id)
    if expected_version not in (None, dashboard.version):
        raise Conflict("The dashboard was changed meanwhile; load it again", version=dashboard.version)
    await store.write(lambda tx: tx.dashboards.delete(caller.tenant_id, dashboard.id))


async def usable_workspace(
    store: Store, access: Access, caller: Caller, workspace_id: str | None
) -> str | None:
    """Return the id of a workspace that the caller may put dashboards into, or None for none."""
    if workspace_id is None:
        return None
    wanted = checks.uuid_field(workspace_id, "workspace_id")
    workspace = await store.read(lambda tx: tx.workspaces.get(caller.tenant_id, wanted))
    if workspace is None or not await access.may_see_workspace(caller, workspace):
        raise BadRequest("workspace_id: there is no workspace with this id")
    if not await access.may_edit_workspace(caller, workspace):
        raise Forbidden("You may not add dashboards to this workspace")
    return wanted


def document_fields(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the checked members of a document among `changes`, name and description apart.

    A member that is null goes back to its default.
    """
    update: dict[str, Any] = {}
    if "layout" in changes:
        update["layout"] = changes["layout"] or Layout()
    if "refresh_interval_seconds" in changes:
        update["refresh_interval_seconds"] = checks.refresh_interval(changes["refresh_interval_seconds"])
    if "time_zone" in changes:
        update["time_zone"] = checks.time_zone(changes["time_zone"] or "UTC")
    if "tags" in changes:
        update["tags"] = checks.tags(changes["tags"] or [])
    if "filters" in changes:
        update["filters"] = stored_filters(changes["filters"] or [])
    if "settings" in changes:
        update["settings"] = changes["settings"] or {}
        read_schedule(update["settings"], str(update.get("time_zone", "UTC")))
    return update


async def _check_option_queries(
    access: Access, caller: Caller, filters: Sequence[dict[str, Any]], known: Sequence[Any] = ()
) -> None:
    """Check the SQL of option queries that are not `known`, and the right to write it."""
    for one in read_filters(list(filters)):
        if isinstance(one.options, OptionQuery) and one.options.model_dump() not in known:
            field = f"filters.{one.name}.options.datasource_id"
            source = await access.datasource_named(caller, "use", one.options.datasource_id, field)
            query = one.options.query
            await beside(query, check_sql, query, dialect_of(source))


def _keep_named_filters(document: Document, names: set[str]) -> None:
    """Raise BadRequest when a filter goes whose name a tile's SQL says: both change, or none."""
    gone = {str(one.get("name")) for one in document.filters} - names
    for tile in document.tiles:
        for name in sorted(gone):
            if any(f"${{filter.{name}{rest}" in sql for sql in sql_of(tile) for rest in ("}", ".where}")):
                raise BadRequest(
                    f"filters: the tile '{tile.title}' says ${{filter.{name}}}; change the tile first"
                )


def sql_of(tile: Tile) -> list[str]:
    """Return the SQL texts of a tile."""
    detail = tile.chart_config.get("detail_query")
    return [sql for sql in (tile.query, detail) if isinstance(sql, str)]


def _sentence(document: Document, update: Mapping[str, Any], beside: Mapping[str, Any]) -> str:
    if update.get("name", document.name) != document.name:
        return f"Renamed the dashboard to '{update['name']}'"
    if "is_archived" in beside:
        return "Archived the dashboard" if beside["is_archived"] else "Took the dashboard out of the archive"
    changed = [key for key, value in update.items() if getattr(document, key) != value]
    changed += [key.removesuffix("_id") for key in beside]
    words = ", ".join(key.replace("_", " ") for key in changed)
    return f"Changed {words} of the dashboard" if words else "Saved the dashboard"
