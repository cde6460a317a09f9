"""The bars again, over questions that were written before the engine was read."""

from __future__ import annotations

import pytest
from bench.analytics.blind.run import SETS, run


@pytest.mark.parametrize("name", SETS)
def test_blind_questions_meet_the_bars_of_right_wrong_and_refused(name: str) -> None:
    got, bad, _ = run(name)
    asked = got["right"] + got["refused"] + got["wrong"]

    assert got["missed"] == 0, bad
    assert got["wrong"] <= 0.03 * asked, bad
    assert got["right"] >= 0.85 * asked, bad
