"""/api/dashboards/{id}/snapshot(s)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from site_of_sharing import Site, on_site
from tesela.errors import QueryFailed, TooBusy
from tesela.model.dashboard import Dashboard

ABSENT = "00000000-0000-4000-8000-000000000000"


def at(dashboard: Dashboard | str, *rest: str) -> str:
    id_ = dashboard if isinstance(dashboard, str) else dashboard.id
    return "/".join((f"/api/dashboards/{id_}", *rest))


async def taken(person: httpx.AsyncClient, dashboard: Dashboard) -> dict[str, Any]:
    answer = await person.post(at(dashboard, "snapshot"))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


class TestRights:
    def test_whoever_may_not_see_it_learns_nothing(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            made = await taken(await site.acting(site.owner), dashboard)
            strangers = [
                (await site.person("ed"))[1],
                (await site.person("vera", role="viewer"))[1],
                (await site.person("oscar", role="admin", tenant_id="other"))[1],
            ]
            before = list(site.database.asked)
            for method, rest in (
                ("POST", ("snapshot",)),
                ("GET", ("snapshot", "latest")),
                ("GET", ("snapshots",)),
                ("DELETE", ("snapshots", made["id"])),
            ):
                absent = await strangers[0].request(method, at(ABSENT, *rest))
                hidden = [await one.request(method, at(dashboard, *rest)) for one in strangers]

                assert (await site.client().request(method, at(dashboard, *rest))).status_code == 401
                assert {(one.status_code, one.text) for one in hidden} == {(404, absent.text)}
            assert site.database.asked == before

        on_site(tmp_path, work)

    def test_a_viewer_may_read_the_latest_but_neither_make_nor_list_nor_delete(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(audience="tenant")
            made = await taken(await site.acting(site.owner), dashboard)
            for person in (
                (await site.person("ed"))[1],
                (await site.person("vera", role="viewer"))[1],
            ):
                read = await person.get(at(dashboard, "snapshot", "latest"))
                refused = [
                    await person.post(at(dashboard, "snapshot")),
                    await person.get(at(dashboard, "snapshots")),
                    await person.delete(at(dashboard, "snapshots", made["id"])),
                ]

                assert (read.status_code, read.json()) == (200, made)
                assert [one.status_code for one in refused] == [403] * 3

        on_site(tmp_path, work)


class TestCreate:
    def test_a_snapshot_holds_every_tile_as_the_contract_writes_it(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard({}, {"tile_type": "text", "query": None, "content": "Hello"})
            first, text = (tile.id for tile in dashboard.document.tiles)
            owner = await site.acting(site.owner)

            made = await taken(owner, dashboard)

            tile_data = made.pop("tile_data")
            assert made == {
                "id": made["id"],
                "dashboard_id": dashboard.id,
                "execution_time_ms": 0,
                "executed_by": site.owner.id,
                "trigger_type": "manual",
                "created_at": "2026-03-01T12:00:00.123456Z",
                "expires_at": "2026-03-08T12:00:00.123456Z",
                "revision": 1,
            }
            assert set(tile_data) == {first, text}
            assert tile_data[first]["data"] == {"columns": ["n"], "rows": [{"n": 1}]}
            assert (tile_data[first]["error"], tile_data[text]["data"]) == (None, None)

        on_site(tmp_path, work)

    def test_it_asks_the_database_even_when_there_is_an_answer(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)

            rows = [
                next(iter((await taken(owner, dashboard))["tile_data"].values()))["data"]["rows"]
                for _ in range(2)
            ]

            assert rows == [[{"n": 1}], [{"n": 2}]]

        on_site(tmp_path, work)

    def test_it_runs_as_the_owner_with_default_filters_whoever_asks(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            await site.world.store.write(
                lambda tx: tx.users.save(replace(site.owner, attributes={"region": "Owner's"}))
            )
            query = "SELECT n FROM t WHERE r = ${user.region} AND u = ${user.id} ${filter.city.where}"
            filters = ({"name": "city", "field": "city", "type": "select", "default": "Vigo"},)
            dashboard = await site.dashboard({"query": query}, members={"filters": filters})
            admin, acting = await site.person("ada", role="admin", attributes={"region": "Ada's"})

            made = await taken(acting, dashboard)

            assert made["executed_by"] == admin.id
            assert site.database.values == [("Owner's", site.owner.id, "Vigo")]

        on_site(tmp_path, work)

    def test_a_tile_that_fails_says_so_without_the_reason(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            site.database.error = QueryFailed("Table secrets does not exist", line=1, column=9)

            made = await taken(await site.acting(site.owner), dashboard)

            [tile] = made["tile_data"].values()
            assert (tile["data"], tile["error_code"]) == (None, "query_failed")
            assert tile["error"] == "The query of this tile failed when the snapshot was made"
            assert "secrets" not in str(made)

        on_site(tmp_path, work)

    def test_nothing_is_kept_when_no_tile_got_its_turn(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            site.database.error = TooBusy("Too many queries are waiting", retry_after_seconds=5)

            answer = await owner.post(at(dashboard, "snapshot"))

            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
            assert (await owner.get(at(dashboard, "snapshots"))).json() == []

        on_site(tmp_path, work)

    def test_a_tile_for_which_there_is_no_room_says_so(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard({}, {}, {}, {})

            made = await taken(await site.acting(site.owner), dashboard)

            assert [tile["error_code"] for tile in made["tile_data"].values()] == [None] * 3 + ["too_large"]

        on_site(tmp_path, work, snapshot_max_bytes=1_300)

    def test_no_transaction_is_open_while_queries_run(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            site.database.slow = asyncio.Event()

            taking = asyncio.ensure_future(taken(owner, dashboard))
            await site.database.begun.wait()
            await site.saved(dashboard, description="written meanwhile")
            site.database.slow.set()
            made = await taking

            assert made["revision"] == 1

        on_site(tmp_path, work)

    def test_only_the_last_hundred_stay(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard({"tile_type": "text", "query": None, "content": "x"})
            owner = await site.acting(site.owner)
            first = await taken(owner, dashboard)
            for _ in range(100):
                site.world.clock.move(seconds=1)
                await taken(owner, dashboard)

            listed = await owner.get(at(dashboard, "snapshots?limit=100"))

            assert listed.headers["X-Total-Count"] == "100"
            assert first["id"] not in listed.text

        on_site(tmp_path, work)


class TestLatest:
    def test_the_newest_that_has_not_expired_is_answered(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            none = await owner.get(at(dashboard, "snapshot", "latest"))
            await taken(owner, dashboard)
            site.world.clock.move(days=1)
            second = await taken(owner, dashboard)

            found = await owner.get(at(dashboard, "snapshot", "latest"))
            site.world.clock.move(days=7)
            over = await owner.get(at(dashboard, "snapshot", "latest"))

            assert (none.status_code, found.json(), over.status_code) == (404, second, 404)
            assert none.json() == {"detail": "There is no snapshot of this dashboard: make one first"}

        on_site(tmp_path, work)

    def test_it_is_not_shown_to_who_would_see_other_rows(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(
                {"query": "SELECT n FROM t WHERE u = ${user.id}"}, audience="tenant"
            )
            _, admin = await site.person("ada", role="admin")
            owner = await site.acting(site.owner)
            await taken(admin, dashboard)

            refused = await admin.get(at(dashboard, "snapshot", "latest"))

            assert (await owner.get(at(dashboard, "snapshot", "latest"))).status_code == 200
            assert (refused.status_code, refused.json()["detail"]) == (
                404,
                "There is no snapshot of this dashboard: make one first",
            )

        on_site(tmp_path, work)

    def test_unchanged_answers_304_and_compresses_as_asked(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard(*({"title": f"T{n}"} for n in range(10)))
            owner = await site.acting(site.owner)
            made = await taken(owner, dashboard)
            latest = at(dashboard, "snapshot", "latest")

            found = {
                accepts: await owner.get(latest, headers={"Accept-Encoding": accepts})
                for accepts in ("identity", "gzip", "zstd, gzip")
            }
            same = await owner.get(latest, headers={"If-None-Match": found["gzip"].headers["ETag"]})

            assert [one.headers.get("Content-Encoding") for one in found.values()] == [None, "gzip", "zstd"]
            assert all(one.json() == made for one in found.values())
            assert same.status_code == 304

        on_site(tmp_path, work)


class TestListAndDelete:
    def test_the_newest_come_first_without_their_rows(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            ids = []
            for _ in range(3):
                ids.append((await taken(owner, dashboard))["id"])
                site.world.clock.move(seconds=1)

            listed = await owner.get(at(dashboard, "snapshots"))
            page = await owner.get(at(dashboard, "snapshots?limit=1&offset=1"))

            assert [one["id"] for one in listed.json()] == ids[::-1]
            assert [one["id"] for one in page.json()] == [ids[1]]
            assert page.headers["X-Total-Count"] == "3"
            assert set(listed.json()[0]) == {
                "id", "dashboard_id", "execution_time_ms", "executed_by", "trigger_type", "created_at",
                "expires_at", "revision", "size_bytes",
            }  # fmt: skip
            assert (await owner.get(at(dashboard, "snapshots?limit=0"))).status_code == 400

        on_site(tmp_path, work)

    def test_deleting_removes_one(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard, other = await site.dashboard(), await site.dashboard()
            owner = await site.acting(site.owner)
            made = await taken(owner, dashboard)

            elsewhere = await owner.delete(at(other, "snapshots", made["id"]))
            gone = await owner.delete(at(dashboard, "snapshots", made["id"].upper()))
            again = await owner.delete(at(dashboard, "snapshots", made["id"]))
            odd = await owner.delete(at(dashboard, "snapshots", "nonsense"))

            assert [one.status_code for one in (elsewhere, gone, again, odd)] == [404, 204, 404, 404]
            assert (await owner.get(at(dashboard, "snapshots"))).json() == []

        on_site(tmp_path, work)

    def test_the_only_one_of_a_shared_dashboard_stays(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            token = await site.shared(dashboard)
            [only] = (await owner.get(at(dashboard, "snapshots"))).json()

            refused = await owner.delete(at(dashboard, "snapshots", only["id"]))
            site.world.clock.move(seconds=1)
            newer = await taken(owner, dashboard)
            shown = (await site.client().get(f"/api/dashboards/shared/{token}/data")).json()
            gone = await owner.delete(at(dashboard, "snapshots", newer["id"]))
            back = (await site.client().get(f"/api/dashboards/shared/{token}/data")).json()

            assert (refused.status_code, gone.status_code) == (409, 204)
            assert (shown["id"], back["id"]) == (newer["id"], only["id"])

        on_site(tmp_path, work)


class TestSchedule:
    def test_a_schedule_is_checked_when_it_is_saved(self, tmp_path: Path) -> None:
        async def work(site: Site) -> None:
            dashboard = await site.dashboard()
            owner = await site.acting(site.owner)
            for schedule, words in (
                ("daily", "settings.schedule must be an object"),
                ({"cron": "0 6 * *"}, "settings.schedule.cron must be five fields"),
                ({"cron": "0 0 6 * * *"}, "settings.schedule.cron must be five fields"),
                ({"cron": "61 * * * *"}, "settings.schedule.cron must be five fields"),
                ({"cron": "0 0 30 2 *"}, "settings.schedule.cron must be five fields"),
                ({"cron": 7}, "settings.schedule.cron must be five fields"),
                ({"cron": "0 6 * * *", "time_zone": "Mars/Base"}, "settings.schedule.time_zone must be"),
                ({"cron": "0 6 * * *", "time_zone": 7}, "settings.schedule must be an object"),
            ):
                answer = await owner.put(at(dashboard), json={"settings": {"schedule": schedule}})

                assert (answer.status_code, answer.json()["detail"].startswith(words)) == (400, True)
            good = {"schedule": {"cron": "0 6 * * 1-5", "time_zone": "Europe/Madrid"}, "theme": "sea"}
            assert (await owner.put(at(dashboard), json={"settings": good})).json()["settings"] == good

        on_site(tmp_path, work)
