"""The SQL inside a definition, read: expressions of aggregates, dimensions, conditions, formulas.

Each is one expression and nothing else, so that what is written there cannot become another part of the query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.errors import SqlglotError

from tesela.errors import BadRequest, QueryRefused
from tesela.model.metric import REFERENCE, Definition

WRAPPERS = (exp.Filter, exp.WithinGroup, exp.IgnoreNulls, exp.RespectNulls)
FOREIGN = (exp.Query, exp.Window, exp.Parameter, exp.Placeholder, exp.SessionParameter, exp.Star)
MAX_DEPTH = 20
"""Formulas inside each other."""
ADDS_UP: dict[type[exp.Expr], type[exp.Func]] = {
    exp.Sum: exp.Sum, exp.Count: exp.Sum, exp.CountIf: exp.Sum, exp.Min: exp.Min, exp.Max: exp.Max,
}  # fmt: skip
"""Aggregates that can be put together from those of buckets, and how."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One aggregate of a metric's expression: what a sub-select over its table answers."""

    definition: Definition
    tree: exp.Expr


def one_expression(sql: str, dialect: str, field: str) -> exp.Expr:
    """Return the tree of one expression. Raises QueryRefused naming the field."""
    if "${" in sql:
        raise QueryRefused(f"{field}: placeholders have no place in a metric; filters narrow its dimensions")
    try:
        found = [one for one in Dialect.get_or_raise(dialect).parse(sql) if one is not None]
    except (SqlglotError, RecursionError) as error:
        raise QueryRefused(f"{field}: this is not an expression in SQL: {_short(sql)}") from error
    is_one = len(found) == 1 and isinstance(found[0], exp.Condition | exp.Filter)
    if not is_one or isinstance(found[0], exp.Query):
        raise QueryRefused(f"{field} must be one expression, such as sum(amount)")
    return found[0]


def measure(definition: Definition, dialect: str) -> exp.Expr:
    """Return the tree of a metric's expression. Raises QueryRefused for what is no arithmetic of aggregates."""
    tree = one_expression(definition.expression or "", dialect, "expression")
    _refuse_foreign(tree, "expression", but=exp.Star)
    aggregates = list(atoms_in(tree))
    if not aggregates:
        raise QueryRefused("expression must aggregate rows, as sum(amount) or count(*) does")
    inside = {id(node) for one in aggregates for node in one.walk()}
    for node in tree.walk():
        if isinstance(node, exp.Column | exp.Star) and id(node) not in inside:
            raise QueryRefused(f"expression: {node.sql()} stands outside of an aggregate such as sum(...)")
    return tree


def row_expression(sql: str, dialect: str, field: str) -> exp.Expr:
    """Return the tree of an expression of one row: a dimension, a condition. Raises QueryRefused."""
    tree = one_expression(sql, dialect, field)
    _refuse_foreign(tree, field)
    if tree.find(exp.AggFunc) is not None:
        raise QueryRefused(f"{field} must not aggregate")
    return tree


def atoms_in(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the outermost aggregates of an expression, with what belongs to them (FILTER, WITHIN GROUP)."""
    if isinstance(tree, exp.AggFunc) or (isinstance(tree, WRAPPERS) and tree.find(exp.AggFunc)):
        yield tree
        return
    for child in tree.iter_expressions():
        yield from atoms_in(child)


def formula(definition: Definition, dialect: str) -> exp.Expr:
    """Return the tree of a formula, with a column `{name}` in the place of each metric. Raises QueryRefused."""
    text = definition.formula or ""
    if not REFERENCE.search(text):
        raise QueryRefused("formula must name metrics in braces, as {revenue} - {cost} does")
    bare = REFERENCE.sub("", text)
    if "{" in bare or "}" in bare:
        raise QueryRefused("formula: write metrics in braces, as {revenue}")
    quote = '"'
    tree = one_expression(
        REFERENCE.sub(lambda found: f"{quote}{{{found[1]}}}{quote}", text), dialect, "formula"
    )
    _refuse_foreign(tree, "formula")
    if tree.find(exp.AggFunc) is not None:
        raise QueryRefused("formula must not aggregate: its metrics already do")
    for column in tree.find_all(exp.Column):
        if not REFERENCE.fullmatch(column.name) or column.table:
            raise QueryRefused(f"formula: {column.sql()} is no metric; write {{{column.name[:60]}}}")
    if len(list(tree.find_all(exp.Column))) != len(REFERENCE.findall(text)):
        raise QueryRefused("formula: a metric stands inside quotes or a comment")
    return tree


def check_references(name: str, definitions: Mapping[str, Definition]) -> None:
    """Raise BadRequest when a formula names what there is not, or, by others, itself."""

    def visit(one: str, path: tuple[str, ...]) -> None:
        if one in path:
            circle = " -> ".join((*path[path.index(one) :], one))
            raise BadRequest(f"formula: the metrics name each other in a circle: {circle}")
        if len(path) > MAX_DEPTH:
            raise BadRequest(f"formula: more than {MAX_DEPTH} formulas name each other")
        if one not in definitions:
            raise BadRequest(f"formula: there is no metric {one[:60]}")
        if one in done:
            return
        for reference in definitions[one].references:
            visit(reference, (*path, one))
        done.add(one)

    done: set[str] = set()
    visit(name, ())


def parts_of(name: str, definitions: Mapping[str, Definition]) -> tuple[Definition, ...]:
    """Return the definitions with an expression that a metric comes down to, each once. Raises BadRequest."""
    check_references(name, definitions)
    found: dict[str, Definition] = {}
    waiting, seen = [name], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        definition = definitions[one]
        if definition.formula is None:
            found[one] = definition
        waiting += definition.references
    return tuple(found[key] for key in sorted(found))


def adding_up(tree: exp.Expr) -> type[exp.Func] | None:
    """Return the aggregate that puts buckets of `tree` together; None where none does, as for an average."""
    while isinstance(tree, exp.Paren | exp.Filter):
        tree = tree.this
    if isinstance(tree, exp.Count) and isinstance(tree.this, exp.Distinct):
        return None
    if isinstance(tree, exp.Sum) and isinstance(tree.this, exp.Distinct):
        return None
    return ADDS_UP.get(type(tree))


def _refuse_foreign(tree: exp.Expr, field: str, *, but: type[exp.Expr] | None = None) -> None:
    for node in tree.walk():
        if isinstance(node, FOREIGN) and not (but is not None and isinstance(node, but)):
            what = "sub-queries" if isinstance(node, exp.Query) else "windows, parameters and stars"
            raise QueryRefused(f"{field} must not have {what}")


def _short(sql: str) -> str:
    return sql if len(sql) <= 60 else f"{sql[:60]}..."
