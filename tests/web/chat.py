"""A small company in a local chat, served on a free port of this machine, with the real core behind it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from typing import Any

from aiohttp import ClientSession, web

from adapters.web import board
from adapters.web.clock import SimulatedClock
from adapters.web.listen import build_app
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.guides.rules import Guides
from bot.inbound import Actor
from bot.messages import Post, Receipt
from bot.people import store as people
from bot.storage import Store, open_store
from bot.verbs import GRAMMARS
from tests.conftest import all_guides

MONDAY = datetime(2026, 12, 7, 8, tzinfo=UTC)
PEOPLE = ("Ana Silva", "Ben Ito", "Cleo Mora", "Dan Weiss", "Eva Lund")


@dataclass(frozen=True, slots=True)
class Company:
    """A workspace with people; nobody has done anything yet."""

    store: Store
    bot: Bot
    workspace: int


@dataclass(frozen=True, slots=True)
class Client:
    """What a page or a script does, over HTTP."""

    session: ClientSession
    address: str

    async def get(self, path: str) -> Any:
        async with self.session.get(self.address + path) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, **data: object) -> Any:
        status, answer = await self.sends(path, **data)
        assert status == 200, answer
        return answer

    async def sends(self, path: str, **data: object) -> tuple[int, Any]:
        async with self.session.post(self.address + path, json=data) as response:
            return response.status, await response.json()

    async def types(self, who: str, text: str, conversation: str = "") -> Any:
        place = conversation or f"dm-{who}"
        answer = await self.post("/api/commands", conversation=place, text=text, **{"as": who})
        return answer["reply"]

    async def presses(self, who: str, label: str, conversation: str = "") -> Any:
        """Press the latest button with this label that they see there."""
        place = conversation or f"dm-{who}"
        pressed = [
            (message["id"], action["token"])
            for message in await self.sees(who, place)
            for action in message["actions"]
            if action["label"] == label
        ]
        assert pressed, [message["text"] for message in await self.sees(who, place)]
        message, token = pressed[-1]
        answer = await self.post("/api/presses", conversation=place, message=message, token=token, **{"as": who})
        return answer["reply"]

    async def sees(self, who: str, conversation: str = "") -> Any:
        return await self.get(f"/api/conversations/{conversation or f'dm-{who}'}/messages?as={who}")

    async def moves(self, **how: object) -> Any:
        return await self.post("/api/clock", **how)


def company(store: Store, guides: Guides) -> Company:
    """The company on Monday morning, its clock started."""
    bot = Bot(store, guides)
    workspace = bot.workspace("web", "demo", "Demo")
    with store.begin() as connection:
        for name in PEOPLE:
            external = name.split()[0].lower()
            people.meet(connection, Actor(workspace, external, name, zone="Europe/Berlin", language="en"))
        board.start_clock(connection, workspace, MONDAY)
    return Company(store, bot, workspace)


class Doomed(WebCourier):
    """Its process is killed at the worst moment: a post stands, and nobody has been told so."""

    def __init__(self, store: Store, subscribers: Subscribers, after: int) -> None:
        super().__init__(store, subscribers)
        self._left = after

    async def send(self, post: Post, now: datetime) -> Receipt:
        receipt = await super().send(post, now)
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt


@asynccontextmanager
async def serving(company: Company, doomed_after: int = 0) -> AsyncIterator[Client]:
    """One process of the local chat; killed with its so-manieth post where that is given."""
    subscribers = Subscribers()
    courier = Doomed(company.store, subscribers, doomed_after)
    clock = SimulatedClock(company.bot, company.store, company.workspace, courier, subscribers)
    app = build_app(company.bot, company.store, company.workspace, clock, subscribers, GRAMMARS)
    runner = web.AppRunner(app, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with ClientSession() as session:
            yield Client(session, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


Play = Callable[[Callable[[Client], Awaitable[None]]], None]
"""Runs a scenario against one process of the chat, from its start to its end."""


def serve(url: str, doomed_after: int, where: Pipe) -> None:
    """Serve the company of a database until the process is killed; says where."""
    asyncio.run(_serve(url, doomed_after, where))


async def _serve(url: str, doomed_after: int, where: Pipe) -> None:
    store = open_store(url)
    bot = Bot(store, all_guides())
    those = Company(store, bot, bot.workspace("web", "demo", "Demo"))
    async with serving(those, doomed_after) as client:
        where.send(client.address)
        await asyncio.Event().wait()
