"""A question's words told apart: values, columns, periods, operators, numbers; what is none of these is unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tesela.analytics.questions import lexicon
from tesela.analytics.questions.naming import (
    ColumnMention,
    ValueMention,
    column_at,
    derived_at,
    is_rather_a_word,
    value_at,
)
from tesela.analytics.questions.periods import Calendar, Mention, count_of
from tesela.analytics.questions.plan import Measure
from tesela.analytics.questions.tables import REFERENCES, Column, Table
from tesela.analytics.questions.words import Token, is_near


@dataclass(frozen=True, slots=True)
class Op:
    at: int
    length: int
    name: str
    arg: str


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison with a number, or with a column: the figure's column is found later."""

    at: int
    end: int
    op: str
    number: Decimal | None
    column: str | None = None
    upper: Decimal | None = None


@dataclass(slots=True)
class Reading:
    """What the words of a question are for one table."""

    table: Table
    tokens: list[Token]
    calendar: Calendar | None
    values: list[ValueMention] = field(default_factory=list)
    columns: list[ColumnMention] = field(default_factory=list)
    derived: list[tuple[int, int, Measure]] = field(default_factory=list)
    verbs: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    spans: list[Mention] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    numbers: list[tuple[int, Decimal]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    score: float = 0.0

    def has(self, *names: str) -> bool:
        return any(op.name in names for op in self.ops)

    def first(self, *names: str) -> Op | None:
        return next((op for op in self.ops if op.name in names), None)


def read(tokens: Sequence[Token], table: Table) -> Reading:
    """Return the words of a question told apart for a table."""
    time = table.time or _mentioned_date(tokens, table)
    reading = Reading(table, list(tokens), Calendar(time) if time else None)
    empty = Calendar(Column("", "date", (), (), ()))
    at = 0
    while at < len(tokens):
        at += max(1, _step(reading, at, empty))
    return reading


def _step(reading: Reading, at: int, empty: Calendar) -> int:
    """Read what begins at a token, note it, and return how many tokens it took."""
    tokens, table = reading.tokens, reading.table
    if taken := _between(reading, at):
        return taken
    value = value_at(tokens, at, table)
    column = column_at(tokens, at, table)
    op = _operator(tokens, at)
    derived = derived_at(tokens, at, table)
    time = (reading.calendar or empty).read(tokens, at)
    lengths = [one.length if one else 0 for one in (value, column, time)] + [
        op[0] if op else 0,
        derived[0] if derived else 0,
    ]
    longest = max(lengths)
    if value and value.length == longest and not is_rather_a_word(tokens, at, value, column, op):
        reading.values.append(value)
        reading.score += 2
        return value.length
    if time and time.length == longest and not (column and column.is_full and column.length == longest):
        reading.spans.append(time)
        reading.score += 1
        return time.length
    if derived and derived[0] == longest and not (column and column.is_full and column.length >= derived[0]):
        if derived[1] is None:
            reading.unknown.append(" ".join(token.raw for token in tokens[at : at + derived[0]]))
        else:
            reading.derived.append((at, derived[0], derived[1]))
        return derived[0]
    if column and column.length >= (op[0] if op else 0) and (column.is_full or not op):
        reading.columns.append(column)
        reading.score += 2 if column.is_full and column.is_exact else 1.5 if column.is_full else 1
        return column.length
    if op:
        taken = _note_operator(reading, at, *op)
        if taken:
            return taken
    if column:
        reading.columns.append(column)
        reading.score += 1
        return column.length
    return _rest(reading, at)


def _rest(reading: Reading, at: int) -> int:
    """Read a token that is no value, column, period or operator."""
    token = reading.tokens[at]
    if token.word in ("one", "ones", "uno", "una") and at:
        return 1
    if token.word in lexicon.VERB_OF:
        reading.verbs.append((at, lexicon.VERB_OF[token.word]))
    elif token.kind == "number" or (count_of(token) is not None and token.word != "un"):
        number = token.number if token.number is not None else Decimal(count_of(token) or 0)
        reading.numbers.append((at, number))
    elif token.kind == "ordinal" or token.word in _ORDINALS:
        reading.ops.append(Op(at, 1, "ordinal", str(_ordinal(token))))
    elif token.word in ("rate", "tasa", "percentage", "level", "score", "time", "number") and _follows_column(
        reading, at
    ):
        pass
    elif (
        token.stem in reading.table.title_words
        and not _is_asked_for(reading, at)
        and (token.word,) not in lexicon.OPERATORS
    ):
        reading.score += 0.5
    elif (
        token.word not in lexicon.STOP
        and token.kind != "sign"
        and token.word not in ("euro", "euros", "eur", "dollars", "usd")
    ):
        reading.unknown.append(token.raw)
        reading.near += _near(token, reading.table)
    return 1


def _is_asked_for(reading: Reading, at: int) -> bool:
    """Return whether a word is the noun of "which": then it must be a column."""
    return at == 1 and reading.tokens[0].word in ("which", "que", "cual") and bool(reading.table.texts)


_ORDINALS = {
    word: number
    for words in ("first second third fourth fifth sixth", "primero segundo tercero cuarto quinto sexto",
                  "primera segunda tercera cuarta quinta sexta", "primer segundo tercer cuarto quinto sexto")
    for number, word in enumerate(words.split(), 1)
}  # fmt: skip


def _ordinal(token: Token) -> int:
    if token.kind == "ordinal":
        return int("".join(one for one in token.raw if one.isdigit()))
    return _ORDINALS[token.word]


def _follows_column(reading: Reading, at: int) -> bool:
    return any(one.at + one.length == at for one in reading.columns)


def _mentioned_date(tokens: Sequence[Token], table: Table) -> Column | None:
    dates = [one for one in table.columns if one.kind == "date"]
    named = [
        one
        for one in dates
        if any(
            lexicon.is_same(said, word)
            for token in tokens
            for said in (token.stem, *lexicon.VERB_OF.get(token.word, ()))
            for word in one.words
        )
    ]
    return named[0] if len(named) == 1 else None


def _operator(tokens: Sequence[Token], at: int) -> tuple[int, list[tuple[str, str]]] | None:
    words = tuple(token.word for token in tokens[at : at + lexicon.LONGEST])
    for length in range(len(words), 0, -1):
        if found := lexicon.OPERATORS.get(words[:length]):
            return length, found
    return None


def _note_operator(reading: Reading, at: int, length: int, meanings: list[tuple[str, str]]) -> int:
    """Note an operator; return how many tokens it took with its operand, 0 when none of its meanings fits here."""
    tokens = reading.tokens
    if tokens[at].word in _MORE_ES and length > 1 and reading.calendar:
        then = reading.calendar.read(tokens, at + 1)
        if then is not None and then.is_range:
            length, meanings = 1, lexicon.OPERATORS[(tokens[at].word,)]  # "creció más de 2024 a 2025"
    for name, arg in meanings:
        if name == "cmp":
            taken = _comparison(reading, at, length, arg)
            if taken:
                return taken
            if tokens[at].word in lexicon.STOP:
                return 0
            continue
        if name == "after":
            if reading.numbers and reading.numbers[-1][0] == at - 1:
                number_at, number = reading.numbers.pop()
                reading.conditions.append(Condition(number_at, at + length, arg, number))
                return length
            last = reading.conditions[-1] if reading.conditions else None
            if last and last.end == at:
                return length
            continue
        if name == "sup" and tokens[at].word in _MORE_ES and _than_follows(reading, at + length):
            name, arg = "comp", "gt" if tokens[at].word in ("mas", "mayor", "mayores") else "lt"
        if name == "some" and length == 1 and reading.has("none"):
            return length
        reading.ops.append(Op(at, length, name, arg))
        if name == "sup" and length == 1 and tokens[at].word in ("top", "bottom"):
            reading.score += 0.1
        return length
    if any(name == "cmp" for name, _ in meanings):
        word = tokens[at].word
        arg = meanings[0][1]
        if "than" in [token.word for token in tokens[at : at + length]] or word in (
            "mas",
            "menos",
            "mayor",
            "menor",
            "mayores",
            "menores",
            "superior",
            "inferior",
        ):
            reading.ops.append(Op(at, 1, "comp", "gt" if arg in ("gt", "ge") else "lt"))
            reading.ops.append(Op(at + 1, max(1, length - 1), "than", "-"))
            return length
        if word in ("supera", "superan", "superaron", "supero", "exceed", "exceeds", "exceeded"):
            reading.ops.append(Op(at, length, "comp", "gt"))
            return length
    return 0


_MORE_ES = ("mas", "menos", "mayor", "menor", "mayores", "menores")


def _than_follows(reading: Reading, at: int) -> bool:
    """Return whether a Spanish "que" with a value or a period comes later: the second part of a comparison."""
    tokens = reading.tokens
    for place in range(at, len(tokens) - 1):
        if tokens[place].word == "que":
            then = place + 1
            while then < len(tokens) - 1 and tokens[then].word in ("el", "la", "los", "las", "en", "de"):
                then += 1
            if value_at(tokens, then, reading.table) or (
                reading.calendar and reading.calendar.read(tokens, then)
            ):
                return True
    return False


def _comparison(reading: Reading, at: int, length: int, op: str) -> int:
    """Note "more than 5", "below the reorder level"; return the tokens that it took, 0 when no operand follows."""
    tokens, next_at = reading.tokens, at + length
    while next_at < len(tokens) and tokens[next_at].word in (
        "the",
        "el",
        "la",
        "los",
        "a",
        "their",
        "its",
        "su",
        "sus",
        "un",
        "of",
        "de",
    ):
        next_at += 1
    if next_at >= len(tokens):
        return 0
    token = tokens[next_at]
    if (
        token.kind == "number"
        or (count_of(token) is not None and token.word not in ("un", "una", "one"))
        or token.word == "one"
    ):
        number = token.number if token.number is not None else Decimal(count_of(token) or 0)
        end = next_at + 1
        if end < len(tokens) and (scale := _SCALE.get(tokens[end].word)):
            number, end = number * scale, end + 1
        reading.conditions.append(Condition(at, end, op, number))
        return end - at
    if token.word in ("zero", "cero"):
        reading.conditions.append(Condition(at, next_at + 1, op, Decimal(0)))
        return next_at + 1 - at
    column = column_at(tokens, next_at, reading.table)
    if column and len(column.candidates) == 1 and reading.table[column.candidates[0]].kind == "number":
        is_held_against = not REFERENCES.isdisjoint(reading.table[column.candidates[0]].words)
        if (
            not is_held_against
            and next_at + column.length < len(tokens)
            and tokens[next_at + column.length].word in ("of", "de", "in", "en")
        ):
            return 0
        end = next_at + column.length
        reading.conditions.append(Condition(at, end, op, None, column.candidates[0]))
        return end - at
    return 0


def _between(reading: Reading, at: int) -> int:
    """Note "between 100 and 200"; return the tokens that it took."""
    words = reading.tokens[at : at + 4]
    if len(words) < 4 or words[0].word not in ("between", "entre") or words[2].word not in ("and", "y"):
        return 0
    low, high = words[1].number, words[3].number
    if low is None or high is None or (reading.calendar and reading.calendar.read(reading.tokens, at)):
        return 0
    reading.conditions.append(Condition(at, at + 4, "ge", low, upper=high))
    return 4


_SCALE = {
    "million": Decimal(1_000_000), "millions": Decimal(1_000_000), "millon": Decimal(1_000_000),
    "thousand": Decimal(1_000),
    "millones": Decimal(1_000_000), "mil": Decimal(1_000), "dozen": Decimal(1),
}  # fmt: skip


def _near(token: Token, table: Table) -> list[str]:
    """Return values and columns that a word of four letters or more is a slip of."""
    found = [
        value
        for column in table.texts
        for spelled, values in (column.by_key.items() if len(column.by_key) <= 2_000 else ())
        for value in values
        if is_near(token.word, spelled)
        or any(is_near(token.word, part) for part in spelled.split() if len(part) > 3)
    ]
    found += [
        column.name for column in table.columns if any(is_near(token.stem, word) for word in column.words)
    ]
    return list(dict.fromkeys(found))[:3]
