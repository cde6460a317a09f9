"""What every test may ask for."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TypeVar

import pytest

from live import Server, running
from servers import PostgresServer, running_postgres

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server of the embedded default, one for the whole run; tests make their own people on it."""
    with running(tmp_path_factory.mktemp("server") / "data") as started:
        yield started


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def any_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server on each kind of store."""
    if request.param == "sqlite":
        yield request.getfixturevalue("server")
        return
    postgres: PostgresServer = request.getfixturevalue("postgres_server")
    url = postgres.new_database()
    with running(tmp_path_factory.mktemp("server-pg") / "data", store_url=url) as started:
        yield started
    postgres.drop_database(url)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI a test that skips has failed: what it needs is installed there."""
    report = yield
    return without_skips(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself."""
    report = yield
    return without_skips(report)


def without_skips(report: Report) -> Report:
    if os.environ.get("CI") == "true" and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"nothing may skip under CI=true: {reason}"
    return report
