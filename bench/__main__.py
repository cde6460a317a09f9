"""`make bench`: start the product on a folder of its own, measure it, print ratios, keep the numbers.

`python -m bench --only cached_dashboard memory` runs less and keeps nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import report, sections
from bench.product import Product

RESULTS = Path(__file__).resolve().parent / "results"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Tesela beside its floors.")
    parser.add_argument("--only", nargs="+", metavar="SECTION", help="run only these, and keep nothing")
    parser.add_argument("--clone", action="store_true", help="also time `make run` in a fresh clone")
    parser.add_argument("--keep", action="store_true", help="write docs/operate.md too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tesela-bench-") as name:
        found = measure(Path(name), asked.only)
        if asked.only:
            print(json.dumps(found, indent=2))
            return
        save(found)
        if asked.clone:
            say("clone")
            found["clone"] = sections.clone(Path(name))
            save(found)
    print(report.table(found))
    if asked.keep:
        report.write_page(found)


def save(found: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(found, indent=2) + "\n")


def measure(folder: Path, only: list[str] | None) -> dict[str, Any]:
    product = Product(folder)
    product.start()
    try:
        say("making data")
        product.fill(folder)
        product.get(product.data_path)
        steps: dict[str, Callable[[], Any]] = {
            "floors": lambda: sections.floors(product),
            "cached_dashboard": lambda: sections.cached_dashboard(product, folder),
            "cached_tile": lambda: sections.cached_tile(product, folder),
            "unchanged": lambda: sections.unchanged(product),
            "cold_dashboard": lambda: sections.cold_dashboard(product),
            "select_1": lambda: sections.select_1(product),
            "wide_json": lambda: sections.wide_json(product),
            "downloads": lambda: sections.downloads(product),
            "start": lambda: sections.start(product),
            "memory": lambda: sections.memory(product),
            "install": sections.install,
        }
        found: dict[str, Any] = {"machine": machine()}
        for name, step in steps.items():
            if only is None or name in only:
                say(name)
                found[name] = step()
        return found
    finally:
        product.stop()


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "share": share_of_a_core(),
        "python": platform.python_version(),
        "day": dt.datetime.now(dt.UTC).date().isoformat(),
    }


def share_of_a_core() -> float:
    """Return which part of one core a busy loop gets now: 1.0 on a machine with nothing else to do."""
    wall, cpu = time.perf_counter(), time.process_time()
    while time.process_time() - cpu < 0.5:
        pass
    return round(0.5 / (time.perf_counter() - wall), 2)


def say(what: str) -> None:
    print(f"bench: {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
