"""Questions that may come next: proposed from the columns of the answer's tile, and tried before they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from tesela.analytics.questions.reducing import Outcome
from tesela.analytics.questions.wording import measure_name, plain


def proposals(outcome: Outcome, language: str) -> Iterator[str]:
    """Yield questions about the same figure: who has most, how it grew, whose share, which came second."""
    plan, table = outcome.plan, outcome.table
    es = language == "es"
    name = measure_name(plan.measure, table)
    if plan.measure.kind == "rows":
        plainest = [one for one in table.numbers if not one.is_rate] or list(table.numbers)
        if not plainest:
            return
        name = plain(plainest[0].name)
    names = [one for one in table.texts if len(one.by_key) > 1]
    group = next((one for one in names if one.name == plan.group_by), names[0] if names else None)
    subject = next((str(g.key) for g in outcome.groups if group and g.key in set(group.values)), None)
    subject = subject or next((v for one in plan.filters if one.op == "in" for v in one.values), None)
    time = table.time
    if subject and plan.form != "share":
        yield (
            f"¿Qué porcentaje de {name} es de {subject}?"
            if es
            else f"What share of {name} comes from {subject}?"
        )
    if time and subject and plan.form != "growth":
        yield f"¿Cuánto creció {name} de {subject}?" if es else f"How much did {name} grow for {subject}?"
    if group:
        noun = plain(group.name)
        if plan.form == "entity":
            yield (
                f"¿Qué {noun} tiene el segundo mayor {name}?"
                if es
                else f"Which {noun} has the second highest {name}?"
            )
            yield f"¿Qué {noun} tiene el menor {name}?" if es else f"Which {noun} has the lowest {name}?"
        yield f"¿Qué {noun} tiene el mayor {name}?" if es else f"Which {noun} has the highest {name}?"
        if time:
            yield f"¿Qué {noun} creció más en {name}?" if es else f"Which {noun} grew fastest in {name}?"
    if time:
        unit = {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "year": "year"}[
            time.grain
        ]
        spanish = {"day": "día", "week": "semana", "month": "mes", "quarter": "trimestre", "year": "año"}[
            time.grain
        ]
        yield f"¿En qué {spanish} fue mayor {name}?" if es else f"In which {unit} was {name} highest?"
        yield (
            f"¿Cuál es la media de {name} por {spanish}?" if es else f"What is the average {name} per {unit}?"
        )
    yield f"¿Cuál es el total de {name}?" if es else f"What is the total {name}?"
    yield f"¿Cuál es la media de {name}?" if es else f"What is the average {name}?"
    yield f"¿Cuál es la mediana de {name}?" if es else f"What is the median {name}?"
