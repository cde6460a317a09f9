"""What is true of members beside each other: who leads, ties, concentration, funnels, texts, two numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.reading import Dimension, Measure
from tesela.analytics.facts.things import PLAIN, Amount, Count, Finding, Mark, Name, Names, Share, Value, When


def ranked(
    totals: Mapping[str, float], measure: Measure, dimension: Dimension, at: Period | None = None
) -> list[Finding]:
    """Return leader, last, ties and concentration of the members. at: when, where the rows have a time."""
    if not totals:
        return []
    order = sorted(totals, key=lambda one: -totals[one])
    unit, n = measure.unit, len(order)
    common: dict[str, Value] = {
        "measure": Name(measure.name),
        "dimension": Name(dimension.name),
        "n": Count(n),
    }
    if at is not None:
        common["when"] = When(at)
    tail = "_at" if at is not None else ""
    total = math.fsum(totals.values())
    adds_up = measure.is_additive and total > 0 and min(totals.values()) >= 0
    if adds_up:
        common["total"] = Amount(total, unit)
    first = order[0]
    if n == 1:
        return [
            Finding(
                "only" + tail,
                50,
                {**common, "leader": Name(first), "value": Amount(totals[first], unit)},
                (_lead(first, at),),
            )
        ]
    if totals[order[0]] == totals[order[-1]]:
        values = {**common, "value": Amount(totals[first], unit), "members": Names(tuple(order[:6]))}
        return [Finding("all_same" + tail, 92, values)]
    return [
        *_top(order, totals, measure, common, tail, at),
        *_concentration(order, totals, common, total, adds_up),
    ]


def between_measures(totals: Sequence[tuple[Measure, float]]) -> list[Finding]:
    """Return which of several columns of one row is the largest, where they are of one kind."""
    if len(totals) < 2:
        return []
    best = max(totals, key=lambda one: one[1])
    worst = min(totals, key=lambda one: one[1])
    return [
        Finding("measure_value", 50, {"measure": Name(one.name), "value": Amount(value, one.unit)})
        for one, value in dict.fromkeys((best, worst))
    ]


def funnel(cells: Sequence[str], measure: Measure) -> list[Finding]:
    """Return what is left at the end, and the step that loses most."""
    steps = [(cell, value) for cell, value in zip(cells, measure.values, strict=True) if value is not None]
    if len(steps) < 2 or any(value <= 0 for _, value in steps[:-1]) or steps[-1][1] < 0:
        return []
    first, last = steps[0], steps[-1]
    common: dict[str, Value] = {"measure": Name(measure.name), "n": Count(len(steps))}
    whole: dict[str, Value] = {
        **common,
        "first": Name(first[0]),
        "last": Name(last[0]),
        "first_value": Amount(first[1], measure.unit),
        "last_value": Amount(last[1], measure.unit),
        "share": Share(last[1] / first[1]),
    }
    found = [Finding("funnel", 84, whole)]
    pairs = list(pairwise(steps))
    (a, b) = min(pairs, key=lambda pair: pair[1][1] / pair[0][1])
    if len(steps) > 2 and b[1] < a[1]:
        step: dict[str, Value] = {
            **common,
            "from": Name(a[0]),
            "to": Name(b[0]),
            "before": Amount(a[1], measure.unit),
            "after": Amount(b[1], measure.unit),
            "share": Share(b[1] / a[1]),
        }
        found.append(Finding("funnel_step", 80, step, (Mark(b[0], "low"),)))
    return found


def texts(dimensions: Sequence[Dimension], n: int) -> list[Finding]:
    """Return what a table without numbers holds: how many rows, and the most frequent value of a column."""
    if not dimensions:
        return []
    found = [
        Finding("rows_one" if n == 1 else "rows", 60, {"n": Count(n), "columns": Count(len(dimensions))})
    ]
    for dimension in dimensions[:6]:
        counted = Counter(cell for cell in dimension.cells if cell != "—").most_common(2)
        if (
            len(counted) == 2
            and counted[0][1] > max(1, counted[1][1])
            and len(set(dimension.cells)) <= max(2, n // 2)
        ):
            (name, times), _ = counted
            values: dict[str, Value] = {
                "dimension": Name(dimension.name),
                "member": Name(name),
                "times": Count(times),
                "n": Count(n),
            }
            found.append(Finding("most_frequent", 55, values))
    return found[:4]


def together(x: Measure, y: Measure) -> list[Finding]:
    """Return how two numbers go together: Spearman's rank correlation, told from 0.5 on and eight points."""
    pairs = [(a, b) for a, b in zip(x.values, y.values, strict=True) if a is not None and b is not None]
    if len(pairs) < 3:
        return []
    common: dict[str, Value] = {"x": Name(x.name), "y": Name(y.name), "n": Count(len(pairs))}
    r = (
        _correlation(_ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs]))
        if len(pairs) >= 8
        else None
    )
    if r is None or abs(r) < 0.5:
        low, high = min(b for _, b in pairs), max(b for _, b in pairs)
        values = {**common, "low": Amount(low, y.unit), "high": Amount(high, y.unit)}
        return [Finding("unrelated" if r is not None else "points", 50, values)]
    return [Finding("together" if r > 0 else "opposed", 75, {**common, "r": Amount(round(r, 2), PLAIN)})]


def spread_of(measure: Measure) -> list[Finding]:
    """Return the range of a column of numbers, and its median."""
    values = sorted(value for value in measure.values if value is not None)
    if not values:
        return []
    half = len(values) // 2
    middle = values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
    told: dict[str, Value] = {
        "measure": Name(measure.name),
        "n": Count(len(values)),
        "low": Amount(values[0], measure.unit),
        "high": Amount(values[-1], measure.unit),
        "median": Amount(middle, measure.unit),
    }
    if len(values) == 1:
        return [Finding("one_value", 60, {**told, "value": Amount(values[0], measure.unit)})]
    if values[0] == values[-1]:
        return [Finding("constant_rows", 90, {**told, "value": Amount(values[0], measure.unit)})]
    return [Finding("spread", 60, told)]


def _top(
    order: Sequence[str],
    totals: Mapping[str, float],
    measure: Measure,
    common: Mapping[str, Value],
    tail: str,
    at: Period | None,
) -> list[Finding]:
    unit = measure.unit
    tied = [one for one in order if totals[one] == totals[order[0]]]
    last = order[-1]
    values: dict[str, Value] = {
        **common,
        "leader": Name(order[0]),
        "value": Amount(totals[order[0]], unit),
        "last": Name(last),
        "last_value": Amount(totals[last], unit),
    }
    if len(tied) > 1:
        values |= {"members": Names(tuple(tied[:6])), "tied": Count(len(tied))}
        return [Finding("tie" + tail, 90, values, tuple(_lead(one, at) for one in tied))]
    second = order[1]
    values |= {"second": Name(second), "second_value": Amount(totals[second], unit)}
    kind = "ranking"
    if "total" in common:
        values["share"] = Share(totals[order[0]] / math.fsum(totals.values()))
        kind += "_share"
    if len(order) == 2:
        kind += "_two"
    return [Finding(kind + tail, 45 if at else 74, values, (_lead(order[0], at),))]


def _concentration(
    order: Sequence[str],
    totals: Mapping[str, float],
    common: Mapping[str, Value],
    total: float,
    adds_up: bool,
) -> list[Finding]:
    """Return how few members hold how much: one holds half, or a third of the members two thirds."""
    n = len(order)
    if not adds_up or n < 4:
        return []
    for k in (1, 2, 3, 5):
        share = math.fsum(totals[one] for one in order[:k]) / total
        if (k == 1 and share >= 0.5) or (1 < k <= n / 3 and share >= 0.6):
            values: dict[str, Value] = {
                **common,
                "k": Count(k),
                "share": Share(share),
                "leader": Name(order[0]),
                "members": Names(tuple(order[:k])),
            }
            return [Finding("concentrated_one" if k == 1 else "concentrated", 76, values)]
    return []


def _lead(member: str, at: Period | None) -> Mark:
    return Mark(at.raw, "lead", member) if at is not None else Mark(member, "lead")


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda at: values[at])
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for place in order[at : end + 1]:
            ranks[place] = (at + end) / 2
        at = end + 1
    return ranks


def _correlation(a: Sequence[float], b: Sequence[float]) -> float | None:
    mean_a, mean_b = math.fsum(a) / len(a), math.fsum(b) / len(b)
    both = math.fsum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    size = math.sqrt(math.fsum((x - mean_a) ** 2 for x in a) * math.fsum((y - mean_b) ** 2 for y in b))
    return both / size if size > 0 else None
