"""Words of a question and of a table, in one spelling: no case, no accents, no plural."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(
    r"""(?P<iso>\d{4}-\d{1,2}(?:-\d{1,2})?(?!\d)|\d{4}[-\s]?[Qq][1-4]\b)
      | (?P<ordinal>\d+(?:st|nd|rd|th|[ºª]|\.[ºª])(?!\w))
      | (?P<number>[-−]?(?<![\w])\d+(?:[.,\u00a0\u202f]\d+)*
            (?:\s?(?:%|(?:k|mn|m|bn|millions?|millones|mill[oó]n|thousand|mil|billion)\b))?(?![^\W_]))
      | (?P<word>[^\W_]+(?:['’][^\W\d_]+)*)
      | (?P<sign><=|>=|≤|≥|[<>=%])
    """,
    re.VERBOSE,
)
_SCALES = {
    "%": Decimal(1),
    "k": Decimal(1_000),
    "thousand": Decimal(1_000),
    "mil": Decimal(1_000),
    "m": Decimal(1_000_000),
    "mn": Decimal(1_000_000),
    "mill": Decimal(1_000_000),
    "bn": Decimal(1_000_000_000),
    "billion": Decimal(1_000_000_000),
}
_ALNUM = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=\d{4})")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, date or sign of a question.

    raw: as typed. word: folded. stem: without plural. number: its value, None for others.
    """

    raw: str
    word: str
    stem: str
    kind: str
    number: Decimal | None = None

    @property
    def is_capital(self) -> bool:
        return self.raw[:1].isupper()


_SINGULAR = frozenset(("status", "bonus", "campus", "virus", "plus", "versus", "census", "focus"))


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text, for lists of words in the code."""
    return tuple(text.split())


MONTHS_EN = listed("January February March April May June July August September October November December")
MONTHS_ES = listed("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")


def fold(text: str) -> str:
    """Return text without case and accents.

    >>> fold("Región")
    'region'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def stem(word: str) -> str:
    """Return a folded word without an English or Spanish plural; the same for both numbers of a word.

    >>> stem("countries") == stem("country"), stem("meses") == stem("mes"), stem("sales") == stem("sale")
    (True, True, True)
    """
    if len(word) <= 3:
        return word
    if word.endswith("s") and not word.endswith(("ss", "is")) and word not in _SINGULAR:
        word = word[:-1]
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") else word


_GENDERED = re.compile(r"(ad|id|iert|ert|uelt|uest|ot)[oa]$")


def loose(word: str) -> str:
    """Return a folded word without its plural, and a Spanish participle without its gender.

    >>> loose("canceladas") == loose("cancelado"), loose("drills") == loose("drill")
    (True, True)
    """
    found = stem(word)
    return _GENDERED.sub(r"\1", found) if len(found) > 5 else found


def key(text: str) -> str:
    """Return a value's spelling for comparison: letters and digits only, folded, single spaces.

    >>> key("SKU-101 (North)")
    'sku 101 north'
    """
    return " ".join(_ALNUM.findall(fold(text)))


def name_words(name: str) -> tuple[str, ...]:
    """Return the stems of a column's name.

    >>> name_words("newCustomers_2024")
    ('new', 'customer', '2024')
    """
    parts = _ALNUM.findall(_CAMEL.sub(" ", name).replace("_", " "))
    return tuple(stem(fold(part)) for part in parts)


def tokens_of(question: str, *, language: str) -> list[Token]:
    """Return the tokens of a question. language decides whether 1.500 is a thousand and a half or one and a half."""
    found: list[Token] = []
    for match in _TOKEN.finditer(question):
        raw, kind = match.group(), str(match.lastgroup)
        if kind == "word":
            found += _words(raw)
        elif kind == "number":
            found.append(Token(raw, fold(raw), fold(raw), kind, number_of(raw, language=language)))
        else:
            found.append(Token(raw, fold(raw), fold(raw), kind))
    return found


def merged(
    tokens: Sequence[Token], phrases: Mapping[tuple[str, ...], str], but: Collection[str] = ()
) -> list[Token]:
    """Return the tokens with each phrase made the words that it stands for, the longest first.

    but: stems of single words that stay as they are, since a column is called so.
    """
    found: list[Token] = []
    at = 0
    longest = max(len(phrase) for phrase in phrases)
    while at < len(tokens):
        for length in range(min(longest, len(tokens) - at), 0, -1):
            word = phrases.get(tuple(token.word for token in tokens[at : at + length]))
            if word is not None and not (length == 1 and tokens[at].stem in but):
                found += [Token(one, one, stem(one), "word") for one in word.split()]
                at += length
                break
        else:
            found.append(tokens[at])
            at += 1
    return found


def number_of(raw: str, *, language: str) -> Decimal:
    """Return what a typed number means, with its scale.

    >>> number_of("1,250.5k", language="en"), number_of("1.500", language="es")
    (Decimal('1250500.0'), Decimal('1500'))
    """
    match = re.match(r"([-−]?)([\d.,\u00a0\u202f]+)\s?(.*)", raw)
    if match is None:
        return Decimal(0)
    sign, digits, suffix = match.groups()
    digits = digits.replace("\u00a0", "").replace("\u202f", "")
    dots, commas = digits.count("."), digits.count(",")
    if dots and commas:
        decimal = max(digits.rfind("."), digits.rfind(","))
        digits = re.sub("[.,]", "", digits[:decimal]) + "." + digits[decimal + 1 :]
    elif (
        dots > 1
        or commas > 1
        or re.fullmatch(r"\d{1,3}" + ("," if language == "en" else r"\.") + r"\d{3}", digits)
    ):
        digits = re.sub("[.,]", "", digits)
    else:
        digits = digits.replace(",", ".")
    folded = fold(suffix)
    scale = _SCALES.get(folded) or (Decimal(1_000_000) if folded.startswith("mill") else Decimal(1))
    return (Decimal(digits) * scale) * (-1 if sign else 1)


def _words(raw: str) -> list[Token]:
    text = raw.replace("’", "'")
    folded = fold(text)
    if folded.endswith("n't"):
        return [Token(text[:-3], folded[:-3], folded[:-3], "word"), Token("not", "not", "not", "word")]
    head, _, tail = folded.partition("'")
    if tail and tail not in ("s", "re", "ve", "ll", "d", "m"):
        return [Token(part, fold(part), stem(fold(part)), "word") for part in text.split("'")]
    rest = [Token("will", "will", "will", "word")] if tail == "ll" else []
    return [Token(text.partition("'")[0], head, stem(head), "word"), *rest]


def is_near(one: str, other: str) -> bool:
    """Return whether two words differ by one letter typed wrong, left out, added or swapped with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < 4:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if (
        one[start + 1 :] == other[start + 1 :]
        or one[start:] == other[start + 1 :]
        or one[start + 1 :] == other[start:]
    ):
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
