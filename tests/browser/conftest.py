"""A real browser on the real app. Chromium's path comes from CHROMIUM, else it is found on PATH."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from live import Server, running
from tesela.http.web_app import DIST

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
PATIENCE_MS = 30_000
"""How long a step may take on a busy machine with two cores."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running server with the demo."""
    if not (DIST / "index.html").is_file():
        pytest.skip("the web app is not built: make setup")
    with running(tmp_path_factory.mktemp("browser") / "data") as started:
        started.run("demo")
        yield started


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Closed after this folder's tests: while it is open, its library holds an event loop."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("there is no Chromium: install Debian's package chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=SWITCHES)
        yield started
        started.close()


class Tab:
    """A tab of somebody's browser, and what its console complained about."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.server.url}{path}")

    def log_in(self, email: str = "admin@localhost") -> None:
        """Log in by a fresh link, without setting a password."""
        link = self.server.run("user", "link", email)
        self.open(f"/login?link={link.partition('link=')[2]}")
        self.page.get_by_role("button", name="Not now").click()
        expect(self.page).not_to_have_url(re.compile("/login"))

    def wait_until_drawn(self) -> int:
        """Wait until every tile of the page shows its data, and return how many there are."""
        tiles = self.page.locator("[data-tile]")
        expect(tiles.first).to_be_visible()
        expect(self.page.locator("[data-tile][aria-busy=true]")).to_have_count(0)
        for tile in tiles.all():
            tile.evaluate("one => one.scrollIntoView({block: 'nearest'})")
            if tile.get_attribute("data-kind") in ("chart", "kpi", "table"):
                expect(tile.locator("[data-ready=true]").first).to_be_attached()
        return tiles.count()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext, demo_server: Server) -> Tab:
    """A tab in which nobody is logged in."""
    return Tab(context.new_page(), demo_server)


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go, to be looked at."""
    folder = Path(__file__).parent.parent.parent / "test-results" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
