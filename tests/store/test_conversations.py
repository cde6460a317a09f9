"""Conversations belong to one person of one tenant, are bounded, and go with their owner."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

import make
from make import World, in_world
from tesela.errors import NotFound
from tesela.store import Conversation, Message

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)
ANA = make.user("ana")
BEN = make.user("ben")


def talk(minute: int = 0) -> Conversation:
    at = NOW + dt.timedelta(minutes=minute)
    return Conversation(make.new_id(), "default", ANA.id, "", None, None, at, at)


def turn(text: str) -> list[Message]:
    answer = Message(make.new_id(), "assistant", "3 rows.", NOW, {"sql": "SELECT 1"}, b'[{"a":1}]', "digest")
    return [Message(make.new_id(), "user", text, NOW), answer]


async def ready(world: World) -> Conversation:
    await world.add(make.tenant(), make.tenant("other"), ANA, BEN)
    made = talk()
    await world.store.write(lambda tx: tx.conversations.add(made, keep=10))
    return made


def test_messages_come_back_in_their_order_with_what_they_hold(url: str) -> None:
    async def work(world: World) -> None:
        made = await ready(world)
        said = [*turn("first"), *turn("second")]
        await world.store.write(lambda tx: tx.conversations.say(made, said, title="first", keep=60))

        kept = await world.store.read(lambda tx: tx.conversations.messages(made))

        assert list(kept) == said
        found = await world.store.read(lambda tx: tx.conversations.get("default", ANA.id, made.id.upper()))
        assert found.title == "first"

    in_world(url, work)


def test_nobody_else_finds_one(url: str) -> None:
    async def work(world: World) -> None:
        made = await ready(world)
        for tenant_id, user_id in (("default", BEN.id), ("other", ANA.id)):
            with pytest.raises(NotFound):
                await world.store.read(lambda tx, t=tenant_id, u=user_id: tx.conversations.get(t, u, made.id))
            with pytest.raises(NotFound):
                await world.store.write(
                    lambda tx, t=tenant_id, u=user_id: tx.conversations.delete(t, u, made.id)
                )
            assert await world.store.read(lambda tx, t=tenant_id, u=user_id: tx.conversations.list(t, u)) == (
                [],
                0,
            )
        theirs = replace(made, tenant_id="other")
        assert list(await world.store.read(lambda tx: tx.conversations.messages(theirs))) == []

    in_world(url, work)


def test_only_the_last_ones_stay(url: str) -> None:
    async def work(world: World) -> None:
        made = await ready(world)
        for number in range(4):
            said = turn(str(number))
            await world.store.write(lambda tx, said=said: tx.conversations.say(made, said, title="t", keep=4))
        more = [talk(minute) for minute in (1, 2, 3)]
        for one in more:
            await world.store.write(lambda tx, one=one: tx.conversations.add(one, keep=2))

        listed, total = await world.store.read(lambda tx: tx.conversations.list("default", ANA.id))

        assert ([one.id for one in listed], total) == ([more[2].id, more[1].id], 2)

    in_world(url, work)


def test_old_messages_leave_first(url: str) -> None:
    async def work(world: World) -> None:
        made = await ready(world)
        for number in range(4):
            said = turn(str(number))
            await world.store.write(lambda tx, said=said: tx.conversations.say(made, said, title="t", keep=4))

        kept = await world.store.read(lambda tx: tx.conversations.messages(made))

        assert [one.text for one in kept if one.role == "user"] == ["2", "3"]

    in_world(url, work)


def test_they_go_with_time_and_with_their_owner(url: str) -> None:
    async def work(world: World) -> None:
        made = await ready(world)
        assert await world.store.write(lambda tx: tx.conversations.prune(NOW)) == 0
        assert await world.store.write(lambda tx: tx.conversations.prune(NOW + dt.timedelta(1))) == 1
        await world.store.write(lambda tx: tx.conversations.add(made, keep=10))
        await world.store.write(lambda tx: tx.conversations.say(made, turn("x"), title="x", keep=10))

        await world.store.write(lambda tx: tx.users.delete("default", ANA.id))

        assert list(await world.store.read(lambda tx: tx.conversations.messages(made))) == []

    in_world(url, work)
