"""Phrases of time ("last month", "from July to August 2026", "Q1") as spans of days of the rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tesela.analytics.questions.steps import after, before, floor, later, months_later, week
from tesela.analytics.questions.tables import Column, Grain, day_of
from tesela.analytics.questions.words import MONTHS_EN, MONTHS_ES, Token, fold, listed

_MONTHS = {fold(name): number for names in (MONTHS_EN, MONTHS_ES) for number, name in enumerate(names, 1)}
_MONTHS |= {
    name[:3]: number for name, number in list(_MONTHS.items()) if name not in ("may", "march", "marzo")
}
_MONTHS |= {"sept": 9, "setiembre": 9}
_MONTHS.pop("mar", None)
_WEEKDAYS = {
    name: number
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "mondays tuesdays wednesdays thursdays fridays saturdays sundays",
        "lunes martes miercoles jueves viernes sabado domingo",
        "lunes martes miercoles jueves viernes sabados domingos",
    )
    for number, name in enumerate(names.split())
}
_NAMED: dict[Grain, str] = {
    "day": "day days dia dias",
    "week": "week weeks semana semanas",
    "month": "month months mes meses",
    "quarter": "quarter quarters trimestre trimestres",
    "year": "year years ano anos",
}
_UNITS: dict[str, Grain] = {word: grain for grain, words in _NAMED.items() for word in words.split()}
_LAST = frozenset(listed("last latest past recent ultimo ultima ultimos ultimas"))
_PREVIOUS = frozenset(listed("previous prior preceding anterior"))
_FIRST = frozenset(listed("first primer primero primera primeros primeras"))
_HALVES = {"first": 1, "second": 2, "primer": 1, "segundo": 2, "1st": 1, "2nd": 2}
_QUARTERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "primer": 1,
    "segundo": 2,
    "tercer": 3,
}
_QUARTERS |= {"cuarto": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_NUMBERS = {
    word: number
    for words in ("one two three four five six seven eight nine ten eleven twelve",
                  "un dos tres cuatro cinco seis siete ocho nueve diez once doce")
    for number, word in enumerate(words.split(), 1)
}  # fmt: skip
_NUMBERS |= {"dozen": 12, "fourteen": 14, "thirty": 30, "una": 1}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from start until before end, of these weekdays only (Monday is 0). grain: what the words named."""

    start: dt.date
    end: dt.date
    grain: Grain | None = None
    weekdays: tuple[int, ...] = ()

    def holds(self, day: dt.date) -> bool:
        return self.start <= day < self.end and (not self.weekdays or day.weekday() in self.weekdays)


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase of time in a question.

    spans: one, or several when the words fit several years. base: the earlier end of "from .. to ..".
    missing: the words of a period that the rows do not have.
    """

    at: int
    length: int
    spans: tuple[Span, ...]
    base: Span | None = None
    missing: str | None = None
    is_range: bool = False


class Calendar:
    """The days of a table's time column, to which relative words refer."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.days = sorted({one for one in column.values if one is not None})
        self.grain = column.grain
        self.first = self.days[0] if self.days else dt.date(2000, 1, 1)
        self.last = self.days[-1] if self.days else dt.date(2000, 1, 1)
        self.end = after(self.last, self.grain)
        self.years = sorted({day.year for day in self.days})

    def has(self, span: Span) -> bool:
        return any(span.holds(day) for day in self.days)

    def read(self, tokens: Sequence[Token], at: int) -> Mention | None:
        """Return the phrase of time that begins at a token."""
        return (
            self._range(tokens, at)
            or self._bounded(tokens, at)
            or self._relative(tokens, at)
            or self._weekdays(tokens, at)
            or self._named(tokens, at)
        )

    def _named(self, tokens: Sequence[Token], at: int) -> Mention | None:
        found = self._point(tokens, at)
        if found is None:
            return None
        length, spans = found
        present = tuple(span for span in spans if self.has(span))
        words = " ".join(token.raw for token in tokens[at : at + length])
        return Mention(at, length, present, missing=None if present else words)

    def _point(self, tokens: Sequence[Token], at: int) -> tuple[int, list[Span]] | None:
        """Return how many tokens name one day, week, month, quarter or year, and the spans that they fit."""
        words = [token.word for token in tokens[at : at + 6]]
        if not words:
            return None
        token = tokens[at]
        if words[0] in ("week", "semana") and len(words) > 1:
            skip = 1 + sum(
                word in ("of", "starting", "beginning", "del", "de", "the", "on") for word in words[1:3]
            )
            inner = self._point(tokens, at + skip) if at + skip < len(tokens) else None
            if inner and inner[1] and inner[1][0].grain == "day":
                starts = [
                    week(span.start) if self.grain == "day" else self._week_of(span.start)
                    for span in inner[1]
                ]
                return skip + inner[0], [Span(one, later(one, 7), "week") for one in starts]
        if token.kind == "iso":
            day = day_of(token.raw.upper().replace(" ", ""))
            if day is None:
                return 1, []
            grain: Grain = (
                "quarter" if "Q" in token.raw.upper() else "month" if token.raw.count("-") == 1 else "day"
            )
            return 1, [Span(day, after(day, grain), grain)]
        if (year := _year(token)) is not None:
            return 1, [Span(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year")]
        if match := re.fullmatch(r"([qth])([1-4])", words[0]):
            size: Grain = "quarter"
            months = 3 if match[1] in "qt" else 6
            if months == 6 and match[2] in "34":
                return None
            return self._with_year(tokens, at, 1, [(int(match[2]) * months - months + 1, months)], size)
        if words[0] in _HALVES and words[1:2] in (["half"], ["mitad"]) and self.grain == "day":
            skip = 3 if words[2:3] in (["of"], ["de"]) else 2
            if len(words) > skip and words[skip] in _MONTHS:
                return self._half_month(tokens, at, skip + 1, _MONTHS[words[skip]], _HALVES[words[0]])
        for table, nouns, months in (
            (_QUARTERS, ("quarter", "trimestre"), 3),
            (_HALVES, ("half", "semestre"), 6),
        ):
            if len(words) > 1 and words[0] in table and words[1] in nouns and words[0] not in _LAST:
                return self._with_year(
                    tokens, at, 2, [(table[words[0]] * months - months + 1, months)], "quarter"
                )
        return self._day_or_month(tokens, at, words)

    def _day_or_month(
        self, tokens: Sequence[Token], at: int, words: list[str]
    ) -> tuple[int, list[Span]] | None:
        day: int | None = None
        length = 0
        if (number := _day_number(tokens[at])) is not None and len(words) > 1:
            skip = 2 if words[1] in ("of", "de") else 1
            if len(words) > skip and words[skip] in _MONTHS:
                day, length, month = number, skip + 1, _MONTHS[words[skip]]
        if day is None:
            if words[0] not in _MONTHS or (words[0] == "may" and not _is_may(tokens, at)):
                return None
            month, length = _MONTHS[words[0]], 1
            if len(words) > 1 and (number := _day_number(tokens[at + 1])) is not None:
                follows = words[2] if len(words) > 2 else ""
                if follows not in _UNITS:
                    day, length = number, 2
        if day is None:
            return self._with_year(tokens, at, length, [(month, 1)], "month")
        length, years = self._year_after(tokens, at, length)
        spans = []
        for year in years:
            try:
                start = dt.date(year, month, day)
            except ValueError:
                continue
            spans.append(Span(start, later(start, 1), "day"))
        return length, spans

    def _half_month(
        self, tokens: Sequence[Token], at: int, length: int, month: int, half: int
    ) -> tuple[int, list[Span]]:
        """Return the first fifteen days of a month, or the others."""
        length, years = self._year_after(tokens, at, length)
        middles = [dt.date(year, month, 16) for year in years]
        if half == 1:
            return length, [Span(one.replace(day=1), one) for one in middles]
        return length, [Span(one, months_later(one.replace(day=1), 1)) for one in middles]

    def _with_year(
        self, tokens: Sequence[Token], at: int, length: int, months: list[tuple[int, int]], grain: Grain
    ) -> tuple[int, list[Span]]:
        length, years = self._year_after(tokens, at, length)
        spans = []
        for year in years:
            for month, count in months:
                start = dt.date(year, month, 1)
                spans.append(Span(start, months_later(start, count), grain))
        return length, spans

    def _year_after(self, tokens: Sequence[Token], at: int, length: int) -> tuple[int, list[int]]:
        """Return the length with a year that follows, and the years that are meant."""
        follows = at + length
        if follows < len(tokens) and tokens[follows].word in ("of", "de", "del", "in", "en"):
            follows += 1
        if follows < len(tokens) and (year := _year(tokens[follows])) is not None:
            return follows - at + 1, [year]
        rest = tokens[follows : follows + 2]
        if len(rest) == 2 and rest[0].word in ("this", "este", "last") and rest[1].word in ("year", "ano"):
            year = self.last.year - (rest[0].word == "last")
            return follows - at + 2, [year]
        return length, self.years

    def _range(self, tokens: Sequence[Token], at: int) -> Mention | None:
        """Read "from A to B", "between A and B", "A to B", "A - B", "A vs B"."""
        lead = tokens[at].word in ("from", "between", "desde", "entre", "de", "del")
        start_at = at + 1 if lead else at
        while start_at < len(tokens) and tokens[start_at].word in ("the", "el", "la"):
            start_at += 1
        first = self._point(tokens, start_at) if start_at < len(tokens) else None
        if first is None:
            return None
        joint = start_at + first[0]
        joins = ("to", "until", "till", "through", "a", "al", "hasta", "and", "y", "thru")
        if joint >= len(tokens) or tokens[joint].word not in joins:
            return None
        is_pair = tokens[joint].word in ("and", "y")
        if (is_pair and tokens[at].word not in ("between", "entre")) or (
            tokens[joint].word == "a" and not lead
        ):
            return None
        second_at = joint + 1
        while second_at < len(tokens) and tokens[second_at].word in ("the", "el", "la"):
            second_at += 1
        second = self._point(tokens, second_at) if second_at < len(tokens) else None
        if second is None:
            return None
        length = second_at + second[0] - at
        words = " ".join(token.raw for token in tokens[at : at + length])
        ends = [span for span in second[1] if self.has(span)]
        if len(ends) != 1 or (len(first[1]) > 1 and len(ends) != 1):
            return Mention(at, length, tuple(ends[:0]), missing=words, is_range=True)
        end = ends[0]
        starts = [span for span in first[1] if self.has(span) and span.start < end.start]
        if not starts:
            return Mention(at, length, (), missing=words, is_range=True)
        start = starts[-1]
        return Mention(at, length, (end,), base=start, is_range=True)

    def _bounded(self, tokens: Sequence[Token], at: int) -> Mention | None:
        """Read "since March", "before July", "after", "until", "up to", "through"."""
        word = tokens[at].word
        kinds = {
            "since": "from", "desde": "from", "after": "after", "before": "before", "until": "until", "till": "until",
            "through": "until", "hasta": "until", "antes": "before", "despues": "after", "from": "from",
            "starting": "from", "by": "",
        }  # fmt: skip
        kind = kinds.get(word)
        if not kind:
            return None
        skip = 1
        while at + skip < len(tokens) and tokens[at + skip].word in (
            "the",
            "el",
            "la",
            "de",
            "del",
            "in",
            "with",
        ):
            skip += 1
        found = self._point(tokens, at + skip) if at + skip < len(tokens) else None
        if found is None:
            return None
        length = skip + found[0]
        if (
            kind == "from"
            and word == "from"
            and at + length < len(tokens)
            and tokens[at + length].word in ("on", "onwards")
        ):
            length += 1
        elif word == "from":
            return None
        if at + length < len(tokens) and tokens[at + length].word in ("onward", "onwards", "adelante"):
            length += 1
        words = " ".join(token.raw for token in tokens[at : at + length])
        inside = [span for span in found[1] if self.first <= span.start < self.end] or (
            found[1] if len(found[1]) == 1 else []
        )
        if len(inside) != 1:
            return Mention(at, length, (), missing=words)
        point = inside[0]
        spans = {
            "from": Span(point.start, self.end),
            "after": Span(point.end, self.end),
            "before": Span(self.first, point.start),
            "until": Span(self.first, point.end),
        }
        span = spans[kind]
        if not self.has(span):
            return Mention(at, length, (), missing=words)
        return Mention(at, length, (span,))

    def _relative(self, tokens: Sequence[Token], at: int) -> Mention | None:
        """Read "last month", "the last 7 days", "previous week", "this year", "ultimo mes", "mes pasado"."""
        words = [token.word for token in tokens[at : at + 4]] + [""] * 4
        first, second, third = words[0], words[1], words[2]
        count = count_of(tokens[at + 1]) if at + 1 < len(tokens) else None
        if first in _LAST | _PREVIOUS | _FIRST:
            if count is not None and third in _UNITS:
                return self._many(at, 3, count, _UNITS[third], from_start=first in _FIRST)
            if second in _UNITS:
                return self._one(at, 2, _UNITS[second], first)
        count = count_of(tokens[at])
        if count is not None and second in _LAST | _FIRST and third in _UNITS:
            return self._many(at, 3, count, _UNITS[third], from_start=second in _FIRST)
        if first in _UNITS and second in ("pasado", "pasada", "anterior", "before", "actual"):
            return self._one(at, 2, _UNITS[first], "previous" if second in ("anterior", "before") else "last")
        if first in ("this", "current", "este", "esta") and second in _UNITS:
            return self._one(at, 2, _UNITS[second], "this")
        if first in ("year", "ytd") and (first == "ytd" or words[:3] == ["year", "to", "date"]):
            return self._one(at, 1 if first == "ytd" else 3, "year", "this")
        if first in ("latest", "most") and (second in ("period",) or (second, third) == ("recent", "period")):
            return self._one(at, 2 if second == "period" else 3, self.grain, "last")
        return None

    def _one(self, at: int, length: int, grain: Grain, which: str) -> Mention:
        if _rank(grain) < _rank(self.grain):
            return Mention(at, length, (), missing=f"{which} {grain}")
        start = floor(self.first if which in _FIRST else self.last, grain)
        if which in _PREVIOUS:
            start = before(start, grain)
        if grain == "week" and self.grain == "week":
            start = self.first if which in _FIRST else later(self.last, -7 if which in _PREVIOUS else 0)
        span = Span(start, after(start, grain), grain)
        if grain == "year" and which in _LAST and self.grain != "year" and self.end < span.end:
            previous = Span(before(start, grain), start, grain)
            if self.has(previous):  # the year that is over, or the one that is not
                return Mention(at, length, (previous, span))
        return Mention(
            at,
            length,
            (span,) if self.has(span) else (),
            missing=None if self.has(span) else f"{which} {grain}",
        )

    def _many(self, at: int, length: int, count: int, grain: Grain, *, from_start: bool) -> Mention:
        words = f"{count} {grain}s"
        if _rank(grain) < _rank(self.grain) or count < 1 or count > 5_000:
            return Mention(at, length, (), missing=words)
        if from_start:
            start, end = floor(self.first, grain) if grain != "day" else self.first, self.first
            end = start
            for _ in range(count):
                end = after(end, grain)
            span = Span(start, end)
            return Mention(
                at, length, (span,) if end <= self.end else (), missing=None if end <= self.end else words
            )
        if grain == "week" and self.grain in ("day", "week"):
            start = later(self.end, -7 * count)
        elif grain == "day":
            start = later(self.end, -count)
        else:
            start = floor(self.last, grain)
            for _ in range(count - 1):
                start = before(start, grain)
        if start < self.first:
            return Mention(at, length, (), missing=words)
        return Mention(at, length, (Span(start, self.end),))

    def _weekdays(self, tokens: Sequence[Token], at: int) -> Mention | None:
        word = tokens[at].word
        chosen: tuple[int, ...]
        length = 1
        if word in ("weekend", "weekends"):
            chosen = (5, 6)
        elif word in ("weekday", "weekdays", "laborables", "laborable"):
            chosen = (0, 1, 2, 3, 4)
        elif word in ("fin", "fines") and [one.word for one in tokens[at + 1 : at + 3]] == ["de", "semana"]:
            chosen, length = (5, 6), 3
        elif (
            word in ("dias", "entre")
            and at + 1 < len(tokens)
            and tokens[at + 1].word in ("laborables", "semana")
        ):
            chosen, length = (0, 1, 2, 3, 4), 2
        elif word in _WEEKDAYS:
            chosen = (_WEEKDAYS[word],)
            while at + length + 1 < len(tokens) and tokens[at + length].word in ("and", "y"):
                if tokens[at + length + 1].word not in _WEEKDAYS:
                    break
                chosen = (*chosen, _WEEKDAYS[tokens[at + length + 1].word])
                length += 2
        else:
            return None
        span = Span(self.first, self.end, None, chosen)
        if self.grain != "day" or not self.has(span):
            return Mention(at, length, (), missing=word)
        return Mention(at, length, (span,))

    def _week_of(self, day: dt.date) -> dt.date:
        """Return the start of the rows' week that holds a day."""
        starts = [one for one in self.days if one <= day < later(one, 7)]
        return starts[-1] if starts else day


def _rank(grain: Grain) -> int:
    return ("day", "week", "month", "quarter", "year").index(grain)


def _year(token: Token) -> int | None:
    is_year = token.kind == "number" and re.fullmatch(r"(19|20)\d{2}", token.raw)
    return int(token.raw) if is_year else None


def _day_number(token: Token) -> int | None:
    match = re.match(r"\d{1,2}", token.raw) if token.kind in ("number", "ordinal") else None
    if match is None or (token.kind == "number" and match.group() != token.raw):
        return None
    return int(match.group()) if 1 <= int(match.group()) <= 31 else None


def count_of(token: Token) -> int | None:
    """Return the whole number that a token says, in digits or words up to twelve."""
    if token.kind == "number" and token.raw.isdigit():
        return int(token.raw)
    return _NUMBERS.get(token.word)


def _is_may(tokens: Sequence[Token], at: int) -> bool:
    """Return whether "may" is the month: after a preposition, or before a year or a day."""
    before_it = tokens[at - 1].word if at else ""
    after_it = tokens[at + 1] if at + 1 < len(tokens) else None
    prepositions = listed("in of during since from to until before after between and for than with against")
    return before_it in (*prepositions, "vs", "versus") or (
        after_it is not None and (_year(after_it) is not None or _day_number(after_it) is not None)
    )
