"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers import PostgresServer, running_postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, one for the whole run."""
    yield from running_postgres()


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a new, empty database: postgresql://tester@127.0.0.1:<port>/<name>."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)
