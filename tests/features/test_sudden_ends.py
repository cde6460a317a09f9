"""Killed at any moment, restore and import leave the old state or the new one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROUNDS = 50


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new, empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tesela.db'}"
    found: str = request.getfixturevalue("postgres_database")
    return found


def test_a_kill_during_restore_and_import_leaves_the_old_state_or_the_new_one(url: str) -> None:
    ended = subprocess.run(
        [sys.executable, str(HERE / "ended_suddenly.py"), url, str(ROUNDS)],
        env={**os.environ, "PYTHONPATH": str(HERE.parent)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    version, count = (int(word) for word in ended.stdout.split())
    assert version > ROUNDS, "there was work to interrupt"
    assert count > 1, "dashboards were imported"
