"""What is measured, section by section. Each returns plain numbers; ratios are made in `report`."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from bench.client import Load, Target, load
from bench.processes import Process, Tree, ask, python, wait_for
from bench.product import Product
from bench.shop import MILLION, WIDE

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
SECONDS = 3.0
VIEWERS = (1, 8, 32)


def serving(target: Target, tree: Tree, viewers: int) -> dict[str, float]:
    """Return throughput, latency, and CPU of the server for one request."""
    before = tree.cpu_seconds()
    seen: Load = load(target, viewers=viewers, seconds=SECONDS)
    cpu = tree.cpu_seconds() - before
    return {
        "per_second": round(seen.per_second),
        "p50_ms": round(seen.percentile_ms(50), 3),
        "p95_ms": round(seen.percentile_ms(95), 3),
        "cpu_ms": round(1000 * cpu / seen.requests, 4),
        "bytes": seen.body_bytes,
    }


def beside_raw(product: Product, folder: Path, path: str) -> dict[str, Any]:
    """Return a cached answer and bare ASGI with the same bytes, in turns: both meet the same machine."""
    body = product.get(path)
    file = folder / "body.json"
    file.write_bytes(body)
    raw = Process(python("bench.raw", str(file)))
    try:
        wait_for(raw.port, "/")
        found: dict[str, Any] = {}
        for viewers in VIEWERS:
            rounds = [
                (
                    serving(product.target(path), product.running.tree, viewers),
                    serving(Target(raw.port, "/", product.headers), raw.tree, viewers),
                )
                for _ in range(ROUNDS)
            ]
            found[str(viewers)] = {
                "tesela": middle([ours for ours, _ in rounds]),
                "raw": middle([floor for _, floor in rounds]),
                "throughput_of_raw": round(
                    statistics.median(ours["per_second"] / floor["per_second"] for ours, floor in rounds), 3
                ),
                "cpu_of_raw": round(
                    statistics.median(ours["cpu_ms"] / floor["cpu_ms"] for ours, floor in rounds), 2
                ),
            }
        return found
    finally:
        raw.stop()


def middle(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def cached_dashboard(product: Product, folder: Path) -> dict[str, Any]:
    return beside_raw(product, folder, product.data_path)


def cached_tile(product: Product, folder: Path) -> dict[str, Any]:
    return beside_raw(product, folder, product.tile_path)


def unchanged(product: Product) -> dict[str, float]:
    """Return what a 304 costs."""
    etag = etag_of(product.target(product.data_path))
    target = product.target(product.data_path, **{"If-None-Match": etag})
    return serving(
        Target(target.port, target.path, target.headers, status=304), product.running.tree, viewers=8
    )


def etag_of(target: Target) -> str:
    request = urllib.request.Request(f"http://127.0.0.1:{target.port}{target.path}", headers=target.headers)
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["ETag"])


def repeated(work: Callable[[], object], tree: Tree, runs: int) -> dict[str, float]:
    """Return medians of wall, and the mean of the server's CPU, in milliseconds."""
    walls = []
    before = tree.cpu_seconds()
    for _ in range(runs):
        started = time.perf_counter()
        work()
        walls.append((time.perf_counter() - started) * 1000)
    cpu = (tree.cpu_seconds() - before) * 1000 / runs
    return {"wall_ms": round(statistics.median(walls), 2), "cpu_ms": round(cpu, 2)}


def cold_dashboard(product: Product) -> dict[str, float]:
    return repeated(lambda: product.get(f"{product.data_path}?refresh=true"), product.running.tree, 6)


def select_1(product: Product) -> dict[str, float]:
    """Return an ad-hoc query that no cache answers, over a kept connection."""
    seen = load(
        Target(
            product.running.port, product.query_path, product.headers, "POST", b'{"sql":"SELECT 1 AS one"}'
        ),
        viewers=1,
        seconds=SECONDS,
    )
    return {"wall_ms": round(seen.percentile_ms(50), 2), "p95_ms": round(seen.percentile_ms(95), 2)}


def wide_json(product: Product) -> dict[str, float]:
    """Return 100,000 rows of 8 columns as JSON, uncached."""
    body = {"sql": WIDE, "max_rows": 100_000}
    found = repeated(lambda: product.post_bytes(product.query_path, body), product.running.tree, 5)
    return {**found, "bytes": len(product.post_bytes(product.query_path, body))}


def downloads(product: Product) -> dict[str, dict[str, float]]:
    """Return what files cost, in time and in memory of the server process: 100,000 and a million rows."""
    dashboard = product.post("/api/dashboards/", {"name": "Downloads"})["id"]
    found = {}
    for name, sql, kind, runs in (
        ("csv", MILLION, "csv", 3),
        ("xlsx_100k", WIDE, "xlsx", 3),
        ("xlsx", MILLION, "xlsx", 1),
    ):
        fields = {"title": name, "tile_type": "table", "datasource_id": product.datasource_id, "query": sql}
        tile = product.post(f"/api/dashboards/{dashboard}/tiles", fields)["id"]
        path = f"/api/dashboards/{dashboard}/tiles/{tile}/export"
        tree = product.running.tree
        before = tree.peak_mib()
        found[name] = repeated(lambda: product.download(path, {"format": kind}), tree, runs)  # noqa: B023
        found[name]["added_mib"] = round(tree.peak_mib() - before, 1)
    return found


def start(product: Product, runs: int = 5) -> dict[str, float]:
    """Return seconds from the command to a listening server, to a ready one, and to the first drawn tile."""
    listening, ready, first, cpu = [], [], [], []
    tile = product.tile_path
    for _ in range(runs):
        product.stop()
        process = product.start()
        ready.append(time.perf_counter() - process.started_at)
        cpu.append(process.tree.cpu_seconds())
        listening.append(process.listening_s)
        product.get(tile)
        first.append(time.perf_counter() - process.started_at)
    return {
        "listening_s": round(statistics.median(listening), 2),
        "ready_s": round(statistics.median(ready), 2),
        "first_tile_s": round(statistics.median(first), 2),
        "cpu_s": round(statistics.median(cpu), 2),
    }


def memory(product: Product) -> dict[str, dict[str, float]]:
    """Return MiB of all processes: started and idle, and after the first dashboard."""
    product.stop()
    process = product.start()
    time.sleep(1.5)
    idle = process.tree.memory_mib()
    product.get(product.data_path)
    time.sleep(1.5)
    return {"idle": idle, "after_first_dashboard": process.tree.memory_mib()}


def install() -> dict[str, float]:
    """Return how many packages the base needs, and their size with ours and the web app."""
    lock = (ROOT / "requirements" / "base.lock").read_text()
    names = [line.split("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")]
    sizes = {name: size_of(name) for name in names}
    own = sum(path.stat().st_size for path in (ROOT / "src" / "tesela").rglob("*") if path.is_file())
    present = {name: size for name, size in sizes.items() if size}
    largest = sorted(present, key=present.__getitem__, reverse=True)[:5]
    return {
        "mib": round((sum(present.values()) + own) / 2**20),
        "packages": len(present) + 1,
        **{f"{name}_mib": round(present[name] / 2**20) for name in largest},
    }


def clone(folder: Path) -> dict[str, float]:
    """Return seconds from a fresh clone to a dashboard's data, and those of the second start. Needs the network."""
    place = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(place)], check=True)
    return {
        "first_s": until_data(place),
        "second_s": until_data(place),
        "venv_mib": round(size_of_folder(place / ".venv") / 2**20),
        "web_app_mib": round(size_of_folder(place / "src" / "tesela" / "web_dist") / 2**20, 1),
    }


def until_data(place: Path) -> float:
    """Return seconds from `make run` until the first demo dashboard has answered with all its tiles."""
    words = ["make", "--silent", "-C", str(place), "run"]
    process = Process(words, {"TESELA_PORT": "0"}, pattern=r"Tesela is at http://[^\s/]+:(\d+)", group=True)
    try:
        tesela = str(place / ".venv" / "bin" / "tesela")
        data = ["--data", str(place / "tesela-data")]
        key = output(tesela, "token", "create", "--user", "admin@localhost", *data)
        headers = {"Authorization": f"Bearer {key}"}
        listed = json.loads(ask(process.port, "/api/dashboards/", headers))
        ask(process.port, f"/api/dashboards/{listed[0]['id']}/data", headers)
        return round(time.perf_counter() - process.started_at, 1)
    finally:
        process.stop()


def output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def size_of_folder(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def size_of(name: str) -> int:
    """Return the bytes of a distribution, byte code left out; 0 when this platform has no use for it."""
    try:
        files = distribution(name).files or []
    except PackageNotFoundError:
        return 0
    paths = (Path(str(file.locate())) for file in files if file.suffix != ".pyc")
    return sum(path.stat().st_size for path in paths if path.is_file())


def floors(product: Product) -> dict[str, dict[str, float]]:
    words = python("bench.floors", str(product.file))
    ended = subprocess.run(words, check=True, capture_output=True, text=True)
    found: dict[str, dict[str, float]] = json.loads(ended.stdout)
    return found
