"""The airline desk: metrics, a team of two, a policy that tells them apart, and a dashboard in the BI API's words.

Read from `desk_files/`. It is made as a whole when its dashboard is missing; what has one of its names stays as it is.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from tesela.features.people import new_user
from tesela.http.bi.translate import members_of
from tesela.model.charts import check_config
from tesela.model.dashboard import Dashboard, Document, Page, Tile
from tesela.model.filter import stored_filters
from tesela.model.metric import Metric, read_definition, read_metric_query
from tesela.model.policy import Attributes, RowPolicy
from tesela.store import Grant, Team, Tx, User

NAME = "Airline desk"
TABLE = "flights"
PREDICATE = "carrier IN (${user.airlines})"
PEOPLE: tuple[tuple[str, str, Any, Attributes], ...] = (
    ("ana@flights.example", "Ana, analyst", "editor", {"airlines": ("UA", "B6", "EV", "DL")}),
    ("ben@flights.example", "Ben, viewer", "viewer", {"airlines": ("B6",)}),
)
"""E-mail, name, role and the airlines whose flights they see. Without a password: `tesela user link` lets them in."""
TTL_SECONDS = 86_400


def add_desk(tx: Tx, admin: User, namespace: uuid.UUID, datasource_id: str, now: dt.datetime) -> list[str]:
    """Add what is missing, all in one write, and return a sentence for it; [] when the dashboard is there."""
    dashboard_id = str(uuid.uuid5(namespace, "desk"))
    if tx.dashboards.get(admin.tenant_id, dashboard_id) is not None:
        return []
    _add_metrics(tx, admin, namespace, datasource_id, now)
    team = _team(tx, admin, namespace, now)
    _add_policy(tx, admin, namespace, datasource_id, team, now)
    dashboard = Dashboard(
        id=dashboard_id,
        tenant_id=admin.tenant_id,
        owner_id=admin.id,
        workspace_id=None,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=now,
        updated_at=now,
        document=document(namespace, now),
    )
    tx.dashboards.add(dashboard, author_id=admin.id, sentence=f"Made the demo dashboard '{NAME}'")
    grant = Grant("dashboard", dashboard_id, "team", team.id, "edit")
    tx.grants.replace(admin.tenant_id, "dashboard", dashboard_id, [grant])
    return [
        f"Made the demo dashboard '{NAME}' of metrics, shared with a team of two whom a row policy binds."
    ]


def document(namespace: uuid.UUID, now: dt.datetime) -> Document:
    """Return the dashboard as a document, its widgets as tiles. Ids follow from the namespace."""
    definition = json.loads(_text("dashboard.json"))
    page = Page(id=str(uuid.uuid5(namespace, "desk/page")), name=NAME)
    tiles = [
        _tile(members_of(widget, None), str(uuid.uuid5(namespace, f"desk/{number}")), page.id, now)
        for number, widget in enumerate(definition["widgets"])
    ]
    return Document(
        name=definition["name"],
        description=definition["description"],
        tags=tuple(definition["tags"]),
        filters=stored_filters(definition["filters"]),
        time_zone="America/New_York",
        pages=(page,),
        tiles=tuple(tiles),
    )


def metrics(datasource_id: str) -> list[dict[str, Any]]:
    """Return the metrics as the API takes them; those without a formula stand on the flights."""
    given = json.loads(_text("metrics.json"))
    base = {**given["flights"], "datasource_id": datasource_id}
    return [one if "formula" in one else {**base, **one} for one in given["metrics"]]


def _tile(members: Mapping[str, Any], id_: str, page_id: str, now: dt.datetime) -> Tile:
    check_config(members["tile_type"], members["chart_type"], members["chart_config"])
    if members["tile_type"] == "text":
        members = {**members, "content": _text("about.md")}
    else:
        read_metric_query(members["metric_query"])
        members = {**members, "cache_ttl_seconds": TTL_SECONDS}
    return Tile(**{**members, "id": id_, "page_id": page_id, "created_at": now, "updated_at": now})


def _add_metrics(tx: Tx, admin: User, namespace: uuid.UUID, datasource_id: str, now: dt.datetime) -> None:
    taken = {one.name for one in tx.metrics.list(admin.tenant_id)}
    for given in metrics(datasource_id):
        certified = given.pop("certified", False)
        definition = read_definition(given)
        if definition.name not in taken:
            id_ = str(uuid.uuid5(namespace, f"metric/{definition.name}"))
            made = Metric(id_, admin.tenant_id, admin.id, "published", certified, 1, now, now, definition)
            tx.metrics.add(made)


def _team(tx: Tx, admin: User, namespace: uuid.UUID, now: dt.datetime) -> Team:
    """Return the team, with its two people when it is new."""
    tenant_id = admin.tenant_id
    found = next((one for one in tx.teams.list(tenant_id) if one.name == NAME), None)
    if found is not None:
        return found
    id_ = f"team-{uuid.uuid5(namespace, 'team')}"
    team = tx.teams.add(
        Team(id_, tenant_id, NAME, now, "Each member sees the flights of their own airlines.")
    )
    members = [
        tx.users.with_email(tenant_id, email)
        or tx.users.add(
            replace(new_user(tenant_id, email, role=role, name=name, now=now), attributes=attributes)
        )
        for email, name, role, attributes in PEOPLE
    ]
    tx.teams.set_members(tenant_id, team.id, frozenset(one.id for one in members))
    return team


def _add_policy(
    tx: Tx, admin: User, namespace: uuid.UUID, datasource_id: str, team: Team, now: dt.datetime
) -> None:
    """Bind the team's members to their own airlines; nobody else is bound."""
    if any(one.name == NAME for one in tx.policies.list(admin.tenant_id, datasource_id)):
        return
    policy = RowPolicy(
        id=str(uuid.uuid5(namespace, "policy")),
        tenant_id=admin.tenant_id,
        datasource_id=datasource_id,
        name=NAME,
        catalog=None,
        schema=None,
        table=TABLE,
        predicate=PREDICATE,
        masks={},
        roles=(),
        team_ids=(team.id,),
        is_enabled=True,
        revision=1,
        created_by=admin.id,
        created_at=now,
        updated_at=now,
    )
    tx.policies.add(policy)


def _text(name: str) -> str:
    return (files("tesela.demo") / "desk_files" / name).read_text(encoding="utf-8").strip()
