"""Data large enough to measure: a shop with orders, their lines and customers, the same on every machine."""

from __future__ import annotations

from pathlib import Path

import duckdb

ORDERS = 750_000
CUSTOMERS = 75_000

DICE = "CREATE MACRO roll(what, a, b, sides) AS (hash(what, a, b) % sides)::BIGINT"
"""A number from 0 to sides - 1 that follows from what it is thrown for."""

TABLES = {
    "customers": f"""
SELECT
  i AS customer_id,
  'Customer ' || i AS name,
  ['building', 'furniture', 'household', 'machinery', 'travel'][1 + roll('segment', i, 0, 5)] AS segment,
  'nation ' || roll('nation', i, 0, 25) AS nation,
  ['north', 'south', 'east', 'west', 'centre'][1 + roll('nation', i, 0, 25) % 5] AS region
FROM range({CUSTOMERS}) AS r(i)
""",
    "orders": f"""
SELECT
  i AS order_id,
  roll('customer', i, 0, {CUSTOMERS}) AS customer_id,
  DATE '2019-01-01' + roll('day', i, 0, 2400)::INTEGER AS ordered_on,
  ['urgent', 'high', 'medium', 'low', 'none'][1 + roll('priority', i, 0, 5)] AS priority,
  ((10000 + roll('total', i, 0, 40000000)) / 100)::DECIMAL(12, 2) AS total
FROM range({ORDERS}) AS r(i)
""",
    "lines": f"""
SELECT
  i AS order_id,
  n AS line,
  DATE '2019-01-01' + (roll('day', i, 0, 2400) + roll('shipped', i, n, 90))::INTEGER AS shipped_on,
  ['air', 'rail', 'road', 'sea', 'post', 'courier', 'pipe'][1 + roll('mode', i, n, 7)] AS mode,
  ['kept', 'returned', 'asked'][1 + roll('flag', i, n, 3)] AS flag,
  ['open', 'closed'][1 + roll('status', i, n, 2)] AS status,
  (1 + roll('quantity', i, n, 50))::DECIMAL(6, 0) AS quantity,
  ((90000 + roll('price', i, n, 10000000)) / 100)::DECIMAL(12, 2) AS price,
  (roll('discount', i, n, 11) / 100)::DECIMAL(4, 2) AS discount,
  (roll('tax', i, n, 9) / 100)::DECIMAL(4, 2) AS tax
FROM range({ORDERS}) AS r(i), range(4) AS s(n)
""",
}

TILES = {
    "revenue": "SELECT sum(price * (1 - discount)) AS revenue FROM lines",
    "orders": "SELECT count(*) AS orders FROM orders",
    "active": """
SELECT count(DISTINCT customer_id) AS customers FROM orders WHERE ordered_on >= DATE '2024-07-01'""",
    "revenue by month": """
SELECT date_trunc('month', ordered_on)::DATE AS month, sum(price * (1 - discount)) AS revenue
FROM orders JOIN lines USING (order_id) GROUP BY 1 ORDER BY 1""",
    "value by region and year": """
SELECT region, year(ordered_on) AS year, sum(total) AS value
FROM orders JOIN customers USING (customer_id) GROUP BY 1, 2 ORDER BY 1, 2""",
    "priorities": "SELECT priority, count(*) AS orders FROM orders GROUP BY 1 ORDER BY 1",
    "value by nation": """
SELECT nation, sum(total) AS value
FROM orders JOIN customers USING (customer_id) GROUP BY 1 ORDER BY 2 DESC""",
    "quantity by month and mode": """
SELECT date_trunc('month', shipped_on)::DATE AS month, mode, sum(quantity) AS quantity
FROM lines GROUP BY 1, 2 ORDER BY 1, 2""",
    "segments": "SELECT segment, count(*) AS customers FROM customers GROUP BY 1 ORDER BY 1",
    "best customers": """
SELECT name, nation, segment, count(*) AS orders, sum(total) AS value
FROM orders JOIN customers USING (customer_id) GROUP BY 1, 2, 3 ORDER BY value DESC LIMIT 100""",
    "pricing": """
SELECT flag, status, sum(quantity) AS quantity, sum(price) AS price,
  sum(price * (1 - discount) * (1 + tax)) AS charged, avg(discount) AS discount, count(*) AS lines
FROM lines GROUP BY 1, 2 ORDER BY 1, 2""",
    "orders by day": "SELECT ordered_on AS day, count(*) AS orders FROM orders GROUP BY 1 ORDER BY 1",
}
"""Twelve tiles, from a scan of one column to a join of all three tables."""

WIDE = """
SELECT order_id, line, shipped_on, mode, flag, quantity, price, discount
FROM lines WHERE order_id < 25000 ORDER BY order_id, line
"""
"""100,000 rows of 8 columns."""

MILLION = """
SELECT order_id, line, shipped_on, mode, flag, quantity, price, discount
FROM lines LIMIT 1000000
"""
"""1,000,000 rows of the same columns."""


def write_parquet(folder: Path) -> dict[str, Path]:
    """Return the tables as Parquet files."""
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    with duckdb.connect(":memory:") as connection:
        connection.execute(DICE)
        for name, file in files.items():
            connection.execute(f"COPY ({TABLES[name]}) TO '{file}' (FORMAT parquet)")
    return files
