"""A sender in a process of its own, to be killed at any moment. For tests.

Its time goes on by a millisecond whenever somebody looks at it, and by as much as it is told when it has nothing to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ctypes import c_double
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from adapters.delivery.drain import drain
from adapters.delivery.pace import Pace
from adapters.slack.installations import web_client
from adapters.slack.send import BUDGETS, SlackCourier
from bot.app import Bot
from bot.storage import open_store
from tests.conftest import all_guides


@dataclass(frozen=True)
class Office:
    """Where the sender works: a database, a Slack, and the time there."""

    url: str
    api: str
    token: str
    workspace: int
    start: datetime


@dataclass(frozen=True)
class OneToken:
    """Of a workspace whose token never changes."""

    ours: int
    speaker: AsyncWebClient

    async def client(self, workspace: int) -> AsyncWebClient:
        del workspace
        return self.speaker

    async def workspace(self, team: str, name: str, enterprise: str | None = None) -> int:
        del team, name, enterprise
        return self.ours

    def doubt(self, workspace: int) -> None:
        raise AssertionError(f"nobody refuses the token of {workspace}")


def work(office: Office, worker: str, clock: c_double, idle: Connection) -> None:
    """Send what is due, say on ``idle`` that nothing is, wait to be told that it is later; and so on until killed."""

    def now() -> datetime:
        clock.value += 0.001
        return office.start + timedelta(seconds=clock.value)

    asyncio.run(_work(office, worker, now, idle))


async def _work(office: Office, worker: str, now: Callable[[], datetime], idle: Connection) -> None:
    store = open_store(office.url)
    bot = Bot(store, all_guides())
    async with ClientSession() as session:
        tokens = OneToken(office.workspace, web_client(office.token, office.api, session=session))
        courier = SlackCourier(tokens, store, Pace(BUDGETS, now, on=False))
        while True:
            if office.workspace not in bot.plan(now()).workspaces or not await drain(
                bot, courier, office.workspace, worker, now
            ):
                idle.send("idle")
                await asyncio.to_thread(idle.recv)
