"""What is always so: both catalogues are whole, something is said of any rows, and what cannot be added is not."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tesela.analytics.facts import Picture, explain
from tesela.analytics.facts.english import ENGLISH
from tesela.analytics.facts.spanish import SPANISH
from tesela.model.rows import Rows


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert ENGLISH.templates.keys() == SPANISH.templates.keys()


@pytest.mark.parametrize("kind", sorted(ENGLISH.templates))
def test_a_sentence_ends_with_a_full_stop_and_has_a_short_form(kind: str) -> None:
    for words in (ENGLISH, SPANISH):
        sentence, short = words.templates[kind]
        assert sentence.endswith(".")
        assert short
        assert not short.endswith(".")
        assert names_in(short) <= names_in(sentence) | {
            "measure",
            "earlier",
            "value",
            "difference",
            "percent",
            "when",
        }


cell = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=8),
    st.booleans(),
    st.sampled_from(["2026-01", "2026-02", "2026-03-01", "Q1", "Q2", "2025", "{x}", "\u202e"]),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"a": cell, "b": cell, "c": cell}), max_size=14),
    st.sampled_from(["bar", "line", "pie", "scatter", "funnel", "heatmap", "boxplot", "kpi", "table"]),
    st.sampled_from(["en", "es"]),
)
def test_something_is_said_of_any_rows(rows: list[dict[str, object]], chart: str, language: str) -> None:
    kind = chart if chart in ("kpi", "table") else "chart"
    config = {"xField": "a", "yField": "b", "seriesField": "c", "valueField": "b", "nameField": "a"}

    found = explain(
        Rows(("a", "b", "c"), {}, rows),
        Picture("Anything", kind, chart, config),
        language="es" if language == "es" else "en",
    )

    assert found.summary
    assert len(found.highlights) <= 3


def test_a_heatmap_of_averages_is_not_added_up() -> None:
    cells = [(f"2026-{month:02d}", hour, month + hour) for month in range(1, 13) for hour in range(24)]
    rows = Rows(
        ("month", "hour", "delay"),
        {},
        [dict(zip(("month", "hour", "delay"), one, strict=True)) for one in cells],
    )
    config = {"xField": "month", "yField": "hour", "valueField": "delay"}

    found = explain(rows, Picture("Delay", "chart", "heatmap", config))

    assert found.summary == "Delay lies between 1 and 35 in 288 rows, with a median of 18."


def test_a_member_that_is_a_number_is_called_by_its_column_and_marked_as_it_is() -> None:
    rows = Rows(("hour", "sold"), {}, [{"hour": 6, "sold": 3}, {"hour": 19, "sold": 9}])

    found = explain(rows, Picture("Sold", "chart", "bar", {"xField": "hour", "yField": "sold"}))

    assert found.summary.startswith("Hour 19 ranks first with 9")
    assert [mark.x for mark in found.marks] == [19]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (
            "2026-03-01",
            "2026-03-02",
            "4 el 2 de marzo de 2026, subida de 1 (+33,3\u00a0%) frente al 1 de marzo de 2026 (3)",
        ),
        ("2026-03", "2026-04", "4 en abril de 2026, subida de 1 (+33,3\u00a0%) frente a marzo de 2026 (3)"),
        ("2026-Q1", "2026-Q2", "4 en 2026-Q2, subida de 1 (+33,3\u00a0%) frente a 2026-Q1 (3)"),
    ],
)
def test_spanish_dates_have_their_articles(first: str, second: str, told: str) -> None:
    rows = Rows(("at", "sold"), {}, [{"at": first, "sold": 3}, {"at": second, "sold": 4}])

    found = explain(rows, Picture("Sold", "chart", "line", {"xField": "at", "yField": "sold"}), language="es")

    assert told in found.summary
