"""The check of a rewording: nothing in a text may go beyond the facts it was made from.

A text is refused rather than believed: an unusual but true wording costs a template, a false one costs trust.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import cache

from tesela.analytics.facts.english import ENGLISH
from tesela.analytics.facts.spanish import SPANISH
from tesela.analytics.facts.things import Fact, Language, Number

MOST_CHARACTERS = 1500

_CAUSE = re.compile(
    r"\b(because|due to|caused?|causes|causing|thanks to|owing to|as a result|resulted?|results in|led to|leads to|"
    r"drove|driven|driver|drivers|triggered|explains?|explained by|attribut\w+|reason\w*|why|therefore|hence|thus|"
    r"consequen\w+|campaigns?|promotions?|holidays?|black friday|weather|marketing|strateg\w+|effort\w*|"
    r"debido|a causa|causad\w+|causas?|gracias a|por culpa|motiv\w+|razón|razones|porque|provoc\w+|impuls\w+|"
    r"resultado de|por tanto|por lo tanto|consecuencia\w*|campañas?|promoci\w+|vacaciones|festivos?|clima)\b",
    re.I,
)
_FOREIGN = re.compile(
    r"https?:|www\.|[<>{}`\[\]|\\]|\b(ignore|disregard|instructions?|prompt|system|password|click|assistant|"
    r"as an ai|ignora|instrucciones|contraseña|pulse|haga clic|recommend\w*|should|must|recomend\w+|debería\w*|"
    r"will|forecast\w*|predict\w*|expect to|pronóstic\w+|previs\w+)\b",
    re.I,
)
_NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|"
    r"billions?|dozens?|half|halved|doubl\w+|twice|tripl\w+|quadrupl\w+|thirds?|quarters? of|-?fold|"
    r"dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veint\w+|treinta|cuarenta|"
    r"cincuenta|sesenta|setenta|ochenta|noventa|cien|cientos?|mil|miles|millón|millones|docenas?|mitad|dobl\w+|"
    r"duplic\w+|triplic\w+|tercios?|cuartas? parte)\b",
    re.I,
)
_SMALL = {
    word: value
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for value, word in enumerate(words.split())
}
_NUMERAL = re.compile(
    r"(?P<sign>[-−+]\s?)?(?P<digits>\d[\d.,\u00a0\u202f]*\d|\d)"
    r"(?P<tail>\s?(?:%|k\b|m\b|bn?\b|mill|per ?cent\b|por ciento))?",
    re.I,
)
_UP = re.compile(
    r"\b(rose|risen|rise|rising|up|grew|grow\w*|growth|gain\w*|increas\w*|climb\w*|higher|above|subi\w*|sub[eó]n?|aument\w*|crec\w*|alza|más)\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(fell|fall\w*|down|drop\w*|declin\w*|decreas\w*|lower|lost|loss|shrank|shrunk|dip\w*|below|baj\w*|"
    r"ca[eyí]\w*|descen\w*|disminu\w*|reduc\w*|menos|pérdida|baja)\b",
    re.I,
)
_BY = re.compile(r"\b(?:by|en)\s+(?:about|around|nearly|almost|unos|casi)?\s*$", re.I)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STARTERS = frozenset(
    re.findall(
        r"\w+",
        "a about across after against all also although an and another any apart around as at before "
        "behind beside between both but by compared comparing despite during each every except first for "
        "from given here high highest however in instead it its last later latest least looking low "
        "lowest meanwhile more most nearly next no none not note now of on once one only other otherwise "
        "out over overall per rather roughly second seen several similarly since so some still such that "
        "the their then there these they this those though through throughout to together total under "
        "until values was were what when where whereas which while with within without year yet month "
        "week day biggest largest smallest almost average clearly combined growth sharp sharpest single "
        "steady strong weak al aunque aún además antes así aparte cada casi como con conjunto cuando de "
        "del desde después donde durante e el ella ello en entre es esa ese eso esta este esto estos "
        "fuera hasta hay la las le lo los mientras más menos muy ni no nada o otra otro para pero por "
        "primero que quedan respecto salvo se según sin sobre solo son su sus tanto también toda todas "
        "todo todos total tras un una uno último última y ya año mes semana día mayor menor ",
    )
)


def verify(
    text: str, facts: Sequence[Fact], *, title: str = "", names: Iterable[str] = (), language: Language = "en"
) -> list[str]:
    """Return what is wrong with a text about these facts, one sentence a problem; an empty list lets it pass.

    Every number must be one of the facts' (as they show it, or coarser by rounding), with their sign; every name one
    of the facts', of the tile or of `names`; no cause, no advice, no forecast, no link, no order to anybody.
    title, names: what else the tile calls things: its title and columns.
    """
    problems = []
    if not text.strip() or len(text) > MOST_CHARACTERS:
        problems.append(f"the text must have 1 to {MOST_CHARACTERS} characters")
    known = sorted({one for fact in facts for one in fact.entities} | {title, *names}, key=len, reverse=True)
    bare = _without(text, [one for one in known if one.strip()])
    problems += [f"a word of cause: {one}" for one in _found(_CAUSE, bare)]
    problems += [f"not a description: {one}" for one in _found(_FOREIGN, bare)]
    numbers = [number for fact in facts for number in fact.numbers]
    problems += _wrong_numbers(bare, numbers, language)
    problems += _wrong_words(bare, numbers)
    problems += _wrong_directions(bare, numbers, language)
    problems += _unknown_names(bare, {word for fact in facts for word in _WORD.findall(fact.sentence)})
    return list(dict.fromkeys(problems))


def _without(text: str, known: Sequence[str]) -> str:
    """Return the text with every known name replaced by a mark, the longest first, whole words only."""
    for one in known:
        text = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "\x00", text, flags=re.I)
    return text


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)]


def _value(digits: str, language: Language) -> float | None:
    """Return a numeral as it is read in the language; None for one that is written wrongly."""
    words = SPANISH if language == "es" else ENGLISH
    plain = digits.replace("\u00a0", "").replace("\u202f", "")
    whole, _, rest = plain.partition(words.decimal)
    if words.group in rest or (
        words.group in whole and not re.fullmatch(rf"\d{{1,3}}(?:{re.escape(words.group)}\d{{3}})+", whole)
    ):
        return None
    try:
        return float(whole.replace(words.group, "") + ("." + rest if rest else ""))
    except ValueError:
        return None


def _wrong_numbers(text: str, numbers: Sequence[Number], language: Language) -> list[str]:
    problems = []
    for match in _NUMERAL.finditer(text):
        value = _value(match["digits"], language)
        tail = (match["tail"] or "").strip().casefold()
        is_percent = tail.startswith(("%", "per", "por"))
        if value is None or (tail and not is_percent):
            problems.append(f"a number that no fact holds: {match[0].strip()}")
            continue
        fitting = [one for one in numbers if _fits(value, match["digits"], is_percent, one, language)]
        sign = (match["sign"] or "").strip()
        before = text[max(0, match.start() - 1) : match.start()]
        if not fitting:
            problems.append(f"a number that no fact holds: {match[0].strip()}")
        elif sign and not before[-1:].isalnum() and not any(_agrees(sign, one) for one in fitting):
            problems.append(f"a number with the wrong sign: {match[0].strip()}")
    return problems


def _fits(value: float, digits: str, is_percent: bool, number: Number, language: Language) -> bool:
    """Say whether a numeral is the number as it is shown, or the same number with fewer places."""
    if is_percent and "%" not in number.shown:
        return False
    decimal = "," if language == "es" else "."
    places = len(digits.rpartition(decimal)[2]) if decimal in digits else 0
    shown = _NUMERAL.search(number.shown)
    exact = _value(shown["digits"], language) if shown else None
    if exact is not None and value == exact:
        return True
    size = abs(number.value)
    return size >= 1 and abs(round(size, places) - value) < 1e-9


def _agrees(sign: str, number: Number) -> bool:
    return number.value == 0 or (number.value > 0) == (sign == "+")


def _wrong_words(text: str, numbers: Sequence[Number]) -> list[str]:
    """Return the number words that no count of the facts carries: "three" needs a 3, "doubled" never passes."""
    there = {one.value for one in numbers}
    return [
        f"a number in words that no fact holds: {word}"
        for word in _found(_NUMBER_WORDS, text)
        if _SMALL.get(word.casefold()) not in there
    ]


def _wrong_directions(text: str, numbers: Sequence[Number], language: Language) -> list[str]:
    """Return the clauses that call a rise a fall: a change stands in them, and only words of the other direction."""
    problems = []
    changes = [one for one in numbers if one.is_change and one.value]
    for clause in re.split(
        r"(?<=[^\d])[.,;:](?=\s|$)|[;:]|\.(?=\s|$)|,(?=\s)|\b(?:but|while|yet|whereas|pero|mientras|y|and)\b",
        text,
    ):
        ups, downs = bool(_UP.search(clause)), bool(_DOWN.search(clause))
        if ups == downs:
            continue
        for match in _NUMERAL.finditer(clause):
            value = _value(match["digits"], language)
            is_percent = (match["tail"] or "").strip().startswith("%")
            if value is None:
                continue
            fitting = [one for one in numbers if _fits(value, match["digits"], is_percent, one, language)]
            if _BY.search(
                clause[: match.start()]
            ):  # a level of the same size is not what the clause speaks of
                fitting = [one for one in fitting if one in changes] or fitting
            if fitting and all(one in changes and (one.value > 0) != ups for one in fitting):
                problems.append(f"the wrong direction: {match[0].strip()}")
    return problems


def _unknown_names(text: str, said: Set[str]) -> list[str]:
    """Return capitalised words that are none of the tile's; at the start of a sentence common words may be.

    said: the words of the facts' own sentences: a weekday, a month, a paradox.
    """
    problems = []
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isupper() or word in said:
            continue
        start = text[: match.start()].rstrip(" \"'«“(¿¡\u00a0")
        is_first = not start or start[-1] in ".!?:\n"
        if is_first and word.casefold() in _vocabulary():
            continue
        problems.append(f"a name that no fact holds: {word}")
    return problems


@cache
def _vocabulary() -> frozenset[str]:
    """Return the words that may begin a sentence: those of the catalogues and the small words of both languages."""
    found = set(_STARTERS)
    for words in (ENGLISH, SPANISH):
        for sentence, short in words.templates.values():
            plain = re.sub(r"{[^}]*}", " ", f"{sentence} {short}")
            found.update(one.casefold() for one in _WORD.findall(plain))
    return frozenset(found)
