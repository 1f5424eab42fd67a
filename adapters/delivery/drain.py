"""Drains one workspace: claims what is due, sends it, tells the outcome. No decisions: those are the core's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from adapters.delivery.courier import Courier, DeliveryFailed, DeliveryUnknown, Preparing
from bot.app import Bot
from bot.messages import Home, Post, Receipt
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
    """One drain's progress: what it delivered, whether another worker has the lane, whether the platform is on hold."""

    def __init__(
        self, bot: Bot, courier: Courier, now: Callable[[], datetime], until: datetime, stopping: Callable[[], bool]
    ) -> None:
        self._bot = bot
        self._courier = courier
        self._now = now
        self._until = until
        self._stopping = stopping
        self._at_once = courier.at_once if isinstance(courier, Preparing) else 1
        self.delivered = 0
        self.fenced = False
        self.held = False

    async def all(self, lane: Lane) -> None:
        while not self._over():
            claimed = self._now()
            waiting = list(await asyncio.to_thread(self._bot.claim, lane, claimed, BATCH, begun=False))
            if not waiting:
                return
            while waiting and not self.fenced:
                if self._over() or self._now() >= claimed + FRESH:
                    await self._put_back(waiting)
                    break
                wave = _wave(waiting, self._at_once)
                waiting = [post for post in waiting if post not in wave]
                await self._send(lane, wave)
            if self.fenced:
                return

    def _over(self) -> bool:
        return self.held or self._stopping() or self._now() >= self._until

    async def _send(self, lane: Lane, wave: Sequence[Post]) -> None:
        """Side by side: prepare them, keep the intent for those that can be sent, send these."""
        ready = [post for post in await asyncio.gather(*(self._prepare(post) for post in wave)) if post is not None]
        if not ready or self.fenced:
            return
        begun = await asyncio.to_thread(self._bot.begin, lane, ready, self._now())
        await asyncio.gather(*(self._post(post) for post in begun))
        if left := [post for post in ready if post not in begun]:
            await self._put_back(left)

    async def _prepare(self, post: Post) -> Post | None:
        """The post, if there is still something to be sent."""
        if not isinstance(self._courier, Preparing):
            return post
        with self._outcome_of(post) as outcome:
            outcome.receipt = await self._courier.prepare(post, outcome.started)
        if outcome.receipt is None and outcome.failure is None:
            return post
        await self._keep(post, outcome)
        return None

    async def _post(self, post: Post) -> None:
        with self._outcome_of(post) as outcome:
            outcome.receipt = await self._courier.send(post, outcome.started)
        await self._keep(post, outcome)

    @contextmanager
    def _outcome_of(self, post: Post) -> Iterator[_Outcome]:
        outcome = _Outcome(self._now())
        try:
            yield outcome
        except DeliveryFailed as failure:
            outcome.failure = _Failure(failure.reason, failure.retry_at, hold_until=failure.hold_until)
        except DeliveryUnknown as unknown:
            outcome.failure = _Failure(unknown.reason, unknown.look_at, doubtful=True)
        except Exception as bug:
            incident = uuid4().hex[:8]
            log.exception("send", outcome="bug", incident=incident, workspace=post.workspace, key=post.key)
            # Nobody knows how far the courier came: the next try has to look whether the message stands.
            reason = f"{type(bug).__name__} (incident {incident})"
            outcome.failure = _Failure(reason, self._now() + RETRY, doubtful=True)

    async def _keep(self, post: Post, outcome: _Outcome) -> None:
        if outcome.failure is not None:
            await self._failed(post, outcome.failure)
            return
        assert outcome.receipt is not None, "a courier says where the message stands, or why it does not"
        kept = await asyncio.to_thread(self._bot.sent, post, outcome.receipt, self._now())
        self.fenced |= not kept
        self.delivered += kept
        ms = _ms(self._now() - outcome.started)
        log.info("send", outcome="sent" if kept else "fenced", workspace=post.workspace, key=post.key, ms=ms)

    async def _failed(self, post: Post, why: _Failure) -> None:
        kept = await asyncio.to_thread(
            self._bot.failed,
            post,
            why.reason,
            self._now(),
            why.retry_at,
            doubtful=why.doubtful,
            hold_until=why.hold_until,
        )
        self.fenced |= not kept
        self.held |= why.hold_until is not None
        outcome = "fenced" if not kept else "given up" if why.retry_at is None else "retry"
        doubt = {"doubtful": True} if why.doubtful else {}
        log.warning("send", outcome=outcome, reason=why.reason, workspace=post.workspace, key=post.key, **doubt)

    async def _put_back(self, posts: Sequence[Post]) -> None:
        """Posts that were claimed and not tried: due again at once, without any doubt about them."""
        for post in posts:
            now = self._now()
            if not await asyncio.to_thread(self._bot.failed, post, "not tried yet", now, now):
                self.fenced = True
                return


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: str
    retry_at: datetime | None
    doubtful: bool = False
    hold_until: datetime | None = None


@dataclass(slots=True)
class _Outcome:
    started: datetime
    receipt: Receipt | None = None
    failure: _Failure | None = None


def _wave(waiting: Sequence[Post], most: int) -> list[Post]:
    """The next posts, one to each conversation, so that what is said in one keeps its order."""
    wave: list[Post] = []
    places: set[int | str] = set()
    for post in waiting:
        place = post.address.group if isinstance(post.address, Home) else post.address.person
        if place not in places and len(wave) < most:
            wave.append(post)
        places.add(place)
    return wave


def _ms(took: timedelta) -> int:
    return round(took / timedelta(milliseconds=1))
