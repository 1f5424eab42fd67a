"""A worker in a process of its own that is killed in the middle of its work. For tests."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import event

from adapters.delivery.drain import drain
from adapters.web.send import Subscribers, WebCourier
from bot.app import Bot
from bot.messages import Post, Receipt
from bot.storage import open_store
from tests.conftest import all_guides

Point = Literal["before a commit", "after a commit", "before a send", "after a send", "never"]


@dataclass(frozen=True)
class Death:
    """Where the process is killed: the ``nth`` time that it comes to this point."""

    point: Point
    nth: int = 0


def work(url: str, worker: str, now: datetime, death: Death) -> None:
    """Plan and drain every workspace until nothing is due, or until death."""
    store = open_store(url)
    left = [death.nth]

    def reached(point: Point) -> None:
        left[0] -= point == death.point
        if left[0] == 0 and point == death.point:
            os.kill(os.getpid(), signal.SIGKILL)

    class Courier(WebCourier):
        async def send(self, post: Post, now: datetime) -> Receipt:
            reached("before a send")
            receipt = await super().send(post, now)
            reached("after a send")
            return receipt

    event.listen(store.engine, "commit", lambda _: reached("before a commit"))
    # The driver has committed by the time that the connection goes back to the pool.
    event.listen(store.engine, "checkin", lambda *_: reached("after a commit"))
    bot = Bot(store, all_guides())
    for workspace in bot.plan(now).workspaces:
        asyncio.run(drain(bot, Courier(store, Subscribers()), workspace, worker, lambda: now))
    store.close()
