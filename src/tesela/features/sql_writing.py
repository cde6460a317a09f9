"""A model that writes SQL where the rules refuse; what it writes is parsed, guarded and tried like ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, Field

from tesela.features.prompts import advised, instructions
from tesela.features.sql_assist import ToWrite, Writer, WrittenText
from tesela.llm import Door, Prompt

QUOTED = re.compile(r"'(?:[^']|'')*'")
ANY_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|`[^`]*`")
QUOTES = "'\"«»`"
FIGURE = re.compile(r"\d[\d.,:-]*")
MASK = "text_{}"


class Query(BaseModel):
    """What the model answers; an empty text: it found no right one."""

    sql: str = Field(max_length=20_000)


def writer(door: Door | None) -> Writer | None:
    """Return what asks this model for SQL; None without one."""
    return None if door is None else _Writer(door)


class _Writer:
    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def sees_rows(self) -> bool:
        return self._door.sends_rows

    async def __call__(self, asked: ToWrite) -> WrittenText:
        veil = _Veil(not self.sees_rows)
        told: dict[str, Any] = {
            "dialect": asked.dialect,
            "tables": asked.schema,
            "metrics": asked.metrics,
            "question": asked.prompt,
            "query_to_change": veil.over(asked.existing_query),
            "kind": asked.kind if asked.kind != "main" else "",
            "main_query": veil.over(asked.main_query),
            "placeholders": [f"${{{name}}}" for name in asked.placeholders],
            "why_not_by_rules": asked.reason if asked.kind != "main" else "",
            "failed_query": veil.over(asked.rejected or ""),
            "what_was_wrong": asked.error or "",
        }
        if not self.sees_rows:
            known = " ".join((asked.schema, asked.prompt, asked.rejected or ""))
            told["what_was_wrong"] = scrubbed(asked.error or "", known)
            told["why_not_by_rules"] = scrubbed(told["why_not_by_rules"], known)
        kind = instructions("sql_main" if asked.kind == "main" else "sql_rewrite")
        prompt = Prompt.of(kind, **{name: value for name, value in told.items() if value})
        advice = await advised(self._door, prompt, Query)
        sql = "" if advice.value is None else advice.value.sql
        return WrittenText(veil.off(sql), advice.model, advice.tokens, advice.note)


@dataclass(slots=True)
class _Veil:
    """Takes the texts out of SQL that leaves, and puts them back into SQL that comes: they may be values of rows."""

    is_down: bool
    _texts: list[str] = field(default_factory=list)

    def over(self, sql: str) -> str:
        if not self.is_down:
            return sql

        def masked(found: re.Match[str]) -> str:
            if found[0] not in self._texts:
                self._texts.append(found[0])
            return f"'{MASK.format(self._texts.index(found[0]) + 1)}'"

        return QUOTED.sub(masked, sql)

    def off(self, sql: str) -> str:
        for number, text in reversed(list(enumerate(self._texts, 1))):
            sql = sql.replace(f"'{MASK.format(number)}'", text)
        return sql


def scrubbed(text: str, known: str) -> str:
    """Return a database's words without what may be values of rows: quoted things and figures that are not `known`.

    >>> scrubbed("column \\"regoin\\" is not there; bad value 'North' near 12", "SELECT regoin")
    'column "regoin" is not there; bad value ... near ...'
    """

    def kept(found: re.Match[str]) -> str:
        return found[0] if found[0].strip(QUOTES) in known else "..."

    return FIGURE.sub(kept, ANY_QUOTED.sub(kept, text))
