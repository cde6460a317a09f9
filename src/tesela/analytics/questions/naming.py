"""What words name: the values and columns of a table, and the figures that follow from two columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tesela.analytics.questions import lexicon
from tesela.analytics.questions.plan import Measure
from tesela.analytics.questions.tables import REFERENCES, Column, Table
from tesela.analytics.questions.words import Token, key, listed, loose

NEUTRAL = frozenset(
    listed(
        "pct percent eur usd gbp euro dollar total avg average mean count amount num number value hour minut days k m "
        "sum in of the last rate name"
    )
)
"""Words of a column's name that a question may leave out without meaning something else."""
MAX_NGRAM = 7


@dataclass(frozen=True, slots=True)
class ValueMention:
    at: int
    length: int
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnMention:
    """candidates: the columns that it may be. is_full: all words of the name were said."""

    at: int
    length: int
    candidates: tuple[str, ...]
    is_full: bool
    is_exact: bool = True


def value_at(tokens: Sequence[Token], at: int, table: Table) -> ValueMention | None:
    """Return the longest run of tokens that is a value; a single word that only one value has counts too."""
    for length in range(min(MAX_NGRAM, len(tokens) - at), 0, -1):
        spelled = " ".join(key(token.raw) for token in tokens[at : at + length]).strip()
        found = [(column, column.by_key[spelled]) for column in table.texts if spelled in column.by_key]
        if found:
            column, values = found[0]
            return ValueMention(at, length, column.name, tuple(values))
    token = tokens[at]
    if (plural := _loosely(tokens, at, table)) is not None:
        return plural
    if (
        token.kind != "word"
        or len(token.word) < 4
        or token.word in lexicon.STOP
        or token.word in lexicon.VERB_OF
    ):
        return None
    if (token.word,) in lexicon.OPERATORS or lexicon.is_known(token.stem):
        return None
    holders = [(column, column.by_word[token.word]) for column in table.texts if token.word in column.by_word]
    if len(holders) == 1 and len(holders[0][1]) == 1:
        return ValueMention(at, 1, holders[0][0].name, tuple(holders[0][1]))
    return None


def _loosely(tokens: Sequence[Token], at: int, table: Table) -> ValueMention | None:
    """Return the value that words are the plural or another gender of: "Drills", "canceladas"."""
    for length in range(min(4, len(tokens) - at), 0, -1):
        last = tokens[at + length - 1]
        if last.kind != "word" or len(last.word) < 4 or last.word in lexicon.STOP:
            continue
        said = " ".join(loose(token.word) for token in tokens[at : at + length])
        found = [(column, column.by_loose[said]) for column in table.texts if said in column.by_loose]
        if (
            len(found) == 1
            and len(found[0][1]) == 1
            and not (length == 1 and (last.word,) in lexicon.OPERATORS)
        ):
            return ValueMention(at, length, found[0][0].name, tuple(found[0][1]))
    return None


def is_rather_a_word(
    tokens: Sequence[Token], at: int, value: ValueMention, column: ColumnMention | None, op: object
) -> bool:
    """Return whether something that is spelled as a value is rather the ordinary word."""
    token = tokens[at]
    if value.length > 1 or not (column or op or token.word in lexicon.STOP):
        return False
    if token.is_capital and at > 0:
        return False
    if column and not column.is_full and not op and token.word not in lexicon.STOP and len(token.word) > 3:
        return key(token.raw) not in (key(one) for one in value.values)
    return bool(column or token.word in lexicon.STOP or op)


_LINKS = ("de", "del", "of", "la", "el", "the")
"""Small words inside the name of a column, as it is said: "tasa de conversión"."""


def _is_only_a_reference(column: Column, stemmed: str) -> bool:
    """Return whether a word cannot mean a column alone: "stock" is not the minimum stock."""
    references = [word for word in column.words if word in REFERENCES]
    return bool(references) and not any(lexicon.is_same(word, stemmed) for word in references)


_OF_ONE = frozenset(("cost", "price", "coste", "costo", "precio", "pric", "cost"))


def _counts_no_units(column: Column, stemmed: str) -> bool:
    """Return whether "units" cannot mean this column, though it is called unit_cost."""
    return (
        stemmed in ("unit", "unidad", "item")
        and len(column.words) > 1
        and not _OF_ONE.isdisjoint(column.words)
    )


def column_at(tokens: Sequence[Token], at: int, table: Table) -> ColumnMention | None:
    for length in range(min(5, len(tokens) - at), 0, -1):
        words = [token.word for token in tokens[at : at + length]]
        if length > 1 and (words[0] in _LINKS or words[-1] in _LINKS):
            continue
        said = [token.stem for token in tokens[at : at + length] if token.word not in _LINKS]
        for is_exact in (True, False):
            full = [one.name for one in table.columns if _is_named(one, said, is_exact=is_exact)]
            if full:
                return ColumnMention(at, length, tuple(full), is_full=True, is_exact=is_exact)
    token = tokens[at]
    if token.kind != "word" or token.word in lexicon.STOP:
        return None
    for is_exact in (True, False):
        partial = [
            one.name
            for one in table.columns
            if any(
                (word == token.stem if is_exact else lexicon.is_same(word, token.stem)) for word in one.words
            )
            and token.stem not in ("avg", "averag", "total", "last")
            and not (token.word.endswith("s") and _counts_no_units(one, token.stem))
        ]
        own = [name for name in partial if not _is_only_a_reference(table[name], token.stem)]
        if partial and not own and not is_exact:
            return None
        partial = own
        if partial:
            return ColumnMention(at, 1, tuple(partial), is_full=False, is_exact=is_exact)
    return None


def _is_named(column: Column, said: Sequence[str], *, is_exact: bool) -> bool:
    """Return whether the words are the column's name, apart from words that may be left out."""
    for words in (column.words, tuple(word for word in column.words if word not in NEUTRAL)):
        if words and len(words) == len(said):
            left = list(words)
            for stemmed in said:
                match = next(
                    (w for w in left if (w == stemmed if is_exact else lexicon.is_same(w, stemmed))), None
                )
                if match is None:
                    break
                left.remove(match)
            if not left:
                return True
    return False


_ADS = frozenset(("click", "impression", "impresion", "clic"))
"""Columns of advertising: where there are such, a cost is what was spent on ads."""


def derived_at(tokens: Sequence[Token], at: int, table: Table) -> tuple[int, Measure | None] | None:
    """Return the figure of two columns that is named here; None in it when the table lacks a column."""
    words = tuple(token.word for token in tokens[at : at + 5])
    for names, left, right, kind in lexicon.DERIVATIONS:
        if words[: len(names)] != names:
            continue
        label = " ".join(token.raw for token in tokens[at : at + len(names)])
        own = [
            one
            for one in table.numbers
            if _is_named(
                one,
                [one.stem for one in tokens[at : at + len(names)] if one.word not in ("de", "of", "del")],
                is_exact=False,
            )
        ]
        if own:
            return None
        is_of_ads = any(not _ADS.isdisjoint(one.words) for one in table.numbers)
        right = tuple(one.removeprefix("ad:") for one in right if is_of_ads or not one.startswith("ad:"))
        one, other = _by_stems(table, left), _by_stems(table, right)
        if one is None or other is None or one is other:
            averaged = names[0] in ("average", "avg", "mean") and column_at(tokens, at + 1, table)
            if names[-1] in ("medio", "media", "promedio"):
                averaged = column_at(tokens[: at + len(names) - 1], at, table)
            if averaged and averaged.is_full:
                return None
            return len(names), None
        measure_kind = "ratio" if kind in ("percent", "ratio") else kind
        return len(names), Measure(
            kind=measure_kind,
            column=one.name,
            other=other.name,
            percent=kind in ("percent", "margin", "margin_of_cost"),
            label=label,
        )
    return None


def _by_stems(table: Table, stems: Sequence[str]) -> Column | None:
    """Return the column of figures that has the first of the stems as its name, else as its last word."""
    for wanted in stems:
        for column in table.numbers:
            words = [
                word
                for word in column.words
                if word not in NEUTRAL and word not in ("net", "gross", "actual")
            ]
            if words and lexicon.is_same(words[-1], wanted) and len(words) == 1:
                return column
    return None
