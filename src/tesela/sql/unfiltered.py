"""What becomes true when a value placeholder has no value: the smallest predicate that holds it.

The tree knows which node that is, but not where its text lies. So spans of tokens are tried: the text is
parsed again with the span replaced by a name, and the span is right exactly when the tree came out as the
original with that one node replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from tesela.sql.guard import PARSER_MISTAKES, Parsed
from tesela.sql.template import Placeholder

TRIES = 150
BUDGET = 100_000
"""Tokens read again for one template, all tries together."""
MAX_SPAN = 400
"""Tokens of a predicate."""
BOOLEAN = (exp.And, exp.Or, exp.Not, exp.Where, exp.Having, exp.Qualify, exp.PreWhere)
BEFORE = frozenset(
    {TokenType.WHERE, TokenType.HAVING, TokenType.QUALIFY, TokenType.ON, TokenType.AND, TokenType.OR}
    | {TokenType.NOT, TokenType.WHEN, TokenType.THEN, TokenType.ELSE, TokenType.COMMA, TokenType.SELECT}
    | {TokenType.L_PAREN, TokenType.PREWHERE, TokenType.DISTINCT, TokenType.CASE}
)
"""After these a predicate may begin."""
AFTER = frozenset(
    {TokenType.AND, TokenType.OR, TokenType.THEN, TokenType.ELSE, TokenType.END, TokenType.COMMA}
    | {TokenType.R_PAREN, TokenType.GROUP_BY, TokenType.ORDER_BY, TokenType.HAVING, TokenType.QUALIFY}
    | {TokenType.LIMIT, TokenType.OFFSET, TokenType.FETCH, TokenType.UNION, TokenType.EXCEPT}
    | {TokenType.INTERSECT, TokenType.WINDOW, TokenType.JOIN, TokenType.LEFT, TokenType.RIGHT}
    | {TokenType.FULL, TokenType.INNER, TokenType.CROSS, TokenType.NATURAL, TokenType.ASOF}
    | {TokenType.ALIAS, TokenType.SEMICOLON, TokenType.WHERE, TokenType.WHEN, TokenType.FROM}
)
"""Before these a predicate may end."""
OPEN = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE})
CLOSE = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END})


@dataclass(frozen=True, slots=True)
class Predicate:
    """The text [start:end) of a predicate. neutral: what to write in its place so that it filters nothing."""

    start: int
    end: int
    neutral: str


def predicates_of(
    parsed: Parsed, columns: Sequence[exp.Column], placeholders: Sequence[Placeholder], prefix: str
) -> tuple[Predicate | None, ...]:
    """Return for each stand-in the smallest predicate that holds it, or None where there is none.

    Under an odd number of NOTs the neutral condition is false, so that the whole filters nothing. Also None
    when the SQL is so large that the search would take seconds.
    """
    budget, found = BUDGET, []
    for column in columns:
        predicate, cost = _predicate(parsed, column, placeholders, prefix, budget // len(parsed.tokens))
        budget -= cost * len(parsed.tokens)
        found.append(predicate)
    return tuple(found)


def _predicate(
    parsed: Parsed, column: exp.Column, placeholders: Sequence[Placeholder], prefix: str, tries: int
) -> tuple[Predicate | None, int]:
    """Return the predicate and how many times the SQL was read to find it, at most `tries`."""
    node = _smallest(column)
    if node is None or tries < 4:
        return None, 0
    stand_in = prefix + "p"
    wanted = list(_outcomes(parsed.tree, node, stand_in))
    middle = next(i for i, token in enumerate(parsed.tokens) if token.text == column.name)
    cost = len(wanted)
    for first, last in islice(_spans(parsed.tokens, middle), min(TRIES, tries - cost)):
        cost += 1
        start, end = parsed.tokens[first].start, parsed.tokens[last].end + 1
        tree = _parse(f"{parsed.sql[:start]} {stand_in} {parsed.sql[end:]}", parsed.dialect)
        for outcome, is_negated in wanted:
            if tree == outcome:
                return _widened(start, end, placeholders, "(1=0)" if is_negated else "(1=1)"), cost
    return None, cost


def _widened(start: int, end: int, placeholders: Sequence[Placeholder], neutral: str) -> Predicate:
    """Return the predicate in the author's text, where a placeholder is longer than its stand-in."""
    held = [
        placeholder for placeholder in placeholders if placeholder.start < end and placeholder.end > start
    ]
    return Predicate(min(start, *(p.start for p in held)), max(end, *(p.end for p in held)), neutral)


def _smallest(column: exp.Column) -> exp.Expr | None:
    node: exp.Expr = column
    while node.parent is not None:
        is_predicate = isinstance(node, exp.Predicate) and not isinstance(node, exp.Any | exp.All)
        if isinstance(node.parent, exp.Escape):
            node = node.parent
        elif is_predicate or isinstance(node, exp.Escape) or _is_boolean_place(node):
            return node
        else:
            node = node.parent
    return None


def _is_boolean_place(node: exp.Expr) -> bool:
    parent = node.parent
    if isinstance(parent, exp.Join):
        return node.arg_key == "on"
    if isinstance(parent, exp.If):
        is_simple_case = isinstance(parent.parent, exp.Case) and parent.parent.this is not None
        return node.arg_key == "this" and not is_simple_case
    return isinstance(parent, BOOLEAN)


def _outcomes(tree: exp.Expr, node: exp.Expr, stand_in: str) -> Iterator[tuple[exp.Expr, bool]]:
    """Yield the trees that a right span gives: `a NOT IN (x)` can only be replaced together with its NOT."""
    target: exp.Expr | None = node
    while target is not None and (target is node or isinstance(target, exp.Not | exp.Paren)):
        place = next(i for i, other in enumerate(tree.walk()) if other is target)
        copy = tree.copy()
        at = next(islice(copy.walk(), place, None))
        column = exp.column(stand_in)
        if at.parent is None:
            copy = column
        else:
            at.replace(column)
        yield copy, _is_negated(target)
        target = target.parent


def _is_negated(node: exp.Expr) -> bool:
    negations = 0
    while isinstance(node.parent, exp.And | exp.Or | exp.Not | exp.Paren):
        node = node.parent
        negations += isinstance(node, exp.Not)
    return negations % 2 == 1


def _spans(tokens: Sequence[Token], middle: int) -> Iterator[tuple[int, int]]:
    """Yield spans around `middle` with balanced brackets: likely ends first."""
    firsts = [i for i in range(middle, -1, -1) if i == 0 or tokens[i - 1].token_type in BEFORE]
    count = len(tokens)
    lasts = [i for i in range(middle, count) if i == count - 1 or tokens[i + 1].token_type in AFTER]
    likely = sorted(((f, k) for f in firsts[:12] for k in lasts[:12]), key=lambda span: span[1] - span[0])
    near = range(max(0, middle - 12), middle + 1), range(middle, min(count, middle + 12))
    rest = sorted(((f, k) for f in near[0] for k in near[1]), key=lambda span: span[1] - span[0])
    for first, last in dict.fromkeys((*likely, *rest)):
        if last - first < MAX_SPAN and _is_balanced(tokens[first : last + 1]):
            yield first, last


def _is_balanced(tokens: Sequence[Token]) -> bool:
    depth = 0
    for token in tokens:
        depth += (token.token_type in OPEN) - (token.token_type in CLOSE)
        if depth < 0:
            return False
    return depth == 0


def _parse(sql: str, dialect: str) -> exp.Expr | None:
    try:
        statements = Dialect.get_or_raise(dialect).parse(sql)
    except (SqlglotError, RecursionError, *PARSER_MISTAKES):
        return None
    return statements[0] if statements else None
