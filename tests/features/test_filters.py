"""A viewer's choices against the dashboard's filters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tesela.errors import BadRequest
from tesela.features.filters import choose, for_tile
from tesela.model.filter import read_filters, stored_filters, values_of
from tesela.model.interaction import Clause, TimeRange

NOW = dt.datetime(2026, 11, 21, 23, 30, tzinfo=dt.UTC)
FILTERS = [
    {"name": "period", "label": "Period", "field": "day", "type": "date_range"},
    {"name": "region", "field": "region", "type": "select"},
    {"name": "kinds", "field": "kind", "type": "multi_select"},
    {"name": "amount", "field": "amount", "type": "number_range"},
    {"name": "word", "field": "title", "type": "text"},
    {"name": "paid", "field": "is_paid", "type": "boolean"},
]


def chosen(values: dict[str, Any], filters: list[dict[str, Any]] | None = None, zone: str = "UTC") -> Any:
    return choose(read_filters(filters or FILTERS), values, now=NOW, zone=zone)


def clauses(values: dict[str, Any], **kwargs: Any) -> list[Clause]:
    return [clause for state in chosen(values, **kwargs).states.values() for clause in state.clauses]


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"region": "North"}, [Clause("region", "eq", ("North",))]),
        ({"region": 5}, [Clause("region", "eq", (5,))]),
        ({"region": ["North"]}, [Clause("region", "eq", ("North",))]),
        ({"kinds": ["a", "b"]}, [Clause("kind", "in", ("a", "b"))]),
        ({"kinds": "a"}, [Clause("kind", "in", ("a",))]),
        ({"kinds": ["a", None]}, [Clause("kind", "in", ("a", None))]),
        (
            {"amount": {"min": 1, "max": 2.5}},
            [Clause("amount", "gte", (1,)), Clause("amount", "lte", (2.5,))],
        ),
        ({"amount": {"max": 2}}, [Clause("amount", "lte", (2,))]),
        ({"word": "%"}, [Clause("title", "contains", ("%",))]),
        ({"paid": False}, [Clause("is_paid", "eq", (False,))]),
        (
            {"period": {"start": "2026-01-01", "end": "2026-03-31"}},
            [Clause("day", "gte", (day("2026-01-01"),)), Clause("day", "lt", (day("2026-04-01"),))],
        ),
        ({"period": {"start": "2026-01-01"}}, [Clause("day", "gte", (day("2026-01-01"),))]),
        (
            {"period": {"relative": "yesterday"}},
            [Clause("day", "gte", (day("2026-11-20"),)), Clause("day", "lt", (day("2026-11-21"),))],
        ),
    ],
)
def test_what_a_value_comes_to(values: dict[str, Any], expected: list[Clause]) -> None:
    assert clauses(values) == expected


@pytest.mark.parametrize("nothing", [None, "", [], {}])
@pytest.mark.parametrize("name", ["region", "kinds", "amount", "word", "paid", "period"])
def test_nothing_means_not_filtered(name: str, nothing: Any) -> None:
    assert clauses({name: nothing}) == []


def test_false_and_zero_are_values() -> None:
    assert clauses({"paid": False, "region": 0}) == [
        Clause("region", "eq", (0,)),
        Clause("is_paid", "eq", (False,)),
    ]


def test_a_range_feeds_the_placeholders_and_the_period_before() -> None:
    found = chosen({"period": {"start": "2026-01-01", "end": "2026-03-31"}})

    assert found.range == TimeRange(
        day("2026-01-01"), day("2026-04-01"), day("2025-10-01"), day("2026-01-01")
    )


def test_an_undeclared_date_range_feeds_the_placeholders_and_is_not_ignored() -> None:
    found = choose((), {"date_range": {"start": "2026-01-10", "end": "2026-01-19"}}, now=NOW, zone="UTC")

    assert found.range.end == day("2026-01-20")
    assert found.ignored == ()


def test_a_time_as_the_end_is_exclusive() -> None:
    found = chosen({"period": {"start": "2026-01-01T00:00:00", "end": "2026-01-02T12:00:00"}})

    assert found.range.end == dt.datetime(2026, 1, 2, 12)  # noqa: DTZ001  (a time without a zone is one)


def test_today_is_the_day_in_the_time_zone_of_the_dashboard() -> None:
    far = chosen({"period": {"relative": "today"}}, zone="Asia/Tokyo")

    assert far.range.start == day("2026-11-22")


def test_names_of_no_filter_are_told() -> None:
    assert chosen({"nonsense": 1, "region": "x"}).ignored == ("nonsense",)


def test_a_default_holds_until_a_viewer_chooses_even_nothing() -> None:
    filters = [{"name": "region", "field": "region", "type": "select", "default": "North"}]

    assert clauses({}, filters=filters) == [Clause("region", "eq", ("North",))]
    assert clauses({"region": None}, filters=filters) == []


def test_a_required_filter_without_a_value_holds_its_tiles_back() -> None:
    filters = [{"name": "region", "field": "region", "required": True, "targets": ["t1"]}]
    read = read_filters(filters)
    found = choose(read, {}, now=NOW, zone="UTC")

    assert [one.name for one in for_tile(found, read, "t1")[1]] == ["region"]
    assert for_tile(found, read, "t2")[1] == []


def test_targets_say_which_tiles_and_on_which_column() -> None:
    filters = [{"name": "region", "field": "region", "targets": {"t1": "area", "t2": None}}]
    read = read_filters(filters)
    found = choose(read, {"region": "N"}, now=NOW, zone="UTC")

    columns = {
        tile: [clause.column for state in for_tile(found, read, tile)[0].values() for clause in state.clauses]
        for tile in ("t1", "t2", "t3")
    }

    assert columns == {"t1": ["area"], "t2": ["region"], "t3": []}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"region": ["a", "b"]}, "region"),
        ({"region": {"a": 1}}, "region"),
        ({"region": float("nan")}, "region"),
        ({"kinds": [["a"]]}, "kinds"),
        ({"kinds": list(range(1001))}, "kinds"),
        ({"amount": 5}, "amount"),
        ({"amount": {"min": "a"}}, "amount.min"),
        ({"amount": {"min": 2, "max": 1}}, "amount"),
        ({"amount": {"low": 1}}, "amount"),
        ({"word": 5}, "word"),
        ({"paid": "yes"}, "paid"),
        ({"period": {"start": "yesterday"}}, "period.start"),
        ({"period": {"start": "2026-02-30"}}, "period.start"),
        ({"period": {"start": "2026-02-02", "end": "2026-01-01"}}, "period"),
        ({"period": {"relative": "last_century"}}, "period.relative"),
        ({"period": {"relative": ["x"]}}, "period.relative"),
        ({"period": {"end": "9999-12-31"}}, "period.end"),
        ({"period": 5}, "period"),
    ],
)
def test_a_value_that_does_not_fit_is_named(values: dict[str, Any], named: str) -> None:
    with pytest.raises(BadRequest, match=f"filter_values.{named}"):
        chosen(values)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ([{"field": 5, "name": "a"}], "a.field"),
        ([{"name": "1a"}], "name"),
        ([{"name": "a b"}], "name"),
        ([{"label": "no name"}], "name"),
        ([{"name": "a", "type": "slider"}], "a.type"),
        ([{"name": "a", "operator": "like"}], "a.operator"),
        ([{"name": "a"}, {"name": "a"}], "twice"),
        ([{"name": "a", "depends_on": ["b"]}], "depends on b"),
        ([{"name": "a", "depends_on": ["a"]}], "depends on a"),
        ([{"name": "a", "depends_on": ["b"]}, {"name": "b", "depends_on": ["a"]}], "circle"),
        ([{"name": f"f{n}"} for n in range(51)], "at most 50"),
    ],
)
def test_a_definition_that_does_not_fit_is_named(filters: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        read_filters(filters)


def test_the_other_dialects_filters_are_filters_with_a_default() -> None:
    given = [
        {"field": "region", "operator": "in", "values": ["US", "EU"]},
        {"field": "Año €", "operator": "eq", "values": [2026]},
    ]

    read = read_filters(given)

    assert [(one.name, one.type, one.default) for one in read] == [
        ("region", "multi_select", ["US", "EU"]),
        ("A_o___1", "select", 2026),
    ]
    assert [values_of(one) for one in stored_filters(given)] == [["US", "EU"], [2026]]


@pytest.mark.parametrize(
    ("operator", "values", "clauses"),
    [
        ("eq", ["EU"], [("eq", ("EU",))]),
        ("neq", ["EU"], [("neq", ("EU",))]),
        ("in", ["US", "EU"], [("in", ("US", "EU"))]),
        ("not_in", ["US"], [("not_in", ("US",))]),
        ("gt", [5], [("gt", (5,))]),
        ("lte", [5.5], [("lte", (5.5,))]),
        ("between", [1, 9], [("gte", (1,)), ("lte", (9,))]),
        ("between", ["A", "M"], [("between", ("A", "M"))]),
        (
            "between",
            ["2025-01-01", "2025-03-31"],
            [("gte", (dt.date(2025, 1, 1),)), ("lt", (dt.date(2025, 4, 1),))],
        ),
        ("contains", ["Acme"], [("contains", ("Acme",))]),
        ("starts_with", ["Ac"], [("starts_with", ("Ac",))]),
        ("is_null", [], [("is_null", ())]),
        ("not_null", None, [("not_null", ())]),
        ("in", [], []),
        ("eq", [], []),
    ],
)
def test_every_operator_of_the_other_dialect_narrows_as_the_dashboard_opens(
    operator: str, values: list[Any] | None, clauses: list[tuple[str, tuple[Any, ...]]]
) -> None:
    given = {"field": "region", "operator": operator} | ({} if values is None else {"values": values})
    stored = stored_filters([given])

    chosen = choose(read_filters(stored), {}, now=NOW, zone="UTC")

    found = chosen.states.get("region")
    assert [(one.operator, one.values) for one in (found.clauses if found else ())] == clauses
    assert values_of(stored[0]) == (values or [])


@pytest.mark.parametrize(
    ("operator", "values", "said"),
    [
        ("between", [1], "two values"),
        ("eq", [1, 2], "one value"),
        ("contains", [1], "text"),
        ("is_null", [1], "left out"),
        ("in", "US", "a list"),
        ("in", [{}], "a list"),
        ("like", ["x"], "operator"),
    ],
)
def test_values_that_the_operator_does_not_take_are_refused(operator: str, values: Any, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        stored_filters([{"field": "region", "operator": operator, "values": values}])


def test_unknown_members_are_kept() -> None:
    kept = read_filters([{"name": "a", "colour": "blue"}])[0].model_dump()

    assert kept["colour"] == "blue"
