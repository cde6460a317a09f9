"""The same work with no server: DuckDB alone, on the file that the product reads.

`python -m bench.floors FILE` prints JSON. A process of its own, so that CPU time and memory are its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import duckdb

from bench.shop import MILLION, TILES, WIDE

THREADS = "2"


def measured(work: Callable[[], Any], runs: int) -> dict[str, float]:
    """Return the medians of wall and CPU milliseconds."""
    walls, cpus = [], []
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    return {"wall_ms": round(statistics.median(walls), 2), "cpu_ms": round(statistics.median(cpus), 2)}


def main() -> None:
    with duckdb.connect(sys.argv[1], read_only=True, config={"threads": THREADS}) as connection:

        def fetch(sql: str) -> list[Any]:
            return connection.execute(sql).fetchall()

        def tiles() -> None:
            for sql in TILES.values():
                fetch(sql)

        def rows_as_json() -> None:
            fetch(f"SELECT '[' || string_agg(to_json(t)::VARCHAR, ',') || ']' FROM ({WIDE}) AS t")

        def rows_as_csv() -> None:
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                connection.execute(f"COPY ({MILLION}) TO '{file.name}' (FORMAT csv)")

        tiles()
        found = {
            "tiles": measured(tiles, 5),
            "select_1": measured(lambda: fetch("SELECT 1 AS one"), 200),
            "wide_json": measured(rows_as_json, 5),
            "csv": measured(rows_as_csv, 3),
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
