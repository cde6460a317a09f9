"""Template + interaction -> statement: the author's text byte for byte, values beside it.

What each placeholder stands for is in `expand`. Filters and cross-filters that the SQL does not name are
`crossfilter`'s business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp

from tesela.errors import MissingValue, QueryRefused
from tesela.model.interaction import NO_INTERACTION, Interaction
from tesela.model.statement import Scalar, Statement
from tesela.sql.clauses import Fragment, all_of, bound_list
from tesela.sql.expand import clauses_for, is_named, level_for, values_for
from tesela.sql.guard import Parsed, parse
from tesela.sql.lexical import check_text, position
from tesela.sql.names import output_names
from tesela.sql.positions import columns_of, takes_list
from tesela.sql.quoting import quote
from tesela.sql.splice import Edit, splice
from tesela.sql.template import Placeholder, place, split, stand_in, stand_in_prefix
from tesela.sql.unfiltered import Predicate, predicates_of


@dataclass(frozen=True, slots=True)
class Slot:
    """A placeholder with what the parser knows about its place.

    predicate: what becomes true when there is no value; None where nothing can.
    before, after: a space where the author wrote none and a marker would run into the next word.
    """

    placeholder: Placeholder
    in_list: bool = False
    predicate: Predicate | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """An author's SQL, parsed and guarded, ready to be bound any number of times.

    tree: the SQL with a column named `prefix<i>` in the place of placeholder i; never changed.
    placeholders: the names used, in order, each once.
    fixed: the statement, where there is no placeholder.
    """

    sql: str
    dialect: str
    slots: tuple[Slot, ...]
    placeholders: tuple[str, ...]
    tree: exp.Expr
    prefix: str
    names: tuple[str | None, ...]
    fixed: Statement | None

    def bind(self, interaction: Interaction = NO_INTERACTION) -> Statement:
        """Return the statement for one interaction. Raises MissingValue, QueryRefused.

        >>> from tesela.model.interaction import Clause
        >>> where = Interaction(drill_path=(Clause("country", "eq", ("ES",)),))
        >>> compile_template("SELECT * FROM t WHERE 1=1 ${drill.where}", "duckdb").bind(where).text
        ('SELECT * FROM t WHERE 1=1  AND "country" = ', '')
        """
        if self.fixed is not None:
            return self.fixed
        return _assemble(self, interaction)

    def placed_filters(self, interaction: Interaction) -> frozenset[str]:
        """Return which of the interaction's filters this SQL names: the others need table substitution."""
        return frozenset(
            name
            for name, state in interaction.filters.items()
            if "filters.where" in self.placeholders or is_named(name, state, self.placeholders)
        )

    @property
    def places_cross(self) -> bool:
        """Whether cross-filters have their place in this SQL."""
        return "cross.where" in self.placeholders


@lru_cache(maxsize=512)
def compile_template(sql: str, dialect: str) -> Template:
    """Return the template of an author's SQL. Raises UnknownPlaceholder, QueryRefused, with line and column.

    >>> compile_template("SELECT SUM(revenue) FROM t WHERE day >= ${range.start}", "duckdb").names
    ('revenue',)
    """
    check_text(sql)
    placeholders = split(sql)
    if not placeholders:
        parsed = parse(sql, dialect)
        names = output_names(parsed.tree)
        return Template(sql, dialect, (), (), parsed.tree, "", names, Statement((sql,), (), names))
    placeholders = place(sql, placeholders, dialect)
    prefix = stand_in_prefix(sql)
    parsed = _parse(sql, placeholders, prefix, dialect)
    columns = columns_of(parsed, placeholders, prefix)
    vanishing = [
        column
        for placeholder, column in zip(placeholders, columns, strict=True)
        if placeholder.kind == "value" and not placeholder.name.startswith("user.")
    ]
    predicates = predicates_of(parsed, vanishing, placeholders, prefix)
    predicate_by_stand_in = {column.name: found for column, found in zip(vanishing, predicates, strict=True)}
    slots = tuple(
        _slot(sql, placeholder, column, predicate_by_stand_in.get(column.name))
        for placeholder, column in zip(placeholders, columns, strict=True)
    )
    used = tuple(dict.fromkeys(placeholder.name for placeholder in placeholders))
    names = output_names(parsed.tree, renamed=_renamed(slots, prefix, None))
    return Template(sql, dialect, slots, used, parsed.tree, prefix, names, None)


def _parse(sql: str, placeholders: tuple[Placeholder, ...], prefix: str, dialect: str) -> Parsed:
    """Parse the SQL with its stand-ins; what is refused is told in the author's words."""
    try:
        return parse(stand_in(sql, placeholders, prefix), dialect)
    except QueryRefused as error:
        sentence = error.sentence
        for index, placeholder in reversed(list(enumerate(placeholders))):
            sentence = sentence.replace(f"{prefix}{index}", "${" + placeholder.name + "}")
        for placeholder in placeholders:
            if placeholder.kind == "clause" and (error.line, error.column) in _trouble(sql, placeholder):
                sentence += f"; ${{{placeholder.name}}} follows a condition, as in WHERE 1=1 ..."
        raise QueryRefused(sentence, line=error.line, column=error.column) from error


def _trouble(sql: str, placeholder: Placeholder) -> tuple[tuple[int, int], ...]:
    """Return where the parser stumbles over a clause that follows no condition: on its AND, or just after."""
    rest = sql[placeholder.end :]
    following = placeholder.end + len(rest) - len(rest.lstrip())
    return position(sql, placeholder.start + 1), position(sql, following)


def _slot(sql: str, placeholder: Placeholder, column: exp.Column, predicate: Predicate | None) -> Slot:
    return Slot(
        placeholder,
        in_list=placeholder.kind == "value" and takes_list(column),
        predicate=predicate,
        before=" " if placeholder.start and _is_word(sql[placeholder.start - 1]) else "",
        after=" " if placeholder.end < len(sql) and _is_word(sql[placeholder.end]) else "",
    )


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_$"


def _assemble(template: Template, interaction: Interaction) -> Statement:
    text, values = splice(template.sql, [_edit(slot, template, interaction) for slot in template.slots])
    return Statement(text, values, _names(template, interaction))


def _edit(slot: Slot, template: Template, interaction: Interaction) -> Edit:
    """Return which part of the author's text is replaced, and by what."""
    placeholder = slot.placeholder
    fragment: Fragment
    if placeholder.kind == "value":
        values = values_for(placeholder.name, interaction)
        if not values:
            return _nothing(slot)
        fragment = _value_fragment(slot, values)
    elif placeholder.kind == "identifier":
        fragment = (quote(level_for(interaction), template.dialect),)
    else:
        clauses = clauses_for(placeholder.name, interaction, template.placeholders)
        fragment = _clause_fragment(placeholder, all_of(clauses, template.dialect))
    return placeholder.start, placeholder.end, (slot.before, *fragment, slot.after)


def _nothing(slot: Slot) -> Edit:
    if slot.predicate is None:
        raise MissingValue(f"needs a value for {slot.placeholder.name}")
    return slot.predicate.start, slot.predicate.end, (slot.predicate.neutral,)


def _value_fragment(slot: Slot, values: tuple[Scalar, ...]) -> Fragment:
    if len(values) > 1 and not slot.in_list:
        name = slot.placeholder.name
        raise QueryRefused(f"${{{name}}} has {len(values)} values; write IN (${{{name}}}) to take a list")
    return bound_list(values)


def _clause_fragment(placeholder: Placeholder, conditions: Fragment) -> Fragment:
    if placeholder.opens:
        return ("(", *conditions, ")") if conditions else ("1=1",)
    return (" AND ", *conditions) if conditions else ()


def _names(template: Template, interaction: Interaction) -> tuple[str | None, ...]:
    if not template.names or "drill.field" not in template.placeholders:
        return template.names
    level = level_for(interaction)
    return output_names(template.tree, renamed=_renamed(template.slots, template.prefix, level))


def _renamed(slots: Sequence[Slot], prefix: str, level: str | None) -> dict[str, str | None]:
    """Return what the stand-ins are called in the result: the drill level, or nothing."""
    return {
        f"{prefix}{index}": level if slot.placeholder.kind == "identifier" else None
        for index, slot in enumerate(slots)
    }
