"""What result columns are called, and how a chart's field finds its column.

PRODUCT rule: an unaliased aggregate of one column answers under that column's name when free, else as
`<fn>_<column>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

AGGREGATES: tuple[str, ...] = (
    "sum",
    "avg",
    "mean",
    "min",
    "max",
    "count",
    "median",
    "mode",
    "stddev",
    "variance",
    "any_value",
)
AGGREGATES += ("first", "last", "approx_count_distinct", "total", "group_concat", "string_agg", "array_agg")
WRAPPERS = (exp.Paren, exp.Filter, exp.Window, exp.Cast, exp.IgnoreNulls, exp.RespectNulls)


def output_names(
    tree: exp.Expr, *, renamed: Mapping[str, str | None] | None = None
) -> tuple[str | None, ...]:
    """Return the names of the top-level columns by position; None leaves the engine's own.

    () when all are the engine's own, or when a star makes positions unknown.
    renamed: what columns of the tree are really called; None for what is no column at all.

    >>> from sqlglot import parse_one
    >>> output_names(parse_one("SELECT region, SUM(revenue), AVG(revenue) FROM t"))
    (None, 'revenue', 'avg_revenue')
    """
    select = _first_select(tree)
    if select is None or any(_is_star(projection) for projection in select.expressions):
        return ()
    real = renamed or {}
    aggregates = {i: found for i, item in enumerate(select.expressions) if (found := _aggregate(item, real))}
    if not aggregates:
        return ()
    taken = {
        (real.get(item.output_name) or item.output_name).lower()
        for i, item in enumerate(select.expressions)
        if i not in aggregates and item.output_name
    }
    names: list[str | None] = [None] * len(select.expressions)
    for i, (function, column) in aggregates.items():
        names[i] = _free(column, function, taken)
    return tuple(names)


def known_columns(tree: exp.Expr, names: Sequence[str | None]) -> list[str] | None:
    """Return all output columns where the text alone tells them; None where a star or an expression does not.

    names: as `output_names` returned them.

    >>> from sqlglot import parse_one
    >>> tree = parse_one("SELECT region, SUM(revenue) FROM t")
    >>> known_columns(tree, output_names(tree)), known_columns(parse_one("SELECT * FROM t"), ())
    (['region', 'revenue'], None)
    """
    select = _first_select(tree)
    if select is None or any(_is_star(projection) for projection in select.expressions):
        return None
    given = names or (None,) * len(select.expressions)
    found = [name or item.output_name for name, item in zip(given, select.expressions, strict=True)]
    return found if all(found) else None


def resolve_field(field: str, columns: Sequence[str]) -> str | None:
    """Return the column that a config field means: the same, without case, or as `<fn>_<column>`.

    >>> resolve_field("sum_revenue", ["region", "Revenue"]), resolve_field("revenue", ["avg_revenue"])
    ('Revenue', 'avg_revenue')
    """
    if field in columns:
        return field
    lowered = field.lower()
    by_name = {column.lower(): column for column in reversed(columns)}
    if lowered in by_name:
        return by_name[lowered]
    for function in AGGREGATES:
        bare = lowered.removeprefix(function + "_")
        if bare != lowered and bare in by_name:
            return by_name[bare]
    longer = [by_name[name] for f in AGGREGATES if (name := f"{f}_{lowered}") in by_name]
    return longer[0] if longer else None


def _free(column: str, function: str, taken: set[str]) -> str:
    """Return the first name that is free, and take it."""
    name = column if column.lower() not in taken else f"{function}_{column}"
    base, suffix = name, 0
    while name.lower() in taken:
        suffix += 1
        name = f"{base}_{suffix}"
    taken.add(name.lower())
    return name


def _first_select(tree: exp.Expr) -> exp.Select | None:
    """Return the SELECT whose columns the statement answers: of a union, the first."""
    while isinstance(tree, exp.Subquery | exp.SetOperation):
        tree = tree.this
    return tree if isinstance(tree, exp.Select) else None


def _is_star(item: exp.Expr) -> bool:
    return item.is_star or isinstance(item, exp.Columns) or item.find(exp.Columns) is not None


def _aggregate(item: exp.Expr, real: Mapping[str, str | None]) -> tuple[str, str] | None:
    """Return function and column of an unaliased aggregate of one column, both as written."""
    while isinstance(item, WRAPPERS):
        item = item.this
    if not isinstance(item, exp.AggFunc):
        return None
    argument = item.this
    if isinstance(argument, exp.Distinct) and len(argument.expressions) == 1:
        argument = argument.expressions[0]
    if isinstance(argument, exp.Order):
        argument = argument.this
    if not isinstance(argument, exp.Column) or len(list(item.find_all(exp.Column))) != 1:
        return None
    column = real.get(argument.name, argument.name)
    return None if column is None else (item.sql_name().lower(), column)
