"""A dashboard as the one who asks may see it, in the words of the BI API."""

from __future__ import annotations

from fastapi import Request, Response

from tesela.features.viewing import without_locked
from tesela.http.bi.shapes import BiDashboardOut, dashboard_out
from tesela.http.deps import services
from tesela.http.web import version_etag
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard


async def shown(request: Request, response: Response, caller: Caller, dashboard: Dashboard) -> BiDashboardOut:
    """Return the answer, and put the dashboard's version into the response's ETag."""
    rights = await services(request).access.rights(caller, dashboard)
    response.headers["ETag"] = version_etag(dashboard.version)
    out = dashboard_out(dashboard, rights)
    return out.model_copy(update={"filters": without_locked(caller, out.filters)}) if caller.locked else out
