"""What moved a total between two periods: the members that account for it, that offset each other, that came or went.

Additive measures only; of averages and rates nothing can be added up: see rates.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.reading import Dimension, Measure
from tesela.analytics.facts.things import Amount, Finding, Mark, Name, Share, Unit, Value, When

ENOUGH = 0.67
"""The part of a change that the named members must explain; Bhagwan et al., Adtributor (NSDI 2014)."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Members of a dimension before and after. None: no rows."""

    dimension: Dimension
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def members(self) -> list[str]:
        return list(dict.fromkeys((*self.before, *self.after)))

    def change(self, member: str) -> float:
        return self.after.get(member, 0.0) - self.before.get(member, 0.0)


def sums(cells: Sequence[str], values: Sequence[float | None], keep: Sequence[bool]) -> dict[str, float]:
    """Return the sum of the values by member, of the rows to keep. A member without a value is not there."""
    found: dict[str, list[float]] = {}
    for cell, value, is_kept in zip(cells, values, keep, strict=True):
        if is_kept and value is not None:
            found.setdefault(cell, []).append(value)
    return {cell: math.fsum(parts) for cell, parts in found.items()}


def most_telling(pairs: Sequence[Pair]) -> Pair | None:
    """Return the dimension in which few members explain the change, and most surprisingly so."""
    useful = [pair for pair in pairs if len(pair.members) >= 2]
    if len(useful) < 2:
        return useful[0] if useful else None
    return max(useful, key=lambda pair: (_needed(pair) <= max(1, len(pair.members) // 2), _surprise(pair)))


def movers(pair: Pair, measure: Measure, earlier: Period | None, later: Period | None) -> list[Finding]:
    """Return who moved the total, who offset it, who is new and who is gone.

    earlier, later: None where the two are columns of the tile.
    """
    unit, name = measure.unit, Name(measure.name)
    total_before, total = math.fsum(pair.before.values()), math.fsum(pair.after.values())
    change = total - total_before
    deltas = sorted(((pair.change(one), one) for one in pair.members), key=lambda one: -abs(one[0]))
    common: dict[str, Value] = {"measure": name, "dimension": Name(pair.dimension.name)}
    if earlier is not None and later is not None:
        common |= {"earlier": When(earlier), "when": When(later)}
    tail = "" if earlier is not None else "_prev"
    found = _comers(pair, unit, common, tail, later)
    up, down = _extreme(deltas, 1), _extreme(deltas, -1)
    scale = max(abs(up[0]), abs(down[0]))
    if scale == 0:
        return found
    if min(abs(up[0]), abs(down[0])) > 0.5 * scale and abs(change) < 0.5 * scale:
        values: dict[str, Value] = {
            **common,
            "riser": Name(up[1]),
            "rise": Amount(up[0], unit, True),
            "faller": Name(down[1]),
            "fall": Amount(down[0], unit, True),
            "change": Amount(change, unit, True),
            "total": Amount(total, unit),
            "total_before": Amount(total_before, unit),
        }
        marks = _marks(later, up[1], down[1])
        return [*found, Finding("offset" + tail, 89, values, marks)]
    if abs(change) <= 1e-9 * max(abs(total), abs(total_before), 1e-12):
        return found
    driver = up if change > 0 else down
    counter = down if change > 0 else up
    values = {
        **common,
        "driver": Name(driver[1]),
        "part": Amount(driver[0], unit, True),
        "change": Amount(change, unit, True),
        "total": Amount(total, unit),
        "total_before": Amount(total_before, unit),
        "driver_value": Amount(pair.after.get(driver[1], 0.0), unit),
    }
    if driver[1] in pair.before:
        values["driver_before"] = Amount(pair.before[driver[1]], unit)
    kind = "driver_up" if change > 0 else "driver_down"
    share = driver[0] / change
    if 0 < share <= 1:
        values["share"] = Share(share)
        kind += "_share"
    found.append(Finding(kind + tail, 88, values, _marks(later, driver[1])))
    if abs(counter[0]) >= 0.2 * abs(change) and counter[0] != 0:
        against: dict[str, Value] = {
            **common,
            "member": Name(counter[1]),
            "part": Amount(counter[0], unit, True),
        }
        found.append(Finding("against" + tail, 87.5, against))
    else:
        same_way = [one for one in deltas if one[0] * change > 0 and one[1] != driver[1]]
        if same_way and abs(same_way[0][0]) >= 0.2 * abs(change):
            second: dict[str, Value] = {
                **common,
                "member": Name(same_way[0][1]),
                "part": Amount(same_way[0][0], unit, True),
            }
            found.append(Finding("second" + tail, 87.5, second))
    return found


def total_change(pair: Pair, measure: Measure) -> Finding | None:
    """Return how the total moved between two columns of the tile."""
    before, after = math.fsum(pair.before.values()), math.fsum(pair.after.values())
    values: dict[str, Value] = {
        "measure": Name(measure.name),
        "value": Amount(after, measure.unit),
        "earlier_value": Amount(before, measure.unit),
        "difference": Amount(after - before, measure.unit, True),
    }
    if after == before:
        return Finding("total_same_prev", 70, values)
    kind = "total_up_prev" if after > before else "total_down_prev"
    if before > 0 and after >= 0:
        values["percent"] = Share((after - before) / before, True)
    else:
        kind += "_plain"
    return Finding(kind, 70, values)


def _comers(
    pair: Pair, unit: Unit, common: Mapping[str, Value], tail: str, later: Period | None
) -> list[Finding]:
    if not pair.before or not pair.after:
        return []
    came = sorted(
        (one for one in pair.after if one not in pair.before and pair.after[one]),
        key=lambda one: -pair.after[one],
    )
    gone = sorted(
        (one for one in pair.before if one not in pair.after and pair.before[one]),
        key=lambda one: -pair.before[one],
    )
    found = [
        Finding("new" + tail, 85, {**common, "member": Name(one), "value": Amount(pair.after[one], unit)},
                (Mark(later.raw, "new", one),) if later else ())
        for one in came[:2]
    ]  # fmt: skip
    return found + [
        Finding("gone" + tail, 85, {**common, "member": Name(one), "value": Amount(pair.before[one], unit)})
        for one in gone[:2]
    ]


def _extreme(deltas: Sequence[tuple[float, str]], sign: int) -> tuple[float, str]:
    return next((one for one in deltas if one[0] * sign > 0), (0.0, ""))


def _marks(later: Period | None, *members: str) -> tuple[Mark, ...]:
    if later is None:
        return tuple(Mark(one, "driver") for one in members)
    return tuple(Mark(later.raw, "driver", one) for one in members)


def _needed(pair: Pair) -> int:
    """Return how many members it takes to explain the change, the largest parts first."""
    change = math.fsum(pair.after.values()) - math.fsum(pair.before.values())
    if change == 0:
        return len(pair.members)
    explained = 0.0
    parts = sorted((pair.change(one) / change for one in pair.members), reverse=True)
    for count, part in enumerate(parts, 1):
        explained += part
        if explained >= ENOUGH:
            return count
    return len(parts)


def _surprise(pair: Pair) -> float:
    """Return the Jensen-Shannon divergence between the shares before and after."""
    a_total = math.fsum(abs(one) for one in pair.before.values()) or 1.0
    b_total = math.fsum(abs(one) for one in pair.after.values()) or 1.0
    found = 0.0
    for member in pair.members:
        p, q = abs(pair.before.get(member, 0.0)) / a_total, abs(pair.after.get(member, 0.0)) / b_total
        middle = (p + q) / 2
        found += sum(0.5 * one * math.log(one / middle) for one in (p, q) if one > 0)
    return found
