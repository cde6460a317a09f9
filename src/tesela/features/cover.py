"""The overview of an exported dashboard: what it is, which filters were in force, what became of each tile. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from tesela.features.viewing import Viewing
from tesela.files.cells import HEADER, NOTE, TITLE, WRAPPED
from tesela.files.xlsx import Value
from tesela.model.dashboard import Dashboard, Tile
from tesela.model.interaction import Clause, FilterState
from tesela.model.statement import Scalar

WIDTHS = (32, 32, 12, 20, 60)
MAX_SHOWN = 50
"""Values of one filter that are written out."""
WORDS = {
    "neq": "not ",
    "not_in": "not ",
    "gt": "more than ",
    "gte": "from ",
    "lt": "less than ",
    "lte": "up to ",
    "contains": "contains ",
    "starts_with": "starts with ",
    "is_null": "empty",
    "not_null": "not empty",
}
Row = tuple[int, Sequence[Value]]
"""Style, values."""


@dataclass(slots=True)
class TileLine:
    """What became of one tile. run_at: when its query was asked."""

    tile: Tile
    sheet: str
    run_at: dt.datetime | None = None
    row_count: int | None = None
    truncated: bool = False
    notes: Sequence[str] = ()
    ignored: Sequence[str] = ()
    error: str | None = None

    def note(self) -> str | None:
        """Return what a reader has to know of the rows."""
        said = [*self.notes]
        if self.ignored:
            said.append(f"Not narrowed by: {', '.join(self.ignored)}.")
        if self.error:
            said.append(f"Failed: {self.error}")
        return " ".join(said) or None


def cover(
    dashboard: Dashboard,
    viewing: Viewing,
    lines: Sequence[TileLine],
    texts: Sequence[Tile],
    *,
    now: dt.datetime,
) -> tuple[Sequence[int], list[Row]]:
    """Return the widths of the columns and the rows of the overview. texts: tiles that are only text."""
    zone = ZoneInfo(dashboard.document.time_zone)
    rows: list[Row] = [(TITLE, [dashboard.document.name])]
    if dashboard.document.description:
        rows.append((NOTE, [dashboard.document.description]))
    rows += [
        (0, ["Exported", now.astimezone(zone)]),
        (0, ["Time zone", dashboard.document.time_zone]),
        (0, ["Version of the dashboard", dashboard.version]),
        (0, []),
        (HEADER, ["Filters in force"]),
        *_filters(dashboard, viewing),
        (0, []),
        (HEADER, ["Tile", "Sheet", "Rows", "Run at", "Notes"]),
    ]
    for line in lines:
        run_at = line.run_at.astimezone(zone) if line.run_at else None
        rows.append((0, [line.tile.title, line.sheet, line.row_count, run_at, line.note()]))
    if texts:
        rows += [(0, []), (HEADER, ["Texts"])]
        rows += [(WRAPPED, [tile.title, tile.content]) for tile in texts]
    return WIDTHS, rows


def _filters(dashboard: Dashboard, viewing: Viewing) -> Iterator[Row]:
    chosen, said = viewing.chosen, False
    for one in viewing.filters:
        if (state := chosen.states.get(one.name)) is not None:
            yield 0, [one.label or one.name, _state(state)]
            said = True
    period = chosen.range
    if (period.start or period.end) and not any(state.feeds_range for state in chosen.states.values()):
        bounds = [Clause("", "gte", (period.start,))] if period.start else []
        bounds += [Clause("", "lt", (period.end,))] if period.end else []
        yield 0, ["Date range", " ".join(map(_clause, bounds))]
        said = True
    titles = {tile.id: tile.title for tile in dashboard.document.tiles}
    for click in viewing.cross:
        yield 0, [f"{click.clause.column}, chosen in {titles[click.source_tile_id]}", _clause(click.clause)]
        said = True
    if chosen.ignored:
        yield 0, ["Not filters of this dashboard", ", ".join(chosen.ignored)]
    if not said:
        yield 0, ["None"]


def _state(state: FilterState) -> str:
    return " ".join(map(_clause, state.clauses)) or _values(state.values)


def _clause(clause: Clause) -> str:
    """Return what a condition says, without its column.

    >>> _clause(Clause("d", "lt", (dt.date(2026, 2, 1),))), _clause(Clause("r", "in", ("North", None)))
    ('up to 2026-01-31', 'North, empty')
    """
    if clause.operator == "lt" and len(clause.values) == 1:
        (end,) = clause.values
        if isinstance(end, dt.date) and not isinstance(end, dt.datetime):
            return f"up to {end - dt.timedelta(days=1)}"
    if clause.operator == "between":
        return " to ".join(map(_value, clause.values))
    return WORDS.get(clause.operator, "") + _values(clause.values)


def _values(values: Sequence[Scalar]) -> str:
    more = f" and {len(values) - MAX_SHOWN:,} more" if len(values) > MAX_SHOWN else ""
    return ", ".join(map(_value, values[:MAX_SHOWN])) + more


def _value(value: Scalar) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
