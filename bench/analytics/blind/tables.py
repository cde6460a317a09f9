"""Invented tables of the shapes that dashboards show: wide months, funnels, cohorts, orders, staff, one-row KPIs."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

Table = dict[str, Any]


def tables() -> dict[str, Table]:
    """Return the tables by name, each with its title, columns and rows; the same at every call."""
    r = random.Random(41)
    made = {
        "wide": ("Sales by product line, first half of 2026", *_wide(r)),
        "catreg": ("Net sales by category and region", *_catreg(r)),
        "funnel": ("Checkout funnel", ["step", "users"], _FUNNEL),
        "cohort": (
            "Retention by cohort",
            ["cohort", "customers", "active_m1", "active_m2", "active_m3"],
            _COHORT,
        ),
        "adspend": ("Ad performance by month", *_adspend(r)),
        "daily": ("Daily sales", *_daily(r)),
        "helpdesk": ("Support cases", *_helpdesk(r)),
        "inv": ("Stock on hand", ["item", "location", "on_hand", "min_stock", "unit_cost"], _STOCK),
        "hr": ("Staff", ["employee", "department", "office", "contract", "salary", "hired_on"], _STAFF),
        "kpi1": ("Key figures", ["revenue", "revenue_prev_month", "orders", "conversion_rate", "nps"], _KPI),
        "segments": ("Revenue by segment", *_segments(r)),
        "pedidos": ("Pedidos", *_pedidos(r)),
        "gastos": ("Presupuesto y gasto", *_gastos(r)),
        "locales": (
            "Ventas por local",
            ["local", "ciudad", "ventas_2024", "ventas_2025", "empleados"],
            _LOCALES,
        ),
    }
    return {
        name: {
            "title": title,
            "columns": columns,
            "rows": [dict(zip(columns, row, strict=True)) for row in rows],
        }
        for name, (title, columns, rows) in made.items()
    }


def _wide(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    lines = ["Bikes", "Helmets", "Lights", "Locks", "Tyres"]
    months = ["jan", "feb", "mar", "apr", "may", "jun"]
    return ["product_line", *months], [
        [line, *(round((900 - 150 * at) * r.uniform(0.8, 1.3)) for _ in months)]
        for at, line in enumerate(lines)
    ]


def _catreg(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    rows = [
        [category, region, round(r.uniform(20, 90) * 1000), round(r.uniform(25, 85)) * 1000]
        for category in ("Books", "Games", "Garden", "Kitchen")
        for region in ("East", "North", "South", "West")
    ]
    return ["category", "region", "net_sales", "target"], rows


_FUNNEL = [
    ["Visited shop", 48210],
    ["Viewed product", 30155],
    ["Added to cart", 9120],
    ["Started checkout", 5410],
    ["Paid", 3890],
]
_COHORT = [
    ["2026-01", 820, 512, 401, 350],
    ["2026-02", 760, 498, 366, 301],
    ["2026-03", 905, 610, 470, 412],
    ["2026-04", 1010, 655, 512, None],
    ["2026-05", 940, 602, None, None],
]


def _adspend(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    rows = []
    for at, month in enumerate(("2026-03", "2026-04", "2026-05", "2026-06")):
        for rank, channel in enumerate(("Search", "Display", "Video", "Affiliates")):
            cost = round(r.uniform(800, 1200) * (4 - rank) + 100 * at, 2)
            clicks = round(cost * r.uniform(0.9, 1.8))
            rows.append(
                [month, channel, f"{cost:.2f}", clicks * 31, clicks, f"{cost * r.uniform(1.1, 4.2):.2f}"]
            )
    return ["month", "channel", "cost", "impressions", "clicks", "revenue"], rows


def _daily(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    first = dt.date(2026, 4, 6)
    rows: list[list[Any]] = []
    for at in range(70):
        day = first + dt.timedelta(days=at)
        weekend = day.weekday() >= 5
        sales = r.uniform(1800, 2600) * (1.5 if weekend else 1) + 6 * at
        rows.append(
            [day.isoformat(), f"{sales:.2f}", round(sales / r.uniform(18, 24)), round(r.uniform(2, 19))]
        )
    rows[33][1] = None
    return ["date", "sales", "orders", "refunds"], rows


def _helpdesk(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = []
    start = dt.datetime.fromisoformat("2026-09-01 08:05")
    for at in range(40):
        start += dt.timedelta(minutes=r.randrange(200, 1400))
        status = r.choice(["open", "closed", "closed", "closed", "on hold", "cancelled"])
        hours = round(r.uniform(0.5, 60), 1) if status == "closed" else None
        rows.append(
            [
                f"C-{1001 + at}",
                start.isoformat(sep=" "),
                r.choice(["high", "medium", "low"]),
                status,
                r.choice(["Priya", "Tom", "Lucia", "Wei"]),
                hours,
            ]
        )
    return ["case_id", "opened_at", "priority", "status", "agent", "hours_to_close"], rows


_STOCK = [
    ["Hammer", "Leeds", 140, 50, "7.90"],
    ["Hammer", "York", 12, 40, "7.90"],
    ["Drill", "Leeds", 36, 20, "64.50"],
    ["Drill", "York", 0, 15, "64.50"],
    ["Saw", "Leeds", 75, 30, "12.25"],
    ["Saw", "York", 61, 30, "12.25"],
    ["Ladder", "Leeds", 8, 10, "49.00"],
    ["Ladder", "York", 22, 10, "49.00"],
    ["Paint", "Leeds", 310, 120, "5.40"],
    ["Paint", "York", 95, 120, "5.40"],
    ["Tape", "Leeds", 0, 200, "1.15"],
    ["Tape", "York", 640, 200, "1.15"],
]
_STAFF = [
    ["Alice Moore", "Sales", "London", "full-time", 52000, "2019-03-11"],
    ["Ben Hughes", "Sales", "London", "part-time", 28500, "2023-09-04"],
    ["Carla Ruiz", "Sales", "Madrid", "full-time", 46000, "2021-01-18"],
    ["Dev Patel", "Engineering", "London", "full-time", 78000, "2018-07-02"],
    ["Ewa Nowak", "Engineering", "Warsaw", "full-time", 61000, "2022-05-16"],
    ["Farid Omar", "Engineering", "Warsaw", "full-time", 59500, "2024-02-01"],
    ["Grace Lee", "Engineering", "London", "part-time", 41000, "2020-11-09"],
    ["Hugo Diaz", "Finance", "Madrid", "full-time", 55000, "2017-10-23"],
    ["Ines Costa", "Finance", "Madrid", "part-time", 31000, "2024-06-10"],
    ["Jack Boyd", "Support", "London", "full-time", 33500, "2023-01-09"],
    ["Kasia Wolf", "Support", "Warsaw", "full-time", 29800, "2025-03-03"],
    ["Lena Vogt", "Support", "Warsaw", "part-time", 19400, "2025-08-18"],
]
_KPI = [[184320.5, 171900.0, 2310, 2.84, 47]]


def _segments(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    rows: list[list[Any]] = []
    for at in range(8):
        quarter = f"{2024 + at // 4}-Q{at % 4 + 1}"
        for rank, segment in enumerate(("Enterprise", "Mid-market", "Small business")):
            customers = round((120 + 60 * rank) * r.uniform(0.9, 1.1)) + 4 * at
            revenue = round((500 - 150 * rank + 22 * at * (2 - rank)) * r.uniform(0.93, 1.08)) * 1000
            rows.append([quarter, segment, revenue, customers, round(customers * r.uniform(0.01, 0.06))])
    return ["quarter", "segment", "revenue", "customers", "churned_customers"], rows


def _pedidos(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    first, rows = dt.date(2026, 3, 2), []
    for at in range(48):
        day = first + dt.timedelta(days=at * 2 + r.randrange(2))
        rows.append(
            [
                f"P-{301 + at}",
                day.isoformat(),
                r.choice(["Aceros Norte", "Bodegas Luna", "Clínica Vera", "Dulces Paco"]),
                r.choice(["Madrid", "Sevilla", "Zaragoza"]),
                r.choice(["entregado", "entregado", "entregado", "cancelado", "pendiente", "devuelto"]),
                f"{r.uniform(80, 2400):.2f}",
            ]
        )
    return ["pedido", "fecha", "cliente", "ciudad", "estado", "importe"], rows


def _gastos(r: random.Random) -> tuple[list[str], list[list[Any]]]:
    bases = {"Alquiler": 12000, "Nóminas": 64000, "Publicidad": 9000, "Suministros": 3100}
    rows = [
        [f"2026-{month:02d}", item, base, round(base * r.uniform(0.85, 1.2), 2)]
        for month in range(1, 7)
        for item, base in bases.items()
    ]
    return ["mes", "partida", "presupuesto", "gasto"], rows


_LOCALES = [
    ["Centro", "Madrid", 410200, 455900, 12],
    ["Retiro", "Madrid", 305800, 298700, 9],
    ["Triana", "Sevilla", 221000, 240350, 7],
    ["Nervión", "Sevilla", 187400, 187400, 6],
    ["Gràcia", "Barcelona", 352600, 390100, 11],
    ["Sants", "Barcelona", 0, 142800, 5],
    ["Ruzafa", "Valencia", 198300, 176500, 6],
]
