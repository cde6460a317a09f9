"""Questions about rows that are already there, answered by computing: see docs/questions.md."""

from __future__ import annotations

from tesela.analytics.questions.answering import (
    Answer,
    Reference,
    answer,
    answer_plan,
    nothing_to_ask,
    starters,
)
from tesela.analytics.questions.plan import Plan, Unanswerable
from tesela.analytics.questions.tables import Tile

__all__ = [
    "Answer",
    "Plan",
    "Reference",
    "Tile",
    "Unanswerable",
    "answer",
    "answer_plan",
    "nothing_to_ask",
    "starters",
]
