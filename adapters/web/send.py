"""Delivers posts into the local chat, and tells open pages what changed. Decides nothing about what is said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import assert_never

from sqlalchemy import Connection

from adapters.delivery.courier import DeliveryFailed
from adapters.web import board
from adapters.web.board import Conversation
from adapters.web.render import JSON, Entry, draw
from bot.i18n import N_
from bot.messages import Address, Direct, Home, Post, Receipt
from bot.people import store as people
from bot.storage import Store


class Subscription:
    """One open page's news that it has not fetched yet.

    What is told twice before it is fetched is one piece of news, so that a page that does not read costs no more than
    one entry for each of its conversations.
    """

    def __init__(self, person: str) -> None:
        self.person = person
        self.closed = False
        self._news: dict[tuple[str, str], JSON] = {}
        self._wake = asyncio.Event()

    def tell(self, event: str, about: str, data: JSON) -> None:
        self._news[event, about] = data
        self._wake.set()

    def close(self) -> None:
        self.closed = True
        self._wake.set()

    async def wait(self) -> tuple[tuple[str, JSON], ...]:
        """What is new since the last call, event and data each; waits for the first. Empty when closed."""
        await self._wake.wait()
        self._wake.clear()
        news, self._news = self._news, {}
        return () if self.closed else tuple((event, data) for (event, _), data in news.items())


class Subscribers:
    """Everybody who has a page open. Used on the event loop's thread only."""

    def __init__(self) -> None:
        self._open: set[Subscription] = set()
        self._closed = False

    @contextmanager
    def listening(self, person: str) -> Iterator[Subscription]:
        subscription = Subscription(person)
        self._open.add(subscription)
        if self._closed:
            subscription.close()
        try:
            yield subscription
        finally:
            self._open.discard(subscription)

    def changed(self, conversation: str, viewers: Iterable[str]) -> None:
        """A message was said or edited there that these people see."""
        for subscription in self._for(viewers):
            subscription.tell("change", conversation, {"conversation": conversation})

    def moved(self, now: str) -> None:
        """The clock stands elsewhere."""
        for subscription in tuple(self._open):
            subscription.tell("clock", "", {"now": now})

    def rearranged(self) -> None:
        """People or conversations came, changed or went."""
        for subscription in tuple(self._open):
            subscription.tell("state", "", {})

    def close(self) -> None:
        """No more news: every page's stream ends."""
        self._closed = True
        for subscription in tuple(self._open):
            subscription.close()

    def _for(self, viewers: Iterable[str]) -> Iterator[Subscription]:
        wanted = frozenset(viewers)
        return (subscription for subscription in tuple(self._open) if subscription.person in wanted)


class WebCourier:
    """Sends posts of the local chat: into the database, which is the platform here.

    Several at once, though one after the other: what is kept about them is kept for all of them together.
    """

    at_once = 20

    def __init__(self, store: Store, subscribers: Subscribers) -> None:
        self._store = store
        self._subscribers = subscribers
        self._turn = asyncio.Lock()

    async def send(self, post: Post, now: datetime) -> Receipt:
        """A post that stands already is that message: nothing is said twice, whatever was interrupted when."""
        async with self._turn:
            place, entry, rearranged = await asyncio.to_thread(self._put, post, now)
        if rearranged:
            self._subscribers.rearranged()
        self._subscribers.changed(entry.conversation, board.viewers(place, entry))
        return Receipt(entry.conversation, entry.id)

    def _put(self, post: Post, now: datetime) -> tuple[Conversation, Entry, bool]:
        drawn = draw(post.message)
        with self._store.begin() as connection:
            place = _place(connection, post.workspace, post.address)
            rearranged = board.settle(connection, post.workspace, place)
            if post.edits is None:
                entry = board.post(
                    connection,
                    post.workspace,
                    place,
                    drawn,
                    now,
                    key=post.key,
                    lane=post.lane_token,
                    doubtful=post.doubtful,
                )
            else:
                standing = board.posted(connection, post.workspace, post.edits.conversation, post.edits.message)
                if standing is None:
                    raise DeliveryFailed(N_("the message that was to be changed is gone"))
                entry = board.edit(connection, post.workspace, standing, drawn)
            return place, entry, rearranged


def _place(connection: Connection, workspace: int, address: Address) -> Conversation:
    match address:
        case Home(group, conversation, title, kind, members):
            return Conversation(conversation or f"{kind}-{group}", kind, title, tuple(sorted(members)))
        case Direct(name):
            person = people.find(connection, workspace, name)
            if person is None or not person.active:
                raise DeliveryFailed(N_("the account is closed"))
            return board.direct(name)
        case _:
            assert_never(address)
