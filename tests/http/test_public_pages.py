"""/dashboards/shared/{token}: the page itself, as the web app's files are served, and who may frame it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from tesela.http import web_app
from tesela.settings import Settings

INDEX = "<!doctype html><script>start()</script>" + "<p>padding</p>" * 50
EMBEDDED = "https://www.example.org"


def asked(tmp_path: Path, path: str, *, embed_origins: str = "", **headers: str) -> httpx.Response:
    (tmp_path / "index.html").write_text(INDEX)
    app = FastAPI()
    app.state.tesela = SimpleNamespace(settings=Settings(embed_origins=embed_origins))
    web_app.install(app, tmp_path)

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tesela.test") as client:
            return await client.get(
                path, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )

    return asyncio.run(ask())


def ancestors(answer: httpx.Response) -> str:
    policy = answer.headers["Content-Security-Policy"]
    return policy.split("frame-ancestors ")[1]


def test_no_site_may_frame_anything_until_it_is_named(tmp_path: Path) -> None:
    for path in ("/", "/dashboards/shared/tsh_x", "/dashboards/5f0c", "/dashboards/shared"):
        answer = asked(tmp_path, path)

        assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_named_site_may_frame_public_pages_and_nothing_else(tmp_path: Path) -> None:
    public = asked(tmp_path, "/dashboards/shared/tsh_x", embed_origins=EMBEDDED)
    private = asked(tmp_path, "/dashboards/5f0c", embed_origins=EMBEDDED)
    disguised = asked(tmp_path, "/dashboards/5f0c?x=/dashboards/shared/", embed_origins=EMBEDDED)

    assert (ancestors(public), public.headers.get("X-Frame-Options")) == (EMBEDDED, None)
    for answer in (private, disguised):
        assert (ancestors(answer), answer.headers["X-Frame-Options"]) == ("'none'", "DENY")


def test_a_public_page_tells_nobody_its_address(tmp_path: Path) -> None:
    answer = asked(tmp_path, "/dashboards/shared/tsh_x")
    same = asked(tmp_path, "/dashboards/shared/tsh_x", if_none_match=answer.headers["ETag"])

    assert (answer.status_code, same.status_code) == (200, 304)
    for one in (answer, same):
        assert one.headers["Referrer-Policy"] == "no-referrer"
        assert one.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Referrer-Policy" not in asked(tmp_path, "/dashboards/5f0c").headers


def test_the_policy_still_names_the_inline_script(tmp_path: Path) -> None:
    scripts = [
        asked(tmp_path, "/dashboards/shared/x", embed_origins=origins)
        .headers["Content-Security-Policy"]
        .split(";")[1]
        for origins in ("", EMBEDDED)
    ]

    assert "'sha256-" in scripts[0]
    assert scripts[0] == scripts[1]


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("", ""),
        ("https://A.example.org,http://localhost:3000", "https://a.example.org http://localhost:3000"),
        ("  https://a.example.org   https://b.example.org ", "https://a.example.org https://b.example.org"),
    ],
)
def test_origins_are_read_from_a_list(given: str, read: str) -> None:
    assert Settings(embed_origins=given).embed_origins == read


@pytest.mark.parametrize(
    "given",
    ["*", "https://*.example.org", "example.org", "https://a.example.org/x", "https:", "'self'", "https://a;b",
     "javascript://x", "https://a.example.org; script-src *"],
)  # fmt: skip
def test_a_pattern_is_no_origin(given: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        Settings(embed_origins=given)


def test_proxies_are_addresses_or_networks() -> None:
    assert Settings(trusted_proxies="10.0.0.0/8, ::1").trusted_proxies == "10.0.0.0/8 ::1"
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies="proxy.example.org")
