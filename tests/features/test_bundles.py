"""Who may do what with revisions, checkpoints and bundles; and what they leave alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from make import World, caller, dashboard, datasource, document, in_world, tenant, tile, user
from tesela.errors import Conflict, Forbidden
from tesela.features.access import Access
from tesela.features.bundles import export_bundle, exported, import_bundle, update_from_bundle
from tesela.features.checkpoints import (
    create_checkpoint,
    delete_checkpoint,
    list_checkpoints,
    restore_checkpoint,
)
from tesela.features.editing import Edit, Editor
from tesela.features.revisions import compare_revisions, get_revision, restore_revision
from tesela.model.bundle import bundle_of_bytes
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.store import Grant
from tesela.store.tables import dashboards

ANA, BOB = user("ana"), user("bob")
SOURCE = datasource(created_by=ANA.id, is_shared=True)
MAPPING = {"ds_0": SOURCE.id}


def in_office(path: Path, work: Callable[[World, Editor, Dashboard], Awaitable[None]]) -> None:
    """Do `work` where Ana has a dashboard with two revisions, which Bob may edit."""

    async def prepared(world: World) -> None:
        made = dashboard(ANA, "Sales", tile(SOURCE.id))
        await world.add(tenant(), ANA, BOB, SOURCE, made)
        grant = Grant("dashboard", made.id, "user", BOB.id, "edit")
        await world.store.write(lambda tx: tx.grants.replace("default", "dashboard", made.id, [grant]))
        editor = Editor(world.store, Access(world.store), caller(ANA), world.clock)
        changed = await editor.change(
            made.id, lambda before: Edit(document("Sales", tile(SOURCE.id, title="Other")), "Changed")
        )
        await work(world, editor, changed)

    in_world(f"sqlite:///{path / 'tesela.db'}", prepared)


def as_bob(editor: Editor) -> Editor:
    return replace(editor, caller=caller(BOB))


def test_one_who_may_edit_sees_revisions_and_may_not_restore_export_or_keep_checkpoints(
    tmp_path: Path,
) -> None:
    async def work(world: World, editor: Editor, made: Dashboard) -> None:
        bob = as_bob(editor)
        given = (world.store, editor.access, bob.caller, made.id)
        checkpoint = await create_checkpoint(editor, made.id, name="x", description=None)
        raw = bundle_of_bytes(exported(made.document, [SOURCE]))

        revision, then = await get_revision(*given, "1")
        _, _, found = await compare_revisions(*given, from_number=1, to_number=None)

        assert (revision.number, then.version, len(found)) == (1, 1, 2)
        for refused in (
            lambda: restore_revision(bob, made.id, "1"),
            lambda: export_bundle(*given),
            lambda: list_checkpoints(*given, limit=1, offset=0),
            lambda: create_checkpoint(bob, made.id, name="x", description=None),
            lambda: restore_checkpoint(bob, made.id, checkpoint.id),
            lambda: delete_checkpoint(*given, checkpoint.id),
            lambda: update_from_bundle(bob, made.id, raw, mapping=MAPPING),
        ):
            with pytest.raises(Forbidden):
                await refused()
        assert await world.store.read(lambda tx: tx.dashboards.get("default", made.id)) == made

    in_office(tmp_path, work)


def test_a_restore_and_an_import_leave_owner_audience_and_link_alone(tmp_path: Path) -> None:
    async def work(world: World, editor: Editor, made: Dashboard) -> None:
        shared = replace(made, audience="tenant", link=True, is_archived=True)
        shared = await world.store.write(
            lambda tx: tx.dashboards.save(
                shared, expected_version=made.version, author_id=ANA.id, sentence="Shared"
            )
        )
        token = {"share_token_hash": "hash", "share_token_enc": "token"}
        await world.store.write(lambda tx: tx.write(update(dashboards).values(**token)))
        admin = user("root", role="admin")
        await world.add(admin)
        someone_else = replace(editor, caller=caller(admin))
        checkpoint = await create_checkpoint(someone_else, made.id, name="x", description=None)
        first = exported(
            (await get_revision(world.store, editor.access, editor.caller, made.id, "1"))[1].document,
            [SOURCE],
        )

        await restore_revision(someone_else, made.id, "1")
        await restore_checkpoint(someone_else, made.id, checkpoint.id)
        after = await update_from_bundle(someone_else, made.id, bundle_of_bytes(first), mapping=MAPPING)

        kept = (
            "id",
            "tenant_id",
            "owner_id",
            "workspace_id",
            "audience",
            "link",
            "is_archived",
            "created_at",
        )
        assert {name: getattr(after, name) for name in kept} == {name: getattr(shared, name) for name in kept}
        assert after.version == 6
        row = await world.store.read(
            lambda tx: tx.first(select(dashboards.c.share_token_hash, dashboards.c.share_token_enc))
        )
        assert row is not None
        assert dict(row._mapping) == token

    in_office(tmp_path, work)


def test_an_update_is_refused_when_the_dashboard_changed_while_it_was_read(tmp_path: Path) -> None:
    async def work(world: World, editor: Editor, made: Dashboard) -> None:
        raw = bundle_of_bytes(exported(document("New", tile(SOURCE.id)), [SOURCE]))
        others = Editor(world.store, Access(world.store), editor.caller, world.clock)

        class Slow(Access):
            """Somebody else saves while this one looks for the datasource."""

            async def datasource(self, caller: Caller, action: str, datasource_id: str) -> object:  # type: ignore[override]
                await others.change(made.id, lambda before: Edit(document("Theirs"), "Changed"))
                return await super().datasource(caller, "use", datasource_id)

        with pytest.raises(Conflict):
            await update_from_bundle(replace(editor, access=Slow(world.store)), made.id, raw, mapping=MAPPING)

        found = await world.store.read(lambda tx: tx.dashboards.get("default", made.id))
        assert found is not None
        assert found.document.name == "Theirs"

    in_office(tmp_path, work)


def test_a_bundle_of_somebody_elses_server_needs_no_refs_of_tiles(tmp_path: Path) -> None:
    async def work(world: World, editor: Editor, made: Dashboard) -> None:
        raw = bundle_of_bytes(exported(made.document, [SOURCE]))
        for one in raw["tiles"]:
            del one["_ref"]

        again = await update_from_bundle(editor, made.id, raw, mapping=MAPPING)
        new = await import_bundle(
            world.store, editor.access, editor.caller, raw, mapping=MAPPING, clock=world.clock
        )

        assert again == made
        assert exported(new.document, [SOURCE]) == exported(made.document, [SOURCE])

    in_office(tmp_path, work)
