"""The example page of docs/embedding.md on another origin, with Tesela in its frame: in Chromium."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, expect

from live import Person, Server, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EXAMPLE = Path(__file__).parent.parent.parent / "docs" / "embedding.md"
SECRET = "0123456789abcdef-not-well-known-0123456789"
SALES = b"region,amount\nNorth,10\nNorth,5\nSouth,32\n"


class Site:
    """A product with a page of its own, on an origin of its own. given: the tokens it handed out."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.seconds = 300.0
        self.locks: dict[str, Any] = {"region": "North"}
        self.secret = SECRET
        self.given: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = site.token() if self.path == "/token-for-tesela" else site.pages.get(self.path)
                self.send_response(404 if page is None else 200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write((page or "").encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://localhost:{self.server.server_port}"

    def token(self) -> str:
        ends = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=self.seconds)
        said = {"iss": "shop", "aud": "tesela", "sub": "reader", "role": "editor", "exp": ends}
        self.given.append(jwt.encode({**said, "filters": self.locks}, self.secret, algorithm="HS256"))
        return self.given[-1]


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as started:
        yield started


@contextmanager
def trusting(folder: Path, site: Site) -> Iterator[Server]:
    """A server that shows itself in the site's frames, and believes its tokens."""
    issuers = folder / "issuers.json"
    one = {
        "issuer": "shop",
        "audience": "tesela",
        "algorithm": "HS256",
        "secret": SECRET,
        "tenants": ["default"],
    }
    issuers.write_text(json.dumps([one | {"max_role": "editor"}]))
    issuers.chmod(0o600)
    with running(folder / "data", issuers_file=str(issuers), embed_origins=site.origin) as server:
        yield server


@pytest.fixture
def tesela(tmp_path: Path, site: Site) -> Iterator[Server]:
    with trusting(tmp_path, site) as server:
        yield server


@pytest.fixture
def dashboard_id(tesela: Server) -> str:
    """A dashboard that everybody of the tenant sees."""
    owner: Person = tesela.admin()
    source = owner.upload("sales.csv", SALES)["datasource_id"]
    made = owner.post("/api/v1/bi/dashboards", json={"name": "Regions", "visibility": "tenant"}).json()
    found = str(made["id"]).removeprefix("dash-")
    owner.new_tile(
        found,
        title="All of it",
        tile_type="table",
        datasource_id=source,
        query="SELECT region AS place, SUM(amount) AS total FROM sales GROUP BY region",
    )
    return found


def example(tesela: Server, dashboard_id: str) -> str:
    """Return the page of the docs with the addresses of this test."""
    page = EXAMPLE.read_text(encoding="utf-8").split("```html\n", 1)[1].split("```")[0]
    return page.replace("https://bi.example.org", tesela.url).replace("DASHBOARD", dashboard_id)


def board(context: BrowserContext, address: str) -> FrameLocator:
    page = context.new_page()
    page.goto(address)
    return page.frame_locator("#board")


def test_the_example_page_shows_each_reader_their_own_rows_without_a_cookie(
    context: BrowserContext, tesela: Server, site: Site, dashboard_id: str, pictures: Path
) -> None:
    site.pages["/"] = example(tesela, dashboard_id)
    asked: list[tuple[str, dict[str, str]]] = []
    context.on("request", lambda one: asked.append((one.url, one.headers)))

    frame = board(context, f"{site.origin}/")
    expect(frame.get_by_text("North", exact=True)).to_be_visible()
    expect(frame.get_by_text("15", exact=True)).to_be_visible()
    expect(frame.get_by_text("South", exact=True)).to_have_count(0)
    context.pages[0].screenshot(path=pictures / "embedded.png")

    assert len(site.given) == 1
    api = [(url, headers) for url, headers in asked if url.startswith(f"{tesela.url}/api/dashboards")]
    assert len(api) >= 2
    assert all(headers["authorization"] == f"Bearer {site.given[0]}" for _, headers in api)
    assert not any("cookie" in headers for url, headers in asked if url.startswith(tesela.url))
    assert not any(site.given[0] in url for url, _ in asked)
    assert context.cookies() == []


def test_a_token_that_ended_is_replaced(
    context: BrowserContext, tesela: Server, site: Site, dashboard_id: str
) -> None:
    site.seconds = -60.0
    site.pages["/"] = example(tesela, dashboard_id)
    frame = board(context, f"{site.origin}/")
    expect(frame.get_by_text(re.compile("expired"))).to_be_visible()
    assert len(site.given) >= 2

    site.seconds = 300.0
    frame.get_by_role("button").first.click()

    expect(frame.get_by_text("North", exact=True)).to_be_visible()


def test_a_site_that_is_not_named_gets_no_frame_and_no_hearing(
    context: BrowserContext, tesela: Server, site: Site, dashboard_id: str
) -> None:
    with serving() as foreign:
        foreign.pages["/"] = example(tesela, dashboard_id)
        complaints: list[str] = []
        page = context.new_page()
        page.on("console", lambda one: complaints.append(one.text))
        page.goto(f"{foreign.origin}/")
        page.wait_for_timeout(2_000)

        assert any("frame-ancestors" in one for one in complaints), complaints
        assert foreign.given == []


def test_a_token_from_another_window_is_not_heard(
    context: BrowserContext, tesela: Server, site: Site, dashboard_id: str
) -> None:
    """The named site stays silent; somebody else, in a frame of the same page, hands over a good token."""
    with serving() as foreign:
        silent = example(tesela, dashboard_id).split("<script>")[0]
        site.pages["/"] = f'{silent}<iframe id="evil" src="{foreign.origin}/"></iframe>'
        foreign.pages["/"] = (
            "<script>setInterval(() => parent.frames[0].postMessage("
            f"{{type: 'tesela:token', token: '{site.token()}'}}, '*'), 100)</script>"
        )
        frame = board(context, f"{site.origin}/")

        expect(frame.get_by_role("status")).to_be_visible()
        context.pages[0].wait_for_timeout(3_000)
        expect(frame.get_by_text("North", exact=True)).to_have_count(0)
