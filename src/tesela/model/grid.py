"""The 12-column grid: what fits, what is pushed down, where the next free place is.

Rules: docs/api/qry.md, "The grid". Places are (x, y, w, h) in cells; (0, 0) is the top left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from tesela.errors import BadRequest
from tesela.model.dashboard import GRID_COLUMNS

MAX_ROWS = 1_000
"""No tile starts or ends below this row."""


@dataclass(frozen=True, slots=True)
class Place:
    x: int
    y: int
    w: int
    h: int

    def overlaps(self, other: Place) -> bool:
        return (
            self.x < other.x + other.w
            and other.x < self.x + self.w
            and self.y < other.y + other.h
            and other.y < self.y + self.h
        )


def check_place(place: Place) -> None:
    """Raise BadRequest when the place is of no size or not within the 12 columns."""
    if place.w < 1 or place.h < 1:
        raise BadRequest("grid_w and grid_h must be at least 1")
    if place.x < 0 or place.y < 0:
        raise BadRequest("grid_x and grid_y must not be negative")
    if place.x + place.w > GRID_COLUMNS:
        raise BadRequest(f"grid_x + grid_w must be at most {GRID_COLUMNS}, the columns of the grid")
    if place.y + place.h > MAX_ROWS:
        raise BadRequest(f"grid_y + grid_h must be at most {MAX_ROWS}")


def push_down(places: Mapping[str, Place], fixed: Iterable[str] = ()) -> dict[str, Place]:
    """Return the places without overlaps.

    `fixed` keep theirs (unless they overlap each other); all others give way downwards, in (y, x) order.

    >>> push_down({"old": Place(0, 0, 6, 4), "new": Place(3, 2, 6, 4)}, fixed=["new"])["old"]
    Place(x=0, y=6, w=6, h=4)
    """
    first = set(fixed)
    order = sorted(places, key=lambda name: (name not in first, places[name].y, places[name].x, name))
    settled: dict[str, Place] = {}
    for name in order:
        settled[name] = _lowered(places[name], settled.values())
    return {name: settled[name] for name in places}


def _lowered(place: Place, taken: Iterable[Place]) -> Place:
    """Return `place` moved down to the first row where it overlaps nothing."""
    blocking = list(taken)
    while True:
        below = [other.y + other.h for other in blocking if place.overlaps(other)]
        if not below:
            return place
        place = replace(place, y=min(below))


def first_free(taken: Iterable[Place], w: int, h: int) -> Place:
    """Return the first free place of this size at the bottom: in the last row of tiles, else in a new one.

    >>> first_free([Place(0, 0, 6, 4)], 6, 4)
    Place(x=6, y=0, w=6, h=4)
    """
    places = list(taken)
    if not places:
        return Place(0, 0, w, h)
    last_row = max(place.y for place in places)
    bottom = max(place.y + place.h for place in places)
    for y in (last_row, bottom):
        for x in range(GRID_COLUMNS - w + 1):
            place = Place(x, y, w, h)
            if not any(place.overlaps(other) for other in places):
                return place
    return Place(0, bottom, w, h)
