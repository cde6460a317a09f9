"""What models are told to do: one file for each kind of request, and the way to ask that never fails a request.

A model only helps: when it cannot (no budget left, no answer, a wrong one), the caller gets a note and goes on without.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Generic, Literal

import structlog

from tesela.errors import TooManyRequests
from tesela.llm import Door, ModelFailed, Prompt
from tesela.llm.base import Check, T

log = structlog.get_logger()

Kind = Literal["explain", "plan", "sql_main", "sql_rewrite"]
KINDS: tuple[Kind, ...] = ("explain", "plan", "sql_main", "sql_rewrite")

NOTES: dict[str, dict[str, str]] = {
    "en": {
        "failed": "The model gave no usable answer; this was computed without it.",
        "budget": "The model's budget for today is used up; this was computed without it.",
        "rows": "The model may not see rows (metadata_only), so it was not asked.",
    },
    "es": {
        "failed": "El modelo no dio una respuesta útil; esto se calculó sin él.",
        "budget": "El presupuesto del modelo para hoy está agotado; esto se calculó sin él.",
        "rows": "El modelo no puede ver filas (metadata_only), así que no se le preguntó.",
    },
}
"""What is told of a model that did not help, by language."""


@dataclass(frozen=True, slots=True)
class Advice(Generic[T]):
    """What came of asking a model. value: None when nothing usable did; `note` then says so. tokens: what it cost."""

    value: T | None
    model: str | None = None
    tokens: int = 0
    note: str | None = None


@cache
def instructions(kind: Kind) -> str:
    """Return what a model is told for a kind of request."""
    return files(__name__).joinpath(f"{kind}.md").read_text(encoding="utf-8")


async def advised(
    door: Door, prompt: Prompt, answer: type[T], *, check: Check[T] | None = None, language: str = "en"
) -> Advice[T]:
    """Return what the model answers, or why it did not. Cancelling ends the request."""
    notes = NOTES.get(language, NOTES["en"])
    try:
        reply = await door.complete(prompt, answer, check=check)
    except ModelFailed as error:
        return Advice(None, tokens=error.spent.tokens, note=notes["failed"])
    except TooManyRequests:
        return Advice(None, note=notes["budget"])
    return Advice(reply.value, reply.model, reply.spent.tokens)
