"""Questions about small invented tables, with answers computed here by plain Python over the same rows.

`question_cases.json` holds the tables and 44 questions; this adds further phrasings, in English and Spanish. A gold is
a number, a name, a list of names, True or False, or None for a question that the rows cannot answer.
"""

from __future__ import annotations

import datetime as dt
import json
import statistics
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Gold = float | str | list[str] | bool | None

_DOCUMENT = json.loads((Path(__file__).parent / "question_cases.json").read_text(encoding="utf-8"))
TABLES: dict[str, dict[str, Any]] = {
    name: {
        "id": name,
        "title": table["title"],
        "columns": table["columns"],
        "rows": [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]],
    }
    for name, table in _DOCUMENT["tables"].items()
}


def rows(table: str, **where: Any) -> list[Row]:
    """Return the rows of a table whose columns are, or begin with, or are among what is asked."""

    def fits(row: Row) -> bool:
        return all(
            row[c] in v
            if isinstance(v, tuple)
            else str(row[c]).startswith(str(v))
            if c in TIMES
            else row[c] == v
            for c, v in where.items()
        )

    return [row for row in TABLES[table]["rows"] if fits(row)]


TIMES = ("month", "week", "day", "mes", "quarter")


def total(table: str, column: str, **where: Any) -> float:
    return float(sum(float(row[column]) for row in rows(table, **where) if row[column] is not None))


def mean(table: str, column: str, **where: Any) -> float:
    return statistics.fmean(float(row[column]) for row in rows(table, **where) if row[column] is not None)


def median(table: str, column: str, **where: Any) -> float:
    return float(
        statistics.median(float(row[column]) for row in rows(table, **where) if row[column] is not None)
    )


def ranked(table: str, by: str, figure: Callable[[list[Row]], float | None], **where: Any) -> list[str]:
    """Return the names of the groups, the largest figure first."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows(table, **where):
        groups[str(row[by])].append(row)
    figures = {name: figure(members) for name, members in groups.items()}
    return sorted((name for name in figures if figures[name] is not None), key=lambda n: -(figures[n] or 0.0))


def adds(column: str) -> Callable[[list[Row]], float]:
    return lambda members: float(sum(float(row[column]) for row in members if row[column] is not None))


def per(one: str, other: str) -> Callable[[list[Row]], float]:
    return lambda members: adds(one)(members) / adds(other)(members)


def grows(column: str, time: str, base: str, now: str) -> Callable[[list[Row]], float | None]:
    def rate(members: list[Row]) -> float | None:
        old = [row for row in members if str(row[time]).startswith(base)]
        new = [row for row in members if str(row[time]).startswith(now)]
        return adds(column)(new) / adds(column)(old) - 1 if old and new and adds(column)(old) else None

    return rate


def change(table: str, column: str, time: str, base: str, now: str, **where: Any) -> float:
    """Return the growth in percent."""
    found = grows(column, time, base, now)(rows(table, **where))
    assert found is not None
    return found * 100


def weekday(row: Row) -> int:
    return dt.date.fromisoformat(row["day"]).weekday()


def days(*, first: str = "", last: str = "9999", only: tuple[int, ...] = tuple(range(7))) -> list[Row]:
    return [row for row in rows("orders_daily") if first <= row["day"] <= last and weekday(row) in only]


def orders(found: list[Row]) -> float:
    return float(sum(row["orders"] for row in found))


def names(table: str, column: str, keep: Callable[[Row], bool]) -> list[str]:
    return [row[column] for row in TABLES[table]["rows"] if keep(row)]


MONTHS_2026 = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06", "2026-07", "2026-08"]
Q1 = ("2026-01", "2026-02", "2026-03")


def kpi_when(year: str, months: str) -> list[Row]:
    return [row for row in rows("kpi", month=year) if row["month"][5:7] in months.split()]


def cases() -> list[tuple[str, str, str, Gold]]:
    """Return (table, language, question, gold)."""
    rev = [
        (
            "en",
            "Which region had the lowest revenue last month?",
            ranked("rev_region", "region", adds("revenue"), month="2026-08")[-1],
        ),
        (
            "en",
            "Which region grew fastest last month?",
            ranked("rev_region", "region", grows("revenue", "month", "2026-07", "2026-08"))[0],
        ),
        ("en", "Did Madrid beat Barcelona in March 2026?", True),
        ("en", "Did Bilbao make more revenue than Sevilla in August?", False),
        ("en", "In which month did Valencia peak?", "2026-01"),
        (
            "en",
            "What was Bilbao's revenue in 2026-05?",
            total("rev_region", "revenue", region="Bilbao", month="2026-05"),
        ),
        (
            "en",
            "What is the average monthly revenue of Sevilla?",
            mean("rev_region", "revenue", region="Sevilla"),
        ),
        (
            "en",
            "In how many months did Madrid exceed 150,000?",
            float(sum(r["revenue"] > 150000 for r in rows("rev_region", region="Madrid"))),
        ),
        (
            "en",
            "Which regions declined between January and August?",
            [
                n
                for n in ["Madrid", "Barcelona", "Valencia", "Sevilla", "Bilbao"]
                if change("rev_region", "revenue", "month", "2026-01", "2026-08", region=n) < 0
            ],
        ),
        (
            "en",
            "What was the total revenue in Q1 2026?",
            total("rev_region", "revenue", month=Q1)
            if False
            else sum(total("rev_region", "revenue", month=m) for m in Q1),
        ),
        (
            "en",
            "How much revenue did Madrid and Barcelona make together in July?",
            total("rev_region", "revenue", month="2026-07", region=("Madrid", "Barcelona")),
        ),
        (
            "en",
            "What share of August revenue came from Barcelona?",
            100
            * total("rev_region", "revenue", month="2026-08", region="Barcelona")
            / total("rev_region", "revenue", month="2026-08"),
        ),
        ("en", "How many regions are there?", 5.0),
        (
            "en",
            "What was total revenue excluding Madrid?",
            total("rev_region", "revenue") - total("rev_region", "revenue", region="Madrid"),
        ),
        (
            "en",
            "Which region ranks third by revenue in June 2026?",
            ranked("rev_region", "region", adds("revenue"), month="2026-06")[2],
        ),
        ("en", "What is the revenue of Zaragoza?", None),
        ("en", "What will revenue be in September?", None),
        ("en", "What was the profit of Madrid?", None),
        ("en", "How many customers does Madrid have?", None),
        (
            "en",
            "How much did revenue grow in August compared to the previous month?",
            change("rev_region", "revenue", "month", "2026-07", "2026-08"),
        ),
        ("en", "What was the revenue in December 2025?", None),
        (
            "en",
            "What is the difference between Madrid and Barcelona in August 2026?",
            total("rev_region", "revenue", month="2026-08", region="Madrid")
            - total("rev_region", "revenue", month="2026-08", region="Barcelona"),
        ),
        (
            "en",
            "Which region shrank the most from January to August?",
            ranked("rev_region", "region", grows("revenue", "month", "2026-01", "2026-08"))[-1],
        ),
        (
            "en",
            "What was the revenue of Madrid since June?",
            sum(
                total("rev_region", "revenue", region="Madrid", month=m)
                for m in ("2026-06", "2026-07", "2026-08")
            ),
        ),
        (
            "en",
            "Which month had the highest total revenue?",
            ranked("rev_region", "month", adds("revenue"))[0],
        ),
        ("en", "Did Valencia grow from January to August?", False),
        ("en", "Name the top 2 regions by revenue in 2026", ["Madrid", "Barcelona"]),
        (
            "en",
            "What rank is Sevilla by revenue in August?",
            float(ranked("rev_region", "region", adds("revenue"), month="2026-08").index("Sevilla") + 1),
        ),
        ("es", "¿Qué región tuvo más ingresos en agosto de 2026?", "Madrid"),
        ("es", "¿Cuánto ingresó Barcelona en total?", total("rev_region", "revenue", region="Barcelona")),
        (
            "es",
            "¿Cuánto creció Madrid de julio a agosto?",
            change("rev_region", "revenue", "month", "2026-07", "2026-08", region="Madrid"),
        ),
        (
            "es",
            "¿Qué región creció más el último mes?",
            ranked("rev_region", "region", grows("revenue", "month", "2026-07", "2026-08"))[0],
        ),
        ("es", "¿Por qué creció Madrid?", None),
        (
            "es",
            "¿Qué porcentaje de los ingresos viene de Madrid?",
            100 * total("rev_region", "revenue", region="Madrid") / total("rev_region", "revenue"),
        ),
        (
            "es",
            "Ordena las regiones por ingresos totales de mayor a menor",
            ranked("rev_region", "region", adds("revenue")),
        ),
        ("es", "¿Cuáles fueron los ingresos de Zaragoza?", None),
        ("es", "¿Superó Madrid a Barcelona en marzo de 2026?", True),
        ("es", "¿Cuáles serán los ingresos del próximo mes?", None),
        (
            "es",
            "¿Cuál fue el ingreso medio mensual de Sevilla?",
            mean("rev_region", "revenue", region="Sevilla"),
        ),
        ("en", "What was the revenue of Barcelna in May 2026?", None),
    ]
    products = [
        ("en", "Which category sold the most units?", ranked("products", "category", adds("units"))[0]),
        ("en", "How many products are in Furniture?", 3.0),
        ("en", "What is the total revenue of Lighting?", total("products", "revenue", category="Lighting")),
        (
            "en",
            "Which product has the highest return rate?",
            ranked("products", "product", per("returns", "units"))[0],
        ),
        ("en", "What is the profit of Slate Desk?", 65369.0 - 41200.0),
        (
            "en",
            "Which products had more than 40 returns?",
            names("products", "product", lambda r: r["returns"] > 40),
        ),
        (
            "en",
            "Which products are in the Decor category?",
            names("products", "product", lambda r: r["category"] == "Decor"),
        ),
        ("en", "Does Furniture make more revenue than Textiles?", True),
        ("en", "What is the average revenue per product?", mean("products", "revenue")),
        ("en", "Which category is Slate Desk in?", "Furniture"),
        (
            "en",
            "What are the three best-selling products by units?",
            ranked("products", "product", adds("units"))[:3],
        ),
        ("en", "What is the price per unit of Aurora Lamp?", 25984 / 812),
        ("en", "Which product has the lowest cost?", ranked("products", "product", adds("cost"))[-1]),
        (
            "en",
            "How many products have revenue above 30,000 and fewer than 30 returns?",
            float(sum(r["revenue"] > 30000 and r["returns"] < 30 for r in rows("products"))),
        ),
        (
            "en",
            "What share of revenue is Furniture?",
            100 * total("products", "revenue", category="Furniture") / total("products", "revenue"),
        ),
        ("en", "How many categories are there?", 4.0),
        ("en", "Which customers bought the Wall Clock?", None),
        ("en", "What was the revenue of the Terra Rug last month?", None),
        ("en", "What is the average customer rating of Oak Shelf?", None),
        (
            "en",
            "What is the gross margin of Textiles in percent?",
            100
            * (
                1
                - total("products", "cost", category="Textiles")
                / total("products", "revenue", category="Textiles")
            ),
        ),
        ("en", "What is the difference in units between Terra Rug and Wall Clock?", 104.0),
        ("en", "Which category has the fewest returns?", ranked("products", "category", adds("returns"))[-1]),
        ("en", "What percentage of products are in Textiles?", 25.0),
        ("en", "Is revenue higher for Cloud Pillow than for Halo Strip?", True),
        (
            "en",
            "What rank is Terra Rug by revenue?",
            float(ranked("products", "product", adds("revenue")).index("Terra Rug") + 1),
        ),
        ("es", "¿Qué producto genera más ingresos?", "Slate Desk"),
        (
            "es",
            "¿Cuántos productos vendieron menos de 300 unidades?",
            float(sum(r["units"] < 300 for r in rows("products"))),
        ),
        ("es", "¿Qué categoría tiene más devoluciones?", ranked("products", "category", adds("returns"))[0]),
        ("es", "¿Cuál es la mediana de devoluciones?", median("products", "returns")),
        ("es", "¿Cuántas unidades más vendió Cloud Pillow que Linen Throw?", 813.0),
        (
            "es",
            "¿Cuál es el beneficio de Furniture?",
            total("products", "revenue", category="Furniture")
            - total("products", "cost", category="Furniture"),
        ),
        (
            "es",
            "¿Qué productos tienen más de 40 devoluciones?",
            names("products", "product", lambda r: r["returns"] > 40),
        ),
        ("es", "¿Qué cliente compró más?", None),
    ]
    kpi = [
        (
            "en",
            "Which month of 2025 had the highest revenue?",
            ranked("kpi", "month", adds("revenue"), month="2025")[0],
        ),
        ("en", "What was total revenue last year?", None),
        ("en", "What is total revenue this year?", total("kpi", "revenue", month="2026")),
        (
            "en",
            "How many visitors per order did we have in May 2026?",
            total("kpi", "visitors", month="2026-05") / total("kpi", "orders", month="2026-05"),
        ),
        ("en", "What was revenue in March 2026?", total("kpi", "revenue", month="2026-03")),
        (
            "en",
            "How much did revenue grow year over year in June 2026?",
            change("kpi", "revenue", "month", "2025-06", "2026-06"),
        ),
        (
            "en",
            "In how many months was revenue above 500,000?",
            float(sum(r["revenue"] > 500000 for r in rows("kpi"))),
        ),
        (
            "en",
            "What was the average number of orders per month in 2026?",
            mean("kpi", "orders", month="2026"),
        ),
        (
            "en",
            "What share of 2025 orders fell in Q4 2025?",
            100 * orders_of("2025", "10 11 12") / orders_of("2025", ""),
        ),
        (
            "en",
            "Which quarter had the most orders?",
            None if False else "Q1 2026" if False else _best_quarter(),
        ),
        (
            "en",
            "What was the conversion rate in May 2026?",
            100 * total("kpi", "orders", month="2026-05") / total("kpi", "visitors", month="2026-05"),
        ),
        (
            "en",
            "How many new customers did we win between January 2026 and June 2026?",
            total("kpi", "new_customers", month="2026"),
        ),
        ("en", "Which month had the fewest visitors?", ranked("kpi", "month", adds("visitors"))[-1]),
        (
            "en",
            "What was the total revenue in the first half of 2025?",
            sum(r["revenue"] for r in kpi_when("2025", "01 02 03 04 05 06")),
        ),
        ("en", "What was revenue in 2024?", None),
        ("en", "What was our profit in March 2026?", None),
        ("en", "How many refunds did we have in 2025?", None),
        ("en", "Did orders increase from May to June 2026?", True),
        (
            "en",
            "How many more visitors did we have in June 2026 than in May 2026?",
            total("kpi", "visitors", month="2026-06") - total("kpi", "visitors", month="2026-05"),
        ),
        ("en", "What was the highest monthly revenue?", max(r["revenue"] for r in rows("kpi"))),
        ("en", "What is the median number of orders per month?", median("kpi", "orders")),
        ("en", "What was the second best month by revenue?", ranked("kpi", "month", adds("revenue"))[1]),
        (
            "en",
            "What was the average order value in 2025?",
            total("kpi", "revenue", month="2025") / total("kpi", "orders", month="2025"),
        ),
        ("en", "What were total orders in the last 3 months?", orders_of("2026", "04 05 06")),
        (
            "en",
            "How much revenue did we make before March 2025?",
            sum(r["revenue"] for r in kpi_when("2025", "01 02")),
        ),
        ("en", "How many orders did we get last month?", total("kpi", "orders", month="2026-06")),
        ("en", "Why did orders fall in May 2026?", None),
        ("en", "What will orders be next month?", None),
        ("es", "¿Cuántos pedidos tuvimos en 2025 en total?", total("kpi", "orders", month="2025")),
        ("es", "¿En qué mes hubo más pedidos?", "2026-06-01"),
        (
            "es",
            "¿Cuál fue el ticket medio en febrero de 2026?",
            total("kpi", "revenue", month="2026-02") / total("kpi", "orders", month="2026-02"),
        ),
        ("es", "¿Cuántos visitantes hubo en abril de 2025?", total("kpi", "visitors", month="2025-04")),
        ("es", "¿Cuánto variaron los ingresos interanualmente en junio de 2026?", None),
        (
            "es",
            "¿Cuál fue la variación interanual de los ingresos en junio de 2026?",
            change("kpi", "revenue", "month", "2025-06", "2026-06"),
        ),
        (
            "es",
            "¿Cuántos clientes nuevos conseguimos en octubre de 2025?",
            total("kpi", "new_customers", month="2025-10"),
        ),
    ]
    tickets = [
        ("en", "Which team has the most open tickets?", "Platform"),
        ("en", "How many tickets are open across all teams?", total("tickets", "open_tickets")),
        ("en", "Which teams have a CSAT below 4?", ["Platform", "Mobile", "Integrations"]),
        ("en", "What is the total number of closed tickets?", total("tickets", "closed_tickets")),
        ("en", "How long does Mobile take to resolve tickets on average?", 31.5),
        ("en", "Which team resolves tickets fastest?", "Security"),
        ("en", "Which team has the best CSAT?", "Security"),
        ("en", "What is the ratio of open to closed tickets for Platform?", 88 / 412),
        ("en", "Is the CSAT of Billing higher than that of Mobile?", True),
        ("en", "How many teams have more than 40 open tickets?", 4.0),
        ("en", "What is the total CSAT?", None),
        ("en", "How many tickets did Billing get last week?", None),
        ("en", "Which teams have more than 40 open tickets and a CSAT above 4?", ["Billing"]),
        ("en", "Which team has the longest resolution time?", "Mobile"),
        ("es", "¿Qué equipo tiene más incidencias abiertas?", "Platform"),
        ("es", "¿Qué equipo tiene la peor satisfacción?", "Mobile"),
        ("es", "¿Cuántas incidencias cerradas hay en total?", total("tickets", "closed_tickets")),
        ("es", "¿Qué equipos tienen más de 50 incidencias abiertas?", ["Platform", "Mobile", "Integrations"]),
    ]
    depts = [
        ("en", "Which department has the highest attrition?", "Operations"),
        ("en", "What is total headcount?", total("depts", "headcount")),
        ("en", "How many people work in Sales?", 54.0),
        ("en", "What percentage of headcount is Engineering?", 100 * 86 / total("depts", "headcount")),
        ("en", "Which departments have no open positions?", ["Finance", "Legal"]),
        (
            "en",
            "Which department has the highest payroll per head?",
            ranked("depts", "department", per("payroll_eur", "headcount"))[0],
        ),
        ("en", "Is attrition in Sales higher than in Engineering?", True),
        ("en", "What is the average attrition across departments?", mean("depts", "attrition_pct")),
        ("en", "How many employees are there in Engineering and Sales combined?", 140.0),
        ("en", "Which departments have attrition below 5%?", ["Finance", "Legal"]),
        ("en", "What is the total attrition?", None),
        ("en", "Who is the head of Marketing?", None),
        ("en", "What is the average age in Finance?", None),
        ("en", "Which department is the largest?", "Engineering"),
        ("en", "Are there any departments with more than 10 open positions?", True),
        ("en", "What percentage of departments have attrition above 10%?", 100 * 2 / 7),
        ("es", "¿Qué departamento tiene mayor rotación?", "Operations"),
        ("es", "¿Cuántas personas trabajan en Sales?", 54.0),
        ("es", "¿Qué departamentos no tienen vacantes?", ["Finance", "Legal"]),
        ("es", "¿Cuál es el salario medio en Engineering?", 85000.0),
    ]
    countries = [
        ("en", "Which countries declined from 2024 to 2025?", ["France", "Sweden"]),
        ("en", "Which country's sales did not change?", "Netherlands"),
        ("en", "What were Ireland's sales in 2025?", None),
        ("en", "What were total sales in 2024?", total("countries", "sales_2024")),
        ("en", "Which country had no sales in 2024?", "Poland"),
        ("en", "By how much did sales in Germany change in percent?", 100 * (1972300 / 1840200 - 1)),
        ("en", "How many countries grew?", 6.0),
        (
            "en",
            "What share of 2025 sales came from Germany?",
            100 * 1972300 / total("countries", "sales_2025"),
        ),
        ("en", "Which country sold the least in 2025?", "Poland"),
        ("en", "Did France grow?", False),
        ("en", "What were Belgium's sales in 2025?", None),
        ("en", "How much more did Spain sell in 2025 than in 2024?", 215300.0),
        ("en", "Which countries grew by more than 10%?", ["Spain", "Portugal"]),
        ("en", "How did sales in Ireland grow?", None),
        ("es", "¿Qué país creció más en porcentaje?", "Portugal"),
        ("es", "¿Cuánto vendió Francia en 2025?", None),
        ("es", "¿Cuáles son los 3 países con más ventas en 2025?", ["Germany", "France", "Spain"]),
        ("es", "¿Qué países cayeron?", ["France", "Sweden"]),
    ]
    traffic = [
        (
            "en",
            "Which channel has the best conversion rate?",
            ranked("traffic", "channel", per("conversions", "sessions"))[0],
        ),
        (
            "en",
            "What is the conversion rate of Social?",
            100
            * total("traffic", "conversions", channel="Social")
            / total("traffic", "sessions", channel="Social"),
        ),
        (
            "en",
            "How many sessions did Organic get last week?",
            total("traffic", "sessions", channel="Organic", week="2026-07-06"),
        ),
        (
            "en",
            "How did total sessions change week over week?",
            change("traffic", "sessions", "week", "2026-06-29", "2026-07-06"),
        ),
        (
            "en",
            "What are the total conversions in June 2026?",
            sum(total("traffic", "conversions", week=w) for w in ("2026-06",)),
        ),
        ("en", "Which channel brought the fewest sessions overall?", "Referral"),
        ("en", "What is the average weekly sessions of Email?", mean("traffic", "sessions", channel="Email")),
        (
            "en",
            "How many channels had more than 40,000 sessions in total?",
            float(
                len(
                    [
                        c
                        for c in ranked("traffic", "channel", adds("sessions"))
                        if total("traffic", "sessions", channel=c) > 40000
                    ]
                )
            ),
        ),
        ("en", "What is the bounce rate of Email?", None),
        ("en", "Which landing page converts best?", None),
        ("en", "How many sessions did TikTok bring?", None),
        (
            "es",
            "¿Qué canal tiene la mejor tasa de conversión?",
            ranked("traffic", "channel", per("conversions", "sessions"))[0],
        ),
        (
            "es",
            "¿Cuántas sesiones tuvo Organic la última semana?",
            total("traffic", "sessions", channel="Organic", week="2026-07-06"),
        ),
        ("es", "¿En qué semana hubo menos sesiones?", ranked("traffic", "week", adds("sessions"))[-1]),
    ]
    stock = [
        ("en", "How many units of SKU-101 are there in total?", total("stock", "stock", sku="SKU-101")),
        (
            "en",
            "Which SKUs in the North warehouse are below their reorder level?",
            names("stock", "sku", lambda r: r["warehouse"] == "North" and r["stock"] < r["reorder_level"]),
        ),
        ("en", "When was SKU-140 last restocked in South?", "2026-07-07"),
        ("en", "How many different SKUs are there?", 8.0),
        ("en", "Which line was restocked most recently?", None if False else "SKU-101"),
        ("en", "How many lines are out of stock?", 2.0),
        ("en", "What is the total stock in the South warehouse?", total("stock", "stock", warehouse="South")),
        ("en", "Which supplier delivers SKU-101?", None),
        ("en", "What is the value of the stock in North?", None),
        ("es", "¿Cuántas unidades de SKU-101 hay en total?", total("stock", "stock", sku="SKU-101")),
        ("es", "¿Qué almacén tiene más existencias?", ranked("stock", "warehouse", adds("stock"))[0]),
    ]
    daily = [
        ("en", "How many orders did we get on 2026-07-23?", 97.0),
        ("en", "How many orders did we get on August 14?", 611.0),
        (
            "en",
            "What is the average number of orders on weekends?",
            statistics.fmean(r["orders"] for r in days(only=(5, 6))),
        ),
        ("en", "How many orders did we get in the last 7 days?", orders(rows("orders_daily")[-7:])),
        ("en", "Which was the worst day in July?", "2026-07-23"),
        (
            "en",
            "How many orders came in on Sundays in July?",
            orders(days(first="2026-07-01", last="2026-07-31", only=(6,))),
        ),
        (
            "en",
            "What was the median number of daily orders in August?",
            statistics.median([r["orders"] for r in days(first="2026-08-01")]),
        ),
        ("en", "Were there more orders in August than in July?", True),
        ("en", "How many orders did we get on Christmas?", None),
        ("en", "What were the orders on 2026-09-15?", None),
        (
            "en",
            "How many orders did we get between 2026-08-01 and 2026-08-10?",
            orders(days(first="2026-08-01", last="2026-08-10")),
        ),
        ("en", "How many orders will we get tomorrow?", None),
        ("en", "Which day had the lowest number of orders?", "2026-07-23"),
        (
            "en",
            "What was the average number of orders per day in August 2026?",
            statistics.fmean(r["orders"] for r in days(first="2026-08-01")),
        ),
        ("es", "¿Cuántos pedidos hubo el 14 de agosto?", 611.0),
        ("es", "¿Cuántos pedidos hubo en los últimos 7 días?", orders(rows("orders_daily")[-7:])),
        (
            "es",
            "¿Cuántos días hubo menos de 300 pedidos?",
            float(sum(r["orders"] < 300 for r in rows("orders_daily"))),
        ),
        ("es", "¿Qué día hubo más pedidos?", "2026-08-14"),
    ]
    ads = [
        ("en", "What is the cost per conversion of Retarget A?", 6120.25 / 265),
        ("en", "What is the click-through rate of Brand Video?", None),
        ("en", "What is the conversion rate of Spring Sale?", 100 * 412 / 18320),
        ("en", "How much did we spend on Meta?", total("ads", "spend", platform="Meta")),
        (
            "en",
            "Which campaigns spent more than 10,000?",
            names("ads", "campaign", lambda r: float(r["spend"]) > 10000),
        ),
        (
            "en",
            "Which platform has the lowest cost per click?",
            ranked("ads", "platform", per("spend", "clicks"))[-1],
        ),
        ("en", "How many campaigns run on Meta?", 3.0),
        (
            "en",
            "What percentage of spend goes to Google?",
            100 * total("ads", "spend", platform="Google") / total("ads", "spend"),
        ),
        ("en", "Which campaign had the fewest conversions?", "Newsletter Boost"),
        ("en", "How many conversions did Retarget get?", None),
        ("en", "What is the average spend per campaign?", mean("ads", "spend")),
        ("en", "How many impressions did Lookalike get?", None),
        ("en", "What is the budget of Webinar Push?", None),
        ("es", "¿Cuánto gastamos en Google?", total("ads", "spend", platform="Google")),
        (
            "es",
            "¿Qué plataforma tiene el menor coste por conversión?",
            ranked("ads", "platform", per("spend", "conversions"))[-1],
        ),
        ("es", "¿Cuál fue el retorno de la inversión publicitaria de Lookalike?", None),
    ]
    tiendas = [
        ("es", "¿Qué tienda vendió más en junio?", "Gran Vía"),
        ("es", "¿Cuánto vendió la zona Sur en total?", total("tiendas", "ventas", zona="Sur")),
        (
            "es",
            "¿Qué tienda creció más de enero a junio?",
            ranked("tiendas", "tienda", grows("ventas", "mes", "2025-01", "2025-06"))[0],
        ),
        (
            "es",
            "¿Qué tiendas cayeron de enero a junio?",
            [
                n
                for n in ("Gran Vía", "Chamberí", "Vallecas", "Getafe", "Alcobendas")
                if change("tiendas", "ventas", "mes", "2025-01", "2025-06", tienda=n) < 0
            ],
        ),
        (
            "es",
            "¿Cuál es el ticket medio de Getafe?",
            total("tiendas", "ventas", tienda="Getafe") / total("tiendas", "pedidos", tienda="Getafe"),
        ),
        ("es", "¿Cuántas tiendas hay en la zona Centro?", 2.0),
        ("es", "¿Vendió más Vallecas que Getafe en mayo?", True),
        (
            "es",
            "¿Qué porcentaje de las ventas es de Gran Vía?",
            100 * total("tiendas", "ventas", tienda="Gran Vía") / total("tiendas", "ventas"),
        ),
        (
            "es",
            "¿Cuál fue la media mensual de pedidos de Chamberí?",
            mean("tiendas", "pedidos", tienda="Chamberí"),
        ),
        ("es", "¿Cuántos empleados tiene Getafe?", None),
        ("es", "¿Cuánto vendió Móstoles?", None),
        (
            "es",
            "¿En qué mes vendió más Alcobendas?",
            ranked("tiendas", "mes", adds("ventas"), tienda="Alcobendas")[0],
        ),
        ("en", "Which store sold the most in June?", "Gran Vía"),
        (
            "en",
            "How many orders did Vallecas get in March 2025?",
            total("tiendas", "pedidos", tienda="Vallecas", mes="2025-03"),
        ),
        (
            "en",
            "What were the total sales of Getafe and Vallecas in the last month?",
            total("tiendas", "ventas", tienda=("Getafe", "Vallecas"), mes="2025-06"),
        ),
        ("es", "Muestra las ventas por zona", ["Centro", "Sur", "Norte"]),
        (
            "es",
            "¿Cuáles son las dos tiendas con menos pedidos?",
            ranked("tiendas", "tienda", adds("pedidos"))[-2:],
        ),
        ("es", "¿Qué puesto ocupa Getafe por ventas?", 4.0),
    ]
    airlines = [
        ("en", "Which airline has the most flights?", "Southwest"),
        ("en", "Which airlines have an average delay above 14 minutes?", ["JetBlue", "Spirit", "Frontier"]),
        ("en", "Which airline has the lowest average delay?", None if False else "Alaska"),
        ("en", "How many flights did Frontier have cancelled?", None),
        ("en", "What share of flights is Delta?", 100 * 5210 / total("airlines", "flights")),
        ("en", "Which airline is the most punctual?", None),
        ("en", "How many airlines are more than 80% on time?", 4.0),
        ("en", "What is the average delay of United?", 11.9),
        ("en", "How many more flights did Delta operate than United?", 335.0),
        ("en", "Which airline has the second most flights?", "Delta"),
        ("en", "How many passengers did Delta carry?", None),
        ("en", "How many flights were cancelled in total?", total("airlines", "cancelled")),
        ("es", "¿Qué aerolínea tiene más vuelos?", "Southwest"),
        ("es", "¿Cuántos vuelos tiene Alaska?", 1605.0),
        ("es", "¿Cuál es la mediana de vuelos?", median("airlines", "flights")),
    ]
    plans = [
        ("en", "Which plan has the highest MRR in Q4 2025?", "Pro"),
        (
            "en",
            "How much did MRR grow from Q1 to Q4 2025?",
            change("plans", "mrr", "quarter", "2025-Q1", "2025-Q4"),
        ),
        ("en", "How many subscribers did Pro have in Q3?", 1010.0),
        ("en", "What is the total number of subscribers?", None),
        (
            "en",
            "How many subscribers do we have in the last quarter?",
            total("plans", "subscribers", quarter="2025-Q4"),
        ),
        ("en", "Which plan churned the most in total?", "Free"),
        ("en", "How much did MRR of Free grow from Q1 to Q4?", None),
        ("en", "What was the total MRR in Q2 2025?", total("plans", "mrr", quarter="2025-Q2")),
        (
            "en",
            "Which plan grew fastest in MRR last quarter?",
            ranked("plans", "plan", grows("mrr", "quarter", "2025-Q3", "2025-Q4"))[0],
        ),
        ("en", "What is the lifetime value of Team?", None),
        ("es", "¿Qué plan tuvo más MRR en el último trimestre?", "Pro"),
        ("es", "¿Cuántos suscriptores tenía Team en el segundo trimestre?", 251.0),
    ]
    people = [
        ("en", "Who closed the most deals?", ["Ana López", "Carla Ruiz"]),
        ("en", "Who sold the highest amount?", "Bruno Díaz"),
        ("en", "What is the total amount of the Lisbon office?", total("people", "amount", office="Lisbon")),
        ("en", "Which office has the most deals?", ranked("people", "office", adds("deals"))[0]),
        ("en", "What is the average amount per deal of Eva Novak?", 98000 / 12),
        ("en", "Which sellers are in London?", ["David Kim", "Eva Novak"]),
        ("en", "Is Ana López in Madrid?", True),
        ("en", "How many sellers are not in Madrid?", 4.0),
        ("en", "What commission did Ana López earn?", None),
        ("es", "¿Quién tiene el mayor importe?", "Bruno Díaz"),
        ("es", "¿Cuántos vendedores hay en Lisbon?", 2.0),
    ]
    groups = {
        "rev_region": rev, "products": products, "kpi": kpi, "tickets": tickets, "depts": depts, "countries": countries,
        "traffic": traffic, "stock": stock, "orders_daily": daily, "ads": ads, "tiendas": tiendas,
        "airlines": airlines, "plans": plans, "people": people,
    }  # fmt: skip
    return [
        (table, language, question, gold)
        for table, found in groups.items()
        for language, question, gold in found
    ]


def orders_of(year: str, months: str) -> float:
    found = kpi_when(year, months) if months else rows("kpi", month=year)
    return float(sum(row["orders"] for row in found))


def _best_quarter() -> str:
    sums: dict[str, int] = defaultdict(int)
    for row in rows("kpi"):
        sums[f"Q{(int(row['month'][5:7]) + 2) // 3} {row['month'][:4]}"] += row["orders"]
    return max(sums, key=lambda one: sums[one])
