"""What a viewer chose, made absolute: `filter_values` against the dashboard's filters. Pure; the clock comes in.

Rules: docs/filters.md. Once per request, so that every tile sees the same "today".
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tesela.errors import BadRequest
from tesela.model.filter import NULL_CHECKS, Filter
from tesela.model.interaction import Clause, FilterState, TimeRange
from tesela.model.periods import Moment, Period, previous, relative
from tesela.model.statement import Scalar

UNDECLARED_RANGE = "date_range"
MAX_VALUES = 1_000
OPEN = TimeRange()
NOTHING: tuple[None, str, list[Any], dict[str, Any]] = (None, "", [], {})
"""What means that a filter is not set."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters that have a value.

    states: by name, with clauses on the filter's own `field`; `for_tile` moves them to a tile's columns.
    ignored: names in the request that are no filter of the dashboard.
    missing: labels of required filters without a value, with the filter: its tiles wait.
    """

    range: TimeRange = OPEN
    states: Mapping[str, FilterState] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    missing: tuple[Filter, ...] = ()


def choose(
    filters: Sequence[Filter],
    given: Mapping[str, Any],
    *,
    now: dt.datetime,
    zone: str,
    use_defaults: bool = True,
) -> Chosen:
    """Return what `given` and the defaults come to at `now`, in the time zone of the dashboard.

    Raises BadRequest naming the filter and what it takes.
    """
    local = now.astimezone(ZoneInfo(zone))
    named = {one.name: one for one in filters}
    states: dict[str, FilterState] = {}
    missing: list[Filter] = []
    period: Period | None = None
    ranges = [one.name for one in filters if one.type == "date_range"]
    feeder = ranges[0] if ranges else None
    for one in filters:
        value = given.get(one.name, one.default if use_defaults else None)
        if one.effective_operator in NULL_CHECKS and value is False:
            value = None
        if value in NOTHING:
            if one.required:
                missing.append(one)
            continue
        state, found = _state(one, value, local, feeds_range=one.name == feeder)
        if state is not None:
            states[one.name] = state
        if one.name == feeder:
            period = found
    if UNDECLARED_RANGE in given and UNDECLARED_RANGE not in named and given[UNDECLARED_RANGE] not in NOTHING:
        period = _period(UNDECLARED_RANGE, given[UNDECLARED_RANGE], local)
    ignored = tuple(name for name in given if name not in named and name != UNDECLARED_RANGE)
    return Chosen(_time_range(period), states, ignored, tuple(missing))


def for_tile(
    chosen: Chosen, filters: Sequence[Filter], tile_id: str
) -> tuple[dict[str, FilterState], list[Filter]]:
    """Return the states that apply to a tile, on its columns, and the required filters that hold it back."""
    states: dict[str, FilterState] = {}
    for one in filters:
        state = chosen.states.get(one.name)
        if state is None or (one.targets is not None and tile_id not in one.targets):
            continue
        column = one.column_for(tile_id)
        clauses = () if column is None else tuple(_on_column(clause, column) for clause in state.clauses)
        states[one.name] = FilterState(state.values, clauses, state.feeds_range)
    waiting = [one for one in chosen.missing if one.targets is None or tile_id in one.targets]
    return states, waiting


def time_range(where: str, value: Any, local: dt.datetime) -> TimeRange:
    """Return what a date-range value comes to at `local`, the zone's own time. Raises BadRequest."""
    return _time_range(_period(where, value, local))


def _state(
    one: Filter, value: Any, local: dt.datetime, *, feeds_range: bool
) -> tuple[FilterState | None, Period | None]:
    where = f"filter_values.{one.name}"
    column = one.field or one.name
    values: tuple[Scalar, ...]
    match one.type:
        case "date_range":
            period = _period(one.name, value, local)
            clauses = _range_clauses(column, period)
            values = tuple(moment for moment in (period.start, period.end) if moment is not None)
            return (FilterState(values, clauses, feeds_range) if clauses else None), period
        case "number_range":
            low, high = _numbers(where, value)
            values = tuple(number for number in (low, high) if number is not None)
            return (FilterState(values, _number_clauses(column, low, high)) if values else None), None
        case "boolean":
            if not isinstance(value, bool):
                raise BadRequest(f"{where} must be true or false")
            if one.effective_operator in NULL_CHECKS:
                return FilterState((), (Clause(column, one.effective_operator),)), None
            return _plain(one, column, (value,)), None
        case "text":
            if not isinstance(value, str):
                raise BadRequest(f"{where} must be text")
            return _plain(one, column, (value,)), None
        case "multi_select":
            values = tuple(_scalar(where, item) for item in (value if isinstance(value, list) else [value]))
            if len(values) > MAX_VALUES:
                raise BadRequest(f"{where} may be at most {MAX_VALUES} values")
            return _plain(one, column, values), None
        case _:
            single = value[0] if isinstance(value, list) and len(value) == 1 else value
            if isinstance(single, list) and one.effective_operator == "between":
                return _plain(one, column, tuple(_scalar(where, item) for item in single)), None
            if isinstance(single, list):
                raise BadRequest(f"{where} must be one value")
            return _plain(one, column, (_scalar(where, single),)), None


def _plain(one: Filter, column: str, values: tuple[Scalar, ...]) -> FilterState:
    operator = one.effective_operator
    if len(values) > 1 and operator not in ("in", "not_in", "between"):
        raise BadRequest(f"filter_values.{one.name} must be one value")
    if operator == "between" and len(values) != 2:
        raise BadRequest(f"filter_values.{one.name} must be two values")
    return FilterState(values, (Clause(column, operator, values),))


def _scalar(where: str, value: Any) -> Scalar:
    if isinstance(value, float) and not math.isfinite(value):
        raise BadRequest(f"{where} must be a finite number")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise BadRequest(f"{where} must be text, a number, true, false or null")


def _numbers(where: str, value: Any) -> tuple[float | int | None, float | int | None]:
    if not isinstance(value, dict) or not set(value) <= {"min", "max"}:
        raise BadRequest(f'{where} must be an object such as {{"min": 1, "max": 10}}')
    bounds = []
    for name in ("min", "max"):
        bound = value.get(name)
        if bound is not None and (isinstance(bound, bool) or not isinstance(bound, int | float)):
            raise BadRequest(f"{where}.{name} must be a number")
        if isinstance(bound, float) and not math.isfinite(bound):
            raise BadRequest(f"{where}.{name} must be a finite number")
        bounds.append(bound)
    low, high = bounds
    if low is not None and high is not None and low > high:
        raise BadRequest(f"{where}: min must not be above max")
    return low, high


def _period(name: str, value: Any, local: dt.datetime) -> Period:
    where = f"filter_values.{name}"
    if isinstance(value, str):
        value = {"relative": value}
    if not isinstance(value, dict) or not set(value) <= {"start", "end", "relative"}:
        raise BadRequest(f'{where} must be an object with start and end, or {{"relative": "last_30_days"}}')
    if value.get("relative") is not None:
        found = relative(value["relative"], local) if isinstance(value["relative"], str) else None
        if found is None:
            raise BadRequest(
                f"{where}.relative is not known; use a name such as last_30_days or this_quarter"
            )
        return found
    start = _moment(f"{where}.start", value.get("start"))
    end = _moment(f"{where}.end", value.get("end"))
    if isinstance(end, dt.date) and not isinstance(end, dt.datetime):
        if end == dt.date.max:
            raise BadRequest(f"{where}.end is too far away")
        end += dt.timedelta(days=1)  # a day named as the end is part of the range
    if start is not None and end is not None and _as_time(start, local) > _as_time(end, local):
        raise BadRequest(f"{where}: start must not be after end")
    return Period(start, end)


def _moment(where: str, value: Any) -> Moment | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadRequest(f"{where} must be a date such as 2026-01-31")
    try:
        return dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise BadRequest(
            f"{where} must be a date such as 2026-01-31 or a time such as 2026-01-31T12:00"
        ) from error


def _as_time(moment: Moment, local: dt.datetime) -> dt.datetime:
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=local.tzinfo)


def _range_clauses(column: str, period: Period) -> tuple[Clause, ...]:
    clauses = []
    if period.start is not None:
        clauses.append(Clause(column, "gte", (period.start,)))
    if period.end is not None:
        clauses.append(Clause(column, "lt", (period.end,)))
    return tuple(clauses)


def _number_clauses(column: str, low: Scalar, high: Scalar) -> tuple[Clause, ...]:
    clauses = []
    if low is not None:
        clauses.append(Clause(column, "gte", (low,)))
    if high is not None:
        clauses.append(Clause(column, "lte", (high,)))
    return tuple(clauses)


def _on_column(clause: Clause, column: str) -> Clause:
    return clause if clause.column == column else Clause(column, clause.operator, clause.values)


def _time_range(period: Period | None) -> TimeRange:
    if period is None:
        return OPEN
    before = previous(period)
    return TimeRange(period.start, period.end, before.start, before.end)
