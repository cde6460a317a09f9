"""Who may do what, for every route: people, places, a rule a route, and a world in which to try all of it.

The people belong to the tenant `matrix`, the operator to the first one. Each of them has objects of their own to ask
for in each place, so that what one may delete is there for the next.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx

import make
from live import Server
from teams import in_store
from tesela.features.tokens import API_KEY, PREFIX_LENGTH, hash_of, new_token
from tesela.model.dashboard import Checkpoint, Dashboard, Document, Page
from tesela.model.metric import Metric, read_definition
from tesela.model.policy import RowPolicy, Rules
from tesela.model.snapshot import Contents, Snapshot
from tesela.store import ApiKey, Conversation, Grant, Message, Team, Tenant, Tx, User

PEOPLE = ("anonymous", "suspended", "viewer", "editor", "owner", "admin", "operator")
UNSHARED, OTHER = "not shared", "other tenant"
SHARED = {
    "view": ("user", "view", False),
    "view by a team": ("team", "view", False),
    "edit": ("user", "edit", True),
    "edit by a team": ("team", "edit", True),
    "edit without the datasource": ("user", "edit", False),
}
"""Place -> who has the grant, which, and whether with `use` of the datasources."""
PLACES = (UNSHARED, *SHARED, OTHER)
TENANTS = {"home": "matrix", OTHER: "matrix other", "suspended": "matrix suspended"}
CANARY = "Quetzal"
"""In the name of everything that the world holds, before the place where it is."""
VIEW, EDIT, OWN = 1, 2, 3
GONE, REFUSED, UNKNOWN, DONE = 404, 403, 401, 200
OBJECTS = ("dashboard", "source", "policy")
"""The first words of rules about what is shared: they are asked for in every place."""


def role_of(person: str) -> str:
    return {"viewer": "viewer", "admin": "admin", "operator": "admin"}.get(person, "editor")


def right(person: str, place: str) -> int:
    """Return what somebody may do with a dashboard in a place."""
    if place == OTHER or person == "operator":
        return 0
    if person in ("owner", "admin"):
        return OWN
    granted = 0 if place == UNSHARED else (EDIT if SHARED[place][1] == "edit" else VIEW)
    return min(granted, VIEW) if person == "viewer" else granted


def uses(person: str, place: str) -> bool:
    """Return whether somebody may write SQL on a datasource in a place."""
    if place == OTHER or person in ("operator", "viewer"):
        return False
    return person in ("owner", "admin") or (place != UNSHARED and SHARED[place][2])


def expected(rule: str, person: str, place: str) -> int:
    """Return the status that the rule wants, 200 standing for every success."""
    if rule.startswith("public"):
        return int(rule.split()[1])
    if person in ("anonymous", "suspended"):
        return UNKNOWN
    is_admin, is_here = role_of(person) == "admin", place != OTHER
    match rule:
        case "signed in":
            return DONE
        case "editor":
            return REFUSED if person == "viewer" else DONE
        case "admin":
            return DONE if is_admin else REFUSED
        case "admin of it":
            return REFUSED if not is_admin else DONE if is_here else GONE
        case "admin who sees it":
            return REFUSED if not is_admin else DONE if right(person, place) else GONE
        case "operator":
            return DONE if person == "operator" else REFUSED
        case "operator or its admin":
            return DONE if person == "operator" or (is_admin and is_here) else REFUSED
        case "own":
            return DONE if is_here else GONE
        case "tenant":
            return DONE if is_here else GONE
        case "tenant, viewers apart":
            return DONE if is_here and person != "viewer" else GONE
        case "who made it":
            return GONE if not is_here else DONE if person in ("owner", "admin") else REFUSED
        case "metric in a body":
            return REFUSED if person == "viewer" else DONE if right(person, place) >= OWN else 400
        case "source in a body":
            return REFUSED if person == "viewer" else DONE if uses(person, place) else 400
    return _of_object(rule, right(person, place), uses(person, place), person)


def _of_object(rule: str, has: int, may_use: bool, person: str) -> int:
    is_owner = has >= OWN
    kind, needs = rule.split(": ")
    if kind == "dashboard":
        if not has:
            return GONE
        if needs == "clone":
            return DONE if may_use else REFUSED
        if needs == "edit and use":
            return REFUSED if has < EDIT else DONE if may_use else 400
        return DONE if has >= {"view": VIEW, "edit": EDIT, "own": OWN}[needs] else REFUSED
    if kind in ("policy", "metric"):
        return DONE if is_owner else GONE
    assert kind == "source", rule
    return GONE if not may_use else DONE if needs == "use" or is_owner else REFUSED


@dataclass
class Matrix:
    """keys: API keys by person. things: (person, place) -> the ids that fill paths and bodies."""

    url: str
    keys: dict[str, str]
    things: dict[tuple[str, str], dict[str, str]]
    admin_id: str
    hidden: dict[str, list[str]] = field(default_factory=dict)
    """Person -> names and ids that no answer to them may hold."""

    def client(self, person: str) -> httpx.Client:
        key = self.keys.get(person)
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=60
        )


def build(server: Server, folder: Path) -> Matrix:
    """Return the world, made in one write of the server's store."""
    file = folder / "matrix.sqlite"
    _make_rows(file)
    keys = {person: new_token(API_KEY) for person in PEOPLE[1:]}

    def write(tx: Tx) -> Matrix:
        return _World(tx, str(file), keys).made(server.url)

    return in_store(server, write)


def _make_rows(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE sales (region TEXT, month DATE, revenue INTEGER)")
        months = [dt.date(2023 + number // 12, number % 12 + 1, 1) for number in range(36)]
        rows = [
            (region, day.isoformat(), 100 + 7 * number)
            for region in ("North", f"{CANARY} row")
            for number, day in enumerate(months)
        ]
        connection.executemany("INSERT INTO sales VALUES (?, ?, ?)", rows)


class _World:
    def __init__(self, tx: Tx, file: str, keys: dict[str, str]) -> None:
        self.tx, self.file, self.keys = tx, file, keys
        self.users: dict[str, User] = {}
        self.tenants: dict[str, Tenant] = {}

    def made(self, url: str) -> Matrix:
        for word, name in TENANTS.items():
            tenant = Tenant(f"tenant-{uuid.uuid4()}", f"{CANARY} {word} {name}", make.START)
            self.tenants[word] = self.tx.tenants.add(tenant)
        default = self.tx.tenants.named("default")
        assert default is not None
        self.tenants["first"] = default
        homes = {"suspended": "suspended", "operator": "first"}
        for person in PEOPLE[1:]:
            user = self._user(person, self.tenants[homes.get(person, "home")], role_of(person))
            self._key(user, self.keys[person])
        self._user(OTHER, self.tenants[OTHER], "admin")
        self.tx.tenants.suspend(self.tenants["suspended"].id, is_suspended=True)
        members = frozenset(self.users[one].id for one in ("viewer", "editor"))
        home = self.tenants["home"]
        self.team = self.tx.teams.add(
            Team(f"team-{uuid.uuid4()}", home.id, f"{CANARY} shared team", make.START)
        )
        self.tx.teams.set_members(home.id, self.team.id, members)
        things = {(person, place): self._things(person, place) for person in PEOPLE for place in PLACES}
        return Matrix(url, self.keys, things, self.users["admin"].id, self._hidden(things))

    def _user(self, word: str, tenant: Tenant, role: Any) -> User:
        user = make.user(str(uuid.uuid4()), tenant_id=tenant.id, role=role)
        named = replace(user, email=f"{user.id[-36:]}@matrix.example.org", name=f"{CANARY} {word}")
        self.users[word] = self.tx.users.add(named)
        return named

    def _key(self, user: User, token: str) -> str:
        key = ApiKey(str(uuid.uuid4()), user.id, "matrix", token[:PREFIX_LENGTH], make.START, None, None)
        return self.tx.api_keys.add(user, key, hash_of(token)).id

    def _things(self, person: str, place: str) -> dict[str, str]:
        """Add one of each kind of object in this place and return the ids by the names of path parameters."""
        owner = self.users[OTHER if place == OTHER else "owner"]
        tenant_id, name = owner.tenant_id, f"{CANARY} {place} {uuid.uuid4().hex[:8]}"
        target = self._user(f"{place} target", self._tenant(tenant_id), "editor")
        team = self.tx.teams.add(Team(f"team-{uuid.uuid4()}", tenant_id, name, make.START))
        self.tx.teams.set_members(tenant_id, team.id, frozenset([target.id]))
        workspace = self.tx.workspaces.add(
            replace(make.workspace(name, tenant_id=tenant_id), created_by=owner.id)
        )
        sources = [
            self.tx.datasources.add(
                make.datasource(
                    f"{name} {number}",
                    tenant_id=tenant_id,
                    kind="sqlite",
                    config={"path": self.file},
                    created_by=owner.id,
                )
            ).id
            for number in range(2)
        ]
        policy = self._policy(owner, sources[0], name)
        qry, bi = (self._dashboard(owner, sources[1], f"{name} {face}") for face in ("qry", "bi"))
        for kind, ids in (("dashboard", (qry["dashboard_id"], bi["dashboard_id"])), ("datasource", sources)):
            for id_ in ids:
                self._share(tenant_id, place, kind, id_)
        key_owner = self.users.get(person, owner) if place != OTHER else owner
        spare = self.tx.tenants.add(Tenant(f"tenant-{uuid.uuid4()}", f"{name} tenant", make.START))
        own_tenant = tenant_id if place != OTHER and person != "operator" else spare.id
        return {
            **qry,
            "bi_dashboard_id": bi["dashboard_id"],
            "widget_id": bi["tile_id"],
            "datasource_id": sources[0],
            "tiles_source": sources[1],
            "policy_id": policy,
            **self._draft(owner, sources[1], name),
            "team_id": team.id,
            "user_id": target.id,
            "workspace_id": workspace.id,
            "key_id": self._key(key_owner, new_token(API_KEY)),
            **self._conversation(key_owner, sources[1] if key_owner.tenant_id == tenant_id else None),
            "tenant_id": own_tenant,
            "number": "1",
            "name": "region",
            "query_id": "q",
            "token": "tsh_none",
        }

    def _conversation(self, owner: User, source: str | None) -> dict[str, str]:
        """Add a talk of somebody's own with one answer, and return its ids."""
        made = Conversation(
            str(uuid.uuid4()), owner.tenant_id, owner.id, "A talk", None, source, make.START, make.START
        )
        said = Message(str(uuid.uuid4()), "assistant", "Hello", make.START)
        self.tx.conversations.add(made, keep=200)
        self.tx.conversations.say(made, [said], title="A talk", keep=60)
        return {"conversation_id": made.id, "message_id": said.id}

    def _tenant(self, tenant_id: str) -> Tenant:
        return next(one for one in self.tenants.values() if one.id == tenant_id)

    def _share(self, tenant_id: str, place: str, kind: Any, id_: str) -> None:
        if place not in SHARED:
            return
        to, granted, with_use = SHARED[place]
        if kind == "datasource" and not with_use:
            return
        wanted: Any = "use" if kind == "datasource" else granted
        people = [self.users[one].id for one in ("viewer", "editor")] if to == "user" else [self.team.id]
        given = [Grant(kind, id_, "user" if to == "user" else "team", one, wanted) for one in people]
        self.tx.grants.replace(tenant_id, kind, id_, given)

    def _policy(self, owner: User, source: str, name: str) -> str:
        policy = RowPolicy(
            id=str(uuid.uuid4()),
            tenant_id=owner.tenant_id,
            datasource_id=source,
            name=name,
            catalog=None,
            schema=None,
            table="sales",
            predicate="region <> 'nowhere'",
            masks={},
            roles=(),
            team_ids=(),
            is_enabled=False,
            revision=1,
            created_by=owner.id,
            created_at=make.START,
            updated_at=make.START,
        )
        return self.tx.policies.add(policy).id

    def _draft(self, owner: User, source: str, name: str) -> dict[str, str]:
        """Add a metric that only its owner and admins may see."""
        word = f"m_{uuid.uuid4().hex}"
        given = {"name": word, "label": name, "table": "sales", "expression": "sum(revenue)"}
        definition = read_definition({**given, "datasource_id": source})
        made = Metric(
            str(uuid.uuid4()),
            owner.tenant_id,
            owner.id,
            "draft",
            False,
            1,
            make.START,
            make.START,
            definition,
        )
        return {"metric_id": self.tx.metrics.add(made).id, "metric": word}

    def _dashboard(self, owner: User, source: str, name: str) -> dict[str, str]:
        pages = tuple(Page(id=str(uuid.uuid4()), name=f"{name} page {number}") for number in (1, 2))
        config = {
            "xField": "month",
            "yField": "revenue",
            "drill_levels": [{"id_column": "region"}, {"id_column": "month"}],
            "detail_query": "SELECT * FROM sales WHERE 1=1 ${detail.where}",
        }
        tile = make.tile(
            source,
            page_id=pages[0].id,
            title=f"{name} tile",
            tile_type="chart",
            chart_type="line",
            query="SELECT month, sum(revenue) AS revenue FROM sales WHERE 1=1 ${drill.where} GROUP BY month ORDER BY 1",
            chart_config=config,
            schema=None,
        )
        options = {"query": "SELECT DISTINCT region FROM sales", "datasource_id": source}
        filters = ({"name": "region", "field": "region", "label": name, "options": options},)
        document = Document(name=name, pages=pages, tiles=(tile,), filters=filters)
        dashboard = replace(make.dashboard(owner), document=document)
        self.tx.dashboards.add(dashboard, author_id=owner.id, sentence=f"Made {name}")
        checkpoint = Checkpoint(
            str(uuid.uuid4()), dashboard.id, 1, f"{name} checkpoint", None, owner.id, make.START
        )
        self.tx.checkpoints.add(owner.tenant_id, checkpoint)
        return {
            "dashboard_id": dashboard.id,
            "tile_id": tile.id,
            "page_id": pages[1].id,
            "first_page": pages[0].id,
            "checkpoint_id": checkpoint.id,
            "snapshot_id": self._snapshot(owner, dashboard, tile.id),
        }

    def _snapshot(self, owner: User, dashboard: Dashboard, tile_id: str) -> str:
        now = dt.datetime.now(dt.UTC)
        rows = json.dumps({tile_id: {"columns": ["a"], "rows": [{"a": f"{CANARY} row"}]}}).encode()
        snapshot = Snapshot(
            str(uuid.uuid4()),
            owner.tenant_id,
            dashboard.id,
            1,
            "manual",
            False,
            owner.id,
            Rules().digest,
            1,
            now,
            now + dt.timedelta(days=1),
            len(rows),
            "0" * 64,
        )
        return self.tx.snapshots.add(snapshot, Contents(b"{}", rows), keep=5).id

    def _hidden(self, things: dict[tuple[str, str], dict[str, str]]) -> dict[str, list[str]]:
        """Return what may never be in an answer to each person: all of other tenants, and what nobody shared."""
        far = [f"{CANARY} {OTHER}", self.tenants[OTHER].id, self.users[OTHER].id]
        near = [f"{CANARY} {place}" for place in (UNSHARED, *SHARED)] + [self.users["owner"].id]
        for (person, place), ids in things.items():
            own = [id_ for name, id_ in ids.items() if len(id_) >= 36 and (person, name) not in OWNED]
            (far if place == OTHER else near).extend(own)
        return {person: far + (near if person in OUTSIDE else []) for person in PEOPLE}


IN_BODIES = ("source in a body", "metric in a body", "admin who sees it")
OWNED = {("operator", name) for name in ("key_id", "conversation_id", "message_id")}
OUTSIDE = ("anonymous", "suspended", "operator")
"""Who has nothing to do with the home tenant."""


def places_for(rule: str, path: str, person: str) -> Iterator[str]:
    """Yield the places in which a rule is tried for somebody."""
    if person == "operator" and rule.split(":")[0] in OBJECTS:
        yield OTHER
    elif rule.split(":")[0] in OBJECTS or rule in IN_BODIES:
        yield from PLACES if person != "operator" else (OTHER,)
    elif "{" in path and not rule.startswith("public"):
        yield from (OTHER,) if person == "operator" else (UNSHARED, OTHER)
    else:
        yield UNSHARED
