"""/api/dashboards/{id}/data: the way of a query, seen from outside."""

from __future__ import annotations

import gzip
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from live import Person

SLOW = "SELECT count(*) AS n FROM range(100000000000) AS r(i) WHERE i % 7 = {marker}"


@pytest.fixture
def dashboard(owner: Person, sales: str) -> dict[str, str]:
    made = owner.new_dashboard(name="Data")
    tiles = {
        "chart": {
            "tile_type": "chart",
            "chart_type": "bar",
            "query": "SELECT region, SUM(revenue) FROM sales GROUP BY 1 ORDER BY 2 DESC",
        },
        "kpi": {"tile_type": "kpi", "query": "SELECT SUM(revenue) AS total FROM sales"},
        "broken": {"tile_type": "table", "query": "SELECT nothing FROM sales"},
    }
    found = {"id": made["id"], "url": f"/api/dashboards/{made['id']}"}
    for name, fields in tiles.items():
        own = {**fields, "query": f"{fields['query']} -- {made['id']}"}  # so that no other test has run it
        found[name] = owner.new_tile(made["id"], title=name, datasource_id=sales, **own)["id"]
    found["text"] = owner.new_tile(made["id"], title="text", tile_type="text", content="hi")["id"]
    return found


def by_title(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {tile["title"]: tile for tile in answer.json()["tiles"]}


class TestDashboardData:
    def test_each_tile_has_its_rows_or_its_own_error(self, owner: Person, dashboard: dict[str, str]) -> None:
        tiles = by_title(owner.get(f"{dashboard['url']}/data"))

        assert tiles["chart"]["data"] == {
            "columns": ["region", "revenue"],
            "rows": [
                {"region": "North", "revenue": 31500},
                {"region": "South", "revenue": 25200},
                {"region": "Löwen & Cía <b>", "revenue": 210},
            ],
        }
        assert tiles["chart"]["types"] == {"region": "text", "revenue": "int"}
        assert tiles["kpi"]["data"]["rows"] == [{"total": 56910}]
        assert tiles["broken"]["data"] is None
        assert tiles["broken"]["error_code"] == "query_failed"
        assert "nothing" in tiles["broken"]["error"]
        assert (tiles["text"]["data"], tiles["text"]["error"]) == (None, None)

    def test_the_second_answer_comes_from_memory_with_the_same_tag(
        self, owner: Person, dashboard: dict[str, str]
    ) -> None:
        url = f"{dashboard['url']}/tiles/{dashboard['chart']}/data"

        first, second = owner.get(url), owner.get(url)
        third = owner.get(url, headers={"If-None-Match": first.headers["ETag"]})

        assert [first.json()["cache"], second.json()["cache"]] == ["fresh", "cached"]
        assert first.json()["data"] == second.json()["data"]
        assert first.headers["ETag"] == second.headers["ETag"]
        assert (third.status_code, third.content) == (304, b"")

    def test_refresh_asks_the_database_again(self, owner: Person, dashboard: dict[str, str]) -> None:
        url = f"{dashboard['url']}/tiles/{dashboard['chart']}/data"
        first = owner.get(url).json()

        forced = owner.get(url, params={"refresh": True}).json()

        assert forced["cache"] == "fresh"
        assert forced["executed_at"] > first["executed_at"]

    def test_an_edited_tile_is_never_answered_with_old_rows(
        self, owner: Person, dashboard: dict[str, str]
    ) -> None:
        url = f"{dashboard['url']}/tiles/{dashboard['kpi']}"
        owner.get(f"{url}/data")
        owner.put(url, json={"query": "SELECT 1 AS total"})

        assert owner.get(f"{url}/data").json()["data"]["rows"] == [{"total": 1}]

    def test_new_data_are_seen_at_once(self, owner: Person) -> None:
        source = owner.upload("fresh.csv", b"a\n1\n", name=f"fresh {time.monotonic()}")
        made = owner.new_dashboard()
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="table",
            datasource_id=source["datasource_id"],
            query="SELECT sum(a) AS a FROM fresh",
        )
        url = f"/api/dashboards/{made['id']}/tiles/{tile['id']}/data"
        owner.get(url)
        owner.get(url)

        owner.upload("fresh.csv", b"a\n41\n1\n", datasource_id=source["datasource_id"], table="fresh")

        assert owner.get(url).json()["data"]["rows"] == [{"a": 42}]

    def test_one_page_or_named_tiles(self, owner: Person, dashboard: dict[str, str], sales: str) -> None:
        page = owner.post(f"{dashboard['url']}/pages", json={"name": "Two"}).json()["id"]
        owner.new_tile(
            dashboard["id"],
            title="there",
            tile_type="kpi",
            datasource_id=sales,
            query="SELECT 1",
            page_id=page,
        )

        on_page = by_title(owner.get(f"{dashboard['url']}/data", params={"page_id": page}))
        named = by_title(
            owner.post(f"{dashboard['url']}/data", json={"tile_ids": [dashboard["kpi"], dashboard["text"]]})
        )

        assert list(on_page) == ["there"]
        assert sorted(named) == ["kpi", "text"]

    @pytest.mark.parametrize(
        "body",
        [
            {"tile_ids": ["nope"]},
            {"page_id": "nope"},
            {"tile_ids": "x"},
            {"refresh": "yes"},
            {"filter_values": []},
            {"cross_filters": {}},
        ],
    )
    def test_bad_input_names_the_field(
        self, owner: Person, dashboard: dict[str, str], body: dict[str, Any]
    ) -> None:
        answer = owner.post(f"{dashboard['url']}/data", json=body)

        assert answer.status_code == 400
        assert next(iter(body)) in answer.json()["detail"]

    def test_a_compressed_answer_is_the_same_answer(self, owner: Person, sales: str) -> None:
        made = owner.new_dashboard()
        owner.new_tile(
            made["id"],
            title="T",
            tile_type="table",
            datasource_id=sales,
            query="SELECT i AS number FROM range(2000) AS r(i)",
        )
        url = f"/api/dashboards/{made['id']}/data"
        owner.get(url)

        plain = owner.get(url, headers={"Accept-Encoding": "identity"})
        with owner.client.stream("GET", url, headers={"Accept-Encoding": "gzip"}) as compressed:
            raw = b"".join(compressed.iter_raw())

        assert compressed.headers["Content-Encoding"] == "gzip"
        assert json.loads(gzip.decompress(raw)) == plain.json()
        assert len(raw) < len(plain.content) / 3

    def test_rows_past_the_limit_are_cut_and_said(self, owner: Person, sales: str) -> None:
        made = owner.new_dashboard()
        owner.new_tile(
            made["id"],
            title="T",
            tile_type="table",
            datasource_id=sales,
            query="SELECT i FROM range(10001) AS r(i)",
        )

        tile = by_title(owner.get(f"/api/dashboards/{made['id']}/data"))["T"]

        assert (tile["row_count"], len(tile["data"]["rows"]), tile["truncated"]) == (10_000, 10_000, True)


class TestStream:
    def test_each_tile_is_a_line_and_the_last_says_done(
        self, owner: Person, dashboard: dict[str, str]
    ) -> None:
        answer = owner.post(f"{dashboard['url']}/data/stream", json={})

        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        assert sorted(line["title"] for line in lines[:-1]) == ["broken", "chart", "kpi", "text"]
        assert (lines[-1]["done"], lines[-1]["tiles"]) == (True, 4)

    def test_a_slow_tile_does_not_hold_back_the_others(self, owner: Person, sales: str) -> None:
        made = owner.new_dashboard()
        add = {"tile_type": "kpi", "datasource_id": sales}
        owner.new_tile(made["id"], title="slow", query=SLOW.format(marker=1), **add)
        owner.new_tile(made["id"], title="quick", query="SELECT 1", **add)

        with owner.client.stream("POST", f"/api/dashboards/{made['id']}/data/stream", json={}) as answer:
            first = json.loads(next(answer.iter_lines()))

        assert first["title"] == "quick"


class TestCancel:
    def running(self, owner: Person) -> int:
        text = owner.get("/metrics").text
        found = [line for line in text.splitlines() if line.startswith("tesela_queries_running ")]
        return int(float(found[0].split()[1]))

    def wait_for(self, owner: Person, count: int, seconds: float = 10) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.running(owner) == count:
                return True
            time.sleep(0.05)
        return False

    def slow_dashboard(self, owner: Person, sales: str, marker: int) -> str:
        made = owner.new_dashboard()
        owner.new_tile(
            made["id"], title="slow", tile_type="kpi", datasource_id=sales, query=SLOW.format(marker=marker)
        )
        return f"/api/dashboards/{made['id']}"

    def test_a_client_that_leaves_stops_its_query(self, owner: Person, sales: str) -> None:
        url = self.slow_dashboard(owner, sales, 2)

        with pytest.raises(httpx.ReadTimeout):
            owner.get(f"{url}/data", timeout=0.5)

        assert self.wait_for(owner, 0)

    def test_a_newer_request_of_the_view_replaces_the_older(self, owner: Person, sales: str) -> None:
        url = self.slow_dashboard(owner, sales, 3)
        view = {"X-Tesela-View": "tab-1"}
        with ThreadPoolExecutor(2) as pool:
            older = pool.submit(lambda: owner.get(f"{url}/data", headers=view))
            assert self.wait_for(owner, 1)
            newer = pool.submit(lambda: owner.post(f"{url}/data", json={"tile_ids": []}, headers=view))
            assert newer.result().status_code == 200
            assert (older.result().status_code, older.result().json()["error_code"]) == (
                409,
                "query_cancelled",
            )

        assert self.wait_for(owner, 0)

    def test_many_viewers_of_a_cold_tile_run_one_query(self, owner: Person, sales: str) -> None:
        made = owner.new_dashboard()
        owner.new_tile(
            made["id"],
            title="T",
            tile_type="kpi",
            datasource_id=sales,
            query="SELECT count(*) AS n FROM range(30000000) AS r(i) WHERE i % 3 = 1",
        )
        started = threading.Barrier(20)

        def look() -> Any:
            started.wait()
            return owner.get(f"/api/dashboards/{made['id']}/data").json()["tiles"][0]

        with ThreadPoolExecutor(20) as pool:
            tiles = [one.result() for one in [pool.submit(look) for _ in range(20)]]

        assert {tile["executed_at"] for tile in tiles} == {tiles[0]["executed_at"]}
        assert {tile["data"]["rows"][0]["n"] for tile in tiles} == {10_000_000}


class TestPreview:
    def test_an_unsaved_tile_runs_for_its_author(
        self, owner: Person, dashboard: dict[str, str], sales: str
    ) -> None:
        body = {"tile_type": "kpi", "datasource_id": sales, "query": "SELECT count(*) FROM sales"}

        answer = owner.post(f"{dashboard['url']}/tiles/preview", json=body)

        assert answer.status_code == 200
        assert answer.json()["row_count"] == 1
        assert owner.get(dashboard["url"]).json()["tile_count"] == 4

    def test_refused_sql_is_the_tiles_error_at_its_line(
        self, owner: Person, dashboard: dict[str, str], sales: str
    ) -> None:
        body = {
            "tile_type": "kpi",
            "datasource_id": sales,
            "query": "SELECT region,\n  wrong_column\nFROM sales",
        }

        tile = owner.post(f"{dashboard['url']}/tiles/preview", json=body).json()

        assert tile["error_code"] == "query_failed"
        assert tile["error_line"] == 2

    def test_a_stranger_may_not_use_the_datasource(self, stranger: Person, sales: str) -> None:
        own = stranger.new_dashboard()["id"]
        body = {"tile_type": "kpi", "datasource_id": sales, "query": "SELECT 1"}

        assert stranger.post(f"/api/dashboards/{own}/tiles/preview", json=body).status_code == 400
