"""What words mean, in English and Spanish at once: operators, synonyms of columns, words that carry nothing.

A word that is in none of these, and is no column, value, number or period either, makes a question refused.
"""

from __future__ import annotations

from pathlib import Path

from tesela.analytics.questions.words import fold, listed, stem

_HERE = Path(__file__).parent


def _lines(name: str) -> list[str]:
    """Return the entries of a file of words; indented lines continue the one before."""
    found: list[str] = []
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            found[-1] += f" {line.strip()}"
        else:
            found.append(line)
    return found


STOP = frozenset(
    listed("""a an the of in on at for to from by with and or as is are was were be been being am it its itself this
    that
    these those there their they them i we us our you your me my do does did have has had having get gets got
    gotten what which who whom whose please can could would should tell say just also so if then than into
    within during across among amongst between over about any some such both per each every where s re ve d m
    here visible dashboard tile table chart shown happen happened see seen look looks come comes came figure figures
    amount terms term go went going run runs ran made make makes making compared compare comparing
    brought bring brings up out off exactly not only data use used using while how
    el la los las lo un una unos unas de del al en para por con y e o u que cual cuales quien quienes cuanto cuantos
    cuanta cuantas es son fue fueron ser era eran hay hubo ha han habia se su sus nuestro nuestra nuestros nuestras
    nos le les me mi mis cada tu tus este esta estos estas ese esa eso esto esos esas tuvo tuvieron tiene tienen tener
    hizo hicieron hace hacer obtuvo obtuvimos obtuvieron hemos tuvimos entre durante desde hasta sobre a ante como
    donde cuando dime di favor puedes comparado comparada comparacion respecto frente segun tras
    datos sido estan esta estaba estaban consiguio consiguieron conseguimos logro hicimos todo toda todos todas
    viene vienen proviene provienen goes ocupa ocupan tenia tenian habia
    all registered recorded registro registraron""")
)
"""Words that carry nothing; those that are operators too are read as such first."""


GOOD_WHEN_LOW = frozenset(
    stem(fold(word))
    for word in listed("""cost spend return attrition churn delay hours hour resolution wait error errors defect defects
    complaint
    complaints cancelled cancellation open backlog price age time duration refund bounce loss losses late
    coste gasto devolucion rotacion retraso horas tiempo errores espera cpc cpa""")
)
RATES = frozenset(
    stem(fold(word))
    for word in listed("""avg average mean median rate ratio pct percent percentage share csat nps score rating
    temperature price
    margin hours_avg media promedio mediana tasa porcentaje precio margen nota puntuacion index indice rank age
    edad density densidad latitude longitude per level""")
)
"""Columns whose values may not be added up."""
LEVELS = frozenset(
    stem(fold(word))
    for word in listed("""stock headcount inventory balance open backlog population active employees saldo existencias
    plantilla
    inventario hand empleados subscribers users poblacion staff members capacity level""")
)
"""Columns that may be added up at one moment, but not over time."""
SIZES = tuple(
    stem(fold(word))
    for word in listed(
        "headcount employees staff customers users members population area revenue sales units size amount"
    )
)
TIMES = tuple(
    stem(fold(word)) for word in listed("hours hour time duration minutes days seconds resolution horas")
)
PRICES = tuple(stem(fold(word)) for word in listed("price cost spend precio coste gasto amount"))


PHRASES: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): word
    for phrase, word in {
        "ad spend": "spend",
        "advertising spend": "spend",
        "ad spending": "spend",
        "marketing spend": "spend",
        "customer satisfaction": "satisfaction",
        "satisfaction score": "satisfaction",
        "customer satisfaction score": "satisfaction",
        "satisfaccion del cliente": "satisfaction",
        "satisfaccion de los clientes": "satisfaction",
        "gasto publicitario": "spend",
        "so far": "",
        "best selling": "best",
        "more expensive": "higher cost",
        "cheaper": "lower cost",
        "mas caro que": "mayor coste que",
        "mas cara que": "mayor coste que",
        "on hand": "stock",
        "in stock": "stock",
        "converts best": "best conversion rate",
        "convert best": "best conversion rate",
        "converts worst": "worst conversion rate",
        "convierte mejor": "mejor tasa de conversion",
        "convierte peor": "peor tasa de conversion",
        "mas vendido": "mas",
        "mas vendidos": "mas",
        "mas vendida": "mas",
        "mas vendidas": "mas",
        "take to resolve": "resolution",
        "take to resolve tickets": "resolution",
        "resolve tickets": "resolution",
        "resolves tickets": "resolution",
        "resolving tickets": "resolution",
        "per head": "per headcount",
        "vacantes": "open positions",
        "vacancies": "open positions",
        "puestos vacantes": "open positions",
        "plazas vacantes": "open positions",
        "puestos abiertos": "open positions",
        "unfilled positions": "open positions",
        "resolution time": "resolution",
        "time to resolution": "resolution",
        "tiempo de resolucion": "resolution",
    }.items()
}
"""Phrases that stand for other words."""


def _operators() -> dict[tuple[str, ...], list[tuple[str, str]]]:
    found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for line in _lines("operators.txt"):
        head, _, phrases = line.partition(": ")
        name, arg = head.split()
        for phrase in phrases.split(" | "):
            words = tuple(fold(phrase).replace("-", " ").replace("/", " ").split())
            found.setdefault(words, []).append((name, arg))
    return found


OPERATORS = _operators()
LONGEST = max(len(words) for words in OPERATORS)
VERB_OF: dict[str, tuple[str, ...]] = {}
"""Verbs, and the stems of columns that they may mean, the likeliest first. Those of nothing carry nothing."""
for _line in _lines("verbs.txt"):
    _stems, _, _verbs = _line.partition(": ")
    for _verb in _verbs.split():
        VERB_OF[_verb] = () if _stems == "-" else listed(_stems)


def _groups() -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, line in enumerate(_lines("synonyms.txt")):
        for word in line.split():
            stemmed = stem(word)
            if number not in found.get(stemmed, ()):
                found[stemmed] = (*found.get(stemmed, ()), number)
    return found


_GROUP = _groups()


def is_same(one: str, other: str) -> bool:
    """Return whether two stems mean the same column."""
    if one == other:
        return True
    groups = _GROUP.get(one)
    return groups is not None and not set(groups).isdisjoint(_GROUP.get(other, ()))


def is_figure(stemmed: str) -> bool:
    """Return whether a stem is a word for a figure that people sell, earn, spend or count."""
    return any(stemmed in stems for stems in VERB_OF.values())


def is_known(stemmed: str) -> bool:
    """Return whether a stem is a word for some kind of column, in this table or in none."""
    return stemmed in _GROUP


def _derived() -> list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]]:
    found = []
    for line in _lines("derived.txt"):
        names, _, formula = line.partition(": ")
        sides, _, kind = formula.partition(" ; ")
        left, right = sides.split(" / ") if " / " in sides else sides.split(" - ")
        for name in names.split("|"):
            found.append((tuple(fold(name).split()), tuple(left.split()), tuple(right.split()), kind))
    return sorted(found, key=lambda one: -len(one[0]))


DERIVATIONS = _derived()
"""Figures that follow from two columns: words, stems of the first column, of the second, and how."""
