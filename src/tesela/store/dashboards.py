"""Dashboards: one row each, with the document, and what lists and searches need beside it.

Every change goes through `add` or `save`, which write row, uses and revision together.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, cast, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from tesela.errors import BadRequest, Conflict, NotFound
from tesela.model.dashboard import Audience, Dashboard, Document
from tesela.store.revisions import Revisions
from tesela.store.tables import (
    dashboard_search,
    dashboard_uses,
    dashboards,
    grants,
    team_members,
    users,
    workspaces,
)
from tesela.store.tenants import Tenants
from tesela.store.visibility import Visibility
from tesela.store.work import Work, key_of

MISSING = "Dashboard not found or access denied"
FEW_MATCHES = 500
MAX_BYTES = 10_000_000
"""Of a document, as of a bundle: what is stored can be exported and imported again."""


@dataclass(frozen=True, slots=True)
class DashboardRow:
    """What a list shows of a dashboard."""

    id: str
    name: str
    description: str | None
    tags: tuple[str, ...]
    tile_count: int
    owner_id: str
    owner_name: str
    workspace_id: str | None
    workspace_name: str | None
    audience: Audience
    link: bool
    is_archived: bool
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What rights are decided from; the same for a dashboard that is there and one that is not."""

    tenant_id: str
    owner_id: str
    workspace_id: str | None
    audience: Audience
    version: int
    document_bytes: int
    owner_name: str
    workspace_name: str | None


class Dashboards:
    def __init__(self, work: Work) -> None:
        self._work = work
        self._revisions = Revisions(work)

    def add(self, dashboard: Dashboard, *, author_id: str, sentence: str) -> Dashboard:
        """Add a dashboard with its first revision, and return it.

        Raises Conflict when the id is taken, and when the tenant has as many as it may.
        """
        document = bytes_of(dashboard.document)
        Tenants(self._work).check_dashboards(dashboard.tenant_id)
        self._work.write(
            insert(dashboards).values(
                id=dashboard.id,
                tenant_id=dashboard.tenant_id,
                created_at=dashboard.created_at,
                updated_at=dashboard.updated_at,
                version=dashboard.version,
                **_values(dashboard, document),
            ),
            taken="This dashboard's id is taken, or its owner or workspace does not exist any more",
        )
        self._write_beside(dashboard)
        self._revisions.append(dashboard, document, parent=None, author_id=author_id, sentence=sentence)
        self._work.changed("listing", dashboard.tenant_id, dashboard.tenant_id)
        self._work.changed("dashboard", dashboard.tenant_id, dashboard.id)
        return dashboard

    def get(self, tenant_id: str, dashboard_id: str) -> Dashboard | None:
        """Return a dashboard with its whole document."""
        row = self._work.first(
            select(
                dashboards.c.id,
                dashboards.c.tenant_id,
                dashboards.c.owner_id,
                dashboards.c.workspace_id,
                dashboards.c.audience,
                dashboards.c.link,
                dashboards.c.is_archived,
                dashboards.c.version,
                dashboards.c.created_at,
                dashboards.c.updated_at,
                dashboards.c.document,
            ).where(dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id)
        )
        return None if row is None else _dashboard(row)

    def facts(self, tenant_id: str, dashboard_id: str) -> Facts | None:
        """Return what rights are decided from, without the document."""
        row = self._work.first(
            select(
                dashboards.c.tenant_id,
                dashboards.c.owner_id,
                dashboards.c.workspace_id,
                dashboards.c.audience,
                dashboards.c.version,
                func.length(dashboards.c.document).label("document_bytes"),
                users.c.name.label("owner_name"),
                workspaces.c.name.label("workspace_name"),
            )
            .join(users, users.c.id == dashboards.c.owner_id)
            .outerjoin(workspaces, workspaces.c.id == dashboards.c.workspace_id)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id)
        )
        return None if row is None else Facts(**row._mapping)

    def owner_teams(self, tenant_id: str, dashboard_id: str) -> frozenset[str]:
        """Return the teams of a dashboard's owner."""
        found = self._work.rows(
            select(team_members.c.team_id)
            .join(dashboards, dashboards.c.owner_id == team_members.c.user_id)
            .where(dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id)
        )
        return frozenset(row.team_id for row in found)

    def save(
        self, dashboard: Dashboard, *, expected_version: int, author_id: str, sentence: str
    ) -> Dashboard:
        """Write a changed dashboard (document, owner, workspace, audience, link, archived), and return it
        with its next version and time.

        Raises NotFound; Conflict with the current version when it is not `expected_version`.
        """
        after = dataclasses.replace(dashboard, version=expected_version + 1, updated_at=self._work.now())
        document = bytes_of(after.document)
        listed_before = self._listed_by(after)
        met = self._work.write(
            update(dashboards)
            .where(
                dashboards.c.tenant_id == after.tenant_id,
                dashboards.c.id == after.id,
                dashboards.c.version == expected_version,
            )
            .values(version=after.version, updated_at=after.updated_at, **_values(after, document)),
            taken="The owner or the workspace of this dashboard does not exist any more",
        )
        if not met:
            self._refuse(after)
        self._write_beside(after)
        self._revisions.append(
            after, document, parent=expected_version, author_id=author_id, sentence=sentence
        )
        if listed_before != _listed_by(after):
            self._work.changed("listing", after.tenant_id, after.tenant_id)
        self._work.changed("dashboard", after.tenant_id, after.id)
        return after

    def delete(self, tenant_id: str, dashboard_id: str, *, expected_version: int | None = None) -> None:
        """Remove a dashboard with its revisions, uses and grants. Raises NotFound, Conflict."""
        statement = delete(dashboards).where(
            dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id
        )
        if expected_version is not None:
            statement = statement.where(dashboards.c.version == expected_version)
        if not self._work.write(statement):
            self._refuse_id(tenant_id, dashboard_id)
        self._work.write(
            delete(grants).where(
                grants.c.tenant_id == tenant_id,
                grants.c.object_kind == "dashboard",
                grants.c.object_id == dashboard_id,
            )
        )
        self._work.changed("listing", tenant_id, tenant_id)
        self._work.changed("dashboard", tenant_id, dashboard_id)

    def using_datasource(self, tenant_id: str, datasource_id: str) -> list[tuple[str, str]]:
        """Return id and name of the dashboards with a tile on a datasource."""
        found = self._work.rows(
            select(dashboards.c.id, dashboards.c.name)
            .join(dashboard_uses, dashboard_uses.c.dashboard_id == dashboards.c.id)
            .where(
                dashboard_uses.c.tenant_id == tenant_id,
                dashboard_uses.c.kind == "datasource",
                dashboard_uses.c.ref == datasource_id,
            )
            .order_by(dashboards.c.name, dashboards.c.id)
        )
        return [(row.id, row.name) for row in found]

    def count_by_datasource(self, tenant_id: str) -> dict[str, int]:
        """Return how many dashboards use each datasource; one without any is left out."""
        found = self._work.rows(
            select(dashboard_uses.c.ref, func.count().label("n"))
            .where(dashboard_uses.c.tenant_id == tenant_id, dashboard_uses.c.kind == "datasource")
            .group_by(dashboard_uses.c.ref)
        )
        return {row.ref: row.n for row in found}

    def count_by_workspace(self, tenant_id: str, *, visible_to: Visibility) -> dict[str, int]:
        """Return how many visible dashboards, archived ones apart, each workspace holds."""
        found = self._work.rows(
            select(dashboards.c.workspace_id, func.count().label("n"))
            .where(
                dashboards.c.tenant_id == tenant_id,
                dashboards.c.workspace_id.is_not(None),
                dashboards.c.is_archived.is_(False),
                visible_to.condition(tenant_id),
            )
            .group_by(dashboards.c.workspace_id)
        )
        return {row.workspace_id: row.n for row in found}

    def transfer(self, tenant_id: str, *, from_user: str, to_user: str, author_id: str, sentence: str) -> int:
        """Give all dashboards of one user to another, and return how many there were."""
        owned = self._work.rows(
            select(dashboards.c.id).where(
                dashboards.c.tenant_id == tenant_id, dashboards.c.owner_id == from_user
            )
        )
        for row in owned:
            before = self.get(tenant_id, row.id)
            if before is not None:
                after = dataclasses.replace(before, owner_id=to_user)
                self.save(after, expected_version=before.version, author_id=author_id, sentence=sentence)
        return len(owned)

    def _shown(self, ids: list[str]) -> list[DashboardRow]:
        """Return the rows of one page, in the order of `ids`."""
        found = self._work.rows(
            select(
                dashboards.c.id,
                dashboards.c.name,
                dashboards.c.description,
                dashboards.c.tags,
                dashboards.c.tile_count,
                dashboards.c.owner_id,
                users.c.name.label("owner_name"),
                dashboards.c.workspace_id,
                workspaces.c.name.label("workspace_name"),
                dashboards.c.audience,
                dashboards.c.link,
                dashboards.c.is_archived,
                dashboards.c.version,
                dashboards.c.created_at,
                dashboards.c.updated_at,
            )
            .join(users, users.c.id == dashboards.c.owner_id)
            .outerjoin(workspaces, workspaces.c.id == dashboards.c.workspace_id)
            # The tenant's own ids; naming the tenant too would lead SQLite through all of its dashboards.
            .where(dashboards.c.id.in_(ids))
        )
        rows = {row.id: _listed(row) for row in found}
        return [rows[id_] for id_ in ids if id_ in rows]

    def _matching(self, tenant_id: str, search: str) -> list[ColumnElement[bool]]:
        """Return the conditions that a dashboard is the tenant's and its text holds `search`.

        Few matches are named, so that only they are looked up (`coalesce` keeps SQLite from going through the
        tenant's index instead). Many are tested one by one in the order of the list, until the page is full.
        """
        found = (dashboard_search.c.tenant_id == tenant_id) & dashboard_search.c.text.like(
            _pattern(search), escape="\\"
        )
        few = self._work.rows(select(dashboard_search.c.dashboard_id).where(found).limit(FEW_MATCHES + 1))
        if len(few) <= FEW_MATCHES:
            named = dashboards.c.id.in_([row.dashboard_id for row in few])
            return [named, func.coalesce(dashboards.c.tenant_id, "") == tenant_id]
        matches = select(dashboard_search.c.text).where(
            found, dashboard_search.c.dashboard_id == dashboards.c.id
        )
        return [dashboards.c.tenant_id == tenant_id, matches.correlate(dashboards).exists()]

    def _tagged(self, tag: str) -> ColumnElement[bool]:
        """Return the condition that a dashboard has exactly this tag; `tags` is a JSON list, kept as text."""
        stored = cast(dashboards.c.tags, Text)
        if self._work.connection.dialect.name == "sqlite":
            each = func.json_each(stored).table_valued("value")
        else:
            each = func.jsonb_array_elements_text(cast(stored, JSONB)).table_valued("value")
        return select(literal(1)).select_from(each).where(each.c.value == tag).exists()

    def _listed_by(self, dashboard: Dashboard) -> tuple[Any, ...] | None:
        """Return the stored facts that decide in whose lists a dashboard stands."""
        row = self._work.first(
            select(*_LISTED_BY).where(
                dashboards.c.tenant_id == dashboard.tenant_id, dashboards.c.id == dashboard.id
            )
        )
        return None if row is None else tuple(row)

    def _write_beside(self, dashboard: Dashboard) -> None:
        """Write what searches read, and which datasources are used."""
        text = _search_text([dashboard.document.name, dashboard.document.description or ""])
        place = (
            dashboard_search.c.tenant_id == dashboard.tenant_id,
            dashboard_search.c.dashboard_id == dashboard.id,
        )
        if not self._work.write(update(dashboard_search).where(*place).values(text=text)):
            self._work.write(
                insert(dashboard_search).values(
                    tenant_id=dashboard.tenant_id, dashboard_id=dashboard.id, text=text
                )
            )
        self._write_uses(dashboard)

    def _write_uses(self, dashboard: Dashboard) -> None:
        before = {
            (row.kind, row.ref)
            for row in self._work.rows(
                select(dashboard_uses.c.kind, dashboard_uses.c.ref).where(
                    dashboard_uses.c.dashboard_id == dashboard.id
                )
            )
        }
        after = {("datasource", id_) for id_ in dashboard.document.datasource_ids()}
        after |= {("metric", name) for name in dashboard.document.metric_names()}
        if dashboard.document.settings.get("schedule"):
            after.add(("schedule", ""))
        for kind, ref in before - after:
            self._work.write(
                delete(dashboard_uses).where(
                    dashboard_uses.c.dashboard_id == dashboard.id,
                    dashboard_uses.c.kind == kind,
                    dashboard_uses.c.ref == ref,
                )
            )
        for kind, ref in sorted(after - before):
            self._work.write(
                insert(dashboard_uses).values(
                    dashboard_id=dashboard.id, kind=kind, ref=ref, tenant_id=dashboard.tenant_id
                )
            )

    def _refuse(self, dashboard: Dashboard) -> None:
        self._refuse_id(dashboard.tenant_id, dashboard.id)

    def _refuse_id(self, tenant_id: str, dashboard_id: str) -> None:
        current = self._work.value(
            select(dashboards.c.version).where(
                dashboards.c.tenant_id == tenant_id, dashboards.c.id == dashboard_id
            )
        )
        if current is None:
            raise NotFound(MISSING)
        raise Conflict("This dashboard was changed meanwhile: load it again", version=int(current))

    def list(
        self,
        tenant_id: str,
        *,
        visible_to: Visibility,
        workspace_id: str | None = None,
        include_archived: bool = False,
        search: str | None = None,
        audience: Audience | None = None,
        link: bool | None = None,
        tag: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[DashboardRow], int]:
        """Return one page of the visible dashboards, the latest change first, and how many there are in all.

        search: found in name or description, without regard to case; `%` and `_` are letters like others.
        audience, link, tag: only those that have it; None: all.
        """
        search = (search or "").strip() or None
        wanted = [visible_to.condition(tenant_id)]
        wanted += self._matching(tenant_id, search) if search else [dashboards.c.tenant_id == tenant_id]
        if not include_archived:
            wanted.append(dashboards.c.is_archived.is_(False))
        if workspace_id is not None:
            wanted.append(dashboards.c.workspace_id == workspace_id)
        if audience is not None:
            wanted.append(dashboards.c.audience == audience)
        if link is not None:
            wanted.append(dashboards.c.link.is_(link))
        if tag is not None:
            wanted.append(self._tagged(tag))
        question = (visible_to, workspace_id, include_archived, search, audience, link, tag)
        total = self._work.totals.get(tenant_id, question)
        if total is None:
            total = int(self._work.value(select(func.count()).select_from(dashboards).where(*wanted)))
            self._work.totals.keep(tenant_id, question, total, generation=self._work.generation)
        page = (
            select(dashboards.c.id)
            .where(*wanted)
            .order_by(dashboards.c.updated_at.desc(), dashboards.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        ids = [row.id for row in self._work.rows(page)]
        return self._shown(ids), total


_LISTED_BY = (
    dashboards.c.owner_id,
    dashboards.c.workspace_id,
    dashboards.c.audience,
    dashboards.c.is_archived,
    dashboards.c.name,
    dashboards.c.description,
    dashboards.c.link,
    dashboards.c.tags,
)


def _listed_by(dashboard: Dashboard) -> tuple[Any, ...]:
    """Return what `_LISTED_BY` selects."""
    shown = dashboard.document
    return (
        dashboard.owner_id,
        dashboard.workspace_id,
        dashboard.audience,
        dashboard.is_archived,
        shown.name,
        shown.description,
        dashboard.link,
        list(shown.tags),
    )


def bytes_of(document: Document) -> bytes:
    """Return the stored form of a document; reading it back and writing it again gives the same bytes.

    Raises BadRequest for one that is too large: it is read whole, and written again with every change.
    """
    stored = document.model_dump_json(by_alias=True).encode()
    if len(stored) > MAX_BYTES:
        raise BadRequest(
            f"A dashboard with all its tiles, filters and settings may have at most {MAX_BYTES // 1_000_000} MB"
        )
    return stored


def _values(dashboard: Dashboard, document: bytes) -> dict[str, Any]:
    shown = dashboard.document
    return {
        "owner_id": dashboard.owner_id,
        "workspace_id": dashboard.workspace_id,
        "name": shown.name,
        "description": shown.description,
        "tags": list(shown.tags),
        "audience": dashboard.audience,
        "link": dashboard.link,
        "is_archived": dashboard.is_archived,
        "tile_count": len(shown.tiles),
        "document": document,
    }


def _search_text(parts: Iterable[str]) -> str:
    return "\n".join(key_of(part) for part in parts)


def _pattern(search: str) -> str:
    r"""
    >>> _pattern("100%")
    '%100\\%%'
    """
    text = key_of(search)
    for letter in ("\\", "%", "_"):
        text = text.replace(letter, f"\\{letter}")
    return f"%{text}%"


def _dashboard(row: Row[Any]) -> Dashboard:
    return Dashboard(
        id=row.id,
        tenant_id=row.tenant_id,
        owner_id=row.owner_id,
        workspace_id=row.workspace_id,
        audience=row.audience,
        link=row.link,
        is_archived=row.is_archived,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
        document=Document.model_validate_json(row.document),
    )


def _listed(row: Row[Any]) -> DashboardRow:
    return DashboardRow(
        id=row.id,
        name=row.name,
        description=row.description,
        tags=tuple(row.tags),
        tile_count=row.tile_count,
        owner_id=row.owner_id,
        owner_name=row.owner_name,
        workspace_id=row.workspace_id,
        workspace_name=row.workspace_name,
        audience=row.audience,
        link=row.link,
        is_archived=row.is_archived,
        version=row.version,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
