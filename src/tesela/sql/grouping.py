"""Which SELECT of a query groups by a drill level's column, and what it reads that column from.

Everything is refused with a reason where putting another column in its place might not be what a person would
write; see docs/placeholders.md, which lists what is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from tesela.sql.sources import Source, sources_of
from tesela.sql.spots import (
    NotRewritten,
    columns_in,
    counts_rows,
    group_keys,
    is_named,
    is_using,
    may_be,
    plain_columns,
    shown_column,
)
from tesela.sql.tables import Columns, cte_of

KNOWN_PARTS = frozenset(
    {"with_", "expressions", "distinct", "from_", "joins", "where", "group", "having", "qualify", "windows"}
    | {"order", "limit", "offset"}
)
"""Parts of a SELECT under which rewriting is right."""


class NotKnown(Exception):
    """It depends on columns that are not known here."""


@dataclass(frozen=True, slots=True)
class Home:
    """The SELECT to rewrite, all that it reads from, and the one source that has the levels."""

    select: exp.Select
    sources: Sequence[Source]
    source: Source


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for the home of a level's column.

    needed: the columns that its source must have. is_open: tables that are not known may have any column.
    """

    tree: exp.Expr
    dialect: str
    tables: Columns
    name: str
    needed: Sequence[str]
    is_open: bool

    def home(self, query: exp.Expr | None = None, *, is_grouped: bool = False) -> Home:
        """Return where to rewrite: in the query itself or in one that it reads from. Raises NotRewritten, NotKnown.

        query: None for the whole. is_grouped: a query around it groups by the column already.
        """
        is_whole = query is None
        select = _plain_select(self.tree if query is None else query)
        if is_grouped and any(counts_rows(select)):
            raise NotRewritten(
                "the query reads one that has a limit, a window, HAVING or DISTINCT of its own"
            )
        sources = sources_of(select, self.dialect, self.tables)
        items = [item for item in select.expressions if is_named(shown_column(item), self.name)]
        source = self._source(select, sources, items)
        if items and (is_whole or all(is_output(item, self.name) for item in items)):
            groups = is_grouped_by(select, sources, source, self.name)
            missing = [column for column in self.needed if source.spelling(column) is None]
            if not missing or (self.is_open and source.columns is None):
                check_mentions(select, source, self.name)
                if not groups and not is_grouped:
                    raise NotRewritten(f"the query does not group by {self.name}")
                return Home(select, sources, source)
            if source.body is None:
                raise NotRewritten(f"{called(source)} has no column {missing[0]}")
            is_grouped = is_grouped or groups
        elif items or not any(item.is_star for item in select.expressions):
            raise NotRewritten(f"the query does not select {self.name} by itself")
        if source.body is None:
            raise NotRewritten(f"the query does not group by {self.name}")
        check_mentions(select, source, self.name)
        self._check_conditions(select, source)
        self._check_once(source)
        return self.home(source.body, is_grouped=is_grouped)

    def having(self, sources: Sequence[Source], name: str, columns: Sequence[exp.Column]) -> Sequence[Source]:
        """Return the sources that the columns, all of one name, can come from. Raises NotKnown."""
        if len(sources) == 1:
            return sources
        qualifiers = {column.table.lower() for column in columns} or {""}
        is_bare = "" in qualifiers
        found = [one for one in sources if one.name in qualifiers or (is_bare and one.spelling(name))]
        if is_bare and any(one.columns is None for one in sources) and (self.is_open or not found):
            raise NotKnown
        return found

    def _source(self, select: exp.Select, sources: Sequence[Source], items: Sequence[exp.Expr]) -> Source:
        columns = [column for item in items if (column := shown_column(item)) is not None]
        found = self.having(sources, self.name, columns)
        if not found:
            raise NotRewritten(f"no table of the query has a column {self.name}")
        is_merged = any(is_using(join, self.name) for join in select.args.get("joins") or ())
        if len(found) > 1 or (is_merged and any(not column.table for column in columns)):
            raise NotRewritten(f"{self.name} is a column of several tables")
        for wanted in self.needed:
            if sum(one.lower() == wanted.lower() for one in found[0].columns or ()) > 1:
                raise NotRewritten(f"{called(found[0])} has columns that differ from {wanted} only in case")
        if found[0].columns is None and not (self.is_open and found[0].body is None):
            raise NotKnown
        return found[0]

    def _check_conditions(self, select: exp.Select, source: Source) -> None:
        """Raise where a SELECT that stays as it is does more with the column than to hand it on."""
        joins: list[exp.Join] = select.args.get("joins") or []
        conditions = [select.args.get("where"), *(join.args.get("on") for join in joins)]
        is_used = any(may_be(column, self.name, source) for part in conditions for column in columns_in(part))
        if is_used or any(is_using(join, self.name) for join in joins):
            raise NotRewritten(f"{self.name} stands in a condition around the query that groups by it")

    def _check_once(self, source: Source) -> None:
        """Raise when what is to be changed is read more than once."""
        if not isinstance(source.node, exp.Table):
            return
        cte = cte_of(source.node, self.dialect)
        if cte is not None and cte.args["alias"].columns:
            raise NotRewritten(f"{called(source)} gives its columns other names")
        if sum(1 for table in self.tree.find_all(exp.Table) if cte_of(table, self.dialect) is cte) != 1:
            raise NotRewritten(f"{called(source)} is read more than once")


def check_mentions(select: exp.Select, source: Source, name: str) -> None:
    """Raise NotRewritten where the column stands where replacing it, or what it holds, would not be right.

    Its alias is looked for too, also in conditions: some databases let those use it.
    """
    aliases = {
        item.alias.lower()
        for item in select.expressions
        if isinstance(item, exp.Alias) and is_named(shown_column(item), name)
    }
    plain = {id(column) for column in plain_columns(select)}
    conditions = [select.args.get("where"), *(join.args.get("on") for join in select.args.get("joins") or ())]
    parts = [
        select.args.get(part) for part in ("expressions", "group", "having", "qualify", "order", "windows")
    ]
    for part in parts:
        for column in columns_in(part):
            if id(column) not in plain and (may_be(column, name, source) or _is_alias(column, aliases)):
                raise NotRewritten(f"{name} stands inside an expression, a window or HAVING")
    for part in conditions:
        if any(_is_alias(column, aliases - {name.lower()}) for column in columns_in(part)):
            raise NotRewritten(f"the alias of {name} stands in a condition")


def _is_alias(column: exp.Column, aliases: set[str]) -> bool:
    return not column.table and column.name.lower() in aliases


def is_grouped_by(select: exp.Select, sources: Sequence[Source], source: Source, name: str) -> bool:
    """Return whether a column is a key of the grouping, by its name, alias or position."""
    group = select.args.get("group")
    if group is None:
        return select.args.get("distinct") is not None
    if group.args.get("all"):
        return True
    places: set[str] = set()
    aliases: set[str] = set()
    for number, item in enumerate(select.expressions, 1):
        column = shown_column(item)
        if column is not None and may_be(column, name, source):
            places.add(str(number))
            if isinstance(item, exp.Alias) and not any(one.spelling(item.alias) for one in sources):
                aliases.add(item.alias.lower())
    return any(
        may_be(key, name, source) or (not key.table and key.name.lower() in aliases)
        if isinstance(key, exp.Column)
        else isinstance(key, exp.Literal) and key.this in places
        for key in group_keys(group)
    )


def has_subtotals(select: exp.Select) -> bool:
    """Return whether the grouping is a ROLLUP, a CUBE or several sets."""
    group = select.args.get("group")
    if group is None:
        return False
    sets = any(group.args.get(key) for key in ("rollup", "cube", "grouping_sets"))
    return sets or any(isinstance(key, exp.Rollup | exp.Cube | exp.GroupingSets) for key in group.expressions)


def is_output(item: exp.Expr, name: str) -> bool:
    """Return whether an item of a SELECT is called so."""
    return item.output_name.lower() == name.lower()


def called(source: Source) -> str:
    """Return how to name a source to a person."""
    return f"the {'table' if source.body is None else 'query'} {source.node.alias_or_name}"


def _plain_select(query: exp.Expr) -> exp.Select:
    if isinstance(query, exp.SetOperation):
        raise NotRewritten("the query is a UNION, INTERSECT or EXCEPT")
    if not isinstance(query, exp.Select):
        raise NotRewritten("the query is no plain SELECT")
    parts = {name for name, value in query.args.items() if value}
    if not parts <= KNOWN_PARTS or any(query.find_all(exp.Columns)):
        raise NotRewritten(
            "the SELECT has a part that is not rewritten, such as a sample, a hint or COLUMNS()"
        )
    if "distinct" in parts and query.args["distinct"].args.get("on"):
        raise NotRewritten("the query has DISTINCT ON")
    return query
