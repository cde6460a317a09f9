"""The docs say what the code does: settings, routes, charts, placeholders, links."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from pydantic import TypeAdapter

from tesela.app import describe_app
from tesela.features.issuers import Issuer
from tesela.model.charts import CHART_CONFIGS, TILE_CONFIGS, Config
from tesela.model.dashboard import ChartType
from tesela.settings import Settings
from tesela.sql.template import FIXED

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
INTERACTIVITY = ("detail_query", "drill_levels", "cross_filter_enabled")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def text_of(*names: str) -> str:
    return "\n".join((DOCS / name).read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize("script", ["settings_docs.py", "openapi.py"])
def test_what_make_docs_writes_is_up_to_date(script: str) -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / script), "--check"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr


def test_no_two_shapes_of_the_api_share_a_name() -> None:
    """Where two do, the description calls them by their modules, and so do the types of the web app."""
    described = set(describe_app().openapi()["components"]["schemas"])
    modules = sorted(name for name in described if "__" in name)

    assert len(described) > 100
    assert modules == []


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_has_its_row_with_a_sentence(name: str) -> None:
    assert Settings.model_fields[name].description
    assert f"| `TESELA_{name.upper()}` |" in text_of("settings.md")


def test_each_route_has_its_paragraph() -> None:
    pages = text_of("api/qry.md", "api/bi.md", "api/platform.md")

    headings = {f"{method} {path.rstrip('/')}" for method, path in re.findall(r"### `(\w+) (\S+)`", pages)}
    routes = {
        f"{method.upper()} {path.rstrip('/')}"
        for path, methods in describe_app().openapi()["paths"].items()
        for method in methods
    }

    assert routes - headings == set(), "routes without a paragraph in docs/api"
    assert headings - routes == set(), "paragraphs in docs/api without a route"


@pytest.mark.parametrize("chart_type", get_args(ChartType))
def test_each_chart_type_has_its_section_with_its_fields(chart_type: str) -> None:
    said = text_of("charts.md").split("## Chart types")[0] + section_of(chart_type)

    assert [field for field in own_fields(CHART_CONFIGS[chart_type]) if f"`{field}`" not in said] == []


def section_of(chart_type: str) -> str:
    """Return what the page says of a chart type, with what it says of the one that it is like."""
    section = text_of("charts.md").split(f"### {chart_type}\n", 1)[1].split("\n### ")[0]
    like = re.search(r"^As `(\w+)`", section, flags=re.MULTILINE)
    return section + (section_of(like[1]) if like else "")


def own_fields(config: type[Config]) -> list[str]:
    """Return the fields of a config, those of interactivity left out: later chapters describe them."""
    return [name for name in config.model_fields if name not in INTERACTIVITY]


@pytest.mark.parametrize("tile_type", TILE_CONFIGS)
def test_each_other_tile_has_its_fields_in_the_docs(tile_type: str) -> None:
    said = text_of("charts.md").split("## Chart types")[0] + text_of("charts.md").split("## KPI")[1]

    assert [field for field in own_fields(TILE_CONFIGS[tile_type]) if f"`{field}`" not in said] == []


def test_the_issuers_of_the_accounts_page_can_be_used() -> None:
    page = text_of("accounts.md")
    block = page.split("```json\n", 1)[1].split("```")[0]

    TypeAdapter(tuple[Issuer, ...]).validate_json(block)

    assert [name for name in Issuer.model_fields if f"`{name}`" not in page] == []


@pytest.mark.parametrize("placeholder", FIXED)
def test_each_placeholder_has_its_line(placeholder: str) -> None:
    assert f"`${{{placeholder}}}`" in text_of("placeholders.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_no_page_is_a_blind_alley() -> None:
    linked = {(ROOT / "README.md").resolve()}
    for page in PAGES:
        linked |= {(page.parent / link).resolve() for link in LINK.findall(page.read_text(encoding="utf-8"))}

    assert {page for page in PAGES if page.resolve() not in linked and page.parent.name != "decisions"} <= {
        ROOT / "CHANGELOG.md"
    }
