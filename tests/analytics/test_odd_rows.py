"""Numbers and dates at the ends of what a database can hold: refused or answered, never a crash."""

from __future__ import annotations

from typing import Any

import pytest

from tesela.analytics.facts import Picture, explain
from tesela.analytics.questions import Tile, answer
from tesela.errors import Unprocessable
from tesela.model.rows import Rows

PICTURE = Picture("Sales", "chart", "line", {"xField": "month", "yField": "revenue"})
QUESTIONS = (
    "total revenue", "last 900 days", "revenue in the last 5000 weeks", "revenue last 5000 years", "growth this year",
    "revenue next month", "revenue compared with last year", "first 5000 years", "highest month", "revenue in 9999",
    "revenue between 0001-01-01 and 9999-12-31", "revenue in week of 9999-12-31", "ingresos del mes pasado",
)  # fmt: skip


def rows(values: list[Any], months: list[str]) -> Rows:
    data = [{"month": month, "revenue": value} for month, value in zip(months, values, strict=True)]
    return Rows(("month", "revenue"), {"month": "date", "revenue": "float"}, data, False)


def monthly(values: list[Any]) -> Rows:
    return rows(values, [f"{2020 + at // 12}-{at % 12 + 1:02}-01" for at in range(len(values))])


@pytest.mark.parametrize("big", [1e308, -1e308, 1e101])
def test_numbers_that_cannot_be_squared_are_refused_in_a_sentence(big: Any) -> None:
    with pytest.raises(Unprocessable, match="too large"):
        explain(monthly([big, 1.0, 2.0] * 10), PICTURE)


def test_numbers_next_to_nothing_are_explained_as_nothing() -> None:
    found = explain(monthly([5e-324, 0.0, -5e-324] * 8), PICTURE)

    assert found.summary
    assert "-0" not in found.summary


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "months",
    [
        ["9999-10-01", "9999-11-01", "9999-12-01"],
        ["2024-01-01", "2024-01-02", "9999-12-31"],
        ["0001-01-01", "0001-02-01", "0001-03-01"],
        ["0001-01-01", "2024-01-01", "9999-12-31"],
    ],
)
def test_questions_about_the_ends_of_the_calendar_are_answered_or_refused(
    question: str, months: list[str]
) -> None:
    tile = Tile("1", "Sales", rows([1.0, 2.0, 3.0], months), {"xField": "month", "yField": "revenue"})

    assert answer(question, [tile]).text


def test_a_figure_of_many_digits_is_written_out() -> None:
    tile = Tile("1", "Sales", monthly([1e300, 0.0]), {"xField": "month", "yField": "revenue"})

    assert answer("total revenue", [tile]).text.count("000") >= 90
