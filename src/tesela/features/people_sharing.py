"""Sharing with people: who of the tenant may see or change a dashboard, by audience and by grants.

Two facts are kept apart: the audience, and the public link (`sharing`). `visibility` is one word for both:
`public` is the whole tenant and the link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tesela.errors import BadRequest
from tesela.features.editing import Edit, Editor
from tesela.features.sharing import Aside, Link, Take, Terms, leave_link, link_of, switch_off, switch_on
from tesela.model.dashboard import Audience, Dashboard, Document
from tesela.store import Grant, Store, Tx

Visibility = Literal["private", "team", "tenant", "public"]
Permission = Literal["view", "edit", "own"]
MAX_GRANTS = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody to share with, as a request says it. id: of a user or a team."""

    id: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody it is shared with."""

    id: str
    kind: Literal["user", "team"]
    name: str
    permission: Permission


def visibility_of(audience: Audience, *, link: bool) -> Visibility:
    """Return the one word for audience and link: `public` when both are open."""
    return "public" if audience == "tenant" and link else audience


async def share(
    editor: Editor,
    take: Take,
    dashboard_id: str,
    *,
    keep: int,
    visibility: Visibility | None = None,
    wishes: Sequence[Wish] | None = None,
    make: Callable[[Document], Edit] | None = None,
) -> tuple[Dashboard, Link]:
    """Return the dashboard with its audience, link and grants as wished, and its link: one write, or none.

    The link is switched on by `public`, and off by another visibility of what was public; else it stays.
    wishes: all those it is shared with from now on; None leaves them. make: a change of the document beside.
    keep: how many snapshots stay. Owner or admin. Raises BadRequest naming who is not known.
    """
    dashboard = await editor.access.dashboard(editor.caller, "share", dashboard_id)
    grants = None if wishes is None else await _grants(editor.store, dashboard, wishes)
    shown = visibility_of(dashboard.audience, link=dashboard.link)
    audience: Audience | None = "tenant" if visibility == "public" else visibility
    aside = Aside(audience=audience, grants=grants, make=make)
    if visibility == "public" and shown != "public":
        return await switch_on(editor, take, dashboard_id, Terms(), keep=keep, aside=aside)
    if visibility is not None and shown == "public" and visibility != "public":
        return await switch_off(editor, dashboard_id, aside=aside), Link()
    after = await leave_link(editor, dashboard_id, aside)
    return after, await link_of(editor.store, after)


async def shared_with(store: Store, dashboard: Dashboard) -> list[Shared]:
    """Return whom a dashboard is shared with, teams first, by name. For its owner and admins only."""

    def read(tx: Tx) -> list[Shared]:
        given = tx.grants.of(dashboard.tenant_id, "dashboard", dashboard.id)
        users = tx.users.names(dashboard.tenant_id, [one.grantee_id for one in given])
        teams = {team.id: team.name for team in tx.teams.list(dashboard.tenant_id)} if given else {}
        names = {"user": users, "team": teams}
        return [
            Shared(one.grantee_id, one.grantee_kind, names[one.grantee_kind][one.grantee_id], one.right)
            for one in given
            if one.grantee_id in names[one.grantee_kind] and one.right != "use"
        ]

    found = await store.read(read)
    return sorted(found, key=lambda one: (one.kind, one.name.casefold(), one.id))


async def _grants(store: Store, dashboard: Dashboard, wishes: Sequence[Wish]) -> list[Grant]:
    """Return the grants that are wished for. Raises BadRequest naming who is no user or team of the tenant."""
    if len(wishes) > MAX_GRANTS:
        raise BadRequest(f"shared_with may name at most {MAX_GRANTS} users and teams")
    ids = [wish.id for wish in wishes]
    if twice := [id_ for id_ in dict.fromkeys(ids) if ids.count(id_) > 1]:
        raise BadRequest(f"shared_with names {twice[0][:100]} twice")

    def read(tx: Tx) -> tuple[set[str], set[str]]:
        users = set(tx.users.names(dashboard.tenant_id, ids))
        return users, {team.id for team in tx.teams.list(dashboard.tenant_id)}

    users, teams = await store.read(read)
    grants = []
    for wish in wishes:
        if wish.id not in users | teams:
            raise BadRequest(f"shared_with: there is no user or team {wish.id[:100]}")
        kind: Literal["user", "team"] = "user" if wish.id in users else "team"
        grants.append(Grant("dashboard", dashboard.id, kind, wish.id, wish.permission))
    return grants
