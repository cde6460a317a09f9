"""What is true of a measure over time: level, change, trend, change point, season, outliers, gaps, an open end."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tesela.analytics.facts import series
from tesela.analytics.facts.periods import CYCLES, Period, is_unfinished, missing_between, phase
from tesela.analytics.facts.reading import Measure
from tesela.analytics.facts.things import (
    Amount,
    Count,
    Finding,
    Mark,
    MarkKind,
    Name,
    Share,
    Value,
    When,
    Whens,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in order of time. periods: distinct; values: one per period, none missing."""

    measure: Measure
    periods: tuple[Period, ...]
    values: tuple[float, ...]
    holes: tuple[Period, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    def upto(self, count: int) -> Line:
        return Line(self.measure, self.periods[:count], self.values[:count], self.holes)

    def amount(self, at: int) -> Amount:
        return Amount(self.values[at], self.measure.unit)


@dataclass(frozen=True, slots=True)
class Told:
    """What was found, and between which two points the change is told. before, after: places in the line."""

    findings: list[Finding]
    before: int
    after: int


def line_of(measure: Measure, periods: Sequence[Period | None]) -> Line | None:
    """Return the measure by period, sums where there are several rows; None where they cannot be added."""
    sums: dict[float, list[float]] = {}
    named: dict[float, Period] = {}
    empty: dict[float, Period] = {}
    for period, value in zip(periods, measure.values, strict=True):
        if period is None:
            continue
        if value is None:
            empty[period.order] = period
            continue
        named.setdefault(period.order, period)
        sums.setdefault(period.order, []).append(value)
    if not sums or (not measure.is_additive and any(len(one) > 1 for one in sums.values())):
        return None
    orders = sorted(sums)
    holes = tuple(empty[order] for order in sorted(empty) if order not in sums)
    return Line(
        measure, tuple(named[one] for one in orders), tuple(math.fsum(sums[one]) for one in orders), holes
    )


def tell(line: Line, now: dt.datetime | None) -> Told:
    """Return what is true of the line; the last period apart when `now` lies in it."""
    findings = list(_holes(line))
    whole = line
    if now is not None and is_unfinished(line.periods[-1], now):
        values: dict[str, Value] = {"when": When(line.periods[-1]), "value": line.amount(-1)}
        if len(line) >= 3:
            whole = line.upto(len(line) - 1)
            findings.append(_finding(line, "partial", 90, values, [(len(line) - 1, "partial")]))
        else:
            findings.append(_finding(line, "partial_compared", 60, values, [(len(line) - 1, "partial")]))
    n = len(whole)
    if n < 2:
        if n and not findings:
            findings.append(
                _finding(whole, "single", 40, {"when": When(whole.periods[0]), "value": whole.amount(0)})
            )
        return Told(findings, 0, 0)
    if n >= 3 and len(set(whole.values)) == 1:
        between: dict[str, Value] = {
            "value": whole.amount(0),
            "n": Count(n),
            "first": When(whole.periods[0]),
            "last": When(whole.periods[-1]),
        }
        return Told([*findings, _finding(whole, "constant", 95, between)], n - 2, n - 1)
    shaped, season = _shaped(whole)
    before, is_year = _comparable(whole, season is not None)
    findings.append(_change(whole, before, is_year))
    return Told([*findings, *shaped], before, n - 1)


def outliers_of(line: Line) -> tuple[list[int], list[float] | None, int]:
    """Return the points that stand out, what the season adds to each, and the length of the season."""
    values, grain = line.values, line.periods[0].grain
    length = CYCLES.get(grain, 0)
    season = series.season_of(values, [phase(one) for one in line.periods], length) if length else None
    found = series.outliers(*_comparable_noise(values, season, line, length), len(values) / max(length, 1))
    if season is None and length:
        found = [at for at in found if not series.repeats(values, at, length)]
    return found, season, length


def _comparable_noise(
    values: Sequence[float], season: Sequence[float] | None, line: Line, length: int
) -> tuple[Sequence[float], Sequence[float] | None]:
    """Return values and season as logarithms where there is a season above zero: high months scatter more."""
    if season is None or min(values) <= 0:
        return values, season
    centre = series.median(values)
    logs = [1000 * math.log(value / centre) for value in values]
    in_logs = series.season_of(logs, [phase(one) for one in line.periods], length)
    return (values, season) if in_logs is None else (logs, in_logs)


def outlier_finding(
    line: Line, at: int, season: Sequence[float] | None, length: int, series_name: str | None
) -> Finding:
    """Return what to say of one point that stands out: with what its neighbours, or its like of other years, say."""
    values: dict[str, Value] = {"when": When(line.periods[at]), "value": line.amount(at)}
    others = (
        [line.values[one] for one in range(at % length, len(line), length) if one != at]
        if season is not None
        else []
    )
    if season is not None:
        here = phase(line.periods[at])
        others = [v for one, v in enumerate(line.values) if one != at and phase(line.periods[one]) == here]
    expected = series.near(line.values, at) if not others else series.median(others)
    direction = "high" if line.values[at] > expected else "low"
    if others and (line.values[at] > max(others) or line.values[at] < min(others)):
        values |= {
            "low": Amount(min(others), line.measure.unit),
            "high": Amount(max(others), line.measure.unit),
        }
        kind = f"outlier_season_{direction}"
    else:
        values["expected"] = Amount(series.near(line.values, at), line.measure.unit)
        direction = "high" if line.values[at] > series.near(line.values, at) else "low"
        kind = f"outlier_{direction}"
    if series_name is not None:
        values["series"] = Name(series_name)
        kind = kind.replace("outlier", "outlier_of")
    mark: MarkKind = "high" if direction == "high" else "low"
    return _finding(line, kind, 82, values, [(at, mark)], series_name)


def _shaped(line: Line) -> tuple[list[Finding], list[float] | None]:
    """Return season, outliers and shape; and what the season adds to each point."""
    found, season, length = outliers_of(line)
    findings: list[Finding] = []
    n = len(line)
    is_wild = series.is_volatile(len(found), n)
    cleaned = (
        list(line.values) if season is None else [a - b for a, b in zip(line.values, season, strict=True)]
    )
    if not is_wild:
        findings += [outlier_finding(line, at, season, length, None) for at in found[:3]]
        for at in found:
            cleaned[at] = series.near(cleaned, at)
    if season is not None:
        findings.append(_season(line, season))
    if n < 4:
        return findings, season
    shape = series.shape_of(cleaned)
    findings += _shape(line, shape, season is not None, is_wild, bool(found))
    return findings, season


def _shape(
    line: Line, shape: series.Shape, is_seasonal: bool, is_wild: bool, has_outliers: bool
) -> list[Finding]:
    first, last, n = line.values[0], line.values[-1], len(line)
    unit = line.measure.unit
    ends: dict[str, Value] = {
        "first": line.amount(0),
        "last": line.amount(-1),
        "from": When(line.periods[0]),
        "to": When(line.periods[-1]),
        "difference": Amount(last - first, unit, True),
    }
    if rate := _rate(first, last):
        ends["percent"] = rate
    _, slope = series.ols(line.values)
    ends["slope"] = Amount(slope, unit, True)
    suffix = "" if "percent" in ends else "_plain"
    match shape.kind:
        case "line" if is_seasonal:
            kind = "trend_season_up" if slope > 0 else "trend_season_down"
            half = n // 2
            a, b = (math.fsum(part) / len(part) for part in (line.values[:half], line.values[half:]))
            ends |= {"before": Amount(a, unit), "since": Amount(b, unit), "middle": When(line.periods[half])}
            return [_finding(line, kind, 72, ends)]
        case "line" if slope * (last - first) > 0:
            return [_finding(line, f"trend_{'up' if slope > 0 else 'down'}{suffix}", 75, ends)]
        case "step":
            return [_step(line, shape.at)]
        case "bend":
            return [_bend(line, shape.at, ends, suffix)]
        case _:
            pass
    low, high = min(range(n), key=lambda at: line.values[at]), max(range(n), key=lambda at: line.values[at])
    range_: dict[str, Value] = {
        "low": line.amount(low),
        "high": line.amount(high),
        "low_when": When(line.periods[low]),
        "high_when": When(line.periods[high]),
        "n": Count(n),
    }
    if n < 6:
        return [_finding(line, "range", 40, range_)]
    if is_wild:
        return [_finding(line, "volatile", 60, range_)]
    if is_seasonal or has_outliers:
        return [_finding(line, "no_trend", 45, {"n": Count(n)})]
    return [_finding(line, "flat", 65, range_)]


def _step(line: Line, at: int) -> Finding:
    before, since = math.fsum(line.values[:at]) / at, math.fsum(line.values[at:]) / (len(line) - at)
    unit = line.measure.unit
    values: dict[str, Value] = {
        "when": When(line.periods[at]),
        "before": Amount(before, unit),
        "since": Amount(since, unit),
        "difference": Amount(since - before, unit, True),
    }
    suffix = "_plain"
    if rate := _rate(before, since):
        values["percent"], suffix = rate, ""
    return _finding(line, f"step_{'up' if since > before else 'down'}{suffix}", 86, values, [(at, "shift")])


def _bend(line: Line, at: int, ends: Mapping[str, Value], suffix: str) -> Finding:
    """Return how the pace changed; a bend between two directions is a turn."""
    unit = line.measure.unit
    _, before = series.ols(line.values[: at + 1])
    _, since = series.ols(line.values[at:])
    values = {
        **ends,
        "when": When(line.periods[at]),
        "value": line.amount(at),
        "before": Amount(before, unit, True),
        "since": Amount(since, unit, True),
    }
    if before * since < 0 and min(abs(before), abs(since)) > 0.2 * max(abs(before), abs(since)):
        kind = "turn_down" if before > 0 else "turn_up"
    elif abs(since) > abs(before):
        kind = "faster_up" if since > 0 else "faster_down"
    else:
        kind = "slower_up" if before > 0 else "slower_down"
    return _finding(line, kind, 84, values, [(at, "bend")])


def _season(line: Line, season: Sequence[float]) -> Finding:
    by_phase: dict[int, int] = {}
    for at, one in enumerate(line.periods):
        by_phase[phase(one)] = at
    top, bottom = (
        max(by_phase.values(), key=lambda at: season[at]),
        min(by_phase.values(), key=lambda at: season[at]),
    )
    grain = line.periods[0].grain
    peaks = tuple(at for at, one in enumerate(line.periods) if phase(one) == phase(line.periods[top]))
    values: dict[str, Value] = {
        "peak": When(line.periods[top]),
        "trough": When(line.periods[bottom]),
        "peak_value": line.amount(top),
        "trough_value": line.amount(bottom),
    }
    return _finding(line, f"season_{grain}", 78, values, [(at, "peak") for at in peaks[-3:]])


def _comparable(line: Line, is_seasonal: bool) -> tuple[int, bool]:
    """Return the place of the comparable earlier period, and whether it is the one of a season ago."""
    last = line.periods[-1]
    if is_seasonal and last.start is not None:
        wanted = phase(last)
        for at in range(len(line) - 2, -1, -1):
            if phase(line.periods[at]) == wanted:
                return at, True
    return len(line) - 2, False


def _change(line: Line, before: int, is_season: bool) -> Finding:
    a, b = line.values[before], line.values[-1]
    unit = line.measure.unit
    values: dict[str, Value] = {
        "when": When(line.periods[-1]),
        "value": line.amount(-1),
        "earlier": When(line.periods[before]),
        "earlier_value": line.amount(before),
        "difference": Amount(b - a, unit, True),
    }
    direction = "same" if b == a else "up" if b > a else "down"
    rate = _rate(a, b)
    if rate and direction != "same":
        values["percent"] = rate
    grain = line.periods[-1].grain
    where = (
        ("season_" + ("year" if grain in ("month", "quarter", "week") else grain)) if is_season else "before"
    )
    suffix = "" if direction == "same" or "percent" in values else "_plain"
    return _finding(
        line, f"change_{where}_{direction}{suffix}", 70 if len(line) < 6 or is_season else 62, values
    )


def _holes(line: Line) -> list[Finding]:
    missing = missing_between(sorted((*line.periods, *line.holes), key=lambda one: one.order))
    empty = sorted((*missing, *line.holes), key=lambda one: one.order)
    total = len(empty) + len(line)
    if not empty or len(empty) > 0.7 * total:
        return []
    values: dict[str, Value] = {
        "n": Count(len(empty)),
        "whens": Whens(tuple(empty[:3])),
        "more": Count(len(empty) - 3),
        "first": When(line.periods[0]),
        "last": When(line.periods[-1]),
    }
    kind = "gap_one" if len(empty) == 1 else "gap_some" if len(empty) <= 3 else "gap_many"
    return [_finding(line, kind, 79, values)]


def _rate(before: float, after: float) -> Share | None:
    """Return the relative change, where it means something: from above zero, to no other sign."""
    if before <= 0 or after < 0:
        return None
    return Share((after - before) / before, True)


def _finding(
    line: Line,
    kind: str,
    importance: float,
    values: Mapping[str, Value],
    marks: Sequence[tuple[int, MarkKind]] = (),
    series_name: str | None = None,
) -> Finding:
    made = tuple(Mark(line.periods[at].raw, mark, series_name) for at, mark in marks)
    return Finding(kind, importance, {"measure": Name(line.measure.name), **values}, made)
