"""The servers that other tests stand on."""

from __future__ import annotations

import psycopg
import pytest


@pytest.mark.postgres
def test_each_test_gets_an_empty_postgresql_database(postgres_database: str) -> None:
    with psycopg.connect(postgres_database) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()

    assert tables == (0,)
