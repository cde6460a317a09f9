"""What a fact is made of: values that know how they are shown, findings without words, facts with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tesela.analytics.facts.periods import Period

Language = Literal["en", "es"]
MarkKind = Literal["high", "low", "shift", "bend", "partial", "peak", "driver", "new", "lead"]


@dataclass(frozen=True, slots=True)
class Unit:
    """How values of a measure are written. scale: 100 where 0.12 means 12 %."""

    prefix: str = ""
    suffix: str = ""
    scale: float = 1.0
    decimals: int | None = None
    is_currency_code: bool = False

    @property
    def is_percent(self) -> bool:
        return self.suffix.strip() == "%"


PLAIN = Unit()
PERCENT = Unit(suffix="%", scale=100.0)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in its unit, unrounded. is_change: its sign is the point, also in percentage points."""

    value: float
    unit: Unit = PLAIN
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction that is told as a percentage. is_change: relative to what was before; its sign is the point."""

    value: float
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    value: int


@dataclass(frozen=True, slots=True)
class Name:
    """What the rows or the tile call something."""

    text: str


@dataclass(frozen=True, slots=True)
class Names:
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class When:
    period: Period


@dataclass(frozen=True, slots=True)
class Whens:
    periods: tuple[Period, ...]


Value = Amount | Share | Count | Name | Names | When | Whens


@dataclass(frozen=True, slots=True)
class Mark:
    """A point that a fact is about. x, series: values as the rows hold them."""

    x: Any
    kind: MarkKind
    series: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something true, without words. kind: a key of the catalogues; importance: 0 to 100."""

    kind: str
    importance: float
    values: Mapping[str, Value] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """One number that a fact rests on. value: unrounded, percentages as such (44.1); shown: as it is written.

    is_change: its sign says whether something rose or fell.
    """

    name: str
    value: float
    shown: str
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true, in words. short: for the highlights; entities: names from rows and tile."""

    kind: str
    sentence: str
    short: str
    numbers: tuple[Number, ...]
    entities: tuple[str, ...]
    importance: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is true of a tile, most important first.

    summary: at most six sentences; highlights: short forms of the first three; notes: what the reader must know
    about the rows themselves.
    """

    summary: str
    highlights: tuple[str, ...]
    facts: tuple[Fact, ...]
    marks: tuple[Mark, ...]
    language: Language
    notes: tuple[str, ...] = ()
