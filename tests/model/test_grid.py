"""The grid's rules."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tesela.errors import BadRequest
from tesela.model.grid import Place, check_place, first_free, push_down


@st.composite
def places(draw: st.DrawFn) -> Place:
    w = draw(st.integers(1, 12))
    return Place(draw(st.integers(0, 12 - w)), draw(st.integers(0, 20)), w, draw(st.integers(1, 6)))


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), places(), max_size=12))
def test_after_pushing_down_nothing_overlaps_and_nothing_moved_sideways_or_up(
    given: dict[str, Place],
) -> None:
    settled = push_down(given)

    assert not any(a.overlaps(b) for a, b in combinations(settled.values(), 2))
    for name, before in given.items():
        after = settled[name]
        assert (after.x, after.w, after.h) == (before.x, before.w, before.h)
        assert after.y >= before.y


@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), places(), min_size=1, max_size=12))
def test_the_tile_that_was_just_put_somewhere_stays_there(given: dict[str, Place]) -> None:
    put = next(iter(given))

    assert push_down(given, [put])[put] == given[put]


@given(st.lists(places(), max_size=10), st.integers(1, 12), st.integers(1, 6))
def test_the_first_free_place_is_free_and_within_the_grid(taken: list[Place], w: int, h: int) -> None:
    settled = list(push_down({str(i): place for i, place in enumerate(taken)}).values())

    found = first_free(settled, w, h)

    assert not any(found.overlaps(other) for other in settled)
    check_place(found)


def test_places_without_overlaps_are_left_alone() -> None:
    given = {"a": Place(0, 0, 6, 4), "b": Place(6, 0, 6, 4), "c": Place(0, 9, 3, 2)}

    assert push_down(given) == given


def test_an_overlap_pushes_the_others_down_in_order() -> None:
    given = {"a": Place(0, 0, 6, 4), "b": Place(0, 4, 6, 4), "new": Place(0, 0, 12, 2)}

    assert push_down(given, ["new"]) == {
        "a": Place(0, 2, 6, 4),
        "b": Place(0, 6, 6, 4),
        "new": Place(0, 0, 12, 2),
    }


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Place(-1, 0, 6, 4), "grid_x"),
        (Place(0, -1, 6, 4), "grid_y"),
        (Place(0, 0, 0, 4), "grid_w"),
        (Place(0, 0, 6, 0), "grid_h"),
        (Place(7, 0, 6, 4), "12"),
        (Place(0, 999, 1, 2), "1000"),
    ],
)
def test_a_place_outside_the_grid_is_refused(place: Place, named: str) -> None:
    with pytest.raises(BadRequest, match=named):
        check_place(place)
