"""A tile's rows -> what is true of them, ranked, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tesela.analytics.facts.english import ENGLISH
from tesela.analytics.facts.reading import Picture, read
from tesela.analytics.facts.spanish import SPANISH
from tesela.analytics.facts.telling import findings_of
from tesela.analytics.facts.things import Count, Explanation, Fact, Finding, Language, Mark
from tesela.analytics.facts.words import Words
from tesela.model.rows import Rows

MOST_SENTENCES = 6
MOST_FACTS = 20
MOST_MARKS = 40
WORDS: dict[Language, Words] = {"en": ENGLISH, "es": SPANISH}


def explain(
    rows: Rows, picture: Picture, *, language: Language = "en", now: dt.datetime | None = None
) -> Explanation:
    """Return what is true of a tile's rows.

    now: without zone, in the dashboard's; the period it lies in is not complete. None: all periods are.
    """
    words = WORDS[language]
    subject = read(rows, picture)
    findings = findings_of(subject, now)
    cut = Finding("truncated", 61, {"n": Count(len(rows.rows))})
    ordered = _ordered([*findings, cut] if rows.truncated else findings)[:MOST_FACTS]
    raw = {text: cell for one in reversed(subject.dimensions) for text, cell in one.raw.items()}
    facts = tuple(words.fact(_as_in_rows(one, raw)) for one in ordered)
    return Explanation(
        summary=" ".join(fact.sentence for fact in facts[:MOST_SENTENCES]),
        highlights=_highlights(facts),
        facts=facts,
        marks=_marks(facts),
        language=language,
        notes=(words.fact(cut).sentence,) if rows.truncated else (),
    )


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings by importance, each said once. What only completes another stands behind it."""
    seen: set[tuple[str, str]] = set()
    found = []
    for one in sorted(findings, key=lambda finding: -finding.importance):
        key = (one.kind, repr(sorted(one.values.items(), key=lambda item: item[0])))
        if key not in seen:
            seen.add(key)
            found.append(one)
    return found


def _as_in_rows(finding: Finding, raw: Mapping[str, Any]) -> Finding:
    """Return the finding with the members of its marks as the rows hold them, not as they are called."""

    def cell(value: Any) -> Any:
        return raw.get(value, value) if isinstance(value, str) else value

    return replace(
        finding, marks=tuple(Mark(cell(one.x), one.kind, cell(one.series)) for one in finding.marks)
    )


def _highlights(facts: Sequence[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact.short for fact in facts[:MOST_SENTENCES]))[:3]


def _marks(facts: Sequence[Fact]) -> tuple[Mark, ...]:
    """Return what is marked on the chart, each point once, by its most important fact."""
    found: dict[tuple[str, str], Mark] = {}
    for fact in facts:
        for mark in fact.marks:
            found.setdefault((repr(mark.x), repr(mark.series)), mark)
    return tuple(found.values())[:MOST_MARKS]
