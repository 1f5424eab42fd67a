"""Posts into the local chat, and the news that open pages get of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.delivery.courier import DeliveryFailed
from adapters.web import board
from adapters.web.board import Conversation
from adapters.web.send import Subscribers, WebCourier
from bot.inbound import Actor
from bot.markup import literal
from bot.messages import Direct, Home, Message, Post, Receipt, Text
from bot.people import store as people
from bot.storage import Store

NOW = datetime(2026, 12, 7, 8, tzinfo=UTC)
HOME = Home(17, None, "Monday circle", "circle", ("ana", "ben"))


def message(text: str) -> Message:
    return Message((Text(literal(text)),))


@pytest.fixture
def workspace(store: Store) -> int:
    with store.begin() as connection:
        workspace = people.workspace_id(connection, "web", "demo", "Demo")
        for name in ("Ana", "Ben", "Zoe"):
            people.meet(connection, Actor(workspace, name.lower(), name))
        return workspace


@pytest.fixture
def post(workspace: int) -> Post:
    return Post("prompt:17:3", workspace, HOME, message("Week 3"), lane_token=1)


def send(store: Store, post: Post, at: datetime = NOW) -> Receipt:
    return asyncio.run(WebCourier(store, Subscribers()).send(post, at))


def seen(store: Store, workspace: int, conversation: str, person: str) -> list[str]:
    with store.begin() as connection:
        return [entry.drawn.text for entry in board.seen(connection, workspace, conversation, person)]


def test_the_first_post_makes_the_groups_conversation(store: Store, workspace: int, post: Post) -> None:
    assert send(store, post).conversation == "circle-17"
    with store.begin() as connection:
        wanted = Conversation("circle-17", "circle", "Monday circle", ("ana", "ben"))
        assert board.groups(connection, workspace) == (wanted,)
    assert seen(store, workspace, "circle-17", "ben") == ["Week 3"]


@pytest.mark.parametrize("doubtful", [False, True])
def test_a_post_that_may_have_arrived_is_not_said_again(
    store: Store, workspace: int, post: Post, doubtful: bool
) -> None:
    before = send(store, post)
    assert send(store, replace(post, doubtful=doubtful), NOW + timedelta(minutes=5)) == before
    assert seen(store, workspace, "circle-17", "ana") == ["Week 3"]


def test_each_post_brings_title_and_members_up_to_date(store: Store, workspace: int, post: Post) -> None:
    send(store, post)
    home = Home(17, "circle-17", "Tuesday circle", "circle", ("ben", "zoe"))
    send(store, replace(post, key="prompt:17:4", address=home))
    with store.begin() as connection:
        wanted = Conversation("circle-17", "circle", "Tuesday circle", ("ben", "zoe"))
        assert board.groups(connection, workspace) == (wanted,)


def test_a_changed_post_is_edited_in_place(store: Store, workspace: int, post: Post) -> None:
    receipt = send(store, post)
    assert send(store, replace(post, edits=receipt, message=message("Week 3, moved"))) == receipt
    assert seen(store, workspace, "circle-17", "ana") == ["Week 3, moved"]


def test_a_message_that_is_gone_cannot_be_edited(store: Store, post: Post) -> None:
    with pytest.raises(DeliveryFailed, match="the message that was to be changed is gone"):
        send(store, replace(post, edits=Receipt("circle-17", "404")))


def test_a_private_post_arrives_in_the_persons_own_conversation(store: Store, workspace: int, post: Post) -> None:
    private = replace(post, key="checkin:17:3:1", address=Direct("ana"))
    assert send(store, private).conversation == "dm-ana"
    assert seen(store, workspace, "dm-ana", "ana") == ["Week 3"]


def test_nothing_is_sent_to_a_closed_account(store: Store, workspace: int, post: Post) -> None:
    with store.begin() as connection:
        zoe = people.find(connection, workspace, "zoe")
        assert zoe is not None
        people.deactivate(connection, zoe)
    for person in ("zoe", "nobody"):
        with pytest.raises(DeliveryFailed, match="the account is closed") as failure:
            send(store, replace(post, address=Direct(person)))
        assert failure.value.retry_at is None


def test_only_those_who_see_a_message_hear_of_it(store: Store, post: Post) -> None:
    async def play() -> None:
        subscribers = Subscribers()
        courier = WebCourier(store, subscribers)
        with subscribers.listening("ana") as ana, subscribers.listening("zoe") as zoe:
            await courier.send(post, NOW)
            assert await ana.wait() == (("state", {}), ("change", {"conversation": "circle-17"}))
            assert await zoe.wait() == (("state", {}),)
            await courier.send(replace(post, key="checkin:17:3:1", address=Direct("zoe")), NOW)
            subscribers.moved("2026-12-07T08:00:00Z")
            assert await ana.wait() == (("state", {}), ("clock", {"now": "2026-12-07T08:00:00Z"}))

    asyncio.run(play())


def test_a_page_that_does_not_read_keeps_one_piece_of_news_for_each_conversation() -> None:
    async def play() -> None:
        subscribers = Subscribers()
        with subscribers.listening("ana") as ana:
            for hour in range(10):
                subscribers.changed("circle-17", ["ana"])
                subscribers.moved(f"2026-12-07T{hour:02}:00:00Z")
            assert await ana.wait() == (
                ("change", {"conversation": "circle-17"}),
                ("clock", {"now": "2026-12-07T09:00:00Z"}),
            )

    asyncio.run(play())


def test_closing_ends_every_stream_and_those_that_come_later() -> None:
    async def play() -> None:
        subscribers = Subscribers()
        with subscribers.listening("ana") as ana:
            subscribers.close()
            assert await ana.wait() == ()
        with subscribers.listening("ben") as ben:
            assert await ben.wait() == ()

    asyncio.run(play())
