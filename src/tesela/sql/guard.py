"""The friendly fence: exactly one statement, which reads, and nothing forbidden anywhere in it.

Denies by default: a part of SQL that is not listed as allowed is refused. The wall behind it is the
engine's session. What may not be called or read by name is in `denied`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import ParseError
from sqlglot.tokenizer_core import Token

from tesela.errors import QueryRefused
from tesela.sql.denied import is_denied_function, is_denied_table
from tesela.sql.lexical import check_text, check_tokens, refuse_at, short, tokenize

ROOTS = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values, exp.Table, exp.Pivot)

ALLOWED = (
    exp.Alias, exp.Aliases, exp.AtIndex, exp.AtTimeZone, exp.CTE, exp.Cluster, exp.ColumnDef,
    exp.Comprehension, exp.Cube, exp.DataType, exp.DataTypeParam, exp.Distinct, exp.Distribute,
    exp.Except, exp.Fetch, exp.Filter, exp.Final, exp.FormatJson, exp.From, exp.FromTimeZone, exp.Group,
    exp.GroupingSets, exp.Having, exp.HavingMax, exp.Hint, exp.HistoricalData, exp.Identifier,
    exp.IndexTableHint, exp.IgnoreNulls, exp.Intersect, exp.Interval, exp.IntervalSpan, exp.Introducer,
    exp.JSON, exp.JSONColumnDef, exp.JSONExtractQuote, exp.JSONKeyValue, exp.JSONPath, exp.JSONPathPart,
    exp.JSONSchema, exp.JSONValue, exp.Join, exp.JoinHint, exp.Lambda, exp.Lateral, exp.Limit,
    exp.LimitOptions, exp.MatchRecognize, exp.MatchRecognizeMeasure, exp.National, exp.Nearest,
    exp.Offset, exp.OnCondition, exp.OpenJSONColumnDef, exp.Order, exp.Ordered,
    exp.OverflowTruncateBehavior, exp.Partition, exp.Pivot, exp.PivotAlias, exp.PivotAny,
    exp.PositionalColumn, exp.PreWhere, exp.Prior, exp.ProjectionDef, exp.PseudoType, exp.Qualify,
    exp.RecursiveWithSearch, exp.RespectNulls, exp.Rollup, exp.ScopeResolution, exp.Select,
    exp.SetOperation, exp.Slice, exp.Sort, exp.Star, exp.Subquery, exp.Table, exp.TableAlias,
    exp.TableColumn, exp.TableFromRows, exp.TableSample, exp.Tuple, exp.UnpivotColumns, exp.Values,
    exp.Var, exp.Variadic, exp.Version, exp.Where, exp.WindowSpec, exp.With, exp.WithFill,
    exp.WithOperator, exp.WithinGroup, exp.XMLKeyValueOption, exp.XMLNamespace, exp.Binary, exp.Unary,
    exp.Condition, exp.Func,
)  # fmt: skip
MARKERS = (exp.Placeholder, exp.Parameter, exp.SessionParameter)
PARSER_MISTAKES = (IndexError, KeyError, AttributeError, TypeError, ValueError)
"""What the parser itself stumbles over on text that is no SQL, such as `map(1)` in Spark's dialect."""
NO_MARKERS = "write ${...} placeholders instead of ?, $1, :name, @name or %s"
FORBIDDEN_ARGS = {"into": "INTO", "locks": "FOR UPDATE", "settings": "SETTINGS", "format": "FORMAT"}
"""Parts of a SELECT that write, lock, or lift the session's limits."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """Guarded SQL: its text, its tokens (offsets from 0, ends included) and its tree."""

    sql: str
    dialect: str
    tokens: tuple[Token, ...]
    tree: exp.Expr


def guard(sql: str, dialect: str) -> exp.Expr:
    """Return the tree of one statement that only reads. Raises QueryRefused with line and column.

    >>> guard("SELECT 1; -- one", "duckdb").sql()
    'SELECT 1'
    >>> guard("SELECT 1; DROP TABLE t", "duckdb")
    Traceback (most recent call last):
    tesela.errors.QueryRefused: write exactly one statement; this is 2
    """
    return parse(sql, dialect).tree


def parse(sql: str, dialect: str) -> Parsed:
    """Return what `guard` returns, with the tokens. Raises QueryRefused."""
    check_text(sql)
    try:
        tokens = tokenize(sql, dialect)
        check_tokens(tokens, sql, dialect)
        tree = only_statement(Dialect.get_or_raise(dialect).parser().parse(tokens, sql))
        check_tree(tree, sql, tokens, dialect)
    except ParseError as error:
        raise _unparsable(error) from error
    except RecursionError as error:
        raise QueryRefused("the SQL is nested too deeply") from error
    except PARSER_MISTAKES as error:
        raise QueryRefused("the SQL cannot be read") from error
    return Parsed(sql, dialect, tuple(tokens), tree)


def only_statement(statements: list[exp.Expr | None]) -> exp.Expr:
    """Return the one statement among what was parsed. Raises QueryRefused."""
    found = [tree for tree in statements if tree is not None and not isinstance(tree, exp.Semicolon)]
    if len(found) != 1:
        raise QueryRefused(f"write exactly one statement; this is {len(found)}")
    if not isinstance(found[0], ROOTS):
        raise QueryRefused("a tile may only read: write a SELECT")
    return found[0]


def check_tree(tree: exp.Expr, sql: str, tokens: Sequence[Token], dialect: str) -> None:
    """Raise QueryRefused for the first part of the tree that may not be there."""
    for node in tree.walk():
        why, word = _objection(node, dialect)
        if why:
            words = word.lower().split(" ")
            at = next((token for token in tokens if token.text.lower() in words), None)
            if at is None:
                raise QueryRefused(why)
            refuse_at(sql, at.start, why)


def _objection(node: exp.Expr, dialect: str) -> tuple[str, str]:
    """Return why a node may not be there, and words to look for it in the SQL; empty when it may."""
    if isinstance(node, MARKERS):
        return NO_MARKERS, "? $ : @ @@ % {"
    if not isinstance(node, ALLOWED):
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(node).__name__).upper()
        return f"a tile may only read: {words} is not allowed", words
    if isinstance(node, exp.Select):
        return _select_objection(node)
    if isinstance(node, exp.With) and node.args.get("udfs"):
        return "a query may not define functions", "function"
    if isinstance(node, exp.Func):
        return _function_objection(node, dialect)
    if isinstance(node, exp.Table):
        return _table_objection(node, dialect)
    if isinstance(node, exp.Identifier) and not node.args.get("quoted") and node.name[:1] in ("$", "@", ":"):
        return NO_MARKERS, node.name
    if isinstance(node, exp.Hint) and "set_var" in node.sql(dialect).lower():
        return "a hint may not change settings", "set_var"
    return "", ""


def _select_objection(select: exp.Select) -> tuple[str, str]:
    for name, value in select.args.items():
        if value and name in FORBIDDEN_ARGS:
            words = FORBIDDEN_ARGS[name]
            return f"a tile may only read: {words} is not allowed in a SELECT", words.split()[0]
    return "", ""


def _function_objection(node: exp.Func, dialect: str) -> tuple[str, str]:
    names = [node.name] if isinstance(node, exp.Anonymous | exp.AnonymousAggFunc) else type(node).sql_names()
    for name in names:
        if is_denied_function(name, dialect):
            return f"the function {short(name.lower())} is not allowed in a query", name
    return "", ""


def _table_objection(node: exp.Table, dialect: str) -> tuple[str, str]:
    if isinstance(node.this, exp.Func):
        return "", ""
    if isinstance(node.this, exp.Var | exp.Parameter) or node.name.startswith("@"):
        return "a stage, file or variable cannot be read as a table", "@"
    if is_denied_table(node.catalog, node.db, node.name, dialect):
        return f"{short(node.name)} is not a table that a query may read", node.name
    return "", ""


def _unparsable(error: ParseError) -> QueryRefused:
    first = error.errors[0] if error.errors else {}
    word = str(first.get("highlight") or "")
    line, end = first.get("line"), first.get("col")
    if not isinstance(line, int) or not isinstance(end, int):
        return QueryRefused("the SQL cannot be read")
    column = max(1, end - len(word) + 1)
    near = f" near {short(word)}" if word.strip() else ""
    return QueryRefused(
        f"line {line}, column {column}: the SQL cannot be read{near}", line=line, column=column
    )
