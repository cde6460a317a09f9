"""/api/tenants: for the operator; limits that hold, and a suspension that stops everything at once."""

from __future__ import annotations

import concurrent.futures
from pathlib import Path
from typing import Any

import httpx
import pytest

from live import Person, Server, anonymous
from make import START
from site_of_people import Site, on_site

ABSENT = "tenant-00000000-0000-4000-8000-000000000000"
NO_LIMITS = {"max_dashboards": None, "max_storage_bytes": None, "max_concurrent_queries": None}
ROUTES: list[tuple[str, str, Any]] = [
    ("GET", "/api/tenants", None),
    ("POST", "/api/tenants", {"name": "New"}),
    ("GET", "/api/tenants/{id}", None),
    ("PUT", "/api/tenants/{id}", {"name": "Taken over"}),
    ("POST", "/api/tenants/{id}/suspend", None),
    ("POST", "/api/tenants/{id}/resume", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
def test_only_admins_of_the_first_tenant_reach_tenants(
    tmp_path: Path, method: str, path: str, body: Any
) -> None:
    async def work(site: Site) -> None:
        editor = await site.acting(await site.person("ana"))
        viewer = await site.acting(await site.person("viewer", role="viewer"))
        north = await site.acting(await site.person("root", tenant_id="north", role="admin"))
        await site.person("other", tenant_id="south")
        before = await site.world.store.read(lambda tx: tx.tenants.list())

        asked = [
            await client.request(method, path.format(id="south"), json=body)
            for client in (site.client(), editor, viewer, north)
        ]

        assert [one.status_code for one in asked] == [401, 403, 403, 403]
        assert await site.world.store.read(lambda tx: tx.tenants.list()) == before

    on_site(tmp_path, work)


@pytest.mark.parametrize(("method", "path", "body"), [route for route in ROUTES if "{id}" in route[1]])
@pytest.mark.parametrize("id_", [ABSENT, "nope", "%00", "%F0%9F%92%A9", "x" * 300, "' OR 1=1 --"])
def test_a_tenant_that_is_not_there_is_not_found(
    tmp_path: Path, method: str, path: str, body: Any, id_: str
) -> None:
    async def work(site: Site) -> None:
        answer = await (await site.acting(site.admin)).request(method, path.format(id=id_), json=body)

        assert (answer.status_code, answer.json()) == (404, {"detail": "Tenant not found"})

    on_site(tmp_path, work)


def test_the_operator_adds_renames_and_limits_a_tenant(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        operator = await site.acting(site.admin)

        made = await operator.post("/api/tenants", json={"name": " North ", "limits": {"max_dashboards": 3}})
        tenant = made.json()
        url = f"/api/tenants/{tenant['id']}"

        assert made.status_code == 201
        assert tenant == {
            "id": tenant["id"],
            "name": "North",
            "created_at": START.isoformat().replace("+00:00", "Z"),
            "suspended_at": None,
            "limits": NO_LIMITS | {"max_dashboards": 3},
            "usage": {"dashboards": 0, "users": 0, "storage_bytes": 0},
        }
        changed = await operator.put(url, json={"name": "Norte", "limits": {"max_concurrent_queries": 2}})
        limits = {"max_dashboards": 3, "max_storage_bytes": None, "max_concurrent_queries": 2}
        assert (changed.status_code, changed.json()) == (200, tenant | {"name": "Norte", "limits": limits})
        freed = await operator.put(url, json={"limits": {"max_dashboards": None}})
        assert freed.json()["limits"] == limits | {"max_dashboards": None}
        listed = await operator.get("/api/tenants", params={"offset": 1})
        assert (listed.headers["X-Total-Count"], listed.json()) == ("2", [freed.json()])
        assert (await operator.post("/api/tenants", json={"name": "Norte"})).status_code == 409

    on_site(tmp_path, work)


def test_an_admin_may_look_at_their_own_tenant_and_at_no_other(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        root = await site.person("root", tenant_id="north", role="admin")
        editor = await site.acting(await site.person("ed", tenant_id="north"))
        admin = await site.acting(root)

        own = await admin.get("/api/tenants/north")

        assert (own.status_code, own.json()["usage"]["users"]) == (200, 2)
        assert (await admin.get("/api/tenants/default")).status_code == 403
        assert (await editor.get("/api/tenants/north")).status_code == 403

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x", "limits": None}, "limits"),
        ({"name": "x", "limits": {"max_dashboards": -1}}, "max_dashboards"),
        ({"name": "x", "limits": {"max_dashboards": 2**40}}, "max_dashboards"),
        ({"name": "x", "limits": {"max_storage_bytes": "5"}}, "max_storage_bytes"),
        ({"name": "x", "limits": {"max_storage_bytes": 2**70}}, "max_storage_bytes"),
        ({"name": "x", "limits": {"max_concurrent_queries": 0}}, "max_concurrent_queries"),
        ({"name": "x", "limits": {"max_concurrent_queries": 1.5}}, "max_concurrent_queries"),
    ],
)
def test_a_tenant_that_makes_no_sense_is_not_made(tmp_path: Path, body: Any, named: str) -> None:
    async def work(site: Site) -> None:
        operator = await site.acting(site.admin)

        answer = await operator.post("/api/tenants", json=body)

        assert (answer.status_code, named in answer.json()["detail"]) == (400, True)
        assert len((await operator.get("/api/tenants")).json()) == 1

    on_site(tmp_path, work)


def test_the_first_tenant_is_neither_renamed_nor_suspended(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        operator = await site.acting(site.admin)

        renamed = await operator.put("/api/tenants/default", json={"name": "Mine"})
        suspended = await operator.post("/api/tenants/default/suspend")

        assert (renamed.status_code, suspended.status_code) == (400, 409)
        assert (await operator.get("/api/tenants/default")).json()["suspended_at"] is None

    on_site(tmp_path, work)


@pytest.fixture(scope="module")
def operator(any_server: Server) -> Person:
    return any_server.admin()


class North:
    """A tenant of its own with an admin."""

    def __init__(self, server: Server, operator: Person, name: str) -> None:
        self.admin = server.person(f"admin@{name}.example.org", role="admin", tenant=name)
        self.id: str = self.admin.get("/api/auth/me").json()["tenant_id"]
        self.path = f"/api/tenants/{self.id}"
        self.operator = operator

    def limit(self, **limits: int | None) -> None:
        assert self.operator.put(self.path, json={"limits": limits}).status_code == 200

    def usage(self) -> dict[str, int]:
        found: dict[str, int] = self.operator.get(self.path).json()["usage"]
        return found


def test_no_way_leads_past_the_limit_of_dashboards(any_server: Server, operator: Person) -> None:
    north = North(any_server, operator, "dashboards-limit")
    first = north.admin.new_dashboard()
    bundle = north.admin.get(f"/api/dashboards/{first['id']}/export-config").json()
    north.limit(max_dashboards=3)

    def create(_: int) -> int:
        return int(north.admin.post("/api/dashboards", json={"name": "More"}).status_code)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(create, range(12)))
    refused = north.admin.post("/api/dashboards", json={"name": "One more"})
    imported = north.admin.post("/api/dashboards/import", json={"bundle": bundle})

    assert answers == [201] * 2 + [409] * 10
    assert (refused.status_code, "at most 3 dashboards" in refused.json()["detail"]) == (409, True)
    assert imported.status_code == 409, imported.text
    assert north.usage()["dashboards"] == 3
    assert operator.post("/api/dashboards", json={"name": "Elsewhere"}).status_code == 201
    north.admin.delete(f"/api/dashboards/{first['id']}")
    assert create(0) == 201


def test_files_of_uploads_stay_within_the_limit_of_storage(any_server: Server, operator: Person) -> None:
    north = North(any_server, operator, "storage-limit")
    content = b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * 7919 % 65536) for n in range(20_000))
    kept = north.admin.upload("one.csv", content)["datasource_id"]
    used = north.usage()["storage_bytes"]
    north.limit(max_storage_bytes=used + 1)
    files = sorted(path.name for path in (any_server.data / "files").glob("*.duckdb"))

    def send(**fields: str) -> httpx.Response:
        answer: httpx.Response = north.admin.post(
            "/api/datasources/upload", data=fields, files={"file": ("two.csv", content)}
        )
        return answer

    refused = [send(), send(datasource_id=kept)]
    north.limit(max_storage_bytes=used)
    refused.append(send())

    assert [one.status_code for one in refused] == [413, 413, 413]
    assert f"at most {used + 1} bytes" in refused[0].json()["detail"]
    assert sorted(path.name for path in (any_server.data / "files").glob("*.duckdb")) == files
    assert north.usage()["storage_bytes"] == used > 10_000
    assert len(north.admin.get("/api/datasources").json()) == 1
    north.limit(max_storage_bytes=None)
    assert send().status_code == 201


def test_a_suspended_tenant_is_shut_out_at_once_and_comes_back_as_it_was(
    any_server: Server, operator: Person
) -> None:
    north = North(any_server, operator, "suspended")
    shown = north.admin.new_dashboard()
    token = north.admin.post(f"/api/dashboards/{shown['id']}/share", json={"is_public": True}).json()[
        "share_token"
    ]
    public = f"/api/dashboards/shared/{token}"
    reader = anonymous(any_server)
    browser = anonymous(any_server)
    link = any_server.run("user", "link", "admin@suspended.example.org")
    assert browser.post("/api/auth/login", json={"link": link.partition("?link=")[2]}).status_code == 200
    spare = any_server.run("user", "link", "admin@suspended.example.org").partition("?link=")[2]
    asked = [
        lambda: north.admin.get("/api/auth/me"),
        lambda: north.admin.get(f"/api/dashboards/{shown['id']}/data"),
        lambda: browser.get("/api/dashboards"),
        lambda: reader.get(public),
        lambda: reader.get(f"{public}/data"),
    ]
    assert [ask().status_code for ask in asked] == [200] * 5

    gone = operator.post(f"{north.path}/suspend")
    answers = [ask() for ask in asked]
    by_link = anonymous(any_server).post("/api/auth/login", json={"link": spare})

    assert gone.json()["suspended_at"] is not None
    assert [one.status_code for one in answers] == [401, 401, 401, 404, 404]
    assert {one.json()["detail"] for one in answers[:3]} == {
        "This tenant is suspended: ask whoever runs this server"
    }
    assert by_link.status_code == 401
    again = operator.post(f"{north.path}/resume")
    assert again.json()["suspended_at"] is None
    assert [ask().status_code for ask in asked] == [200] * 5


def test_the_commands_do_what_the_routes_do(any_server: Server, operator: Person) -> None:
    any_server.run("tenant", "add", "by-command")
    any_server.run("tenant", "limit", "by-command", "--dashboards", "1", "--queries", "2")
    any_server.run("tenant", "limit", "by-command", "--queries", "none")
    any_server.run("tenant", "suspend", "by-command")

    [listed] = [one for one in operator.get("/api/tenants").json() if one["name"] == "by-command"]
    said = any_server.run("tenant", "list").splitlines()
    any_server.run("tenant", "resume", "by-command")

    assert listed["limits"] == NO_LIMITS | {"max_dashboards": 1}
    assert listed["suspended_at"] is not None
    assert "by-command\tsuspended\t0 dashboards\t0 users\t0 bytes" in said


def test_the_log_says_the_tenant_and_the_metrics_do_not(server: Server) -> None:
    secret = North(server, server.admin(), "secret-customer")
    secret.admin.new_dashboard()

    metrics = anonymous(server).get("/metrics").text

    assert f'"tenant": "{secret.id}"' in server.log()
    assert "secret-customer" not in metrics
    assert secret.id not in metrics
