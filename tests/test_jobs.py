"""What the server does by the clock, with a clock that is moved by hand."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import make
from site_of_sharing import Site, on_site, page_of, share_of
from tesela import jobs
from tesela.errors import QueryFailed, SourceUnavailable, TooBusy
from tesela.features.uploads import prune_files
from tesela.model.dashboard import Dashboard
from tesela.model.snapshot import Snapshot

EVERY_HOUR = {"schedule": {"cron": "30 * * * *"}}


async def snapshots_of(site: Site, dashboard: Dashboard) -> list[Snapshot]:
    found, _ = await site.world.store.read(
        lambda tx: tx.snapshots.list(dashboard.tenant_id, dashboard.id, limit=100)
    )
    return found


async def shown(site: Site, token: str) -> Any:
    return (await site.client().get(page_of(token, "data"))).json()


def test_a_shared_dashboard_is_refreshed_at_its_interval_but_not_before(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"refresh_interval_seconds": 300})
        token = await site.shared(dashboard)
        first = await shown(site, token)

        await site.tick(seconds=299)
        before = await shown(site, token)
        await site.tick(seconds=1)
        after = await shown(site, token)

        assert before == first
        assert after["trigger_type"] == "scheduled"
        assert next(iter(after["tile_data"].values()))["data"]["rows"] == [{"n": 2}]
        assert len(await snapshots_of(site, dashboard)) == 2

    on_site(tmp_path, work)


def test_refreshes_take_the_place_of_each_other(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"refresh_interval_seconds": 60})
        await site.shared(dashboard)
        for _ in range(5):
            await site.tick(seconds=60)

        assert len(site.database.asked) == 6
        assert [(one.trigger_type, one.is_refresh) for one in await snapshots_of(site, dashboard)] == [
            ("scheduled", True),
            ("on_share", False),
        ]

    on_site(tmp_path, work)


def test_a_short_interval_is_a_minute_and_none_is_never(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        quick = await site.dashboard(members={"refresh_interval_seconds": 5})
        never = await site.dashboard(members={"refresh_interval_seconds": None})
        await site.shared(quick)
        await site.shared(never)
        for _ in range(24):
            await site.tick(seconds=5)

        assert len(await snapshots_of(site, never)) == 1
        assert len(site.database.asked) == 2 + 2

    on_site(tmp_path, work)


def test_a_saved_dashboard_gets_a_new_snapshot_at_most_once_a_minute(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"refresh_interval_seconds": None})
        token = await site.shared(dashboard)
        taken = []
        for second in range(0, 180, 5):
            if second < 120:
                await site.saved(dashboard, description=f"edited at {second}")
            await site.tick(seconds=5)
            taken.append(len(site.database.asked))

        page = (await site.client().get(page_of(token))).json()
        assert page["description"] == "edited at 115"
        assert [after - before for before, after in zip([1, *taken], taken, strict=False)].count(1) == 2
        assert taken[-1] == 3

    on_site(tmp_path, work)


def test_what_is_not_shared_any_more_is_left_alone(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        off, archived, expired, deleted, suspended = [await site.dashboard() for _ in range(5)]
        owner = await site.acting(site.owner)
        for one in (off, archived, deleted, suspended):
            await site.shared(one)
        await site.shared(expired, expires_in_days=1)
        await site.tick(seconds=1)
        asked = len(site.database.asked)

        await owner.post(share_of(off), json={"is_public": False})
        await owner.post(f"/api/dashboards/{archived.id}/archive")
        await owner.delete(f"/api/dashboards/{deleted.id}")
        await site.world.store.write(lambda tx: tx.tenants.suspend("default", is_suspended=True))
        await site.tick(days=1)

        assert len(site.database.asked) == asked

    on_site(tmp_path, work)


def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await site.shared(await site.dashboard(members={"refresh_interval_seconds": 300}))
        await site.tick(seconds=200)
        site.jobs = jobs.Jobs(site.camera, site.jobs._keeping)

        await site.tick(seconds=99)
        before = len(site.database.asked)
        await site.tick(seconds=1)

        assert (before, len(site.database.asked)) == (1, 2)

    on_site(tmp_path, work)


def test_a_database_that_does_not_answer_leaves_the_last_snapshot_and_is_asked_less_often(
    tmp_path: Path,
) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"refresh_interval_seconds": 60})
        token = await site.shared(dashboard)
        first = await shown(site, token)
        site.database.error = SourceUnavailable("The database cannot be reached")
        for _ in range(60):
            await site.tick(seconds=60)
        failed = len(site.database.asked) - 1
        kept = await shown(site, token)
        site.database.error = None
        await site.tick(hours=1)

        assert kept == first
        assert 4 <= failed <= 6
        assert (await shown(site, token))["id"] != first["id"]

    on_site(tmp_path, work)


def test_a_query_that_is_wrong_is_stored_as_it_is(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        token = await site.shared(await site.dashboard(members={"refresh_interval_seconds": 60}))
        site.database.error = QueryFailed("no such table")
        await site.tick(seconds=60)

        [tile] = (await shown(site, token))["tile_data"].values()
        assert tile["error_code"] == "query_failed"

    on_site(tmp_path, work)


def test_an_owner_who_may_not_log_in_any_more_refreshes_nothing(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await site.shared(await site.dashboard(members={"refresh_interval_seconds": 60}))
        await site.world.store.write(lambda tx: tx.users.save(replace(site.owner, is_active=False)))
        for _ in range(10):
            await site.tick(seconds=60)

        assert len(site.database.asked) == 1

    on_site(tmp_path, work)


def test_a_schedule_brings_snapshots_that_stay(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"settings": EVERY_HOUR})
        await site.tick(minutes=29)
        for _ in range(3):
            await site.tick(hours=1)

        found = await snapshots_of(site, dashboard)
        assert [(one.trigger_type, one.is_refresh) for one in found] == [("scheduled", False)] * 3
        assert {one.executed_by for one in found} == {site.owner.id}

    on_site(tmp_path, work)


def test_the_schedules_of_a_suspended_tenant_stop_and_go_on_when_it_is_back(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"settings": EVERY_HOUR, "refresh_interval_seconds": 60})
        await site.shared(dashboard)
        await site.tick(hours=1)
        store, taken = site.world.store, len(site.database.asked)

        await store.write(lambda tx: tx.tenants.suspend(dashboard.tenant_id, is_suspended=True))
        for _ in range(3):
            await site.tick(hours=1)
        stopped = len(site.database.asked)
        await store.write(lambda tx: tx.tenants.suspend(dashboard.tenant_id, is_suspended=False))
        await site.tick(hours=1)

        assert taken >= 2
        assert stopped == taken
        assert len(site.database.asked) > stopped

    on_site(tmp_path, work)


def test_a_schedule_is_followed_in_its_time_zone(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        # In Madrid clocks go forward in the night to 2026-03-29: six o'clock is at 05:00 UTC, then at 04:00.
        settings = {"schedule": {"cron": "0 6 * * *"}}
        dashboard = await site.dashboard(members={"settings": settings, "time_zone": "Europe/Madrid"})
        site.world.clock.moment = dt.datetime(2026, 3, 28, 0, 0, tzinfo=dt.UTC)
        while site.world.clock() < dt.datetime(2026, 3, 29, 23, 0, tzinfo=dt.UTC):
            await site.tick(minutes=30)

        at = [one.created_at.strftime("%d %H:%M") for one in await snapshots_of(site, dashboard)]
        assert at == ["29 04:00", "28 05:00"]

    on_site(tmp_path, work)


def test_a_run_missed_while_the_server_was_down_is_made_up_for_once(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"settings": EVERY_HOUR})
        await site.tick(seconds=1)
        await site.tick(minutes=30)
        assert len(await snapshots_of(site, dashboard)) == 1
        site.jobs = jobs.Jobs(site.camera, site.jobs._keeping)
        site.world.clock.move(hours=5)

        await site.tick(seconds=5)
        await site.tick(seconds=5)

        assert len(await snapshots_of(site, dashboard)) == 2

    on_site(tmp_path, work)


def test_a_change_just_before_its_time_does_not_skip_the_first_run(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard = await site.dashboard(members={"settings": EVERY_HOUR})
        await site.tick(seconds=1)
        site.world.clock.move(minutes=30)
        await site.saved(dashboard, description="saved right after the half hour")

        await site.tick(seconds=1)

        assert len(await snapshots_of(site, dashboard)) == 1

    on_site(tmp_path, work)


def test_a_dashboard_is_taken_once_at_a_time(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        await site.shared(await site.dashboard(members={"refresh_interval_seconds": 60}))
        site.database.slow = asyncio.Event()
        for _ in range(5):
            site.world.clock.move(seconds=60)
            await site.jobs.take_due()
            await asyncio.sleep(0.02)
        running = len(site.database.asked) - 1
        site.database.slow.set()
        await site.jobs.settled()

        assert running == 1

    on_site(tmp_path, work)


def test_a_loop_goes_on_after_an_error(tmp_path: Path, monkeypatch: Any) -> None:
    async def work(site: Site) -> None:
        monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.01)
        rounds, third = 0, asyncio.Event()

        async def breaks() -> None:
            nonlocal rounds
            rounds += 1
            if rounds == 3:
                third.set()
            raise RuntimeError("broken")

        site.jobs.take_due = breaks  # type: ignore[method-assign]
        site.jobs.start()
        await third.wait()
        await site.jobs.stop()

        assert rounds >= 3

    on_site(tmp_path, work)


def test_one_dashboard_that_breaks_does_not_keep_others_waiting(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        broken = await site.dashboard(members={"refresh_interval_seconds": 60})
        sound = await site.dashboard(members={"refresh_interval_seconds": 60})
        for one in (broken, sound):
            await site.shared(one)
        # A document that this version cannot view: its filter depends on one that is not there.
        await site.saved(broken, filters=({"name": "a", "depends_on": ["gone"]},))
        await site.tick(seconds=60)

        assert [len(await snapshots_of(site, one)) for one in (broken, sound)] == [1, 2]

    on_site(tmp_path, work)


def test_pruning_removes_what_is_past_its_time(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        dashboard, shared = await site.dashboard(), await site.dashboard()
        owner = await site.acting(site.owner)
        for one in (dashboard, shared):
            assert (await owner.post(f"/api/dashboards/{one.id}/snapshot")).status_code == 201
        site.world.clock.move(seconds=1)
        await site.shared(shared)
        [kept, _] = await snapshots_of(site, shared)
        site.world.clock.move(days=7)

        await site.jobs.prune()

        assert await snapshots_of(site, dashboard) == []
        assert await snapshots_of(site, shared) == [kept]

    on_site(tmp_path, work)


def test_all_refused_is_tried_again_later(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        token = await site.shared(await site.dashboard(members={"refresh_interval_seconds": 60}))
        site.database.error = TooBusy("Too many queries are waiting")
        await site.tick(seconds=60)
        site.database.error = None
        await site.tick(seconds=120)

        assert (await shown(site, token))["trigger_type"] == "scheduled"

    on_site(tmp_path, work)


def test_old_files_of_datasources_go_and_new_ones_stay(tmp_path: Path) -> None:
    async def work(site: Site) -> None:
        files = tmp_path / "files"
        files.mkdir()
        known = make.datasource("Uploads", config={"generation": 5})
        await site.world.add(known)
        gone, fresh = make.new_id(), make.new_id()
        for name in (
            *(f"{known.id}.{number}.duckdb" for number in range(1, 6)),
            f"{gone}.1.duckdb",
            f"{gone}.2.duckdb",
        ):
            (files / name).write_bytes(b"x")
            os.utime(files / name, (0, 0))
        (files / f"{fresh}.1.duckdb").write_bytes(b"x")
        (files / "notes.txt").write_bytes(b"x")

        removed = await prune_files(site.world.store, files, tmp_path / "uploads", dt.datetime.now(dt.UTC))

        assert removed == 5
        assert {path.name for path in files.iterdir()} == {
            f"{known.id}.4.duckdb", f"{known.id}.5.duckdb", f"{fresh}.1.duckdb", "notes.txt",
        }  # fmt: skip

    on_site(tmp_path, work)
