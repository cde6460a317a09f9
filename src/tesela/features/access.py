"""The one place that decides who may do what; the rules stand in `rights`.

Decisions are made from memory: documents, grants and datasources are kept until the store says that they
changed. What is kept holds for every caller; what differs (role, teams) comes with the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tesela.errors import BadRequest, Forbidden, NotFound
from tesela.features.memory import Memory
from tesela.features.rights import (
    EDIT,
    NEEDED,
    OWN,
    SOURCE_NEEDED,
    USE,
    Action,
    Granted,
    SourceAction,
    dashboard_right,
    datasource_right,
    granted_by,
    reached,
)
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.model.datasource import Datasource
from tesela.store import DashboardRow, Facts, Store, Tx, Visibility, Workspace

__all__ = ["Access", "Action", "Names", "Rights", "SourceAction"]

NO_DASHBOARD = "Dashboard not found or access denied"
NO_DATASOURCE = "Datasource not found or access denied"
REFUSED = {
    EDIT: "You may look at this dashboard but not change it: ask its owner for the right to edit",
    OWN: "Only the owner of this dashboard or an admin may do this",
}
VIEWER_REFUSED = "Viewers may look at dashboards but not change them: ask an admin for the editor role"

FIRST_TENANT = "default"
"""The one that the server makes itself; whoever can read the server's log comes in there."""
KEPT_DASHBOARDS = 5_000
KEPT_DOCUMENT_BYTES = 32_000_000
KEPT_DATASOURCES = 5_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may do with one dashboard. usable_datasources: of those that its tiles ask."""

    edit: bool
    own: bool
    usable_datasources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    owner: str
    workspace: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """A dashboard with all that its rights are decided from."""

    dashboard: Dashboard
    granted: Granted
    owner_team_ids: frozenset[str]
    names: Names
    document_bytes: int

    def right(self, caller: Caller) -> int:
        return dashboard_right(caller, self.dashboard, self.granted, self.owner_team_ids)


@dataclass(frozen=True, slots=True)
class _KnownSource:
    """A datasource, without secrets, with what was granted on it."""

    datasource: Datasource
    granted: Granted

    def right(self, caller: Caller) -> int:
        return datasource_right(caller, self.datasource, self.granted)


class Access:
    """Rights, answered from memory where it can be. One instance serves the whole server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._dashboards = Memory[_Known](
            KEPT_DASHBOARDS, KEPT_DOCUMENT_BYTES, lambda known: known.document_bytes
        )
        self._sources = Memory[_KnownSource](KEPT_DATASOURCES)
        store.on_change(self._hear)

    async def dashboard(self, caller: Caller, action: Action, dashboard_id: str) -> Dashboard:
        """Return the dashboard when the caller may do `action` with it.

        Raises NotFound when they may not see it, in the words and after the work of what is not there;
        Forbidden when they may see it and no more.
        """
        known = await self._visible(caller, dashboard_id)
        needed = NEEDED[action]
        if known.right(caller) < needed:
            raise Forbidden(VIEWER_REFUSED if caller.role == "viewer" else REFUSED[needed])
        return known.dashboard

    def peek(self, caller: Caller, action: Action, dashboard_id: str) -> Dashboard | None:
        """Return the dashboard when it is in memory and the caller may do `action`; None: ask `dashboard`."""
        known = self._dashboards.get(dashboard_id)
        if known is None or known.right(caller) < NEEDED[action]:
            return None
        return known.dashboard

    async def rights(self, caller: Caller, dashboard: Dashboard) -> Rights:
        """Return what the caller may do with a dashboard that they may see. Raises NotFound."""
        right = (await self._visible(caller, dashboard.id)).right(caller)
        asked = {tile.datasource_id for tile in dashboard.document.tiles if tile.datasource_id}
        usable = [id_ for id_ in sorted(asked) if await self.may_use(caller, id_)]
        return Rights(edit=right >= EDIT, own=right >= OWN, usable_datasources=frozenset(usable))

    async def names(self, dashboard: Dashboard) -> Names:
        """Return the names of a dashboard's owner and workspace. Raises NotFound."""
        known = self._dashboards.get(dashboard.id)
        if known is None or known.dashboard.tenant_id != dashboard.tenant_id:
            known = await self._load(dashboard.tenant_id, dashboard.id, lambda *_: True)
        if known is None:
            raise NotFound(NO_DASHBOARD)
        return known.names

    async def visible(self, caller: Caller) -> Visibility:
        """Return whose eyes a list of dashboards is read with."""
        return Visibility(caller.user_id, caller.team_ids, everything=caller.is_admin)

    async def editable(self, caller: Caller, rows: Sequence[DashboardRow]) -> set[str]:
        """Return the ids of those visible dashboards that the caller may edit."""
        if caller.role == "viewer":
            return set()
        mine = {row.id for row in rows if caller.is_admin or row.owner_id == caller.user_id}
        others = [row for row in rows if row.id not in mine]
        if not others:
            return mine
        tenant_id, ids = caller.tenant_id, [row.id for row in others]
        workspaces = {row.workspace_id for row in others if row.workspace_id is not None}
        given = await self._store.read(
            lambda tx: (
                tx.grants.of_many(tenant_id, "dashboard", ids)
                + tx.grants.of_many(tenant_id, "workspace", workspaces)
            )
        )
        for row in others:
            granted = granted_by(grant for grant in given if grant.object_id in (row.id, row.workspace_id))
            if reached(caller, granted) >= EDIT:
                mine.add(row.id)
        return mine

    def may_create(self, caller: Caller) -> None:
        """Raise Forbidden for one who may not create dashboards and workspaces."""
        if caller.role == "viewer":
            raise Forbidden("Viewers may not create anything: ask an admin for the editor role")

    def may_create_datasource(self, caller: Caller, kind: str) -> None:
        """Raise Forbidden for one who may not add a datasource of this kind.

        A SQLite file lies on the server's own disk, which all tenants share: only admins of the first tenant,
        who run the server, may name one.
        """
        self.may_create(caller)
        if kind == "sqlite" and not caller.is_admin:
            raise Forbidden("Only an admin may add a SQLite file of the server")
        if kind == "sqlite" and caller.tenant_id != FIRST_TENANT:
            raise Forbidden("Only an admin of the server's first tenant may add a SQLite file of the server")

    def require_admin(self, caller: Caller) -> None:
        """Raise Forbidden for everybody but admins."""
        if not caller.is_admin:
            raise Forbidden("Only an admin may do this")

    def require_operator(self, caller: Caller) -> None:
        """Raise Forbidden for everybody but those who run the server: the admins of its first tenant."""
        if not caller.is_admin or caller.tenant_id != FIRST_TENANT:
            raise Forbidden("Only an admin of the server's first tenant may do this")

    async def datasource(self, caller: Caller, action: SourceAction, datasource_id: str) -> Datasource:
        """Return the datasource, without secrets. Raises NotFound, Forbidden."""
        known = await self._source(caller.tenant_id, datasource_id)
        right = 0 if known is None else known.right(caller)
        if known is None or not right:
            raise NotFound(NO_DATASOURCE)
        if right < SOURCE_NEEDED[action]:
            raise Forbidden("Only the owner of this datasource or an admin may do this")
        return known.datasource

    async def datasource_kind(self, tenant_id: str, datasource_id: str) -> Datasource:
        """Return a datasource of the tenant for what asks it through metrics, whatever rights the caller has on it.

        Only its kind and id may go anywhere. Raises NotFound.
        """
        known = await self._source(tenant_id, datasource_id)
        if known is None:
            raise NotFound(NO_DATASOURCE)
        return known.datasource

    async def datasource_named(
        self, caller: Caller, action: SourceAction, datasource_id: str, field: str
    ) -> Datasource:
        """Return the datasource that a field of a request names, as `datasource` does.

        Raises BadRequest naming the field; Forbidden for a viewer.
        """
        if caller.role == "viewer":
            raise Forbidden("Viewers may not write SQL: ask an admin for the editor role")
        try:
            return await self.datasource(caller, action, datasource_id)
        except NotFound as error:
            raise BadRequest(f"{field}: there is no datasource with this id that you may use") from error

    async def datasources(self, caller: Caller) -> list[tuple[Datasource, bool]]:
        """Return the datasources that the caller may use, by name, each with whether they own it."""
        if caller.role == "viewer":
            return []
        tenant_id = caller.tenant_id

        def read(tx: Tx) -> list[_KnownSource]:
            found = tx.datasources.list(tenant_id)
            given = tx.grants.of_many(tenant_id, "datasource", [source.id for source in found])
            return [
                _KnownSource(source, granted_by(grant for grant in given if grant.object_id == source.id))
                for source in found
            ]

        rights = [(known.datasource, known.right(caller)) for known in await self._store.read(read)]
        return [(datasource, right >= OWN) for datasource, right in rights if right]

    async def may_use(self, caller: Caller, datasource_id: str) -> bool:
        """Return whether the caller may write SQL on a datasource and browse it."""
        known = await self._source(caller.tenant_id, datasource_id)
        return known is not None and known.right(caller) >= USE

    async def may_own_datasource(self, caller: Caller, datasource_id: str) -> bool:
        """Return whether the caller may change and delete a datasource."""
        known = await self._source(caller.tenant_id, datasource_id)
        return known is not None and known.right(caller) >= OWN

    async def may_see_workspace(self, caller: Caller, workspace: Workspace) -> bool:
        """Return whether the caller may see a workspace: everybody of the tenant does."""
        return caller.tenant_id == workspace.tenant_id

    async def may_edit_workspace(self, caller: Caller, workspace: Workspace) -> bool:
        """Return whether the caller may put dashboards into a workspace: every editor of the tenant may."""
        return caller.tenant_id == workspace.tenant_id and caller.role != "viewer"

    async def may_own_workspace(self, caller: Caller, workspace: Workspace) -> bool:
        """Return whether the caller may rename and delete a workspace."""
        if not await self.may_edit_workspace(caller, workspace):
            return False
        if caller.is_admin or caller.user_id == workspace.created_by:
            return True
        given = await self._store.read(lambda tx: tx.grants.of(caller.tenant_id, "workspace", workspace.id))
        return reached(caller, granted_by(given)) >= OWN

    def forget_dashboard(self, dashboard_id: str) -> None:
        """Read a dashboard anew when it is next asked for."""
        self._dashboards.drop(dashboard_id.lower())

    async def _visible(self, caller: Caller, dashboard_id: str) -> _Known:
        """Return a dashboard that the caller may see. Raises NotFound.

        What is in memory but may not be seen is looked up like what is not there, so time tells nothing.
        """
        dashboard_id = dashboard_id.lower()
        known = self._dashboards.get(dashboard_id)
        if known is not None and known.right(caller):
            return known
        if not _UUID.fullmatch(dashboard_id):
            raise NotFound(NO_DASHBOARD)
        known = await self._load(
            caller.tenant_id,
            dashboard_id,
            lambda facts, granted, teams: dashboard_right(caller, facts, granted, teams) > 0,
        )
        if known is None or not known.right(caller):
            raise NotFound(NO_DASHBOARD)
        return known

    async def _load(
        self,
        tenant_id: str,
        dashboard_id: str,
        is_wanted: Callable[[Facts, Granted, frozenset[str]], bool],
    ) -> _Known | None:
        """Read a dashboard and keep it; its document only when it is wanted."""

        def read(tx: Tx) -> _Known | None:
            facts = tx.dashboards.facts(tenant_id, dashboard_id)
            granted = granted_by(tx.grants.on_dashboard(tenant_id, dashboard_id))
            teams = tx.dashboards.owner_teams(tenant_id, dashboard_id)
            if facts is None or not is_wanted(facts, granted, teams):
                return None
            dashboard = tx.dashboards.get(tenant_id, dashboard_id)
            if dashboard is None:
                return None
            names = Names(facts.owner_name, facts.workspace_name)
            return _Known(dashboard, granted, teams, names, facts.document_bytes)

        return await self._dashboards.load(dashboard_id, lambda: self._store.read(read))

    async def _source(self, tenant_id: str, datasource_id: str) -> _KnownSource | None:
        """Return a datasource of the tenant, from memory where it is there."""
        known = self._sources.get(datasource_id)
        if known is not None and known.datasource.tenant_id == tenant_id:
            return known
        if not _UUID.fullmatch(datasource_id):
            return None

        def read(tx: Tx) -> _KnownSource | None:
            given = tx.grants.of(tenant_id, "datasource", datasource_id)
            datasource = tx.datasources.get(tenant_id, datasource_id)
            return None if datasource is None else _KnownSource(datasource, granted_by(given))

        return await self._sources.load(datasource_id, lambda: self._store.read(read))

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        """Forget what a change made untrue."""
        match kind:
            case "dashboard":
                self._dashboards.drop(id)
            case "datasource":
                self._sources.drop(id)
            case "grant":
                self._dashboards.drop(id)
                self._sources.drop(id)
                self._dashboards.drop_where(lambda known: known.dashboard.workspace_id == id)
            case "workspace":
                self._dashboards.drop_where(lambda known: known.dashboard.workspace_id == id)
            case "user":
                self._dashboards.drop_where(lambda known: known.dashboard.owner_id == id)
            case "team" | "tenant":
                self._dashboards.drop_where(lambda known: known.dashboard.tenant_id == tenant_id)
                self._sources.drop_where(lambda known: known.datasource.tenant_id == tenant_id)
