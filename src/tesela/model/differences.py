"""What differs between two documents, by page, tile, filter and setting: for people, and as values. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tesela.model.dashboard import Document

Kind = Literal["page", "tile", "filter", "setting"]
ABSENT: Any = None
"""What a member that is not there counts as."""
UNTOLD = ("id", "created_at", "updated_at")
"""Members that say nothing to a person."""
WORDS = {
    "page_id": "the page",
    "query": "the query",
    "metric_query": "the metrics",
    "chart_config": "the settings",
    "content": "the text",
    "title": "the title",
    "name": "the name",
    "label": "the label",
    "page_order": "its place",
    "grid": "its place",
}


@dataclass(frozen=True, slots=True)
class Member:
    """One member that changed. name: with dots inside an object, such as `chart_config.yField`."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One page, tile or filter that was added, removed or changed; or one setting of the dashboard.

    id: of the page or tile; the name of a filter or setting.
    members: what changed in it, by name; all of them for one that was added or removed.
    """

    kind: Kind
    id: str
    name: str
    change: Literal["added", "removed", "changed"]
    members: tuple[Member, ...]

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        if self.kind == "setting":
            return f"Changed {WORDS.get(self.name, self.name.replace('_', ' '))} of the dashboard"
        if self.change != "changed":
            return f"{self.change.title()} the {self.kind} '{self.name}'"
        if renamed := next((one for one in self.members if one.name in ("title", "name")), None):
            return f"Renamed the {self.kind} '{renamed.before}' to '{renamed.after}'{self._besides()}"
        return f"Changed {', '.join(self._words())} of the {self.kind} '{self.name}'"

    def _besides(self) -> str:
        others = self._words(skip=("title", "name"))
        return f" and changed {', '.join(others)}" if others else ""

    def _words(self, skip: Sequence[str] = ()) -> list[str]:
        tops = [one.name.split(".")[0] for one in self.members if one.name not in skip]
        tops = ["grid" if name.startswith("grid_") else name.strip("_") for name in tops]
        return list(dict.fromkeys(WORDS.get(name, name.replace("_", " ")) for name in tops))


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Return what has to happen to `before` so that it is `after`: settings, pages, tiles, filters, in order."""
    return (
        *_settings(before, after),
        *_of_kind("page", _pages(before), _pages(after), "name"),
        *_of_kind("tile", _tiles(before), _tiles(after), "title"),
        *_of_kind("filter", _filters(before), _filters(after), "label"),
    )


def _settings(before: Document, after: Document) -> Iterator[Difference]:
    apart = {"pages", "tiles", "filters"}
    old, new = (one.model_dump(mode="json", exclude=apart) for one in (before, after))
    for name in old:
        if members := tuple(_members(name, old[name], new[name])):
            yield Difference("setting", name, name, "changed", members)


def _of_kind(
    kind: Kind, before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]], named_by: str
) -> Iterator[Difference]:
    for id_, old in before.items():
        if id_ not in after:
            yield Difference(kind, id_, _name(id_, old, named_by), "removed", _all(old, added=False))
    for id_, new in after.items():
        if id_ not in before:
            yield Difference(kind, id_, _name(id_, new, named_by), "added", _all(new, added=True))
        elif members := tuple(_members("", before[id_], new)):
            yield Difference(kind, id_, _name(id_, new, named_by), "changed", members)


def _all(given: Mapping[str, Any], *, added: bool) -> tuple[Member, ...]:
    told = ((name, value) for name, value in given.items() if name not in UNTOLD and value is not None)
    return tuple(
        Member(name, ABSENT, value) if added else Member(name, value, ABSENT) for name, value in told
    )


def _members(where: str, before: Any, after: Any) -> Iterator[Member]:
    """Yield what changed below `where`: into objects, but not into lists, whose order is their meaning."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            if where or name not in UNTOLD:
                below = f"{where}.{name}" if where else name
                yield from _members(below, before.get(name, ABSENT), after.get(name, ABSENT))
    elif not _same(before, after):
        yield Member(where, before, after)


def _same(before: Any, after: Any) -> bool:
    """Return whether two JSON values are equal; unlike Python, true is not 1."""
    return before == after and isinstance(before, bool) == isinstance(after, bool)


def _pages(document: Document) -> dict[str, dict[str, Any]]:
    return {page.id: {"name": page.name, "page_order": number} for number, page in enumerate(document.pages)}


def _tiles(document: Document) -> dict[str, dict[str, Any]]:
    return {tile.id: tile.model_dump(mode="json", by_alias=True) for tile in document.tiles}


def _filters(document: Document) -> dict[str, dict[str, Any]]:
    """Return the filters by name; one of the other dialect has none and goes by its field."""
    found: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(document.filters):
        id_ = str(one.get("name") or one.get("field") or number)
        found[id_ if id_ not in found else f"{id_} {number}"] = dict(one)
    return found


def _name(id_: str, given: Mapping[str, Any], named_by: str) -> str:
    return str(given.get(named_by) or id_)
