"""/api/tenants: for the operator, who is any admin of the server's first tenant."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query, Response

from tesela.features import tenants
from tesela.features.tenants import Usage
from tesela.http.deps import CallerDep, ServicesDep
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.store import Tenant

router = APIRouter(prefix="/api/tenants", tags=["tenants"], route_class=StrictJsonRoute)


class LimitsBody(Body):
    """What is not sent stays; null is no limit."""

    max_dashboards: int | None = None
    max_storage_bytes: int | None = None
    max_concurrent_queries: int | None = None


class TenantCreate(Body):
    name: str
    limits: LimitsBody = LimitsBody()


class TenantUpdate(Body):
    """Only what is sent is changed."""

    name: str | None = None
    limits: LimitsBody = LimitsBody()


class LimitsOut(Answer):
    max_dashboards: int | None
    max_storage_bytes: int | None
    max_concurrent_queries: int | None


class TenantUsage(Answer):
    dashboards: int
    users: int
    storage_bytes: int
    """Of the current files of uploads."""


class TenantOut(Answer):
    id: str
    name: str
    created_at: dt.datetime
    suspended_at: dt.datetime | None
    limits: LimitsOut
    usage: TenantUsage


@router.get("", operation_id="list_tenants")
async def list_all(
    response: Response,
    found: ServicesDep,
    caller: CallerDep,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    offset: Annotated[int, Query(ge=0, le=2**31)] = 0,
) -> list[TenantOut]:
    """List the tenants, the oldest first; `X-Total-Count` says how many there are in all."""
    every = await tenants.list_tenants(found.store, found.access, caller, found.files)
    response.headers["X-Total-Count"] = str(len(every))
    return [_out(*one) for one in every[offset : offset + limit]]


@router.post("", status_code=201, operation_id="create_tenant")
async def create(body: TenantCreate, found: ServicesDep, caller: CallerDep) -> TenantOut:
    """Add a tenant without people."""
    made = await tenants.create_tenant(
        found.store, found.access, caller, found.clock, name=body.name, limits=_sent(body.limits)
    )
    return await _shown(found, caller, made.id)


@router.get("/{tenant_id}", operation_id="get_tenant")
async def get(tenant_id: str, found: ServicesDep, caller: CallerDep) -> TenantOut:
    """Return a tenant with its limits and what it uses; an admin may look at their own."""
    return await _shown(found, caller, tenant_id)


@router.put("/{tenant_id}", operation_id="update_tenant")
async def update(tenant_id: str, body: TenantUpdate, found: ServicesDep, caller: CallerDep) -> TenantOut:
    """Change the name and those limits that are sent."""
    await tenants.update_tenant(
        found.store, found.access, caller, tenant_id, name=body.name, limits=_sent(body.limits)
    )
    return await _shown(found, caller, tenant_id)


@router.post("/{tenant_id}/suspend", operation_id="suspend_tenant")
async def suspend(tenant_id: str, found: ServicesDep, caller: CallerDep) -> TenantOut:
    """Shut a tenant out at once: people, keys, links, public pages and schedules."""
    await tenants.suspend_tenant(found.store, found.access, caller, tenant_id, is_suspended=True)
    return await _shown(found, caller, tenant_id)


@router.post("/{tenant_id}/resume", operation_id="resume_tenant")
async def resume(tenant_id: str, found: ServicesDep, caller: CallerDep) -> TenantOut:
    """Let a suspended tenant in again, as it was."""
    await tenants.suspend_tenant(found.store, found.access, caller, tenant_id, is_suspended=False)
    return await _shown(found, caller, tenant_id)


async def _shown(found: ServicesDep, caller: CallerDep, tenant_id: str) -> TenantOut:
    return _out(*await tenants.get_tenant(found.store, found.access, caller, found.files, tenant_id))


def _sent(limits: LimitsBody) -> dict[str, int | None]:
    return {name: getattr(limits, name) for name in limits.model_fields_set}


def _out(tenant: Tenant, usage: Usage) -> TenantOut:
    return TenantOut(
        id=tenant.id,
        name=tenant.name,
        created_at=tenant.created_at,
        suspended_at=tenant.suspended_at,
        limits=LimitsOut(
            max_dashboards=tenant.limits.max_dashboards,
            max_storage_bytes=tenant.limits.max_storage_bytes,
            max_concurrent_queries=tenant.limits.max_concurrent_queries,
        ),
        usage=TenantUsage(dashboards=usage.dashboards, users=usage.users, storage_bytes=usage.storage_bytes),
    )
