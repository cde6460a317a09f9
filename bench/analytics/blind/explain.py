"""Thirty planted tiles, written before the engine was read: `python -m bench.analytics.blind.explain [--list]`.

Each says in English and Spanish what was planted, tells no number that does not follow from the rows, and no cause.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.analytics.oracle import derivable, is_derivable, told
from bench.analytics.planted import days, months
from tesela.analytics.facts import Language, Picture, explain
from tesela.model.rows import Rows

CAUSES = re.compile(
    r"(?i)\b(because|due to|caused by|thanks to|campaign|promotion|holiday|weather|marketing|debido a|gracias a|porque"
    r"|campaña|festivo)\b"
)
UP = {
    "en": r"(?i)\b(up|grew|rose|rises|rising|climb\w*|higher|increas\w*|gain\w*|upward)\b|\+\d",
    "es": r"(?i)\b(sub|crec|aument|más|alza)\w*|\+\d",
}
DOWN = {
    "en": r"(?i)\b(down|fell|falls|falling|declin\w*|drop\w*|lower|downward)\b|[-−]\d",
    "es": r"(?i)\b(baj|ca[yí]|descen|dismin|menos)\w*|[-−]\d",
}


@dataclass(frozen=True)
class Tile:
    """A tile: names and numbers that must be said, patterns that must and must not be in it, by language."""

    name: str
    rows: Rows
    picture: Picture
    says: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    any_of: tuple[str, ...] = ()
    must: tuple[dict[str, str], ...] = ()
    never: tuple[str, ...] = ()
    now: dt.datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def made(title: str, columns: str, cells: list[Any], chart: str, **config: Any) -> tuple[Rows, Picture]:
    """Return rows and how they are shown."""
    names = tuple(columns.split())
    rows = Rows(names, {}, [dict(zip(names, row, strict=True)) for row in cells])
    kind = chart if chart in ("kpi", "table") else "chart"
    return rows, Picture(title, kind, None if kind != "chart" else chart, config)


def line(title: str, labels: list[str], values: list[Any], chart: str = "line") -> tuple[Rows, Picture]:
    cells = list(zip(labels, values, strict=True))
    return made(title, "period value", cells, chart, xField="period", yField="value")


def split(title: str, cells: list[Any], *, by: str = "branch", value: str = "sales") -> tuple[Rows, Picture]:
    return made(title, f"month {by} {value}", cells, "bar", xField="month", yField=value, seriesField=by)


def tiles() -> Iterator[Tile]:
    """Yield the tiles."""
    r = random.Random(77)
    yield Tile(
        "falling trend",
        *line(
            "Churned users",
            months("2024-03", 20),
            [round(9000 - 210 * at + r.gauss(0, 60)) for at in range(20)],
        ),
        must=(DOWN,),
        never=(r"(?i)outlier|unusual|atípic",),
    )
    yield Tile(
        "weak noise, no trend",
        *line("Calls", months("2024-01", 24), [round(500 + r.gauss(0, 25)) for _ in range(24)]),
        never=(r"(?i)steady (rise|fall)|tendencia (al alza|a la baja) clara",),
    )
    summer = [1.6 if at % 12 in (6, 7) else 1.0 for at in range(48)]
    yield Tile(
        "summer season",
        *line("Ice cream sales", months("2022-01", 48), [round(4000 * f + r.gauss(0, 90)) for f in summer]),
        any_of=("July", "August", "julio", "agosto"),
        must=(
            {
                "en": "(?i)season|every year|each year|peak",
                "es": "(?i)estacion|cada año|todos los años|máxim|pico",
            },
        ),
    )
    week = [0.5 if at % 7 in (5, 6) else 1.0 for at in range(63)]
    yield Tile(
        "closed weekends",
        *line("Visits", days(dt.date(2026, 1, 5), 63), [round(800 * f + r.gauss(0, 12)) for f in week]),
        never=(r"(?i)outlier|unusual|atípic",),
        must=({"en": "(?i)Saturday|Sunday|week", "es": "(?i)sábado|domingo|seman"},),
    )
    yield Tile(
        "level rises",
        *line(
            "Output",
            months("2024-01", 24),
            [round((700 if at < 13 else 1010) + r.gauss(0, 14)) for at in range(24)],
        ),
        any_of=("February 2025", "2025-02", "febrero de 2025", "Feb 2025", "feb 2025"),
        must=(UP,),
    )
    yield Tile(
        "level falls, daily",
        *line(
            "Active sessions",
            days(dt.date(2026, 2, 2), 42),
            [round((5200 if at < 24 else 4100) + r.gauss(0, 60)) for at in range(42)],
            "bar",
        ),
        any_of=("2026-02-26", "26 February", "February 26", "26 de febrero", "26 feb", "Feb 26"),
        must=(DOWN,),
    )
    yield Tile(
        "growth stops",
        *line(
            "Members",
            months("2023-06", 30),
            [round(1000 + 90 * min(at, 17) + r.gauss(0, 15)) for at in range(30)],
        ),
        any_of=(
            "November 2024",
            "2024-11",
            "noviembre de 2024",
            "October 2024",
            "December 2024",
            "octubre de 2024",
            "diciembre de 2024",
        ),
    )
    spiky = [round(300 + r.gauss(0, 6)) for _ in range(40)]
    spiky[21] = 520
    yield Tile(
        "one spike",
        *line("Orders per day", days(dt.date(2026, 3, 1), 40), spiky),
        numbers=(520,),
        any_of=("2026-03-22", "22 March", "March 22", "22 de marzo", "22 mar"),
    )
    dip = [round(40_000 + 400 * at + r.gauss(0, 250)) for at in range(18)]
    dip[9] = 21_500
    yield Tile(
        "dip in a trend",
        *line("Net revenue", months("2025-01", 18), dip),
        numbers=(21_500,),
        any_of=("October 2025", "2025-10", "octubre de 2025"),
    )
    labels = [m for m in months("2025-01", 15) if m not in ("2025-06", "2025-07")]
    yield Tile(
        "two months are missing",
        *line("Bookings", labels, [round(900 + 12 * at + r.gauss(0, 5)) for at in range(13)]),
        any_of=("2025-06", "June 2025", "junio de 2025"),
        must=({"en": "(?i)missing|no data|gap|absent|no rows", "es": "(?i)falta|sin datos|hueco"},),
        never=(r"(?i)(fell|dropped) to (0|zero)",),
    )
    empty: list[Any] = [round(70 + r.gauss(0, 2)) for _ in range(20)]
    empty[8] = None
    yield Tile(
        "an empty cell",
        *line("Temperature", days(dt.date(2026, 5, 1), 20), empty),
        any_of=("2026-05-09", "9 May", "May 9", "9 de mayo", "9 may"),
        never=(r"(?i)(fell|dropped) to (0|zero)|cayó a 0",),
    )
    zero = [round(1200 + r.gauss(0, 15)) for _ in range(26)]
    zero[14] = 0
    yield Tile(
        "a zero day",
        *line("Payments", days(dt.date(2026, 6, 1), 26), zero),
        any_of=("2026-06-15", "15 June", "June 15", "15 de junio", "15 jun"),
    )
    plateau = [round(1000 + r.gauss(0, 160)) for _ in range(30)]
    yield Tile(
        "volatile, none odd",
        *line("Tips", days(dt.date(2026, 4, 1), 30), plateau),
        never=(r"(?i)outlier|atípic",),
    )
    yield Tile(
        "driver",
        *split(
            "Sales by branch",
            [
                ["2026-05", "Lugo", 410_000],
                ["2026-05", "Porto", 390_000],
                ["2026-05", "Graz", 88_000],
                ["2026-06", "Lugo", 412_000],
                ["2026-06", "Porto", 300_000],
                ["2026-06", "Graz", 91_000],
            ],
        ),
        says=("Porto",),
        numbers=(90_000,),
        must=(DOWN,),
        never=(r"(?i)driven (mainly |mostly )?by (the )?(Graz|Lugo)",),
    )
    yield Tile(
        "small base",
        *split(
            "Sales by branch",
            [
                ["2026-05", "Lugo", 500_000],
                ["2026-05", "Kiosk", 2_000],
                ["2026-06", "Lugo", 560_000],
                ["2026-06", "Kiosk", 5_000],
            ],
        ),
        says=("Lugo",),
        numbers=(60_000,),
        must=(UP,),
        never=(r"(?i)driven (mainly |mostly )?by (the )?Kiosk",),
    )
    yield Tile(
        "two offset",
        *split(
            "Sales by branch",
            [
                ["2026-05", "Lugo", 300_000],
                ["2026-05", "Porto", 280_000],
                ["2026-06", "Lugo", 251_000],
                ["2026-06", "Porto", 330_000],
            ],
        ),
        says=("Lugo", "Porto"),
        numbers=(49_000, 50_000),
    )
    yield Tile(
        "new branch",
        *split(
            "Sales by branch",
            [
                ["2026-05", "Lugo", 300_000],
                ["2026-05", "Porto", 280_000],
                ["2026-06", "Lugo", 305_000],
                ["2026-06", "Porto", 281_000],
                ["2026-06", "Graz", 77_000],
            ],
        ),
        says=("Graz",),
        numbers=(77_000,),
        must=({"en": r"(?i)\bnew\b|first|appear", "es": "(?i)nuev|aparec|primera"},),
        never=(r"Graz (grew|rose|creció|subió)[^.]{0,12}\d ?%",),
    )
    yield Tile(
        "branch gone",
        *split(
            "Sales by branch",
            [["2026-05", "Lugo", 300_000], ["2026-05", "Graz", 64_000], ["2026-06", "Lugo", 302_000]],
        ),
        says=("Graz",),
        numbers=(64_000,),
        must=(
            {
                "en": "(?i)no (sales|value|rows|longer)|gone|disappear|absent|none|without|ended",
                "es": "(?i)desapar|ya no|sin |no tiene|falta",
            },
        ),
    )
    two = [["Lugo", 120_000, 151_000], ["Porto", 210_000, 208_000], ["Graz", 98_000, 99_500]]
    yield Tile(
        "driver in columns",
        *made("Sales by branch", "branch sales_2024 sales_2025", two, "table"),
        says=("Lugo",),
        numbers=(31_000,),
    )
    mix = [
        ["2025", "Basic", 1000, 50_000],
        ["2025", "Premium", 1000, 150_000],
        ["2026", "Basic", 2000, 100_000],
        ["2026", "Premium", 1000, 150_000],
    ]
    yield Tile(
        "mix of plans",
        *made(
            "Revenue by plan",
            "year plan customers revenue",
            mix,
            "bar",
            xField="year",
            yField="revenue",
            seriesField="plan",
        ),
        says=("Basic",),
        numbers=(50_000,),
    )
    conv = [
        ["2026-05", "Web", 40_000, 1_200],
        ["2026-05", "App", 10_000, 900],
        ["2026-06", "Web", 20_000, 640],
        ["2026-06", "App", 30_000, 2_580],
    ]
    yield Tile(
        "conversion, mix shift",
        *made(
            "Conversion by channel",
            "month channel visits orders",
            conv,
            "bar",
            xField="month",
            yField="orders",
            seriesField="channel",
        ),
        says=("App",),
        numbers=(4.2, 6.44),
    )
    simp = [
        ["2025", "Day", 100, 90],
        ["2025", "Night", 400, 200],
        ["2026", "Day", 400, 340],
        ["2026", "Night", 100, 45],
    ]
    yield Tile(
        "simpson up",
        *made(
            "Pass rate by shift",
            "year shift tests passed",
            simp,
            "bar",
            xField="year",
            yField="passed",
            seriesField="shift",
        ),
        says=("Day", "Night"),
        numbers=(58, 77, 90, 85, 50, 45),
    )
    down = [
        ["2025", "Junior", 50, 1_500_000],
        ["2025", "Senior", 150, 9_000_000],
        ["2026", "Junior", 190, 6_080_000],
        ["2026", "Senior", 100, 6_200_000],
    ]
    yield Tile(
        "simpson pay",
        *made(
            "Payroll by grade",
            "year grade headcount payroll",
            down,
            "bar",
            xField="year",
            yField="payroll",
            seriesField="grade",
        ),
        says=("Junior", "Senior"),
        numbers=(52_500, 42_344.83, 32_000, 62_000),
    )
    dele = [
        ["2025", "Air", 200, 30],
        ["2025", "Sea", 800, 240],
        ["2026", "Air", 700, 126],
        ["2026", "Sea", 300, 96],
    ]
    yield Tile(
        "simpson late",
        *made(
            "Late deliveries by mode",
            "year mode deliveries late",
            dele,
            "bar",
            xField="year",
            yField="late",
            seriesField="mode",
        ),
        says=("Air", "Sea"),
        numbers=(27, 22.2),
    )
    rank = [["Teal", 4100], ["Amber", 9800], ["Coral", 3050], ["Olive", 6120], ["Ivory", 2890]]
    yield Tile(
        "ranking",
        *made("Units by colour", "colour units", rank, "bar", xField="colour", yField="units"),
        says=("Amber",),
        numbers=(9800,),
    )
    top = [["A", 81_000], ["B", 5_200], ["C", 4_900], ["D", 4_100], ["E", 3_800]]
    yield Tile(
        "concentration",
        *made(
            "Revenue by client",
            "client revenue",
            [[f"Client {n}", v] for n, v in top],
            "pie",
            xField="client",
            yField="revenue",
        ),
        says=("Client A",),
        numbers=(81.82,),
    )
    yield Tile(
        "kpi up",
        *made(
            "Orders",
            "orders orders_prev",
            [[1380, 1200]],
            "kpi",
            valueField="orders",
            comparisonField="orders_prev",
        ),
        numbers=(1380, 15),
        must=(UP,),
    )
    yield Tile(
        "kpi from zero",
        *made(
            "Refunds",
            "refunds refunds_prev",
            [[42, 0]],
            "kpi",
            valueField="refunds",
            comparisonField="refunds_prev",
        ),
        numbers=(42,),
        never=(r"\d ?%", "(?i)infinit"),
    )
    yield Tile(
        "kpi into loss",
        *made(
            "Operating result",
            "result result_prev",
            [[-12_500, 30_000]],
            "kpi",
            valueField="result",
            comparisonField="result_prev",
        ),
        numbers=(12_500, 30_000, 42_500),
        never=(r"\d ?%",),
    )
    part = [round(50_000 + 500 * at + r.gauss(0, 300)) for at in range(14)]
    part[-1] = 17_000
    yield Tile(
        "month under way",
        *line("Revenue", months("2025-06", 14), part),
        now=dt.datetime.fromisoformat("2026-07-10T12:00"),
        any_of=("July 2026", "2026-07", "julio de 2026", "Julio de 2026"),
        must=(
            {
                "en": "(?i)not complete|incomplete|partial|so far|not over|under way|until",
                "es": "(?i)complet|parcial|hasta|en curso|no ha termin",
            },
        ),
        never=(r"(?i)(fell|dropped|plunged) (by )?6\d",),
    )
    yield Tile(
        "constant",
        *line("Licences", months("2025-01", 12), [250] * 12),
        numbers=(250,),
        must=(
            {
                "en": "(?i)constant|same|unchanged|did not change|flat|every",
                "es": "(?i)constant|igual|no cambi|mismo|siempre|todos",
            },
        ),
    )


def problems(tile: Tile, language: Language) -> tuple[list[str], list[float], str]:
    """Return what is missing or forbidden in what is said of a tile, the invented numbers, and the text."""
    found = explain(tile.rows, tile.picture, language=language, now=tile.now)
    text = " ".join((found.summary, *found.highlights))
    numbers = told(text, Rows((), {}, []), "", language)
    wrong = [f"no {one}" for one in tile.says if one not in text]
    if tile.any_of and not any(one in text for one in tile.any_of):
        wrong.append(f"none of {tile.any_of[:2]}")
    for one in tile.numbers:
        if not any(math.isclose(abs(n), one, rel_tol=0.02, abs_tol=0.051) for n in numbers):
            wrong.append(f"no number near {one}")
    wrong += [f"not said: {one[language][:40]}" for one in tile.must if not re.search(one[language], text)]
    wrong += [
        f"forbidden: {hit[0]}" for one in (*tile.never, CAUSES.pattern) if (hit := re.search(one, text))
    ]
    known = derivable(tile.rows)
    said = told(text, tile.rows, tile.picture.title, language)
    return wrong, [one for one in said if not is_derivable(one, known)], text


def main() -> None:
    """Print the counts of both languages."""
    parser = argparse.ArgumentParser(prog="python -m bench.analytics.blind.explain", description=__doc__)
    parser.add_argument("--list", action="store_true", help="print what is not right")
    args = parser.parse_args()
    languages: tuple[Language, ...] = ("en", "es")
    for language in languages:
        right = made_up = count = 0
        for tile in tiles():
            wrong, invented, text = problems(tile, language)
            count += 1
            right += not wrong
            made_up += len(invented)
            if args.list and (wrong or invented):
                print(f"{language} {tile.name}: {'; '.join(wrong)} {invented or ''}\n     {text}")
        print(f"{language}: {right} of {count} right, {made_up} invented numbers")


if __name__ == "__main__":
    main()
