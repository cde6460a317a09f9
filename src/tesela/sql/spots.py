"""Where columns stand in a SELECT, in its tree and in its text: what rewriting looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

from tesela.sql.lexical import tokenize
from tesela.sql.sources import Source


class NotRewritten(Exception):
    """Why a query is not rewritten, as the beginning of a sentence."""


class NothingToRewrite(NotRewritten):
    """The query lacks what the rewrite is about, so nobody could do it rightly."""


def counts_rows(select: exp.Select) -> Iterator[bool]:
    """Yield whether something in a SELECT depends on which other rows there are, besides its grouping."""
    yield any(select.args.get(part) for part in ("limit", "offset", "having", "qualify", "distinct"))
    yield any(item.find(exp.Window) is not None for item in select.expressions)


def shown_column(item: exp.Expr) -> exp.Column | None:
    """Return the column that an item of a SELECT shows as it is."""
    inner = item.this if isinstance(item, exp.Alias) else item
    return inner if isinstance(inner, exp.Column) and not inner.is_star else None


def is_named(column: exp.Column | None, name: str) -> bool:
    return column is not None and column.name.lower() == name.lower()


def may_be(column: exp.Column, name: str, source: Source) -> bool:
    """Return whether a column may be the source's one of this name."""
    return is_named(column, name) and column.table.lower() in ("", source.name)


def is_using(join: exp.Join, name: str) -> bool:
    return any(one.name.lower() == name.lower() for one in join.args.get("using") or ())


def columns_in(part: exp.Expr | Sequence[exp.Expr] | None) -> Iterator[exp.Column]:
    """Yield every column in a part of a SELECT, at any depth."""
    for one in part if isinstance(part, list) else [part]:
        if isinstance(one, exp.Expr):
            yield from one.find_all(exp.Column)


def group_keys(part: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the single keys of a GROUP BY, those of its grouping sets too."""
    if not isinstance(part, exp.Group | exp.Rollup | exp.Cube | exp.GroupingSets | exp.Tuple | exp.Paren):
        yield part
        return
    inner = [part.this] if isinstance(part, exp.Paren) else list(part.expressions)
    for name in ("rollup", "cube", "grouping_sets"):
        inner += part.args.get(name) or ()
    for one in inner:
        yield from group_keys(one)


def plain_columns(select: exp.Select) -> Iterator[exp.Column]:
    """Yield the columns that stand by themselves: as an item, as a key of the grouping, as a sort key."""
    for item in select.expressions:
        if (column := shown_column(item)) is not None:
            yield column
    group, order = select.args.get("group"), select.args.get("order")
    keys = [] if group is None else list(group_keys(group))
    keys += [] if order is None else [ordered.this for ordered in order.expressions]
    for key in keys:
        if isinstance(key, exp.Column):
            yield key


def span(node: exp.Expr) -> tuple[int, int]:
    """Return where a name or a column stands in the text. Raises NotRewritten when the parser does not tell."""
    parts = node.parts if isinstance(node, exp.Column) else [node]
    if any("start" not in part.meta for part in parts):
        raise NotRewritten("the place of a name in its text is not known")
    return parts[0].meta["start"], parts[-1].meta["end"] + 1


def parentheses_before(sql: str, offset: int, dialect: str) -> tuple[int, int]:
    """Return where the sub-select stands whose alias begins at `offset`."""
    tokens = [token for token in tokenize(sql, dialect) if token.start < offset]
    if tokens and tokens[-1].token_type is TokenType.ALIAS:
        tokens.pop()
    depth = 0
    for token in reversed(tokens):
        depth += (token.token_type is TokenType.R_PAREN) - (token.token_type is TokenType.L_PAREN)
        if depth == 0:
            break
    if not tokens or depth or tokens[-1].token_type is not TokenType.R_PAREN:
        raise NotRewritten("the place of a sub-select in its text is not known")
    return token.start, tokens[-1].end + 1
