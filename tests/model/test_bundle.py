"""What is a bundle and what is not; ids and refs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from make import START, document, new_id, tile
from tesela.errors import BundleRefused
from tesela.model.bundle import MAX_BYTES, bundle_bytes, bundle_of_bytes, read_bundle, slug
from tesela.model.dashboard import Document, Page
from tesela.model.refs import Refs, as_bundle, refs_of_tiles

WAREHOUSE, OTHER = new_id(), new_id()
SOURCES = {WAREHOUSE: ("Primary warehouse", "postgresql"), OTHER: ("Files", "duckdb")}


def small(**fields: Any) -> dict[str, Any]:
    """A bundle as somebody else's server writes it: only what has to be there."""
    given = {
        "schema_version": 1,
        "dashboard": {"name": "Sales"},
        "pages": [{"_ref": "page_0", "name": "Overview", "page_order": 0}],
        "tiles": [
            {
                "title": "Revenue",
                "tile_type": "kpi",
                "_page_ref": "page_0",
                "_datasource_ref": "ds_0",
                "query": "SELECT SUM(amount) FROM orders",
                "chart_config": {},
            }
        ],
        "required_datasources": [{"ref": "ds_0", "name": "Primary warehouse", "type": "postgresql"}],
    }
    return given | fields


def changed(place: str, value: Any) -> dict[str, Any]:
    """The small bundle with another value at one place, such as `tiles.0.title`."""
    made = json.loads(json.dumps(small()))
    *way, last = (int(part) if part.isdigit() else part for part in place.split("."))
    at: Any = made
    for part in way:
        at = at[part]
    at[last] = value
    return made


def deep(levels: int) -> Any:
    value: Any = "bottom"
    for _ in range(levels):
        value = {"x": value}
    return value


def in_itself() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["self"] = made
    return made


HOSTILE: list[tuple[Any, str]] = [
    (None, "bundle must be a JSON object"),
    ([], "bundle must be a JSON object"),
    ("{}", "bundle must be a JSON object"),
    ({}, "schema_version is required"),
    (small(schema_version="1"), "schema_version is required"),
    (small(schema_version=True), "schema_version is required"),
    (small(schema_version=1.0), "schema_version is required"),
    (small(schema_version=0), "schema_version 0 is not supported"),
    (small(schema_version=2), "schema_version 2 is not supported"),
    (small(schema_version=10**30), "schema_version 1000"),
    ({"schema_version": 1}, "dashboard: is required"),
    (small(dashboard=[]), "dashboard: must be an object"),
    (small(dashboard={}), "dashboard.name: is required"),
    (small(tiles={}), "tiles: must be a list"),
    (small(tiles=[None]), "tiles.0: must be an object"),
    (small(tiles=[{}] * 1_000_000), "tiles: a bundle may have at most 200; this has 1000000"),
    (small(pages=[{}] * 51), "pages: a bundle may have at most 50"),
    (changed("dashboard.filters", [{}] * 51), "filters: a bundle may have at most 50"),
    (changed("tiles.0.title", 7), "tiles.0.title: must be text"),
    (changed("tiles.0.title", None), "tiles.0.title: must be text"),
    (changed("tiles.0.grid_x", "0"), "tiles.0.grid_x: must be a whole number"),
    (changed("tiles.0.grid_x", 0.5), "tiles.0.grid_x: must be a whole number"),
    (changed("tiles.0.grid_x", True), "tiles.0.grid_x: must be a whole number"),
    (changed("tiles.0.grid_x", 2**64), "tiles.0.grid_x: is too large a number"),
    (changed("tiles.0.chart_config", "no"), "tiles.0.chart_config: must be an object"),
    (changed("tiles.0.chart_config", {"max": float("nan")}), "tiles.0.chart_config.max: must be a finite"),
    (changed("tiles.0.chart_config", {"max": float("inf")}), "tiles.0.chart_config.max: must be a finite"),
    (changed("tiles.0.chart_config", {"max": object()}), "tiles.0.chart_config.max: is no JSON value"),
    (changed("tiles.0.chart_config", {"a\x00": 1}), "tiles.0.chart_config: holds a character"),
    (changed("tiles.0.title", "\ud800"), "tiles.0.title: holds a character"),
    (changed("tiles.0.query", "SELECT '\x00'"), "tiles.0.query: holds a character"),
    (changed("tiles.0.chart_config", deep(200)), "is nested more than 100 levels deep"),
    (changed("tiles.0.chart_config", in_itself()), "is nested more than 100 levels deep"),
    (changed("dashboard.settings", {"a": [0] * 200_001}), "may hold at most 200000 values"),
    (changed("dashboard.layout", {"columns": 24}), "dashboard.layout.columns: "),
    (changed("tiles.0._page_ref", "page_9"), "tiles.0._page_ref: no page has the ref page_9"),
    (changed("tiles.0._page_ref", "ds_0"), "tiles.0._page_ref: no page has the ref ds_0"),
    (changed("tiles.0._datasource_ref", "ds_9"), "tiles.0._datasource_ref: ds_9 is not among"),
    (changed("tiles.0._datasource_ref", 0), "tiles.0._datasource_ref: must be text"),
    (changed("pages.0._ref", "=x"), "pages.0._ref: must be a short name"),
    (changed("pages.0._ref", "x" * 300), "pages.0._ref: string should have at most 200"),
    (changed("pages.0._ref", "ds_0"), "pages.0._ref: ds_0 is the ref of required_datasources.0 already"),
    (small(pages=small()["pages"] * 2), "pages.1._ref: page_0 is the ref of pages.0 already"),
    (small(tiles=[{**small()["tiles"][0], "_ref": "t"}] * 2), "tiles.1._ref: t is the ref of tiles.0"),
    (small(required_datasources=[{"ref": "ds_0"}]), "required_datasources.0.name: is required"),
    (small(tiles=[{**small()["tiles"][0], "query": "x" * 20_001}] * 100), "tiles: all queries together"),
]


@pytest.mark.parametrize(("raw", "said"), HOSTILE, ids=[said for _, said in HOSTILE])
def test_what_is_no_bundle_is_refused_with_its_place(raw: Any, said: str) -> None:
    with pytest.raises(BundleRefused) as refused:
        read_bundle(raw)

    assert said in refused.value.sentence
    assert len(refused.value.sentence) < 3_000


def test_everything_that_is_wrong_is_said_at_once() -> None:
    raw = changed("tiles.0.title", 7) | {"pages": [{"_ref": "page_0"}]}

    with pytest.raises(BundleRefused) as refused:
        read_bundle(raw)

    assert refused.value.problems == ("pages.0.name: is required", "tiles.0.title: must be text")
    assert refused.value.sentence.startswith("2 problems: pages.0.name")


def test_older_versions_are_lifted_step_by_step() -> None:
    def from_minus_one(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "schema_version": 0, "dashboard": {"name": raw["title"]}}

    def from_zero(raw: dict[str, Any]) -> dict[str, Any]:
        return {**raw, "schema_version": 1, "tiles": []}

    bundle = read_bundle({"schema_version": -1, "title": "Old"}, lifts={-1: from_minus_one, 0: from_zero})

    assert (bundle.dashboard.name, bundle.tiles) == ("Old", [])


def test_pages_come_in_their_order_and_what_is_not_known_is_said() -> None:
    pages = [{"_ref": "b", "name": "Second", "page_order": 1}, {"_ref": "a", "name": "First", "x": 1}]
    raw = small(pages=pages, tiles=[], made_by="somebody")

    bundle = read_bundle(raw)

    assert [page.name for page in bundle.pages] == ["First", "Second"]
    assert bundle.left_out(raw) == [
        "made_by is not known here and is left out",
        "pages.x is not known here and is left out",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b'{"a": NaN}', b"[" * 5_000, b" " * (MAX_BYTES + 1), b'"\\ud800"']
)
def test_a_file_that_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(BundleRefused):
        bundle_of_bytes(content)


def full() -> Document:
    """A document with an id wherever one can stand."""
    first, second = Page(id=new_id(), name="Overview"), Page(id=new_id(), name="<script>alert(1)</script>")
    revenue = tile(
        WAREHOUSE,
        page_id=first.id,
        chart_config={"valueField": "revenue", "note": "_ref:not one", "null": None, "opens": second.id},
    )
    note = tile(
        page_id=second.id, title="Note", tile_type="text", query=None, content="# Hi", chart_config={}
    )
    again = tile(OTHER, page_id=first.id, grid_x=6, chart_config={"drivenBy": [{revenue.id: note.id}]})
    return Document(
        name="Año «2026»",
        description="Line 1\nLine 2",
        pages=(first, second),
        tiles=(note, again, revenue),
        tags=("b", "a"),
        refresh_interval_seconds=60,
        settings={"home": first.id, "nothing": None},
        filters=(
            {"name": "region", "targets": {revenue.id: "area", again.id: None, new_id(): "gone"}},
            {
                "name": "store", "targets": [again.id, new_id()], "depends_on": ["region"],
                "options": {"query": "SELECT 1", "datasource_id": WAREHOUSE},
            },
        ),
    )  # fmt: skip


def test_a_bundle_has_refs_and_no_ids() -> None:
    made = full()

    shown = json.loads(bundle_bytes(as_bundle(made, SOURCES)))

    text = json.dumps(shown)
    ids = [page.id for page in made.pages] + [one.id for one in made.tiles] + [WAREHOUSE, OTHER]
    assert [id_ for id_ in ids if id_ in text] == []
    assert START.isoformat()[:10] not in text
    assert [(one["_ref"], one["_page_ref"], one.get("_datasource_ref")) for one in shown["tiles"]] == [
        ("tile_revenue", "page_0", "ds_0"),
        ("tile_revenue-2", "page_0", "ds_1"),
        ("tile_note", "page_1", None),
    ]
    assert shown["tiles"][0]["chart_config"] == {
        "valueField": "revenue", "note": "_ref:=not one", "null": None, "opens": "_ref:page_1",
    }  # fmt: skip
    assert shown["tiles"][1]["chart_config"] == {"drivenBy": [{"_ref:tile_revenue": "_ref:tile_note"}]}
    assert shown["dashboard"]["settings"] == {"home": "_ref:page_0", "nothing": None}
    assert shown["dashboard"]["filters"] == [
        {"name": "region", "targets": {"tile_revenue": "area", "tile_revenue-2": None}},
        {
            "name": "store", "targets": ["tile_revenue-2"], "depends_on": ["region"],
            "options": {"query": "SELECT 1", "_datasource_ref": "ds_0"},
        },
    ]  # fmt: skip
    assert shown["required_datasources"] == [
        {"ref": "ds_0", "name": "Primary warehouse", "type": "postgresql"},
        {"ref": "ds_1", "name": "Files", "type": "duckdb"},
    ]


def test_the_order_in_which_tiles_were_made_does_not_matter() -> None:
    made = full()
    other_way = made.model_copy(update={"tiles": made.tiles[::-1]})

    assert bundle_bytes(as_bundle(made, SOURCES)) == bundle_bytes(as_bundle(other_way, SOURCES))


def test_a_ref_stays_when_its_tile_is_moved() -> None:
    first, second = tile(title="A"), tile(title="B", grid_x=6)
    moved = (first.model_copy(update={"grid_y": 9}), second)

    assert refs_of_tiles(document("x", first, second)) == refs_of_tiles(document("x", *moved))


def test_a_datasource_that_is_gone_still_has_a_ref() -> None:
    bundle = as_bundle(document("x", tile(WAREHOUSE)), {})

    assert [(one.ref, one.name, one.type) for one in bundle.required_datasources] == [
        ("ds_0", "Unknown datasource", "unknown")
    ]


@pytest.mark.parametrize("text", ["", "_ref:", "_ref:=", "_ref:==x", "_ref:page_0", "x _ref:page_0", "{id}"])
def test_text_of_the_author_survives_the_way_out_and_in(text: str) -> None:
    id_ = new_id()
    text = text.replace("{id}", id_)
    refs = Refs({"page_0": id_}, {id_: "page_0"})
    value = {"a": [text, {text: 1}], "b": None}

    assert refs.inward(refs.outward(value)) == value


@pytest.mark.parametrize("title", ["<img src=x>", "  ", "_ _", "İstanbul", "🎉", "a" * 300, "../../etc"])
def test_a_slug_is_a_ref_whatever_the_title(title: str) -> None:
    made = as_bundle(document("x", tile(title=title)), {})

    assert read_bundle(json.loads(bundle_bytes(made))).tiles[0].ref == f"tile_{slug(title)}".rstrip("_")
