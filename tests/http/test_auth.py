"""/api/auth: coming in, going out, passwords and keys."""

from __future__ import annotations

import re
import time
from pathlib import Path

import httpx
import jwt
import pytest

from site_of_people import ORIGIN, Site, on_site
from tesela.features.issuers import Issuer
from tesela.features.logins import WRONG
from tesela.features.people import make_login_link
from tesela.http.auth import COOKIE, token_of
from tesela.store import User

PASSWORD = "correct horse battery"


async def by_link(site: Site, user: User, client: httpx.AsyncClient) -> httpx.Response:
    token = await make_login_link(site.world.store, site.world.clock, user)
    return await client.post("/api/auth/login", json={"link": token})


async def with_password(site: Site, user: User) -> httpx.AsyncClient:
    """Return a browser whose user came by a link and set a password."""
    browser = site.client()
    assert (await by_link(site, user, browser)).status_code == 200
    answer = await browser.put("/api/auth/password", json={"password": PASSWORD})
    assert answer.status_code == 204, answer.text
    return browser


async def log_in(client: httpx.AsyncClient, email: str, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/api/auth/login", json={"email": email, "password": password})


def test_a_link_lets_in_once_and_its_cookie_is_for_this_site_only(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        browser = site.client()
        token = await make_login_link(site.world.store, site.world.clock, site.admin)

        first = await browser.post("/api/auth/login", json={"link": token})
        me = await browser.get("/api/auth/me")
        second = await site.client().post("/api/auth/login", json={"link": token})

        expected = {
            "id": site.admin.id,
            "email": "admin@localhost",
            "name": "Admin",
            "role": "admin",
            "tenant_id": "default",
            "tenant_name": "default",
            "has_password": False,
            "attributes": {},
        }
        assert (first.status_code, first.json()) == (200, {"user": expected})
        assert re.fullmatch(
            rf"{COOKIE}=tss_[\w-]{{43}}; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax",
            first.headers["set-cookie"],
        )
        assert first.headers["cache-control"] == "no-store"
        assert (me.status_code, me.json()) == (200, expected)
        assert second.status_code == 401
        assert "ask for a new one" in second.json()["detail"]

    on_site(tmp_path, work)


def test_the_cookie_is_secure_where_people_come_by_https(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        answer = await by_link(site, site.admin, site.client())

        assert "; Secure" in answer.headers["set-cookie"]

    on_site(tmp_path, work, public_url="https://bi.example.org")


def test_a_link_is_good_for_its_minutes(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        token = await make_login_link(site.world.store, site.world.clock, site.admin)
        site.world.clock.move(minutes=15)

        assert (await site.client().post("/api/auth/login", json={"link": token})).status_code == 401

    on_site(tmp_path, work)


def test_a_password_lets_in_whatever_the_case_of_the_address(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_password(site, site.admin)
        browser = site.client()

        answer = await log_in(browser, " Admin@LOCALHOST ")

        assert (answer.status_code, answer.json()["user"]["has_password"]) == (200, True)
        assert (await browser.get("/api/auth/me")).status_code == 200
        found = await site.world.store.read(lambda tx: tx.users.get("default", site.admin.id))
        assert found is not None
        assert found.password_hash is not None
        assert found.password_hash.startswith("$argon2id$")
        assert found.last_login_at == site.world.clock()

    on_site(tmp_path, work)


def test_wrong_password_and_unknown_address_get_the_same_answer(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_password(site, site.admin)
        linked = await site.person("linked")

        answers = [
            await log_in(site.client(), "admin@localhost", "wrong"),
            await log_in(site.client(), "nobody@example.org"),
            await log_in(site.client(), linked.email),
            await log_in(site.client(), "admin@localhost", ""),
        ]

        assert [(one.status_code, one.json()) for one in answers] == [(401, {"detail": WRONG})] * 4

    on_site(tmp_path, work)


def test_an_inactive_user_does_not_come_in(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        browser = await with_password(site, ana)
        admin = await site.acting(site.admin)

        stopped = await admin.put(f"/api/users/{ana.id}", json={"is_active": False})

        assert stopped.json()["is_active"] is False
        assert (await browser.get("/api/auth/me")).status_code == 401
        assert (await log_in(site.client(), ana.email)).status_code == 401
        assert (await by_link(site, ana, site.client())).status_code == 401

    on_site(tmp_path, work)


def test_too_many_attempts_for_one_address_have_to_wait(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_password(site, site.admin)
        for _ in range(3):
            assert (await log_in(site.client(), "admin@localhost", "wrong")).status_code == 401

        refused = await log_in(site.client(), "ADMIN@localhost")
        other = await log_in(site.client(), "somebody@example.org")
        site.world.clock.move(seconds=60)
        later = await log_in(site.client(), "admin@localhost")

        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 61
        assert (other.status_code, later.status_code) == (401, 200)

    on_site(tmp_path, work, login_attempts_per_minute=3)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"email": "a@b"}',
        '{"password": "x"}',
        '{"email": 1, "password": "x"}',
        '{"email": "a@b", "password": ["x"]}',
        '{"link": 5}',
        '{"link": null}',
        '{"link": "' + "x" * 301 + '"}',
        '{"email": "' + "x" * 301 + '", "password": "x"}',
        '{"email": "a@b", "password": "' + "x" * 1001 + '"}',
    ],
)
def test_a_login_that_makes_no_sense_is_a_bad_request(tmp_path: Path, body: str) -> None:
    async def work(site: Site) -> None:
        answer = await site.client(content_type="application/json").post("/api/auth/login", content=body)

        assert answer.status_code == 400
        assert isinstance(answer.json()["detail"], str)
        assert "set-cookie" not in answer.headers

    on_site(tmp_path, work)


@pytest.mark.parametrize("link", ["", "tlk_", "tlk_" + "A" * 43, "'; DROP TABLE users; --", "\x00", "ñ"])
def test_a_link_that_was_never_made_lets_nobody_in(tmp_path: Path, link: str) -> None:
    async def work(site: Site) -> None:
        assert (await site.client().post("/api/auth/login", json={"link": link})).status_code == 401

    on_site(tmp_path, work)


def test_logging_out_ends_the_session_on_the_server(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        browser = site.client()
        await by_link(site, site.admin, browser)
        stolen = browser.cookies[COOKIE]

        answer = await browser.post("/api/auth/logout")

        assert (answer.status_code, COOKIE in browser.cookies) == (204, False)
        thief = site.client(cookie=f"{COOKIE}={stolen}")
        assert (await thief.get("/api/auth/me")).status_code == 401
        assert (await site.client().post("/api/auth/logout")).status_code == 204

    on_site(tmp_path, work)


def test_a_session_ends_after_its_days(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        browser = site.client()
        await by_link(site, site.admin, browser)
        cookie = f"{COOKIE}={browser.cookies[COOKIE]}"
        site.world.clock.move(days=2, seconds=-1)
        assert (await site.client(cookie=cookie).get("/api/auth/me")).status_code == 200

        site.world.clock.move(seconds=1)

        assert (await site.client(cookie=cookie).get("/api/auth/me")).status_code == 401

    on_site(tmp_path, work, session_days=2)


def test_setting_a_password_ends_the_other_sessions(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        first, second = site.client(), site.client()
        await by_link(site, site.admin, first)
        await by_link(site, site.admin, second)

        assert (await first.put("/api/auth/password", json={"password": PASSWORD})).status_code == 204

        assert (await first.get("/api/auth/me")).json()["has_password"] is True
        assert (await second.get("/api/auth/me")).status_code == 401

    on_site(tmp_path, work)


def test_changing_a_password_needs_the_current_one_unless_a_link_logged_in(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_password(site, site.admin)
        browser = site.client()
        await log_in(browser, "admin@localhost")

        async def change(**body: str) -> tuple[int, str]:
            answer = await browser.put("/api/auth/password", json={"password": "another good one", **body})
            return answer.status_code, answer.text

        assert await change() == (400, '{"detail":"current_password is required"}')
        assert await change(current_password="wrong") == (400, '{"detail":"current_password is wrong"}')
        assert await change(current_password=PASSWORD) == (204, "")
        assert (await log_in(site.client(), "admin@localhost")).status_code == 401
        await by_link(site, site.admin, browser)
        assert await change() == (204, "")

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    "password", ["", "short", "aaaaaaaaaaaaaa", "ADMIN@localhost", "x" * 201, 5, None, ["x"]]
)
def test_a_poor_password_is_refused(tmp_path: Path, password: object) -> None:
    async def work(site: Site) -> None:
        browser = site.client()
        await by_link(site, site.admin, browser)

        answer = await browser.put("/api/auth/password", json={"password": password})

        assert answer.status_code == 400
        assert "password" in answer.json()["detail"]
        assert (await browser.get("/api/auth/me")).json()["has_password"] is False

    on_site(tmp_path, work)


def test_guessing_the_current_password_has_to_wait_too(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await with_password(site, site.admin)
        key = await site.acting(site.admin)
        body = {"password": "another good one", "current_password": "wrong"}
        for _ in range(2):
            assert (await key.put("/api/auth/password", json=body)).status_code == 400

        assert (await key.put("/api/auth/password", json=body)).status_code == 429

    on_site(tmp_path, work, login_attempts_per_minute=2)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/auth/me"),
        ("PUT", "/api/auth/password"),
        ("GET", "/api/auth/keys"),
        ("POST", "/api/auth/keys"),
        ("DELETE", "/api/auth/keys/x"),
    ],
)
def test_who_is_not_known_is_asked_who_they_are(tmp_path: Path, method: str, path: str) -> None:
    async def work(site: Site) -> None:
        bodies = [
            (await site.client(**headers).request(method, path, json={"password": PASSWORD, "name": "x"}))
            for headers in (
                {},
                {"authorization": "Bearer "},
                {"authorization": "Bearer nonsense"},
                {"authorization": "Bearer tsl_" + "A" * 43},
                {"authorization": "Bearer a.b.c"},
                {"authorization": "Basic YTpi"},
                {"cookie": f"{COOKIE}=tss_" + "A" * 43},
                {"cookie": f"{COOKIE}="},
            )
        ]

        assert [one.status_code for one in bodies] == [401] * len(bodies)
        assert {one.headers["www-authenticate"] for one in bodies} == {"Bearer"}

    on_site(tmp_path, work)


def test_a_key_is_no_session_and_a_session_is_no_key(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        browser, key = site.client(), await site.acting(site.admin)
        await by_link(site, site.admin, browser)
        assert (await key.get("/api/auth/me")).status_code == 200  # and is in memory now
        assert (await browser.get("/api/auth/me")).status_code == 200

        as_cookie = site.client(cookie=f"{COOKIE}={key.headers['authorization'][7:]}")
        as_bearer = site.client(authorization=f"Bearer {browser.cookies[COOKIE]}")

        assert (await as_cookie.get("/api/auth/me")).status_code == 401
        assert (await as_bearer.get("/api/auth/me")).status_code == 401

    on_site(tmp_path, work)


def test_a_key_is_shown_once_listed_and_revoked_at_once(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana")
        client = await site.acting(ana)

        made = await client.post("/api/auth/keys", json={"name": " CI ", "expires_in_days": 7})
        key = made.json()
        caller = site.client(authorization=f"bearer {key['key']}")
        assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
        assert re.fullmatch(r"tsl_[\w-]{43}", key["key"])
        assert (await caller.get("/api/auth/me")).json()["id"] == ana.id
        listed = {one["name"]: one for one in (await client.get("/api/auth/keys")).json()}
        used = key | {"last_used_at": listed["CI"]["last_used_at"]}
        assert listed["CI"] == {name: value for name, value in used.items() if name != "key"}
        assert listed["CI"]["last_used_at"] is not None
        assert (await client.delete(f"/api/auth/keys/{key['id']}")).status_code == 204
        assert (await caller.get("/api/auth/me")).status_code == 401
        assert (await client.delete(f"/api/auth/keys/{key['id']}")).status_code == 404
        assert "CI" not in {one["name"] for one in (await client.get("/api/auth/keys")).json()}

    on_site(tmp_path, work)


def test_a_key_expires(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        client = await site.acting(site.admin)
        key = (await client.post("/api/auth/keys", json={"name": "x", "expires_in_days": 1})).json()["key"]
        caller = site.client(authorization=f"Bearer {key}")
        site.world.clock.move(days=1, seconds=-2)
        assert (await caller.get("/api/auth/me")).status_code == 200

        site.world.clock.move(seconds=2)

        assert (await caller.get("/api/auth/me")).status_code == 401

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 201},
        {"name": "a\nb"},
        {"name": 5},
        {"name": "x", "expires_in_days": 0},
        {"name": "x", "expires_in_days": 3651},
        {"name": "x", "expires_in_days": "7"},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(tmp_path: Path, body: dict[str, object]) -> None:
    async def work(site: Site) -> None:
        client = await site.acting(site.admin)

        assert (await client.post("/api/auth/keys", json=body)).status_code == 400
        assert len((await client.get("/api/auth/keys")).json()) == 1

    on_site(tmp_path, work)


def test_nobody_sees_or_revokes_the_keys_of_others(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana, bob = await site.person("ana"), await site.person("bob", tenant_id="other", role="admin")
        mine = await site.acting(ana)
        [key] = (await mine.get("/api/auth/keys")).json()

        for other in (await site.acting(bob), await site.acting(site.admin)):
            assert key["id"] not in {one["id"] for one in (await other.get("/api/auth/keys")).json()}
            for id_ in (key["id"], "nope", "%00", "%F0%9F%92%A9"):
                assert (await other.delete(f"/api/auth/keys/{id_}")).status_code == 404

        assert (await mine.get("/api/auth/me")).status_code == 200

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"sec_fetch_site": "same-origin"}, 204),
        ({"sec_fetch_site": "none"}, 204),
        ({"origin": ORIGIN}, 204),
        ({"origin": "https://bi.example.org"}, 204),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": ORIGIN}, 403),
        ({"origin": "https://evil.example.org"}, 403),
        ({"origin": "http://tesela.test.evil.org"}, 403),
        ({"origin": "http://tesela.test:81"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://bi.example.org"}, 403),
    ],
)
def test_a_browser_led_here_by_another_site_changes_nothing(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    async def work(site: Site) -> None:
        browser = site.client(**headers)
        token = await make_login_link(site.world.store, site.world.clock, site.admin)
        logged_in = await site.client().post("/api/auth/login", json={"link": token})
        cookie = logged_in.headers["set-cookie"].partition(";")[0]

        answer = await browser.put(
            "/api/auth/password", json={"password": PASSWORD}, headers={"Cookie": cookie}
        )
        read = await browser.get("/api/auth/me", headers={"Cookie": cookie})
        link = await make_login_link(site.world.store, site.world.clock, site.admin)
        login = await browser.post("/api/auth/login", json={"link": link})
        key = (await site.acting(site.admin)).headers["authorization"]
        by_key = await browser.post("/api/auth/keys", json={"name": "x"}, headers={"Authorization": key})

        assert answer.status_code == status
        assert read.json()["has_password"] is (status == 204)
        assert login.status_code == (200 if status == 204 else 403)
        assert by_key.status_code == 201  # a key is not sent by a browser on its own

    on_site(tmp_path, work, public_url="https://bi.example.org")


def test_a_user_of_two_tenants_comes_into_the_one_whose_password_it_is(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        one = await site.person("ana")
        two = await site.person("ana", tenant_id="other")
        for user, password in ((one, "the password of one"), (two, "the password of two")):
            browser = site.client()
            await by_link(site, user, browser)
            await browser.put("/api/auth/password", json={"password": password})

        answers = [
            await log_in(site.client(), one.email, f"the password of {n}") for n in ("one", "two", "six")
        ]

        assert [one.status_code for one in answers] == [200, 200, 401]
        assert [one.json()["user"]["tenant_id"] for one in answers[:2]] == ["default", "other"]

    on_site(tmp_path, work)


def test_a_change_of_role_counts_from_the_next_request(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        ana = await site.person("ana", role="viewer")
        client, admin = await site.acting(ana), await site.acting(site.admin)
        token = client.headers["authorization"][7:]
        assert (await client.post("/api/workspaces", json={"name": "x"})).status_code == 403
        known = site.authenticator.peek(token)
        assert known is not None
        assert known.role == "viewer"

        await admin.put(f"/api/users/{ana.id}", json={"role": "editor"})

        assert site.authenticator.peek(token) is None
        assert (await client.post("/api/workspaces", json={"name": "x"})).status_code == 201

    on_site(tmp_path, work)


def test_memory_believes_a_token_for_seconds_only(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        client = await site.acting(site.admin)
        token = client.headers["authorization"][7:]
        assert site.authenticator.peek(token) is None
        await client.get("/api/auth/me")
        assert site.authenticator.peek(token) is not None

        site.world.clock.move(seconds=5)

        assert site.authenticator.peek(token) is None

    on_site(tmp_path, work)


def test_suspending_a_tenant_shuts_everybody_of_it_out(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        eve = await site.person("eve", tenant_id="other", role="admin")
        client, admin = await site.acting(eve), await site.acting(site.admin)
        assert (await client.get("/api/auth/me")).status_code == 200

        await site.world.store.write(lambda tx: tx.tenants.suspend("other", is_suspended=True))

        assert (await client.get("/api/auth/me")).status_code == 401
        assert (await admin.get("/api/auth/me")).status_code == 200

    on_site(tmp_path, work)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], None),
        ([(b"authorization", b"Bearer abc")], ("abc", "bearer")),
        ([(b"authorization", b"bearer   abc  ")], ("abc", "bearer")),
        ([(b"authorization", b"Bearer")], None),
        ([(b"authorization", b"Basic abc"), (b"cookie", b"tesela_session=x")], None),
        ([(b"cookie", b"a=b; tesela_session=x; c=d")], ("x", "cookie")),
        ([(b"cookie", b"xtesela_session=x")], None),
        ([(b"cookie", b"tesela_session=")], None),
        ([(b"cookie", b"a=b"), (b"cookie", b"tesela_session=x")], ("x", "cookie")),
        ([(b"cookie", b"tesela_session=x"), (b"authorization", b"Bearer y")], ("y", "bearer")),
        ([(b"authorization", b"Bearer \xff")], ("ÿ", "bearer")),
    ],
)
def test_a_token_is_found_where_it_may_stand(headers: list[tuple[bytes, bytes]], expected: object) -> None:
    assert token_of({"headers": headers}) == expected


ISSUER = Issuer(
    issuer="https://login.example.org",
    audience="tesela",
    algorithm="HS256",
    secret="an0ther-very-long-and-random-secret-Qx7",
    tenants=("default", "north"),
    max_role="editor",
)


def outside_token(**changes: object) -> str:
    given = {
        "iss": ISSUER.issuer,
        "aud": "tesela",
        "sub": "s-1",
        "exp": int(time.time()) + 3600,
        "role": "admin",
    }
    return jwt.encode(given | changes, ISSUER.secret, algorithm="HS256")


def test_a_token_of_an_outside_issuer_is_a_user_of_the_tenant_it_names(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        client = site.client(authorization=f"Bearer {outside_token(tenant='north', name='Ana')}")

        me = (await client.get("/api/auth/me")).json()
        again = (await client.get("/api/auth/me")).json()
        password = await client.put("/api/auth/password", json={"password": PASSWORD})

        assert (me["tenant_name"], me["role"], me["name"], me["email"]) == ("north", "editor", "Ana", "")
        assert again == me
        assert (password.status_code, "outside issuer" in password.text) == (403, True)
        for wrong in (outside_token(tenant="south"), outside_token(), outside_token(tenant="north", aud="x")):
            refused = await site.client(authorization=f"Bearer {wrong}").get("/api/auth/me")
            assert refused.status_code == 401
        admin = await site.acting(site.admin)
        assert "Ana" not in (await admin.get("/api/users")).text

    on_site(tmp_path, work, issuers=(ISSUER,))


def test_no_link_is_made_for_who_comes_by_an_outside_issuer(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        client = site.client(authorization=f"Bearer {outside_token(tenant='default')}")
        me = (await client.get("/api/auth/me")).json()

        answer = await (await site.acting(site.admin)).post(f"/api/users/{me['id']}/link")

        assert answer.status_code == 409

    on_site(tmp_path, work, issuers=(ISSUER,))


def test_no_header_or_body_says_which_tenant_one_is_of(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        eve = await site.person("eve", tenant_id="other")
        client = await site.acting(eve)
        client.headers.update({"X-Tenant-Id": "default", "X-Tenant": "default"})

        me = await client.get("/api/auth/me", params={"tenant_id": "default"})
        made = await client.post("/api/workspaces", json={"name": "x", "tenant_id": "default"})

        assert me.json()["tenant_id"] == "other"
        assert made.status_code == 201
        assert await site.world.store.read(lambda tx: tx.workspaces.list("default")) == []

    on_site(tmp_path, work)
