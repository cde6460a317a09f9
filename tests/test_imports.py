"""The arrows between the rooms, as docs/architecture.md draws them: imports only point down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "tesela"
ARCHITECTURE = Path(__file__).resolve().parent.parent / "docs" / "architecture.md"

EVERYTHING = ("",)
FACE = ("features", "model", "errors")
ROWS = ("store",)
"""A face may name the types of the store's rows, to translate them; its submodules it may not."""
SHARED = ("http",)
"""Its shared modules, not the faces in it."""
FACES = ("http.qry", "http.bi", "http.platform")
FEATURE = (
    "running",
    "sql",
    "semantic",
    "store",
    "llm",
    "analytics",
    "files",
    "model",
    "errors",
    "outgoing",
    "features.access",
    "features.callers",
    "features.limits",
    "features.rights",
    "features.memory",
    "features.checks",
    "features.computing",
    "features.definitions",
    "features.editing",
    "features.issuers",
    "features.passwords",
    "features.prompts",
    "features.tokens",
)
"""The features at the end are what other features share; arrows between the rest are named below."""
BOTTOM = ("model", "errors")

ALLOWED: dict[str, tuple[str, ...]] = {
    "app": EVERYTHING,
    "cli": EVERYTHING,
    "jobs": EVERYTHING,
    "demo": EVERYTHING,
    "http.qry": (*FACE, *SHARED),
    "http.bi": (*FACE, *SHARED),
    "http.platform": (*FACE, *SHARED),
    "http": (*FACE, *SHARED, "store", "running", "llm", "settings"),
    "features": FEATURE,
    "running": ("sql", "engines", "running", *BOTTOM),
    "sql": ("sql", *BOTTOM),
    "semantic": ("semantic", *BOTTOM),
    "engines": ("engines", "files.cells", *BOTTOM),
    "store": ("store", *BOTTOM),
    "llm": ("llm", *BOTTOM),
    "analytics": ("analytics", *BOTTOM),
    "files": ("files", *BOTTOM),
    "model": ("model", "errors"),
    "errors": (),
    "settings": (),
    "logs": (),
    "outgoing": ("errors",),
    "serving": EVERYTHING,
    "connections": (),
    "doctor": EVERYTHING,
    "__init__": (),
    "__main__": EVERYTHING,
}
"""Which modules a room may import: itself and what the names begin."""

SIGNPOSTS = {
    "store": "what reads or writes our own database belongs in features/, which hands results up",
    "engines": "what talks to a database belongs in running/ (runner, catalog, ingest are the doors)",
    "running": "what runs a query belongs in features/",
    "sql": "what reads SQL belongs in features/ by sql.check, or in running/",
    "features": "what is decided here belongs in features/ and is called from http/ or app",
    "http": "the faces are strangers: what both need belongs in a shared module of http/",
    "settings": "take the value as an argument: app and cli read the settings and pass them down",
    "app": "take what you need as an argument: app hands it down",
    "cli": "take what you need as an argument: cli hands it down",
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts), path


def imports_of(path: Path, known: frozenset[str]) -> Iterator[str]:
    """Yield the modules of ours that a file imports, also inside functions and under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "tesela")
        elif isinstance(node, ast.ImportFrom) and node.level:
            raise AssertionError(f"{path}: write imports from the top: from tesela... import ...")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tesela":
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield deeper if deeper.removeprefix("tesela.") in known else str(node.module)


def room_of(module: str) -> str:
    """Return the longest name in the table that the module lies in."""
    rooms = [room for room in ALLOWED if lies_in(module, room)]
    assert rooms, f"{module} is in no room; give it one in tests/test_imports.py and docs/architecture.md"
    return max(rooms, key=len)


def lies_in(module: str, room: str) -> bool:
    return room == "" or module == room or module.startswith(f"{room}.")


def signpost(module: str, imported: str) -> str:
    hint = SIGNPOSTS.get(imported.split(".")[0], "see docs/architecture.md")
    return f"tesela.{module} may not import tesela.{imported}: {hint}"


def arrows() -> list[tuple[str, str]]:
    known = frozenset(name for name, _ in modules())
    return sorted(
        {
            (module, imported.removeprefix("tesela").lstrip("."))
            for module, path in modules()
            for imported in imports_of(path, known)
        }
    )


NAMED_ARROWS = {
    ("http.deps", "engines.workers"),
    ("http.platform.datasources", "running.runner"),
    ("features.assembly", "features.data"),
    ("features.bundle_files", "features.bundles"),
    ("features.bundles", "features.dashboards"),
    ("features.bundles", "features.unbundling"),
    ("features.checkpoints", "features.revisions"),
    ("features.bundles", "features.metric_tiles"),
    ("features.metric_files", "features.metrics"),
    ("features.metric_files", "features.plain_yaml"),
    ("features.metric_queries", "features.data"),
    ("features.metric_queries", "features.metric_tiles"),
    ("features.metric_queries", "features.metrics"),
    ("features.metric_queries", "features.viewing"),
    ("http.bi.metrics", "running.runner"),
    ("features.metric_tiles", "features.filters"),
    ("features.metric_tiles", "features.viewing"),
    ("features.preview", "features.metric_tiles"),
    ("features.tiles", "features.metric_tiles"),
    ("features.data", "features.metric_tiles"),
    ("features.data", "features.tiles"),
    ("features.data", "features.viewing"),
    ("features.dashboards", "features.schedules"),
    ("features.detail", "features.data"),
    ("features.drill", "features.data"),
    ("features.cover", "features.viewing"),
    ("features.explain", "features.data"),
    ("features.export", "features.cover"),
    ("features.export", "features.data"),
    ("features.forecast", "features.data"),
    ("features.filter_options", "features.data"),
    ("features.filter_options", "features.viewing"),
    ("features.people_sharing", "features.sharing"),
    ("features.plans", "features.schedules"),
    ("features.planning", "features.qa"),
    ("features.policies", "features.data"),
    ("features.rewording", "features.explain"),
    ("features.sql_writing", "features.sql_assist"),
    ("features.public_pages", "features.sharing"),
    ("features.snapshots", "features.data"),
    ("features.snapshots", "features.publishing"),
    ("features.snapshots", "features.tiles"),
    ("features.snapshots", "features.viewing"),
    ("features.uploads", "features.tenants"),
    ("features.templates", "features.tiles"),
    ("features.viewing", "features.filters"),
    ("features.preview", "features.tiles"),
    ("features.profiles", "features.data"),
    ("features.profiles", "features.viewing"),
    ("features.qa", "features.data"),
    ("features.qa", "features.definitions"),
    ("features.qa", "features.snapshots"),
    ("features.qa", "features.tiles"),
    ("features.qa", "features.viewing"),
    ("features.sql_assist", "features.data"),
    ("features.sql_assist", "features.preview"),
    ("features.sql_assist", "features.profiles"),
    ("features.sql_assist", "features.tiles"),
    ("features.sql_assist", "features.viewing"),
    ("features.talking", "features.conversations"),
    ("features.talking", "features.data"),
    ("features.talking", "features.profiles"),
    ("features.talking", "features.qa"),
    ("features.talking", "features.sql_assist"),
    ("features.talking", "features.talking_words"),
    ("features.unbundling", "features.dashboards"),
    ("features.unbundling", "features.tiles"),
}
"""Arrows that the table does not have. Keep them few."""


def may_import(module: str, imported: str) -> bool:
    face = next((room for room in FACES if lies_in(imported, room)), None)
    if face is not None and room_of(module) in (*FACES, "http"):
        return room_of(module) == face
    if (module, imported) in NAMED_ARROWS or (imported in ROWS and room_of(module) in FACES):
        return True
    return any(lies_in(imported, room) for room in ALLOWED[room_of(module)])


def test_imports_point_down() -> None:
    wrong = [signpost(*arrow) for arrow in arrows() if arrow[1] and not may_import(*arrow)]

    assert not wrong, "\n" + "\n".join(wrong)


def test_no_two_modules_import_each_other() -> None:
    drawn = {arrow for arrow in arrows() if arrow[0] != arrow[1]}

    assert not {arrow for arrow in drawn if arrow[::-1] in drawn}


def test_named_arrows_are_still_drawn() -> None:
    assert set(arrows()) >= NAMED_ARROWS


@pytest.mark.parametrize("room", sorted(ALLOWED))
def test_each_room_has_its_line_in_the_docs(room: str) -> None:
    assert f"`{room}`" in ARCHITECTURE.read_text(encoding="utf-8") or room.startswith("__")
