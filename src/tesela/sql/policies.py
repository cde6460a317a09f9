"""Row policies, by the same device as filters (see `tables`), but closed where filters are open.

Each table under a policy becomes `(SELECT columns FROM t AS tesela_row WHERE predicate) AS t`, with its full name,
so that nothing of the query around it can change what it means. Where any policy holds, everything that is not
known to be harmless is refused: tables that are not in the catalog, views, functions, and what the parser and
the database might read in two ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from tesela.errors import QueryRefused
from tesela.model.policy import Mask, RowRule
from tesela.model.statement import Statement
from tesela.sql.clauses import Bound, Fragment
from tesela.sql.guard import Parsed, parse
from tesela.sql.harmless import is_harmless, is_harmless_table
from tesela.sql.known import KnownTable, KnownTables
from tesela.sql.lexical import short
from tesela.sql.masks import masked, strongest
from tesela.sql.predicates import exact_column, read_predicate
from tesela.sql.quoting import quote
from tesela.sql.splice import Edit, splice
from tesela.sql.tables import TableRef, cte_of, mentions, normal_name

ROW = "tesela_row"
"""What a table is called inside of its sub-select; no author may use the name."""
FENCES = {"postgres": " OFFSET 0", "duckdb": " OFFSET 0", "sqlite": " LIMIT -1 OFFSET 0"}
"""Keeps the database from trying the query's own conditions on rows that the policy hides: a cast that fails on
one would tell of it."""
UNFENCED = ("postgres",)
"""Dialects in which comparing never fails, so that plain queries may do without the fence and use indexes."""
QUIET = (
    exp.Select, exp.Subquery, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered,
    exp.Limit, exp.Offset, exp.With, exp.CTE, exp.TableAlias, exp.Table, exp.Alias, exp.Column, exp.Identifier,
    exp.Star, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT,
    exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Exists, exp.SetOperation, exp.Distinct,
    exp.Sum, exp.Count, exp.Avg, exp.Min, exp.Max, exp.Filter, exp.Coalesce, exp.Lower, exp.Upper, exp.Window,
    exp.WindowSpec, exp.RowNumber, exp.Rank, exp.DenseRank, exp.TimestampTrunc, exp.DateTrunc, exp.Var,
    exp.Case, exp.If, exp.Tuple, exp.Lateral,
)  # fmt: skip
"""Parts of a query that cannot fail on a row, in an unfenced dialect."""
PLACES = (exp.From, exp.Join, exp.Subquery, exp.Pivot)
"""Where a table may stand."""
SYSTEM = "is not a table of this datasource that you may read"


def restrict(statement: Statement, dialect: str, tables: KnownTables, rules: Sequence[RowRule]) -> Statement:
    """Return the statement over tables that hold only what the rules allow.

    Called after filters, so that policies are innermost. Raises QueryRefused for whatever could go around them.
    """
    if not rules:
        return statement
    seen = mentions(statement.text, dialect)
    protected = frozenset(rule.table[-1] for rule in rules)
    check_closed(seen.sql, dialect, protected)
    edits: list[Edit] = [
        (start, end, (Bound(value),))
        for (start, end), value in zip(seen.holes, statement.values, strict=True)
    ]
    is_fenced = dialect not in UNFENCED or not _is_quiet(seen.sql, dialect)
    count = 0
    for one in seen.tables:
        table = _table(one, tables)
        applied = [rule for rule in rules if rule.holds_for(table.catalog, table.schema, table.name)]
        if not applied:
            if table.kind != "table":
                raise QueryRefused(
                    f"{short(table.name)} is a {table.kind}, which row policies do not reach: read its tables"
                )
            continue
        if one.obstacle:
            raise QueryRefused(f"the table {short(table.name)} has a row policy: {one.obstacle}")
        edits.append((one.start, one.end, _sub_select(one, table, applied, dialect, is_fenced)))
        count += 1
    if not count:
        return statement
    text, values = splice(seen.sql, edits)
    _check_again(text, dialect, count, len(seen.tables))
    return replace(statement, text=text, values=values)


def check_closed(sql: str, dialect: str, protected: frozenset[str]) -> None:
    """Raise QueryRefused for a query that could read past the policies on tables of these names (lower case)."""
    objection = _objection(sql, dialect, protected)
    if objection:
        raise QueryRefused(f"the tables of this datasource have row policies: {objection}")


def row_columns(table: KnownTable, rules: Sequence[RowRule], dialect: str) -> Iterator[tuple[str, Fragment]]:
    """Yield each column's name with what is shown of it; the strongest of several masks wins."""
    masks: dict[str, list[tuple[Mask, str]]] = {}
    for rule in rules:
        for name, mask in rule.masks:
            exact = exact_column(name, table.columns)
            if exact is None:
                raise QueryRefused(
                    "a row policy of this datasource masks a column that is not there any more"
                )
            masks.setdefault(exact, []).append((mask, rule.salt))
    for name in table.columns:
        column = f"{ROW}.{quote(name, dialect)}"
        if name not in masks:
            yield name, (column,)
            continue
        mask = strongest([one for one, _ in masks[name]])
        salt = next((salt for one, salt in masks[name] if one == mask), "")
        yield name, masked(column, mask, salt, dialect)


def _table(one: TableRef, tables: KnownTables) -> KnownTable:
    """Return what a mention means. Raises QueryRefused for what is not known for certain."""
    found = tables.named(one.parts)
    if len(found) > 1:
        found = tuple(table for table in found if table.name == one.parts[-1])
    if len(found) != 1 or len(one.parts) > 3:
        raise QueryRefused(f"{short(one.parts[-1])} {SYSTEM}")
    return found[0]


def _sub_select(
    one: TableRef, table: KnownTable, rules: Sequence[RowRule], dialect: str, is_fenced: bool
) -> Fragment:
    pieces: list[str | Bound] = ["(SELECT "]
    for number, (name, shown) in enumerate(row_columns(table, rules, dialect)):
        pieces += [", " if number else "", *shown, f" AS {quote(name, dialect)}"]
    pieces.append(f" FROM {quote(table.schema, dialect)}.{quote(table.name, dialect)} AS {ROW}")
    conditions = [_condition(rule, table, dialect) for rule in rules if rule.predicate]
    for number, condition in enumerate(conditions):
        pieces += [" AND (" if number else " WHERE (", *condition, ")"]
    alias = f" AS {one.alias}" if one.alias else ""
    return (*pieces, f"{FENCES[dialect] if is_fenced else ''}){alias}")


def _condition(rule: RowRule, table: KnownTable, dialect: str) -> Fragment:
    if not rule.is_met:
        return ("1=0",)
    return read_predicate(rule.predicate, dialect).fragment(table.columns, dict(rule.values), ROW)


def _check_again(text: tuple[str, ...], dialect: str, narrowed: int, count: int) -> None:
    """Read the result again: as many tables as before, and as many under a policy as were put there."""
    after = mentions(text, dialect)
    rows = sum(1 for table in _tree(after.sql, dialect).tree.find_all(exp.Table) if table.alias == ROW)
    if len(after.tables) != count or rows != narrowed:
        raise QueryRefused("the row policies cannot be put into this query: write it in a simpler way")


@lru_cache(maxsize=512)
def _tree(sql: str, dialect: str) -> Parsed:
    return parse(sql, dialect)


@lru_cache(maxsize=512)
def _is_quiet(sql: str, dialect: str) -> bool:
    return all(isinstance(node, QUIET) for node in _tree(sql, dialect).tree.walk())


@lru_cache(maxsize=1024)
def _objection(sql: str, dialect: str, protected: frozenset[str]) -> str:
    """Return why a query may not run under policies; "" when it may."""
    if dialect not in FENCES:
        return "this kind of database cannot have them"
    parsed = _tree(sql, dialect)
    for node in parsed.tree.walk():
        objection = _node_objection(node, dialect, protected)
        if objection:
            return objection
    written = [
        token.text.lower()
        for token in parsed.tokens
        if token.token_type is not TokenType.STRING and token.text.lower() in protected
    ]
    understood = [node.name.lower() for node in parsed.tree.find_all(exp.Identifier)]
    if any(written.count(name) > understood.count(name) for name in protected):
        return "a table's name stands where it is not understood"
    return ""


def _node_objection(node: exp.Expr, dialect: str, protected: frozenset[str]) -> str:
    if isinstance(node, exp.Identifier) and node.name.lower() == ROW:
        return f"the name {ROW} is taken"
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Func):
        return "call functions by their name alone"
    if isinstance(node, exp.Operator):
        return "operators with a schema are not allowed"
    if isinstance(node, exp.In) and node.args.get("field") and dialect != "duckdb":
        return "write IN (SELECT ...) instead of IN table"
    if isinstance(node, exp.Table):
        return _table_objection(node, dialect, protected)
    if isinstance(node, exp.CTE):
        return _cte_objection(node, protected)
    if (
        isinstance(node, exp.Func)
        and not is_harmless(node, dialect)
        and not _is_table_function(node, dialect)
    ):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        return f"the function {short(name.lower())} is not known to be harmless"
    return ""


def _is_table_function(node: exp.Func, dialect: str) -> bool:
    return isinstance(node.parent, exp.Table) and is_harmless_table(node, dialect)


def _table_objection(table: exp.Table, dialect: str, protected: frozenset[str]) -> str:
    if isinstance(table.this, exp.Func):
        if table.args.get("db") or not is_harmless_table(table.this, dialect):
            return "a function that stands as a table may read any table"
        return ""
    if not isinstance(table.this, exp.Identifier) or not isinstance(table.parent, PLACES):
        return "a table stands where it is not understood"
    cte = cte_of(table, dialect)
    if cte is not None and table.name.lower() in protected:
        return _shadow_objection(table, cte, dialect)
    return ""


def _shadow_objection(table: exp.Table, cte: exp.CTE, dialect: str) -> str:
    """Return whether a database could see a table where the parser sees a WITH of the same name."""
    alias = cte.args["alias"].this
    same = normal_name(table.this, dialect) == normal_name(alias, dialect) and table.name.isascii()
    clause = cte.parent
    is_recursive = isinstance(clause, exp.With) and bool(clause.args.get("recursive"))
    if not same or is_recursive:
        return f"call the WITH {short(table.name)} something else than the table"
    return ""


def _cte_objection(cte: exp.CTE, protected: frozenset[str]) -> str:
    name = cte.alias
    if not name.isascii() and name.lower() in protected:
        return f"call the WITH {short(name)} something else than the table"
    return ""
