"""A dashboard as the one who asks may see it."""

from __future__ import annotations

from fastapi import Request, Response

from tesela.features.metric_tiles import with_sql
from tesela.features.sharing import link_of
from tesela.features.viewing import without_locked
from tesela.http.deps import services
from tesela.http.qry.shapes import DashboardOut, dashboard_out
from tesela.http.web import version_etag
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard


async def shown(request: Request, response: Response, caller: Caller, dashboard: Dashboard) -> DashboardOut:
    """Return the answer, and put the dashboard's version into the response's ETag."""
    found = services(request)
    dashboard = await with_sql(found.definitions, found.access, caller, dashboard)
    rights = await found.access.rights(caller, dashboard)
    names = await found.access.names(dashboard)
    link = await link_of(found.store, dashboard) if rights.own else None
    response.headers["ETag"] = version_etag(dashboard.version)
    out = dashboard_out(
        dashboard,
        owner_name=names.owner,
        workspace_name=names.workspace,
        can_edit=rights.edit,
        can_own=rights.own,
        usable=rights.usable_datasources,
        share_token=link.token if link else None,
    )
    return out.model_copy(update={"filters": without_locked(caller, out.filters)}) if caller.locked else out
