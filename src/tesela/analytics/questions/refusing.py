"""What is said when a question has no answer in the visible rows: what is missing, and what helps."""

from __future__ import annotations

from collections.abc import Sequence

from tesela.analytics.questions.figures import joined
from tesela.analytics.questions.plan import Unanswerable
from tesela.analytics.questions.tables import Table

_SENTENCES = {
    "en": {
        "unknown": "The visible rows say nothing about {words}.",
        "value": "The visible rows have no {words}.",
        "period": "The visible rows do not cover {words}.",
        "cause": "The rows show what happened, not why. Use Explain on a tile to see what moved its figures.",
        "future": "The rows end with what is known; for what comes next, use Forecast on a chart over time.",
        "today": "The rows do not know what day it is; name a date, a month, or say “last month”.",
        "measure": "Say which figure you mean: {words}.",
        "undefined": "This rate is undefined: its base is zero or missing{words_for}.",
        "ambiguous": "That could be several things: {words}. Name the one you mean.",
        "truncated": "The tile shows only its first rows: this would be wrong for all of them. Narrow it by a filter.",
        "unclear": "I could not read this question with certainty. Ask for one figure, with its filter and its period.",
        "no_rows": "No visible row fits that.",
        "rate": "{words} cannot be added up: ask for its average, or for one row of it.",
        "level": "{words} is a level: it cannot be added up over time. Ask for one moment.",
        "missing": "The value that this needs is missing in the visible rows{words_for}.",
        "refresh": "The rows of this dashboard are not at hand: refresh the dashboard first.",
        "empty": "The dashboard shows no rows to ask about.",
        "suggest": " Did you mean {names}?",
        "has": " They hold {names}.",
        "ends": " They run from {first} to {last}.",
    },
    "es": {
        "unknown": "Las filas visibles no dicen nada de {words}.",
        "value": "Las filas visibles no tienen {words}.",
        "period": "Las filas visibles no cubren {words}.",
        "cause": "Las filas muestran qué pasó, no por qué. Use Explicar en un panel para ver qué movió sus cifras.",
        "future": "Las filas acaban en lo que se sabe; para lo que viene, use Previsión en un gráfico temporal.",
        "today": "Las filas no saben qué día es hoy; nombre una fecha, un mes, o diga «último mes».",
        "measure": "Diga a qué cifra se refiere: {words}.",
        "undefined": "Esta tasa no está definida: su base es cero o falta{words_for}.",
        "ambiguous": "Puede ser varias cosas: {words}. Nombre la que quiere.",
        "truncated": "El panel solo muestra sus primeras filas: no valdría para todas. Acote con un filtro.",
        "unclear": "No he podido leer esta pregunta con certeza. Pregunte por una cifra, con su filtro y su periodo.",
        "no_rows": "Ninguna fila visible encaja.",
        "rate": "{words} no se puede sumar: pregunte por su media o por una fila.",
        "level": "{words} es un nivel: no se puede sumar en el tiempo. Pregunte por un momento.",
        "missing": "El valor que hace falta no está en las filas visibles{words_for}.",
        "refresh": "Las filas de este panel no están a mano: actualice primero el panel.",
        "empty": "El panel no muestra filas sobre las que preguntar.",
        "suggest": " ¿Quería decir {names}?",
        "has": " Tienen {names}.",
        "ends": " Van de {first} a {last}.",
    },
}


def refusal(why: Unanswerable, table: Table | None, language: str) -> str:
    """Return the sentence that says what is missing."""
    words = _SENTENCES[language]
    named = joined(
        [f"“{word}”" if language == "en" else f"«{word}»" for word in why.words], language, limit=6
    )
    plain = joined([word.replace("_", " ") for word in why.words], language, limit=8)
    is_quoted = why.kind in ("unknown", "value", "period")
    between = " de " if language == "es" else " for "
    text = words[why.kind].format(
        words=named if is_quoted else plain, words_for=f"{between}{plain}" if plain else ""
    )
    text = text[:1].upper() + text[1:]
    if why.suggestions:
        text += words["suggest"].format(names=joined(list(why.suggestions), language))
    elif table is not None and why.kind == "unknown":
        text += words["has"].format(
            names=joined([one.name.replace("_", " ") for one in table.columns], language, limit=8)
        )
    elif table is not None and why.kind == "period" and table.time is not None:
        days = [
            (value, raw)
            for value, raw in zip(table.time.values, table.time.raw, strict=True)
            if value is not None
        ]
        if days:
            text += words["ends"].format(first=min(days)[1], last=max(days)[1])
    return text


def sentence(kind: str, language: str) -> str:
    """Return one of the fixed sentences: refresh, empty."""
    return _SENTENCES[language][kind]


def weight(why: Unanswerable) -> tuple[int, int]:
    """Return how little a refusal says: the smallest is the clearest."""
    order: Sequence[str] = (
        "cause", "future", "today", "undefined", "missing", "rate", "level", "truncated", "no_rows", "value", "period",
        "ambiguous", "measure", "unclear", "unknown",
    )  # fmt: skip
    return order.index(why.kind), len(why.words)
