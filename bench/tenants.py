"""Two tenants with the same names, the same SQL and the same filters under load: is any answer somebody else's?

`python -m bench.tenants --answers 100000` starts a server of its own, asks as four people (an admin of each tenant,
and a viewer of each whom a row policy binds), compares every answer with what was worked out beside the server, and
prints how many there were, how fast, and how many were wrong.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvloop

from bench.product import TESELA, Product

REGIONS = ("East", "North", "South", "West")
SHOPS = 40
SQL = "SELECT region, owner, sum(amount) AS amount FROM sales GROUP BY region, owner ORDER BY region, owner"
TENANTS = ("red", "blue")
BOUND_TO = ("East", "South")
"""The regions that the policy leaves to the viewers; the admins see all."""
CACHE_SECONDS = 1
"""Short, so that answers come from queries as well as from memory."""


@dataclass(frozen=True)
class Asking:
    """Somebody, what they may see as (region, owner, amount), and where. The paths differ in ids only."""

    name: str
    key: str
    rows: tuple[tuple[str, str, int], ...]
    dashboard_id: str
    tile_id: str
    datasource_id: str


@dataclass
class Found:
    """What a run showed. wrong: the first answers that were not those of who asked."""

    answers: int = 0
    seconds: float = 0.0
    by_person: Counter[str] = field(default_factory=Counter)
    by_way: Counter[str] = field(default_factory=Counter)
    by_cache: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def sentence(self) -> str:
        kept = ", ".join(f"{count:,} {how}" for how, count in self.by_cache.most_common())
        rate = self.answers / self.seconds
        return f"{self.answers:,} answers in {self.seconds:.0f} s ({rate:,.0f}/s; {kept}), {len(self.wrong)} wrong"


def rows_of(tenant: str) -> list[tuple[str, str, int]]:
    """Return a tenant's sums by region and shop: no amount of one tenant is there in the other."""
    base = 1_000_003 if tenant == TENANTS[0] else 2_000_006
    return [
        (region, f"{tenant} shop {shop:02d}", base + 1_000 * shop + place)
        for place, region in enumerate(REGIONS)
        for shop in range(SHOPS)
    ]


class Site:
    """A running server with both tenants on it."""

    def __init__(self, folder: Path) -> None:
        self.product, self.folder = Product(folder), folder

    def people(self) -> list[Asking]:
        """Start the server, fill it, and return who asks."""
        self.product.start()
        return [one for tenant in TENANTS for one in self._fill(tenant)]

    def stop(self) -> None:
        self.product.stop()

    def _tesela(self, *words: str) -> str:
        command = [TESELA, *words, "--data", str(self.product.data)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _key(self, tenant: str, email: str, role: str) -> str:
        self._tesela("user", "add", email, "--role", role, "--tenant", tenant)
        return self._tesela("token", "create", "--user", email, "--tenant", tenant)

    def _fill(self, tenant: str) -> list[Asking]:
        """Make the tenant's table, dashboard and policy, all under the names that the other one has too."""
        product, rows = self.product, rows_of(tenant)
        admin = self._key(tenant, "ana@example.org", "admin")
        viewer = self._key(tenant, "ben@example.org", "viewer")
        product.headers = {"Authorization": f"Bearer {admin}"}
        file = self.folder / "sales.csv"
        file.write_text("region,owner,amount\n" + "".join(f"{r},{o},{a}\n" for r, o, a in rows))
        source = product.upload(file, {"table": "sales", "name": "Shop"})["datasource_id"]
        dashboard = product.post("/api/v1/bi/dashboards", {"name": "Sales", "visibility": "tenant"})["id"][5:]
        tile = {
            "title": "Sales",
            "tile_type": "table",
            "datasource_id": source,
            "query": SQL,
            "cache_ttl_seconds": CACHE_SECONDS,
        }
        made = product.post(f"/api/dashboards/{dashboard}/tiles", tile)["id"]
        filters = [
            {"name": "region", "field": "region", "type": "multi_select"},
            {"name": "owner", "field": "owner"},
        ]
        product.send("PUT", f"/api/dashboards/{dashboard}", {"filters": filters})
        policy = {"datasource_id": source, "name": "Own regions", "table": "sales", "roles": ["viewer"]}
        product.post("/api/policies", {**policy, "predicate": "region IN (${user.regions})"})
        for user in json.loads(product.get("/api/users")):
            if user["role"] == "viewer":
                product.send("PUT", f"/api/users/{user['id']}", {"attributes": {"regions": list(BOUND_TO)}})
        allowed = tuple(row for row in rows if row[0] in BOUND_TO)
        return [
            Asking(f"{tenant} admin", admin, tuple(rows), dashboard, made, source),
            Asking(f"{tenant} viewer", viewer, allowed, dashboard, made, source),
        ]


def compare(
    port: int, people: Sequence[Asking], *, answers: int, connections: int = 16, seed: int = 1
) -> Found:
    """Return what came of so many questions, asked over so many connections by everybody in turn."""
    found = Found()
    left = iter(range(answers))

    async def ask(number: int) -> None:
        chance = random.Random(seed * 1_000 + number)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        for count in left:
            one = people[count % len(people)]
            way, regions = chance.choice(WAYS), _some(chance)
            writer.write(_request(one, way, regions))
            status, body = await _answer(reader)
            found.answers += 1
            found.by_person[one.name] += 1
            found.by_way[way] += 1
            _check(found, one, way, regions, status, body)
        writer.close()
        await writer.wait_closed()

    async def run() -> None:
        await asyncio.gather(*(ask(number) for number in range(connections)))

    started = time.perf_counter()
    uvloop.run(run())
    found.seconds = time.perf_counter() - started
    return found


WAYS = ("dashboard", "tile", "state", "state", "stream", "bi")


def _some(chance: random.Random) -> tuple[str, ...]:
    """Return a choice of regions, as few as the same ones often."""
    return tuple(sorted(chance.sample(REGIONS, chance.randint(1, 3))))


def _request(one: Asking, way: str, regions: Sequence[str]) -> bytes:
    path, body = f"/api/dashboards/{one.dashboard_id}", b""
    match way:
        case "dashboard":
            path += "/data"
        case "tile":
            path += f"/tiles/{one.tile_id}/data"
        case "bi":
            path = f"/api/v1/bi/dashboards/{one.dashboard_id}/data"
        case _:
            path += "/data/stream" if way == "stream" else "/data"
            body = json.dumps({"filter_values": {"region": list(regions)}}).encode()
    lines = [
        f"{'POST' if body else 'GET'} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {one.key}",
        *(["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Return status and body of one answer, whole or in chunks."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"transfer-encoding: chunked" in head:
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readline()
        return status, b"".join(parts)
    place = head.index(b"content-length:") + 15
    return status, await reader.readexactly(int(head[place : head.index(b"\r\n", place)]))


def _check(found: Found, one: Asking, way: str, regions: Sequence[str], status: int, body: bytes) -> None:
    """Compare an answer with what its asker may see."""
    wanted = [row for row in one.rows if way not in ("state", "stream") or row[0] in regions]
    tile: Mapping[str, Any] = {}
    if status == 200:
        text = body.split(b"\n", 1)[0] if way == "stream" else body
        tile = json.loads(text)
        if way not in ("tile", "stream"):
            tile = tile["tiles"][0] if "tiles" in tile else tile["widgets"][0]
    given = (tile.get("data") or {}).get("rows") or []
    found.by_cache[str(tile.get("cache", "failed"))] += 1
    if status != 200 or [(row["region"], row["owner"], row["amount"]) for row in given] != wanted:
        found.wrong.append(f"{one.name}, {way}, {regions}: {status} {body[:300]!r}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.tenants", description=__doc__)
    parser.add_argument("--answers", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tesela-tenants-") as name:
        site = Site(Path(name))
        try:
            people = site.people()
            port = site.product.running.port
            found = compare(port, people, answers=asked.answers, connections=asked.connections)
        finally:
            site.stop()
    print(found.sentence())
    for who, count in sorted(found.by_person.items()):
        print(f"  {who}: {count:,}")
    for line in found.wrong[:10]:
        print(f"  wrong: {line}")
    sys.exit(1 if found.wrong else 0)


if __name__ == "__main__":
    main()
