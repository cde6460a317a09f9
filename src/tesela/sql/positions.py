"""Where each kind of placeholder may stand, seen on the tree in which stand-ins are columns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from tesela.sql.guard import Parsed
from tesela.sql.lexical import refuse_at
from tesela.sql.template import Placeholder

NOT_A_VALUE = (
    *(exp.Where, exp.Having, exp.Qualify, exp.PreWhere, exp.And, exp.Or, exp.Not, exp.Join),
    *(exp.Group, exp.Rollup, exp.Cube, exp.GroupingSets, exp.Order, exp.Ordered, exp.Sort, exp.Cluster),
    *(exp.Dot, exp.Lambda, exp.TableAlias, exp.Pivot, exp.From),
)
"""Where a bare value means nothing, or means another thing than its author thinks."""
CONDITIONS = (exp.Where, exp.Having, exp.Qualify, exp.PreWhere, exp.Join, exp.If)


def columns_of(parsed: Parsed, placeholders: Sequence[Placeholder], prefix: str) -> tuple[exp.Column, ...]:
    """Return the stand-in column of each placeholder. Raises QueryRefused for one that may not stand there.

    Each stand-in must have come back as one column: that catches aliases, table and function names, units.
    """
    found: dict[str, list[exp.Column]] = {}
    for column in parsed.tree.find_all(exp.Column):
        found.setdefault(column.name, []).append(column)
    columns = []
    for index, placeholder in enumerate(placeholders):
        candidates = found.get(f"{prefix}{index}", [])
        objection = _objection(placeholder, candidates)
        if objection:
            refuse_at(parsed.sql, placeholder.start, f"${{{placeholder.name}}} {objection}")
        columns.append(candidates[0])
    mentions = sum(1 for node in parsed.tree.find_all(exp.Identifier) if node.name.startswith(prefix))
    if mentions != len(placeholders):
        refuse_at(parsed.sql, placeholders[0].start, "a placeholder cannot stand in the place of a name")
    return tuple(columns)


def takes_list(column: exp.Column) -> bool:
    """Return whether a stand-in is a member of `IN (...)`, where one value may become several."""
    return isinstance(column.parent, exp.In) and column.arg_key == "expressions"


def _objection(placeholder: Placeholder, columns: Sequence[exp.Column]) -> str:
    if len(columns) != 1:
        return "cannot stand here; it takes the place of a whole expression"
    column = columns[0]
    if placeholder.kind == "identifier":
        return ""
    if column.args.get("table") or isinstance(column.parent, exp.Dot):
        return "cannot follow a table's name"
    return _clause_objection(column) if placeholder.kind == "clause" else _value_objection(column)


def _value_objection(column: exp.Column) -> str:
    if isinstance(column.parent, exp.In) and column.arg_key == "field":
        return "after IN needs parentheses: IN (...)"
    node: exp.Expr = column
    while isinstance(node.parent, exp.Paren):
        node = node.parent
    if isinstance(node.parent, NOT_A_VALUE):
        return "is a value; it cannot be a condition, a column or a sort key by itself"
    return ""


def _clause_objection(column: exp.Column) -> str:
    node: exp.Expr | None = column
    while node is not None and isinstance(node.parent, exp.And | exp.Paren):
        node = node.parent
    parent = node.parent if node is not None else None
    if isinstance(parent, exp.Or):
        return "follows a condition with OR; put that condition in parentheses"
    if isinstance(parent, CONDITIONS) and (not isinstance(parent, exp.If) or node is parent.this):
        return ""
    return "belongs after a condition, as in WHERE 1=1 ${" + "...}"
