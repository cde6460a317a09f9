"""The rows behind a query as one sub-select: its dimensions by their names, and every column that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from tesela.sql.assist.reading import Reading
from tesela.sql.assist.shape import Shape, own
from tesela.sql.sources import Source
from tesela.sql.spots import NotRewritten


@dataclass(slots=True)
class Base:
    """select: of the rows. names: how a source's column is called in it; an open base has all under their own."""

    select: exp.Select
    names: dict[tuple[int, str], str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    is_open: bool = False


def base_of(reading: Reading, shape: Shape, *, dims: bool = True) -> Base:
    """Return the sub-select of the rows behind a query. Raises NotRewritten where its columns are not known."""
    is_open = any(one.columns is None for one in shape.sources)
    if is_open and len(shape.sources) != 1:
        raise NotRewritten("the columns of its tables are not known")
    base = Base(exp.Select(), is_open=is_open)
    items: list[exp.Expr] = []
    taken: set[str] = set()
    if dims:
        for dim in shape.dims:
            name, expr = dim.name, dim.expr
            if not name or name.lower() in taken or expr is None:
                continue
            if isinstance(expr, exp.Column) and expr.name.lower() == name.lower():
                if is_open:
                    continue
                where = _source_of(expr, shape.sources)
                base.names[where, expr.name.lower()] = name
            taken.add(name.lower())
            base.columns.append(name)
            items.append(exp.Alias(this=expr.copy(), alias=reading.identifier(name)))
    if is_open:
        items.append(exp.Column(this=exp.Star(), table=exp.to_identifier(shape.sources[0].name)))
    else:
        items += _exposed(reading, shape, base, taken)
    base.select.set("expressions", [_tidy(item) for item in items])
    inner = shape.select
    for part in ("from_", "joins", "where"):
        value = inner.args.get(part)
        if value:
            copied = [one.copy() for one in value] if isinstance(value, list) else value.copy()
            base.select.set(part, copied)
    for condition in shape.conditions:
        base.select = base.select.where(condition.copy(), copy=False)
    return base


def _tidy(item: exp.Expr) -> exp.Expr:
    """Return `t.a` for `t.a AS a`."""
    if isinstance(item, exp.Alias) and isinstance(item.this, exp.Column):
        alias, name = item.args["alias"], item.this.this
        if isinstance(name, exp.Identifier) and alias.this == name.this and name.quoted == alias.quoted:
            return item.this
    return item


def _exposed(reading: Reading, shape: Shape, base: Base, taken: set[str]) -> list[exp.Expr]:
    """Return every source's columns, each name once: a repeated join key is left out, another is renamed."""
    joins: list[exp.Join] = shape.select.args.get("joins") or []
    outer = any(join.side in ("RIGHT", "FULL") for join in joins)
    equal = set() if outer else _equal_columns(shape.sources, joins, shape.select)
    items: list[exp.Expr] = []
    for number, source in enumerate(shape.sources):
        for column in source.columns or ():
            key = (number, column.lower())
            if key in base.names:
                continue
            name = column
            if name.lower() in taken:
                twin = next(
                    (
                        other
                        for other in base.names
                        if other[1] == key[1] and frozenset((other, key)) in equal
                    ),
                    None,
                )
                if twin is not None and base.names[twin].lower() == name.lower():
                    base.names[key] = base.names[twin]
                    continue
                name = f"{source.name or 'inner'}_{column}"
                while name.lower() in taken:
                    name += "_"
            taken.add(name.lower())
            base.names[key] = name
            base.columns.append(name)
            of = exp.Column(this=reading.identifier(column), table=_name_of(source))
            items.append(of if name == column else exp.Alias(this=of, alias=reading.identifier(name)))
    return items


def _name_of(source: Source) -> exp.Identifier | None:
    alias = source.node.args.get("alias")
    name = alias.this if alias is not None else source.node.this
    return name.copy() if isinstance(name, exp.Identifier) else None


def _equal_columns(
    sources: Sequence[Source], joins: Sequence[exp.Join], select: exp.Select
) -> set[frozenset[tuple[int, str]]]:
    """Return pairs of columns that joins make equal in every row, or empty on the side that is left out."""
    found: set[frozenset[tuple[int, str]]] = set()
    for number, join in enumerate(joins, 1):
        for name in join.args.get("using") or ():
            for before in range(number):
                found.add(frozenset(((before, name.name.lower()), (number, name.name.lower()))))
    conditions = [join.args.get("on") for join in joins]
    where = select.args.get("where")
    conditions += [where.this] if where is not None else []
    for condition in conditions:
        for part in _and_parts(condition):
            if isinstance(part, exp.EQ) and all(
                isinstance(side, exp.Column) for side in (part.this, part.expression)
            ):
                pair = {
                    (_source_of(side, sources), side.name.lower()) for side in (part.this, part.expression)
                }
                found.add(frozenset(pair))
    return found


def _and_parts(condition: exp.Expr | None) -> list[exp.Expr]:
    if isinstance(condition, exp.And):
        return [*_and_parts(condition.this), *_and_parts(condition.expression)]
    if isinstance(condition, exp.Paren):
        return _and_parts(condition.this)
    return [] if condition is None else [condition]


def _source_of(column: exp.Column, sources: Sequence[Source]) -> int:
    """Return the number of the source that a column comes from. Raises NotRewritten."""
    if len(sources) == 1:
        return 0
    if column.table:
        found = [number for number, one in enumerate(sources) if one.name == column.table.lower()]
    else:
        found = [number for number, one in enumerate(sources) if one.spelling(column.name) is not None]
    if not found:
        raise NotRewritten(f"no table of the query has a column {column.name}")
    return found[0]


def over_base(expr: exp.Expr, shape: Shape, base: Base, reading: Reading) -> exp.Expr:
    """Return an expression over the sources as one over the base. Raises NotRewritten."""
    copy = expr.copy()
    names = {one.name for one in shape.sources if one.name}
    for node in list(own(copy)):
        if isinstance(node, exp.Query | exp.Subquery):
            inner = node.this if isinstance(node, exp.Subquery) else node
            if any(column.table.lower() in names for column in inner.find_all(exp.Column)):
                raise NotRewritten("a metric holds a sub-query that looks at the rows around it")
        elif isinstance(node, exp.Column) and not node.is_star and reading.placeholder_of(node) is None:
            if base.is_open:
                new = exp.Column(this=node.this.copy())
            else:
                where = _source_of(node, shape.sources)
                name = base.names.get((where, node.name.lower()))
                if name is None:
                    raise NotRewritten(f"no table of the query has a column {node.name}")
                new = reading.column(name)
            if node is copy:
                return new
            node.replace(new)
    return copy


def ctes_around(reading: Reading, select: exp.Expr, made: exp.Select) -> list[exp.CTE]:
    """Return copies of the CTEs that a new query needs, in order. select: where its parts stood."""
    seen: list[exp.CTE] = []
    node: exp.Expr | None = select
    chain: list[exp.With] = []
    while node is not None:
        clause = node.args.get("with_")
        if isinstance(clause, exp.With):
            if clause.args.get("recursive"):
                raise NotRewritten("the query is recursive")
            chain.append(clause)
        node = node.parent
    for clause in reversed(chain):
        seen += clause.expressions
    names = [cte.alias.lower() for cte in seen]
    if len(set(names)) < len(names):
        raise NotRewritten("two of its queries in WITH have the same name")
    needed: set[str] = set()
    queue: list[exp.Expr] = [made]
    while queue:
        for table in queue.pop().find_all(exp.Table):
            name = table.name.lower()
            if not table.db and name in names and name not in needed:
                needed.add(name)
                queue.append(seen[names.index(name)].this)
    return [cte.copy() for cte in seen if cte.alias.lower() in needed]
