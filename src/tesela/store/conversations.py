"""Conversations: what somebody asked and was answered, theirs alone. Rows are kept bounded and compressed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import zstandard
from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from tesela.errors import NotFound
from tesela.store.tables import conversation_messages as messages
from tesela.store.tables import conversations
from tesela.store.work import Work

GONE = "Conversation not found or access denied"
NO_MESSAGE = "Message not found or access denied"


@dataclass(frozen=True, slots=True)
class Conversation:
    """Somebody's talk about a dashboard, a datasource, or whatever they may use."""

    id: str
    tenant_id: str
    user_id: str
    title: str
    dashboard_id: str | None
    datasource_id: str | None
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message. content: of an answer, what it was built on, without rows.

    rows: a JSON array, as many as are kept; None when there are none. policy_digest: whose rows they are.
    """

    id: str
    role: Literal["user", "assistant"]
    text: str
    created_at: dt.datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    rows: bytes | None = field(default=None, repr=False)
    policy_digest: str | None = None


class Conversations:
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, conversation: Conversation, *, keep: int) -> Conversation:
        """Add a conversation; of its owner's, those before the last `keep` go."""
        self._work.write(
            insert(conversations).values(
                id=conversation.id,
                tenant_id=conversation.tenant_id,
                user_id=conversation.user_id,
                title=conversation.title,
                dashboard_id=conversation.dashboard_id,
                datasource_id=conversation.datasource_id,
                created_at=conversation.created_at,
                updated_at=conversation.updated_at,
            ),
            taken="The dashboard or datasource was deleted meanwhile",
        )
        mine = _mine(conversation.tenant_id, conversation.user_id)
        newest = select(conversations.c.id).where(*mine).order_by(*_NEWEST).limit(keep)
        self._work.write(delete(conversations).where(*mine, conversations.c.id.not_in(newest)))
        return conversation

    def get(self, tenant_id: str, user_id: str, id: str) -> Conversation:  # noqa: A002
        """Return somebody's own conversation. Raises NotFound."""
        row = self._work.first(
            select(conversations).where(*_mine(tenant_id, user_id), conversations.c.id == id.lower())
        )
        if row is None:
            raise NotFound(GONE)
        return _conversation(row)

    def list(
        self,
        tenant_id: str,
        user_id: str,
        *,
        limit: int = 100,
        offset: int = 0,
        dashboard_id: str | None = None,
    ) -> tuple[list[Conversation], int]:
        """Return somebody's conversations, the latest first, and how many there are in all."""
        wanted = _mine(tenant_id, user_id)
        if dashboard_id is not None:
            wanted = (*wanted, conversations.c.dashboard_id == dashboard_id.lower())
        total = self._work.value(select(func.count()).select_from(conversations).where(*wanted))
        found = self._work.rows(
            select(conversations).where(*wanted).order_by(*_NEWEST).limit(limit).offset(offset)
        )
        return [_conversation(row) for row in found], int(total)

    def delete(self, tenant_id: str, user_id: str, id: str) -> None:  # noqa: A002
        """Remove a conversation with its messages. Raises NotFound."""
        mine = _mine(tenant_id, user_id)
        if not self._work.write(delete(conversations).where(*mine, conversations.c.id == id.lower())):
            raise NotFound(GONE)

    def messages(self, conversation: Conversation) -> Sequence[Message]:
        """Return the messages of a conversation, in their order."""
        found = self._work.rows(
            select(messages).where(*_in(conversation)).order_by(messages.c.position, messages.c.id)
        )
        return [_message(row) for row in found]

    def message(self, conversation: Conversation, id: str) -> Message:  # noqa: A002
        """Return one message of a conversation. Raises NotFound."""
        row = self._work.first(select(messages).where(*_in(conversation), messages.c.id == id.lower()))
        if row is None:
            raise NotFound(NO_MESSAGE)
        return _message(row)

    def say(self, conversation: Conversation, said: Sequence[Message], *, title: str, keep: int) -> None:
        """Add messages at the end of a conversation, of which the last `keep` stay. Raises NotFound."""
        mine = _mine(conversation.tenant_id, conversation.user_id)
        changed = update(conversations).where(*mine, conversations.c.id == conversation.id)
        if not self._work.write(changed.values(updated_at=said[-1].created_at, title=title)):
            raise NotFound(GONE)
        last = self._work.value(select(func.max(messages.c.position)).where(*_in(conversation)))
        position = 0 if last is None else int(last)
        for number, one in enumerate(said, position + 1):
            self._work.write(
                insert(messages).values(
                    id=one.id,
                    tenant_id=conversation.tenant_id,
                    conversation_id=conversation.id,
                    position=number,
                    role=one.role,
                    text=one.text,
                    content=dict(one.content),
                    rows_zstd=None if one.rows is None else zstandard.compress(one.rows),
                    policy_digest=one.policy_digest,
                    created_at=one.created_at,
                ),
                taken="The conversation was answered twice at the same moment: ask again",
            )
        oldest = position + len(said) - keep
        self._work.write(delete(messages).where(*_in(conversation), messages.c.position <= oldest))

    def prune(self, before: dt.datetime) -> int:
        """Remove conversations in which nothing was said since `before`, and return how many."""
        return self._work.write(delete(conversations).where(conversations.c.updated_at < before))


_NEWEST = (conversations.c.updated_at.desc(), conversations.c.id.desc())


def _mine(tenant_id: str, user_id: str) -> tuple[ColumnElement[bool], ...]:
    return conversations.c.tenant_id == tenant_id, conversations.c.user_id == user_id


def _in(conversation: Conversation) -> tuple[ColumnElement[bool], ...]:
    return (
        messages.c.tenant_id == conversation.tenant_id,
        messages.c.conversation_id == conversation.id,
    )


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        tenant_id=row.tenant_id,
        user_id=row.user_id,
        title=row.title,
        dashboard_id=row.dashboard_id,
        datasource_id=row.datasource_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _message(row: Row[Any]) -> Message:
    rows = None if row.rows_zstd is None else zstandard.decompress(row.rows_zstd)
    return Message(row.id, row.role, row.text, row.created_at, row.content, rows, row.policy_digest)
