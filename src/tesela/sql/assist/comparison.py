"""`comparison`: the main query beside itself over the period before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from tesela.sql.assist.reading import Reading, Written, read
from tesela.sql.assist.shape import Output, is_grouped, shape_of
from tesela.sql.assist.times import BY_PLACE, Step, range_columns, step_of
from tesela.sql.spots import NothingToRewrite, NotRewritten
from tesela.sql.tables import Columns

PREVIOUS = {"range.start": "range.prev_start", "range.end": "range.prev_end"}
CURRENT, BEFORE = "cur", "prev"
JUDGES = "judges"
"""A mark on the parts of the tree that choose among groups; copies keep it."""


@dataclass(slots=True)
class _Part:
    """A column of the result. step: how its values are matched with those of before; None: by value."""

    name: str
    is_metric: bool
    step: Step | None = None


def comparison(sql: str, dialect: str, tables: Columns, *, by_place: bool = False) -> Written:
    """Return the main query with `<metric>_prev` beside every metric.

    Groups that were only there before are left out, as in the main query. by_place: match buckets of time by
    their order alone. Raises QueryRefused, NotRewritten.
    """
    reading = read(sql, dialect)
    if any(reading.uses(name) for name in PREVIOUS.values()):
        raise NothingToRewrite("the query compares already: it has ${range.prev_start} or ${range.prev_end}")
    missing = [name for name in PREVIOUS if not reading.uses(name)]
    if missing:
        dates = _dates(tables, reading)
        hint = f"; its dates may be {', '.join(dates)}" if dates else ""
        how = "compare needs column >= ${range.start} AND column < ${range.end}"
        raise NothingToRewrite(f"the query has no ${{{missing[0]}}}: {how}{hint}")
    notes: list[str] = []
    parts = _parts(reading, tables, notes)
    for part in parts:
        if by_place and part.step is not None:
            part.step = Step("")
            notes.append(BY_PLACE.format(name=part.name))
    if not any(part.is_metric for part in parts):
        raise NothingToRewrite("the query has no metric: nothing such as sum() or count() to compare")
    names = [part.name.lower() for part in parts]
    for part in parts:
        if part.is_metric and f"{part.name}_prev".lower() in names:
            raise NotRewritten(f"the query has a column {part.name}_prev already")
    if len(set(names)) < len(names):
        raise NotRewritten("two of its columns have the same name")
    warnings: list[str] = []
    ctes, current = _ctes(reading)
    before = _before(reading, current.copy(), warnings)
    ctes, moved = _doubled(reading, ctes, warnings)
    _rename(before, moved, reading.dialect)
    order = _order(reading, current, parts)
    made = _joined(reading, parts, order)
    if {cte.alias.lower() for cte in ctes} & {CURRENT, BEFORE}:
        raise NotRewritten(f"one of its queries in WITH is called {CURRENT} or {BEFORE}")
    ctes += [_cte(CURRENT, current), _cte(BEFORE, before)]
    made.set("with_", exp.With(expressions=ctes))
    return Written(reading.written(made), tuple(dict.fromkeys([*warnings, *notes])))


def _parts(reading: Reading, tables: Columns, notes: list[str]) -> list[_Part]:
    """Return the columns of the whole query: metrics, and dimensions with how they are matched."""
    ranges = range_columns(reading)
    query = reading.tree
    if not isinstance(query, exp.SetOperation):
        shape = shape_of(query, reading.dialect, tables)
        if any(item.is_star for item in shape.select.expressions):
            raise NotRewritten("the query shows *, so its columns are not known")
        if not is_grouped(shape.select):
            raise NothingToRewrite("the query has no metric: nothing such as sum() or count() to compare")
        _check_keys(shape.select, shape.inner)
        for select in (shape.select, *shape.wrappers):
            select.meta[JUDGES] = True
        for condition in shape.judging:
            condition.meta[JUDGES] = True
        return [_part(reading, out, ranges, notes) for out in shape.outputs]
    found: list[_Part] = []
    arms = [shape_of(arm, reading.dialect, tables) for arm in _arms(query)]
    for arm in arms:
        arm.select.meta[JUDGES] = True
    for number, out in enumerate(arms[0].outputs):
        part = _part(reading, out, ranges, notes)
        others = [arm.outputs[number] for arm in arms if number < len(arm.outputs)]
        if len(others) < len(arms) or any(one.is_metric != part.is_metric for one in others):
            raise NotRewritten("the parts of its UNION show different columns")
        found.append(part)
    return found


def _arms(query: exp.Expr) -> Iterator[exp.Expr]:
    while isinstance(query, exp.Subquery):
        query = query.this
    if isinstance(query, exp.SetOperation):
        if not isinstance(query, exp.Union) or query.args.get("by_name"):
            raise NotRewritten("the query is an INTERSECT, EXCEPT or UNION BY NAME")
        yield from _arms(query.this)
        yield from _arms(query.expression)
    else:
        yield query


def _part(reading: Reading, out: Output, ranges: set[str], notes: list[str]) -> _Part:
    if out.is_metric or out.expr is None:
        return _Part(out.name, is_metric=True)
    step = step_of(reading, out.expr, ranges)
    if step is not None and step.note:
        notes.append(step.note.format(name=out.name))
    return _Part(out.name, is_metric=False, step=step)


def _check_keys(select: exp.Select, outputs: Sequence[Output]) -> None:
    """Refuse a grouping by something that is not shown: its rows could not be told apart."""
    group = select.args.get("group")
    if group is None or group.args.get("all"):
        return
    shown = [out.expr.sql() for out in outputs if out.expr is not None and not out.is_metric]
    names = {out.name.lower() for out in outputs if not out.is_metric}
    for key in group.expressions:
        if isinstance(key, exp.Rollup | exp.Cube | exp.GroupingSets | exp.Literal):
            continue
        bare = key.name.lower() if isinstance(key, exp.Column) else ""
        if key.sql() not in shown and bare not in names:
            plain = {out.expr.name.lower() for out in outputs if isinstance(out.expr, exp.Column)}
            if bare not in plain:
                raise NotRewritten(f"the query groups by {key.sql()} and does not show it")


def _ctes(reading: Reading) -> tuple[list[exp.CTE], exp.Expr]:
    """Return the query's CTEs, and the query without them."""
    query = reading.tree
    clause = query.args.get("with_")
    if clause is None:
        return [], query
    if clause.args.get("recursive"):
        raise NotRewritten("the query is recursive")
    query.set("with_", None)
    return list(clause.expressions), query


def _doubled(
    reading: Reading, ctes: Sequence[exp.CTE], warnings: list[str]
) -> tuple[list[exp.CTE], dict[str, str]]:
    """Return the CTEs, those of the period each twice, and how the second ones are called."""
    found: list[exp.CTE] = []
    moved: dict[str, str] = {}
    taken = {cte.alias.lower() for cte in ctes}
    for cte in ctes:
        found.append(cte)
        reads = any(not t.db and t.name.lower() in moved for t in cte.this.find_all(exp.Table))
        has_range = any(reading.placeholder_of(c) in PREVIOUS for c in cte.this.find_all(exp.Column))
        if not reads and not has_range:
            continue
        name = f"{cte.alias}_prev"
        if name.lower() in taken:
            raise NotRewritten(f"one of its queries in WITH is called {name}")
        second = cte.copy()
        _rename(second.this, moved, reading.dialect)
        _shift(reading, second.this, warnings)
        _without_judges(second.this, warnings)
        second.args["alias"].set("this", reading.identifier(name))
        moved[cte.alias.lower()] = name
        found.append(second)
    return found, moved


def _rename(query: exp.Expr, moved: dict[str, str], dialect: str) -> None:
    """Let a query read the CTEs of the period before, under the names that it already uses."""
    for table in list(query.find_all(exp.Table)):
        new = moved.get(table.name.lower())
        if new is None or table.db or not isinstance(table.this, exp.Identifier):
            continue
        old = table.this.copy()
        if not table.alias:
            table.set("alias", exp.TableAlias(this=old))
        table.set("this", exp.to_identifier(new, quoted=old.quoted))


def _before(reading: Reading, query: exp.Expr, warnings: list[str]) -> exp.Expr:
    """Return the query over the period before, without what chooses among its groups."""
    _shift(reading, query, warnings)
    if isinstance(query, exp.SetOperation):
        for part in ("order", "limit", "offset"):
            query.set(part, None)
    _without_judges(query, warnings)
    return query


def _without_judges(query: exp.Expr, warnings: list[str]) -> None:
    """Leave out what chooses among the groups: a small one of now may have been large, and the other way round."""
    for node in [one for one in query.walk() if one.meta.get(JUDGES)]:
        if not isinstance(node, exp.Select):
            node.replace(exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1)))
            warnings.append("a condition on the result chooses among the groups of the current period only")
            continue
        for part in ("having", "qualify", "limit", "offset", "order"):
            if node.args.get(part) is not None:
                if part in ("having", "qualify", "limit"):
                    warnings.append(f"{part.upper()} chooses among the groups of the current period only")
                node.set(part, None)


def _shift(reading: Reading, query: exp.Expr, warnings: list[str]) -> None:
    """Move a query to the period before; its end is excluded whatever the query says."""
    for node in list(query.find_all(exp.Between)):
        if reading.placeholder_of(node.args["high"]) == "range.end":
            value = node.this
            low = exp.GTE(this=value.copy(), expression=node.args["low"].copy())
            high = exp.LT(this=value.copy(), expression=node.args["high"].copy())
            node.replace(exp.Paren(this=exp.And(this=low, expression=high)))
            warnings.append(
                "BETWEEN takes in ${range.end} itself; < ${range.end} leaves out the day after the period"
            )
    for at_most in list(query.find_all(exp.LTE)):
        if reading.placeholder_of(at_most.expression) == "range.end":
            at_most.replace(exp.LT(this=at_most.this.copy(), expression=at_most.expression.copy()))
            warnings.append("<= ${range.end} takes in the day after the period; write < ${range.end}")
    for at_least in list(query.find_all(exp.GTE)):
        if reading.placeholder_of(at_least.this) == "range.end":
            at_least.replace(exp.GT(this=at_least.this.copy(), expression=at_least.expression.copy()))
            warnings.append("${range.end} >= takes in the day after the period; write ${range.end} >")
    for column in list(query.find_all(exp.Column)):
        name = PREVIOUS.get(reading.placeholder_of(column) or "")
        if name is not None:
            column.replace(reading.stand_in(name))


def _order(reading: Reading, current: exp.Expr, parts: Sequence[_Part]) -> list[exp.Expr]:
    """Return the sort keys over the result, which a join does not keep; the query's own stay where it has LIMIT."""
    order = current.args.get("order")
    if order is None:
        return []
    kept: list[exp.Expr] = []
    items = {item.this.sql(): item.alias for item in current.expressions if isinstance(item, exp.Alias)}
    names = {part.name.lower(): part.name for part in parts}
    for ordered in order.expressions:
        key = ordered.this
        name: str | None = None
        if isinstance(key, exp.Literal) and not key.is_string:
            place = int(key.this) - 1
            name = parts[place].name if 0 <= place < len(parts) else None
        elif isinstance(key, exp.Column) and key.name.lower() in names:
            name = names[key.name.lower()]
        else:
            name = items.get(key.sql())
        if name is None:
            continue
        copy = ordered.copy()
        copy.set("this", reading.column(name, CURRENT))
        kept.append(copy)
    if len(kept) == len(order.expressions) and current.args.get("limit") is None:
        current.set("order", None)
    return kept


def _cte(name: str, query: exp.Expr) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


def _joined(reading: Reading, parts: Sequence[_Part], order: Sequence[exp.Expr]) -> exp.Select:
    items: list[exp.Expr] = [reading.column(part.name, CURRENT) for part in parts]
    for part in parts:
        if part.is_metric:
            previous = reading.column(part.name, BEFORE)
            items.append(exp.Alias(this=previous, alias=reading.identifier(f"{part.name}_prev")))
    conditions: list[exp.Expr] = []
    steps = [part for part in parts if part.step is not None]
    names = {part.name.lower() for part in parts}
    for part in parts:
        if part.is_metric:
            continue
        name = part.name
        if part.step is not None:
            name = f"{part.name}_step"
            while name.lower() in names:
                name += "_"
        pair = (reading.column(name, CURRENT), reading.column(name, BEFORE))
        conditions.append(exp.NullSafeEQ(this=pair[0], expression=pair[1]))
    on = (
        exp.and_(*conditions)
        if conditions
        else exp.EQ(this=exp.Literal.number(1), expression=exp.Literal.number(1))
    )
    sides: list[exp.Expr] = []
    for side, placeholder in ((CURRENT, "range.start"), (BEFORE, "range.prev_start")):
        if not steps:
            sides.append(exp.Table(this=exp.to_identifier(side)))
            continue
        numbered: list[exp.Expr] = [exp.Star()]
        for part in steps:
            name = f"{part.name}_step"
            while name.lower() in names:
                name += "_"
            assert part.step is not None  # noqa: S101  chosen by it
            numbered.append(
                exp.Alias(
                    this=part.step.number(reading, part.name, placeholder), alias=reading.identifier(name)
                )
            )
        select = exp.Select()
        select.set("expressions", numbered)
        sides.append(
            exp.Subquery(
                this=select.from_(exp.to_identifier(side).sql()),
                alias=exp.TableAlias(this=exp.to_identifier(side)),
            )
        )
    made = exp.Select()
    made.set("expressions", items)
    made.set("from_", exp.From(this=sides[0]))
    made.set("joins", [exp.Join(this=sides[1], side="LEFT", on=on)])
    if order:
        made.set("order", exp.Order(expressions=list(order)))
    return made


def _dates(tables: Columns, reading: Reading) -> list[str]:
    """Return columns of the query's tables that look like dates by their names."""
    found: list[str] = []
    for table in reading.tree.find_all(exp.Table):
        columns = tables.get(".".join(part.name for part in table.parts).lower(), ())
        for column in columns:
            words = column.lower().replace("_", " ").split()
            if {"date", "day", "time", "month", "at", "timestamp"} & set(words) or column.lower().endswith(
                "date"
            ):
                found.append(f"{table.alias_or_name}.{column}")
    return list(dict.fromkeys(found))[:5]
