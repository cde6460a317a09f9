"""The list of engines."""

from __future__ import annotations

import subprocess
import sys

from tesela.engines import ENGINES


def test_each_entry_says_what_its_engine_says() -> None:
    loaded = {kind: known.load() for kind, known in ENGINES.items()}

    assert {kind: (one.kind, one.dialect) for kind, one in loaded.items()} == {
        kind: (known.kind, known.dialect) for kind, known in ENGINES.items()
    }


def test_starting_the_server_imports_no_driver() -> None:
    code = "import sys, tesela.app; print([name for name in ('psycopg', 'duckdb', 'arro3') if name in sys.modules])"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=100
    )

    assert done.stdout.strip() == "[]"
