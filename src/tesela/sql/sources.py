"""What a SELECT reads from, which columns each of those has, and which of them may be narrowed for its rows' sake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

from tesela.sql.tables import UNREPLACEABLE, Columns, cte_of, normal_name

KEEPS_ALL_OF_THE_FIRST = ("", "LEFT")
"""Sides of a join at which the rows before it stay what they are."""


@dataclass(frozen=True, slots=True)
class Source:
    """A table, CTE or sub-select in a FROM.

    name: what its columns are qualified by, in lower case.
    columns: as the database spells them; None when they are not known.
    body: the query that it stands for; None for a table of the database.
    obstacle: why narrowing it would not be the same as a condition in WHERE; empty when it is the same.
    """

    node: exp.Expr
    name: str
    columns: tuple[str, ...] | None
    body: exp.Expr | None
    obstacle: str

    def spelling(self, column: str) -> str | None:
        """Return the source's own spelling of a column; None when it has none, or is not known."""
        columns = self.columns or ()
        if column in columns:
            return column
        return next((name for name in columns if name.lower() == column.lower()), None)


def sources_of(select: exp.Select, dialect: str, tables: Columns) -> list[Source]:
    """Return what a SELECT reads from, in the order of the text. tables: what is known of the database."""
    first = select.args.get("from_")
    joins: list[exp.Join] = select.args.get("joins") or []
    nodes = ([first.this] if first is not None else []) + [join.this for join in joins]
    return [
        Source(
            node,
            node.alias_or_name.lower(),
            _columns(node, dialect, tables),
            body_of(node, dialect),
            _obstacle(node, number, joins),
        )
        for number, node in enumerate(nodes)
    ]


def body_of(node: exp.Expr, dialect: str) -> exp.Expr | None:
    """Return the query of a sub-select or of the CTE that a name means."""
    if isinstance(node, exp.Subquery):
        body: exp.Expr = node.this
        return body
    if isinstance(node, exp.Table) and isinstance(node.this, exp.Identifier):
        cte = cte_of(node, dialect)
        return None if cte is None else cte.this
    return None


def output_columns(query: exp.Expr, dialect: str, tables: Columns) -> tuple[str, ...] | None:
    """Return the names of a query's columns, those without a name left out; None when a star hides them."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    if not isinstance(query, exp.Select):
        return None
    found: list[str] = []
    for item in query.expressions:
        if not item.is_star:
            name = item.args.get("alias") if isinstance(item, exp.Alias) else item.this
            if isinstance(name, exp.Identifier):
                found.append(_kept_name(name, dialect))
            continue
        columns = _starred(item, query, dialect, tables)
        if columns is None:
            return None
        found += columns
    return tuple(dict.fromkeys(found))


def _kept_name(name: exp.Identifier, dialect: str) -> str:
    """Return a name as the result shows it: folded where the dialect folds, else as written."""
    strategy = Dialect.get_or_raise(dialect).normalization_strategy
    folds = strategy in (NormalizationStrategy.LOWERCASE, NormalizationStrategy.UPPERCASE)
    return normal_name(name, dialect) if folds else name.name


def _starred(item: exp.Expr, select: exp.Select, dialect: str, tables: Columns) -> list[str] | None:
    star = item.this if isinstance(item, exp.Column) else item
    if not isinstance(star, exp.Star) or any(star.args.values()):
        return None
    of = item.table.lower() if isinstance(item, exp.Column) else ""
    sources = [one for one in sources_of(select, dialect, tables) if of in ("", one.name)]
    if any(one.columns is None for one in sources):
        return None
    return [name for one in sources for name in one.columns or ()]


def _columns(node: exp.Expr, dialect: str, tables: Columns) -> tuple[str, ...] | None:
    alias = node.args.get("alias")
    if node.args.get("pivots") or (isinstance(alias, exp.TableAlias) and alias.columns):
        return None
    body = body_of(node, dialect)
    if body is None:
        if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
            return None
        known = tables.get(".".join(part.name for part in node.parts).lower())
        return None if known is None else tuple(known)
    cte = cte_of(node, dialect) if isinstance(node, exp.Table) else None
    if cte is not None and cte.args["alias"].columns:
        return tuple(_kept_name(name, dialect) for name in cte.args["alias"].columns)
    if cte is not None and cte.parent is not None and cte.parent.args.get("recursive"):
        return None
    return output_columns(body, dialect, tables)


def _obstacle(node: exp.Expr, number: int, joins: Sequence[exp.Join]) -> str:
    """number: 0 for the one in FROM, then those joined."""
    is_plain = isinstance(node, exp.Table) or (
        isinstance(node, exp.Subquery) and isinstance(node.this, exp.Query)
    )
    is_plain = is_plain and not node.args.get("joins") and not isinstance(node.this, exp.Func)
    if not is_plain or any(node.args.get(name) for name in (*UNREPLACEABLE, "pivots", "laterals")):
        return "is sampled, pivoted or made by a function"
    own = joins[number - 1] if number else None
    if any(join.method in ("NATURAL", "POSITIONAL") or join.kind == "POSITIONAL" for join in joins):
        return "is joined by position or by all common names"
    if own is not None and (
        own.method or own.side not in ("", "RIGHT") or own.kind not in ("", "INNER", "CROSS")
    ):
        return "is joined so that its columns may be empty, as by LEFT JOIN"
    if any(join.side not in KEEPS_ALL_OF_THE_FIRST for join in joins[number:]):
        return "is joined so that its columns may be empty, as by RIGHT or FULL JOIN"
    return ""
