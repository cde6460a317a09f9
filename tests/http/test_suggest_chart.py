"""suggest-chart: who may ask, and what comes back."""

from __future__ import annotations

from typing import Any

import pytest

from live import Person, Server, anonymous

SENT: dict[str, Any] = {
    "columns": ["region", "n"],
    "types": {"region": "text", "n": "int"},
    "rows": [{"region": "North", "n": 3}, {"region": "South", "n": 4}],
}


@pytest.fixture(scope="module")
def path(owner: Person) -> str:
    return f"/api/dashboards/{owner.new_dashboard()['id']}/tiles/suggest-chart"


def test_the_best_chart_comes_first(owner: Person, path: str) -> None:
    found = owner.post(path, json=SENT).json()["suggestions"]

    assert [one["chart_type"] for one in found] == ["bar", "pie", None]
    assert found[0]["chart_config"] == {"xField": "region", "yField": "n"}


@pytest.mark.parametrize(
    "wrong", [{}, {"columns": ["a", "a"]}, {**SENT, "rows": [{}] * 1_001}, {"columns": "a"}]
)
def test_bad_input_names_the_field(owner: Person, path: str, wrong: dict[str, Any]) -> None:
    answer = owner.post(path, json=wrong)

    assert answer.status_code == 400
    assert "columns" in answer.json()["detail"] or "rows" in answer.json()["detail"]


def test_only_who_may_edit_may_ask(
    server: Server, stranger: Person, viewer: Person, admin: Person, other_tenant: Person, path: str
) -> None:
    assert anonymous(server).post(path, json=SENT).status_code == 401
    assert [one.post(path, json=SENT).status_code for one in (stranger, viewer, other_tenant)] == [404] * 3
    assert admin.post(path, json=SENT).status_code == 200
