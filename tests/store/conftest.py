"""Every test of the store runs on both kinds of database."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tesela.db'}"
    found: str = request.getfixturevalue("postgres_database")
    return found
