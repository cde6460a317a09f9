"""/api/conversations: questions and answers, each with the SQL, rows and chart that it was built on."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import Field
from starlette.responses import StreamingResponse

from tesela.errors import BadRequest, NotFound, TeselaError
from tesela.features import checks, conversations
from tesela.features.planning import planner
from tesela.features.qa import MAX_QUESTION, Looking
from tesela.features.sql_writing import writer
from tesela.features.talking import Talk, room, turn
from tesela.features.viewing import AS_IT_OPENS, State
from tesela.http.asking import asking_of
from tesela.http.deps import AccessDep, CallerDep, ClockDep, Services, ServicesDep, StoreDep
from tesela.http.errors import body_of
from tesela.http.languages import accepted
from tesela.http.web import Answer, Body, StrictJsonRoute
from tesela.model.caller import Caller
from tesela.model.dashboard import Dashboard
from tesela.store import Conversation

router = APIRouter(prefix="/api/conversations", tags=["conversations"], route_class=StrictJsonRoute)

Language = Literal["en", "es"]
AcceptLanguage = Annotated[str | None, Header(alias="Accept-Language", max_length=500)]


class ConversationBody(Body):
    """What the talk is about: a dashboard, a datasource, both, or neither where there is only one to ask."""

    title: str | None = Field(None, max_length=200)
    dashboard_id: str | None = None
    datasource_id: str | None = None


class ConversationOut(Answer):
    """title: empty until something is asked."""

    id: str
    title: str
    dashboard_id: str | None
    datasource_id: str | None
    created_at: dt.datetime
    updated_at: dt.datetime


class ConversationWhole(ConversationOut):
    """messages: in their order. An answer from what the caller may no longer see is withheld."""

    messages: list[dict[str, Any]]


class MessageBody(Body):
    """What is asked, and in which state of the dashboard."""

    text: str
    language: Language | None = None
    filter_values: dict[str, Any] = Field(default_factory=dict)
    cross_filters: list[dict[str, Any]] = Field(default_factory=list)


@router.post("", status_code=201, operation_id="create_conversation")
async def create(
    store: StoreDep,
    access: AccessDep,
    caller: CallerDep,
    clock: ClockDep,
    body: ConversationBody | None = None,
) -> ConversationOut:
    """Begin a conversation of the caller's own."""
    sent = body or ConversationBody()
    title = checks.text(sent.title, "title", at_most=200)
    made = await conversations.create(
        store,
        access,
        caller,
        clock,
        title=title,
        dashboard_id=sent.dashboard_id,
        datasource_id=sent.datasource_id,
    )
    return _out(made)


@router.get("", operation_id="list_conversations")
async def list_mine(
    response: Response,
    store: StoreDep,
    caller: CallerDep,
    dashboard_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[ConversationOut]:
    """Return the caller's own conversations, the latest first."""
    found, total = await conversations.mine(
        store, caller, limit=limit, offset=offset, dashboard_id=dashboard_id
    )
    response.headers["X-Total-Count"] = str(total)
    return [_out(one) for one in found]


@router.get("/{conversation_id}", operation_id="get_conversation")
async def get(
    conversation_id: str, store: StoreDep, access: AccessDep, caller: CallerDep
) -> ConversationWhole:
    """Return a conversation of the caller's own, with its messages."""
    found = await conversations.get(store, caller, conversation_id)
    messages = await conversations.told(store, access, caller, found)
    return ConversationWhole(**_out(found).model_dump(), messages=messages)


@router.delete("/{conversation_id}", status_code=204, operation_id="delete_conversation")
async def delete(conversation_id: str, store: StoreDep, caller: CallerDep) -> None:
    """Delete a conversation of the caller's own, with its messages."""
    await conversations.remove(store, caller, conversation_id)


@router.post("/{conversation_id}/messages", operation_id="say", response_class=StreamingResponse)
async def say(
    conversation_id: str,
    body: MessageBody,
    found: ServicesDep,
    caller: CallerDep,
    accept_language: AcceptLanguage = None,
) -> StreamingResponse:
    """Ask something; the answer comes as events, one a line (NDJSON), ending with `done`."""
    conversation = await conversations.get(found.store, caller, conversation_id)
    text = checks.text(body.text, "text", at_most=MAX_QUESTION)
    if text is None:
        raise BadRequest("text must not be blank; ask for a figure, a name or a list")
    talk = await _talk(found, caller, conversation, State(body.filter_values, body.cross_filters))
    language = body.language or accepted(accept_language)

    async def lines() -> AsyncIterator[bytes]:
        try:
            async with aclosing(turn(talk, " ".join(text.split()), language)) as events:
                async for event in events:
                    yield orjson.dumps(event) + b"\n"
        except TeselaError as error:
            yield orjson.dumps({"type": "error", "done": False, **body_of(error)}) + b"\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Content-Language": language}
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=headers)


async def _talk(found: Services, caller: Caller, conversation: Conversation, state: State) -> Talk:
    """Return what an answer needs. Raises BadRequest for a state that does not fit the dashboard."""
    dashboard = await _dashboard(found, caller, conversation)
    door = await found.models.of(caller)
    asking = asking_of(
        found, caller, dashboard or room(conversation), state if dashboard else AS_IT_OPENS, force=False
    )
    looking = None
    if dashboard is not None:
        looking = Looking(
            found.visible,
            found.store,
            found.access,
            found.defaults,
            caller,
            dashboard,
            asking.viewing,
            found.definitions,
            opens=state == AS_IT_OPENS,
        )
    return Talk(
        found.store,
        found.access,
        found.clock,
        conversation,
        asking,
        looking,
        planner(door),
        writer(door),
    )


async def _dashboard(found: Services, caller: Caller, conversation: Conversation) -> Dashboard | None:
    """Return the dashboard that is talked about; None when there is none, or not for the caller any more."""
    if conversation.dashboard_id is None:
        return None
    try:
        return await found.access.dashboard(caller, "ask", conversation.dashboard_id)
    except NotFound:
        return None


def _out(one: Conversation) -> ConversationOut:
    return ConversationOut(
        id=one.id,
        title=one.title,
        dashboard_id=one.dashboard_id,
        datasource_id=one.datasource_id,
        created_at=one.created_at,
        updated_at=one.updated_at,
    )
