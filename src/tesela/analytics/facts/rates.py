"""A rate between two sides (two periods, two groups): what moved within the members and what the mix moved.

With weights w (parts of the denominator) and rates r: rate effect = sum w0 (r1 - r0), mix effect =
sum (w1 - w0) r0, the rest is both at once. Simpson's reversal: every member one way, the whole the other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.reading import Dimension, Ratio
from tesela.analytics.facts.segments import sums
from tesela.analytics.facts.things import Amount, Finding, Mark, Name, Names, Share, Unit, Value, When


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison, by member. rates: only where the denominator is not zero."""

    tops: Mapping[str, float]
    bottoms: Mapping[str, float]

    @property
    def rates(self) -> dict[str, float]:
        return {one: self.tops.get(one, 0.0) / bottom for one, bottom in self.bottoms.items() if bottom > 0}

    @property
    def rate(self) -> float | None:
        total = math.fsum(self.bottoms.values())
        return math.fsum(self.tops.values()) / total if total > 0 else None

    @property
    def weights(self) -> dict[str, float]:
        total = math.fsum(self.bottoms.values()) or 1.0
        return {one: bottom / total for one, bottom in self.bottoms.items()}


def side(ratio: Ratio, dimension: Dimension | None, keep: Sequence[bool]) -> Side:
    """Return numerators and denominators of the rows to keep; without a dimension of one member."""
    cells = dimension.cells if dimension else [""] * len(keep)
    return Side(sums(cells, ratio.numerator.values, keep), sums(cells, ratio.denominator.values, keep))


def between_periods(
    ratio: Ratio, dimension: Dimension | None, a: Side, b: Side, earlier: Period, later: Period
) -> list[Finding]:
    """Return what happened to the rate from one period to another, and through what."""
    common = {**_names(ratio), "earlier": When(earlier), "when": When(later)}
    return _compared(ratio, dimension, a, b, common, "", Mark(later.raw, "driver"))


def between_columns_of(
    ratio: Ratio, group: Dimension, dimension: Dimension, first: str, second: str
) -> list[Finding]:
    """Return a reversal between two groups: better in the whole, worse in every member; else which is higher."""
    a = side(ratio, dimension, [cell == first for cell in group.cells])
    b = side(ratio, dimension, [cell == second for cell in group.cells])
    rate, other_rate = a.rate, b.rate
    if rate is None or other_rate is None:
        return []
    if rate > other_rate:
        a, b, first, second, rate, other_rate = b, a, second, first, other_rate, rate
    common: dict[str, Value] = {
        **_names(ratio),
        "lower": Name(first),
        "higher": Name(second),
        "lower_rate": Amount(rate, ratio.unit),
        "higher_rate": Amount(other_rate, ratio.unit),
    }
    both = [one for one in a.rates if one in b.rates]
    if (
        len(both) >= 2
        and len(both) == len({*a.rates, *b.rates})
        and all(b.rates[one] < a.rates[one] for one in both)
    ):
        x, y = both[0], both[1]
        values: dict[str, Value] = {
            **common,
            "members": Names(tuple(both[:6])),
            "one": Name(x),
            "other": Name(y),
        }
        for tag, member in (("one", x), ("other", y)):
            values[f"{tag}_lower"] = Amount(a.rates[member], ratio.unit)
            values[f"{tag}_higher"] = Amount(b.rates[member], ratio.unit)
        shift = max(both, key=lambda one: abs(b.weights[one] - a.weights[one]))
        values |= {
            "shifted": Name(shift),
            "share_lower": Share(a.weights[shift]),
            "share_higher": Share(b.weights[shift]),
        }
        return [Finding("simpson_groups", 99, values)]
    return []


def level(ratio: Ratio, dimension: Dimension | None, whole: Side) -> list[Finding]:
    """Return the rate of everything, and its highest and lowest member: not the mean of the rates."""
    if whole.rate is None:
        return []
    values: dict[str, Value] = {
        **_names(ratio),
        "rate": Amount(whole.rate, ratio.unit),
        "top": Amount(math.fsum(whole.tops.values()), ratio.numerator.unit),
        "bottom": Amount(math.fsum(whole.bottoms.values()), ratio.denominator.unit),
    }
    found = [Finding("rate_level", 66, values)]
    rates = whole.rates
    if dimension is not None and len(rates) >= 2:
        best, worst = max(rates, key=lambda one: rates[one]), min(rates, key=lambda one: rates[one])
        if rates[best] > rates[worst]:
            members: dict[str, Value] = {
                **_names(ratio),
                "best": Name(best),
                "best_rate": Amount(rates[best], ratio.unit),
                "worst": Name(worst),
                "worst_rate": Amount(rates[worst], ratio.unit),
            }
            found.append(Finding("rate_members", 64, members, (Mark(best, "lead"),)))
    return found


def _compared(
    ratio: Ratio,
    dimension: Dimension | None,
    a: Side,
    b: Side,
    common: Mapping[str, Value],
    tail: str,
    mark: Mark,
) -> list[Finding]:
    if a.rate is None or b.rate is None:
        return []
    change = b.rate - a.rate
    unit = ratio.unit
    values: dict[str, Value] = {
        **common,
        "before": Amount(a.rate, unit),
        "after": Amount(b.rate, unit),
        "difference": Amount(change, unit, True),
    }
    is_plain = unit.is_percent or a.rate <= 0 or b.rate < 0
    if not is_plain:
        values["percent"] = Share(change / a.rate, True)
    if abs(change) <= 1e-9 * max(abs(a.rate), abs(b.rate), 1e-12):
        found = [Finding("rate_same" + tail, 76, values)]
    else:
        kind = f"rate_{'up' if change > 0 else 'down'}{'_plain' if is_plain else ''}"
        found = [Finding(kind + tail, 91, values, (mark,))]
    if dimension is None:
        return found
    both = [one for one in a.rates if one in b.rates]
    effects = _effects(a, b, unit)
    if len(both) < 2:
        return found
    moves = {one: b.rates[one] - a.rates[one] for one in both}
    shift = max(both, key=lambda one: abs(b.weights[one] - a.weights[one]))
    mix: dict[str, Value] = {
        "shifted": Name(shift),
        "share_before": Share(a.weights[shift]),
        "share_after": Share(b.weights[shift]),
        **effects,
    }
    one, other = sorted(both, key=lambda member: -a.weights[member])[:2]
    pair: dict[str, Value] = {
        "one": Name(one),
        "one_before": Amount(a.rates[one], unit),
        "one_after": Amount(b.rates[one], unit),
        "other": Name(other),
        "other_before": Amount(a.rates[other], unit),
        "other_after": Amount(b.rates[other], unit),
    }
    is_whole = len(both) == len({*a.rates, *b.rates})
    if is_whole and change != 0 and all(move * change < 0 for move in moves.values()):
        kind = "simpson_down" if change < 0 else "simpson_up"
        found.append(Finding(kind + ("_two" if len(both) == 2 else ""), 90.5, {**common, **pair}))
        found.append(Finding("mix" + tail, 90, {**common, **mix}))
        return found
    return [*found, *_why(a, b, both, moves, common, {**mix, **pair}, unit, tail)]


def _why(
    a: Side,
    b: Side,
    both: Sequence[str],
    moves: Mapping[str, float],
    common: Mapping[str, Value],
    values: Mapping[str, Value],
    unit: Unit,
    tail: str,
) -> list[Finding]:
    """Return whether the rates within the members moved or the mix of them, by the larger effect."""
    rate = math.fsum(a.weights[one] * moves[one] for one in both)
    mix = math.fsum((b.weights.get(one, 0.0) - a.weights.get(one, 0.0)) * a.rates[one] for one in both)
    found = []
    if abs(mix) >= 2 * abs(rate):
        found.append(Finding("mix" + tail, 89, {**common, **values}))
        return found
    mover = max(both, key=lambda one: abs(a.weights[one] * moves[one]))
    if moves[mover]:
        told: dict[str, Value] = {
            **common,
            **values,
            "mover": Name(mover),
            "mover_before": Amount(a.rates[mover], unit),
            "mover_after": Amount(b.rates[mover], unit),
        }
        found.append(Finding(f"within_{'up' if moves[mover] > 0 else 'down'}{tail}", 87, told))
    if abs(mix) >= 0.5 * abs(rate):
        found.append(Finding("mix" + tail, 80, {**common, **values}))
    return found


def _effects(a: Side, b: Side, unit: Unit) -> dict[str, Value]:
    """Return rate effect, mix effect and the rest, which add up to the change of the rate."""
    members = list(dict.fromkeys((*a.bottoms, *b.bottoms)))
    rates_a, rates_b, w_a, w_b = a.rates, b.rates, a.weights, b.weights
    base = a.rate or 0.0
    rate = mix = joint = 0.0
    for one in members:
        before = rates_a.get(one, base if one not in a.bottoms else 0.0)
        after = rates_b.get(one, before)
        rate += w_a.get(one, 0.0) * (after - before)
        mix += (w_b.get(one, 0.0) - w_a.get(one, 0.0)) * before
        joint += (w_b.get(one, 0.0) - w_a.get(one, 0.0)) * (after - before)
    return {
        "rate_effect": Amount(rate, unit, True),
        "mix_effect": Amount(mix, unit, True),
        "joint_effect": Amount(joint, unit, True),
    }


def _names(ratio: Ratio) -> dict[str, Value]:
    return {"numerator": Name(ratio.numerator.name), "denominator": Name(ratio.denominator.name)}
