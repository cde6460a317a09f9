"""Tiles that were planted before the engine was read: each fact is told, no number is made up, no cause is given."""

from __future__ import annotations

import pytest
from bench.analytics.blind.explain import Tile, problems, tiles

from tesela.analytics.facts import Language


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("tile", list(tiles()), ids=lambda tile: tile.name)
def test_a_planted_fact_is_told_and_no_number_is_invented(tile: Tile, language: Language) -> None:
    wrong, invented, text = problems(tile, language)

    assert not wrong, text
    assert not invented, text
