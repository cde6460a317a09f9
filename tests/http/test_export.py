"""Downloads: a tile as CSV or XLSX, a dashboard as a workbook, whoever asks and however it ends."""

from __future__ import annotations

import asyncio
import csv
import datetime as dt
import io
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import pytest

from live import Person, Server, anonymous, running
from tesela.app import open_our_store
from tesela.settings import Settings
from tesela.store.grants import Grant

ORDERS = """country,day,amount,note
ES,2026-01-05,10,=1+1
ES,2026-02-05,20,"say ""hi"", please"
FR,2026-03-31,40,plain
"""
QUERY = "SELECT country, day, amount, note FROM orders ORDER BY day"
TYPES = """
SELECT 1 AS n, 9007199254740993 AS big, 1.50::DECIMAL(9,2) AS price, 0.25 AS share, true AS yes, 'a' AS text,
  DATE '2026-01-31' AS day, TIMESTAMP '2026-01-31 12:34:56' AS at, TIMESTAMPTZ '2026-01-31 12:34:56+00' AS moment,
  TIME '12:00:00' AS hour, [1, 2] AS list, '\\xDE'::BLOB AS bytes, NULL AS nothing
UNION ALL SELECT 2, 1, 2.25, 'nan'::DOUBLE, false, '=1+1', NULL, NULL, NULL, NULL, NULL, NULL, NULL
"""


@pytest.fixture(scope="module")
def orders(owner: Person) -> str:
    found: str = owner.upload("orders.csv", ORDERS.encode(), name="Orders to export")["datasource_id"]
    return found


@pytest.fixture(scope="module")
def shown(owner: Person, orders: str) -> dict[str, str]:
    filters = [
        {"name": "period", "label": "Period", "field": "day", "type": "date_range"},
        {"name": "nowhere", "field": "colour", "type": "select"},
    ]
    made = owner.new_dashboard(name="Año / orders", description="All of them", filters=filters)
    drilled = (
        "SELECT ${drill.field} AS name, sum(amount) AS total FROM orders WHERE 1=1 ${drill.where} GROUP BY 1"
    )
    levels = [{"id_column": "country"}, {"id_column": "note"}]
    tiles: dict[str, dict[str, Any]] = {
        "table": {"query": QUERY, "chart_config": {"cross_filter_enabled": True}},
        "types": {"query": TYPES},
        "by_country": {
            "tile_type": "chart",
            "chart_type": "bar",
            "query": "SELECT country, sum(amount) AS total FROM orders GROUP BY 1 ORDER BY 1",
            "chart_config": {"xField": "country", "yField": "total", "cross_filter_enabled": True},
        },
        "drilled": {
            "tile_type": "chart",
            "chart_type": "bar",
            "query": drilled,
            "chart_config": {"xField": "name", "drill_levels": levels},
        },
        "broken": {"query": "SELECT nothing\nFROM orders"},
        "text": {"tile_type": "text", "content": "# Hello\n=1+1"},
    }
    found = {"id": made["id"], "url": f"/api/dashboards/{made['id']}"}
    for title, fields in tiles.items():
        common = {"tile_type": "table", "title": title, "datasource_id": orders}
        found[title] = owner.new_tile(made["id"], **(common | fields))["id"]
    return found


def export(who: httpx.Client | Person, shown: dict[str, str], tile: str, **body: Any) -> httpx.Response:
    answer: httpx.Response = who.post(f"{shown['url']}/tiles/{shown[tile]}/export", json=body)
    return answer


def records(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def workbook(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


class TestCsv:
    def test_every_row_comes_as_the_rules_say(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "table", format="csv")

        assert answer.content.decode() == (
            "country,day,amount,note\r\n"
            'ES,2026-01-05,10,"\'=1+1"\r\n'
            'ES,2026-02-05,20,"say ""hi"", please"\r\n'
            "FR,2026-03-31,40,plain\r\n"
        )

    def test_it_is_a_file_that_no_browser_opens(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "table", format="csv")

        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"] == (
            "attachment; filename=\"table.csv\"; filename*=UTF-8''table.csv"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Length"] == str(len(answer.content))
        assert "X-Tesela-Truncated" not in answer.headers

    def test_csv_is_the_format_without_a_word_and_may_begin_with_a_mark(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        assert export(owner, shown, "table", bom=True).content.startswith(b"\xef\xbb\xbfcountry,")

    def test_it_equals_the_tiles_own_rows(self, owner: Person, shown: dict[str, str]) -> None:
        tile = owner.get(f"{shown['url']}/tiles/{shown['by_country']}/data").json()

        names, *rows = records(export(owner, shown, "by_country", format="csv"))

        assert names == tile["data"]["columns"]
        assert rows == [[str(value) for value in row.values()] for row in tile["data"]["rows"]]

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("Año / Ünïcode ☃", 'filename="Ano - Unicode.csv"'),
            ("../../etc/passwd", 'filename="etc-passwd.csv"'),
            ('a"; filename="b.exe', 'filename="a-_ filename=-b.exe.csv"'),
            ("x" * 200, f'filename="{"x" * 96}.csv"'),
            ("CON", 'filename="_CON.csv"'),
            ("☃", 'filename="export.csv"'),
        ],
    )
    def test_its_name_is_safe_whatever_the_title(
        self, owner: Person, orders: str, title: str, name: str
    ) -> None:
        made = owner.new_dashboard()
        tile = owner.new_tile(
            made["id"], title=title, tile_type="table", datasource_id=orders, query="SELECT 1 AS a"
        )

        answer = owner.post(f"/api/dashboards/{made['id']}/tiles/{tile['id']}/export", json={})

        said = answer.headers["Content-Disposition"]
        assert said.isascii()
        assert said.startswith(f"attachment; {name}; filename*=UTF-8''")
        real = unquote(said.rpartition("''")[2])
        assert len(real) <= 100
        assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', real)


class TestXlsx:
    def test_types_are_kept_and_texts_are_texts(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "types", format="xlsx")

        (sheet,) = workbook(answer).worksheets
        names, first, second = values(sheet)
        assert sheet.title == "types"
        assert names[:3] == ["n", "big", "price"]
        assert first == [
            1,
            "9007199254740993",
            1.5,
            0.25,
            True,
            "a",
            dt.datetime.fromisoformat("2026-01-31"),
            dt.datetime.fromisoformat("2026-01-31T12:34:56"),
            dt.datetime.fromisoformat("2026-01-31T12:34:56"),
            dt.time(12),
            "[1,2]",
            "de",
            None,
        ]
        assert second == [2, 1, 2.25, None, False, "=1+1", *[None] * 7]
        assert [sheet["F3"].data_type, sheet["F3"].quotePrefix] == ["s", True]
        assert sheet["G2"].number_format == "yyyy\\-mm\\-dd"
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == "A1:M3"
        assert sheet["A1"].font.b

    def test_it_is_a_file_of_its_kind(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "types", format="xlsx")

        assert answer.headers["Content-Type"].endswith("spreadsheetml.sheet")
        assert 'filename="types.xlsx"' in answer.headers["Content-Disposition"]
        assert answer.content.startswith(b"PK\x03\x04")

    def test_it_can_be_uploaded_again(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "table", format="xlsx")

        again = owner.upload("again.xlsx", answer.content, name="Orders again")

        assert again["row_count"] == 3
        assert [column["name"] for column in again["columns"]] == ["country", "day", "amount", "note"]


class TestState:
    def test_filters_narrow_the_export(self, owner: Person, shown: dict[str, str]) -> None:
        chosen = {"period": {"start": "2026-02-01", "end": "2026-02-28"}}

        rows = records(export(owner, shown, "table", format="csv", filter_values=chosen))[1:]

        assert [row[1] for row in rows] == ["2026-02-05"]

    def test_cross_filters_narrow_the_export(self, owner: Person, shown: dict[str, str]) -> None:
        click = {
            "source_tile_id": shown["by_country"],
            "column": "country",
            "operator": "in",
            "values": ["FR"],
        }

        rows = records(export(owner, shown, "table", format="csv", cross_filters=[click]))[1:]

        assert [row[0] for row in rows] == ["FR"]

    def test_a_drilled_tile_is_exported_where_it_stands(self, owner: Person, shown: dict[str, str]) -> None:
        path = [{"field": "country", "value": "FR"}]

        assert records(export(owner, shown, "drilled", format="csv", drill_path=path)) == [
            ["name", "total"],
            ["plain", "40"],
        ]

    def test_filters_that_do_not_narrow_are_said(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "table", format="csv", filter_values={"nowhere": "red", "whát": 1})
        sheet = export(owner, shown, "table", format="xlsx", filter_values={"nowhere": "red"})

        assert answer.headers["X-Tesela-Filters-Ignored"] == "wh%C3%A1t, nowhere"
        assert values(workbook(sheet).active)[-1][0] == "Filters that could not narrow these rows: nowhere."


class TestWhoMay:
    @pytest.mark.parametrize("path", ["/tiles/{table}/export", "/export"])
    def test_only_who_sees_the_dashboard_may_download_it(
        self,
        server: Server,
        owner: Person,
        admin: Person,
        stranger: Person,
        viewer: Person,
        other_tenant: Person,
        shown: dict[str, str],
        path: str,
    ) -> None:
        url = shown["url"] + path.format(**shown)

        statuses = [
            person.post(url, json={"format": "xlsx"}).status_code
            for person in (anonymous(server), stranger, viewer, other_tenant, admin, owner)
        ]

        assert statuses == [401, 404, 404, 404, 200, 200]
        hidden = stranger.post(url, json={"format": "xlsx"}).json()
        assert hidden == {"detail": "Dashboard not found or access denied"}

    def test_view_is_enough_and_no_right_on_the_datasource_is_needed(
        self, server: Server, owner: Person, orders: str
    ) -> None:
        made = owner.new_dashboard()
        tile = owner.new_tile(
            made["id"],
            title="T",
            tile_type="table",
            datasource_id=orders,
            query="SELECT count(*) AS n FROM orders",
        )
        reader = server.person("reader-of-exports@example.org", role="viewer")
        url = f"/api/dashboards/{made['id']}"
        grant = Grant("dashboard", made["id"], "user", reader.id, "view")

        asyncio.run(give(server, grant))

        assert reader.post(f"{url}/tiles/{tile['id']}/export", json={"format": "csv"}).text == "n\r\n3\r\n"
        assert reader.post(f"{url}/export", json={}).status_code == 200


async def give(server: Server, grant: Grant) -> None:
    """Write a grant into the store of a running server, as another of its processes would."""
    store = await open_our_store(Settings(data=server.data))
    await store.write(lambda tx: tx.grants.replace("default", "dashboard", grant.object_id, [grant]))
    await store.close()


class TestRefusals:
    @pytest.mark.parametrize(
        ("tile", "body", "said"),
        [
            ("table", {"format": "pdf"}, "format"),
            ("table", {"format": None}, "format"),
            ("table", {"bom": "yes"}, "bom"),
            ("table", {"filter_values": []}, "filter_values"),
            ("table", {"filter_values": {"period": 1}}, "filter_values.period"),
            ("table", {"cross_filters": [{}]}, "cross_filters.0"),
            ("text", {"format": "csv"}, "text tile"),
            ("broken", {"format": "csv"}, "nothing"),
        ],
    )
    def test_what_cannot_be_exported_is_refused_in_words(
        self, owner: Person, shown: dict[str, str], tile: str, body: dict[str, Any], said: str
    ) -> None:
        answer = export(owner, shown, tile, **body)

        assert answer.status_code == 400
        assert answer.headers["Content-Type"] == "application/json"
        assert said in answer.json()["detail"]

    def test_a_failing_query_says_where(self, owner: Person, shown: dict[str, str]) -> None:
        answer = export(owner, shown, "broken", format="xlsx").json()

        assert (answer["error_code"], answer["line"], answer["column"]) == ("query_failed", 1, 8)

    def test_a_tile_that_is_not_there_is_404(self, owner: Person, shown: dict[str, str]) -> None:
        url = f"{shown['url']}/tiles/00000000-0000-4000-8000-000000000000/export"

        assert owner.post(url, json={"format": "csv"}).status_code == 404

    def test_a_query_that_fails_in_the_middle_of_a_short_file_is_still_refused(
        self, owner: Person, orders: str
    ) -> None:
        made = owner.new_dashboard()
        query = "SELECT CAST(CASE WHEN range = 9000 THEN 'x' ELSE '1' END AS INTEGER) AS v FROM range(20000)"
        tile = owner.new_tile(made["id"], title="T", tile_type="table", datasource_id=orders, query=query)

        answer = owner.post(f"/api/dashboards/{made['id']}/tiles/{tile['id']}/export", json={})

        assert answer.status_code == 400
        assert "Could not convert" in answer.json()["detail"]


class TestWholeDashboard:
    def test_there_is_a_sheet_for_each_tile_after_the_overview(
        self, owner: Person, shown: dict[str, str]
    ) -> None:
        chosen = {"period": {"start": "2026-02-01", "end": "2026-02-28"}, "nowhere": "red"}

        answer = owner.post(f"{shown['url']}/export", json={"format": "xlsx", "filter_values": chosen})

        book = workbook(answer)
        assert 'filename="Ano - orders.xlsx"' in answer.headers["Content-Disposition"]
        assert sorted(book.sheetnames[1:]) == ["broken", "by_country", "drilled", "table", "types"]
        assert values(book["by_country"])[:2] == [["country", "total"], ["ES", 20]]
        overview = values(book["Overview"])
        said = {row[0]: row[1:] for row in overview}
        assert overview[0][0] == "Año / orders"
        assert said["Time zone"][0] == "UTC"
        assert said["Period"][0] == "from 2026-02-01 up to 2026-02-28"
        assert said["nowhere"][0] == "red"
        assert isinstance(said["Exported"][0], dt.datetime)
        assert said["table"][:2] == ["table", 1]
        assert isinstance(said["table"][2], dt.datetime)
        assert said["table"][3] == "Not narrowed by: nowhere."
        assert said["broken"][1] is None
        assert "Failed: " in said["broken"][3]
        assert "nothing" in values(book["broken"])[0][0]
        assert said["text"][0] == "# Hello\n=1+1"

    def test_one_page_may_be_asked_for(self, owner: Person, orders: str) -> None:
        made = owner.new_dashboard()
        url = f"/api/dashboards/{made['id']}"
        page = owner.post(f"{url}/pages", json={"name": "Two"}).json()["id"]
        common = {
            "title": "Same title",
            "tile_type": "kpi",
            "datasource_id": orders,
            "query": "SELECT 1 AS a",
        }
        for page_id in (page, page, None):
            owner.new_tile(made["id"], page_id=page_id, **common)

        book = workbook(owner.post(f"{url}/export", json={"page_id": page}))

        assert book.sheetnames == ["Overview", "Same title", "Same title (2)"]
        assert owner.post(f"{url}/export", json={"page_id": "nope"}).status_code == 400

    def test_an_empty_dashboard_has_its_overview(self, owner: Person) -> None:
        made = owner.new_dashboard(name="=1+1")

        book = workbook(owner.post(f"/api/dashboards/{made['id']}/export", json={}))

        assert book.sheetnames == ["Overview"]
        assert book.active["A1"].data_type == "s"

    def test_only_workbooks_hold_a_whole_dashboard(self, owner: Person, shown: dict[str, str]) -> None:
        answer = owner.post(f"{shown['url']}/export", json={"format": "csv"})

        assert answer.status_code == 400
        assert "format" in answer.json()["detail"]


SMALL = {
    "export_max_rows": "30000",
    "export_timeout_ms": "5000",
    "engine_workers": "1",
    "queue_wait_ms": "300",
    "running_per_user": "1",
}
ENDLESS = "SELECT count(*) AS n FROM range(100000000000) AS r(i) WHERE i % 7 = 3"
SLOW_LATER = """
SELECT repeat('x', CASE WHEN r.i < 8000 THEN 4000 ELSE 0 END) AS x,
  CASE WHEN r.i < 8000 THEN 0 ELSE levenshtein(repeat('a', 2000), repeat('b', 2000 + r.i % 7)) END AS n
FROM range(30000) AS r(i)
"""
"""Enough text at first that the engine lets go of some, then rows that take their time."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with narrow limits."""
    with running(tmp_path_factory.mktemp("small") / "data", **SMALL) as server:
        yield server


@pytest.fixture(scope="module")
def person(small: Server) -> Person:
    return small.person("owner@example.org")


@pytest.fixture(scope="module")
def source(person: Person) -> str:
    found: str = person.upload("a.csv", b"a\n1\n", name="A")["datasource_id"]
    return found


class TestLimits:
    def url(self, person: Person, source: str, query: str) -> str:
        made = person.new_dashboard(name="D")
        tile = person.new_tile(made["id"], title="T", tile_type="table", datasource_id=source, query=query)
        return f"/api/dashboards/{made['id']}/tiles/{tile['id']}/export"

    def test_rows_past_the_limit_are_cut_and_said(self, person: Person, source: str) -> None:
        url = self.url(person, source, "SELECT range AS i FROM range(30001)")

        rows = person.post(url, json={"format": "csv"})
        sheet = person.post(url, json={"format": "xlsx"})

        note = "Not all rows are here: the export ends after 30,000 rows."
        assert rows.headers["X-Tesela-Truncated"] == sheet.headers["X-Tesela-Truncated"] == "true"
        assert records(rows)[-2:] == [["29999"], [note]]
        assert values(workbook(sheet).active)[-2:] == [[29999], [note]]

    def test_a_whole_dashboard_says_which_tile_was_cut(self, person: Person, source: str) -> None:
        url = self.url(person, source, "SELECT range AS i FROM range(30001)").split("/tiles")[0]

        answer = person.post(f"{url}/export", json={})

        (line,) = [row for row in values(workbook(answer)["Overview"]) if row[0] == "T"]
        assert answer.headers["X-Tesela-Truncated"] == "true"
        assert (line[2], line[4]) == (30_000, "Not all rows are here: the export ends after 30,000 rows.")

    def test_a_query_that_takes_too_long_is_504(self, person: Person, source: str) -> None:
        answer = person.post(self.url(person, source, ENDLESS), json={"format": "csv"})

        assert (answer.status_code, answer.json()["error_code"]) == (504, "query_timed_out")

    def test_one_that_takes_too_long_after_its_first_rows_breaks_the_download(
        self, person: Person, source: str
    ) -> None:
        url = self.url(person, source, SLOW_LATER)

        with pytest.raises(httpx.RemoteProtocolError):
            person.post(url, json={"format": "csv"})

        assert person.post(self.url(person, source, "SELECT 1 AS a"), json={}).status_code == 200

    def test_who_has_to_wait_too_long_for_a_turn_is_429(
        self, small: Server, person: Person, source: str
    ) -> None:
        url = self.url(person, source, ENDLESS)
        with small.client(**dict(person.client.headers)) as other:
            with pytest.raises(httpx.ReadTimeout):
                other.post(url, json={}, timeout=0.3)
            first = time.monotonic()
            while (
                free := person.post(self.url(person, source, "SELECT 1 AS a"), json={})
            ).status_code == 429:
                assert time.monotonic() - first < 5
        assert free.status_code == 200

    def test_a_database_that_is_not_there_is_503(self, person: Person, small: Server, tmp_path: Path) -> None:
        admin = small.admin()
        where = tmp_path / "gone.sqlite"
        made = admin.post(
            "/api/datasources", json={"name": "Gone", "type": "sqlite", "config": {"path": str(where)}}
        ).json()

        answer = admin.post(self.url(admin, made["id"], "SELECT 1 AS a"), json={"format": "csv"})

        assert (answer.status_code, answer.json()["error_code"]) == (503, "source_unavailable")
        assert "gone" not in answer.text
