"""Binding: pairs of SQL, and what no value can do."""

from __future__ import annotations

import datetime as dt

import pytest

from sql.cases_files import Case, read_cases
from tesela.errors import QueryError
from tesela.sql.bind import compile_template
from tesela.sql.guard import guard

CASES = list(read_cases("bind.sql"))


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_a_template_is_bound_as_its_case_says(case: Case):
    if case.expected.startswith("ERROR "):
        _, code, sentence = case.expected.split(" ", 2)
        with pytest.raises(QueryError) as refusal:
            compile_template(case.given, case.dialect).bind(case.interaction)
        assert refusal.value.error_code == code
        assert sentence in refusal.value.sentence
        return

    statement = compile_template(case.given, case.dialect).bind(case.interaction)

    assert statement.render(lambda _: "?") == case.expected
    assert tuple(v.isoformat() if isinstance(v, dt.date) else v for v in statement.values) == case.values
    guard(statement.render(lambda i: f"value{i}"), case.dialect)
