"""The bars of docs/questions.md, over the public cases: unanswerable all refused, hardly any wrong, most right."""

from __future__ import annotations

import time

import pytest
from bench.analytics.question_cases import cases
from bench.analytics.questions import run, shared_cases

from tesela.analytics.questions import Tile, answer
from tesela.model.rows import Rows

CASES = {"the first": shared_cases(), "the further": cases()}


@pytest.mark.parametrize("name", CASES)
def test_what_the_rows_cannot_answer_is_always_refused(name: str) -> None:
    got = run(CASES[name])

    assert got["missed"] == 0, got["bad"]


@pytest.mark.parametrize("name", CASES)
def test_hardly_an_answer_is_wrong_and_most_are_right(name: str) -> None:
    got = run(CASES[name])
    asked = got["right"] + got["refused"] + got["wrong"]

    assert got["wrong"] <= 0.03 * asked, got["bad"]
    assert got["right"] >= 0.95 * asked, got["bad"]


@pytest.mark.parametrize("case", cases()[:80:4], ids=lambda case: case[2])
def test_the_order_of_rows_changes_no_answer(case: tuple[str, str, str, object]) -> None:
    from bench.analytics.questions import tile_of

    table, language, question, _ = case
    tile = tile_of(table)
    rows = tile.rows
    turned = Tile(tile.id, tile.title, Rows(rows.columns, rows.types, list(reversed(rows.rows))))

    one = answer(question, [tile], language=language)
    other = answer(question, [turned], language=language)

    assert one.is_answered == other.is_answered
    assert sorted(str(fact) for fact in one.facts) == sorted(str(fact) for fact in other.facts)


def test_twelve_tiles_of_a_thousand_rows_take_less_than_200_ms_of_cpu() -> None:
    rows = [
        {
            "day": f"2026-{1 + i // 84:02d}-{1 + i % 28:02d}",
            "shop": f"Shop {i % 40}",
            "sold": i % 97,
            "paid": f"{i}.25",
        }
        for i in range(1_000)
    ]
    tiles = [Tile(f"t{n}", f"Sales {n}", Rows(("day", "shop", "sold", "paid"), {}, rows)) for n in range(12)]
    answer("Which shop sold the most?", tiles)

    took = []
    for _ in range(3):
        started = time.process_time()
        answer("Which shop had the highest paid in March 2026?", tiles, with_followups=False)
        took.append(time.process_time() - started)

    assert min(took) < 0.2
