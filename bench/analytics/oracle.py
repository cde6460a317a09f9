"""Which numbers a sentence about a table may hold, found without the code that is measured."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from tesela.model.rows import Rows

_LABELS = re.compile(
    r"\b(?:19|20)\d\d(?:-\d\d){0,2}\b|\b\d{1,2} (?:de )?[A-Za-zé]+ (?:de )?(?:19|20)\d\d\b|\bQ[1-4]\b"
)
_NUMBER = re.compile(r"\d+(?:[.,\u00a0]\d+)*")


def told(text: str, rows: Rows, title: str, language: str = "en") -> list[float]:
    """Return the numbers in a text, without those of labels and dates; signs left out."""
    labels = {str(row[column]) for row in rows.rows for column in rows.columns if not _is_number(row[column])}
    for label in sorted((*labels, title), key=len, reverse=True):
        text = text.replace(label, " ") if label else text
    plain = (one[0] for one in _NUMBER.finditer(_LABELS.sub(" ", text)))
    group, point = (".", ",") if language == "es" else (",", ".")
    return [float(one.replace(group, "").replace(point, ".")) for one in plain]


def is_derivable(value: float, known: Sequence[float]) -> bool:
    """Say whether a rounded number is one of these: half a unit of its last place, 0.6 % at most."""
    return any(abs(value - one) <= max(0.006 * one, 0.51 if one >= 1000 else 0.051) for one in known)


def derivable(rows: Rows) -> list[float]:
    """Return cells, counts, sums and means by group, ratios of columns, differences, shares, slopes and split means."""
    numeric = [one for one in rows.columns if any(_is_number(row[one]) for row in rows.rows)]
    names = [one for one in rows.columns if one not in numeric]
    groups = list(_groups(rows, names))
    found = {float(count) for count in range(len(rows.rows) + 1)} | {100.0, 50.0}
    by_column: dict[str, list[float]] = {}
    for group in groups:
        for column in numeric:
            values = [float(row[column]) for row in group if _is_number(row[column])]
            if values:
                by_column.setdefault(column, []).extend((math.fsum(values), math.fsum(values) / len(values)))
                middle = sorted(values)
                found |= {
                    middle[len(middle) // 2],
                    (middle[len(middle) // 2] + middle[(len(middle) - 1) // 2]) / 2,
                }
        for a, b in itertools.permutations(numeric, 2):
            top, bottom = (math.fsum(row[one] for row in group if _is_number(row[one])) for one in (a, b))
            found |= {top - bottom, 100 * (top - bottom), 100 * (top - bottom) / bottom if bottom else 0.0}
            if bottom:
                by_column.setdefault(f"{a}/{b}", []).append(top / bottom)
    for column, values in by_column.items():
        found |= _combined(list(dict.fromkeys(values))[:130], is_ratio="/" in column)
    for column in numeric:
        found |= _sequence([float(row[column]) for row in rows.rows if _is_number(row[column])])
    return sorted({abs(one) for one in found} | {100 * abs(one) for one in found if abs(one) <= 1})


def _groups(rows: Rows, names: Sequence[str]) -> Iterable[list[Any]]:
    yield list(rows.rows)
    for count in range(1, len(names) + 1):
        for chosen in itertools.combinations(names, count):
            groups: dict[tuple[Any, ...], list[Any]] = {}
            for row in rows.rows:
                groups.setdefault(tuple(row[one] for one in chosen), []).append(row)
            yield from groups.values()


def _combined(values: Sequence[float], *, is_ratio: bool) -> set[float]:
    found = set(values)
    for a, b in itertools.product(values, values):
        found.add(a - b)
        if b:
            found |= {100 * (a - b) / b, 100 * a / b}
        if is_ratio:
            found.add(100 * (a - b))
    top = sorted(values, reverse=True)
    for k in (2, 3, 5):
        found |= {100 * math.fsum(top[1 : k + 1]) / top[0]} if len(top) > k and top[0] else set()
    if len(values) <= 20:
        moves = [a - b for a, b in itertools.combinations(values, 2) if a != b]
        found |= {100 * a / b for a, b in itertools.product(moves, moves)}
    return found


def _sequence(values: Sequence[float]) -> set[float]:
    """Return what a series gives: means and slopes before and after a split, and the medians around a point."""
    found: set[float] = set()
    for at in range(2, len(values) - 1):
        a, b = values[:at], values[at:]
        means = [math.fsum(one) / len(one) for one in (a, b)]
        found |= {*means, means[1] - means[0]} | (
            {100 * (means[1] - means[0]) / means[0]} if means[0] else set()
        )
        found |= {_slope(a), _slope(b), _slope(values[: at + 1])}
    found.add(_slope(values))
    for at in range(len(values)):
        near = sorted((*values[max(0, at - 3) : at], *values[at + 1 : at + 4]))
        if near:
            found.add((near[len(near) // 2] + near[(len(near) - 1) // 2]) / 2)
    ordered = sorted(values, reverse=True)
    total = math.fsum(values)
    return found | ({100 * math.fsum(ordered[:k]) / total for k in (1, 2, 3, 5)} if total else set())


def _slope(values: Sequence[float]) -> float:
    n = len(values)
    if n < 2:
        return 0.0
    mean, middle = math.fsum(values) / n, (n - 1) / 2
    return math.fsum((at - middle) * (one - mean) for at, one in enumerate(values)) / (n * (n * n - 1) / 12)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
