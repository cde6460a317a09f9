"""How values are written in a language, and how a finding becomes a sentence by its template.

A template holds its values by name: `{change:+}` with its sign, `{change:abs}` without, `{when:in}` with the right
preposition, `{when:art}`, `{when:a}`, `{when:de}` with a Spanish article, `{when:unit}` the word for its grain,
`{peak:phase}` its place in the season, `{name:cap}` capitalised.
"""

from __future__ import annotations

import datetime as dt
import math
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tesela.analytics.facts.periods import Period
from tesela.analytics.facts.things import (
    Amount,
    Count,
    Fact,
    Finding,
    Language,
    Name,
    Names,
    Number,
    Share,
    Value,
    When,
    Whens,
)

Template = tuple[str, str]
"""The sentence, and its short form for the highlights."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language. templates: by kind of finding; units: by grain, one and the same word for singular.

    date: writes a period; at: a period with its preposition; phase: a place in a season.
    """

    language: Language
    decimal: str
    group: str
    least_grouped: int
    percent_gap: str
    currency_last: bool
    points: tuple[str, str]
    conjunction: str
    units: Mapping[str, str]
    date: Callable[[Period], str]
    at: Callable[[Period], str]
    phase: Callable[[Period], str]
    templates: Mapping[str, Template]

    def fact(self, finding: Finding) -> Fact:
        """Return the finding in words. Its numbers are all it rests on, also those that the sentence leaves out."""
        sentence, short = self.templates[finding.kind]
        writer = _Writer(self)
        numbers = tuple(
            Number(
                name,
                _plain_number(value),
                self.shown(value, "+" if _is_change(value) else ""),
                _is_change(value),
            )
            for name, value in finding.values.items()
            if isinstance(value, Amount | Share | Count)
        )
        entities = tuple(
            dict.fromkeys(text for value in finding.values.values() for text in self._named(value) if text)
        )
        return Fact(
            finding.kind,
            capitalised(writer.vformat(sentence, (), finding.values)),
            capitalised(writer.vformat(short, (), finding.values)),
            numbers,
            entities,
            finding.importance,
            finding.marks,
        )

    def shown(self, value: Value, spec: str = "") -> str:
        """Return a value as it is written. Raises ValueError for a spec that its type does not know."""
        match value:
            case Amount():
                return self._amount(value, spec)
            case Share():
                return self._signed(
                    value.value,
                    spec,
                    self.digits(abs(value.value) * 100, _share_places(value.value)) + self.percent_gap + "%",
                )
            case Count():
                return self.digits(value.value, 0)
            case Name():
                return capitalised(value.text) if spec == "cap" else value.text
            case Names():
                return self.listed(value.texts)
            case When():
                return self._when(value.period, spec)
            case Whens():
                return self.listed([self._when(one, spec) for one in value.periods])

    def listed(self, texts: Sequence[str]) -> str:
        """Return "a, b and c"."""
        if len(texts) < 2:
            return "".join(texts)
        last = texts[-1]
        word = self.conjunction
        if self.language == "es" and last.casefold().startswith(("i", "hi")):
            word = "e"
        return f"{', '.join(texts[:-1])} {word} {last}"

    def digits(self, size: float, places: int) -> str:
        """Return a number without sign, with separators and at most so many places; no zeros at its end."""
        text = f"{size:.{places}f}"
        whole, _, rest = text.partition(".")
        rest = rest.rstrip("0")
        if len(whole) >= self.least_grouped:
            whole = f"{int(whole):,}".replace(",", self.group)
        return whole + (self.decimal + rest if rest else "")

    def _amount(self, amount: Amount, spec: str) -> str:
        unit = amount.unit
        size = abs(amount.value) * unit.scale
        places = unit.decimals if unit.decimals is not None else _places(size)
        digits = self.digits(size, places)
        if digits == "0" and size:
            digits = self.digits(size, _places(size))
        if unit.is_percent:
            if amount.is_change:
                word = self.points[0] if digits == "1" else self.points[1]
                text = f"{digits} {word}"
            else:
                text = f"{unit.prefix}{digits}{self.percent_gap}%"
        elif unit.is_currency_code and self.currency_last:
            text = f"{digits} {unit.prefix}{unit.suffix}"
        else:
            text = f"{unit.prefix}{digits}{unit.suffix}"
        return self._signed(amount.value, spec, text)

    def _signed(self, value: float, spec: str, text: str) -> str:
        if spec == "abs":
            return text
        sign = "−" if value < 0 else "+" if spec == "+" and value > 0 else ""
        return sign + text

    def _when(self, period: Period, spec: str) -> str:
        match spec:
            case "in":
                return self.at(period)
            case "unit":
                return self.units[period.grain]
            case "phase":
                return self.phase(period)
            case "art":
                return self.at(period).removeprefix("en ")
            case "a":
                return f"a {self._when(period, 'art')}".replace("a el ", "al ", 1)
            case "de":
                return f"de {self._when(period, 'art')}".replace("de el ", "del ", 1)
            case _:
                return self.date(period)

    def _named(self, value: Value) -> Sequence[str]:
        match value:
            case Name():
                return [value.text]
            case Names():
                return value.texts
            case When():
                return [self.date(value.period)]
            case Whens():
                return [self.date(one) for one in value.periods]
            case _:
                return []


class _Writer(string.Formatter):
    """Fills a template with values in one language. A text of the rows is only ever a value, never a template."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        return self.words.shown(value, format_spec)


def capitalised(text: str) -> str:
    """Return the text with its first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def clock(moment: dt.datetime) -> str:
    """Return hours and minutes."""
    return f"{moment:%H:%M}"


def _is_change(value: Value) -> bool:
    return isinstance(value, Amount | Share) and value.is_change


def _plain_number(value: Amount | Share | Count) -> float:
    match value:
        case Amount():
            return value.value * value.unit.scale
        case Share():
            return value.value * 100
        case Count():
            return float(value.value)


def _places(size: float) -> int:
    """Return how many places tell a number apart: none from a thousand on, three figures below one."""
    if size >= 1000:
        return 0
    if size >= 100:
        return 1
    if size >= 1 or size == 0:
        return 2
    return min(12, 2 - math.floor(math.log10(size)))


def _share_places(share: float) -> int:
    size = abs(share) * 100
    return 0 if size >= 1000 else 1 if size >= 0.1 or size == 0 else min(6, 1 - math.floor(math.log10(size)))
