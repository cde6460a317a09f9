"""/api/ai: the model of the tenant, its budgets and what it has cost."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from tesela.features import ai
from tesela.http.deps import AccessDep, CallerDep, ClockDep, ModelsDep, StoreDep
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.store import AiSettings

router = APIRouter(prefix="/api/ai", tags=["ai"], route_class=StrictJsonRoute)


class AiBody(Body):
    """Only what is sent is changed; `base_url` and `api_key` may be null to clear them."""

    is_enabled: bool | None = None
    provider: Literal["openai", "anthropic"] | None = None
    model: str | None = None
    base_url: str | None = None
    api_key: str | None = Field(None, min_length=1)
    metadata_only: bool | None = None
    requests_per_day: int | None = None
    tokens_per_day: int | None = None
    timeout_seconds: float | None = None


class AiOut(Answer):
    """The key never comes back; `has_key` says that there is one."""

    is_enabled: bool
    provider: Literal["openai", "anthropic"]
    model: str
    base_url: str | None
    has_key: bool
    metadata_only: bool
    requests_per_day: int
    tokens_per_day: int
    timeout_seconds: float
    updated_at: dt.datetime | None
    allowed_hosts: list[str]


class AiStatus(Answer):
    """What everybody may know: whether a model helps, and whether it sees rows."""

    is_enabled: bool
    metadata_only: bool


class UsageDay(Answer):
    day: dt.date
    requests: int
    input_tokens: int
    output_tokens: int


class AiUsage(Answer):
    """days: today first; days without use are left out. The budgets hold for one day, UTC."""

    requests_per_day: int
    tokens_per_day: int
    days: list[UsageDay]


class TestOut(Answer):
    ok: bool
    message: str


@router.get("/settings", operation_id="get_ai_settings")
async def get(models: ModelsDep, store: StoreDep, access: AccessDep, caller: CallerDep) -> AiOut:
    """Return the tenant's settings."""
    return _out(models, await ai.get_settings(store, access, caller))


@router.put("/settings", operation_id="update_ai_settings")
async def update(
    body: AiBody, models: ModelsDep, store: StoreDep, access: AccessDep, caller: CallerDep, clock: ClockDep
) -> AiOut:
    """Change the members that are sent. A key is forgotten when the server or the provider changes without it."""
    wanted = {name: getattr(body, name) for name in body.model_fields_set}
    return _out(models, await ai.change_settings(models, store, access, caller, wanted, clock()))


@router.delete("/settings", status_code=204, operation_id="delete_ai_settings")
async def delete(store: StoreDep, access: AccessDep, caller: CallerDep, clock: ClockDep) -> None:
    """Turn the model off and forget its key."""
    await ai.remove_settings(store, access, caller, clock())


@router.post("/test", operation_id="test_ai")
async def test(models: ModelsDep, access: AccessDep, caller: CallerDep) -> TestOut:
    """Ask the model for one word. A failure is an answer, not an error."""
    ok, message = await ai.try_model(models, access, caller)
    return TestOut(ok=ok, message=message)


@router.get("/usage", operation_id="get_ai_usage")
async def get_usage(
    models: ModelsDep,
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
    days: Annotated[int, Query(ge=1, le=366)] = 30,
) -> AiUsage:
    """Return what the model has cost, day by day."""
    found = await ai.usage(store, access, caller, clock(), days=days)
    settings = _out(models, await ai.get_settings(store, access, caller))
    return AiUsage(
        requests_per_day=settings.requests_per_day,
        tokens_per_day=settings.tokens_per_day,
        days=[
            UsageDay(
                day=one.day,
                requests=one.requests,
                input_tokens=one.input_tokens,
                output_tokens=one.output_tokens,
            )
            for one in found
        ],
    )


@router.get("/status", operation_id="get_ai_status")
async def status(models: ModelsDep, caller: CallerDep) -> AiStatus:
    """Return whether a model is on for the tenant."""
    is_enabled, metadata_only = await ai.status(models, caller)
    return AiStatus(is_enabled=is_enabled, metadata_only=metadata_only)


def _out(models: ai.Models, found: AiSettings | None) -> AiOut:
    return AiOut(
        is_enabled=found.is_enabled if found else False,
        provider=found.provider if found else "openai",
        model=found.model if found else "",
        base_url=found.base_url if found else None,
        has_key=found.has_key if found else False,
        metadata_only=found.metadata_only if found else True,
        requests_per_day=found.requests_per_day if found else ai.REQUESTS_PER_DAY,
        tokens_per_day=found.tokens_per_day if found else ai.TOKENS_PER_DAY,
        timeout_seconds=found.timeout_seconds if found else ai.TIMEOUT_SECONDS,
        updated_at=found.updated_at if found else None,
        allowed_hosts=list(models.hosts),
    )
