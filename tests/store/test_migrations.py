"""From nothing, and from each version before, to the tables of today."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from make import START, Clock, World, dashboard, document, in_world, tenant
from tesela.store import Keys, Visibility, open_store
from tesela.store.connections import connect, parse_url
from tesela.store.dashboards import bytes_of
from tesela.store.migrate import BadStoreVersion, upgrade
from tesela.store.migrations import HEAD, VERSIONS
from tesela.store.tables import metadata


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = connect(parse_url(url), writing=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def bring_to(url: str, version: str) -> None:
    engine = connect(parse_url(url), writing=True)
    try:
        upgrade(parse_url(url), engine, version)
    finally:
        engine.dispose()


def differences(url: str) -> list[Any]:
    """Return how the tables differ from what the code expects."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with connected(url) as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def fill(url: str) -> None:
    """Put rows into the tables of any version, with plain SQL."""
    with connected(url) as connection:
        connection.execute(
            text("INSERT INTO tenants (id, name, created_at) VALUES ('default', 'default', :now)"),
            {"now": START},
        )
        connection.execute(
            text(
                "INSERT INTO users (id, tenant_id, email, name, role, is_active, attributes, created_at)"
                " VALUES ('user-1', 'default', 'a@example.org', 'A', 'admin', :yes, '{}', :now)"
            ),
            {"now": START, "yes": True},
        )
        columns = {column["name"] for column in inspect(connection).get_columns("dashboards")}
        search, value = (", search_text", ", 'ventas'") if "search_text" in columns else ("", "")
        connection.execute(
            text(
                "INSERT INTO dashboards (id, tenant_id, owner_id, name, tags, audience, link, is_archived, version,"
                f" tile_count, created_at, updated_at, document{search})"
                " VALUES ('d-1', 'default', 'user-1', 'Ventas', '[]', 'private', :no, :no, 1, 0, :now, :now,"
                f" :document{value})"
            ),
            {"now": START, "no": False, "document": bytes_of(document("Ventas"))},
        )
        if not search:
            place = "INSERT INTO dashboard_search (tenant_id, dashboard_id, text)"
            connection.execute(text(f"{place} VALUES ('default', 'd-1', 'ventas')"))


def test_an_empty_database_gets_the_tables_of_the_code(url: str) -> None:
    bring_to(url, HEAD)

    assert differences(url) == []


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_a_store_of_each_version_before_is_brought_up_with_its_rows(url: str, version: str) -> None:
    bring_to(url, version)
    fill(url)

    async def work(world: World) -> None:
        ana = await world.store.read(lambda tx: tx.users.get("default", "user-1"))
        assert ana is not None
        assert (ana.email, ana.role, ana.attributes) == ("a@example.org", "admin", {})
        found = await world.store.read(lambda tx: tx.dashboards.get("default", "d-1"))
        assert found is not None
        assert found.document == document("Ventas")
        await world.add(dashboard(ana))
        rows, _ = await world.store.read(
            lambda tx: tx.dashboards.list("default", visible_to=Visibility("user-1"), search="VENTAS")
        )
        assert [row.id for row in rows] == ["d-1"]

    in_world(url, work)
    assert differences(url) == []


def test_the_versions_are_one_line() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import tesela.store

    config = Config()
    config.set_main_option("script_location", str(Path(tesela.store.__file__).parent / "migrations"))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())

    assert [(one.revision, one.down_revision) for one in reversed(scripts)] == list(
        zip(VERSIONS, (None, *VERSIONS[:-1]), strict=True)
    )


def test_a_sqlite_file_with_rows_is_copied_before_it_changes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tesela.db'}"
    bring_to(url, VERSIONS[0])
    fill(url)
    assert list(tmp_path.glob("*.before-*")) == []

    bring_to(url, HEAD)
    bring_to(url, HEAD)

    [copy] = tmp_path.glob("tesela.db.before-*")
    assert copy.stat().st_mode & 0o077 == 0
    with connected(f"sqlite:///{copy}") as connection:
        assert connection.execute(text("SELECT email FROM users")).scalar() == "a@example.org"
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == VERSIONS[0]


def test_a_store_of_a_newer_tesela_is_refused_and_left_alone(url: str) -> None:
    bring_to(url, HEAD)
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(BadStoreVersion, match="newer Tesela"):
        bring_to(url, HEAD)

    with connected(url) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_several_that_start_at_once_migrate_once(url: str) -> None:
    async def work() -> None:
        keys = Keys.generate()
        stores = [await open_store(url, keys=keys, clock=Clock()) for _ in range(4)]
        await asyncio.gather(*(store.migrate() for store in stores))
        await stores[0].write(lambda tx: tx.tenants.add(tenant()))
        assert await stores[1].read(lambda tx: tx.tenants.get("default")) == tenant()
        for store in stores:
            await store.close()

    asyncio.run(work())
    assert differences(url) == []


def test_a_migration_that_breaks_leaves_the_tables_as_they_were(url: str) -> None:
    bring_to(url, VERSIONS[0])
    with connected(url) as connection:
        connection.execute(text("CREATE TABLE changes (in_the_way INTEGER)"))
        before = set(inspect(connection).get_table_names())

    with pytest.raises(Exception, match="changes"):
        bring_to(url, HEAD)

    with connected(url) as connection:
        assert set(inspect(connection).get_table_names()) == before
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == VERSIONS[0]


def test_a_store_that_is_up_to_date_does_not_need_alembic(url: str) -> None:
    bring_to(url, HEAD)
    code = (
        "import asyncio, sys, datetime as dt\n"
        "from tesela.store import Keys, open_store\n"
        "async def main():\n"
        f"    store = await open_store({url!r}, keys=Keys.generate(), clock=lambda: dt.datetime.now(dt.UTC))\n"
        "    await store.migrate()\n"
        "    await store.close()\n"
        "asyncio.run(main())\n"
        "assert 'alembic' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_many_processes_may_open_a_new_file_at_the_same_moment(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"

    async def work() -> None:
        keys = Keys.generate()
        stores = [await open_store(url, keys=keys, clock=Clock()) for _ in range(16)]
        await asyncio.gather(*(store.migrate() for store in stores))
        await asyncio.gather(*(store.read(lambda tx: tx.tenants.list()) for store in stores))
        for store in stores:
            await store.close()

    asyncio.run(work())
    assert differences(url) == []
