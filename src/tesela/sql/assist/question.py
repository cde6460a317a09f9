"""A business question in words as SQL, by a small grammar. A word that it does not understand is a refusal.

Read in this order: quoted values, top n, periods, grains, comparisons, counts and aggregates, then the names of
columns, tables and values. What remains must be words that say nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tesela.sql.assist import lexicon
from tesela.sql.assist.words import stem, words_of
from tesela.sql.spots import NotRewritten

TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\d{4}-\d\d-\d\d|\d+(?:\.\d+)?|[^\W\d_][\w]*|[<>=]")
NUMERIC = re.compile(r"(?i)int|dec|num|real|double|float|money|serial")
DATED = re.compile(r"(?i)date|time")


@dataclass(frozen=True, slots=True)
class TableWords:
    """A table for the grammar. sql: as a query writes it. values: known texts by column."""

    name: str
    sql: str
    columns: Mapping[str, str]
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def called(self, shared: int) -> str:
        """Return its name without what all tables' names begin with, as one word."""
        return "".join(words_of(self.name)[shared:])

    def bare(self, column: str) -> str:
        """Return a column's name without what all columns' names begin with, as one word."""
        return "".join(words_of(column)[_shared([words_of(one) for one in self.columns]) :])

    def key(self, shared: int = 0) -> str | None:
        """Return the column by which other tables name a row of this one."""
        own = {self.called(shared) + "id", "".join(words_of(self.name)) + "id", "id"}
        found = [name for name in self.columns if {"".join(words_of(name)), self.bare(name)} & own]
        return found[0] if len(found) == 1 else None

    def label(self, shared: int = 0) -> str | None:
        """Return the column that shows a row to people: its name."""
        own = {self.called(shared) + "name", "".join(words_of(self.name)) + "name", "name"}
        found = [name for name in self.columns if {"".join(words_of(name)), self.bare(name)} & own]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A column of a table."""

    table: str
    column: str


@dataclass(slots=True)
class Plan:
    """What a question asks for. measures: (function, column; None: rows), filters: (column, operator, value)."""

    measures: list[tuple[str, At | None]] = field(default_factory=list)
    dims: list[At] = field(default_factory=list)
    counted: str | None = None
    grain: str | None = None
    grain_at: At | None = None
    limit: int | None = None
    order: str = "desc"
    filters: list[tuple[At, str, object]] = field(default_factory=list)
    periods: list[tuple[dt.date, dt.date]] = field(default_factory=list)
    listed: list[At] = field(default_factory=list)
    is_distinct: bool = False


@dataclass(slots=True)
class Token:
    text: str
    stem: str
    used: bool = False


def planned(question: str, tables: Sequence[TableWords]) -> Plan:
    """Return the plan of a question. Raises NotRewritten with the words that it did not understand."""
    return _Reader(question, tables).plan()


class _Reader:
    def __init__(self, question: str, tables: Sequence[TableWords]) -> None:
        self.tables = {one.name: one for one in tables}
        self.tokens = [Token(text, stem(text)) for text in TOKEN.findall(question)]
        self.made = Plan()
        shared = self.shared = shared_words(tables)
        self.called = {
            one.name: {tuple(words_of(one.name)), tuple(words_of(one.name)[shared:])} for one in tables
        }
        self.forms = {
            (one.name, column): _forms(one, column, shared) for one in tables for column in one.columns
        }

    def plan(self) -> Plan:
        refused = [one.text for one in self.tokens if one.stem in lexicon.NEGATIONS]
        if refused:
            raise NotRewritten(f"it does not know how to leave out: {', '.join(refused)}")
        self._quoted()
        self._top()
        self._periods()
        self._compared()
        self._names()
        is_either = any(one.text.lower() in ("or", "o", "u") for one in self.tokens)
        if is_either and len({at for at, _, _ in self.made.filters}) > 1:
            raise NotRewritten("it does not know what either of its conditions means for the other")
        if any(one.stem in lexicon.ASCENDING for one in self.tokens):
            self.made.order = "asc"
        left = [
            one.text
            for one in self.tokens
            if not one.used and one.stem not in lexicon.STOP and one.text.lower() not in lexicon.STOP
        ]
        if left:
            raise NotRewritten(f"it does not understand: {', '.join(dict.fromkeys(left))}")
        return self.made

    def _match(self, at: int, words: Sequence[str]) -> bool:
        part = self.tokens[at : at + len(words)]
        return len(part) == len(words) and all(
            not token.used and (token.stem == word or token.text.lower() == word)
            for token, word in zip(part, words, strict=True)
        )

    def _use(self, at: int, count: int = 1) -> None:
        for token in self.tokens[at : at + count]:
            token.used = True

    def _quoted(self) -> None:
        for token in self.tokens:
            if token.text[:1] in "'\"":
                self._filter_value(token.text[1:-1])
                token.used = True

    def _filter_value(self, text: str) -> None:
        found = self._values(text)
        if len(found) != 1:
            where = " and ".join(f"{at.table}.{at.column}" for at, _ in found)
            raise NotRewritten(
                f"{text!r} is a value of {where}: say which" if found else f"it finds no value {text!r}"
            )
        self.made.filters.append((found[0][0], "=", found[0][1]))

    def _values(self, text: str) -> list[tuple[At, str]]:
        wanted = text.casefold().strip()
        return [
            (At(table.name, column), value)
            for table in self.tables.values()
            for column, values in table.values.items()
            for value in values
            if value.casefold() == wanted
        ]

    def _top(self) -> None:
        for at, token in enumerate(self.tokens):
            number = self._number(at + 1)
            if token.stem in ("top", "best", "first", "principal", "primero") and number is not None:
                self.made.limit = number
                self._use(at, 2)
            elif (
                token.stem in ("bottom", "worst", "last", "peor")
                and number is not None
                and not self._is_unit(at + 2)
            ):
                self.made.limit, self.made.order = number, "asc"
                self._use(at, 2)

    def _number(self, at: int) -> int | None:
        if at >= len(self.tokens) or self.tokens[at].used:
            return None
        text = self.tokens[at].text
        return (
            int(text) if text.isdigit() and int(text) <= 1000 else lexicon.NUMBERS.get(self.tokens[at].stem)
        )

    def _is_unit(self, at: int) -> bool:
        return at < len(self.tokens) and self.tokens[at].stem in lexicon.GRAINS

    def _year(self, at: int) -> int | None:
        if (
            at >= len(self.tokens)
            or self.tokens[at].used
            or not re.fullmatch(r"(19|20)\d\d", self.tokens[at].text)
        ):
            return None
        return int(self.tokens[at].text)

    def _periods(self) -> None:
        for at, token in enumerate(self.tokens):
            if token.used:
                continue
            month = lexicon.MONTHS.get(token.stem, lexicon.MONTHS.get(token.text.lower()))
            skip = 1 if at + 1 < len(self.tokens) and self.tokens[at + 1].stem in ("of", "de") else 0
            year = self._year(at + 1 + skip)
            if month is not None and year is not None:
                self._period(dt.date(year, month, 1), _later(dt.date(year, month, 1), 1), at, 2 + skip)
            elif token.stem in lexicon.ORDINALS and at + 1 < len(self.tokens):
                if self.tokens[at + 1].stem not in ("quarter", "trimestre"):
                    continue
                gap = 1 if at + 2 < len(self.tokens) and self.tokens[at + 2].stem in ("of", "de") else 0
                year = self._year(at + 2 + gap)
                if year is not None:
                    self._quarter(lexicon.ORDINALS[token.stem], year, at, 3 + gap)
            elif re.fullmatch(r"[qQtT][1-4]", token.text) and year is not None:
                self._quarter(int(token.text[1]), year, at, 2 + skip)
        for at, token in enumerate(self.tokens):
            if token.used:
                continue
            before = self.tokens[at - 1].stem if at else ""
            year = self._year(at)
            if year is not None and before in (
                "in",
                "en",
                "during",
                "year",
                "for",
                "ano",
                "durante",
                "of",
                "de",
            ):
                self._period(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), at, 1)
                if before in ("year", "ano"):
                    self._use(at - 1)
            elif re.fullmatch(r"\d{4}-\d\d-\d\d", token.text):
                self._dates(at, before)

    def _dates(self, at: int, before: str) -> None:
        try:
            day = dt.date.fromisoformat(self.tokens[at].text)
        except ValueError as error:
            raise NotRewritten(f"{self.tokens[at].text} is no date") from error
        joined = at + 2 < len(self.tokens) and self.tokens[at + 1].stem in (
            "and",
            "to",
            "y",
            "a",
            "until",
            "hasta",
        )
        if before in ("between", "from", "entre", "desde", "de") and joined:
            try:
                end = dt.date.fromisoformat(self.tokens[at + 2].text)
            except ValueError as error:
                raise NotRewritten(f"{self.tokens[at + 2].text} is no date") from error
            self._use(at - 1)
            self._period(day, end + dt.timedelta(days=1), at, 3)
        elif before in ("since", "from", "desde"):
            self._use(at - 1)
            self._period(day, dt.date.max, at, 1)
        elif before in ("before", "antes"):
            self._use(at - 1)
            self._period(dt.date.min, day, at, 1)
        elif before in ("on", "el"):
            self._period(day, day + dt.timedelta(days=1), at, 1)
        else:
            raise NotRewritten(f"it does not know what {self.tokens[at].text} bounds")

    def _quarter(self, number: int, year: int, at: int, count: int) -> None:
        start = dt.date(year, 3 * number - 2, 1)
        self._period(start, _later(start, 3), at, count)

    def _period(self, start: dt.date, end: dt.date, at: int, count: int) -> None:
        if self.made.periods:
            raise NotRewritten("it takes one period at a time")
        self.made.periods.append((start, end))
        self._use(at, count)

    def _compared(self) -> None:
        """Read `rating above 4.5`: a column, a comparison, a number."""
        for at in range(len(self.tokens)):
            for words, operator in lexicon.COMPARED:
                number = at + len(words)
                if number >= len(self.tokens) or not self._match(at, words):
                    continue
                if not re.fullmatch(r"\d+(\.\d+)?", self.tokens[number].text):
                    continue
                start, found = self._column_before(at)
                if found is None:
                    raise NotRewritten(
                        f"it does not know what is {' '.join(words)} {self.tokens[number].text}"
                    )
                text = self.tokens[number].text
                self.made.filters.append((found, operator, float(text) if "." in text else int(text)))
                self._use(start, number - start + 1)
                break

    def _column_before(self, at: int) -> tuple[int, At | None]:
        end = at
        while end and self.tokens[end - 1].stem in ("of", "is", "i", "a", "de", "es"):
            end -= 1
        for size in (4, 3, 2, 1):
            if end - size >= 0:
                found = self._columns([one.stem for one in self.tokens[end - size : end]])
                numeric = [one for one in found if NUMERIC.search(self.tables[one.table].columns[one.column])]
                if len(numeric) == 1:
                    return end - size, numeric[0]
        return at, None

    def _columns(self, words: Sequence[str]) -> list[At]:
        """Return the columns that these words name, by the most exact way that finds one."""
        wanted = tuple(words)
        for rank in range(3):
            found = [
                At(table.name, column)
                for table in self.tables.values()
                for column in table.columns
                if wanted in self.forms[table.name, column][rank]
            ]
            if found:
                return found
        return []

    def _table(self, words: Sequence[str]) -> str | None:
        found = [name for name in self.tables if tuple(words) in self.called[name]]
        return found[0] if len(found) == 1 else None

    def _names(self) -> None:
        """Read what is left from left to right: counts, aggregates, groupings and the names that follow them."""
        at, mode, function = 0, "", ""
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.used:
                at += 1
                continue
            count = next((words for words in lexicon.COUNTS if self._match(at, words)), None)
            by = next((words for words in lexicon.BY if self._match(at, words)), None)
            if count is not None:
                self._use(at, len(count))
                at, mode, function = at + len(count), "measure", "count"
            elif token.stem in lexicon.AGGREGATES and not self._named(at):
                self._use(at)
                at, mode, function = at + 1, "measure", lexicon.AGGREGATES[token.stem]
            elif token.stem in lexicon.MOST | lexicon.LEAST and not self._named(at):
                self._use(at)
                self.made.limit = self.made.limit or 1
                self.made.order = "desc" if token.stem in lexicon.MOST else "asc"
                at, mode, function = at + 1, "superlative", ""
            elif token.stem in lexicon.DISTINCT:
                self._use(at)
                self.made.is_distinct = True
                at += 1
            elif token.stem in lexicon.ADVERBS or (
                mode == "by" and token.stem in lexicon.GRAINS and not self._named(at)
            ):
                self._grain(lexicon.GRAINS[token.stem])
                self._use(at)
                at += 1
            elif by is not None:
                self._use(at, len(by))
                at, mode = at + len(by), "by"
            else:
                at, mode, function = self._one_name(at, mode, function)

    def _named(self, at: int) -> list[At]:
        return self._columns([self.tokens[at].stem])

    def _grain(self, grain: str) -> None:
        if self.made.grain not in (None, grain):
            raise NotRewritten("it groups by one grain of time at a time")
        self.made.grain = grain

    def _one_name(self, at: int, mode: str, function: str) -> tuple[int, str, str]:
        for size in (4, 3, 2, 1):
            part = self.tokens[at : at + size]
            if len(part) < size or any(one.used for one in part):
                continue
            words = [one.stem for one in part]
            columns, table = self._columns(words), self._table(words)
            values = self._values(" ".join(one.text for one in part))
            if not columns and table is None and not values:
                continue
            if (
                len(words) == 1
                and part[0].text.lower() in lexicon.STOP
                and not (columns and mode in ("measure", "by"))
            ):
                continue
            self._use(at, size)
            if (
                mode == "by"
                and self.made.dims
                and at
                and self.tokens[at - 1].stem in ("of", "from", "de", "in", "en")
            ):
                mode = ""  # "by region of orders"
            self._take(words, columns, table, values, mode, function)
            if not columns and table is None:
                return at + size, mode, function  # "how many paid orders": the count is still to come
            return at + size, ("by" if mode == "by" else ""), ""
        return at + 1, mode, function

    def _take(
        self,
        words: Sequence[str],
        columns: Sequence[At],
        table: str | None,
        values: Sequence[tuple[At, str]],
        mode: str,
        function: str,
    ) -> None:
        said = " ".join(words)
        if function == "count" and table is not None:
            self._counted(table)
        elif columns:
            at = self._chosen(said, columns)
            if mode in ("measure", "superlative"):
                if function == "count" and not self.made.is_distinct:
                    raise NotRewritten(f"it cannot tell whether to count rows or distinct {said}")
                self.made.measures.append((function or "plain", at))
            elif mode == "by":
                self.made.dims.append(at)
            else:
                self.made.listed.append(at)
        elif len(values) == 1:
            self.made.filters.append((values[0][0], "=", values[0][1]))
        elif values:
            where = " and ".join(f"{at.table}.{at.column}" for at, _ in values)
            raise NotRewritten(f"{said} is a value of {where}: say which")
        elif table is not None and mode == "by":
            label = self.tables[table].label(self.shared)
            if label is None or self.tables[table].key(self.shared) is None:
                raise NotRewritten(f"it does not know by which column of {table} to group")
            self.made.dims.append(At(table, label))
        elif table is not None:
            self.made.counted = self.made.counted or table

    def _counted(self, table: str) -> None:
        if self.made.is_distinct:
            key = self.tables[table].key(self.shared)
            if key is None:
                raise NotRewritten(f"it does not know what makes two of {table} the same")
        self.made.measures.append(("count", None))
        self.made.counted = table

    def _chosen(self, said: str, columns: Sequence[At]) -> At:
        if len(columns) == 1:
            return columns[0]
        plan = self.made
        known = {at.table for at in (*plan.dims, *plan.listed)} | {at.table for _, at in plan.measures if at}
        known |= {plan.counted} if plan.counted else set()
        stems = [one.stem for one in self.tokens]
        known |= {
            name
            for name, called in self.called.items()
            for words in called
            if any(tuple(stems[i : i + len(words)]) == words for i in range(len(stems)))
        }
        near = [at for at in columns if at.table in known]
        if len(near) == 1:
            return near[0]
        where = " and ".join(sorted(at.table for at in columns))
        raise NotRewritten(f"{said} is a column of {where}: say of which")


def shared_words(tables: Sequence[TableWords]) -> int:
    """Return how many words all tables' names begin with."""
    return _shared([words_of(one.name) for one in tables])


def _shared(names: Sequence[Sequence[str]]) -> int:
    """Return how many words all names begin with, as `sb` in sbCustomer and sbTicker; at least one word is left."""
    if len(names) < 2:
        return 0
    count = 0
    while all(len(one) > count + 1 for one in names) and len({one[count] for one in names}) == 1:
        count += 1
    return count


def _forms(table: TableWords, column: str, shared: int) -> tuple[set[tuple[str, ...]], ...]:
    """Return how a column may be called: by its own words; after its table's; without what all names share."""
    own, of = tuple(words_of(column)), tuple(words_of(table.name)[shared:])
    bare = own[_shared([words_of(one) for one in table.columns]) :]
    exact = {own, bare}
    after = {of + one for one in exact} | {tuple(words_of(table.name)) + own}
    loose = {(*one, "name") for one in exact | after}
    loose |= {one[:-1] for one in exact | after if len(one) > 1 and one[-1] == "name" and one[:-1] != of}
    return exact, after - exact, loose - exact - after


def _later(start: dt.date, months: int) -> dt.date:
    number = start.year * 12 + start.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)
