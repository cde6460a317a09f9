"""What is true of one number beside what it was before."""

from __future__ import annotations

from tesela.analytics.facts.reading import Measure, Subject
from tesela.analytics.facts.things import Amount, Finding, Name, Share, Unit, Value


def headline(subject: Subject) -> list[Finding]:
    """Return the value of the last row, against the comparison where there is one.

    A percentage only from above zero and without a change of sign; good or bad only where the tile says which.
    """
    if not subject.measures:
        return []
    measure, before = subject.measures[0], subject.before
    name = Name(subject.picture.title.strip() or measure.name)
    value = measure.values[-1] if measure.values else None
    if value is None:
        return [Finding("kpi_empty", 95, {"measure": name})]
    common: dict[str, Value] = {"measure": name, "value": Amount(value, measure.unit)}
    earlier = before.values[-1] if before is not None else None
    if earlier is None:
        return [Finding("kpi_alone" if before is None else "kpi_no_comparison", 80, common)]
    lower = subject.picture.config.get("lowerIsBetter")
    return [_change(common, value, earlier, measure.unit, lower if isinstance(lower, bool) else None)]


def level(measure: Measure, value: float) -> Finding:
    """Return one value under its own name."""
    return Finding("measure_value", 50, {"measure": Name(measure.name), "value": Amount(value, measure.unit)})


def _change(
    common: dict[str, Value], value: float, earlier: float, unit: Unit, lower: bool | None
) -> Finding:
    change = value - earlier
    values = {**common, "earlier": Amount(earlier, unit), "difference": Amount(change, unit, True)}
    if change == 0:
        return Finding("kpi_same", 90, values)
    direction = "up" if change > 0 else "down"
    if value * earlier < 0:
        kind = f"kpi_turned_{direction}"
    elif earlier == 0:
        kind = f"kpi_from_zero_{direction}"
    elif earlier < 0 or unit.is_percent:
        kind = f"kpi_{direction}_plain"
    else:
        kind = f"kpi_{direction}"
        values["percent"] = Share(change / earlier, True)
    if lower is not None:
        kind += "_better" if (change < 0) == lower else "_worse"
    return Finding(kind, 90, values)
