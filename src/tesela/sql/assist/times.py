"""Buckets of time in a query, and how many steps each lies after the start of its period."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp, parse_one

from tesela.sql.assist.reading import Reading

DAYS = frozenset({"DAY", "WEEK", "MONTH", "QUARTER", "YEAR"})
CYCLES = (exp.DayOfWeek, exp.DayOfMonth, exp.DayOfYear, exp.Hour, exp.Minute, exp.Second, exp.Dayname)
PARTS_THAT_CYCLE = frozenset(
    {"HOUR", "MINUTE", "SECOND", "DOW", "ISODOW", "DAYOFWEEK", "DAY", "DOY", "DAYOFYEAR"}
)
BY_PLACE = "{name} is matched by its place in the period: a missing one shifts those after it"
ENDS = ("range.start", "range.end")


@dataclass(frozen=True, slots=True)
class Step:
    """How a bucket is numbered. unit: of the bucket, upper case; empty: by its place among the others."""

    unit: str
    note: str = ""

    def number(self, reading: Reading, name: str, start: str) -> exp.Expr:
        """Return how many steps the bucket `name` lies after the period's start, or which in order it is."""
        bucket: exp.Expr = reading.column(name)
        if not self.unit:
            rank = exp.Anonymous(this="DENSE_RANK", expressions=[])
            return exp.Window(this=rank, order=exp.Order(expressions=[exp.Ordered(this=bucket)]))
        is_day = self.unit in DAYS
        first: exp.Expr = exp.Cast(
            this=reading.stand_in(start), to=exp.DataType.build("DATE" if is_day else "TIMESTAMP")
        )
        if self.unit in ("YEAR", "QUARTER", "MONTH"):
            return exp.Sub(
                this=_months(self.unit, bucket), expression=exp.Paren(this=_months(self.unit, first))
            )
        if self.unit == "WEEK":
            first = _parsed("CAST(DATE_TRUNC('week', x) AS DATE)", first)
        if is_day:
            bucket = exp.Cast(this=bucket, to=exp.DataType.build("DATE"))
        return exp.Sub(this=bucket, expression=first)


def _months(unit: str, date: exp.Expr) -> exp.Expr:
    template = {
        "YEAR": "EXTRACT(YEAR FROM x)",
        "QUARTER": "EXTRACT(YEAR FROM x) * 4 + EXTRACT(QUARTER FROM x)",
        "MONTH": "EXTRACT(YEAR FROM x) * 12 + EXTRACT(MONTH FROM x)",
    }
    return _parsed(template[unit], date)


def _parsed(sql: str, x: exp.Expr) -> exp.Expr:
    tree = parse_one(sql, dialect="postgres")
    for column in list(tree.find_all(exp.Column)):
        column.replace(x.copy())
    return tree


def range_columns(reading: Reading) -> set[str]:
    """Return the columns that conditions of the query compare with the range, under all their names."""
    found: set[str] = set()
    for node in reading.tree.find_all(exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between):
        columns = list(node.find_all(exp.Column))
        if any(reading.placeholder_of(column) in ENDS for column in columns):
            found |= {column.name.lower() for column in columns if reading.placeholder_of(column) is None}
    for _ in range(5):
        more = {
            alias.alias.lower()
            for alias in reading.tree.find_all(exp.Alias)
            if isinstance(alias.this, exp.Column | exp.Cast)
            and any(column.name.lower() in found for column in alias.this.find_all(exp.Column))
        }
        if more <= found:
            break
        found |= more
    return found


def step_of(reading: Reading, expr: exp.Expr, ranges: set[str]) -> Step | None:
    """Return how a dimension's values of now and before are matched: None is by value."""
    expr = expr.unnest()
    if not any(column.name.lower() in ranges for column in expr.find_all(exp.Column)):
        return None
    if isinstance(expr, CYCLES):
        return None
    if isinstance(expr, exp.Extract) and expr.name.upper() in PARTS_THAT_CYCLE:
        return None
    if reading.dialect not in ("duckdb", "postgres"):
        return Step("", BY_PLACE)
    note = "without a period chosen, the tile says that it needs one"
    inner: exp.Expr = expr
    if isinstance(expr, exp.Cast) and expr.to.this in (exp.DataType.Type.DATE, exp.DataType.Type.TIMESTAMP):
        if isinstance(expr.this, exp.Column):
            return Step("DAY" if expr.to.this is exp.DataType.Type.DATE else "SECOND", note)
        inner = expr.this
    if isinstance(inner, exp.Column):
        return Step("DAY", note)
    if isinstance(inner, exp.TimestampTrunc | exp.DateTrunc):
        unit = inner.args.get("unit")
        name = unit.name.upper() if unit is not None else ""
        if name in DAYS or name in ("HOUR", "MINUTE", "SECOND"):
            return Step(name, note)
    return Step("", BY_PLACE)
