"""From a question and tiles to an answer: read, plan, execute, say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tesela.analytics.questions import refusing, wording
from tesela.analytics.questions.executing import execute
from tesela.analytics.questions.followups import proposals
from tesela.analytics.questions.lexicon import PHRASES
from tesela.analytics.questions.plan import Measure, Plan, Unanswerable
from tesela.analytics.questions.planner import plan_of
from tesela.analytics.questions.reading import read
from tesela.analytics.questions.reducing import Outcome
from tesela.analytics.questions.tables import Table, Tile, tables_of
from tesela.analytics.questions.words import merged, tokens_of

HARD = ("undefined", "rate", "level", "truncated", "missing")
"""Refusals of a question that was understood: another tile that says something weaker does not answer it."""


EVEN = 0.5
"""Two tiles whose words fit a question as nearly as this both answer it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A tile that an answer rests on, and what it gave."""

    tile_id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in words, with its receipts.

    plan: what was computed, None for a refusal. missing: why there is no answer. facts: the figures of the answer.
    rows_used: how many rows were read for it.
    """

    text: str
    is_answered: bool
    references: tuple[Reference, ...] = ()
    followups: tuple[str, ...] = ()
    plan: Plan | None = None
    missing: Unanswerable | None = None
    facts: tuple[dict[str, Any], ...] = ()
    rows_used: int = 0


@dataclass(frozen=True, slots=True)
class _Done:
    """A tile that answers, how well its words fit, and its place."""

    score: float
    table: Table
    outcome: Outcome
    order: int


@dataclass(frozen=True, slots=True)
class _Not:
    """A tile that does not answer, and why."""

    score: float
    table: Table
    why: Unanswerable


def answer(
    question: str, tiles: Sequence[Tile], *, language: str = "en", with_followups: bool = True
) -> Answer:
    """Return the answer to a question from the rows of the tiles, in English or Spanish. Deterministic.

    A question is refused when a word of it is no column, value, period or operator, or when its result would not be
    what it says: then `missing` holds why.
    """
    tables = [table for tile in tiles for table in tables_of(tile)]
    found = _best(question, tables, language)
    if isinstance(found, Answer):
        return found
    answers = [said(one.outcome, language, ()) for one in found]
    first = answers[0]
    if with_followups:
        first = replace(first, followups=tuple(_kept(found[0].outcome, tables, question, language, 3)))
    different = [first, *[one for one in answers[1:] if one.text != first.text]][:3]
    return first if len(different) == 1 else _beside(different, language)


def answer_plan(plan: Plan | Unanswerable, tiles: Sequence[Tile], *, language: str = "en") -> Answer:
    """Return the answer that a plan comes to; a plan of unknown tiles, columns or values is refused."""
    tables = [table for tile in tiles for table in tables_of(tile)]
    if isinstance(plan, Unanswerable):
        return _refused(plan, tables[0] if tables else None, language)
    why = Unanswerable(kind="unknown", words=(plan.tile,))
    for table in tables:
        if table.id == plan.tile:
            outcome = execute(plan, table)
            if isinstance(outcome, Outcome):
                return said(outcome, language, ())
            why = outcome
    return _refused(why, None, language)


def nothing_to_ask(language: str, *, is_empty: bool) -> Answer:
    """Return the refusal where there are no rows: none at all, or none at hand."""
    kind = "no_rows" if is_empty else "refresh"
    return Answer(
        refusing.sentence("empty" if is_empty else "refresh", language),
        False,
        missing=Unanswerable(kind=kind),
    )


def starters(tiles: Sequence[Tile], *, language: str = "en") -> tuple[str, ...]:
    """Return two or three questions that the rows answer, for somebody who has not asked one that they do."""
    tables = [table for tile in tiles for table in tables_of(tile)]
    kept: list[str] = []
    for table in tables:
        measure = table.main or next((one for one in table.numbers if not one.is_rate), None)
        if measure is None or not table.size:
            continue
        plan = Plan(tile=table.id, measure=Measure(column=measure.name), agg="max")
        outcome = execute(plan, table)
        if isinstance(outcome, Outcome):
            kept += _kept(outcome, tables, "", language, 3 - len(kept))
        if len(kept) >= 3:
            break
    return tuple(dict.fromkeys(kept))


def said(outcome: Outcome, language: str, followups: Sequence[str]) -> Answer:
    """Return an outcome in words, with its receipts."""
    plan, table = outcome.plan, outcome.table
    facts = tuple(
        {
            "key": None if group.key is None else str(group.key),
            "value": None if group.value is None else str(group.value.normalize()),
            **({} if group.now is None else {"now": str(group.now.normalize())}),
            **({} if group.base is None else {"base": str(group.base.normalize())}),
        }
        for group in outcome.groups[:50]
    )
    why = wording.why_of(plan, table, language)
    return Answer(
        wording.sentence(outcome, language),
        True,
        (Reference(table.id, table.title, why),),
        tuple(followups),
        plan,
        None,
        facts,
        outcome.rows,
    )


def _beside(answers: Sequence[Answer], language: str) -> Answer:
    """Return what several tiles say that fit equally well, each under its title; refused when one says yes, one no."""
    references = tuple(reference for one in answers for reference in one.references)
    if any(one.plan is not None and one.plan.form == "yes_no" for one in answers):
        why = Unanswerable(kind="ambiguous", words=tuple(one.title for one in references))
        return _refused(why, None, language)
    text = " ".join(f"{one.text} [{one.references[0].title}]" for one in answers)
    return replace(
        answers[0], text=text, references=references, rows_used=sum(one.rows_used for one in answers)
    )


def _best(question: str, tables: Sequence[Table], language: str) -> list[_Done] | Answer:
    """Return the tiles that fit a question best, in their order; a refusal when none answers it."""
    done, refused = _tried(question, tables, language)
    best = max(done, key=lambda one: (one.score, -one.order), default=None)
    hard = [one for one in refused if one.why.kind in HARD]
    if best is not None and not any(one.score > best.score for one in hard):
        even = [one for one in done if one.score >= best.score - EVEN]
        ids = dict.fromkeys(one.table.id for one in even)
        firsts = [next(one for one in even if one.table.id == tile) for tile in ids]
        return sorted(firsts, key=lambda one: (one is not best, one.order))
    pool = hard if best is not None else refused
    if not pool:
        return Answer(refusing.sentence("empty", language), False, missing=Unanswerable(kind="no_rows"))
    clearest = min(pool, key=lambda one: (refusing.weight(one.why), -one.score))
    return _refused(clearest.why, clearest.table, language)


def _tried(question: str, tables: Sequence[Table], language: str) -> tuple[list[_Done], list[_Not]]:
    """Return what each way to read each tile comes to."""
    typed = tokens_of(question, language=language)
    done, refused = [], []
    for order, table in enumerate(tables):
        own = {word for column in table.columns for word in column.words}
        reading = read(merged(typed, PHRASES, own), table)
        plan = plan_of(reading)
        outcome = plan if isinstance(plan, Unanswerable) else execute(plan, table)
        if isinstance(outcome, Outcome):
            done.append(_Done(reading.score, table, outcome, order))
        else:
            refused.append(_Not(reading.score, table, outcome))
    return done, refused


def _refused(why: Unanswerable, table: Table | None, language: str) -> Answer:
    return Answer(refusing.refusal(why, table, language), False, missing=why)


def _kept(outcome: Outcome, tables: Sequence[Table], question: str, language: str, count: int) -> list[str]:
    """Return further questions that the same rows answer: each was tried."""
    kept: list[str] = []
    for proposal in proposals(outcome, language):
        if len(kept) == count:
            break
        if proposal.casefold() == question.casefold() or proposal in kept:
            continue
        if not isinstance(_best(proposal, tables, language), Answer):
            kept.append(proposal)
    return kept
