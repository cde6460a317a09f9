"""What the template and the guard refuse, and what they must not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sql.cases_files import CASES, Case, read_cases
from tesela.errors import QueryRefused
from tesela.sql.bind import compile_template
from tesela.sql.guard import guard

ATTACKS = json.loads((CASES / "attacks.json").read_text())
REFUSED = list(read_cases("refused.sql"))
HONEST = [
    block.removeprefix("-- dialect: ").strip().split("\n", 1)
    for block in ("\n" + (CASES / "honest.sql").read_text()).split("\n-- dialect: ")[1:]
]


@pytest.mark.parametrize("case", REFUSED, ids=[case.title for case in REFUSED])
def test_a_refusal_says_where_and_what_to_do(case: Case):
    _, code, sentence = case.expected.split(" ", 2)

    with pytest.raises(QueryRefused) as refusal:
        compile_template(case.given, case.dialect)

    assert refusal.value.error_code == code
    assert sentence in refusal.value.sentence
    assert "tph" not in refusal.value.sentence


@pytest.mark.parametrize(("dialect", "sql"), HONEST)
def test_honest_sql_is_not_refused(dialect: str, sql: str):
    assert guard(sql, dialect) is not None


@pytest.mark.parametrize("attack", ATTACKS["statements"], ids=lambda attack: attack["sql"])
def test_the_guard_decides_as_expected(attack: dict[str, Any]):
    try:
        guard(attack["sql"], attack["dialect"])
        seen = "accept"
    except QueryRefused:
        seen = "reject"

    assert attack["expect"] in (seen, "either")


@pytest.mark.parametrize("sql", ATTACKS["templates"])
def test_a_hostile_template_is_refused_when_it_is_saved(sql: str):
    with pytest.raises(QueryRefused):
        compile_template(sql, "duckdb")
