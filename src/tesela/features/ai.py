"""The model that a tenant has turned on, its budgets, and what it has cost. Without one, everything works.

`Models.of` is the only way to a model: what it returns has counted every request before it leaves.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog
from pydantic import BaseModel

from tesela.errors import BadRequest, Conflict, TeselaError, TooManyRequests
from tesela.features.access import Access
from tesela.features.memory import Memory
from tesela.llm import Door, ModelFailed, ModelSettings, Prompt, Reply, Spent
from tesela.llm.base import Check, T
from tesela.llm.guarded import check_address
from tesela.llm.providers import ADDRESSES, ProviderDoor
from tesela.model.caller import Caller
from tesela.store import AiSettings, Store, Usage

log = structlog.get_logger()

PROVIDERS = ("openai", "anthropic")
REQUESTS_PER_DAY, TOKENS_PER_DAY, TIMEOUT_SECONDS = 1_000, 2_000_000, 30.0
"""Budgets of one who says nothing of them."""
MAX_REQUESTS, MAX_TOKENS = 1_000_000, 10_000_000_000
KEPT_TENANTS = 200
SPENT = (
    "The day's budget for the model is used up: an admin can raise it, or it starts anew at midnight (UTC)"
)
AT_A_TIME = 4
"""Requests of one tenant that are under way together: by so many answers can the budget of tokens be passed."""
CLEARABLE = frozenset({"base_url", "api_key"})


@dataclass(frozen=True, slots=True)
class _Open:
    """A tenant's model as it is set now; door: None when it is off."""

    tenant_id: str
    settings: AiSettings | None
    door: ProviderDoor | None


class Models:
    """The tenants' models, each opened when it is first asked. hosts: those that the operator allows."""

    def __init__(self, store: Store, hosts: str, clock: Callable[[], dt.datetime]) -> None:
        self._store = store
        self.hosts = tuple(hosts.split())
        self._clock = clock
        self._known = Memory[_Open](KEPT_TENANTS)
        self._closing: set[asyncio.Task[None]] = set()
        self._places: dict[str, asyncio.Semaphore] = {}
        store.on_change(self._hear)

    async def of(self, caller: Caller) -> Door | None:
        """Return the model of the caller's tenant, metered; None when none is turned on."""
        tenant_id = caller.tenant_id
        known = self._known.get(tenant_id) or await self._known.load(tenant_id, lambda: self._read(tenant_id))
        if known is None or known.door is None or known.settings is None:
            return None
        return _Metered(self._store, self._clock, known.settings, known.door, self._places_of(tenant_id))

    async def close(self) -> None:
        """Let go of connections."""
        doors: list[ProviderDoor] = []

        def is_known(known: _Open) -> bool:
            if known.door is not None:
                doors.append(known.door)
            return True

        self._known.drop_where(is_known)
        for door in doors:
            await door.close()
        if self._closing:
            await asyncio.wait(self._closing)

    def _places_of(self, tenant_id: str) -> asyncio.Semaphore:
        return self._places.setdefault(tenant_id, asyncio.Semaphore(AT_A_TIME))

    async def _read(self, tenant_id: str) -> _Open:
        settings = await self._store.read(lambda tx: tx.ai.get(tenant_id, key=True))
        if settings is None or not settings.is_enabled:
            return _Open(tenant_id, settings, None)
        door = ProviderDoor(_model_settings(settings), self.hosts, sends_rows=not settings.metadata_only)
        return _Open(tenant_id, settings, door)

    def _hear(self, kind: str, tenant_id: str, id: str) -> None:  # noqa: A002
        """Forget a model whose settings changed; what is being asked goes on to its end."""
        if kind != "ai":
            return
        known = self._known.get(tenant_id)
        self._known.drop(tenant_id)
        if known is not None and known.door is not None:
            try:
                task = asyncio.get_running_loop().create_task(self._close_later(known.door))
            except RuntimeError:
                return  # told outside of the loop: the connections end with the server
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _close_later(self, door: ProviderDoor) -> None:
        await door.close()


class _Metered:
    """A door that counts: a request before it leaves, tokens when the answer is there."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], dt.datetime],
        settings: AiSettings,
        door: ProviderDoor,
        places: asyncio.Semaphore,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._door = door
        self._places = places

    @property
    def sends_rows(self) -> bool:
        return self._door.sends_rows

    async def complete(self, prompt: Prompt, answer: type[T], *, check: Check[T] | None = None) -> Reply[T]:
        """As `Door.complete`. Raises TooManyRequests when the day's budget is used up."""
        async with self._places:
            return await self._counted(prompt, answer, check)

    async def _counted(self, prompt: Prompt, answer: type[T], check: Check[T] | None) -> Reply[T]:
        settings, now = self._settings, self._clock()
        day = now.date()
        so_far = await self._spend(day, Spent(requests=1))
        if so_far.requests > settings.requests_per_day or so_far.tokens >= settings.tokens_per_day:
            await self._spend(day, Spent(requests=-1))
            midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.UTC)
            raise TooManyRequests(SPENT, retry_after_seconds=max(1, int((midnight - now).total_seconds())))
        spent = Spent(requests=1)
        try:
            reply = await self._door.complete(prompt, answer, check=check)
            spent = reply.spent
        except ModelFailed as error:
            spent = error.spent
            log.info("model_failed", tenant=settings.tenant_id, why=error.private or error.sentence)
            raise
        finally:
            more = max(spent.requests - 1, 0)
            await asyncio.shield(self._spend(day, replace(spent, requests=more)))
        return reply

    async def _spend(self, day: dt.date, spent: Spent) -> Usage:
        tenant_id = self._settings.tenant_id

        async def add() -> Usage:
            return await self._store.write(
                lambda tx: tx.ai.spend(
                    tenant_id,
                    day,
                    requests=spent.requests,
                    input_tokens=spent.input_tokens,
                    output_tokens=spent.output_tokens,
                )
            )

        try:
            return await add()
        except Conflict:  # two began the day at the same moment
            return await add()


async def get_settings(store: Store, access: Access, caller: Caller) -> AiSettings | None:
    """Return the tenant's settings without the key; None when there are none. Admins only."""
    access.require_admin(caller)
    return await store.read(lambda tx: tx.ai.get(caller.tenant_id))


async def change_settings(
    models: Models, store: Store, access: Access, caller: Caller, wanted: Mapping[str, Any], now: dt.datetime
) -> AiSettings:
    """Return the settings after the members in `wanted` were changed. Admins only. Raises BadRequest."""
    access.require_admin(caller)
    before = await store.read(lambda tx: tx.ai.get(caller.tenant_id, key=True))
    base = before or AiSettings(
        tenant_id=caller.tenant_id,
        is_enabled=False,
        provider="openai",
        model="",
        base_url=None,
        metadata_only=True,
        requests_per_day=REQUESTS_PER_DAY,
        tokens_per_day=TOKENS_PER_DAY,
        timeout_seconds=TIMEOUT_SECONDS,
        updated_by=None,
        updated_at=now,
    )
    changes = {name: value for name, value in wanted.items() if value is not None or name in CLEARABLE}
    if "base_url" in changes and changes["base_url"] != base.base_url and "api_key" not in changes:
        changes["api_key"] = None  # a key is never sent to another server than it was given for
    if changes.get("provider", base.provider) != base.provider and "api_key" not in changes:
        changes["api_key"] = None
    after = replace(base, **changes, updated_by=caller.user_id, updated_at=now)
    _check(models, after)
    await store.write(lambda tx: tx.ai.put(after))
    return replace(after, api_key=None, has_key=after.api_key is not None)


async def remove_settings(store: Store, access: Access, caller: Caller, now: dt.datetime) -> None:
    """Turn the model off and forget its key. Admins only."""
    access.require_admin(caller)
    found = await store.read(lambda tx: tx.ai.get(caller.tenant_id))
    if found is not None:
        off = replace(found, is_enabled=False, api_key=None, updated_by=caller.user_id, updated_at=now)
        await store.write(lambda tx: tx.ai.put(off))


async def usage(store: Store, access: Access, caller: Caller, now: dt.datetime, *, days: int) -> list[Usage]:
    """Return what the last days have cost, today first; days without use are left out. Admins only."""
    access.require_admin(caller)
    since = now.date() - dt.timedelta(days=days - 1)
    return await store.read(lambda tx: tx.ai.usage(caller.tenant_id, since=since))


class Echo(BaseModel):
    """What a test asks of the model."""

    word: str


async def try_model(models: Models, access: Access, caller: Caller) -> tuple[bool, str]:
    """Return whether the model answers, and a sentence. Admins only. Raises BadRequest when it is off."""
    access.require_admin(caller)
    door = await models.of(caller)
    if door is None:
        raise BadRequest("is_enabled: turn the model on first")
    try:
        reply = await door.complete(
            Prompt.of("Answer with the word that the data holds.", word="mosaic"), Echo
        )
    except TeselaError as error:
        return False, error.sentence
    return True, f"{reply.model} answered; {reply.spent.tokens} tokens were used"


async def status(models: Models, caller: Caller) -> tuple[bool, bool]:
    """Return whether a model is on for the caller's tenant, and whether it sees no rows."""
    door = await models.of(caller)
    return door is not None, door is None or not door.sends_rows


def _check(models: Models, settings: AiSettings) -> None:
    if settings.provider not in PROVIDERS:
        raise BadRequest(f"provider must be one of {', '.join(PROVIDERS)}")
    if settings.is_enabled and not settings.model.strip():
        raise BadRequest("model is required: the name that the provider gives it")
    if len(settings.model) > 200 or not settings.model.isprintable():
        raise BadRequest("model must be a name of at most 200 characters")
    if settings.api_key is not None and not (
        settings.api_key.isascii() and settings.api_key.isprintable() and len(settings.api_key) <= 1_000
    ):
        raise BadRequest("api_key must be printable ASCII of at most 1000 characters")
    problem = check_address(settings.base_url or ADDRESSES[settings.provider], models.hosts)
    if problem is not None and (settings.is_enabled or settings.base_url):
        raise BadRequest(problem)
    if not 0 <= settings.requests_per_day <= MAX_REQUESTS:
        raise BadRequest(f"requests_per_day must be between 0 and {MAX_REQUESTS}")
    if not 0 <= settings.tokens_per_day <= MAX_TOKENS:
        raise BadRequest(f"tokens_per_day must be between 0 and {MAX_TOKENS}")
    if not 1 <= settings.timeout_seconds <= 300:
        raise BadRequest("timeout_seconds must be between 1 and 300")


def _model_settings(settings: AiSettings) -> ModelSettings:
    return ModelSettings(
        provider=settings.provider,
        model=settings.model,
        base_url=settings.base_url,
        api_key=settings.api_key,
        timeout_seconds=settings.timeout_seconds,
    )
