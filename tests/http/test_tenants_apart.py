"""Two tenants under load with the same names, SQL and filters; `python -m bench.tenants` does it 100,000 times."""

from __future__ import annotations

from pathlib import Path

from bench.tenants import TENANTS, WAYS, Site, compare

ANSWERS = 2_000


def test_no_answer_under_load_is_of_another_tenant_or_past_a_policy(tmp_path: Path) -> None:
    site = Site(tmp_path)
    try:
        people = site.people()
        found = compare(site.product.running.port, people, answers=ANSWERS)
    finally:
        site.stop()

    assert found.wrong == []
    assert found.answers == ANSWERS
    assert dict(found.by_person) == {one.name: ANSWERS // len(people) for one in people}
    assert len(people) == 2 * len(TENANTS)
    assert found.by_way.keys() == set(WAYS)
    assert found.by_cache["cached"] > 0
    assert found.by_cache["fresh"] + found.by_cache["stale"] > 0


def test_an_answer_of_somebody_else_would_be_found(tmp_path: Path) -> None:
    site = Site(tmp_path)
    try:
        people = site.people()
        swapped = [
            type(one)(**{**vars(one), "key": two.key})
            for one, two in zip(people, reversed(people), strict=True)
        ]
        found = compare(site.product.running.port, swapped, answers=40, connections=2)
    finally:
        site.stop()

    assert len(found.wrong) == 40
