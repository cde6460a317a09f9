"""The words of a conversation: those that continue it, those that ask for a chart, and those that we say."""

from __future__ import annotations

import re

FOLLOWING = re.compile(
    r"(?i)\s*(?:and|now|then|only|just|top|bottom|by|per|with|without|for|instead|what about|how about|"
    r"y|ahora|solo|sólo|solamente|por|con|sin|para|en cambio)\b"
)
JOINING = re.compile(r"(?i)^\s*(?:and|now|then|y|ahora|what about|how about)\s+")
AS_CHART = re.compile(
    r"(?i)^\s*(?:and |now |y |ahora )?"
    r"(?:(?:show|draw|make|muestra(?:lo)?|pon(?:lo)?|haz(?:lo)?)\s+(?:it |this |that )?)?"
    r"(?:as|como|en)\s+(?:an? |un |una |el |la |las )?(?P<kind>[\w ]+?)"
    r"(?:\s+(?:chart|graph|plot|gr[aá]fic[oa]))?\s*[.!]?\s*$"
)
CHART_WORDS = {
    "bar": "bar bars column columns barra barras columna columnas",
    "line": "line lines linea línea lineas líneas",
    "area": "area área",
    "pie": "pie donut doughnut tarta pastel torta",
    "scatter": "scatter points puntos dispersión dispersion",
    "heatmap": "heatmap heat_map mapa_de_calor",
    "funnel": "funnel embudo",
    "treemap": "treemap",
    "radar": "radar",
    "table": "table tabla",
    "kpi": "kpi number figure cifra número",
}
KINDS = {word.replace("_", " "): kind for kind, words in CHART_WORDS.items() for word in words.split()}

SAID: dict[str, dict[str, str]] = {
    "en": {
        "refused": "This cannot be answered with certainty: {reason}.",
        "viewer": "Only what the dashboard shows can be asked here: writing SQL needs the right to edit.",
        "no_source": "Choose a datasource first: there is none that you may use here, or more than one.",
        "failed": "The query did not run: {reason}",
        "empty": "The query brought no rows.",
        "rows": "{count} rows.",
        "first": "The first {count} rows; there are more.",
        "not_drawn": "These rows cannot be drawn like that: they do not have what such a chart shows.",
        "redrawn": "The same rows, drawn differently.",
    },
    "es": {
        "refused": "No se puede responder con certeza: {reason}.",
        "viewer": "Aquí solo se puede preguntar por lo que muestra el panel: escribir SQL exige el derecho a editar.",
        "no_source": "Elija primero una fuente de datos: aquí no hay ninguna que pueda usar, o hay más de una.",
        "failed": "La consulta no se ejecutó: {reason}",
        "empty": "La consulta no trajo filas.",
        "rows": "{count} filas.",
        "first": "Las primeras {count} filas; hay más.",
        "not_drawn": "Estas filas no se pueden dibujar así: no tienen lo que muestra ese gráfico.",
        "redrawn": "Las mismas filas, dibujadas de otra manera.",
    },
}


def chart_asked(text: str) -> str | None:
    """Return the kind of tile that a message asks the answer before to be drawn as, or None.

    >>> chart_asked("and as a pie chart"), chart_asked("como barras"), chart_asked("as soon as possible")
    ('pie', 'bar', None)
    """
    found = AS_CHART.match(text)
    return KINDS.get(found["kind"].lower().strip()) if found else None
