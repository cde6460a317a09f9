"""A tile's rows as a question sees them: which columns are figures, dates and names, and what they are called."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from tesela.analytics.questions.lexicon import LEVELS, RATES, is_figure, is_same
from tesela.analytics.questions.words import MONTHS_EN, MONTHS_ES, fold, key, listed, loose, name_words, stem
from tesela.model.rows import Rows

Kind = Literal["number", "date", "text"]
Grain = Literal["day", "week", "month", "quarter", "year"]

TIME_NAMES = frozenset(
    listed("day date dat month mes week semana quarter trimestr year ano period time fecha dia moment")
)
REFERENCES = frozenset(
    stem(word)
    for word in listed("""target goal budget plan quota min minimum max maximum reorder threshold prev previous prior
    forecast expected limit safety objetivo presupuesto meta minimo maximo anterior previo previsto""")
)
"""Columns that a figure is held against: they are meant only when they are named."""
HOLDINGS = frozenset(("stock", "inventori", "hand", "existencia", "inventario"))
NO_YEAR = 1904
"""The year of columns that are months of a year that is not told."""
_MONTH_OF = {stem(fold(name)): at for names in (MONTHS_EN, MONTHS_ES) for at, name in enumerate(names, 1)}
_MONTH_OF |= {fold(name)[:3]: at for names in (MONTHS_ES, MONTHS_EN) for at, name in enumerate(names, 1)}
CODES = frozenset(listed("id code codigo zip sku postal uuid phone"))
MOST_DIGITS = 400
"""Before the point: more has no number of a database that is a measure of anything."""
_NUMBER = re.compile(r"[-+]?[$€£]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?([eE][-+]?\d+)?%?$")
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
_MONTH = re.compile(r"(\d{4})-(\d{2})$")
_QUARTER = re.compile(r"(\d{4})[- ]?[Qq]([1-4])$")
_YEAR = re.compile(r"(19|20)\d{2}$")


@dataclass(frozen=True, slots=True)
class Tile:
    """What the caller hands in: one tile and the rows that it shows."""

    id: str
    title: str
    rows: Rows
    chart_config: Mapping[str, Any] = field(default_factory=dict)


_UNITARY = frozenset(("unit", "unitario", "unitari"))
"""Words of what one piece costs: unit_cost, coste_unitario."""


@dataclass(frozen=True)
class Column:
    """A column. words: the stems of its name. values: typed, in the order of the rows; None is missing."""

    name: str
    kind: Kind
    words: tuple[str, ...]
    values: tuple[Any, ...]
    raw: tuple[Any, ...]

    @property
    def is_rate(self) -> bool:
        """Its values may not be added up."""
        if len(self.words) > 1 and not _UNITARY.isdisjoint(self.words):
            return True
        return not RATES.isdisjoint(self.words)

    @property
    def is_level(self) -> bool:
        """Its values may be added up at one moment, but not over time."""
        return not LEVELS.isdisjoint(self.words)

    @property
    def is_percent(self) -> bool:
        return not {"pct", "percent", "percentag"}.isdisjoint(self.words) or "%" in self.name

    @cached_property
    def by_key(self) -> dict[str, list[str]]:
        """The distinct values of a column of names, by their comparable spelling."""
        found: dict[str, list[str]] = {}
        for value in dict.fromkeys(one for one in self.values if one is not None):
            found.setdefault(key(value), []).append(value)
        return found

    @cached_property
    def by_word(self) -> dict[str, set[str]]:
        """The values that have a word."""
        found: dict[str, set[str]] = {}
        for spelled, values in self.by_key.items():
            for word in spelled.split():
                found.setdefault(word, set()).update(values)
        return found

    @cached_property
    def by_loose(self) -> dict[str, set[str]]:
        """The values by their spelling without plurals and genders."""
        found: dict[str, set[str]] = {}
        for spelled, values in self.by_key.items():
            found.setdefault(" ".join(loose(word) for word in spelled.split()), set()).update(values)
        return found

    @cached_property
    def is_unique(self) -> bool:
        values = [one for one in self.values if one is not None]
        return len(set(values)) == len(values)

    @cached_property
    def grain(self) -> Grain:
        """What one date of a date column stands for."""
        texts = [str(one) for one in self.raw if one is not None]
        if texts and all(_YEAR.match(one) for one in texts):
            return "year"
        if texts and all(_QUARTER.match(one) for one in texts):
            return "quarter"
        if texts and all(_MONTH.match(one) for one in texts):
            return "month"
        days = sorted({one for one in self.values if one is not None})
        return _grain(days, self.words)


@dataclass(frozen=True)
class Table:
    """A tile's rows. Columns in their order. wide: the columns that were turned into rows, by their period."""

    id: str
    title: str
    columns: tuple[Column, ...]
    size: int
    truncated: bool = False
    is_turned: bool = False

    def __getitem__(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.columns)

    @cached_property
    def time(self) -> Column | None:
        """The column that says when, if there is one and only one that can be meant."""
        dates = [one for one in self.columns if one.kind == "date"]
        named = [one for one in dates if not TIME_NAMES.isdisjoint(one.words[-1:]) or len(one.words) == 1]
        named = [one for one in named if "restock" not in one.words]
        if len(named) == 1:
            return named[0]
        return dates[0] if len(dates) == 1 and self.columns[0] is dates[0] else None

    @cached_property
    def texts(self) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.kind == "text")

    @cached_property
    def numbers(self) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.kind == "number")

    @cached_property
    def main(self) -> Column | None:
        """The column of figures that the title names, if it is one and only one; else the only one of its kind."""
        named = [
            one
            for one in self.numbers
            if all(any(is_same(word, said) for said in self.title_words) for word in one.words)
        ]
        if len(named) == 1:
            return named[0]
        own = [one for one in self.numbers if REFERENCES.isdisjoint(one.words)]
        return own[0] if len(own) == 1 else None

    @cached_property
    def row_key(self) -> Column | None:
        """The column of names that tells the rows apart, and so says what a row is."""
        first = self.columns[0] if self.columns else None
        if first is None or first.kind != "text" or self.size < 2:
            return None
        return first if first.is_unique or self.is_turned else None

    @cached_property
    def holding(self) -> Column | None:
        """The column that says how much there is of something."""
        found = [
            one
            for one in self.numbers
            if not HOLDINGS.isdisjoint(one.words)
            and REFERENCES.isdisjoint(one.words)
            and not one.is_rate
            and HOLDINGS.union(("quantiti", "qti", "unit", "on", "level")).issuperset(one.words)
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def title_words(self) -> frozenset[str]:
        return frozenset(name_words(self.title))


def tables_of(tile: Tile) -> list[Table]:
    """Return the ways to read a tile: as it is, and, when columns are periods (sales_2024), turned into rows."""
    table = Table(
        tile.id,
        tile.title,
        tuple(_column(name, tile.rows) for name in tile.rows.columns),
        len(tile.rows.rows),
        tile.rows.truncated,
    )
    turned = _turned(table)
    return [table] if turned is None else [turned, table]


def day_of(value: Any) -> dt.date | None:
    """Return the first day of what a value stands for; None when it is no date.

    >>> day_of("2026-Q2"), day_of("2026-13")
    (datetime.date(2026, 4, 1), None)
    """
    text = str(value)
    try:
        if match := _DATE.match(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _MONTH.match(text):
            return dt.date(int(match[1]), int(match[2]), 1)
        if match := _QUARTER.match(text):
            return dt.date(int(match[1]), 3 * int(match[2]) - 2, 1)
        if _YEAR.match(text):
            return dt.date(int(text), 1, 1)
    except ValueError:
        return None
    return None


def _column(name: str, rows: Rows) -> Column:
    raw = tuple(row.get(name) for row in rows.rows)
    words = name_words(name)
    declared = rows.types.get(name)
    kind = _kind(raw, words, declared)
    values: tuple[Any, ...]
    if kind == "number":
        values = tuple(_number(one) for one in raw)
    elif kind == "date":
        values = tuple(None if one is None else day_of(one) for one in raw)
    else:
        values = tuple(None if one is None or one == "" else _text(one) for one in raw)
    return Column(name, kind, words, values, raw)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _kind(raw: Sequence[Any], words: tuple[str, ...], declared: str | None) -> Kind:
    if declared in ("date", "timestamp", "timestamptz"):
        return "date"
    if declared in ("bool", "json", "binary", "interval", "time"):
        return "text"
    present = [one for one in raw if one is not None and one != ""]
    if not present or any(isinstance(one, bool | list | dict) for one in present):
        return "number" if declared in ("int", "bigint", "decimal", "bigdecimal", "float") else "text"
    is_code = not CODES.isdisjoint(words)
    if all(isinstance(one, int | float) for one in present):
        if TIME_NAMES.issuperset(words) and all(
            isinstance(one, int) and 1900 <= one <= 2100 for one in present
        ):
            return "date"
        return "text" if is_code else "number"
    texts = [str(one) for one in present]
    if all(day_of(one) is not None for one in texts) and not (
        is_code or all(_YEAR.match(one) for one in texts)
    ):
        return "date"
    if all(_YEAR.match(one) for one in texts) and not TIME_NAMES.isdisjoint(words):
        return "date"
    if not is_code and all(_NUMBER.match(one) for one in texts):
        return "number"
    return "text"


def _number(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        found = Decimal(value if isinstance(value, int) else str(value).strip("$€£%").replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found.adjusted() <= MOST_DIGITS else None


def _grain(days: Sequence[dt.date], words: tuple[str, ...]) -> Grain:
    if not days:
        return "day"
    if all(day.day == 1 for day in days) and (len(days) > 1 or "month" in words or "mes" in words):
        if "quarter" in words or "trimestr" in words:
            return "quarter"
        if len(days) > 1 and all(day.month == 1 for day in days):
            return "year"
        return "month"
    gaps = {(later - day).days for day, later in pairwise(days)}
    if (gaps and all(gap % 7 == 0 for gap in gaps)) or (not gaps and "week" in words):
        return "week"
    return "day"


def _turned(table: Table) -> Table | None:
    """Return the table with one row for each of the columns that differ in their period only; None without such."""
    families: dict[tuple[str, ...], list[tuple[dt.date, Grain, Column]]] = {}
    told = next((int(word) for word in table.title_words if _YEAR.match(word)), NO_YEAR)
    for column in table.numbers:
        if (found_period := _period_in(column.words, told)) is not None:
            start, size, rest = found_period
            families.setdefault((size, *rest), []).append((start, size, column))
    found = [sorted(members, key=lambda one: one[0]) for members in families.values() if len(members) > 1]
    if len(found) != 1 or table.time is not None:
        return None
    members = found[0]
    times, size = len(members), members[0][1]
    if len({start for start, _, _ in members}) != times or (size != "year" and times < 3):
        return None
    parts = _period_in(members[0][2].words, told)
    words = parts[2] if parts else ()
    used = {column.name for _, _, column in members}
    if size == "year":
        name = re.sub(r"[_\s-]*(19|20)\d{2}[_\s-]*", "", members[0][2].name) or "value"
        raws = [str(start.year) for start, _, _ in members]
    else:
        name = " ".join(words) or _measured(table) or "value"
        raws = [column.name for _, _, column in members]
    words = words or (("value", "scor") if name == "value" else name_words(name))
    columns = [
        Column(one.name, one.kind, one.words, one.values * times, one.raw * times)
        for one in table.columns
        if one.name not in used and one.kind != "number"
    ]
    starts = tuple(start for start, _, _ in members for _ in range(table.size))
    columns.append(
        Column(size, "date", (size,), starts, tuple(raw for raw in raws for _ in range(table.size)))
    )
    columns.append(
        Column(
            name,
            "number",
            words,
            tuple(one for _, _, column in members for one in column.values),
            tuple(one for _, _, column in members for one in column.raw),
        )
    )
    return Table(table.id, table.title, tuple(columns), table.size * times, table.truncated, is_turned=True)


def _period_in(words: Sequence[str], told: int) -> tuple[dt.date, Grain, tuple[str, ...]] | None:
    """Return the first day of the year, quarter or month in a column's name, its size, and the other words."""
    years = [word for word in words if _YEAR.match(word)]
    months = [word for word in words if word in _MONTH_OF]
    quarters = [word for word in words if re.fullmatch(r"q[1-4]", word)]
    if len(years) > 1 or len(months) + len(quarters) > 1:
        return None
    rest = tuple(word for word in words if word not in (*years, *months, *quarters))
    year = int(years[0]) if years else told
    if months:
        return dt.date(year, _MONTH_OF[months[0]], 1), "month", rest
    if quarters:
        return dt.date(year, 3 * int(quarters[0][1]) - 2, 1), "quarter", rest
    if years and rest and re.fullmatch(r"0[1-9]|1[0-2]", rest[-1]):
        return dt.date(year, int(rest[-1]), 1), "month", rest[:-1]
    return (dt.date(year, 1, 1), "year", rest) if years else None


def _measured(table: Table) -> str | None:
    """Return the word of the title that says what the cells are: "Sales by product line"."""
    return next((word for word in name_words(table.title)[:2] if is_figure(word)), None)
