"""One turn of a conversation, as events: what is visible first, then SQL from words, then with a model's help.

What is answered is computed from rows, which come by the ordinary door; a change of the answer before is made only
where the rules are certain of it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import time
import uuid
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import orjson

from tesela.analytics.charts import NUMBERS, Suggestion, as_chart, suggest
from tesela.analytics.facts import Picture, explain
from tesela.analytics.questions import Answer
from tesela.errors import BadRequest, QueryError
from tesela.features.access import Access
from tesela.features.conversations import TITLE_LENGTH, rows_of_message, shown
from tesela.features.data import Asking
from tesela.features.profiles import without_filters
from tesela.features.qa import Looking, Planner, ask_dashboard
from tesela.features.sql_assist import NEW, Generated, Wanted, Writer, generate, tile_to_write
from tesela.features.talking_words import FOLLOWING, JOINING, SAID, chart_asked
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard, Document, Page
from tesela.model.rows import Rows, rows_of
from tesela.store import Conversation, Message, Store

Language = Literal["en", "es"]
ROWS, ROWS_BYTES = 500, 200_000
"""Of an answer, shown and kept."""
KEPT_MESSAGES = 60
EMPTY: Mapping[str, Any] = {
    "sql": None,
    "made_by": "rules",
    "datasource_id": None,
    "catalog": None,
    "schema": None,
    "dashboard_id": None,
    "columns": (),
    "types": {},
    "row_count": 0,
    "truncated": False,
    "tile_type": None,
    "chart_type": None,
    "chart_config": {},
    "referenced_tiles": (),
    "followups": (),
}
"""An answer that says nothing; every answer has these members."""
SENTENCES = 3
MOST_NAMES = 5
CUT = re.compile(r"(?i)\b(?:limit|fetch|top|qualify)\b")


@dataclass(frozen=True, slots=True)
class Talk:
    """Who talks, and what with. looking: of the dashboard, where the conversation has one."""

    store: Store
    access: Access
    clock: Callable[[], dt.datetime]
    conversation: Conversation
    asking: Asking
    looking: Looking | None
    planner: Planner | None
    writer: Writer | None

    @property
    def caller(self) -> Caller:
        return self.asking.caller


def room(conversation: Conversation) -> Dashboard:
    """Return an empty dashboard for a conversation without one: SQL is asked as for a tile of it."""
    document = Document(name="Conversation", pages=(Page(id=conversation.id, name="Conversation"),))
    return Dashboard(
        id=conversation.id,
        tenant_id=conversation.tenant_id,
        owner_id=conversation.user_id,
        workspace_id=None,
        audience="private",
        link=False,
        is_archived=False,
        version=1,
        created_at=conversation.created_at,
        updated_at=conversation.updated_at,
        document=document,
    )


async def turn(talk: Talk, text: str, language: Language) -> AsyncGenerator[dict[str, Any]]:
    """Yield the events of an answer: status, sql, rows, chart, text, done. It is kept before `done`, or not at all.

    Closing the iterator ends what runs, in the database too.
    """
    history = await talk.store.read(lambda tx: tx.conversations.messages(talk.conversation))
    async with aclosing(_Turn(talk, text, language, history).events()) as events:
        async for event in events:
            yield event


@dataclass(slots=True)
class _Draft:
    """What an answer has come to so far."""

    content: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    rows: Rows | None = None
    chart: Suggestion | None = None
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    tokens: int = 0
    model: str | None = None

    @property
    def sql(self) -> str | None:
        found: str | None = self.content.get("sql")
        return found


class _Turn:
    def __init__(self, talk: Talk, text: str, language: Language, history: Sequence[Message]) -> None:
        self.talk, self.text, self.language = talk, text, language
        self.words = SAID[language]
        self.draft = _Draft()
        self.ids = (str(uuid.uuid4()), str(uuid.uuid4()))
        self.before = next((one for one in reversed(history) if one.role == "assistant"), None)
        self.started = time.monotonic()
        self.source: str | None = None
        self.why_no_sql = ""

    async def events(self) -> AsyncGenerator[dict[str, Any]]:
        talk, draft = self.talk, self.draft
        yield self._status("reading")
        self.source = await self._source()
        if not await self._redrawn():
            if self._is_following() and self.source is not None:
                yield self._status("writing_sql")
                await self._follow()
            if not draft.sql and talk.looking is not None:
                yield self._status("visible_rows")
                await self._visible(None)
            if self._is_open() and self.source is not None:
                yield self._status("writing_sql")
                await self._write(self.text, None)
            if self._is_open() and talk.looking is not None and talk.planner is not None:
                yield self._status("asking_model")
                await self._visible(talk.planner)
            if self._is_open() and self.source is not None and talk.writer is not None:
                yield self._status("asking_model")
                await self._write(
                    self.text, talk.writer, existing=self._sql_before() if self._is_following() else ""
                )
        if draft.sql:
            yield {"type": "sql", **self._some("sql", "made_by", "datasource_id", "catalog", "schema")}
            if draft.rows is None:
                yield self._status("running")
                await self._run()
        if draft.rows is not None:
            yield {"type": "rows", **self._facts(draft.rows), "rows": list(draft.rows.rows)}
        if draft.chart is not None:
            yield {"type": "chart", **_chart(draft.chart)}
        if not draft.text:
            draft.text = self._refusal()
        yield {"type": "text", "text": draft.text, "warnings": draft.warnings, "notes": draft.notes}
        message = await self._keep()
        took_ms = round((time.monotonic() - self.started) * 1000)
        yield {"type": "done", "done": True, "message": shown(message), "duration_ms": took_ms}

    def _status(self, stage: str) -> dict[str, Any]:
        return {
            "type": "status",
            "stage": stage,
            "conversation_id": self.talk.conversation.id,
            "message_id": self.ids[1],
        }

    def _is_open(self) -> bool:
        """Return whether there is no answer yet."""
        return not self.draft.text and not self.draft.sql

    def _is_following(self) -> bool:
        return bool(self._sql_before()) and FOLLOWING.match(self.text) is not None

    def _sql_before(self) -> str:
        """Return the SQL of the answer before, where the caller may still use its datasource."""
        content = {} if self.before is None else self.before.content
        return str(content.get("sql") or "") if content.get("datasource_id") == self.source else ""

    async def _source(self) -> str | None:
        """Return the datasource that SQL is written for, or None where the caller may write none."""
        talk, caller = self.talk, self.talk.caller
        self.why_no_sql = self.words["viewer"]
        if caller.role == "viewer":
            return None
        if talk.looking is not None and not (await talk.access.rights(caller, talk.looking.dashboard)).edit:
            return None
        self.why_no_sql = self.words["no_source"]
        own = talk.conversation.datasource_id
        if own is not None:
            return own if await talk.access.may_use(caller, own) else None
        tiles = talk.asking.dashboard.document.tiles
        for id_, _ in Counter(tile.datasource_id for tile in tiles if tile.datasource_id).most_common():
            if await talk.access.may_use(caller, id_):
                return id_
        usable = [one for one, _ in await talk.access.datasources(caller)]
        default = [one.id for one in usable if one.is_default]
        chosen = default or [one.id for one in usable]
        return chosen[0] if len(chosen) == 1 else None

    async def _redrawn(self) -> bool:
        """Draw the answer before as the words ask; return whether they ask for that."""
        kind = chart_asked(self.text)
        if kind is None or self.before is None or self.before.rows is None or not self._is_mine():
            return False
        rows = rows_of_message(self.before)
        chart = as_chart(rows, kind)
        content = self.before.content
        kept = ("sql", "made_by", "datasource_id", "catalog", "schema", "question", "dashboard_id")
        self.draft.content = {name: content[name] for name in kept if name in content}
        self.draft.rows = rows
        self.draft.chart = chart or _chart_of(content)
        self.draft.text = self.words["redrawn" if chart is not None else "not_drawn"]
        return True

    def _is_mine(self) -> bool:
        """Return whether the rows of the answer before are those that the caller would get now."""
        before = self.before
        if before is None or before.policy_digest != self.talk.caller.policy_digest:
            return False
        datasource_id, looking = before.content.get("datasource_id"), self.talk.looking
        if datasource_id is not None:
            return bool(datasource_id == self.source)
        return looking is not None and looking.dashboard.id == before.content.get("dashboard_id")

    async def _follow(self) -> None:
        """Change the query of the answer before, or ask its question again with the new words."""
        existing, words = self._sql_before(), JOINING.sub("", self.text)
        await self._write(words, None, existing=existing)
        question = "" if self.before is None else str(self.before.content.get("question") or "")
        if self._is_open() and question:
            await self._write(f"{question} {words}", None)
        elif self.draft.sql:
            self.draft.content["question"] = f"{question} {words}".strip()

    async def _visible(self, planner: Planner | None) -> None:
        """Answer from rows that the dashboard's tiles hold, where they do."""
        looking, draft = self.talk.looking, self.draft
        if looking is None:
            return
        asked = await ask_dashboard(looking, self.text, language=self.language, planner=planner)
        draft.tokens += asked.tokens
        draft.notes += [one for one in asked.notes if one not in draft.notes]
        if not asked.answer.is_answered:
            if planner is None:
                draft.reasons.append(asked.answer.text)
            draft.content["followups"] = list(asked.answer.followups)
            return
        answer = asked.answer
        draft.text, draft.model = answer.text, asked.model
        draft.content |= {
            "dashboard_id": looking.dashboard.id,
            "made_by": "model" if asked.by_model else "rules",
            "question": self.text,
            "followups": list(answer.followups),
            "referenced_tiles": [
                {"tile_id": one.tile_id, "title": one.title, "why": one.why} for one in answer.references
            ],
        }
        draft.rows = _rows_of_answer(answer)
        if draft.rows is not None:
            draft.chart = suggest(draft.rows)[0]

    async def _write(self, prompt: str, writer: Writer | None, *, existing: str = "") -> None:
        """Write SQL for the words; what comes of it has been tried on the datasource."""
        talk, draft = self.talk, self.draft
        wanted = Wanted(prompt, existing_query=existing, datasource_id=self.source)
        try:
            made = await self._generated(wanted, writer)
        except (QueryError, BadRequest) as error:
            draft.reasons.append(error.sentence)
            return
        draft.tokens += made.tokens
        if not made.sql or made.warnings:
            draft.reasons += made.warnings
            draft.notes += [one for one in made.notes if one not in draft.notes]
            return
        draft.model = made.model
        draft.notes = list(made.notes)
        draft.content |= {
            "sql": made.sql,
            "made_by": made.made_by,
            "datasource_id": self.source,
            "question": prompt if not existing else self.text,
        }
        if talk.looking is not None:
            draft.content["dashboard_id"] = talk.looking.dashboard.id

    async def _generated(self, wanted: Wanted, writer: Writer | None) -> Generated:
        talk = self.talk
        dashboard = talk.asking.dashboard
        tile = await tile_to_write(talk.access, talk.caller, dashboard, NEW, wanted, talk.clock)
        return await generate(talk.asking, tile, wanted, writer)

    async def _run(self) -> None:
        """Run the SQL by the ordinary door, and say what its rows hold."""
        talk, draft = self.talk, self.draft
        wanted = Wanted("", datasource_id=self.source)
        try:
            tile = await tile_to_write(
                talk.access, talk.caller, talk.asking.dashboard, NEW, wanted, talk.clock
            )
            tile = tile.model_copy(update={"query": draft.sql})
            asked = await without_filters(talk.asking).question(tile, draft.sql, max_rows=ROWS)
            answered = await talk.asking.runner.run(asked.question)
        except (QueryError, BadRequest) as error:
            draft.text = self.words["failed"].format(reason=error.sentence)
            draft.warnings.append(error.sentence)
            return
        draft.rows, draft.chart, draft.text = await asyncio.to_thread(
            self._described, rows_of(answered.shelved.result)
        )
        draft.content["row_count"] = answered.shelved.result.row_count

    def _described(self, all_rows: Rows) -> tuple[Rows, Suggestion, str]:
        """Return the rows as far as they are shown, the chart that suits them, and what they say."""
        rows = bounded(all_rows)
        chart = suggest(rows)[0]
        if not rows.rows:
            return rows, chart, self.words["empty"]
        if rows.truncated or CUT.search(self.draft.sql or ""):
            return (
                rows,
                chart,
                self._named(rows),
            )  # of a part of the rows no share and no change would be true
        picture = Picture(
            str(self.draft.content["question"]), chart.tile_type, chart.chart_type, chart.chart_config
        )
        now = self.talk.clock().replace(tzinfo=None)
        found = explain(rows, picture, language=self.language, now=now)
        told = [fact.sentence for fact in found.facts[:SENTENCES]]
        return rows, chart, " ".join(told) or self.words["rows"].format(count=len(rows.rows))

    def _named(self, rows: Rows) -> str:
        """Return what the first rows are called."""
        by = next((one for one in rows.columns if rows.types.get(one) not in NUMBERS), None)
        names = [] if by is None else list(dict.fromkeys(str(row[by]) for row in rows.rows))
        more = ", ..." if len(names) > MOST_NAMES else ""
        text = self.words["first" if rows.truncated else "rows"].format(count=len(rows.rows))
        return f"{text[:-1]}: {', '.join(names[:MOST_NAMES])}{more}." if names else text

    def _refusal(self) -> str:
        reasons = self.draft.reasons
        if self.source is None and not reasons:
            return self.why_no_sql
        if self.talk.looking is not None and reasons:
            more = [self.why_no_sql] if self.source is None else []
            self.draft.warnings += [one for one in reasons[1:] if one not in self.draft.warnings]
            return " ".join([reasons[0], *more])
        reason = reasons[-1].rstrip(".") if reasons else ""
        return self.words["refused"].format(reason=reason[:1].lower() + reason[1:])

    def _some(self, *names: str) -> dict[str, Any]:
        return {name: self.draft.content.get(name) for name in names}

    def _facts(self, rows: Rows) -> dict[str, Any]:
        return {
            "columns": list(rows.columns),
            "types": dict(rows.types),
            "row_count": self.draft.content.get("row_count", len(rows.rows)),
            "truncated": rows.truncated,
        }

    async def _keep(self) -> Message:
        """Write question and answer down together, and return the answer."""
        talk, draft = self.talk, self.draft
        now = talk.clock()
        content = {**EMPTY, "question": self.text, "language": self.language}
        content |= draft.content
        content |= {} if draft.rows is None else self._facts(draft.rows)
        content |= {} if draft.chart is None else _chart(draft.chart)
        content |= {
            "warnings": draft.warnings,
            "notes": draft.notes,
            "model": draft.model,
            "tokens": draft.tokens,
            "is_answered": draft.rows is not None or bool(draft.content.get("referenced_tiles")),
        }
        question = Message(self.ids[0], "user", self.text, now)
        rows = None if draft.rows is None else orjson.dumps(list(draft.rows.rows))
        digest = talk.caller.policy_digest
        answer = Message(self.ids[1], "assistant", draft.text, now, content, rows, digest)
        title = talk.conversation.title or self.text[:TITLE_LENGTH]
        await talk.store.write(
            lambda tx: tx.conversations.say(
                talk.conversation, [question, answer], title=title, keep=KEPT_MESSAGES
            )
        )
        return answer


def bounded(rows: Rows) -> Rows:
    """Return the first rows, as many as an answer shows."""
    kept = list(rows.rows[:ROWS])
    while kept and len(orjson.dumps(kept)) > ROWS_BYTES:
        kept = kept[: len(kept) // 2]
    return replace(rows, rows=kept, truncated=rows.truncated or len(kept) < len(rows.rows))


def _rows_of_answer(answer: Answer) -> Rows | None:
    """Return the figures of an answer as rows where there are several; one stands in its sentence."""
    named = [one for one in answer.facts if one.get("key") is not None and one.get("value") is not None]
    plan = answer.plan
    if plan is None or len(named) < 2:
        return None
    by, of = plan.group_by or "name", plan.measure.column or "value"
    columns = (by, of if of != by else "value")
    rows = [dict(zip(columns, (one["key"], float(one["value"])), strict=True)) for one in named]
    return Rows(columns, {columns[0]: "text", columns[1]: "float"}, rows)


def _chart(chart: Suggestion) -> dict[str, Any]:
    return {
        "tile_type": chart.tile_type,
        "chart_type": chart.chart_type,
        "chart_config": dict(chart.chart_config),
    }


def _chart_of(content: Any) -> Suggestion | None:
    if content.get("tile_type") is None:
        return None
    return Suggestion(content["tile_type"], content.get("chart_type"), content.get("chart_config") or {}, "")
