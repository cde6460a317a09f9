"""A model's wording of an explanation: facts go out, a text comes back, and nothing in it may go beyond them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from tesela.analytics.facts import Explanation, verify
from tesela.analytics.facts.verify import MOST_CHARACTERS
from tesela.features.explain import Reword, Reworded
from tesela.features.prompts import NOTES, advised, instructions
from tesela.llm import Door, Prompt

MOST_FACTS = 8


class Wording(BaseModel):
    """What the model answers."""

    text: str = Field(min_length=1, max_length=4 * MOST_CHARACTERS)


def reworder(door: Door | None) -> Reword | None:
    """Return what rewords explanations by this model; None without one.

    Facts hold values of rows, so where no row may leave it only notes that the model was not asked.
    """
    if door is None:
        return None

    async def reword(explanation: Explanation, title: str) -> Reworded:
        language = explanation.language
        if not door.sends_rows:
            return Reworded(None, note=NOTES[language]["rows"])
        if not explanation.facts:
            return Reworded(None)
        facts = [fact.sentence for fact in explanation.facts[:MOST_FACTS]]

        def wrong(given: Wording) -> str | None:
            found = verify(given.text, explanation.facts, title=title, language=language)
            return f"Not in the facts: {'; '.join(found[:5])}" if found else None

        prompt = Prompt.of(instructions("explain"), language=language, title=title, facts=facts)
        advice = await advised(door, prompt, Wording, check=wrong, language=language)
        text = None if advice.value is None else advice.value.text
        return Reworded(text, advice.model, advice.tokens, advice.note)

    return reword
