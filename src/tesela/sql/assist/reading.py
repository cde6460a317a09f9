"""An author's SQL as a tree that may be changed, and back to text with its placeholders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from tesela.sql.bind import compile_template
from tesela.sql.spots import NotRewritten

QUOTED = re.compile(r"'(\$\{(?:range|filter|drill|user)\.[\w.-]+\})'")
PLAIN_NAME = re.compile(r"[a-z_][a-z0-9_]*")
BASE = "base"


@dataclass(frozen=True, slots=True)
class Written:
    """SQL that was made, what it leaves out, and what else its reader should know."""

    sql: str
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """A query to rewrite. tree: to be changed. stand_ins: placeholder by the column that stands for it."""

    tree: exp.Expr
    dialect: str
    prefix: str
    stand_ins: dict[str, str] = field(default_factory=dict)
    clauses: set[str] = field(default_factory=set)

    def stand_in(self, placeholder: str, *, is_clause: bool = False) -> exp.Column:
        """Return a column that will be written as `${placeholder}`."""
        name = f"{self.prefix}x{len(self.stand_ins)}"
        self.stand_ins[name] = placeholder
        if is_clause:
            self.clauses.add(name)
        return exp.column(name)

    def placeholder_of(self, node: exp.Expr) -> str | None:
        """Return the placeholder that a column stands for."""
        return self.stand_ins.get(node.name) if isinstance(node, exp.Column) else None

    def uses(self, placeholder: str) -> bool:
        return any(self.placeholder_of(column) == placeholder for column in self.tree.find_all(exp.Column))

    def written(self, tree: exp.Expr) -> str:
        """Return the text of a tree, with placeholders in the place of their stand-ins."""
        text = tree.sql(self.dialect, pretty=True, comments=False)
        if not self.stand_ins:
            return text

        def name(found: re.Match[str]) -> str:
            word = found[2]
            if word not in self.stand_ins:
                return found[0]
            shown = f"${{{self.stand_ins[word]}}}"
            return f" {shown}" if found[1] and word in self.clauses else (found[1] or "") + shown

        pattern = rf"(\s*\bAND\s+)?\"?\b({re.escape(self.prefix)}x?\d+)\b\"?"
        return re.sub(pattern, name, text)

    def identifier(self, name: str) -> exp.Identifier:
        """Return a name, quoted where the dialect would read it as something else."""
        words = Dialect.get_or_raise(self.dialect).tokenizer_class.KEYWORDS
        is_plain = PLAIN_NAME.fullmatch(name) is not None and name.upper() not in words
        return exp.to_identifier(name, quoted=not is_plain)

    def column(self, name: str, table: str | None = None) -> exp.Column:
        return exp.Column(this=self.identifier(name), table=exp.to_identifier(table) if table else None)


def read(sql: str, dialect: str) -> Reading:
    """Return the query to rewrite. A value placeholder in quotes loses them. Raises QueryRefused, NotRewritten."""
    template = compile_template(QUOTED.sub(r"\1", sql.strip().rstrip(";")), dialect)
    reading = Reading(template.tree.copy(), dialect, template.prefix or "tph")
    for number, slot in enumerate(template.slots):
        reading.stand_ins[f"{template.prefix}{number}"] = slot.placeholder.name
        if slot.placeholder.kind == "clause":
            reading.clauses.add(f"{template.prefix}{number}")
    while isinstance(reading.tree, exp.Subquery):
        reading.tree = reading.tree.this
    if not isinstance(reading.tree, exp.Select | exp.SetOperation):
        raise NotRewritten("the main query is no SELECT")
    name_items(reading, reading.tree, template.names)
    return reading


def name_items(reading: Reading, query: exp.Expr, names: tuple[str | None, ...]) -> None:
    """Give every item of the SELECT without a name the one under which its column answers."""
    while isinstance(query, exp.SetOperation | exp.Subquery):
        query = query.this
    items = list(query.expressions)
    taken = {item.output_name.lower() for item in items}
    for number, item in enumerate(items):
        name = names[number] if number < len(names) else None
        if item.is_star or isinstance(item, exp.Alias) or (item.output_name and not name):
            continue
        chosen = name or f"column_{number + 1}"
        while not name and chosen.lower() in taken:
            chosen += "_"
        item.replace(exp.Alias(this=item.copy(), alias=reading.identifier(chosen)))
