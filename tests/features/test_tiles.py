"""Tiles that two people change at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import make
from make import World, in_world
from tesela.errors import Conflict
from tesela.features.access import Access
from tesela.features.editing import Edit, Editor
from tesela.features.tiles import find_tile, update_tile
from tesela.model.dashboard import Dashboard, Document


@dataclass(frozen=True, slots=True)
class Overtaken(Editor):
    """Somebody else's change is saved after this one was checked and before it is made."""

    other: Editor | None = None
    others: Any = None

    async def change(self, dashboard_id: str, make: Callable[[Document], Edit], **how: Any) -> Dashboard:
        assert self.other is not None
        await update_tile(self.other, dashboard_id, *self.others)
        return await Editor.change(self, dashboard_id, make, **how)


def overtaken(tmp_path: Path, wanted: dict[str, Any], others: dict[str, Any]) -> tuple[str, str | None]:
    """Return the title and query of a tile that Ana changes just after the admin did; the query may be refused."""

    async def work(world: World) -> tuple[str, str | None]:
        ana, admin = make.user("ana"), make.user("admin", role="admin")
        hers = make.datasource("Hers", created_by=ana.id)
        theirs = make.datasource("Theirs", created_by=admin.id)
        tile = make.tile(hers.id)
        dashboard = make.dashboard(ana, "Sales", tile)
        await world.add(make.tenant(), ana, admin, hers, theirs, dashboard)
        access = Access(world.store)
        other = Editor(world.store, access, make.caller(admin), world.clock)
        moved = {key: theirs.id if value == "theirs" else value for key, value in others.items()}
        editor = Overtaken(
            world.store, access, make.caller(ana), world.clock, other=other, others=(tile.id, moved)
        )

        await update_tile(editor, dashboard.id, tile.id, wanted)

        now = await access.dashboard(make.caller(ana), "view", dashboard.id)
        found = find_tile(now.document, tile.id)
        return found.title, found.query

    return in_world(f"sqlite:///{tmp_path / 'store.db'}", work)


def test_sql_that_was_checked_for_one_datasource_is_not_saved_onto_another(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="changed meanwhile"):
        overtaken(tmp_path, {"query": "SELECT * FROM secrets"}, {"datasource_id": "theirs"})


def test_changes_that_have_nothing_to_do_with_each_other_both_hold(tmp_path: Path) -> None:
    assert overtaken(tmp_path, {"query": "SELECT 2 AS revenue"}, {"title": "Theirs"}) == (
        "Theirs",
        "SELECT 2 AS revenue",
    )
    assert overtaken(tmp_path / "..", {"title": "Hers"}, {"datasource_id": "theirs"})[0] == "Hers"
