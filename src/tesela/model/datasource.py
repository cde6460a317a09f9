"""A database that tiles can ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Datasource:
    """One configured database of one tenant.

    kind: a key of `engines.ENGINES` (`duckdb`, `sqlite`, `postgresql`); `type` in JSON.
    config: what may be shown (host, port, database, user, file), never a secret.
    secrets: what may not (password); decrypted only on the way to an engine.
    is_shared: every editor of the tenant may use it without a grant.
    revision: grows with each change of config, secrets or data, and is part of every cache key.
    """

    id: str
    tenant_id: str
    name: str
    kind: str
    config: Mapping[str, Any]
    revision: int
    created_by: str | None
    created_at: dt.datetime
    updated_at: dt.datetime
    is_default: bool = False
    is_shared: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
