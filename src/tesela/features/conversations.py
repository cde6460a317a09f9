"""Conversations: kept for the one who talks, and shown only as long as they may see what was answered from."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from tesela.analytics.charts import as_chart
from tesela.errors import BadRequest, NotFound
from tesela.features.access import Access
from tesela.model.caller import Caller
from tesela.model.rows import Rows
from tesela.store import Conversation, Message, Store

KEPT_CONVERSATIONS = 200
"""Of one person; older ones go."""
TITLE_LENGTH = 120
SOURCE_MEMBERS = ("query", "datasource_id", "catalog", "schema", "tile_type", "chart_type", "chart_config")

Clock = Callable[[], dt.datetime]


async def create(
    store: Store,
    access: Access,
    caller: Caller,
    clock: Clock,
    *,
    title: str | None = None,
    dashboard_id: str | None = None,
    datasource_id: str | None = None,
) -> Conversation:
    """Return a new conversation of the caller's own. Raises BadRequest, Forbidden, NotFound."""
    if dashboard_id is not None:
        dashboard_id = (await access.dashboard(caller, "ask", dashboard_id)).id
    if datasource_id is not None:
        found = await access.datasource_named(caller, "use", datasource_id, "datasource_id")
        datasource_id = found.id
    now = clock()
    made = Conversation(
        id=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        user_id=caller.user_id,
        title=" ".join((title or "").split())[:TITLE_LENGTH],
        dashboard_id=dashboard_id,
        datasource_id=datasource_id,
        created_at=now,
        updated_at=now,
    )
    return await store.write(lambda tx: tx.conversations.add(made, keep=KEPT_CONVERSATIONS))


async def mine(
    store: Store, caller: Caller, *, limit: int, offset: int, dashboard_id: str | None
) -> tuple[list[Conversation], int]:
    """Return the caller's conversations, the latest first, and how many there are."""
    return await store.read(
        lambda tx: tx.conversations.list(
            caller.tenant_id, caller.user_id, limit=limit, offset=offset, dashboard_id=dashboard_id
        )
    )


async def get(store: Store, caller: Caller, id: str) -> Conversation:  # noqa: A002
    """Return a conversation of the caller's own. Raises NotFound."""
    return await store.read(lambda tx: tx.conversations.get(caller.tenant_id, caller.user_id, id))


async def remove(store: Store, caller: Caller, id: str) -> None:  # noqa: A002
    """Delete a conversation of the caller's own. Raises NotFound."""
    await store.write(lambda tx: tx.conversations.delete(caller.tenant_id, caller.user_id, id))


async def told(
    store: Store, access: Access, caller: Caller, conversation: Conversation
) -> list[dict[str, Any]]:
    """Return the messages as they are shown: an answer from what the caller may no longer see is withheld."""
    messages = await store.read(lambda tx: tx.conversations.messages(conversation))
    return [shown(one, is_withheld=not await may_see(access, caller, one)) for one in messages]


async def may_see(access: Access, caller: Caller, message: Message) -> bool:
    """Return whether the caller may still see what an answer was made from, with the same rows."""
    if message.role == "user" or message.policy_digest is None:
        return True
    if message.policy_digest != caller.policy_digest:
        return False
    content = message.content
    if content.get("dashboard_id") is not None:
        try:
            await access.dashboard(caller, "ask", content["dashboard_id"])
        except NotFound:
            return False
    datasource_id = content.get("datasource_id")
    return datasource_id is None or await access.may_use(caller, datasource_id)


def shown(message: Message, *, is_withheld: bool = False) -> dict[str, Any]:
    """Return a message as the API tells it."""
    told = {
        "id": message.id,
        "role": message.role,
        "text": "" if is_withheld else message.text,
        "created_at": message.created_at.isoformat().replace("+00:00", "Z"),
        "is_withheld": is_withheld,
    }
    if message.role == "assistant" and not is_withheld:
        told |= message.content
        told["rows"] = None if message.rows is None else orjson.loads(message.rows)
    return told


async def tile_members(
    store: Store, access: Access, caller: Caller, dashboard_id: str, sent: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the members of a tile made from an answer: what was sent, else what the answer holds.

    Raises NotFound for a conversation or message that is not the caller's, BadRequest for an answer without SQL.
    """
    await access.dashboard(caller, "edit", dashboard_id)
    conversation = await get(store, caller, sent["conversation_id"])
    message = await store.read(lambda tx: tx.conversations.message(conversation, sent["message_id"]))
    given = {name: value for name, value in sent.items() if value is not None}
    content = dict(message.content) if await may_see(access, caller, message) else {}
    content["query"] = content.pop("sql", None)
    wanted = {name: content[name] for name in SOURCE_MEMBERS if content.get(name) is not None}
    if not (given.get("query") or wanted.get("query")):
        raise BadRequest("message_id: this message has no SQL; choose an answer that has some, or send query")
    chart_type = given.get("chart_type")
    if chart_type is not None:
        wanted["tile_type"] = "chart"
        if "chart_config" not in given and chart_type != content.get("chart_type"):
            redrawn = as_chart(rows_of_message(message), chart_type)
            wanted["chart_config"] = {} if redrawn is None else dict(redrawn.chart_config)
    if given.get("tile_type") not in (None, "chart"):
        wanted.pop("chart_type", None)
    wanted["title"] = content.get("question") or conversation.title or "Answer"
    members = wanted | {k: v for k, v in given.items() if k not in ("conversation_id", "message_id")}
    members["title"] = given.get("title") or " ".join(wanted["title"].split())[:200]
    return members


async def prune(store: Store, clock: Clock, *, keep_days: int) -> int:
    """Remove conversations in which nothing was said for `keep_days`, and return how many."""
    before = clock() - dt.timedelta(days=keep_days)
    return await store.write(lambda tx: tx.conversations.prune(before))


def rows_of_message(message: Message) -> Rows:
    """Return the rows that an answer shows."""
    content = message.content
    columns: Sequence[str] = content.get("columns") or ()
    rows = [] if message.rows is None else orjson.loads(message.rows)
    return Rows(tuple(columns), content.get("types") or {}, rows, bool(content.get("truncated")))
