"""Chart suggestions: the shape of a result decides."""

from __future__ import annotations

from typing import Any, cast

import pytest

from tesela.analytics.charts import suggest
from tesela.model.charts import check_config
from tesela.model.result import ColumnType
from tesela.model.rows import Rows

MONTHS = [f"2026-{month:02}-01" for month in range(1, 13)]


def rows(types: dict[str, str], *given: tuple[Any, ...]) -> Rows:
    found = [dict(zip(types, one, strict=True)) for one in given]
    return Rows(tuple(types), cast("dict[str, ColumnType]", types), found)


SHAPES = {
    "one figure": (rows({"total": "int"}, (5,)), ["kpi"]),
    "a figure and before": (rows({"total": "int", "total_prev": "int"}, (5, 4)), ["kpi"]),
    "months": (rows({"month": "date", "n": "int"}, *[(one, 1) for one in MONTHS]), ["line", "bar"]),
    "text months": (rows({"m": "text", "n": "int"}, *[(one[:7], 1) for one in MONTHS]), ["line", "bar"]),
    "months by region": (
        rows({"m": "date", "region": "text", "n": "int"}, *[(m, r, 1) for m in MONTHS for r in "AB"]),
        ["line", "area"],
    ),
    "few parts": (rows({"region": "text", "n": "int"}, ("A", 1), ("B", 2)), ["bar", "pie"]),
    "a loss": (rows({"region": "text", "n": "int"}, ("A", 1), ("B", -2)), ["bar"]),
    "two names": (
        rows({"a": "text", "b": "text", "n": "int"}, *[(a, b, 1) for a in "ABC" for b in "XYZ"]),
        ["bar", "heatmap"],
    ),
    "two numbers": (rows({"x": "float", "y": "float"}, (1, 2), (2, 3), (3, 1)), ["scatter"]),
    "rows of people": (rows({"name": "text", "mail": "text"}, ("A", "a@b"), ("B", "b@b")), []),
    "repeated names": (rows({"name": "text", "n": "int"}, ("A", 1), ("A", 2)), []),
    "nothing": (rows({"n": "int"}), []),
}


@pytest.mark.parametrize("name", SHAPES)
def test_the_shape_decides_and_a_table_is_always_there(name: str) -> None:
    given, expected = SHAPES[name]

    found = suggest(given)

    assert [one.chart_type or one.tile_type for one in found] == [*expected, "table"]
    for one in found:
        check_config(one.tile_type, one.chart_type, dict(one.chart_config))
        fields = [value for key, value in one.chart_config.items() if key.endswith("Field")]
        named = [each for value in fields for each in (value if isinstance(value, list) else [value])]
        assert set(named) <= set(given.columns)
        assert one.why


def test_a_figure_is_compared_with_the_one_before() -> None:
    assert suggest(SHAPES["a figure and before"][0])[0].chart_config == {
        "valueField": "total",
        "comparisonField": "total_prev",
    }


def test_many_bars_lie_down() -> None:
    many = rows({"city": "text", "n": "int"}, *[(f"City {number}", number) for number in range(20)])

    assert suggest(many)[0].chart_config["horizontal"] is True


def test_a_year_is_a_name_and_not_a_measure() -> None:
    given = rows({"year": "int", "n": "int"}, (2024, 1), (2025, 2))

    assert suggest(given)[0].chart_config == {"xField": "year", "yField": "n"}
