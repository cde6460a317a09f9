"""Numbers in, sentences out: the ratios of a run, and the table in docs/operate.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operate.md"
BEGIN, END = "<!-- bench: written by `make bench` -->", "<!-- end of bench -->"


def rows(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (what, measured, beside what) for every section."""
    floors = found["floors"]
    cold, wide, one = found["cold_dashboard"], found["wide_json"], found["select_1"]
    return [
        *served("12 tiles, cached, one request", found["cached_dashboard"]),
        *served("one cached tile", found["cached_tile"]),
        ("12 tiles, unchanged (304)", f"{found['unchanged']['cpu_ms']:.3f} ms CPU", ""),
        (
            "12 tiles, nothing cached",
            f"{cold['wall_ms']:.0f} ms, {cold['cpu_ms']:.0f} ms CPU",
            f"{cold['wall_ms'] / floors['tiles']['wall_ms']:.2f} x the time and "
            f"{cold['cpu_ms'] / floors['tiles']['cpu_ms']:.2f} x the CPU of DuckDB alone",
        ),
        (
            "`SELECT 1`, uncached",
            f"{one['wall_ms']:.2f} ms",
            f"adds {one['wall_ms'] - floors['select_1']['wall_ms']:.2f} ms to DuckDB",
        ),
        (
            "100,000 rows of 8 columns as JSON",
            f"{wide['wall_ms']:.0f} ms, {wide['cpu_ms']:.0f} ms CPU",
            f"{wide['wall_ms'] / floors['wide_json']['wall_ms']:.2f} x DuckDB's own JSON",
        ),
        *download_rows(found["downloads"], floors["csv"]),
        (
            "start",
            f"{found['start']['ready_s']:.2f} s to ready, {found['start']['first_tile_s']:.2f} s to a tile",
            f"{found['start']['cpu_s']:.2f} s CPU to ready",
        ),
        memory_row("memory, idle", found["memory"]["idle"]),
        memory_row("memory, after a dashboard", found["memory"]["after_first_dashboard"]),
        *(clone_rows(found["clone"]) if "clone" in found else []),
        ("installed, base", f"{found['install']['mib']} MiB", f"{found['install']['packages']} packages"),
    ]


def served(what: str, found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (
            f"{what}, {viewers} viewer{'s' if viewers != '1' else ''}",
            f"{run['tesela']['per_second']:,.0f}/s, p95 {run['tesela']['p95_ms']:.1f} ms, "
            f"{run['tesela']['cpu_ms']:.3f} ms CPU",
            f"{100 * run['throughput_of_raw']:.0f} % of the throughput and "
            f"{run['cpu_of_raw']:.2f} x the CPU of bare ASGI",
        )
        for viewers, run in found.items()
    ]


def download_rows(found: dict[str, Any], copy: dict[str, float]) -> list[tuple[str, str, str]]:
    def cost(one: dict[str, float]) -> str:
        return f"{one['wall_ms'] / 1000:.1f} s, {one['cpu_ms'] / 1000:.2f} s CPU, {one['added_mib']:.0f} MiB more"

    beside = f"{found['csv']['cpu_ms'] / copy['cpu_ms']:.2f} x the CPU of DuckDB's `COPY` to a file"
    return [
        ("1,000,000 rows of 8 columns as CSV", cost(found["csv"]), beside),
        ("100,000 rows of 8 columns as XLSX", cost(found["xlsx_100k"]), ""),
        ("1,000,000 rows of 8 columns as XLSX", cost(found["xlsx"]), ""),
    ]


def clone_rows(found: dict[str, float]) -> list[tuple[str, str, str]]:
    size = f"`.venv` {found['venv_mib']:.0f} MiB, web app {found['web_app_mib']:.1f} MiB"
    return [
        ("`make run` in a fresh clone, to a dashboard's data", f"{found['first_s']:.0f} s", size),
        ("the second `make run`", f"{found['second_s']:.1f} s", ""),
    ]


def memory_row(what: str, found: dict[str, float]) -> tuple[str, str, str]:
    return (
        what,
        f"{found['pss']:.0f} MiB",
        f"{found['processes']:.0f} processes, {found['rss']:.0f} MiB resident",
    )


def table(found: dict[str, Any]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | measured | beside the floor |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows(found)])


def write_page(found: dict[str, Any]) -> None:
    """Write the table into docs/operate.md."""
    machine = found["machine"]
    note = (
        f"{machine['cores']} cores, of which a busy loop got {100 * machine['share']:.0f} % of one; "
        f"Python {machine['python']}, {machine['day']}. Where that is far from 100 %, trust ratios and CPU times, "
        "not seconds."
    )
    made = f"{BEGIN}\n{note}\n\n{table(found)}\n{END}"
    text = PAGE.read_text(encoding="utf-8")
    text = re.sub(re.escape(BEGIN) + r".*?" + re.escape(END), lambda _: made, text, flags=re.DOTALL)
    PAGE.write_text(text, encoding="utf-8")
