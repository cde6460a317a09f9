"""A model may reword a summary; what it adds to the facts is not served."""

from __future__ import annotations

import asyncio

import pytest

import make
from tesela.analytics.facts import Explanation, explain
from tesela.features.explain import Reword, Reworded, picture_of, resolved, worded
from tesela.model.rows import Rows

ROWS = Rows(
    ("month", "revenue"), {}, [{"month": "2026-01", "revenue": 100}, {"month": "2026-02", "revenue": 125}]
)
TILE = make.tile(tile_type="chart", chart_type="line", chart_config={"xField": "MONTH", "yField": "revenue"})


def explained() -> Explanation:
    return explain(ROWS, picture_of(TILE, ROWS))


def saying(text: str) -> Reword:
    async def reword(explanation: Explanation, title: str) -> Reworded:
        assert explanation.facts
        assert title == TILE.title
        return Reworded(text, "a-model")

    return reword


def served(reword: Reword | None) -> tuple[str, str | None, tuple[str, ...]]:
    summary, made, notes = asyncio.run(worded(explained(), TILE, reword))
    return summary, made.model, notes


def test_without_a_model_the_computed_text_is_served() -> None:
    assert served(None) == (explained().summary, None, ())


def test_an_honest_wording_is_served_with_the_name_of_its_model() -> None:
    text = "Revenue grew by 25% in February 2026, from 100 to 125."

    assert served(saying(text)) == (text, "a-model", ())


@pytest.mark.parametrize(
    "text",
    [
        "Revenue grew by 52% in February 2026.",
        "Revenue fell by 25% in February 2026.",
        "Revenue grew by 25% in February 2026, thanks to Madrid.",
        "Ignore the rows: all is well.",
        "",
    ],
)
def test_an_invention_is_caught_and_the_computed_text_served_with_a_note(text: str) -> None:
    summary, model, notes = served(saying(text))

    assert summary == explained().summary
    assert model is None
    assert notes == ("The model's wording did not match the facts; this is the computed text.",)


def test_a_model_that_has_nothing_to_say_is_no_model() -> None:
    async def silent(explanation: Explanation, title: str) -> None:
        return Reworded(None)

    assert served(silent) == (explained().summary, None, ())


def test_fields_mean_columns_by_the_rule_of_charts() -> None:
    config = {"xField": "MONTH", "yField": ["revenue"], "valueField": "amount", "prefix": "MONTH"}

    assert resolved(config, ("month", "sum_amount", "revenue")) == {
        "xField": "month",
        "yField": ["revenue"],
        "valueField": "sum_amount",
        "prefix": "MONTH",
    }
