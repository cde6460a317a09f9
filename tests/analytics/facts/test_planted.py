"""Facts planted at random are found; what is said besides can be derived from the rows, and is not false."""

from __future__ import annotations

import re

import pytest
from bench.analytics.oracle import derivable, is_derivable, told
from bench.analytics.planted import KINDS, Planted, planted

from tesela.analytics.facts import Explanation, Fact, Language, explain, verify

SEEDS = range(30)
CAUSE = re.compile(r"(?i)\b(because|due to|caused|thanks to|campaign|driven by|debido|gracias a|porque)\b")


def explained(case: Planted, language: Language = "en") -> Explanation:
    return explain(case.rows, case.picture, language=language, now=case.now)


def holds(fact: Fact, case: Planted) -> bool:
    shown = [abs(one.value) for one in fact.numbers]
    return (
        fact.kind.startswith(case.kinds)
        and all(one in fact.entities for one in case.entities)
        and all(any(abs(abs(one) - value) < 1e-6 for value in shown) for one in case.numbers)
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[one.__name__ for one in KINDS])
def test_a_planted_fact_is_found_and_nothing_false_is_said(kind: int, seed: int) -> None:
    case = planted(kind, seed)

    found = explained(case)

    kinds = [fact.kind for fact in found.facts]
    assert any(holds(fact, case) for fact in found.facts[:6]), (kinds, found.summary)
    assert not [one for one in kinds if one.startswith(case.never or ("\0",))], found.summary


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[one.__name__ for one in KINDS])
def test_no_number_is_invented_and_no_cause_named(kind: int, language: Language) -> None:
    case = planted(kind, 1)

    found = explained(case, language)

    text = " ".join((found.summary, *found.highlights))
    known = derivable(case.rows)
    assert [
        one for one in told(text, case.rows, case.picture.title, language) if not is_derivable(one, known)
    ] == []
    assert CAUSE.search(text) is None
    assert "{" not in text
    assert len(found.summary) > 10


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", range(len(KINDS)), ids=[one.__name__ for one in KINDS])
def test_the_check_of_a_rewording_lets_the_text_itself_pass(kind: int, language: Language) -> None:
    case = planted(kind, 2)
    found = explained(case, language)

    problems = verify(
        found.summary, found.facts, title=case.picture.title, names=case.rows.columns, language=language
    )

    assert problems == []
