"""Snapshots and links: what was stored of a dashboard at one moment, and who may read it without logging in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

TriggerType = Literal["manual", "on_share", "scheduled"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of one snapshot, its rows apart.

    revision: the version of the dashboard that it shows.
    executed_by: who asked for it; the owner, where the clock did.
    policy_digest: whose rows it holds: equal for two callers who would see the same.
    is_refresh: made by the clock to keep the public page young; the next one takes its place.
    size_bytes: of the rows as JSON. sha256: of the same.
    """

    id: str
    tenant_id: str
    dashboard_id: str
    revision: int
    trigger_type: TriggerType
    is_refresh: bool
    executed_by: str
    policy_digest: str
    execution_time_ms: int
    created_at: dt.datetime
    expires_at: dt.datetime
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a snapshot holds. structure: the public form of the dashboard, JSON. tile_data: JSON, tile id -> data."""

    structure: bytes = field(repr=False)
    tile_data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Share:
    """A dashboard's link. Whoever has the token may read the latest snapshot until `expires_at`."""

    tenant_id: str
    dashboard_id: str
    token_hash: str = field(repr=False)
    expires_at: dt.datetime | None
    password_hash: str | None = field(repr=False)

    @property
    def has_password(self) -> bool:
        return self.password_hash is not None
