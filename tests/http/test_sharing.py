"""/api/dashboards/{id}/share and the public page behind its link."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import inspect
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import zstandard

from live import Person, Server, anonymous
from site_of_sharing import Site, on_site, page_of, share_of
from tesela.errors import QueryFailed
from tesela.features import public_pages, sharing
from tesela.http.qry import sharing as face

ABSENT = "00000000-0000-4000-8000-000000000000"
GONE = {"detail": "Dashboard not found or access denied"}
CANARIES = {
    "query": "SELECT 1 AS n -- CANARY-SQL",
    "catalog": "CANARY_CATALOG",
    "schema": "CANARY_SCHEMA",
    "chart_config": {
        "valueField": "n",
        "detail_query": "SELECT * FROM CANARY_DETAIL WHERE 1=1 ${detail.where}",
        "drill_levels": [{"id_column": "CANARY_LEVEL", "label_column": "CANARY_LABEL"}],
        "drilldown": {"levels": [{"field": "CANARY_DRILLDOWN", "label": "CANARY"}]},
        "of the author": {"deep": ["CANARY-UNKNOWN"]},
        "canaryField": "CANARY-FIELD",
    },
}
FILTERS = (
    {
        "name": "region",
        "label": "Region",
        "field": "CANARY_COLUMN",
        "type": "select",
        "default": "North",
        "options": {"query": "SELECT CANARY_OPTION FROM t", "datasource_id": "CANARY-DATASOURCE"},
        "targets": {"CANARY-TILE": "CANARY_TARGET"},
        "of the author": "CANARY-FILTER",
    },
)


async def token_and_page(site: Site) -> tuple[str, httpx.AsyncClient]:
    return await site.shared(await site.dashboard()), site.client()


class TestShare:
    def test_only_the_owner_and_admins_may_share(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(audience="tenant")
            hidden = await site.dashboard()
            _, editor = await site.person("ed")
            _, viewer = await site.person("vera", role="viewer")
            _, other = await site.person("oscar", role="admin", tenant_id="other")
            _, admin = await site.person("ada", role="admin")
            body = {"is_public": True}

            assert (await site.client().post(share_of(dashboard), json=body)).status_code == 401
            assert (await editor.post(share_of(dashboard), json=body)).status_code == 403
            assert (await viewer.post(share_of(dashboard), json=body)).status_code == 403
            for stranger in (editor, viewer, other):
                refused = await stranger.post(share_of(hidden), json=body)
                assert (refused.status_code, refused.json()) == (404, GONE)
            assert (await other.post(share_of(dashboard), json=body)).status_code == 404
            assert site.database.asked == []
            assert (await admin.post(share_of(dashboard), json=body)).status_code == 200

        on_site(tmp_path, work)

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ({}, "is_public is required"),
            ({"is_public": "yes"}, "is_public"),
            ({"is_public": None}, "is_public"),
            ({"is_public": True, "expires_in_days": 0}, "expires_in_days must be between 1"),
            ({"is_public": True, "expires_in_days": 10**9}, "expires_in_days must be between 1"),
            ({"is_public": True, "expires_at": "soon"}, "expires_at must be a time"),
            ({"is_public": True, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at must lie in the future"),
            (
                {"is_public": True, "expires_at": "2027-01-01T00:00:00Z", "expires_in_days": 3},
                "Send expires_at or expires_in_days",
            ),
            ({"is_public": True, "password": "short"}, "password must have between"),
            ({"is_public": True, "password": "x" * 201}, "password must have between"),
            ({"is_public": True, "password": 7}, "password"),
            ({"is_public": True, "rotate": "x"}, "rotate"),
            ([], "The body"),
        ],
    )
    def test_bad_input_names_the_field_and_shares_nothing(
        self, tmp_path: Path, body: Any, words: str
    ) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)

            answer = await owner.post(share_of(dashboard), json=body)

            assert answer.status_code == 400
            assert answer.json()["detail"].startswith(words)
            shown = (await owner.get(f"/api/dashboards/{dashboard.id}")).json()
            assert (shown["is_public"], shown["share_token"], site.database.asked) == (False, None, [])

        on_site(tmp_path, work)

    def test_the_first_share_makes_a_token_and_a_snapshot(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)

            answer = await owner.post(share_of(dashboard), json={"is_public": True})

            made = answer.json()
            assert made == {
                "is_public": True,
                "share_token": made["share_token"],
                "share_url": f"/dashboards/shared/{made['share_token']}",
                "expires_at": None,
                "has_password": False,
            }
            assert len(made["share_token"]) >= 43
            assert answer.headers["ETag"] == '"2"'
            [snapshot] = (await owner.get(f"/api/dashboards/{dashboard.id}/snapshots")).json()
            assert (snapshot["trigger_type"], snapshot["revision"]) == ("on_share", 2)
            assert len(site.database.asked) == 1

        on_site(tmp_path, work)

    def test_sharing_what_is_shared_keeps_the_token_and_asks_nothing(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            first = await site.shared(dashboard)

            again = await asyncio.gather(*(site.shared(dashboard) for _ in range(5)))

            assert set(again) == {first}
            assert len(site.database.asked) == 1

        on_site(tmp_path, work)

    def test_looking_at_the_terms_changes_nothing(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(audience="tenant")
            owner = await site.acting(site.owner)
            _, editor = await site.person("ed")

            off = await owner.get(share_of(dashboard))
            body = {"is_public": True, "expires_in_days": 3, "password": "a good secret"}
            made = (await owner.post(share_of(dashboard), json=body)).json()
            on = await owner.get(share_of(dashboard))

            assert off.json() == {
                "is_public": False,
                "share_token": None,
                "share_url": None,
                "expires_at": None,
                "has_password": False,
            }
            assert on.json() == made
            assert (on.headers["ETag"], on.headers["Cache-Control"]) == ('"2"', "no-store")
            assert len(site.database.asked) == 1
            assert (await editor.get(share_of(dashboard))).status_code == 403
            assert (await site.client().get(share_of(dashboard))).status_code == 401

        on_site(tmp_path, work)

    def test_many_who_share_at_once_get_one_token(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()

            assert len(set(await asyncio.gather(*(site.shared(dashboard) for _ in range(5))))) == 1

        on_site(tmp_path, work)

    def test_off_destroys_the_token_and_on_makes_another(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            first = await site.shared(dashboard, password="open sesame")
            assert (await site.client(x_share_password="open sesame").get(page_of(first))).status_code == 200

            off = await owner.post(share_of(dashboard), json={"is_public": False})
            after = await site.client(x_share_password="open sesame").get(page_of(first))
            second = await site.shared(dashboard)

            assert off.json() == {
                "is_public": False,
                "share_token": None,
                "share_url": None,
                "expires_at": None,
                "has_password": False,
            }
            assert (after.status_code, after.json()) == (404, GONE)
            assert second != first
            assert (await site.client().get(page_of(second))).status_code == 200
            assert (await site.client().get(page_of(first))).status_code == 404

        on_site(tmp_path, work)

    def test_rotate_makes_another_token_of_the_same_page(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            first = await site.shared(dashboard, expires_in_days=3)
            before = (await site.client().get(page_of(first, "data"))).json()

            second = await site.shared(dashboard, rotate=True)

            assert (await site.client().get(page_of(first))).status_code == 404
            assert (await site.client().get(page_of(second, "data"))).json() == before
            link = (
                await (await site.acting(site.owner)).post(share_of(dashboard), json={"is_public": True})
            ).json()
            assert link["expires_at"] == "2026-03-04T12:00:00.123456Z"

        on_site(tmp_path, work)

    def test_an_old_version_is_refused(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            await site.saved(dashboard, description="changed")

            for is_public in (True, False):
                answer = await owner.post(
                    share_of(dashboard), json={"is_public": is_public}, headers={"If-Match": '"1"'}
                )
                assert (answer.status_code, answer.json()["version"]) == (409, 2)

        on_site(tmp_path, work)

    def test_an_archived_dashboard_is_neither_shared_nor_shown(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard)
            owner = await site.acting(site.owner)
            assert (await site.client().get(page_of(token))).status_code == 200

            await owner.post(f"/api/dashboards/{dashboard.id}/archive")

            assert (await site.client().get(page_of(token))).json() == GONE
            assert (await owner.post(share_of(dashboard), json={"is_public": True})).status_code == 409
            await owner.put(f"/api/dashboards/{dashboard.id}", json={"is_archived": False})
            assert (await site.client().get(page_of(token))).status_code == 200
            await owner.delete(f"/api/dashboards/{dashboard.id}")
            assert (await site.client().get(page_of(token))).json() == GONE

        on_site(tmp_path, work)

    def test_the_token_is_shown_to_owner_and_admin_only(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(audience="tenant")
            token = await site.shared(dashboard)
            _, editor = await site.person("ed")
            _, viewer = await site.person("vera", role="viewer")
            _, admin = await site.person("ada", role="admin")
            owner = await site.acting(site.owner)

            seen = [
                (await person.get(f"/api/dashboards/{dashboard.id}")).json()
                for person in (owner, admin, editor, viewer)
            ]

            assert [one["share_token"] for one in seen] == [token, token, None, None]
            assert [one["is_public"] for one in seen] == [True] * 4
            assert token not in (await owner.get("/api/dashboards")).text

        on_site(tmp_path, work)

    def test_the_token_stands_nowhere_in_the_clear(self, tmp_path: Path) -> None:
        async def work(site: Site) -> str:
            return await site.shared(await site.dashboard())

        token = on_site(tmp_path, work)

        written = b"".join(path.read_bytes() for path in tmp_path.glob("tesela.db*"))
        assert b"Sales" in written
        assert token.encode() not in written
        assert token.removeprefix("tsh_").encode() not in written


class TestPublicPage:
    def test_structure_and_data_belong_together(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard({}, {"tile_type": "text", "query": None, "content": "*Hello*"})
            token = await site.shared(dashboard)
            await site.saved(dashboard, tiles=())

            page = (await site.client().get(page_of(token))).json()
            data = (await site.client().get(page_of(token, "data"))).json()

            assert data["id"] == page["snapshot_id"]
            assert set(data["tile_data"]) == {tile["id"] for tile in page["tiles"]}
            assert page["tile_count"] == 2

        on_site(tmp_path, work)

    def test_the_page_has_the_form_of_get_dashboard_without_the_inside(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            token = await site.shared(dashboard)

            page = (await site.client().get(page_of(token))).json()
            own = (await owner.get(f"/api/dashboards/{dashboard.id}")).json()

            assert set(page) == set(own) | {"snapshot_id"}
            assert [set(tile) for tile in page["tiles"]] == [set(tile) for tile in own["tiles"]]
            assert {name: page[name] for name in ("user_id", "workspace_id", "share_token")} == {
                "user_id": None,
                "workspace_id": None,
                "share_token": None,
            }
            [tile] = page["tiles"]
            assert {name: tile[name] for name in ("query", "datasource_id", "catalog", "schema")} == {
                "query": None,
                "datasource_id": None,
                "catalog": None,
                "schema": None,
            }
            assert tile["chart_config"] == {"valueField": "revenue"}
            assert (page["name"], page["owner_name"], page["is_public"]) == ("Sales", "Olga Owner", True)
            assert (page["can_edit"], page["can_own"]) == (False, False)

        on_site(tmp_path, work)

    def test_the_data_are_those_of_the_contract(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard)

            data = (await site.client().get(page_of(token, "data"))).json()

            [tile_data] = data.pop("tile_data").values()
            assert data == {
                "id": data["id"],
                "dashboard_id": dashboard.id,
                "execution_time_ms": 0,
                "trigger_type": "on_share",
                "created_at": "2026-03-01T12:00:00.123456Z",
                "expires_at": "2026-03-08T12:00:00.123456Z",
                "stale": False,
            }
            assert tile_data["data"] == {"columns": ["n"], "rows": [{"n": 1}]}
            assert (tile_data["error"], tile_data["executed_at"]) == (None, "2026-03-01T12:00:00.123Z")

        on_site(tmp_path, work)

    @pytest.mark.parametrize("fails", [False, True])
    def test_no_canary_of_the_inside_is_in_any_public_byte(self, tmp_path: Path, fails: bool) -> None:
        async def work(site: Site) -> None:
            await site.world.store.write(
                lambda tx: tx.users.save(replace(site.owner, name="canary@example.org", email="canary@x.org"))
            )
            secrets = {"schedule": {"cron": "0 6 * * *"}, "note": "CANARY-SETTING"}
            dashboard = await site.dashboard(
                CANARIES, members={"filters": FILTERS, "settings": secrets, "tags": ("CANARY-TAG",)}
            )
            if fails:
                site.database.error = QueryFailed(
                    "Table CANARY_TABLE does not exist", line=3, column=4, private="host CANARY-HOST"
                )
            token = await site.shared(dashboard)
            reader = site.client(accept_encoding="identity")

            answers = [
                await reader.get(page_of(token)),
                await reader.get(page_of(token, "data")),
                await reader.post(page_of(token, "unlock"), json={"password": "wrong"}),
                await reader.get(page_of(token + "x")),
            ]

            assert [answer.status_code for answer in answers] == [200, 200, 204, 404]
            for answer in answers:
                said = answer.text + repr(answer.headers)
                assert "canary" not in said.lower()
                assert site.owner.id not in said
                assert site.datasource.id not in said
                assert "default" not in answer.headers.get("set-cookie", "")
            [tile_data] = answers[1].json()["tile_data"].values()
            assert tile_data["error_code"] == ("query_failed" if fails else None)
            assert answers[0].json()["filters"] == [
                {"name": "region", "label": "Region", "type": "select", "default": "North"}
            ]

        on_site(tmp_path, work)

    def test_anonymous_readers_cause_no_query(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard)
            before = list(site.database.asked)
            heads = {"x-share-password": "a", "cookie": "tesela_shared=1.v1:s1:0", "x-tesela-view": "v"}

            for _ in range(3):
                site.world.clock.move(days=20)  # long expired, and refreshes long due
                for rest in (
                    (),
                    ("data",),
                    ("data?refresh=true",),
                    ("unlock",),
                    ("tiles",),
                    ("data/stream",),
                ):
                    for method in ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
                        await site.client().request(
                            method, page_of(token, *rest), json={"password": "x"}, headers=heads
                        )

            assert site.database.asked == before

        on_site(tmp_path, work)

    def test_what_serves_strangers_has_nothing_that_runs_queries(self) -> None:
        for module in (sharing, public_pages):
            source = inspect.getsource(module)
            assert "tesela.running" not in source
            assert "features.data" not in source
            assert "features.snapshots" not in source
        for route in (face.public_dashboard, face.public_data, face.unlock):
            assert set(inspect.signature(route).parameters) <= {
                "request", "response", "token", "body", "pages", "settings", "key", "password",
            }  # fmt: skip
        assert set(inspect.signature(public_pages.PublicPages).parameters) == {
            "store", "keys", "render", "clock", "rates", "max_bytes",
        }  # fmt: skip

    def test_wrong_tokens_all_get_the_same_answer(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            revoked, expired, archived, deleted, suspended = [await site.dashboard() for _ in range(5)]
            owner = await site.acting(site.owner)
            tokens = {
                "revoked": await site.shared(revoked),
                "expired": await site.shared(expired, expires_in_days=1),
                "archived": await site.shared(archived),
                "deleted": await site.shared(deleted),
                "suspended": await site.shared(suspended),
                "unknown": "tsh_" + "x" * 43,
                "short": "x",
                "long": "x" * 3_000,
                "odd": "%00%ff",
                "dashboard": revoked.id,
            }
            for name in ("revoked", "expired", "archived", "deleted", "suspended"):
                assert (await site.client().get(page_of(tokens[name]))).status_code == 200
            await owner.post(share_of(revoked), json={"is_public": False})
            await owner.post(f"/api/dashboards/{archived.id}/archive")
            await owner.delete(f"/api/dashboards/{deleted.id}")
            site.world.clock.move(days=1)
            await site.world.store.write(lambda tx: tx.tenants.suspend("default", is_suspended=True))

            answers = [
                await site.client(from_address=f"192.0.2.{number}").request(method, page_of(token, *rest), json=body)
                for number, token in enumerate(tokens.values())
                for method, rest, body in (
                    ("GET", (), None), ("GET", ("data",), None), ("POST", ("unlock",), {"password": "x"}),
                )
            ]  # fmt: skip

            assert {(one.status_code, one.text) for one in answers} == {(404, orjson.dumps(GONE).decode())}
            assert len({frozenset(one.headers.items()) for one in answers}) == 1

        on_site(tmp_path, work)

    def test_a_link_ends_at_its_time(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            until = site.world.clock() + dt.timedelta(hours=1)
            token = await site.shared(dashboard, expires_at=until.isoformat())
            assert (await site.client().get(page_of(token))).status_code == 200

            site.world.clock.move(hours=1)
            ended = await site.client().get(page_of(token))
            await site.jobs.end_links()
            shown = (await (await site.acting(site.owner)).get(f"/api/dashboards/{dashboard.id}")).json()
            again = await site.shared(dashboard)

            assert ended.status_code == 404
            assert (shown["is_public"], shown["share_token"]) == (False, None)
            assert again != token
            assert (await site.client().get(page_of(again))).status_code == 200

        on_site(tmp_path, work)

    def test_a_link_that_ended_is_not_given_out_again(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard, expires_in_days=1, password="open sesame")
            site.world.clock.move(days=2)

            again = await site.shared(dashboard)

            assert again != token
            assert (await site.client().get(page_of(again))).status_code == 200

        on_site(tmp_path, work)

    def test_an_expired_snapshot_stays_and_says_that_it_is_stale(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard)
            fresh = await site.client().get(page_of(token, "data"))
            site.world.clock.move(days=7)

            stale = await site.client().get(
                page_of(token, "data"), headers={"If-None-Match": fresh.headers["ETag"]}
            )
            await site.jobs.prune()
            kept = await site.client().get(page_of(token, "data"))

            assert (fresh.json()["stale"], stale.json()["stale"], kept.json()["stale"]) == (False, True, True)
            assert kept.json()["tile_data"] == fresh.json()["tile_data"]

        on_site(tmp_path, work)

    def test_bytes_are_sent_as_the_reader_takes_them(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            tiles = [{"title": f"Tile {number}"} for number in range(20)]
            token = await site.shared(await site.dashboard(*tiles))

            async def sent(accepts: str) -> tuple[str | None, bytes]:
                client = site.client(accept_encoding=accepts)
                async with client.stream("GET", page_of(token, "data")) as answer:
                    raw = b"".join([part async for part in answer.aiter_raw()])
                    return answer.headers.get("content-encoding"), raw

            none, plain = await sent("identity")
            zstd, small = await sent("gzip, br, zstd")
            zipped, other = await sent("gzip")

            assert (none, zstd, zipped) == (None, "zstd", "gzip")
            assert zstandard.decompress(small) == gzip.decompress(other) == plain
            assert len(small) < len(plain) / 3

        on_site(tmp_path, work)

    def test_an_unchanged_page_answers_304(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token, reader = await token_and_page(site)
            for rest in ((), ("data",)):
                first = await reader.get(page_of(token, *rest))

                second = await reader.get(
                    page_of(token, *rest), headers={"If-None-Match": first.headers["ETag"]}
                )

                assert (second.status_code, second.content) == (304, b"")

        on_site(tmp_path, work)

    def test_the_page_tells_nobody_its_address(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token, reader = await token_and_page(site)

            for answer in (await reader.get(page_of(token)), await reader.get(page_of(token, "data"))):
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
                assert answer.headers["Cache-Control"] == "private, no-cache"

        on_site(tmp_path, work)

    def test_many_who_come_at_once_read_the_store_once(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token, reader = await token_and_page(site)
            reads = 0
            read = site.world.store.read

            async def counted(fn: Any) -> Any:
                nonlocal reads
                reads += 1
                return await read(fn)

            site.world.store.read = counted  # type: ignore[method-assign]
            answers = await asyncio.gather(*(reader.get(page_of(token, "data")) for _ in range(50)))

            assert {answer.status_code for answer in answers} == {200}
            assert reads == 1

        on_site(tmp_path, work)

    def test_requests_of_one_address_are_limited(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token, reader = await token_and_page(site)

            answers = [await reader.get(page_of(token)) for _ in range(6)]
            elsewhere = await site.client(from_address="192.0.2.1").get(page_of(token))
            site.world.clock.move(seconds=int(answers[-1].headers["Retry-After"]))

            assert [answer.status_code for answer in answers] == [200] * 5 + [429]
            assert answers[-1].json() == {"detail": "Too many requests from this address: wait a moment"}
            assert elsewhere.status_code == 200
            assert (await reader.get(page_of(token))).status_code == 200

        on_site(tmp_path, work, public_requests_per_minute=5)

    def test_behind_a_trusted_proxy_the_reader_counts_and_not_the_proxy(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard())

            def through_proxy(address: str) -> httpx.AsyncClient:
                return site.client(from_address="10.0.0.9", x_forwarded_for=f"6.6.6.6, {address}, 10.0.0.1")

            assert [
                (await through_proxy(address).get(page_of(token))).status_code
                for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
            ] == [200, 200, 429]
            liar = [site.client(from_address="192.0.2.9", x_forwarded_for=f"1.1.1.{n}") for n in range(2)]
            assert [(await one.get(page_of(token))).status_code for one in liar] == [200, 429]

        on_site(tmp_path, work, public_requests_per_minute=1, trusted_proxies="10.0.0.0/8")


class TestPassword:
    def test_a_protected_page_opens_with_its_password_only(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")

            for rest in ((), ("data",)):
                locked = await site.client().get(page_of(token, *rest))
                wrong = await site.client(x_share_password="open barley").get(page_of(token, *rest))
                right = await site.client(x_share_password="open sesame").get(page_of(token, *rest))

                assert (locked.status_code, wrong.status_code, right.status_code) == (401, 401, 200)
                assert locked.json() == {"detail": "This dashboard is protected by a password"}
                assert wrong.json() == {"detail": "The password is wrong"}

        on_site(tmp_path, work)

    def test_unlocking_sets_a_cookie_that_opens_this_page_for_a_while(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")
            other = await site.shared(await site.dashboard(), password="open sesame")
            reader = site.client()

            refused = await reader.post(page_of(token, "unlock"), json={"password": "open barley"})
            unlocked = await reader.post(page_of(token, "unlock"), json={"password": "open sesame"})

            assert (refused.status_code, unlocked.status_code) == (401, 204)
            cookie = unlocked.headers["set-cookie"]
            assert "HttpOnly" in cookie
            assert f"Path=/api/dashboards/shared/{token}" in cookie
            key = cookie.split(";")[0]
            assert (await reader.get(page_of(token, "data"))).status_code == 200
            assert (await site.client(cookie=key).get(page_of(other))).status_code == 401
            site.world.clock.move(hours=12)
            assert (await site.client(cookie=key).get(page_of(token))).status_code == 401

        on_site(tmp_path, work)

    @pytest.mark.parametrize(
        "key", ["", "x", "9999999999.", "9999999999.v1:s1:00", "-1.x", "１.x", "9" * 40 + ".x", "é"]
    )
    def test_a_made_up_cookie_opens_nothing(self, tmp_path: Path, key: str) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")
            reader = site.client()
            raw = [(b"cookie", f"tesela_shared={key}".encode())]

            assert (await reader.get(page_of(token), headers=raw)).status_code == 401

        on_site(tmp_path, work)

    def test_a_new_password_closes_the_page_for_those_who_knew_the_old_one(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            token = await site.shared(dashboard, password="open sesame")
            reader = site.client()
            await reader.post(page_of(token, "unlock"), json={"password": "open sesame"})
            assert (await reader.get(page_of(token))).status_code == 200

            assert await site.shared(dashboard, password="another one") == token

            assert (await reader.get(page_of(token))).status_code == 401
            assert (await site.client(x_share_password="open sesame").get(page_of(token))).status_code == 401
            assert (await site.client(x_share_password="another one").get(page_of(token))).status_code == 200
            assert await site.shared(dashboard, password=None) == token
            assert (await site.client().get(page_of(token))).status_code == 200

        on_site(tmp_path, work)

    def test_guessing_is_limited_by_address_and_by_link(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")

            async def tries(address: str, password: str = "guessed") -> httpx.Response:
                client = site.client(from_address=address)
                return await client.post(page_of(token, "unlock"), json={"password": password})

            one_address = [(await tries("192.0.2.1")).status_code for _ in range(3)]
            many = [(await tries(f"198.51.100.{number}")).status_code for number in range(19)]
            limited = await tries("203.0.113.1")
            site.world.clock.move(seconds=60)

            assert one_address == [401, 401, 429]
            assert many == [401] * 18 + [429]
            assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")
            assert (await tries("203.0.113.1", "open sesame")).status_code == 204

        on_site(tmp_path, work, public_passwords_per_minute=2)

    def test_whoever_knows_the_password_is_not_counted(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")
            reader = site.client(x_share_password="open sesame")

            assert {(await reader.get(page_of(token))).status_code for _ in range(5)} == {200}

        on_site(tmp_path, work, public_passwords_per_minute=1)

    @pytest.mark.parametrize("body", [None, {}, {"password": None}, {"password": 7}, []])
    def test_unlocking_without_a_password_is_a_bad_request(self, tmp_path: Path, body: Any) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")

            assert (await site.client().post(page_of(token, "unlock"), json=body)).status_code == 400

        on_site(tmp_path, work)

    def test_in_frames_over_https_the_cookie_is_partitioned(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            token = await site.shared(await site.dashboard(), password="open sesame")

            answer = await site.client().post(page_of(token, "unlock"), json={"password": "open sesame"})

            assert answer.headers["set-cookie"].endswith("Secure; SameSite=None; Partitioned")

        on_site(tmp_path, work, public_url="https://bi.example.org", embed_origins="https://www.example.org")


class TestOnTheWholeServer:
    """With a real engine, every layer of the server, and its log."""

    def test_a_shared_dashboard_is_read_by_anybody_and_leaves_no_token_in_the_log(
        self, server: Server, owner: Person, sales: str
    ) -> None:
        dashboard = owner.new_dashboard(name="Public")["id"]
        fine = {"title": "Fine", "query": "SELECT region, SUM(revenue) FROM sales GROUP BY 1 ORDER BY 1"}
        broken = {"title": "Broken", "query": "SELECT CANARY_COLUMN FROM CANARY_TABLE"}
        for tile in (fine, broken):
            owner.new_tile(dashboard, tile_type="table", datasource_id=sales, **tile)
        token = owner.post(f"/api/dashboards/{dashboard}/share", json={"is_public": True}).json()[
            "share_token"
        ]
        reader = anonymous(server)

        page = reader.get(page_of(token))
        data = reader.get(page_of(token, "data"))
        reader.get(f"/dashboards/shared/{token}")

        rows, error = data.json()["tile_data"].values()
        assert rows["data"]["columns"] == ["region", "revenue"]
        assert len(rows["data"]["rows"]) == 3
        assert error["error_code"] == "query_failed"
        assert "CANARY" not in page.text + data.text
        assert sales not in page.text + data.text
        assert token not in server.log()
        assert reader.get(f"/api/dashboards/{dashboard}").status_code == 401
