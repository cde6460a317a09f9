"""What a route may ask for, named once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from structlog.contextvars import bind_contextvars

from tesela.engines.workers import WorkerPool
from tesela.features.access import Access
from tesela.features.ai import Models
from tesela.features.assembly import Assemblies
from tesela.features.audit import AuditLog
from tesela.features.data import Defaults
from tesela.features.definitions import Definitions
from tesela.features.editing import Editor
from tesela.features.forecast import Forecaster
from tesela.features.public_pages import PublicPages
from tesela.features.snapshots import Camera
from tesela.http.audited import named_object
from tesela.http.auth import Authenticator
from tesela.http.metrics import Metrics
from tesela.http.web import expected_version
from tesela.model.caller import Caller
from tesela.running.catalog import Catalogs
from tesela.running.queries import Queries
from tesela.running.runner import Runner
from tesela.running.sources import Sources
from tesela.running.spool import Spools
from tesela.running.views import Views
from tesela.running.visible import Visible
from tesela.settings import Settings
from tesela.store import Store

Clock = Callable[[], dt.datetime]


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the server; made by `app`, found at `app.state.tesela`."""

    settings: Settings
    store: Store
    access: Access
    authenticator: Authenticator
    audit: AuditLog
    sources: Sources
    runner: Runner
    assemblies: Assemblies
    camera: Camera
    public_pages: PublicPages
    defaults: Defaults
    catalogs: Catalogs
    definitions: Definitions
    visible: Visible
    queries: Queries
    views: Views
    metrics: Metrics
    models: Models
    pool: WorkerPool
    files: Path
    """Folder of the embedded datasources' files."""
    uploads: Path
    """Folder of uploads in flight."""
    spools: Spools
    """Downloads under way."""
    forecaster: Forecaster
    clock: Clock


def services(request: Request) -> Services:
    """Return the server's services."""
    found: Services = request.app.state.tesela
    return found


async def caller(request: Request) -> Caller:
    """Return who is asking. Raises Unauthenticated."""
    found = await services(request).authenticator.caller(request.scope)
    bind_contextvars(tenant=found.tenant_id)
    request.state.caller = found
    if request.method == "DELETE":
        request.state.name_before = await _name_before(request, found)
    return found


async def _name_before(request: Request, caller: Caller) -> str | None:
    """Return the name of what is about to be deleted, for its line in the audit."""
    kind, id_, _ = named_object(request.path_params)
    if kind is None or id_ is None:
        return None
    return await services(request).store.read(lambda tx: tx.audit.name_of(caller.tenant_id, kind, id_))


def _part(name: str) -> Callable[[Request], object]:
    def get(request: Request) -> object:
        return getattr(services(request), name)

    return get


ServicesDep = Annotated[Services, Depends(services)]
CallerDep = Annotated[Caller, Depends(caller)]
StoreDep = Annotated[Store, Depends(_part("store"))]
AccessDep = Annotated[Access, Depends(_part("access"))]
AuditDep = Annotated[AuditLog, Depends(_part("audit"))]
AuthenticatorDep = Annotated[Authenticator, Depends(_part("authenticator"))]
RunnerDep = Annotated[Runner, Depends(_part("runner"))]
SourcesDep = Annotated[Sources, Depends(_part("sources"))]
CatalogsDep = Annotated[Catalogs, Depends(_part("catalogs"))]
DefinitionsDep = Annotated[Definitions, Depends(_part("definitions"))]
CameraDep = Annotated[Camera, Depends(_part("camera"))]
PublicPagesDep = Annotated[PublicPages, Depends(_part("public_pages"))]
QueriesDep = Annotated[Queries, Depends(_part("queries"))]
ViewsDep = Annotated[Views, Depends(_part("views"))]
ModelsDep = Annotated[Models, Depends(_part("models"))]
SettingsDep = Annotated[Settings, Depends(_part("settings"))]
ClockDep = Annotated[Clock, Depends(_part("clock"))]


def editor(request: Request, caller: CallerDep) -> Editor:
    """Return what a change needs: who, when, and the version that `If-Match` names."""
    found = services(request)
    return Editor(found.store, found.access, caller, found.clock, expected_version(request))


EditorDep = Annotated[Editor, Depends(editor)]
