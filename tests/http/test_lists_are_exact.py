"""Both lists answer exactly what may be opened by its id, for everybody, over random grants, audiences and tenants."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import httpx
import pytest

import make
from live import Server
from teams import in_store
from tesela.features.tokens import API_KEY, PREFIX_LENGTH, hash_of, new_token
from tesela.model.dashboard import Audience
from tesela.store import ApiKey, Grant, Team, Tenant, Tx, User

ROLES: tuple[Any, ...] = ("viewer", "viewer", "editor", "editor", "admin")
RIGHTS: tuple[Any, ...] = ("view", "edit", "own")
DASHBOARDS = 40


@dataclass
class Crowd:
    keys: list[str]
    dashboards: list[str]
    archived: set[str]


def random_crowd(tx: Tx, chance: random.Random) -> Crowd:
    """Return two tenants of people, teams, workspaces and dashboards that are shared in every way."""
    crowd = Crowd([], [], set())
    for _ in range(2):
        tenant = tx.tenants.add(Tenant(f"tenant-{uuid.uuid4()}", f"crowd {uuid.uuid4()}", make.START))
        people = [_person(tx, tenant, role, crowd) for role in ROLES]
        teams = [
            tx.teams.add(Team(f"team-{uuid.uuid4()}", tenant.id, f"Team {number}", make.START))
            for number in range(3)
        ]
        for team in teams:
            members = chance.sample(people, chance.randint(0, 3))
            tx.teams.set_members(tenant.id, team.id, frozenset(one.id for one in members))
        places = [tx.workspaces.add(make.workspace(f"W{n}", tenant_id=tenant.id)) for n in range(2)]
        for place in places:
            given = _grants(chance, "workspace", place.id, people, teams)
            tx.grants.replace(tenant.id, "workspace", place.id, given)
        for number in range(DASHBOARDS):
            workspace = chance.choice([None, None, *places])
            dashboard = replace(
                make.dashboard(chance.choice(people), f"Dashboard {number}"),
                audience=chance.choice(("private", *get_args(Audience))),
                is_archived=chance.random() < 0.2,
                link=chance.random() < 0.2,
                workspace_id=workspace.id if workspace else None,
            )
            tx.dashboards.add(dashboard, author_id=dashboard.owner_id, sentence="Made")
            given = _grants(chance, "dashboard", dashboard.id, people, teams)
            tx.grants.replace(tenant.id, "dashboard", dashboard.id, given)
            crowd.dashboards.append(dashboard.id)
            if dashboard.is_archived:
                crowd.archived.add(dashboard.id)
    return crowd


def _person(tx: Tx, tenant: Tenant, role: Any, crowd: Crowd) -> User:
    user = tx.users.add(make.user(str(uuid.uuid4()), tenant_id=tenant.id, role=role))
    token = new_token(API_KEY)
    key = ApiKey(str(uuid.uuid4()), user.id, "crowd", token[:PREFIX_LENGTH], make.START, None, None)
    tx.api_keys.add(user, key, hash_of(token))
    crowd.keys.append(token)
    return user


def _grants(
    chance: random.Random, kind: Any, id_: str, people: Sequence[User], teams: Sequence[Team]
) -> list[Grant]:
    if chance.random() < 0.4:
        return []
    to: list[tuple[Any, str]] = [("user", one.id) for one in people] + [("team", one.id) for one in teams]
    return [
        Grant(kind, id_, *grantee, chance.choice(RIGHTS))
        for grantee in chance.sample(to, chance.randint(1, 2))
    ]


def listed(client: httpx.Client, path: str, **params: Any) -> list[str]:
    """Return the ids of all pages of a list; the header says how many there are."""
    found: list[str] = []
    while True:
        answer = client.get(path, params={"limit": 17, "offset": len(found), **params})
        assert answer.status_code == 200, answer.text
        page = [one["id"].removeprefix("dash-") for one in answer.json()]
        found += page
        if not page:
            assert int(answer.headers["X-Total-Count"]) == len(found)
            return found


@pytest.mark.parametrize("seed", [1, 2])
def test_a_list_holds_what_can_be_opened_and_nothing_else(server: Server, seed: int) -> None:
    crowd = in_store(server, lambda tx: random_crowd(tx, random.Random(seed)))
    counts = set()
    for key in crowd.keys:
        with httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=60
        ) as client:
            opened = {
                id_ for id_ in crowd.dashboards if client.get(f"/api/dashboards/{id_}").status_code == 200
            }
            opened_bi = {
                id_
                for id_ in crowd.dashboards
                if client.get(f"/api/v1/bi/dashboards/dash-{id_}").status_code == 200
            }
            qry = listed(client, "/api/dashboards")
            every = listed(client, "/api/dashboards", include_archived=True)
            bi = listed(client, "/api/v1/bi/dashboards")

        assert opened_bi == opened
        assert sorted(qry) == sorted(opened - crowd.archived)
        assert sorted(bi) == sorted(opened - crowd.archived)
        assert sorted(every) == sorted(opened)
        counts.add(len(opened))

    assert max(counts) == DASHBOARDS
    assert min(counts) < DASHBOARDS
    assert len(counts) >= 4
