"""Drill by rewriting: the author's query one or more levels down, where that is the query a person would write.

In the SELECT that groups by the first level's column, that column becomes the deeper level's under the same
output name, and what the SELECT reads it from is narrowed to the path by `${drill.where}`. What comes out is
an ordinary template. Where this is not certainly right, the answer is a sentence that says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp, parse_one

from tesela.errors import QueryError
from tesela.model.drill import Level
from tesela.sql.bind import Template, compile_template
from tesela.sql.grouping import (
    Finder,
    Home,
    NotKnown,
    called,
    check_mentions,
    has_subtotals,
    is_grouped_by,
    is_output,
)
from tesela.sql.quoting import quote
from tesela.sql.sources import Source
from tesela.sql.spots import (
    NotRewritten,
    columns_in,
    is_named,
    may_be,
    parentheses_before,
    plain_columns,
    shown_column,
    span,
)
from tesela.sql.tables import Columns, mentions
from tesela.sql.template import stand_in

PLACES = ("drill.field", "drill.value", "drill.where", "detail.where")
"""SQL with one of these says itself what a drill does to it."""
MARK = "the_path_of_the_drill"
"""A column's name in the place of `${drill.where}`, in the tree that must come out."""
REMEDY = "write ${drill.field} and ${drill.where} into its SQL"


@dataclass(frozen=True, slots=True)
class Drilled:
    """The query further down. columns: how its source spells each level's column, for the path's conditions."""

    template: Template
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """text[start:end) becomes `text`; in the tree, `node` becomes what `sql` reads as."""

    start: int
    end: int
    text: str
    node: exp.Expr
    sql: str
    is_source: bool = False


def drill(template: Template, levels: Sequence[Level], depth: int, tables: Columns | None) -> Drilled | str:
    """Return the query `depth` steps down, or a sentence that says why it cannot be rewritten.

    depth: the length of the path; one as long as the levels stays at the deepest.
    tables: columns by table; None when they are not at hand: then only what the text alone tells is judged.

    >>> query = compile_template("SELECT country, sum(a) FROM sales GROUP BY 1", "duckdb")
    >>> levels = [Level("country"), Level("city")]
    >>> drill(query, levels, 1, {"sales": ["country", "city", "a"]}).template.sql
    'SELECT sales."city" AS "country", sum(a) FROM (SELECT * FROM sales WHERE 1=1 ${drill.where}) AS sales GROUP BY 1'
    >>> drill(compile_template("SELECT country, a FROM sales", "duckdb"), levels, 1, None)
    'the query does not group by country; write ${drill.field} and ${drill.where} into its SQL'
    """
    try:
        return _Rewriting(template, levels, depth, tables).made()
    except NotRewritten as reason:
        return f"{reason}; {REMEDY}"
    except NotKnown:
        return f"the columns of its tables are not known; {REMEDY}"


def objection(template: Template, levels: Sequence[Level]) -> str | None:
    """Return why a tile with these levels can never be drilled, as far as its text alone tells."""
    if not levels or is_placed(template):
        return None
    try:
        _Rewriting(template, levels, 1, None).made()
    except NotRewritten as reason:
        return f"{reason}; {REMEDY}"
    except NotKnown:
        return None
    return None


def is_placed(template: Template) -> bool:
    """Return whether the SQL itself says what a drill does to it."""
    return any(name in template.placeholders for name in PLACES)


class _Rewriting:
    """One query on its way down. tree: a copy of the template's, changed at the end to what must come out."""

    def __init__(
        self, template: Template, levels: Sequence[Level], depth: int, tables: Columns | None
    ) -> None:
        self.template, self.dialect = template, template.dialect
        self.levels, self.is_open = levels, tables is None
        self.top, self.level = levels[0], levels[min(depth, len(levels) - 1)]
        self.tree = template.tree.copy()
        needed = [level.id_column for level in levels[: depth + 1]]
        self.finder = Finder(
            self.tree, self.dialect, tables or {}, self.top.id_column, needed, is_open=self.is_open
        )
        placeholders = [slot.placeholder for slot in template.slots]
        self.sql = stand_in(template.sql, placeholders, template.prefix) if placeholders else template.sql

    def made(self) -> Drilled:
        home = self.finder.home()
        source = home.source
        if source.obstacle:
            raise NotRewritten(f"{called(source)} {source.obstacle}")
        if isinstance(source.node, exp.Subquery) and not source.name:
            raise NotRewritten("a sub-select of the query has no name")
        edits = [*self._replaced(home), self._narrowed(source)]
        columns = tuple(source.spelling(level.id_column) or level.id_column for level in self.levels)
        return Drilled(self._checked(edits), columns)

    def _replaced(self, home: Home) -> Iterator[_Edit]:
        """Yield what becomes of the level's columns, in every place where they stand."""
        if self.level == self.top:
            return
        if has_subtotals(home.select):
            self._check_subtotals(home.select)
        below = self._written(home.source, self.level.id_column)
        yield from self._renamed(home.select, home.source, self.top.id_column, below)
        label = self.top.label_column
        if label is None or label.lower() == self.top.id_column.lower():
            return
        of = self._label_source(home, label)
        if of is None:
            return
        shown = self.level.label_column
        if shown is not None:
            showing = [one for one in (home.source, *home.sources) if one.spelling(shown) is not None]
            if not showing and not self.is_open:
                raise NotRewritten(f"no table of the query has a column {shown}")
            below = self._written(showing[0] if showing else home.source, shown)
        yield from self._renamed(home.select, of, label, below)

    def _check_subtotals(self, select: exp.Select) -> None:
        others = (self.level.id_column, self.level.label_column or self.level.id_column)
        group = select.args["group"]
        if any(is_named(column, other) for column in columns_in(group) for other in others):
            raise NotRewritten(f"the query already groups by {self.level.id_column}, with subtotals")
        if self.top.label_column is not None:
            raise NotRewritten("the query has subtotals and a label column")

    def _label_source(self, home: Home, label: str) -> Source | None:
        """Return what the first level's label comes from; None where the query does not show it."""
        shown = [shown_column(item) for item in home.select.expressions]
        columns = [column for column in shown if column is not None and is_named(column, label)]
        if not columns:
            if any(is_named(column, label) for column in columns_in(home.select.expressions)):
                raise NotRewritten(f"{label} stands inside an expression")
            return None
        having = self.finder.having(home.sources, label, columns)
        if len(having) != 1:
            raise NotRewritten(f"{label} is a column of several tables")
        check_mentions(home.select, having[0], label)
        if not is_grouped_by(home.select, home.sources, having[0], label):
            raise NotRewritten(f"the query does not group by {label}")
        return having[0]

    def _renamed(self, select: exp.Select, source: Source, name: str, becomes: str) -> Iterator[_Edit]:
        """Yield an edit for each place of a column; an item without an alias keeps its name by one."""
        has_output = any(is_output(item, name) for item in select.expressions)
        items = {id(item) for item in select.expressions}
        order = select.args.get("order")
        sorts = {id(ordered.this) for ordered in order.expressions} if order is not None else set()
        for column in plain_columns(select):
            if not may_be(column, name, source):
                continue
            if id(column) in sorts and not column.table and has_output:
                continue  # a sort key without a table is the output column of that name
            kept = quote(source.spelling(name) or column.name, self.dialect)
            sql = f"{becomes} AS {kept}" if id(column) in items else becomes
            start, end = span(column)
            yield _Edit(start, end, sql, column, sql)

    def _written(self, source: Source, column: str) -> str:
        """Return a column of a source, qualified as the author calls the source."""
        alias = source.node.args.get("alias")
        start, end = span(alias.this if alias is not None else source.node.this)
        return f"{self.sql[start:end]}.{quote(source.spelling(column) or column, self.dialect)}"

    def _narrowed(self, source: Source) -> _Edit:
        """Return the source as a sub-select of the path's rows, under its own name."""
        node = source.node
        alias = node.args.get("alias")
        if isinstance(node, exp.Table):
            start, end = span(node.parts[0])[0], span(node.parts[-1])[1]
            found = [one for one in mentions((self.sql,), self.dialect).tables if one.start == start]
            if found and found[0].obstacle:
                raise NotRewritten(f"{called(source)} cannot be narrowed: {found[0].obstacle}")
        name = slice(*span(alias.this if alias is not None else node.this))
        if not isinstance(node, exp.Table):
            start, end = parentheses_before(self.sql, name.start, self.dialect)
        name_after = f" AS {self.sql[name]}"
        inner = "" if isinstance(node, exp.Table) else name_after
        body = slice(start, end)
        text = f"(SELECT * FROM {self.template.sql[body]}{inner} WHERE 1=1 ${{drill.where}})"  # noqa: S608
        sql = f"(SELECT * FROM {self.sql[body]}{inner} WHERE 1=1 AND {MARK}){name_after}"  # noqa: S608
        return _Edit(start, end, text + ("" if alias is not None else name_after), node, sql, is_source=True)

    def _checked(self, edits: Sequence[_Edit]) -> Template:
        """Return the template of the edited text, read again: its tree must be the one that was meant."""
        text, at = "", 0
        for edit in sorted(edits, key=lambda one: one.start):
            if edit.start < at:
                raise NotRewritten("its parts lie inside each other")
            text += self.template.sql[at : edit.start] + edit.text
            at = edit.end
        try:
            made = compile_template(text + self.template.sql[at:], self.dialect)
        except QueryError as error:
            raise NotRewritten("its changed form cannot be read") from error
        for edit in edits:
            meant = ("SELECT 1 FROM " if edit.is_source else "SELECT ") + edit.sql  # noqa: S608
            select = parse_one(meant, dialect=self.dialect)
            edit.node.replace(select.args["from_"].this if edit.is_source else select.expressions[0])
        if _with_names(self.tree, self.template) != _with_names(made.tree.copy(), made):
            raise NotRewritten("its changed form would be read in another way")
        return made


def _with_names(tree: exp.Expr, template: Template) -> exp.Expr:
    """Return the tree with placeholders under their own names, so that two templates can be compared."""
    names = {
        f"{template.prefix}{number}": slot.placeholder.name for number, slot in enumerate(template.slots)
    }
    for identifier in tree.find_all(exp.Identifier):
        found = "drill.where" if identifier.name == MARK else names.get(identifier.name)
        if found is not None:
            identifier.set("this", f"${{{found}}}")
    return tree
