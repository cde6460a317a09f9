"""Which findings a tile's rows have: one reader for KPIs, time, groups, members and texts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from tesela.analytics.facts import kpi, over_time, ranking, rates, segments
from tesela.analytics.facts.over_time import Line
from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.reading import Dimension, Measure, Subject, human, number
from tesela.analytics.facts.things import PLAIN, Count, Finding, Name, Value

MOST_MEMBERS = 200
"""Of a dimension whose members are compared."""
MOST_SERIES = 12
"""Of which outliers are told one by one."""


def findings_of(subject: Subject, now: dt.datetime | None) -> list[Finding]:
    """Return what is true, unordered; never nothing.

    now: without zone, in the dashboard's; None: every period counts as whole.
    """
    return _special(subject, now) or _plain(subject)


def _plain(subject: Subject) -> list[Finding]:
    """Return the least that can be said: the range of the numbers, or how many rows there are."""
    ranges = [one for measure in subject.measures[:1] for one in ranking.spread_of(measure)]
    n = len(subject.rows.rows)
    columns = Count(len(subject.rows.columns))
    return ranges or [Finding("rows_one" if n == 1 else "rows", 60, {"n": Count(n), "columns": columns})]


def _special(subject: Subject, now: dt.datetime | None) -> list[Finding]:
    """Return what is worth saying by the kind of tile; nothing where there is no such thing."""
    if not subject.rows.rows:
        return [Finding("empty", 100)]
    found = _nulls(subject)
    if subject.picture.tile_type == "kpi":
        found += kpi.headline(subject)
        if subject.before is None and len(subject.rows.rows) >= 4 and subject.measures and subject.periods:
            line = over_time.line_of(subject.measures[0], subject.periods)
            found += over_time.tell(line, now).findings if line else []
        return found
    if not subject.measures:
        return [*found, *ranking.texts(subject.dimensions, len(subject.rows.rows))]
    if subject.picture.chart_type == "scatter" and (scattered := _scatter(subject)):
        return [*found, *scattered]
    if subject.periods is not None and len({one.order for one in subject.periods if one}) >= 2:
        return [*found, *_over_time(subject, subject.periods, now)]
    return [*found, *_beside_each_other(subject)]


def _over_time(subject: Subject, periods: Sequence[Period | None], now: dt.datetime | None) -> list[Finding]:
    main = subject.measures[0]
    dimensions = [one for one in subject.dimensions if 2 <= len(one.members) <= MOST_MEMBERS]
    has_members = len(subject.rows.rows) > len({one.order for one in periods if one})
    found: list[Finding] = []
    if subject.ratio is not None:
        found += _rate_over_time(subject, periods, now, dimensions[:1] if has_members else [])
    line = over_time.line_of(main, periods)
    if line is not None:
        told = over_time.tell(line, now)
        # With both parts of a rate at hand, its own series is told above by the parts: here the plotted one.
        found += told.findings
        if has_members and main.is_additive and len(line) >= 2:
            found += _moved(main, periods, line, told, dimensions)
    if has_members and dimensions:
        found += _series_of(main, periods, dimensions[0], now)
    for other in subject.measures[1:3]:
        if not has_members and (second := over_time.line_of(other, periods)) is not None:
            found += [
                replace(one, importance=one.importance - 15, marks=())
                for one in over_time.tell(second, now).findings
                if not one.kind.startswith(("partial", "gap", "season", "range", "no_trend"))
            ]
    return found


def _moved(
    main: Measure,
    periods: Sequence[Period | None],
    line: Line,
    told: over_time.Told,
    dimensions: Sequence[Dimension],
) -> list[Finding]:
    """Return what moved the total between the two periods whose change is told, and who leads in the later one."""
    if told.before == told.after or not dimensions:
        return []
    earlier, later = line.periods[told.before], line.periods[told.after]
    keep_a = [one is not None and one.order == earlier.order for one in periods]
    keep_b = [one is not None and one.order == later.order for one in periods]
    pairs = [
        segments.Pair(
            one, segments.sums(one.cells, main.values, keep_a), segments.sums(one.cells, main.values, keep_b)
        )
        for one in dimensions[:4]
    ]
    pair = segments.most_telling(pairs)
    if pair is None:
        return []
    return [
        *segments.movers(pair, main, earlier, later),
        *ranking.ranked(pair.after, main, pair.dimension, later),
    ]


def _series_of(
    main: Measure, periods: Sequence[Period | None], dimension: Dimension, now: dt.datetime | None
) -> list[Finding]:
    """Return the outliers of single members; of a measure that cannot be added, their largest changes too."""
    lines: list[tuple[str, Line]] = []
    for member in dimension.members[:MOST_SERIES]:
        values = [v if cell == member else None for v, cell in zip(main.values, dimension.cells, strict=True)]
        own = [p if cell == member else None for p, cell in zip(periods, dimension.cells, strict=True)]
        line = over_time.line_of(replace(main, values=values), own)
        if line is not None:
            lines.append((member, line))
    found: list[Finding] = []
    for member, line in lines:
        if len(line) < 10:
            continue
        places, season, length = over_time.outliers_of(line)
        if len(places) <= 2:
            found += [
                replace(over_time.outlier_finding(line, at, season, length, member), importance=79)
                for at in places[:1]
            ]
    if not main.is_additive and len(dimension.members) <= MOST_SERIES:
        found += _member_changes(lines, now)
    return found


def _member_changes(lines: Sequence[tuple[str, Line]], now: dt.datetime | None) -> list[Finding]:
    """Return the change of each of the members that moved most, one after the other: there is no total to explain."""
    told = []
    for member, line in lines:
        named = replace(line, measure=replace(line.measure, name=member))
        changes = [one for one in over_time.tell(named, now).findings if one.kind.startswith("change_")]
        told += [(abs(line.values[-1] - line.values[0]), replace(one, importance=68)) for one in changes]
    return [one for _, one in sorted(told, key=lambda pair: -pair[0])[:3]]


def _rate_over_time(
    subject: Subject,
    periods: Sequence[Period | None],
    now: dt.datetime | None,
    dimensions: Sequence[Dimension],
) -> list[Finding]:
    """Return what is true of the rate: between the periods that its series compares."""
    ratio = subject.ratio
    if ratio is None:
        return []
    tops, bottoms = over_time.line_of(ratio.numerator, periods), over_time.line_of(ratio.denominator, periods)
    if tops is None or bottoms is None:
        return []
    by_order = dict(zip((one.order for one in bottoms.periods), bottoms.values, strict=True))
    places = [at for at, one in enumerate(tops.periods) if by_order.get(one.order, 0) > 0]
    if len(places) < 2:
        return []
    name = ratio.name or f"{ratio.numerator.name} / {ratio.denominator.name}"
    measure = Measure("", name, ratio.unit, is_additive=False, values=())
    line = Line(
        measure,
        tuple(tops.periods[at] for at in places),
        tuple(tops.values[at] / by_order[tops.periods[at].order] for at in places),
    )
    told = over_time.tell(line, now)
    if told.before == told.after:
        return [one for one in told.findings if one.kind == "constant"]
    earlier, later = line.periods[told.before], line.periods[told.after]
    sides = []
    for wanted in (earlier, later):
        keep = [one is not None and one.order == wanted.order for one in periods]
        sides.append(rates.side(ratio, dimensions[0] if dimensions else None, keep))
    found = rates.between_periods(
        ratio, dimensions[0] if dimensions else None, sides[0], sides[1], earlier, later
    )
    shapes = ("trend", "step", "outlier", "faster", "slower", "turn", "constant", "season")
    return found + [one for one in told.findings if one.kind.startswith(shapes) and len(line) >= 6]


def _beside_each_other(subject: Subject) -> list[Finding]:
    """Return what is true of rows without a time."""
    main, n = subject.measures[0], len(subject.rows.rows)
    everything = [True] * n
    dimensions = [one for one in subject.dimensions if len(one.members) >= 2] or list(subject.dimensions[:1])
    if subject.picture.chart_type == "funnel" and dimensions:
        return ranking.funnel(dimensions[0].cells, main)
    if subject.ratio is not None and (told := _groups(subject, dimensions, everything)):
        return [*told, *_ranked(subject, dimensions, everything)]
    if subject.before is not None and dimensions and main.is_additive:
        pair = segments.Pair(
            dimensions[0],
            segments.sums(dimensions[0].cells, subject.before.values, everything),
            segments.sums(dimensions[0].cells, main.values, everything),
        )
        total = segments.total_change(pair, main)
        return [
            *([total] if total else []),
            *segments.movers(pair, main, None, None),
            *_ranked(subject, dimensions, everything),
        ]
    if not dimensions:
        if n == 1:
            return [
                kpi.level(one, one.values[0]) for one in subject.measures[:4] if one.values[0] is not None
            ]
        return ranking.spread_of(main)
    return _ranked(subject, dimensions, everything)


def _groups(subject: Subject, dimensions: Sequence[Dimension], everything: Sequence[bool]) -> list[Finding]:
    ratio = subject.ratio
    if ratio is None or not dimensions:
        return []
    for group in dimensions:
        for other in dimensions:
            if group is not other and len(group.members) == 2 and len(other.members) <= MOST_MEMBERS:
                found = rates.between_columns_of(ratio, group, other, *group.members)
                if found:
                    return [*found, *rates.level(ratio, group, rates.side(ratio, group, everything))]
    first = dimensions[0]
    return rates.level(ratio, first, rates.side(ratio, first, everything))


def _ranked(subject: Subject, dimensions: Sequence[Dimension], everything: Sequence[bool]) -> list[Finding]:
    main = subject.measures[0]
    if not dimensions:
        return []
    first = dimensions[0]
    if not main.is_additive and len(first.members) < sum(1 for cell in first.cells if cell):
        return ranking.spread_of(main)
    totals = segments.sums(first.cells, main.values, everything)
    return ranking.ranked(totals, main, first)


def _scatter(subject: Subject) -> list[Finding]:
    names = [subject.picture.config.get(key) for key in ("xField", "yField")]
    values = []
    for name in names:
        own = next((one for one in subject.measures if one.column == name), None)
        if own is None and name in subject.rows.columns:
            own = _as_measure(subject, str(name))
        if own is None:
            return []
        values.append(own)
    return ranking.together(values[0], values[1])


def _as_measure(subject: Subject, column: str) -> Measure | None:
    values = [number(row.get(column)) for row in subject.rows.rows]
    if all(one is None for one in values):
        return None
    return Measure(column, human(column), PLAIN, is_additive=True, values=values)


def _nulls(subject: Subject) -> list[Finding]:
    """Return how many rows have no value in what is plotted; in a series the gap says so with its time."""
    if not subject.measures or subject.picture.tile_type == "kpi":
        return []
    main = subject.measures[0]
    missing = sum(1 for one in main.values if one is None)
    if not missing or (subject.periods is not None and not subject.dimensions):
        return []
    n = len(main.values)
    if missing == n:
        return [Finding("all_null", 95, {"measure": Name(main.name), "n": Count(n)})]
    values: dict[str, Value] = {"measure": Name(main.name), "missing": Count(missing), "n": Count(n)}
    return [Finding("nulls_one" if missing == 1 else "nulls", 63, values)]
