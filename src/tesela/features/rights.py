"""The rules of rights, pure: what `access` decides by. In words: docs/decisions/0003-rights.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.model.datasource import Datasource
from tesela.store import Facts, Grant

Action = Literal[
    "view", "run", "drill", "export_data", "forecast", "explain", "ask",
    "edit", "snapshot",
    "own", "delete", "archive", "share", "checkpoint", "restore", "export_config",
]  # fmt: skip
SourceAction = Literal["see", "use", "own"]

VIEW, EDIT, OWN = 1, 2, 3
"""Rights on a dashboard; each holds those before it. 0 is none."""
USE = 1
"""The right to write SQL on a datasource and to browse it; OWN holds it."""

NEEDED: Mapping[str, int] = {
    **dict.fromkeys(("view", "run", "drill", "export_data", "forecast", "explain", "ask"), VIEW),
    **dict.fromkeys(("edit", "snapshot"), EDIT),
    **dict.fromkeys(("own", "delete", "archive", "share", "checkpoint", "restore", "export_config"), OWN),
}
SOURCE_NEEDED: Mapping[str, int] = {"see": USE, "use": USE, "own": OWN}
_RANKS: Mapping[str, int] = {"view": VIEW, "use": USE, "edit": EDIT, "own": OWN}

Granted = Mapping[tuple[str, str], int]
"""The highest right by (grantee kind, grantee id)."""


def dashboard_right(
    caller: Caller, dashboard: Dashboard | Facts, granted: Granted, owner_team_ids: frozenset[str]
) -> int:
    """Return the caller's right on a dashboard: 0, VIEW, EDIT or OWN.

    granted: on the dashboard and on its workspace.
    """
    if caller.tenant_id != dashboard.tenant_id:
        return 0
    if caller.role == "admin":
        return OWN
    right = OWN if caller.user_id == dashboard.owner_id else reached(caller, granted)
    if right < VIEW and (
        dashboard.audience == "tenant"
        or (dashboard.audience == "team" and not caller.team_ids.isdisjoint(owner_team_ids))
    ):
        right = VIEW
    return min(right, VIEW) if caller.role == "viewer" else right


def datasource_right(caller: Caller, datasource: Datasource, granted: Granted) -> int:
    """Return the caller's right on a datasource: 0, USE or OWN."""
    if caller.tenant_id != datasource.tenant_id or caller.role == "viewer":
        return 0
    if caller.role == "admin" or caller.user_id == datasource.created_by:
        return OWN
    return max(reached(caller, granted), USE if datasource.is_shared else 0)


def reached(caller: Caller, granted: Granted) -> int:
    """Return the highest right that was granted to the caller or one of their teams."""
    right = granted.get(("user", caller.user_id), 0)
    for team_id in caller.team_ids:
        right = max(right, granted.get(("team", team_id), 0))
    return right


def granted_by(grants: Iterable[Grant]) -> Granted:
    """Return the highest right of each grantee."""
    granted: dict[tuple[str, str], int] = {}
    for grant in grants:
        grantee = (grant.grantee_kind, grant.grantee_id)
        granted[grantee] = max(granted.get(grantee, 0), _RANKS[grant.right])
    return granted
