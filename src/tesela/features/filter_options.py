"""The choices of a filter: fixed ones, or those that its query brings, narrowed by the filters it depends on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from tesela.errors import BadRequest, NotFound
from tesela.features.data import Asking
from tesela.features.viewing import Viewing
from tesela.model.dashboard import Tile
from tesela.model.filter import Filter, Option, OptionQuery

SHOWN = 200
"""Choices in one answer; a search finds the others."""


@dataclass(frozen=True, slots=True)
class Options:
    """options: {value, label} in order. has_more: there are others that a search would find."""

    options: list[dict[str, Any]]
    has_more: bool


async def filter_options(asking: Asking, name: str, search: str | None) -> Options:
    """Return the choices of a filter in the state of the view, at most 200, those that contain `search`.

    Raises NotFound; BadRequest for a filter without choices; the QueryError of its query.
    """
    one = next((each for each in asking.viewing.filters if each.name == name), None)
    if one is None or any(name == locked for locked, _ in asking.caller.locked):
        raise NotFound("The dashboard has no filter with this name")
    if one.options is None:
        raise BadRequest("This filter has no options")
    if isinstance(one.options, OptionQuery):
        found, is_cut = await _asked(asking, one, one.options)
    else:
        found, is_cut = [_fixed(each) for each in one.options], False
    wanted = (search or "").casefold()
    matching = [each for each in found if wanted in each["label"].casefold()]
    return Options(matching[:SHOWN], is_cut or len(matching) > SHOWN)


async def _asked(asking: Asking, one: Filter, options: OptionQuery) -> tuple[list[dict[str, Any]], bool]:
    narrowed = replace(asking, viewing=_depended(asking.viewing, one.depends_on), drill_path=())
    asked = await narrowed.question(_tile(asking, one, options), options.query)
    result = (await asking.runner.run(asked.question)).shelved.result
    names = [column.name for column in result.columns]
    rows = orjson.loads(result.rows_json)
    return [_option(row[names[0]], row[names[min(1, len(names) - 1)]]) for row in rows], result.truncated


def _depended(viewing: Viewing, names: Sequence[str]) -> Viewing:
    """Return the view with only the filters that the options depend on, wherever those apply."""
    filters = tuple(one.model_copy(update={"targets": None}) for one in viewing.filters if one.name in names)
    states = {name: state for name, state in viewing.chosen.states.items() if name in names}
    chosen = replace(viewing.chosen, states=states, missing=())
    return replace(viewing, filters=filters, chosen=chosen, cross=())


def _tile(asking: Asking, one: Filter, options: OptionQuery) -> Tile:
    """Return the option query in the shape of a tile, which is what questions are made of."""
    dashboard = asking.dashboard
    return Tile(
        id=f"filter:{one.name}",
        page_id=dashboard.document.pages[0].id,
        title=one.label or one.name,
        tile_type="table",
        datasource_id=options.datasource_id,
        query=options.query,
        grid_x=0,
        grid_y=0,
        grid_w=1,
        grid_h=1,
        created_at=dashboard.created_at,
        updated_at=dashboard.updated_at,
    )


def _fixed(option: Option | str | float | bool) -> dict[str, Any]:
    return _option(option.value, option.label) if isinstance(option, Option) else _option(option, None)


def _option(value: Any, label: Any) -> dict[str, Any]:
    shown = value if label is None else label
    return {"value": value, "label": "(none)" if shown is None else str(shown)}
