"""Which model a tenant asks, and what it has cost, day by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import delete, insert, select, update

from tesela.store.tables import ai_settings, ai_usage
from tesela.store.work import Work


@dataclass(frozen=True, slots=True)
class AiSettings:
    """A tenant's word on models; without a row there is none.

    api_key: in the clear only when it was asked for. metadata_only: no value of a row leaves the server.
    requests_per_day, tokens_per_day: budgets, 0 for none at all.
    """

    tenant_id: str
    is_enabled: bool
    provider: Literal["openai", "anthropic"]
    model: str
    base_url: str | None
    metadata_only: bool
    requests_per_day: int
    tokens_per_day: int
    timeout_seconds: float
    updated_by: str | None
    updated_at: dt.datetime
    has_key: bool = False
    api_key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """What was spent in one day (UTC). requests: those that were let through, failed ones too."""

    day: dt.date
    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


class Ai:
    def __init__(self, work: Work) -> None:
        self._work = work

    def get(self, tenant_id: str, *, key: bool = False) -> AiSettings | None:
        """Return a tenant's settings; with `key`, its key in the clear. Raises BadSecrets."""
        row = self._work.first(select(ai_settings).where(ai_settings.c.tenant_id == tenant_id))
        if row is None:
            return None
        opened = None
        if key and row.api_key is not None:
            opened = self._work.keys.decrypt(row.api_key, bound_to=f"ai:{tenant_id}")
        return AiSettings(
            tenant_id=row.tenant_id,
            is_enabled=row.is_enabled,
            provider=row.provider,
            model=row.model,
            base_url=row.base_url,
            metadata_only=row.metadata_only,
            requests_per_day=row.requests_per_day,
            tokens_per_day=row.tokens_per_day,
            timeout_seconds=row.timeout_ms / 1000,
            updated_by=row.updated_by,
            updated_at=row.updated_at,
            has_key=row.api_key is not None,
            api_key=opened,
        )

    def put(self, settings: AiSettings) -> None:
        """Keep a tenant's settings; the key that is given in the clear is kept encrypted, None removes it."""
        tenant_id = settings.tenant_id
        sealed = None
        if settings.api_key is not None:
            sealed = self._work.keys.encrypt(settings.api_key, bound_to=f"ai:{tenant_id}")
        self._work.write(delete(ai_settings).where(ai_settings.c.tenant_id == tenant_id))
        self._work.write(
            insert(ai_settings).values(
                tenant_id=tenant_id,
                is_enabled=settings.is_enabled,
                provider=settings.provider,
                model=settings.model,
                base_url=settings.base_url,
                api_key=sealed,
                metadata_only=settings.metadata_only,
                requests_per_day=settings.requests_per_day,
                tokens_per_day=settings.tokens_per_day,
                timeout_ms=round(settings.timeout_seconds * 1000),
                updated_by=settings.updated_by,
                updated_at=settings.updated_at,
            )
        )
        self._work.changed("ai", tenant_id, tenant_id)

    def usage(self, tenant_id: str, *, since: dt.date) -> list[Usage]:
        """Return what each day since then has cost, the latest first; days without use are left out."""
        found = self._work.rows(
            select(ai_usage)
            .where(ai_usage.c.tenant_id == tenant_id, ai_usage.c.day >= since.isoformat())
            .order_by(ai_usage.c.day.desc())
        )
        return [
            Usage(dt.date.fromisoformat(row.day), row.requests, row.input_tokens, row.output_tokens)
            for row in found
        ]

    def spend(
        self,
        tenant_id: str,
        day: dt.date,
        *,
        requests: int = 0,
        input_tokens: int = 0,
        output_tokens: int = 0,
    ) -> Usage:
        """Add to a day's cost and return what it has come to."""
        added = {
            "requests": ai_usage.c.requests + requests,
            "input_tokens": ai_usage.c.input_tokens + input_tokens,
            "output_tokens": ai_usage.c.output_tokens + output_tokens,
        }
        mine = (ai_usage.c.tenant_id == tenant_id) & (ai_usage.c.day == day.isoformat())
        if not self._work.write(update(ai_usage).where(mine).values(**added)):
            self._work.write(
                insert(ai_usage).values(
                    tenant_id=tenant_id,
                    day=day.isoformat(),
                    requests=requests,
                    input_tokens=input_tokens,
                    output_tokens=output_tokens,
                ),
                taken="The budget was used at the same moment: try again",
            )
        row = self._work.first(select(ai_usage).where(mine))
        assert row is not None  # noqa: S101 - written just now
        return Usage(day, row.requests, row.input_tokens, row.output_tokens)
