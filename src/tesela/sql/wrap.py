"""Filters around a whole query, where nothing is known of what it reads: `SELECT * FROM (...) WHERE column = ?`.

Right only where the rows that remain are made of the same rows as before, so it is the last resort after
`crossfilter`, and for the plainest of queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from tesela.errors import QueryRefused
from tesela.model.interaction import Clause
from tesela.model.statement import Statement
from tesela.sql.clauses import Bound, Fragment, all_of
from tesela.sql.crossfilter import Filtered
from tesela.sql.grouping import has_subtotals, is_grouped_by
from tesela.sql.guard import Parsed, parse
from tesela.sql.sources import output_columns, sources_of
from tesela.sql.splice import Edit, splice
from tesela.sql.spots import shown_column
from tesela.sql.tables import Columns, mentions

PARTS = frozenset({"expressions", "distinct", "from_", "where", "group", "having", "order"})
"""Parts of a SELECT under which a condition on an output column may stand outside: no join, window or limit."""
NAME = "filtered"


def wrap(statement: Statement, dialect: str, tables: Columns, clauses: Sequence[Clause]) -> Filtered:
    """Return the statement inside a SELECT of the rows for which the clauses hold, as far as that is right.

    tables: what is known of the database; a query over a known table is left to `substitute`.

    >>> total = Statement(("SELECT kind, sum(n) FROM made_up() GROUP BY kind",))
    >>> wrap(total, "duckdb", {}, [Clause("Kind", "eq", ("a",))]).statement.text
    ('SELECT * FROM (SELECT kind, sum(n) FROM made_up() GROUP BY kind) AS filtered WHERE "kind" = ', '')
    """
    try:
        seen = mentions(statement.text, dialect)
        parsed = parse(seen.sql, dialect)
    except QueryRefused:
        return Filtered(statement, ignored=tuple(clauses))
    names = _plain_outputs(parsed, tables)
    applied = tuple(clause for clause in clauses if clause.column.lower() in names)
    tail = _order(parsed) if applied else None
    if tail is None:
        return Filtered(statement, ignored=tuple(clauses))
    conditions = all_of(
        [Clause(names[one.column.lower()], one.operator, one.values) for one in applied], dialect
    )
    closing: Fragment = (f") AS {NAME} WHERE ", *conditions)
    edits: list[Edit] = [(0, 0, ("SELECT * FROM (",))]
    edits += [
        (start, end, (Bound(value),))
        for (start, end), value in zip(seen.holes, statement.values, strict=True)
    ]
    body_end, order_end = tail
    order = parsed.sql[body_end:order_end]
    edits.append((body_end, len(parsed.sql), (*closing, f" {order.strip()}" if order.strip() else "")))
    if any(start >= body_end for start, _ in seen.holes):
        return Filtered(statement, ignored=tuple(clauses))
    text, values = splice(parsed.sql, edits)
    parse(Statement(text, values).render(lambda number: f" v{number} "), dialect)
    left = tuple(clause for clause in clauses if clause not in applied)
    return Filtered(replace(statement, text=text, values=values), applied, left)


def _plain_outputs(parsed: Parsed, tables: Columns) -> dict[str, str]:
    """Return the output columns, by their names in lower case, on which a condition may stand outside."""
    select = parsed.tree
    if not isinstance(select, exp.Select) or {name for name, value in select.args.items() if value} - PARTS:
        return {}
    if len(list(select.find_all(exp.Query))) > 1 or select.find(exp.Window, exp.Columns) is not None:
        return {}
    distinct = select.args.get("distinct")
    is_odd = has_subtotals(select) or (distinct is not None and distinct.args.get("on"))
    sources = sources_of(select, parsed.dialect, tables)
    outputs = [item.output_name.lower() for item in select.expressions if item.output_name]
    if is_odd or len(sources) != 1 or sources[0].columns is not None or len(set(outputs)) < len(outputs):
        return {}
    names = {name.lower(): name for name in output_columns(select, parsed.dialect, tables) or ()}
    found = {}
    for item in select.expressions:
        column = shown_column(item)
        if column is None or column.name.lower() != item.output_name.lower():
            continue
        is_key = select.args.get("group") is None or is_grouped_by(select, sources, sources[0], column.name)
        if is_key and column.name.lower() in names:
            found[column.name.lower()] = names[column.name.lower()]
    return found


def _order(parsed: Parsed) -> tuple[int, int] | None:
    """Return where the query without its ORDER BY ends, and where the ORDER BY does; None where it must stay inside."""
    end = _end(parsed.tokens)
    order = parsed.tree.args.get("order")
    if order is None:
        return end, end
    outputs = {item.output_name.lower() for item in parsed.tree.expressions if item.output_name}
    for ordered in order.expressions:
        key = ordered.this
        is_name = isinstance(key, exp.Column) and not key.table and key.name.lower() in outputs
        if not is_name and not (isinstance(key, exp.Literal) and not key.is_string):
            return None
    depth = 0
    for token in reversed(parsed.tokens):
        depth += (token.token_type is TokenType.R_PAREN) - (token.token_type is TokenType.L_PAREN)
        if depth == 0 and token.token_type is TokenType.ORDER_BY:
            return token.start, end
    return None


def _end(tokens: Sequence[Token]) -> int:
    """Return where the last word of the statement ends, its semicolon left out."""
    return next(token.end + 1 for token in reversed(tokens) if token.token_type is not TokenType.SEMICOLON)
