"""Tiles with a planted fact, made at random from a seed: what must be found in them, and what must not be said."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tesela.analytics.facts import Picture
from tesela.model.rows import Rows

CITIES = ("Madrid", "Bilbao", "Lugo", "Porto", "Turin", "Lyon", "Graz", "Ghent")


@dataclass(frozen=True)
class Planted:
    """A tile and its fact. kinds: one of these beginnings of a fact's kind must be there; entities, numbers: in it.

    never: beginnings of kinds that would be false.
    """

    name: str
    rows: Rows
    picture: Picture
    kinds: tuple[str, ...]
    entities: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    never: tuple[str, ...] = ()
    now: dt.datetime | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def months(first: str, count: int) -> list[str]:
    """Return so many months from `first` ("2024-01") on."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(start, start + count)]


def days(first: dt.date, count: int) -> list[str]:
    return [(first + dt.timedelta(days=at)).isoformat() for at in range(count)]


def tile(
    columns: tuple[str, ...], cells: list[tuple[Any, ...]], chart: str | None, **config: Any
) -> tuple[Rows, Picture]:
    """Return rows, and a chart of them; `chart` "kpi" and "table" are kinds of tile."""
    rows = Rows(columns, {}, [dict(zip(columns, row, strict=True)) for row in cells])
    kind = chart if chart in ("kpi", "table") else "chart"
    return rows, Picture("Something", kind, None if kind != "chart" else chart, config)


def line(labels: list[str], values: list[Any], column: str = "sales") -> tuple[Rows, Picture]:
    return tile(("at", column), list(zip(labels, values, strict=True)), "line", xField="at", yField=column)


def trend(r: random.Random) -> Planted:
    n, way = r.randint(10, 60), r.choice((1, -1))
    level, step = r.uniform(5_000, 90_000), r.uniform(0.006, 0.012)
    values = [round(level * (1 + way * step * at) + r.gauss(0, level * 0.004)) for at in range(n)]
    made = line(months("2020-01", n), values)
    kind = "trend_up" if way > 0 else "trend_down"
    return Planted(
        "trend", *made, (kind,), numbers=(values[0], values[-1]), never=("outlier", "step", "season")
    )


def season(r: random.Random) -> Planted:
    cycles, peak = r.randint(3, 6), r.randint(0, 11)
    shape = [r.uniform(0.85, 1.1) for _ in range(12)]
    shape[peak] = 1.7
    level = r.uniform(1_000, 90_000)
    values = [round(level * shape[at % 12] * (1 + r.gauss(0, 0.01))) for at in range(12 * cycles)]
    return Planted(
        "season",
        *line(months("2019-01", len(values)), values),
        ("season_month",),
        never=("outlier", "step", "trend"),
    )


def weekly(r: random.Random) -> Planted:
    n = r.randint(42, 120)
    shape = [1, 1.05, 1.02, 1, 1.1, 0.5, 0.4]
    start = dt.date(2026, 1, 5)
    values = [round(900 * shape[at % 7] * (1 + r.gauss(0, 0.03))) for at in range(n)]
    return Planted(
        "weekly season", *line(days(start, n), values), ("season_day",), never=("outlier", "step", "trend")
    )


def season_outlier(r: random.Random) -> Planted:
    cycles, peak = r.randint(4, 6), r.randint(0, 11)
    shape = [r.uniform(0.9, 1.1) for _ in range(12)]
    shape[peak] = 1.6
    values = [round(20_000 * shape[at % 12] * (1 + r.gauss(0, 0.01))) for at in range(12 * cycles)]
    at = r.choice([one for one in range(8, len(values) - 8) if one % 12 != peak])
    values[at] = round(values[at] * r.choice((0.55, 1.5)))
    return Planted(
        "season and outlier",
        *line(months("2019-01", len(values)), values),
        ("outlier_season", "outlier"),
        numbers=(values[at],),
    )


def step(r: random.Random) -> Planted:
    n = r.randint(16, 60)
    at, way = r.randint(6, n - 6), r.choice((0.7, 1.45))
    values = [round(1_000 * (way if one >= at else 1) + r.gauss(0, 25)) for one in range(n)]
    labels = days(dt.date(2026, 3, 1), n)
    return Planted(
        "step", *line(labels, values), ("step",), extra={"at": labels[at]}, never=("outlier", "trend")
    )


def bend(r: random.Random) -> Planted:
    n = r.randint(20, 48)
    at = r.randint(7, n - 7)
    values = [round(30_000 + 40 * one + 1_300 * max(0, one - at) + r.gauss(0, 150)) for one in range(n)]
    return Planted("bend", *line(months("2021-01", n), values), ("faster_up",), never=("outlier",))


def spike(r: random.Random) -> Planted:
    n = r.randint(14, 90)
    values = [round(500 + r.gauss(0, 12)) for _ in range(n)]
    at = r.randint(3, n - 4)
    values[at] = r.choice((260, 320, 760, 900))
    kind = "outlier_high" if values[at] > 500 else "outlier_low"
    return Planted(
        "outlier",
        *line(days(dt.date(2026, 2, 1), n), values),
        (kind,),
        numbers=(values[at],),
        never=("trend", "step"),
    )


def noise(r: random.Random) -> Planted:
    n = r.randint(12, 90)
    values = [round(800 + r.gauss(0, 40)) for _ in range(n)]
    return Planted(
        "noise",
        *line(days(dt.date(2026, 2, 1), n), values),
        ("flat", "volatile", "no_trend"),
        never=("trend", "step", "season"),
    )


def gap(r: random.Random) -> Planted:
    labels = months("2024-01", r.randint(9, 30))
    values = [1_000 + 17 * at + r.randint(-5, 5) for at in range(len(labels))]
    at = r.randint(2, len(labels) - 3)
    missing = labels.pop(at)
    values.pop(at)
    return Planted("gap", *line(labels, values), ("gap_one",), extra={"missing": missing}, never=("outlier",))


def null(r: random.Random) -> Planted:
    labels = months("2024-01", r.randint(9, 30))
    values: list[Any] = [1_000 + 17 * at + r.randint(-5, 5) for at in range(len(labels))]
    values[r.randint(2, len(labels) - 3)] = None
    return Planted("null", *line(labels, values), ("gap_one",), never=("outlier",))


def partial(r: random.Random) -> Planted:
    labels = months("2025-01", r.randint(8, 20))
    values = [50_000 + r.randint(-900, 900) for _ in labels]
    values[-1] = r.randint(9_000, 20_000)
    year, month = int(labels[-1][:4]), int(labels[-1][5:])
    now = dt.datetime.combine(dt.date(year, month, r.randint(3, 25)), dt.time(12))
    return Planted(
        "partial period",
        *line(labels, values),
        ("partial",),
        numbers=(values[-1],),
        never=("outlier", "step", "trend"),
        now=now,
    )


def constant(r: random.Random) -> Planted:
    labels, value = months("2024-01", r.randint(4, 40)), r.choice((0, 7, 12_345, -3))
    return Planted(
        "constant",
        *line(labels, [value] * len(labels)),
        ("constant",),
        numbers=(value,),
        never=("trend", "flat", "outlier"),
    )


def driver(r: random.Random) -> Planted:
    cities = r.sample(CITIES, r.randint(3, 6))
    before = {one: r.randint(50_000, 90_000) for one in cities}
    after = {one: value + r.randint(-900, 900) for one, value in before.items()}
    mover, way = r.choice(cities), r.choice((1, -1))
    after[mover] = before[mover] + way * 20_000
    tiny = "Islands"
    before[tiny], after[tiny] = 300, 900
    cells = [(at, one, sums[one]) for at, sums in (("2025", before), ("2026", after)) for one in sums]
    made = tile(("year", "city", "sales"), cells, "bar", xField="year", yField="sales", seriesField="city")
    kind = "driver_up" if way > 0 else "driver_down"
    return Planted("driver", *made, (kind,), entities=(mover,), numbers=(way * 20_000,))


def driver_columns(r: random.Random) -> Planted:
    cities = r.sample(CITIES, 5)
    cells = [(one, value := r.randint(9_000, 20_000), value + r.randint(-200, 200)) for one in cities]
    mover = cells[2][0]
    cells[2] = (mover, 15_000, 9_000)
    made = tile(("city", "sales_prev", "sales"), cells, "bar", xField="city", yField="sales")
    return Planted("driver by columns", *made, ("driver_down",), entities=(mover,), numbers=(-6_000,))


def offset(r: random.Random) -> Planted:
    a, b, c = r.sample(CITIES, 3)
    moved = r.randint(15_000, 30_000)
    cells = [("Q1", a, 90_000), ("Q1", b, 80_000), ("Q1", c, 40_000)]
    cells += [("Q2", a, 90_000 + moved), ("Q2", b, 80_000 - moved + 700), ("Q2", c, 40_100)]
    made = tile(
        ("quarter", "city", "sales"), cells, "bar", xField="quarter", yField="sales", seriesField="city"
    )
    return Planted("offset", *made, ("offset",), entities=(a, b), numbers=(moved,))


def newcomer(r: random.Random) -> Planted:
    a, b, c = r.sample(CITIES, 3)
    size = r.randint(30_000, 60_000)
    cells = [
        ("2025", a, 70_000),
        ("2025", b, 80_000),
        ("2026", a, 71_000),
        ("2026", b, 81_000),
        ("2026", c, size),
    ]
    made = tile(("year", "city", "sales"), cells, "bar", xField="year", yField="sales", seriesField="city")
    return Planted("new member", *made, ("new",), entities=(c,), numbers=(size,))


def leaver(r: random.Random) -> Planted:
    a, b, c = r.sample(CITIES, 3)
    size = r.randint(30_000, 60_000)
    cells = [
        ("2025", a, 70_000),
        ("2025", b, 80_000),
        ("2025", c, size),
        ("2026", a, 71_000),
        ("2026", b, 81_000),
    ]
    made = tile(("year", "city", "sales"), cells, "bar", xField="year", yField="sales", seriesField="city")
    return Planted("gone member", *made, ("gone",), entities=(c,), numbers=(size,))


def mix(r: random.Random) -> Planted:
    low, high = r.uniform(0.02, 0.04), r.uniform(0.09, 0.14)
    cells = []
    for at, phone in (("2026-01", r.randint(2_000, 3_000)), ("2026-02", r.randint(12_000, 16_000))):
        cells += [(at, "Phone", round(phone * low), phone), (at, "Desk", round(9_000 * high), 9_000)]
    made = tile(
        ("month", "device", "orders", "visits"),
        cells,
        "bar",
        xField="month",
        yField="orders",
        seriesField="device",
    )
    return Planted("mix", *made, ("mix",), entities=("Phone",), never=("simpson_groups",))


def within(r: random.Random) -> Planted:
    n = r.randint(8_000, 12_000)
    cells = [("2026-01", "Phone", round(n * 0.06), n), ("2026-01", "Desk", round(n * 0.05), n)]
    cells += [("2026-02", "Phone", round(n * 0.03), n), ("2026-02", "Desk", round(n * 0.05), n)]
    made = tile(
        ("month", "device", "orders", "visits"),
        cells,
        "bar",
        xField="month",
        yField="orders",
        seriesField="device",
    )
    return Planted("rate", *made, ("within_down",), entities=("Phone",), never=("mix", "simpson"))


def simpson(r: random.Random) -> Planted:
    low, high = 40_000 + r.randint(-500, 500), 70_000 + r.randint(-500, 500)
    cells = [("2025", "Junior", 200, 200 * low), ("2025", "Senior", 100, 100 * high)]
    cells += [("2026", "Junior", 360, 360 * (low + 800)), ("2026", "Senior", 80, 80 * (high + 900))]
    made = tile(
        ("year", "level", "headcount", "payroll"),
        cells,
        "bar",
        xField="year",
        yField="payroll",
        seriesField="level",
    )
    return Planted(
        "Simpson",
        *made,
        ("simpson_down",),
        entities=("Junior", "Senior"),
        numbers=(low, low + 800, high, high + 900),
    )


def simpson_groups(r: random.Random) -> Planted:
    k = r.randint(1, 4)
    cells = [("A", "small", 81 * k, 87 * k), ("A", "large", 192 * k, 263 * k)]
    cells += [("B", "small", 234 * k, 270 * k), ("B", "large", 55 * k, 80 * k)]
    r.shuffle(cells)
    made = tile(
        ("treatment", "stones", "healed", "treated"),
        cells,
        "bar",
        xField="stones",
        yField="healed",
        seriesField="treatment",
    )
    return Planted(
        "Simpson between groups", *made, ("simpson_groups",), entities=("A", "B", "small", "large")
    )


def ranking(r: random.Random) -> Planted:
    cities = r.sample(CITIES, 6)
    values = sorted(r.sample(range(2_000, 9_000), 6), reverse=True)
    cells = list(zip(cities, values, strict=True))
    r.shuffle(cells)
    made = tile(
        ("city", "sales"), cells, r.choice(("bar", "pie", "table", "treemap")), xField="city", yField="sales"
    )
    return Planted(
        "ranking",
        *made,
        ("ranking",),
        entities=(cities[0], cities[-1]),
        numbers=(values[0], values[-1]),
        never=("tie",),
    )


def tie(r: random.Random) -> Planted:
    a, b, c, d = r.sample(CITIES, 4)
    value = r.randint(4_000, 6_000)
    cells = [(c, 1_200), (a, value), (d, 900), (b, value)]
    return Planted(
        "tie",
        *tile(("city", "sales"), cells, "bar", xField="city", yField="sales"),
        ("tie",),
        entities=(a, b),
        numbers=(value,),
    )


def concentration(r: random.Random) -> Planted:
    values = [r.randint(40_000, 60_000) for _ in range(2)] + [r.randint(500, 2_000) for _ in range(10)]
    cells = [(f"Customer {chr(65 + at)}", value) for at, value in enumerate(values)]
    made = tile(("customer", "sales"), cells, "bar", xField="customer", yField="sales")
    return Planted("concentration", *made, ("concentrated",))


def kpi_rise(r: random.Random) -> Planted:
    before, value = r.randint(200, 900), r.randint(1_000, 2_000)
    made = tile(
        ("cost", "cost_prev"),
        [(value, before)],
        "kpi",
        valueField="cost",
        comparisonField="cost_prev",
        lowerIsBetter=True,
    )
    return Planted("KPI, lower is better", *made, ("kpi_up_worse",), numbers=(value, before, value - before))


def kpi_zero(r: random.Random) -> Planted:
    value = r.randint(3, 900)
    made = tile(("cost", "cost_prev"), [(value, 0)], "kpi", valueField="cost", comparisonField="cost_prev")
    return Planted("KPI from zero", *made, ("kpi_from_zero_up",), numbers=(value,))


def kpi_sign(r: random.Random) -> Planted:
    value, before = r.randint(3, 900), -r.randint(3, 900)
    made = tile(
        ("profit", "profit_prev"),
        [(value, before)],
        "kpi",
        valueField="profit",
        comparisonField="profit_prev",
    )
    return Planted("KPI over zero", *made, ("kpi_turned_up",), numbers=(value, before, value - before))


def kpi_percent(r: random.Random) -> Planted:
    value, before = round(r.uniform(0.2, 0.4), 3), round(r.uniform(0.05, 0.15), 3)
    made = tile(
        ("rate", "rate_prev"),
        [(value, before)],
        "kpi",
        valueField="rate",
        comparisonField="rate_prev",
        valueFormat="percent",
    )
    return Planted("KPI in percent", *made, ("kpi_up_plain",), numbers=(value * 100, before * 100))


def negative(r: random.Random) -> Planted:
    values = [-9_000 + 400 * at + r.randint(-60, 60) for at in range(r.randint(12, 40))]
    return Planted(
        "negative values",
        *line(months("2022-01", len(values)), values, "result"),
        ("trend_up",),
        numbers=(values[0], values[-1]),
    )


def averages(r: random.Random) -> Planted:
    cells = [(at, one, r.randint(30, 90)) for at in ("2025", "2026") for one in r.sample(CITIES, 4)]
    made = tile(
        ("year", "city", "avg_price"), cells, "bar", xField="year", yField="avg_price", seriesField="city"
    )
    return Planted(
        "averages are not added",
        *made,
        ("change_", "single", "spread"),
        never=("driver", "concentrated", "offset"),
    )


def funnel(r: random.Random) -> Planted:
    a = r.randint(9_000, 12_000)
    cells = [("Visit", a), ("Cart", a // 2), ("Address", a // 2 - 300), ("Paid", a // 9)]
    made = tile(("step", "people"), cells, "funnel", nameField="step", valueField="people")
    return Planted("funnel", *made, ("funnel_step",), entities=("Address", "Paid"))


def relation(r: random.Random) -> Planted:
    cells = [(x := r.uniform(1, 100), -3 * x + r.gauss(0, 10)) for _ in range(40)]
    return Planted("scatter", *tile(("x", "y"), cells, "scatter", xField="x", yField="y"), ("opposed",))


def texts(r: random.Random) -> Planted:
    cells = [(f"Task {at}", "open" if at % 3 else "done") for at in range(r.randint(9, 30))]
    return Planted("texts", *tile(("task", "status"), cells, "table"), ("most_frequent",), entities=("open",))


def tiny(r: random.Random) -> Planted:
    value = r.randint(3, 900)
    return Planted(
        "one row",
        *tile(("city", "sales"), [("Lugo", value)], "bar", xField="city", yField="sales"),
        ("only",),
        numbers=(value,),
    )


KINDS: tuple[Callable[[random.Random], Planted], ...] = (
    trend, season, weekly, season_outlier, step, bend, spike, noise, gap, null, partial, constant, driver,
    driver_columns, offset, newcomer, leaver, mix, within, simpson, simpson_groups, ranking, tie, concentration,
    kpi_rise, kpi_zero, kpi_sign, kpi_percent, negative, averages, funnel, relation, texts, tiny,
)  # fmt: skip


def planted(kind: int, seed: int) -> Planted:
    """Return one tile of a kind; the same for the same seed."""
    return KINDS[kind](random.Random(f"{kind}/{seed}"))
