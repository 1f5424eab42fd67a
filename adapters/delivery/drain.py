"""Drains one workspace: claims what is due, sends it, tells the outcome. No decisions: those are the core's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from adapters.delivery.courier import Courier, DeliveryFailed
from bot.app import Bot
from bot.messages import Post
from bot.outbox.rules import Lane

SLICE = timedelta(seconds=30)
"""How long one drain goes on before others get their turn."""

FRESH = timedelta(seconds=15)
"""How long after a claim its posts may be begun: a lease is 30 s and a send ends within 10, so each ends in time."""

BATCH = 50
RETRY = timedelta(seconds=60)
"""When a post is tried again whose courier broke."""

log = structlog.get_logger(__name__)


def _never() -> bool:
    return False


async def drain(
    bot: Bot,
    courier: Courier,
    workspace: int,
    worker: str,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = _never,
) -> int:
    """Send what is due in the workspace until nothing is, or the slice is over. Returns how many posts were delivered.

    0 at once where another worker holds the lane. ``stopping`` is asked between two posts.
    """
    started = now()
    lane = await asyncio.to_thread(bot.open_lane, workspace, worker, started)
    if lane is None:
        return 0
    run = _Run(bot, courier, now, until=started + SLICE, stopping=stopping)
    try:
        await run.all(lane)
    finally:
        if not run.fenced:
            await asyncio.to_thread(bot.close_lane, lane, now())
    return run.delivered


class _Run:
    """One drain's progress: what it delivered, and whether another worker has taken the lane over."""

    def __init__(
        self, bot: Bot, courier: Courier, now: Callable[[], datetime], until: datetime, stopping: Callable[[], bool]
    ) -> None:
        self._bot = bot
        self._courier = courier
        self._now = now
        self._until = until
        self._stopping = stopping
        self.delivered = 0
        self.fenced = False

    async def all(self, lane: Lane) -> None:
        while not self._over():
            claimed = self._now()
            posts = await asyncio.to_thread(self._bot.claim, lane, claimed, BATCH)
            if not posts:
                return
            for index, post in enumerate(posts):
                if self._over() or self._now() >= claimed + FRESH:
                    await self._put_back(posts[index:])
                    break
                await self._one(post)
                if self.fenced:
                    return
            if self.fenced:
                return

    def _over(self) -> bool:
        return self._stopping() or self._now() >= self._until

    async def _one(self, post: Post) -> None:
        started = self._now()
        try:
            receipt = await self._courier.send(post, started)
        except DeliveryFailed as failure:
            await self._failed(post, failure.reason, failure.retry_at)
        except Exception as bug:
            incident = uuid4().hex[:8]
            log.exception("send", outcome="bug", incident=incident, workspace=post.workspace, key=post.key)
            # Nobody knows how far the courier came: the next try has to look whether the message stands.
            await self._failed(post, f"{type(bug).__name__} (incident {incident})", self._now() + RETRY, doubtful=True)
        else:
            kept = await asyncio.to_thread(self._bot.sent, post, receipt, self._now())
            self.fenced = not kept
            self.delivered += kept
            outcome = "sent" if kept else "fenced"
            log.info("send", outcome=outcome, workspace=post.workspace, key=post.key, ms=_ms(self._now() - started))

    async def _failed(self, post: Post, reason: str, retry_at: datetime | None, *, doubtful: bool = False) -> None:
        kept = await asyncio.to_thread(self._bot.failed, post, reason, self._now(), retry_at, doubtful=doubtful)
        self.fenced = not kept
        outcome = "fenced" if not kept else "parked" if retry_at is None else "retry"
        log.warning("send", outcome=outcome, reason=reason, workspace=post.workspace, key=post.key)

    async def _put_back(self, posts: tuple[Post, ...]) -> None:
        """Posts that were claimed and not tried: due again at once, without any doubt about them."""
        for post in posts:
            now = self._now()
            if not await asyncio.to_thread(self._bot.failed, post, "not tried yet", now, now):
                self.fenced = True
                return


def _ms(took: timedelta) -> int:
    return round(took / timedelta(milliseconds=1))
